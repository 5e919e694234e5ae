/**
 * Which plan would have been the cheapest for terms that have passed (rule R25's replay, asked for one account).
 *
 * Called for the customer's advice. What each plan would have cost comes from replay-term.ts.
 *
 * Invariants:
 *   1. A plan that would have refused some of the usage is never recommended.
 *   2. Nothing is recommended that is not cheaper than the plan in force; of two as cheap, the one with the smaller fee.
 */
import type { Micros } from './micros.ts'
import type { TermCost } from './replay-term.ts'

export type PlanCost = {
  code: string
  /** Fee and overage of all terms together; currency. */
  fee: Micros
  overage: Micros
  total: Micros
  /** Operations that were used and that the plan does not offer. */
  notOffered: string[]
}

/** What one plan would have cost over the terms. */
export function addUpTerms(code: string, terms: readonly TermCost[]): PlanCost {
  const fee = terms.reduce((sum, term) => sum + term.fee, 0n)
  const overage = terms.reduce((sum, term) => sum + term.overage, 0n)
  const notOffered = [...new Set(terms.flatMap((term) => [...term.notOffered.keys()]))]
  return { code, fee, overage, total: fee + overage, notOffered }
}

export type Recommendation = {
  code: string /** What it would have saved over all terms; currency. */
  saves: Micros
}

/** The plan to take in place of `current`, or null where that is the best already, or where no term has passed. */
export function recommend(costs: readonly PlanCost[], current: string): Recommendation | null {
  const now = costs.find(({ code }) => code === current)
  if (!now) return null
  const [best] = costs
    .filter(({ notOffered, total }) => notOffered.length === 0 && total < now.total)
    .sort((a, b) => compare(a.total, b.total) || compare(a.fee, b.fee))
  return best ? { code: best.code, saves: now.total - best.total } : null
}

function compare(a: Micros, b: Micros): number {
  return Number(a > b) - Number(a < b)
}
