/**
 * The customer's own brake: "pause my automations at $X of overage" (rule R24). Off by default.
 *
 * Called under the account's lock before an item is claimed. Usage from outside, payment state and
 * everyone else's work are never asked.
 *
 * Invariants:
 *   1. If every item so claimed succeeds, in any order, the overage accrued by them does not pass
 *      the limit.
 *   2. With credits to pay for an item, a limit of 0 claims it.
 */
import type { Micros } from './micros.ts'
import type { OperationPrice } from './rate-usage.ts'

/** Paid steps that may yet be booked: how many at which price. */
export type PossibleUse = { price: OperationPrice; quantity: bigint }

/** Whether one more item may be claimed. A null limit is no brake. */
export function mayClaim(claim: {
  /** In currency; null where the customer has not set one. */
  limit: Micros | null
  /** In currency: the overage accrued in this period. */
  accrued: Micros
  /** In credits, now. */
  balance: Micros
  /** The steps of all items that are claimed and not yet booked. */
  claimed: readonly PossibleUse[]
  /** The steps of the item that asks. */
  item: readonly PossibleUse[]
}): boolean {
  const { limit, accrued, balance, claimed, item } = claim
  if (limit === null) return true
  return accrued + possibleOverage([...claimed, ...item], balance) <= limit
}

/**
 * The most overage that these uses can accrue from a balance, whatever the order in which they are
 * booked: what the balance cannot cover is taken to be the part that is dearest in overage.
 */
export function possibleOverage(uses: readonly PossibleUse[], balance: Micros): Micros {
  const paid = uses.filter(({ price }) => price.unitPrice > 0n)
  const cost = paid.reduce((sum, { price, quantity }) => sum + price.unitPrice * quantity, 0n)
  let uncovered = cost > balance ? cost - balance : 0n
  let overage = 0n
  for (const { price, quantity } of paid.sort(compareDearness)) {
    const whole = price.unitPrice * quantity
    if (uncovered >= whole) overage += price.overageUnitPrice * quantity
    // Rounded up: an estimate that must not be passed is never a micro too low.
    else overage += (uncovered * price.overageUnitPrice + price.unitPrice - 1n) / price.unitPrice
    uncovered = uncovered > whole ? uncovered - whole : 0n
  }
  return overage
}

// Dearest first by overage for a credit: a/b > c/d without a division.
function compareDearness({ price: a }: PossibleUse, { price: b }: PossibleUse): number {
  const difference = b.overageUnitPrice * a.unitPrice - a.overageUnitPrice * b.unitPrice
  return Number(difference > 0n) - Number(difference < 0n)
}
