/**
 * "Pause my automations at $X of overage" (rule R24): reading and setting the limit. Off by default.
 *
 * Called by http, in a transaction of the account, for owners, admins and billing members alone.
 *
 * 1. From the commit on, every claim keeps the limit: unfinished items are `budgeted`, which a claim under way that looked before
 *    finds out when it locks the item, because the row has changed.
 * 2. Taking the limit away lets everything go on at once.
 */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { type Budget, openBudget, setBudgetLimit } from '../ledger/budget-limit.ts'
import { tell } from './events.ts'
import { tellRunResumed } from './tell-run.ts'

export type Pause = Pick<Budget, 'limit' | 'accrued' | 'currency'> & {
  /** Runs that the limit holds now. */
  pausedRuns: number
}

/** Null where there is no such account. */
export async function readPause(tx: Transaction, accountId: string): Promise<Pause | null> {
  const budget = await openBudget(tx, accountId)
  if (!budget) return null
  const [paused] = await tx.query<{ runs: number }>(
    `select count(*)::int as runs from runs where account_id = $1 and status = 'paused_by_budget'`,
    [accountId],
  )
  return { ...budget, pausedRuns: paused!.runs }
}

/** A null limit is no brake. Null where there is no such account. */
export async function setPause(
  tx: Transaction,
  accountId: string,
  limit: Micros | null,
): Promise<Pause | null> {
  const budget = await openBudget(tx, accountId)
  if (!budget) return null
  await setBudgetLimit(tx, accountId, limit)
  const budgeted = limit !== null
  await tx.query(
    `update run_items set budgeted = $2
     where account_id = $1 and status in ('queued', 'working') and budgeted <> $2`,
    [accountId, budgeted],
  )
  if (!budgeted) await letGoOn(tx, accountId)
  // Whatever the limit is now, it is looked at anew.
  await tx.query(`update runnable_directory set budgeted = $2, wake_at = '-infinity' where account_id = $1`, [
    accountId,
    budgeted,
  ])
  await tell(tx, 'work', accountId)
  return readPause(tx, accountId)
}

async function letGoOn(tx: Transaction, accountId: string): Promise<void> {
  const paused = await tx.query<{ runId: string }>(
    `update runs set status = 'running' where account_id = $1 and status = 'paused_by_budget'
     returning run_id as "runId"`,
    [accountId],
  )
  for (const { runId } of paused) {
    await tell(tx, 'progress', runId)
    await tellRunResumed(tx, { accountId, runId })
  }
}
