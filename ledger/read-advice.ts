/**
 * What an account's last terms would have cost on every plan on offer, and which of them is to be recommended.
 *
 * Called by http/ for the customer. The replay is that of the operator's rehearsal (past-terms.ts), the choice billing's (advise.ts).
 *
 * Invariant: as many terms are replayed as have little enough usage to be replayed while somebody waits, the newest first.
 */
import { addUpTerms, type PlanCost, type Recommendation, recommend } from '../billing/advise.ts'
import type { Period } from '../billing/period.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { type CataloguePlan, readOfferedPlans } from './catalogue.ts'
import { type PastTerm, readPastTerms, replayTerms } from './past-terms.ts'

/** Replayed in about a second for each plan. */
const MOST_RECORDS = 200_000

export type Advice = {
  /** Oldest first. None where no term has passed, or the last alone has too much usage to be replayed at once. */
  terms: { period: Period; planName: string; paidFee: bigint; paidOverage: bigint }[]
  plans: { plan: CataloguePlan; isCurrent: boolean; cost: PlanCost }[]
  recommendation: Recommendation | null
}

/** Advice from the last `limit` terms, or null without a plan. */
export async function readAdvice(
  db: Database,
  accountId: string,
  { current, limit }: { current: CataloguePlan; limit: number },
): Promise<Advice> {
  const [terms, offered] = await db.asTenant(accountId, async (tx) => {
    const past = await readPastTerms(tx, accountId, limit)
    return [await thoseInReach(tx, accountId, past), await readOfferedPlans(tx)] as const
  })
  const { currency, creditUnit } = current
  const others = offered.filter(
    (plan) =>
      plan.code !== current.code &&
      plan.trial === null &&
      plan.currency === currency &&
      plan.creditUnit === creditUnit,
  )
  const plans = [current, ...others]
  const costs = await replayTerms(db, accountId, { terms, plans })
  const summed = plans.map((plan, index) => ({
    plan,
    isCurrent: plan === current,
    cost: addUpTerms(plan.code, costs[index]!),
  }))
  return {
    terms: terms.map(({ period, plan, paidFee, paidOverage }) => ({
      period,
      planName: plan.name,
      paidFee,
      paidOverage,
    })),
    plans: summed,
    recommendation:
      terms.length === 0
        ? null
        : recommend(
            summed.map(({ cost }) => cost),
            current.code,
          ),
  }
}

/** The newest terms that follow one another up to the last and have no more usage together than can be replayed at once. */
async function thoseInReach(tx: Transaction, accountId: string, terms: PastTerm[]): Promise<PastTerm[]> {
  let left = MOST_RECORDS
  for (const [index, { period }] of [...terms.entries()].reverse()) {
    const [row] = await tx.query<{ n: bigint }>(
      `select count(*) as n from (select from usage_records where account_id = $1 and booked_at >= $2 and booked_at < $3
         limit $4) r`,
      [accountId, period.start, period.end, left + 1],
    )
    left -= Number(row!.n)
    if (left < 0) return terms.slice(index + 1)
  }
  return terms
}
