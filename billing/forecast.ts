/**
 * How a period is likely to end: when the credits run out, and with how much overage.
 *
 * Called by ledger/ with totals of whole days. A forecast for people: nothing is booked, priced or refused by it.
 *
 * The method: each day is one draw from what days of this account are like. Over the d days that are left, use is likely d × the
 * mean of the days looked at; low and high are 1.28 standard deviations off it (× √d, as of independent days), between which four
 * of five periods end. What the balance does not cover becomes overage at what the same days would have cost as overage.
 *
 * Invariants:
 *   1. The same days, balance and time give the same forecast; no `number` holds an amount.
 *   2. low ≤ likely ≤ high, and none is less than the overage accrued already.
 *   3. With fewer than three days, or none with use, there is too little to say.
 */
import type { Micros } from './micros.ts'
import type { Period } from './period.ts'

export type UsageDay = {
  /** Credits. */
  cost: Micros
  /** Currency: what all of it would cost as overage. */
  asOverage: Micros
}

export type Forecast = {
  /** Null when they last to the period's end. */
  creditsRunOutAt: Date | null
  /** Currency, at the period's end. */
  overage: { low: Micros; likely: Micros; high: Micros }
  /** How many days it rests on. */
  days: number
}

/** Weeks are alike and months change: older days say little. */
export const FORECAST_DAYS = 28
const FEWEST_DAYS = 3
const DAY_MS = 86_400_000n
/** Four of five outcomes of a normal distribution lie within 1.28 standard deviations. */
const SPREAD_PERCENT = 128n

/** Null where there is too little to say. `days` are whole days before today, in any order. */
export function forecastPeriod(facts: {
  now: Date
  period: Period
  /** Credits. */
  balance: Micros
  /** Currency: accrued in this period. */
  overage: Micros
  days: readonly UsageDay[]
}): Forecast | null {
  const { now, period, balance, overage, days } = facts
  const cost = days.reduce((sum, day) => sum + day.cost, 0n)
  const leftMs = BigInt(period.end.getTime() - now.getTime())
  if (days.length < FEWEST_DAYS || cost === 0n || leftMs <= 0n) return null
  const asOverage = days.reduce((sum, day) => sum + day.asOverage, 0n)
  const count = BigInt(days.length)

  const likely = (cost * leftMs) / (count * DAY_MS)
  const off = spread(days, cost, leftMs)
  const endsWith = (use: Micros) => overage + (use > balance ? ((use - balance) * asOverage) / cost : 0n)
  return {
    creditsRunOutAt:
      likely < balance ? null : new Date(now.getTime() + Number((balance * count * DAY_MS) / cost)),
    overage: {
      low: endsWith(likely > off ? likely - off : 0n),
      likely: endsWith(likely),
      high: endsWith(likely + off),
    },
    days: days.length,
  }
}

/** Credits: 1.28 standard deviations of the use of `leftMs`. Squares are of n × cost − sum, so that nothing is rounded before the root. */
function spread(days: readonly UsageDay[], sum: Micros, leftMs: bigint): Micros {
  const count = BigInt(days.length)
  const squares = days.reduce((total, day) => total + (day.cost * count - sum) ** 2n, 0n)
  // variance of a day = squares ÷ (n² (n − 1)); of what is left, × days left.
  const variance = (squares * leftMs) / (count * count * (count - 1n) * DAY_MS)
  return (squareRoot(variance) * SPREAD_PERCENT) / 100n
}

/** The largest whole number whose square is not above `square` (Newton, from above). */
function squareRoot(square: bigint): bigint {
  if (square < 2n) return square
  let root = 1n << BigInt((square.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + square / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
