/**
 * Alerts: what an account wants to be told of, and when it is time (rule R24).
 *
 *   credits:80          80 % of the period's credits are used, or more
 *   overage:25000000    25.00 of overage has accrued in the period, or more
 *   forecast:40000000   the period is likely to end with 40.00 of overage, or more
 *
 * Called by ledger/ while usage is booked, and when the rules or a forecast are new. Stops nothing.
 *
 * Invariants:
 *   1. A rule is its text: the same text is the same rule, so setting the rules again tells nothing twice.
 *   2. What is used of the credits is what the balance lacks of those that the plan has included this period. Credits on top
 *      (promotions, purchases) delay it; at 100 % nothing is left at all.
 */
import { assert } from './assert.ts'
import type { Micros } from './micros.ts'

export type AlertRule =
  /** `percent` is whole, 1 to 100. */
  | { kind: 'credits'; percent: number }
  /** `amount` is in currency, more than 0. */
  | { kind: 'overage' | 'forecast'; amount: Micros }

/** How an account stands, for its alerts. */
export type AlertStanding = {
  /** Credits that plan and upgrades have granted this period. */
  included: Micros
  /** Credits. */
  balance: Micros
  /** Currency: accrued this period. */
  overage: Micros
  /** Currency: likely overage at the period's end; null where none was worked out. */
  forecast: Micros | null
}

export function alertText(rule: AlertRule): string {
  return rule.kind === 'credits' ? `credits:${rule.percent}` : `${rule.kind}:${rule.amount}`
}

/** Throws for a text that is no rule's. */
export function readAlertText(text: string): AlertRule {
  const [kind, value = ''] = text.split(':')
  assert(/^[1-9]\d*$/.test(value), 'a rule has its threshold')
  if (kind === 'credits') return { kind, percent: Number(value) }
  assert(kind === 'overage' || kind === 'forecast', 'a rule is of a known kind')
  return { kind, amount: BigInt(value) }
}

/** Whether it is time to tell. It stays time for as long as the account stands so: once a period is the caller's to keep. */
export function isAlertDue(
  rule: AlertRule,
  { included, balance, overage, forecast }: AlertStanding,
): boolean {
  if (rule.kind === 'credits') {
    return included > 0n && (included - balance) * 100n >= included * BigInt(rule.percent)
  }
  if (rule.kind === 'overage') return overage >= rule.amount
  return forecast !== null && forecast >= rule.amount
}
