/**
 * Rounds a list of exact amounts to minor units so that they add up to their rounded sum (rule R9).
 *
 * Called once for each invoice, and nowhere else: rounding happens once.
 *
 * Invariants (laws in spread-rounding.test.ts):
 *   1. The rounded amounts add up to roundToMinor(Σ exact).
 *   2. Each differs from its exact amount by less than one minor unit.
 *   3. Amounts that are whole already stay as they are.
 */
import { type MinorDecimals, minorUnit, roundToMinor } from './currency.ts'
import { divideFloor, type Micros } from './micros.ts'

/**
 * The exact amounts in whole minor units: each floored towards −∞, and the units that are then
 * missing given to the largest remainders, ties in the order of the list.
 */
export function spreadRounding(exact: readonly Micros[], decimals: MinorDecimals): Micros[] {
  const unit = minorUnit(decimals)
  const floors = exact.map((amount) => divideFloor(amount, unit) * unit)
  const sum = (amounts: readonly Micros[]) => amounts.reduce((total, amount) => total + amount, 0n)
  const missing = (roundToMinor(sum(exact), decimals) - sum(floors)) / unit

  // Sorting is stable, which keeps ties in the order of the list.
  const remainders = exact.map((amount, index) => ({ index, size: amount - floors[index]! }))
  remainders.sort((a, b) => (a.size < b.size ? 1 : a.size > b.size ? -1 : 0))
  // No more are missing than amounts that something was cut off.
  for (const { index } of remainders.slice(0, Number(missing))) floors[index]! += unit
  return floors
}
