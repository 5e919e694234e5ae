/**
 * What accounts owe and have accrued: what is lost if nobody pays any more (rule R28). For the operator, with the service role.
 *
 * Shows what stands in the books; what is due is the sweeper's.
 */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'

/** Currency. */
type Owed = {
  /** Overage of the open period that is on no invoice. */
  accruing: Micros
  /** On finalized invoices that ask for something. */
  open: Micros
  /** Of `open`: what was tried and not paid. */
  pastDue: Micros
}

export type AccountExposure = Owed & { accountId: string; name: string; currency: string; since: Date | null }
export type Exposure = {
  sums: (Owed & { currency: string; accounts: number })[]
  accounts: AccountExposure[]
}

const OWED = `
  with unpaid as (
    select account_id, sum(due) as open, coalesce(sum(due) filter (where status in ('past_due', 'uncollectible')), 0) as past_due,
      min(finalized_at) as since
    from (select account_id, status, finalized_at,
        (total_micros + opening_balance_micros - customer_credit_micros - paid_micros)::numeric as due
      from invoices where status in ('open', 'past_due', 'uncollectible') or (status = 'carried' and carried_to is null)) i
    group by account_id),
  accruing as (
    select account_id, sum(overage_micros - billed_micros) as accruing from periods where closed_at is null group by account_id),
  owed as (
    select a.account_id, a.name, a.currency, coalesce(c.accruing, 0) as accruing, coalesce(u.open, 0) as open,
      coalesce(u.past_due, 0) as past_due, u.since
    from accounts a left join unpaid u using (account_id) left join accruing c using (account_id)
    where a.currency is not null and coalesce(c.accruing, 0) + coalesce(u.open, 0) > 0)`

/** Sums by currency, and the accounts that owe and have accrued most. */
export async function readExposure(tx: Transaction, limit: number): Promise<Exposure> {
  const sums = await tx.query<Exposure['sums'][number]>(
    `${OWED} select currency, count(*)::integer as "accounts", sum(accruing)::bigint as "accruing", sum(open)::bigint as "open",
       sum(past_due)::bigint as "pastDue" from owed group by currency order by currency`,
  )
  const accounts = await tx.query<AccountExposure>(
    `${OWED} select account_id as "accountId", name, currency, accruing::bigint, open::bigint, past_due::bigint as "pastDue", since
     from owed order by currency, accruing + open desc, account_id limit $1`,
    [limit],
  )
  return { sums, accounts }
}
