/**
 * Queues the failed items of a run again, at the prices the run was accepted under.
 *
 * Called by http, in a transaction of the account.
 *
 * 1. Only failed items: what succeeded is paid and stays, what was cancelled stays cancelled.
 * 2. A failed item was never charged, so its keys are free; an item that succeeds now is charged once.
 */
import type { Transaction } from '../database/connect.ts'
import { tell } from './events.ts'
import { lockAccount } from './lock-account.ts'
import { wakeClaimers } from './wake-claimers.ts'

/** Answers how many items are queued again; undefined when there is no such run. */
export async function retryRun(
  tx: Transaction,
  accountId: string,
  runId: string,
): Promise<number | undefined> {
  await lockAccount(tx, accountId)
  const runs = await tx.query('select 1 from runs where account_id = $1 and run_id = $2', [accountId, runId])
  if (runs.length === 0) return undefined
  const queued = await tx.query(
    `update run_items i
     set status = 'queued', failure = null, failure_message = null, finished_at = null, started_at = null,
       interrupted = 0, revision = r.revision + failed.ordinal, budgeted = a.pause_at_micros is not null
     from runs r join accounts a using (account_id),
       (select item_id, row_number() over (order by position) as ordinal
        from run_items where account_id = $1 and run_id = $2 and status = 'failed' and removed_at is null) as failed
     where r.account_id = $1 and r.run_id = $2 and i.account_id = $1 and i.item_id = failed.item_id
     returning 1`,
    [accountId, runId],
  )
  if (queued.length === 0) return 0
  await tx.query(
    `update runs
     set status = 'running', finished_at = null, failed = failed - $3, revision = revision + $3
     where account_id = $1 and run_id = $2`,
    [accountId, runId, queued.length],
  )
  await tell(tx, 'progress', runId)
  await wakeClaimers(tx, accountId, runId)
  return queued.length
}
