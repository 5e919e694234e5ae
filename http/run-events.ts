/**
 * The event stream of a run: items as they change, the balance as it goes down, the run as it goes on.
 *
 * Called by run-routes.ts; sent as server-sent events.
 *
 * 1. There is no event log: an event is the present state of what changed. Its id is the run's revision, so that a client that
 *    comes back with it (`Last-Event-ID`) is told everything that changed since, whatever it missed and however long it was away.
 *    Without an id it is told everything from the start.
 * 2. Order: changed items, the balance, the run. The event that says the run has ended is the last, and the stream ends with it.
 * 3. Nothing is read ahead of the reader: one that is slow costs a page of items.
 * 4. A comment every 15 seconds keeps the line open; the stream ends when the client leaves or the server stops.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { isUnfinished, readItemsChangedAfter, readRun } from '../automations/read-run.ts'
import { viewBilling } from '../ledger/read-billing.ts'
import type { Services } from './rooms.ts'
import { shownItem, shownRun } from './show-work.ts'
import * as workShapes from './work-shapes.ts'

const ITEMS_A_PAGE = 100
const HEARTBEAT_MS = 15_000
/** While the models are being fetched, what the run waits for changes without anything of the run changing. */
const WAITING_MS = 2_000
/** Items that end within this time are told together. */
const GATHER_MS = 150
/** What a browser's own EventSource waits before it comes back. */
const RECONNECT_MS = 2_000

export type RunStream = {
  accountId: string
  runId: string
  /** The revision that the client has seen; 0 for none. */
  after: number
  signal: AbortSignal
}

/** Text of the stream, piece by piece. Ends after the last event of an ended run, or when the signal is aborted. */
export async function* runEvents(services: Services, stream: RunStream): AsyncGenerator<string> {
  const { accountId, runId, signal } = stream
  const bell = new Bell(signal)
  const leave = services.events.followRun(runId, () => bell.ring())
  let revision = stream.after
  let lastRun = ''
  let lastBalance = ''
  try {
    yield `retry: ${RECONNECT_MS}\n\n`
    while (!signal.aborted) {
      bell.reset()
      const read = await services.db.asTenant(accountId, async (tx) => ({
        items: await readItemsChangedAfter(tx, { accountId, runId }, { revision, limit: ITEMS_A_PAGE }),
        run: await readRun(tx, accountId, runId),
      }))
      if (!read.run) return
      for (const item of read.items) {
        revision = item.revision!
        yield event('item', revision, z.encode(workShapes.item, shownItem(item)))
      }
      if (read.items.length === ITEMS_A_PAGE || read.run.revision > revision) continue

      const balance = await readBalance(services, accountId)
      if (balance !== lastBalance) yield event('balance', revision, balance)
      lastBalance = balance
      const run = shownRun(read.run, services.models.waitingFor())
      const runText = JSON.stringify(z.encode(workShapes.run, run))
      if (runText !== lastRun) yield event('run', revision, runText)
      lastRun = runText
      if (!isUnfinished(run.status)) return

      const rang = await bell.wait(
        run.status === 'running' && run.waiting_for !== null ? WAITING_MS : HEARTBEAT_MS,
      )
      if (rang) await pause(GATHER_MS, undefined, { signal }).catch(() => {})
      else yield ': still here\n\n'
    }
  } finally {
    leave()
  }
}

/** The revision that a `Last-Event-ID` stands for; 0 for anything that no event of ours can have had. */
export function revisionOf(lastEventId: string | string[] | undefined): number {
  return typeof lastEventId === 'string' && /^\d{1,9}$/.test(lastEventId) ? Number(lastEventId) : 0
}

async function readBalance(services: Services, accountId: string): Promise<string> {
  const balance = await viewBilling(services.db, accountId, (state) => ({
    balance: state?.balance ?? 0n,
    overage: state?.overage ?? 0n,
  }))
  return JSON.stringify(z.encode(workShapes.balanceEvent, balance))
}

function event(name: 'item' | 'balance' | 'run', id: number, data: unknown): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return `id: ${id}\nevent: ${name}\ndata: ${text}\n\n`
}

/** Rings at most once until it is reset. */
class Bell {
  private rang = false
  private wake: () => void = () => {}
  private readonly signal: AbortSignal

  constructor(signal: AbortSignal) {
    this.signal = signal
    signal.addEventListener('abort', () => this.wake(), { once: true })
  }

  ring(): void {
    this.rang = true
    this.wake()
  }

  reset(): void {
    this.rang = false
  }

  /** True once it rang since the reset; false when the time passed first, or the signal was aborted. */
  async wait(ms: number): Promise<boolean> {
    if (this.rang || this.signal.aborted) return this.rang
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    return this.rang
  }
}
