/**
 * What runs have to tell outside: events of outbox/, recorded in the transaction that makes them so. Hints for this process are events.ts'.
 *
 * Called by the verbs that end items, hold them, cancel, pause and resume.
 */
import type { Transaction } from '../database/connect.ts'
import type { EventData } from '../outbox/event-catalogue.ts'
import { recordEvents } from '../outbox/record-event.ts'

type RunRef = { accountId: string; runId: string }

/** A run has ended, one way or the other; `run.finished` says how. */
export async function tellRunFinished(tx: Transaction, { accountId, runId }: RunRef): Promise<void> {
  const [data] = await tx.query<EventData<'run.finished'>>(
    `select run_id, name, callback_url, status, item_count as items, succeeded, failed, held, cancelled, cost_micros as cost,
       drawn_micros as from_credits, overage_micros as overage, created_at as started_at, finished_at
     from runs where account_id = $1 and run_id = $2`,
    [accountId, runId],
  )
  await recordEvents(tx, [{ accountId, type: 'run.finished', data: data! }])
}

/** The result of an item waits for a person's word. */
export async function tellItemHeld(
  tx: Transaction,
  { accountId, runId, itemId }: RunRef & { itemId: string },
  failure: { code: string; message: string },
): Promise<void> {
  const name = await readName(tx, { accountId, runId })
  const data = { run_id: runId, name, item_id: itemId, reason: failure.code, message: failure.message }
  await recordEvents(tx, [{ accountId, type: 'item.held', data }])
}

/** The customer's own limit of overage holds the run (rule R24). */
export async function tellRunPaused(tx: Transaction, { accountId, runId }: RunRef): Promise<void> {
  const [row] = await tx.query<{ name: string; currency: string; pauseAt: bigint | null }>(
    `select r.name, v.currency, a.pause_at_micros as "pauseAt"
     from runs r join plan_versions v using (plan_version_id) join accounts a using (account_id)
     where r.account_id = $1 and r.run_id = $2`,
    [accountId, runId],
  )
  const { pauseAt, ...facts } = row!
  const data = { run_id: runId, ...facts, pause_at: pauseAt }
  await recordEvents(tx, [{ accountId, type: 'automations.paused', data }])
}

/** A run that the limit held goes on. */
export async function tellRunResumed(tx: Transaction, { accountId, runId }: RunRef): Promise<void> {
  const data = { run_id: runId, name: await readName(tx, { accountId, runId }) }
  await recordEvents(tx, [{ accountId, type: 'automations.resumed', data }])
}

async function readName(tx: Transaction, { accountId, runId }: RunRef): Promise<string> {
  const [run] = await tx.query<{ name: string }>(
    'select name from runs where account_id = $1 and run_id = $2',
    [accountId, runId],
  )
  return run!.name
}
