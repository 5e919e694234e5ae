/**
 * What a change of plan is, and what an upgrade costs and grants today (rule R22).
 *
 * Called by the verb that changes a subscription, and by its preview.
 *
 * Invariants (laws in change-plan.test.ts):
 *   1. Only an upgrade, a start and the end of a trial take effect now; all else waits for the
 *      boundary.
 *   2. Going up and down mints nothing: however many upgrades a period sees, what they grant never
 *      exceeds the credits of the last plan, and nothing is granted that was not charged for by
 *      the same fraction.
 *
 * Whether a payment method is there, and whether an account has had its trial, is not known here.
 */
import { assert } from './assert.ts'
import { type MinorDecimals, minorDecimals, roundToMinor } from './currency.ts'
import { divideRounded, type Micros } from './micros.ts'
import type { Period } from './period.ts'
import { feeOf, type PlanVersion } from './plan.ts'

/**
 * start        no plan in force: the calendar is anchored, full fee and credits
 * upgrade      now: same anchor, the difference for the time that is left
 * boundary     at the next boundary, reversible until then
 * leave_trial  now: the period rolls at once with a new anchor, full fee and credits
 */
export type ChangeKind = 'start' | 'upgrade' | 'boundary' | 'leave_trial'

export type ChangeRefused = {
  ok: false
  refusal: 'unit_mismatch' | 'same_plan' | 'trial_only_at_start'
}

export type Upgrade = {
  /** Currency, before tax, exact to the micro. */
  due: Micros
  /** The same in whole minor units: what is charged, and what the grant is paid with. */
  charge: Micros
  /** Credits granted on top. */
  credits: Micros
}

/** Says what a change is, or refuses it. `account` is null until its first plan fixes its units. */
export function classifyChange(change: {
  account: { currency: string; creditUnit: string } | null
  current: PlanVersion | null
  next: PlanVersion
}): { ok: true; kind: ChangeKind } | ChangeRefused {
  const { account, current, next } = change
  for (const bound of [account, current]) {
    if (bound && !isSameUnit(bound, next)) return { ok: false, refusal: 'unit_mismatch' }
  }
  if (!current) return { ok: true, kind: 'start' }
  if (current.id === next.id) return { ok: false, refusal: 'same_plan' }
  if (next.trial) return { ok: false, refusal: 'trial_only_at_start' }
  if (current.trial) return { ok: true, kind: 'leave_trial' }
  return { ok: true, kind: isUpgrade(current, next) ? 'upgrade' : 'boundary' }
}

/** What an upgrade at `at` costs and grants. Throws if it is none, or `at` is outside the period. */
export function priceUpgrade(change: {
  current: PlanVersion
  next: PlanVersion
  period: Period
  at: Date
}): Upgrade {
  const { current, next, period, at } = change
  assert(isUpgrade(current, next), 'only an upgrade is charged before the boundary')
  assert(period.start <= at && at < period.end, 'an upgrade happens within the period it adds to')
  const due = prorate(feeOf(next) - feeOf(current), period, at)
  const credits = prorate(next.credits - current.credits, period, at)
  return { due, charge: roundToMinor(due, decimalsOf(next)), credits }
}

/** The share of an amount for the whole seconds left of a period: the second of the divisions. */
export function prorate(amount: Micros, period: Period, at: Date): Micros {
  return divideRounded(amount * wholeSeconds(at, period.end), wholeSeconds(period.start, period.end))
}

function wholeSeconds(from: Date, to: Date): bigint {
  return BigInt(Math.floor((to.getTime() - from.getTime()) / 1000))
}

function isSameUnit(
  bound: { currency: string; creditUnit: string },
  plan: { currency: string; creditUnit: string },
): boolean {
  return bound.currency === plan.currency && bound.creditUnit === plan.creditUnit
}

function isUpgrade(current: PlanVersion, next: PlanVersion): boolean {
  const [fee, nextFee] = [feeOf(current), feeOf(next)]
  if (nextFee < fee || next.credits < current.credits) return false
  return nextFee > fee || next.credits > current.credits
}

function decimalsOf(plan: PlanVersion): MinorDecimals {
  const decimals = minorDecimals(plan.currency)
  assert(decimals !== undefined, 'a published plan has a known currency')
  return decimals
}
