/**
 * Terms of an account that have passed, and what they would have cost under other plans: the replay of billing/replay-term.ts, fed from
 * the books (rule R25).
 *
 * Called by rehearse-plan.ts for the operator and by read-advice.ts for the customer.
 *
 * Invariants:
 *   1. Closed periods alone: they never change, so pages may be read in transactions of their own, and no lock is held.
 *   2. Usage is read in pages, in the order in which it was booked; memory holds one page and the replays.
 *   3. A stretch of terms that follow one another begins with what the account's other credits really held then.
 */
import type { Micros } from '../billing/micros.ts'
import type { Period } from '../billing/period.ts'
import { feeOf, type PlanTerms } from '../billing/plan.ts'
import {
  beginTerm,
  endTerm,
  type OtherGrant,
  openReplay,
  type Replay,
  replayUse,
  type TermCost,
} from '../billing/replay-term.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { type CataloguePlan, readPlanVersions } from './catalogue.ts'

const PAGE = 10_000

export type PastTerm = {
  subscriptionId: string
  number: number
  period: Period
  /** In force when it began. */
  plan: CataloguePlan
  /** Whether a version of another plan came into force before its end. */
  changed: boolean
  /** What it did cost: fee and upgrades, and overage less what was credited since. Currency, without tax. */
  paidFee: Micros
  paidOverage: Micros
}

type TermRow = Omit<PastTerm, 'plan' | 'period' | 'paidFee'> & {
  start: Date
  end: Date
  planVersionId: string
  others: string[]
  upgrades: Micros
}

/** The newest closed terms of an account, oldest first. Trials are none: nobody pays for them. */
export async function readPastTerms(tx: Transaction, accountId: string, limit: number): Promise<PastTerm[]> {
  const rows = await tx.query<TermRow>(
    `select p.subscription_id as "subscriptionId", p.period_number as "number", p.starts_at as "start", p.ends_at as "end",
       v.plan_version_id as "planVersionId", o.others,
       p.overage_micros + coalesce((select sum(c.overage_micros) from usage_corrections c
         where c.account_id = p.account_id and c.subscription_id = p.subscription_id
           and c.period_number = p.period_number and not c.in_open_period), 0)::bigint as "paidOverage",
       coalesce((select sum(i.total_micros - i.tax_micros) from invoices i
         where i.account_id = p.account_id and i.subscription_id = p.subscription_id and i.period_number = p.period_number
           and i.kind = 'upgrade' and i.finalized_at is not null), 0)::bigint as "upgrades"
     from periods p
     cross join lateral (
       select plan_version_id from subscription_versions
       where account_id = p.account_id and subscription_id = p.subscription_id and starts_at <= p.starts_at
       order by starts_at desc limit 1) v
     cross join lateral (
       select coalesce(array_agg(plan_version_id), '{}') as others from subscription_versions
       where account_id = p.account_id and subscription_id = p.subscription_id
         and starts_at > p.starts_at and starts_at < p.ends_at) o
     -- Of a term with archived usage nothing can be said.
     where p.account_id = $1 and p.closed_at is not null and not exists (
       select from usage_archives a where a.detached and a.starts_at < p.ends_at and a.ends_at > p.starts_at)
     order by p.starts_at desc limit $2`,
    [accountId, limit],
  )
  const plans = await readPlanVersions(
    tx,
    rows.flatMap(({ planVersionId, others }) => [planVersionId, ...others]),
  )
  const terms = rows.map(({ start, end, planVersionId, others, upgrades, ...row }): PastTerm => {
    const plan = plans.get(planVersionId)!
    const changed = others.some((id) => plans.get(id)!.code !== plan.code)
    return { ...row, period: { start, end }, plan, changed, paidFee: feeOf(plan) + upgrades }
  })
  return terms.filter(({ plan }) => plan.trial === null).reverse()
}

/** What each of the terms, oldest first, would have cost under each of the plans: a list a plan, in the order given. */
export async function replayTerms(
  db: Database,
  accountId: string,
  { terms, plans }: { terms: readonly PastTerm[]; plans: readonly PlanTerms[] },
): Promise<TermCost[][]> {
  const costs: TermCost[][] = plans.map(() => [])
  let replays: Replay[] = []
  for (const [index, term] of terms.entries()) {
    const before = terms[index - 1]
    const follows = before?.subscriptionId === term.subscriptionId && before.number + 1 === term.number
    if (!follows) {
      const others = await db.asTenant(accountId, (tx) => readOtherGrants(tx, accountId, term))
      replays = plans.map((plan) => openReplay(plan, others))
    }
    for (const replay of replays) beginTerm(replay, term.period)
    await replayUsage(db, accountId, { term, replays })
    for (const [place, replay] of replays.entries()) costs[place]!.push(endTerm(replay))
  }
  return costs
}

/**
 * Credits beside the term's own, from its beginning on: what they held then, or hold when they come. Those that a credit note gave
 * are left out, as is the usage that it took back.
 */
async function readOtherGrants(tx: Transaction, accountId: string, term: PastTerm): Promise<OtherGrant[]> {
  return tx.query<OtherGrant>(
    `select g.grant_id as "id", g.priority, g.starts_at as "startsAt", g.expires_at as "expiresAt", g.created_at as "comesAt",
       case when g.ended_at < coalesce(g.expires_at, 'infinity') then g.ended_at end as "goesAt",
       case when g.created_at >= $2 then g.granted_micros else h.held end as "remaining"
     from credit_grants g
     cross join lateral (
       select coalesce(sum(e.amount_micros), 0)::bigint as held
       from ledger_entries e join ledger_transactions t using (account_id, sequence)
       where e.account_id = g.account_id and e.grant_id = g.grant_id and e.ledger_account = 'credits:available'
         and t.booked_at < $2) h
     where g.account_id = $1 and coalesce(g.expires_at, 'infinity') > $2
       and (g.source in ('promotion', 'purchase', 'adjustment') or (g.rolled > 0 and g.created_at <= $2))
       and g.natural_key not like 'credit\\_note:%'
       and (g.created_at >= $2 or h.held > 0)`,
    [accountId, term.period.start],
  )
}

type UseRow = { id: string; sequence: bigint; operation: string; quantity: bigint; at: Date }

/** Tells the replays every use of the term that still stands, in the order booked. */
async function replayUsage(
  db: Database,
  accountId: string,
  { term, replays }: { term: PastTerm; replays: readonly Replay[] },
): Promise<void> {
  const nowhere = '00000000-0000-0000-0000-000000000000'
  let last: Pick<UseRow, 'id' | 'sequence' | 'at'> = { id: nowhere, sequence: 0n, at: term.period.start }
  for (;;) {
    const { at, sequence, id } = last
    const rows: UseRow[] = await db.asTenant(accountId, (tx) =>
      tx.query<UseRow>(
        `select u.usage_record_id as "id", u.ledger_sequence as "sequence", u.operation, u.quantity, u.booked_at as "at"
         from usage_records u
         where u.account_id = $1 and u.booked_at >= $4 and u.booked_at <= $7
           and (u.booked_at, u.ledger_sequence, u.usage_record_id) > ($4, $5, $6)
           and u.subscription_id = $2 and u.period_number = $3
           and not exists (select from usage_corrections c where c.account_id = u.account_id
             and c.usage_record_id = u.usage_record_id and c.kind = 'reversed')
         order by u.booked_at, u.ledger_sequence, u.usage_record_id limit ${PAGE}`,
        [accountId, term.subscriptionId, term.number, at, sequence, id, term.period.end],
      ),
    )
    for (const { operation, quantity, at: usedAt } of rows) {
      for (const replay of replays) replayUse(replay, { operation, quantity: Number(quantity), at: usedAt })
    }
    if (rows.length < PAGE) return
    last = rows.at(-1)!
  }
}
