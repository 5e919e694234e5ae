/**
 * The claimers of a process: each claims an item, works on it, ends it, and claims the next.
 *
 * Called by the server's composition and by the process that runs claimers alone.
 *
 * 1. A claimer works on one item at a time, so as many items are under way as there are claimers: that is the back-pressure.
 * 2. Claimers sleep while there is nothing to claim. They wake when work is announced, and look every second anyway, since an
 *    announcement is only a hint.
 * 3. One heartbeat holds the leases of all items of the process. An item that is no longer held is stopped within a beat; a
 *    cancelled one at once.
 * 4. An outage (database, store) ends no claimer: it is reported, the item goes back, and the claimer waits, longer each time.
 * 5. `stop` claims nothing more, lets what is under way end for a while, and then gives it back to the queue uncounted.
 */
import { setTimeout } from 'node:timers/promises'
import { type ClaimedItem, claimItem, LEASE_MS } from './claim-item.ts'
import type { EventHub } from './events.ts'
import { releaseItem } from './fail-item.ts'
import { keepLeases } from './keep-leases.ts'
import { type WorkRooms, workItem } from './work-item.ts'

export type WorkerRooms = WorkRooms & {
  events: Pick<EventHub, 'onWork' | 'onCancelled'>
  log: (event: { event: string; [detail: string]: unknown }) => void
}

export type WorkerOptions = {
  /** How many items at a time; 0 claims none. */
  count: number
  leaseMs?: number
  heartbeatMs?: number
  pollMs?: number
}

export type Workers = {
  /** Answers when nothing of this process is under way any more. */
  stop(options?: { drainMs?: number }): Promise<void>
}

const HEARTBEAT_MS = 1_000
const POLL_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
/** An item takes seconds; a server that is told to stop is killed soon after. */
const DRAIN_MS = 10_000

/** Starts them; they look for work at once. */
export function startWorkers(rooms: WorkerRooms, options: WorkerOptions): Workers {
  const { count, leaseMs = LEASE_MS, heartbeatMs = HEARTBEAT_MS, pollMs = POLL_MS } = options
  const held = new HeldItems(rooms, leaseMs)
  const stopping = new AbortController()
  const alarm = new Alarm()

  async function claimLoop(): Promise<void> {
    let faults = 0
    while (!stopping.signal.aborted) {
      const { rings } = alarm
      try {
        const item = await claimItem(rooms.db, { modelsReady: rooms.models.current() !== undefined, leaseMs })
        if (item) await held.during(item, (signal) => workOn(rooms, item, signal))
        else await alarm.sleep(pollMs, rings)
        faults = 0
      } catch (fault) {
        faults++
        rooms.log({ event: 'claimer_fault', fault, faults })
        const pauseMs = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** faults)
        await setTimeout(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }

  const timer = setInterval(() => void held.beat(), heartbeatMs)
  const leaves = [
    rooms.events.onWork(() => alarm.ring()),
    rooms.events.onCancelled(() => void held.beatAgain()),
  ]
  const loops = Array.from({ length: count }, claimLoop)

  return {
    async stop({ drainMs = DRAIN_MS } = {}) {
      stopping.abort()
      alarm.ring()
      const impatience = globalThis.setTimeout(() => held.abortAll(), drainMs)
      await Promise.all(loops)
      clearTimeout(impatience)
      clearInterval(timer)
      for (const leave of leaves) leave()
      await held.beating
    },
  }
}

async function workOn(rooms: WorkerRooms, item: ClaimedItem, signal: AbortSignal): Promise<void> {
  try {
    await workItem(rooms, item, signal)
  } catch (fault) {
    // Whatever it was, the item is not forgotten: it goes back now, or when its lease runs out.
    await releaseItem(rooms.db, item, { interrupted: true }).catch(() => {})
    throw fault
  }
}

/** The items that this process works on, kept by one heartbeat; work on one that is no longer held is aborted. */
class HeldItems {
  /** The beat under way. It never rejects. */
  beating: Promise<void> | undefined
  private readonly items = new Map<AbortController, ClaimedItem>()
  private readonly rooms: WorkerRooms
  private readonly leaseMs: number

  constructor(rooms: WorkerRooms, leaseMs: number) {
    this.rooms = rooms
    this.leaseMs = leaseMs
  }

  async during(item: ClaimedItem, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController()
    this.items.set(controller, item)
    try {
      await work(controller.signal)
    } finally {
      this.items.delete(controller)
    }
  }

  /** One at a time: a beat that is asked for while one is under way is that one. */
  beat(): Promise<void> {
    this.beating ??= this.keep()
      .catch((fault) => this.rooms.log({ event: 'heartbeat_fault', fault }))
      .finally(() => {
        this.beating = undefined
      })
    return this.beating
  }

  /** A beat under way may have read before the cancellation: another follows it. */
  async beatAgain(): Promise<void> {
    await this.beating
    await this.beat()
  }

  abortAll(): void {
    for (const controller of this.items.keys()) controller.abort()
  }

  private async keep(): Promise<void> {
    const mine = [...this.items]
    const held = await keepLeases(
      this.rooms.db,
      mine.map(([, item]) => item),
      this.leaseMs,
    )
    for (const [controller, item] of mine) if (!held.has(item.itemId)) controller.abort()
  }
}

/** Wakes all who sleep. */
class Alarm {
  /** How often it rang: whoever notes it before looking for work misses no ring between looking and sleeping. */
  rings = 0
  private readonly sleepers = new Set<() => void>()

  ring(): void {
    this.rings++
    for (const wake of this.sleepers) wake()
  }

  /** Until it rings or the time has passed; not at all when it has rung since `rings` was noted. */
  async sleep(ms: number, rings: number): Promise<void> {
    if (rings !== this.rings) return
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.sleepers.delete(wake)
        resolve()
      }
      const timer = globalThis.setTimeout(wake, ms)
      this.sleepers.add(wake)
    })
  }
}
