/**
 * Credit grants: what one is, when it can be used, and in what order grants are drawn (rule R12).
 *
 * Called by draw-down.ts, and by whoever lists grants, so that the list shows the order of drawing.
 *
 * Invariants:
 *   1. A grant is usable in [startsAt, expiresAt): at the instant of its expiry it no longer is.
 *   2. The order is total: two different grants never compare as equal.
 */
import { isWholeMinor, type MinorDecimals } from './currency.ts'
import { isAmount, MAX_MICROS, MICROS_PER_UNIT, type Micros } from './micros.ts'

/** Where credits come from. Plan and upgrade credits end with the period; the others outlive it. */
export type GrantSource = 'plan' | 'upgrade' | 'promotion' | 'purchase' | 'adjustment'

export type Grant = {
  id: string
  /** What is left, in credits. */
  remaining: Micros
  /** 0 is drawn first, 100 last, among grants that expire together. */
  priority: number
  /** From this instant on. Also the grant's age: the earlier it starts, the older it is. */
  startsAt: Date
  /** Exclusive: unusable from this instant on. Null never expires. */
  expiresAt: Date | null
}

/** What a new grant must be told. `consideration` is the money paid for it, without tax. */
export type GrantDraft = {
  source: GrantSource
  credits: Micros
  consideration: Micros
  priority: number
  startsAt: Date
  expiresAt: Date | null
}

export type GrantRefusal =
  | 'grant_not_positive'
  | 'grant_too_large'
  | 'consideration_invalid'
  | 'priority_invalid'
  | 'grant_ends_before_start'

/** Plan credits are drawn in the middle of the scale, so that a promotion can be put before or after them. */
export const PLAN_PRIORITY = 50

/** The lowest of the priorities, drawn last among grants that expire together. */
export const LAST_PRIORITY = 100

/** The first reason why a grant cannot be issued, or null. */
export function refuseGrant(draft: GrantDraft): GrantRefusal | null {
  if (draft.credits <= 0n) return 'grant_not_positive'
  if (!isAmount(draft.credits)) return 'grant_too_large'
  if (draft.consideration < 0n || !isAmount(draft.consideration)) return 'consideration_invalid'
  if (!Number.isInteger(draft.priority)) return 'priority_invalid'
  if (draft.priority < 0 || draft.priority > LAST_PRIORITY) return 'priority_invalid'
  if (draft.expiresAt !== null && draft.expiresAt <= draft.startsAt) return 'grant_ends_before_start'
  return null
}

/** What an operator grants. Plan and upgrade credits come from plans alone. */
export type OperatorGrantSource = 'promotion' | 'purchase' | 'adjustment'

export type OperatorGrantRefusal =
  | GrantRefusal
  | 'consideration_missing'
  | 'consideration_not_bought'
  | 'amount_not_minor'
  | 'grant_ends_in_past'

// A slipped decimal point should not reach a customer: nobody is given or sold a billion at once.
const MOST_AT_ONCE = 1_000_000_000n * MICROS_PER_UNIT

/**
 * The first reason why an operator may not grant this at `now`, or null. A purchase has a price, in whole minor units; what
 * is given away has none. A start in the past only makes the grant older.
 */
export function refuseOperatorGrant(
  draft: GrantDraft & { source: OperatorGrantSource },
  { decimals, now }: { decimals: MinorDecimals; now: Date },
): OperatorGrantRefusal | null {
  const refusal = refuseGrant(draft)
  if (refusal !== null) return refusal
  if (draft.credits > MOST_AT_ONCE) return 'grant_too_large'
  if (draft.consideration > MOST_AT_ONCE) return 'consideration_invalid'
  if (draft.source === 'purchase' && draft.consideration === 0n) return 'consideration_missing'
  if (draft.source !== 'purchase' && draft.consideration > 0n) return 'consideration_not_bought'
  if (!isWholeMinor(draft.consideration, decimals)) return 'amount_not_minor'
  if (draft.expiresAt !== null && draft.expiresAt <= now) return 'grant_ends_in_past'
  return null
}

/** The most that the grants of an account may hold together: half of what fits, so that no sum over them ever does not. */
export const MOST_HELD = MAX_MICROS / 2n

/** Whether a grant has credits that can be drawn at `at`. */
export function isUsable(grant: Grant, at: Date): boolean {
  const started = grant.startsAt <= at
  const expired = grant.expiresAt !== null && grant.expiresAt <= at
  return started && !expired && grant.remaining > 0n
}

/** Draw order, for `sort`: expires soonest, lowest priority number, oldest, then id (rule R12). */
export function compareDrawOrder(a: Grant, b: Grant): number {
  return (
    compareExpiry(a.expiresAt, b.expiresAt) ||
    a.priority - b.priority ||
    a.startsAt.getTime() - b.startsAt.getTime() ||
    compareIds(a.id, b.id)
  )
}

// A grant that never expires comes last.
function compareExpiry(a: Date | null, b: Date | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a.getTime() - b.getTime()
}

// Code units, as Postgres orders uuids and text in the C collation; never by a locale.
function compareIds(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
