/**
 * When the money paid for a grant becomes revenue: as its credits are drawn (rule R30).
 *
 * Called where draws and expiries are booked, to know what moves out of deferred revenue.
 *
 * Invariants (laws in recognise.test.ts):
 *   1. Recognised to date depends on how much was drawn in all, not on the steps in between: the
 *      increments of any sequence of draws add up to it.
 *   2. It never exceeds the consideration, and equals it when everything is drawn.
 *   3. Recognised + breakage = consideration once a grant has ended.
 */
import { assert } from './assert.ts'
import { divideFloor, type Micros } from './micros.ts'

/** What a grant was issued with: money paid without tax, and credits, more than none. */
export type PaidGrant = { consideration: Micros; granted: Micros }

/** floor(consideration × drawn ÷ granted): the third division. Throws if drawn is out of range. */
export function recognisedToDate(grant: PaidGrant, drawn: Micros): Micros {
  assert(grant.granted > 0n, 'credits are granted before they are drawn')
  assert(drawn >= 0n && drawn <= grant.granted, 'no more is drawn than was granted')
  return divideFloor(grant.consideration * drawn, grant.granted)
}

/** What drawing `amount` more recognises, or, for a negative amount given back, takes back. */
export function recognisedBy(grant: PaidGrant, drawnBefore: Micros, amount: Micros): Micros {
  return recognisedToDate(grant, drawnBefore + amount) - recognisedToDate(grant, drawnBefore)
}

/** What is left to move to breakage when a grant ends with `drawn` of its credits drawn. */
export function breakageOf(grant: PaidGrant, drawn: Micros): Micros {
  return grant.consideration - recognisedToDate(grant, drawn)
}
