/**
 * What follows the open period: the customer's own change, a new version of their plan, or the plan after a trial
 * (rules R22 and R25).
 *
 * Called where books are rolled, for the next invoice, and for what a subscriber is told beforehand. Nothing is marked on an
 * account when a version is published: who gets it and when follows from the version and the account's own boundaries.
 */
import { assert } from '../billing/assert.ts'
import { anchorAt, type Period, periodOf } from '../billing/period.ts'
import { type PublishedVersion, successorOf, versionAt } from '../billing/succession.ts'
import type { Transaction } from '../database/connect.ts'
import type { Subscription } from './books.ts'
import { type CataloguePlan, readPlanVersions } from './catalogue.ts'

/** Versions that may follow, as far as they were read. */
export type Published = readonly PublishedVersion<CataloguePlan>[]

export type NextTerm = { plan: CataloguePlan; number: number; period: Period }

/** All versions of the plans that may follow these subscriptions. */
export async function readPublished(
  tx: Transaction,
  subscriptions: readonly (Subscription | null)[],
): Promise<Published> {
  const codes = new Set<string>()
  for (const subscription of subscriptions) {
    if (!subscription) continue
    const { plan, pending } = subscription
    codes.add(plan.code)
    if (pending?.kind === 'change') codes.add(pending.plan.code)
    if (plan.trial) codes.add(plan.trial.successor)
  }
  // Subscriptions count from whole seconds (price-plan-change.ts), and so does what they are compared with.
  const rows = await tx.query<{ id: string; publishedAt: Date; noticeDays: number | null }>(
    `select v.plan_version_id as "id", date_trunc('second', v.published_at) as "publishedAt", v.notice_days as "noticeDays"
     from plans p join plan_versions v using (plan_id)
     where p.code in (select unnest($1::text[])) and (v.version > 1 or p.code in (select unnest($2::text[])))`,
    [[...codes], subscriptions.flatMap((subscription) => subscription?.plan.trial?.successor ?? [])],
  )
  const plans = await readPlanVersions(
    tx,
    rows.map(({ id }) => id),
  )
  return rows.map(({ id, publishedAt, noticeDays }) => ({ plan: plans.get(id)!, publishedAt, noticeDays }))
}

/** The plan and the term that follow the open period. After a trial it is the first term of a calendar of its own. */
export function startOfNext(subscription: Subscription, published: Published): NextTerm {
  const { plan: current, pending, anchor, periodEndsAt, startedAt } = subscription
  if (current.trial) {
    const successor = successorOf(current.trial, published, startedAt)
    assert(successor, 'a trial has a plan that follows it')
    return { plan: successor, number: 0, period: periodOf(anchorAt(periodEndsAt, anchor.zone), 0) }
  }
  const number = subscription.periodNumber + 1
  const plan = pending?.kind === 'change' ? pending.plan : versionAt(current, published, periodEndsAt)
  return { plan, number, period: periodOf(subscription.anchor, number) }
}

export type Succession = { kind: 'trial_end' | 'new_version'; plan: CataloguePlan; effectiveAt: Date }

/** What will follow without the customer's doing, and from which boundary on; null where nothing will. */
export function successionOf(subscription: Subscription, published: Published): Succession | null {
  const { plan: current, pending, periodEndsAt } = subscription
  if (pending) return null
  if (current.trial) {
    return { kind: 'trial_end', plan: startOfNext(subscription, published).plan, effectiveAt: periodEndsAt }
  }
  let effectiveAt = periodEndsAt
  // No notice is longer than a year and a day.
  for (let n = subscription.periodNumber + 2; n <= subscription.periodNumber + 15; n++) {
    const plan = versionAt(current, published, effectiveAt)
    if (plan !== current) return { kind: 'new_version', plan, effectiveAt }
    effectiveAt = periodOf(subscription.anchor, n).start
  }
  return null
}

/** Whether an account has ever had a plan: a trial is for those that have not. */
export async function hadSubscription(tx: Transaction, accountId: string): Promise<boolean> {
  const [earlier] = await tx.query('select 1 from subscriptions where account_id = $1 limit 1', [accountId])
  return earlier !== undefined
}
