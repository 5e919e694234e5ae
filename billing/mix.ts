/**
 * What a balance still buys: of each operation alone, and beside a mix that is already decided
 * (rule R5, golden tables 1 to 3).
 *
 * Called by the billing page's mix planner in the browser, by the plan cards and by the API, so
 * that every screen, endpoint and command agrees.
 *
 * Invariants:
 *   1. What is available is affordable, and one more is not.
 *   2. A free operation has no number: null.
 *   3. A mix that exceeds the balance is split as booking it in the order given would split it.
 */
import { type Purse, purseHolding } from './draw-down.ts'
import { MAX_MICROS, type Micros } from './micros.ts'
import type { PriceList } from './plan.ts'
import { MOST_OVERAGE, rateUsage } from './rate-usage.ts'

/** Whole quantities by operation. Zero is allowed: a slider at its left end. */
export type Mix = ReadonlyMap<string, number>

/** How many of each operation; null where it is free. In the order of the price list. */
export type Available = Map<string, bigint | null>

export type PlannedMix = {
  ok: true
  /** In credits. */
  cost: Micros
  /** In credits; 0 where the mix costs more. */
  balanceAfter: Micros
  /** In currency: what the part beyond the balance will cost. */
  overage: Micros
  /** The part beyond the balance, in credits. */
  overageCredits: Micros
  /** What balanceAfter buys of each operation alone. */
  available: Available
}

export type MixRefused = {
  ok: false
  refusal: 'operation_not_offered' | 'quantity_invalid' | 'amount_overflow'
  operation: string
}

/** floor(balance ÷ unit price); null for a free operation. */
export function availableOf(balance: Micros, unitPrice: Micros): bigint | null {
  return unitPrice === 0n ? null : balance / unitPrice
}

/** What a balance buys of each operation alone. */
export function availableByOperation(balance: Micros, prices: PriceList): Available {
  return new Map([...prices].map(([name, { unitPrice }]) => [name, availableOf(balance, unitPrice)]))
}

/** What a mix costs, what it leaves, and what that still buys. Throws on a negative balance. */
export function planMix(plan: { balance: Micros; prices: PriceList; fixed: Mix }): PlannedMix | MixRefused {
  const purse = purseHolding(plan.balance)
  const spent = spend(purse, plan.prices, plan.fixed)
  if (!spent.ok) return spent
  return {
    ...spent,
    balanceAfter: purse.balance,
    available: availableByOperation(purse.balance, plan.prices),
  }
}

/** The least balance that pays for a whole mix from credits. */
export function balanceNeeded(plan: {
  prices: PriceList
  target: Mix
}): { ok: true; balance: Micros } | MixRefused {
  const spent = spend(purseHolding(0n), plan.prices, plan.target)
  return spent.ok ? { ok: true, balance: spent.cost } : spent
}

/** How many images an automation's steps can be run on before the balance ends; null if all free. */
export function imagesAvailable(plan: {
  balance: Micros
  prices: PriceList
  /** One entry a step; an operation may be there twice. */
  perImage: readonly string[]
}): { ok: true; images: bigint | null } | MixRefused {
  let cost = 0n
  for (const operation of plan.perImage) {
    const price = plan.prices.get(operation)
    if (!price) return { ok: false, refusal: 'operation_not_offered', operation }
    cost += price.unitPrice
  }
  return { ok: true, images: availableOf(plan.balance, cost) }
}

function spend(purse: Purse, prices: PriceList, mix: Mix) {
  const total = { ok: true as const, cost: 0n, overage: 0n, overageCredits: 0n }
  for (const [operation, quantity] of mix) {
    const price = prices.get(operation)
    if (!price) return { ok: false as const, refusal: 'operation_not_offered' as const, operation }
    if (quantity === 0) continue
    const use = rateUsage({ quantity, price }, purse)
    if (!use.ok) return { ok: false as const, refusal: use.refusal, operation }
    total.cost += use.cost
    total.overage += use.overage
    total.overageCredits += use.uncovered
    if (total.cost > MAX_MICROS || total.overage > MOST_OVERAGE) {
      return { ok: false as const, refusal: 'amount_overflow' as const, operation }
    }
  }
  return total
}
