/**
 * Subscriptions and their periods begin and end (rules R6, R19, R22).
 *
 * Called by roll-books.ts at boundaries and by plan-change-effect.ts when a customer starts. What a period adds up to and is
 * billed for is told there.
 *
 * Invariant: a period that begins has its credits granted, or its fee deferred, in the same breath.
 */

import { assert } from '../billing/assert.ts'
import { feeFellDue } from '../billing/entries.ts'
import { PLAN_PRIORITY } from '../billing/grant.ts'
import { anchorAt, firstPeriod, type Period } from '../billing/period.ts'
import { feeOf } from '../billing/plan.ts'
import { newId } from '../database/new-id.ts'
import { type Books, changePeriod, post, type Subscription, unitsOf } from './books.ts'
import type { CataloguePlan } from './catalogue.ts'
import { issueGrant } from './grants.ts'
import { planFacts, tellSubscription } from './tell-event.ts'

/** Starts a subscription, whose calendar counts from `startedAt`. */
export function beginSubscription(books: Books, plan: CataloguePlan, startedAt: Date): void {
  assert(books.subscription === null, 'an account has one subscription at a time')
  const anchor = anchorAt(startedAt, books.zone)
  const period = firstPeriod(anchor, plan.trial)
  const id = newId()
  books.subscription = {
    id,
    plan,
    status: 'active',
    anchor,
    periodNumber: 0,
    periodStartsAt: period.start,
    periodEndsAt: period.end,
    pending: null,
    startedAt,
    planSince: startedAt,
    endedAt: null,
  }
  books.changes.versions.push({ subscriptionId: id, startsAt: startedAt, planVersionId: plan.id })
  startPeriod(books, { plan, number: 0, period })
}

/** Makes `next` the open period and grants its credits. Also how a subscription's first period starts. */
export function startPeriod(
  books: Books,
  next: { plan: CataloguePlan; number: number; period: Period },
): void {
  const { subscription, changes } = books
  assert(subscription, 'a subscription has periods')
  const at = next.period.start
  const previous = subscription.plan
  if (subscription.plan.id !== next.plan.id) {
    changes.versions.push({ subscriptionId: subscription.id, startsAt: at, planVersionId: next.plan.id })
  }
  // The customer's own change; a new version of the plan that they chose is the operator's.
  if (subscription.pending?.kind === 'change') subscription.planSince = at
  subscription.plan = next.plan
  subscription.pending = null
  subscription.periodNumber = next.number
  subscription.periodStartsAt = next.period.start
  subscription.periodEndsAt = next.period.end
  changes.subscriptions.set(subscription.id, subscription)
  const { id: subscriptionId } = subscription
  books.period = {
    subscriptionId,
    number: next.number,
    startsAt: next.period.start,
    endsAt: next.period.end,
    overage: 0n,
    billed: 0n,
    billedThrough: 0n,
    billedAt: null,
    deferred: 0n,
    closedAt: null,
  }
  changePeriod(books, books.period)
  tellPeriod(books, subscription, previous)

  const fee = feeOf(next.plan)
  if (next.plan.credits > 0n) {
    issueGrant(
      books,
      {
        source: 'plan',
        credits: next.plan.credits,
        consideration: fee,
        priority: PLAN_PRIORITY,
        startsAt: at,
        expiresAt: next.period.end,
        naturalKey: `plan:${subscriptionId}:${next.number}`,
      },
      at,
    )
  } else if (fee > 0n) {
    books.period.deferred = fee
    const causeId = `${subscriptionId}:${next.number}`
    post(books, { cause: 'fee_due', causeId, bookedAt: at, entries: feeFellDue(unitsOf(books), fee) })
  }
}

/** A period has begun: the first one, one under another plan, or one more. */
function tellPeriod(books: Books, subscription: Subscription, previous: CataloguePlan): void {
  const { plan, periodNumber, periodStartsAt: at } = subscription
  const { credits } = plan
  if (periodNumber === 0) {
    tellSubscription(books, 'subscription.started', { credits, trial: plan.trial !== null, at })
  } else if (plan.planId !== previous.planId) {
    tellSubscription(books, 'subscription.changed', { credits, previous_plan: planFacts(previous), at })
  } else tellSubscription(books, 'subscription.renewed', { credits, at })
}

/** Ends the subscription at `at`. What is owed stays owed. */
export function endSubscription(books: Books, at: Date): void {
  const { subscription } = books
  assert(subscription, 'a subscription ends once')
  subscription.status = 'cancelled'
  subscription.pending = null
  subscription.endedAt = at
  tellSubscription(books, 'subscription.cancelled', { ended_at: at, at })
  books.changes.subscriptions.set(subscription.id, subscription)
  books.subscription = null
  books.period = null
  // Else a subscription that follows in the same second would start before this one has ended.
  if (books.lastBookedAt === null || books.lastBookedAt < at) books.lastBookedAt = at
}
