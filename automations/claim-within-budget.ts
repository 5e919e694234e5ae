/**
 * Takes the next item of an account whose customer has set a limit of overage (rule R24), under the account's lock.
 *
 * Called by claim-item.ts, for accounts that the directory calls budgeted.
 *
 *      lock account ▶ lock directory row ▶ take back what claims left behind ▶ ask billing/budget.ts run by run
 *                                             │ fits: claim                  │ would not fit alone: paused_by_budget
 *
 * 1. Accrued overage + the possible overage of all claimed items + the item's own never passes the limit: all three are read under
 *    the account's lock, which every other claim of the account and every booking take first.
 * 2. A run is paused only where its next item would pass the limit if nothing else were claimed; while others hold what it needs
 *    it waits for them. The first item that is claimed again makes it a running one.
 * 3. What nothing can be claimed of rests until an item ends, the limit or the balance rises, or a period opens: each wakes it.
 *    The directory's row is locked before anything is read, so that none of them is missed.
 * 4. Prices are those that would be booked now. Work that was paid for before counts in full until it turns out to be free.
 *
 * Not here: what a person accepts (decide-held-item.ts) and usage from outside. Both are always booked.
 */
import { mayClaim, type PossibleUse } from '../billing/budget.ts'
import type { Database, Transaction } from '../database/connect.ts'
import type { CheckedStep } from '../images/catalogue.ts'
import { type Budget, openBudget } from '../ledger/budget-limit.ts'
import { type CataloguePlan, readPlanVersions } from '../ledger/catalogue.ts'
import { pricingVersion } from '../ledger/pinned-version.ts'
import type { ClaimedItem } from './claim-item.ts'
import { tell } from './events.ts'
import { tellRunPaused, tellRunResumed } from './tell-run.ts'

type RunAtWork = {
  runId: string
  status: 'running' | 'paused_by_budget'
  steps: CheckedStep[]
  planVersionId: string
  pinnedAt: Date
  waitsForModels: boolean
  queued: boolean
  working: number
  leasesEndAt: Date | null
}

/** Null when nothing may be claimed now; the account then rests. */
export async function claimWithinBudget(
  db: Database,
  accountId: string,
  { modelsReady, leaseMs }: { modelsReady: boolean; leaseMs: number },
): Promise<ClaimedItem | null> {
  return db.asTenant(accountId, async (tx) => {
    const budget = await openBudget(tx, accountId)
    await tx.query('select 1 from runnable_directory where account_id = $1 for update', [accountId])
    await takeBack(tx, accountId)
    const runs = await readRunsAtWork(tx, accountId, modelsReady)
    const usesOf = await pricedUses(tx, budget, runs)
    const claimed = runs.flatMap((run) => times(usesOf(run), run.working))
    for (const run of runs) {
      if (!run.queued || run.waitsForModels) continue
      const item = usesOf(run)
      // Without a plan nothing can be booked, and the item ends as such.
      if (!budget?.plan || mayClaim({ ...budget, claimed, item })) {
        const taken = await claimOf(tx, accountId, run, leaseMs)
        if (taken) return taken
      } else if (run.status === 'running' && !mayClaim({ ...budget, claimed: [], item })) {
        await setStatus(tx, accountId, run.runId, 'paused_by_budget')
      }
    }
    await rest(tx, accountId, runs)
    return null
  })
}

/** Items whose claims ended without a word are queued again, as an interruption: what they could cost is free for others. */
async function takeBack(tx: Transaction, accountId: string): Promise<void> {
  await tx.query(
    `with left_behind as (
       select item_id from run_items
       where account_id = $1 and status = 'working' and lease_expires_at <= clock_timestamp()
       for update skip locked)
     update run_items i set status = 'queued', lease_expires_at = null, interrupted = i.interrupted + 1
     from left_behind where i.account_id = $1 and i.item_id = left_behind.item_id`,
    [accountId],
  )
}

/** In the order in which they are served. */
async function readRunsAtWork(
  tx: Transaction,
  accountId: string,
  modelsReady: boolean,
): Promise<RunAtWork[]> {
  return tx.query<RunAtWork>(
    `select r.run_id as "runId", r.status, r.steps, r.plan_version_id as "planVersionId", r.pinned_at as "pinnedAt",
       r.needs_models and not $2 as "waitsForModels",
       exists (select from run_items q
         where q.account_id = $1 and q.run_id = r.run_id and q.status = 'queued') as "queued",
       (select count(*)::int from run_items w
         where w.account_id = $1 and w.run_id = r.run_id and w.status = 'working') as "working",
       (select min(w.lease_expires_at) from run_items w
         where w.account_id = $1 and w.run_id = r.run_id and w.status = 'working') as "leasesEndAt"
     from runs r where r.account_id = $1 and r.status in ('running', 'paused_by_budget') order by r.run_id`,
    [accountId, modelsReady],
  )
}

/** What an item of a run may yet use, priced as the books would: by the pinned version until the plan changes (rule R17). */
async function pricedUses(
  tx: Transaction,
  budget: Budget | null,
  runs: readonly RunAtWork[],
): Promise<(run: RunAtWork) => PossibleUse[]> {
  const pinned = await readPlanVersions(
    tx,
    runs.map(({ planVersionId }) => planVersionId),
  )
  return ({ steps, planVersionId, pinnedAt }) => {
    const accepted: CataloguePlan = pinned.get(planVersionId)!
    const { prices } = budget?.plan
      ? pricingVersion({ plan: budget.plan, planSince: budget.planSince! }, { plan: accepted, at: pinnedAt })
      : accepted
    // An operation that is not offered any more is refused when it is booked, and costs nothing.
    return steps.flatMap(({ operation }) => {
      const price = prices.get(operation)
      return price ? [{ price, quantity: 1n }] : []
    })
  }
}

function times(uses: PossibleUse[], count: number): PossibleUse[] {
  if (count === 0) return []
  return uses.map(({ price, quantity }) => ({ price, quantity: quantity * BigInt(count) }))
}

async function claimOf(
  tx: Transaction,
  accountId: string,
  { runId, status, steps, planVersionId, pinnedAt }: RunAtWork,
  leaseMs: number,
): Promise<ClaimedItem | null> {
  const rows = await tx.query<Omit<ClaimedItem, 'steps' | 'planVersionId' | 'pinnedAt'>>(
    `with next as (
       select item_id from run_items
       where account_id = $1 and run_id = $2 and status = 'queued'
       order by position limit 1 for update skip locked)
     update run_items i
     set status = 'working', lease = i.lease + 1, started_at = clock_timestamp(),
       lease_expires_at = clock_timestamp() + $3 * interval '1 millisecond'
     from next, images m
     where i.account_id = $1 and i.item_id = next.item_id
       and m.account_id = i.account_id and m.image_id = i.image_id
     returning i.account_id as "accountId", i.run_id as "runId", i.item_id as "itemId", i.lease, i.interrupted,
       m.sha256 as "imageSha256"`,
    [accountId, runId, leaseMs],
  )
  if (!rows[0]) return null
  if (status === 'paused_by_budget') await setStatus(tx, accountId, runId, 'running')
  return { ...rows[0], steps, planVersionId, pinnedAt }
}

async function setStatus(
  tx: Transaction,
  accountId: string,
  runId: string,
  status: RunAtWork['status'],
): Promise<void> {
  await tx.query('update runs set status = $3 where account_id = $1 and run_id = $2', [
    accountId,
    runId,
    status,
  ])
  await tell(tx, 'progress', runId)
  if (status === 'running') await tellRunResumed(tx, { accountId, runId })
  else await tellRunPaused(tx, { accountId, runId })
}

/** Leaves the directory when there is nothing to do, else sleeps until a lease may run out or something wakes it. */
async function rest(tx: Transaction, accountId: string, runs: readonly RunAtWork[]): Promise<void> {
  const working = runs.flatMap(({ leasesEndAt }) => leasesEndAt ?? [])
  if (working.length === 0 && !runs.some(({ queued }) => queued)) {
    await tx.query('delete from runnable_directory where account_id = $1', [accountId])
    return
  }
  // Nobody tells when the models have come: whoever waits for them looks again and again.
  if (runs.some(({ queued, waitsForModels }) => queued && waitsForModels)) return
  const earliest = working.reduce<Date | null>(
    (soonest, at) => (soonest === null || at < soonest ? at : soonest),
    null,
  )
  await tx.query(
    `update runnable_directory set wake_at = coalesce($2, 'infinity'::timestamptz) where account_id = $1`,
    [accountId, earliest],
  )
}
