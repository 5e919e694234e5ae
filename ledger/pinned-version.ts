/**
 * Which plan version prices the work of a run: the one it was accepted under, until the customer's own change of plan takes
 * effect (rule R17).
 *
 * Called where uses are booked, and wherever it is said beforehand what they will cost.
 */
import type { CataloguePlan } from './catalogue.ts'

/** A version that was accepted, with a run or a quote. */
export type Pin = {
  plan: CataloguePlan
  /** Business time. */
  at: Date
}

/**
 * The operator's new versions leave a pin as it is. The customer's own change ends it for good: coming back to the plan later
 * does not revive it.
 */
export function pricingVersion(
  inForce: { plan: CataloguePlan; planSince: Date },
  pin: Pin | null,
): CataloguePlan {
  const isHeld = pin !== null && pin.plan.planId === inForce.plan.planId && pin.at >= inForce.planSince
  return isHeld ? pin.plan : inForce.plan
}
