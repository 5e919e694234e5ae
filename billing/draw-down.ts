/**
 * Splits a cost over an account's credit grants; what no grant covers is left uncovered
 * (rules R11 to R13).
 *
 * The only place where credits are drawn: booking, quote, preview, simulator and the browser's
 * calculator all come through here, so a customer is shown the very split that will be booked.
 *
 * Invariants (laws in draw-down.test.ts):
 *   1. Nothing is lost: draws + uncovered = cost, and neither is ever negative.
 *   2. No grant is overdrawn, and each draw is of more than nothing.
 *   3. The order in which the caller lists the grants does not matter.
 *   4. A later grant is untouched while an earlier one has credits.
 *   5. Drawing many costs one after another from one purse is drawing each from what the one
 *      before has left.
 *
 * A purse is the one value in this room that changes: opening sorts once, and each draw then costs
 * no more than the grants it empties. It stands for one account at one instant, and lives no
 * longer than the transaction that holds the account's lock. Uncovered credits have no price here:
 * see rate-usage.ts.
 */
import { assert } from './assert.ts'
import { compareDrawOrder, type Grant, isUsable } from './grant.ts'
import { lesser, type Micros } from './micros.ts'

/** Credits taken from one grant. */
export type Draw = { grantId: string; amount: Micros }

export type DrawDown = {
  /** In the order drawn. */
  draws: Draw[]
  /** The part of the cost that no grant covered, in credits. */
  uncovered: Micros
}

/** An account's usable grants in draw order, and how far they have been drawn. */
export type Purse = {
  /** What the usable grants still hold together. */
  balance: Micros
  /** Index of the first grant that still has credits; `grants.length` when all are empty. */
  next: number
  /** `opened` is what the grant held when the purse was opened, `remaining` what it holds now. */
  readonly grants: readonly { readonly id: string; readonly opened: Micros; remaining: Micros }[]
}

/** Draws `cost` from the grants usable at `at`, in draw order. Throws if `cost` is negative. */
export function drawDown(cost: Micros, grants: readonly Grant[], at: Date): DrawDown {
  return drawFrom(openPurse(grants, at), cost)
}

/** The grants usable at `at`, sorted in draw order. The grants given are never changed. */
export function openPurse(grants: readonly Grant[], at: Date): Purse {
  const usable = grants.filter((grant) => isUsable(grant, at)).sort(compareDrawOrder)
  return {
    balance: usable.reduce((sum, { remaining }) => sum + remaining, 0n),
    next: 0,
    grants: usable.map(({ id, remaining }) => ({ id, opened: remaining, remaining })),
  }
}

/** A purse that holds `balance` and knows no grants, for calculators. Throws if it is negative. */
export function purseHolding(balance: Micros): Purse {
  assert(balance >= 0n, 'a balance is never negative')
  const grants = balance === 0n ? [] : [{ id: 'balance', opened: balance, remaining: balance }]
  return { balance, next: 0, grants }
}

/** Draws `cost` from a purse, which afterwards holds that much less. Throws if it is negative. */
export function drawFrom(purse: Purse, cost: Micros): DrawDown {
  assert(cost >= 0n, 'a cost is never negative; giving credits back is its own act')
  const draws: Draw[] = []
  let uncovered = cost
  while (uncovered > 0n && purse.next < purse.grants.length) {
    const grant = purse.grants[purse.next]!
    const amount = lesser(grant.remaining, uncovered)
    draws.push({ grantId: grant.id, amount })
    uncovered -= amount
    grant.remaining -= amount
    purse.balance -= amount
    if (grant.remaining === 0n) purse.next++
  }
  return { draws, uncovered }
}

/** Everything drawn since the purse was opened, one draw a grant, in draw order. */
export function drawnFrom(purse: Purse): Draw[] {
  return purse.grants
    .filter(({ opened, remaining }) => remaining < opened)
    .map(({ id, opened, remaining }) => ({ grantId: id, amount: opened - remaining }))
}
