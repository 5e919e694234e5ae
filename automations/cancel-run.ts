/**
 * Cancels the unfinished items of runs; they cost nothing (rule R16).
 *
 * Called by http for one run, and for all runs of an account when its plan is cancelled with immediate effect (rule R22). In a
 * transaction of the account.
 *
 * 1. What is cancelled here is ended here: a claimer that works on it finds its lease gone, stops, and cannot charge.
 * 2. What has ended stays as it is. Cancelling a run that has ended changes nothing.
 */
import type { Transaction } from '../database/connect.ts'
import { tell } from './events.ts'
import { lockAccount } from './lock-account.ts'
import { isUnfinished, type Run } from './read-run.ts'
import { tellRunFinished } from './tell-run.ts'
import { dropUnfolding } from './unfold-run.ts'
import { wakeClaimers } from './wake-claimers.ts'

/** False when there is no such run. */
export async function cancelRun(tx: Transaction, accountId: string, runId: string): Promise<boolean> {
  await lockAccount(tx, accountId)
  const rows = await tx.query<Pick<Run, 'status'>>(
    'select status from runs where account_id = $1 and run_id = $2',
    [accountId, runId],
  )
  if (!rows[0]) return false
  if (isUnfinished(rows[0].status)) await cancelItems(tx, accountId, runId)
  return true
}

/** Answers how many runs it cancelled. */
export async function cancelAllRuns(tx: Transaction, accountId: string): Promise<number> {
  await lockAccount(tx, accountId)
  const running = await tx.query<{ runId: string }>(
    `select run_id as "runId" from runs where account_id = $1 and status in ('running', 'paused_by_budget')
     order by run_id`,
    [accountId],
  )
  for (const { runId } of running) await cancelItems(tx, accountId, runId)
  return running.length
}

async function cancelItems(tx: Transaction, accountId: string, runId: string): Promise<void> {
  const neverBegun = await dropUnfolding(tx, accountId, runId)
  const cancelled = await tx.query<{ budgeted: boolean }>(
    `update run_items i
     set status = 'cancelled', lease_expires_at = null, finished_at = clock_timestamp(),
       revision = r.revision + unfinished.ordinal
     from runs r,
       (select item_id, row_number() over (order by position) as ordinal
        from run_items where account_id = $1 and run_id = $2 and status in ('queued', 'working')) as unfinished
     where r.account_id = $1 and r.run_id = $2 and i.account_id = $1 and i.item_id = unfinished.item_id
     returning i.budgeted`,
    [accountId, runId],
  )
  await tx.query(
    `update runs
     set status = 'cancelled', finished_at = clock_timestamp(), cancelled = cancelled + $3 + $4, revision = revision + $3
     where account_id = $1 and run_id = $2`,
    [accountId, runId, cancelled.length, neverBegun],
  )
  await tell(tx, 'cancelled', runId)
  await tellRunFinished(tx, { accountId, runId })
  // What they could have cost at most is free for other runs.
  if (cancelled.some(({ budgeted }) => budgeted)) await wakeClaimers(tx, accountId, runId)
}
