/**
 * Prices one use of an operation and splits it into credits and overage (rules R10 and R11).
 *
 * Called by the ledger for each usage record, by mix.ts and quote-run.ts for what has not yet
 * happened.
 *
 * Invariants:
 *   1. cost = unit price × quantity, exactly.
 *   2. fromCredits + uncovered = cost. Money is split; quantities stay whole.
 *   3. 0 ≤ overage ≤ overage unit price × quantity, with equality above where nothing is covered.
 *   4. A refusal draws nothing from the purse.
 */
import { assert } from './assert.ts'
import { type Draw, drawFrom, type Purse } from './draw-down.ts'
import { divideRounded, lesser, MAX_MICROS, type Micros } from './micros.ts'

/** What one unit of an operation costs under one plan version. Both 0 for a free operation. */
export type OperationPrice = {
  /** In credits. */
  unitPrice: Micros
  /** In currency, for what no grant covers. */
  overageUnitPrice: Micros
}

export type RatedUsage = {
  ok: true
  /** In credits: fromCredits + uncovered. */
  cost: Micros
  /** In draw order; empty for a free operation or an empty purse. */
  draws: Draw[]
  fromCredits: Micros
  /** The part that no grant covered, in credits. */
  uncovered: Micros
  /** What the uncovered part costs, in currency. */
  overage: Micros
}

/**
 * The most that a period may accrue: an eighth of what fits, so that with a fee and five taxes of a hundred percent its invoice still
 * does, and no account is ever stuck at a boundary that cannot be booked.
 */
export const MOST_OVERAGE = MAX_MICROS / 8n

export type UsageRefused = { ok: false; refusal: 'quantity_invalid' | 'amount_overflow' }

/**
 * Rates `quantity` units at `price` and draws their cost from the purse. `accrued` is the overage of the period so far.
 * Refuses a quantity that is not a positive whole number, a cost too large to store, and what would make the period's overage
 * larger than an invoice can bill.
 */
export function rateUsage(
  use: { quantity: number; price: OperationPrice; accrued?: Micros },
  purse: Purse,
): RatedUsage | UsageRefused {
  if (!Number.isSafeInteger(use.quantity) || use.quantity < 1) return refused('quantity_invalid')
  const quantity = BigInt(use.quantity)
  const cost = use.price.unitPrice * quantity
  if (cost > MAX_MICROS) return refused('amount_overflow')
  if (use.price.overageUnitPrice * quantity > MAX_MICROS) return refused('amount_overflow')

  const uncovered = cost - lesser(cost, purse.balance)
  const overage = overageOf(uncovered, use.price)
  if ((use.accrued ?? 0n) + overage > MOST_OVERAGE) return refused('amount_overflow')
  const { draws } = drawFrom(purse, cost)
  return { ok: true, cost, draws, fromCredits: cost - uncovered, uncovered, overage }
}

/** Currency owed for uncovered credits of an operation: the first of the three divisions. */
export function overageOf(uncovered: Micros, price: OperationPrice): Micros {
  if (uncovered === 0n) return 0n
  assert(price.unitPrice > 0n, 'a free operation leaves nothing uncovered')
  return divideRounded(uncovered * price.overageUnitPrice, price.unitPrice)
}

function refused(refusal: UsageRefused['refusal']): UsageRefused {
  return { ok: false, refusal }
}
