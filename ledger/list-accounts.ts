/** All accounts as the operator sees them: plan, balance, overage, debt. For the service role. */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'

export type ListedAccount = {
  accountId: string
  name: string
  planName: string | null
  /** Credits usable now. */
  balance: Micros
  /** Currency: accrued in the open period. */
  overage: Micros
  /** Currency: what finalized invoices still ask for. */
  amountDue: Micros
  currency: string | null
  creditUnit: string | null
  /** Where the open period ends; null without a plan. */
  periodEnd: Date | null
  now: Date
  createdAt: Date
}

/** Accounts made before the given one, newest first; with `search`, those with it in their name or as their id.
 * Shows what stands in the books; what is due is the sweeper's. */
export function listAccounts(
  tx: Transaction,
  page: { limit: number; before: string | null; search?: string | undefined },
): Promise<ListedAccount[]> {
  return tx.query<ListedAccount>(
    `with listed as (
       select a.*, greatest(
         date_trunc('milliseconds', clock_timestamp()) + a.clock_offset_ms * interval '1 millisecond',
         a.last_booked_at) as business_now
       from accounts a where ($1::uuid is null or a.account_id < $1)
         and ($3::text is null or position(lower($3) in lower(a.name)) > 0
           or replace(a.account_id::text, '-', '') = replace(lower($3), 'account_', '')) order by a.account_id desc limit $2)
     select a.account_id as "accountId", a.name, p.name as "planName", a.currency,
       a.credit_unit as "creditUnit", o.ends_at as "periodEnd", a.business_now as "now",
       a.created_at as "createdAt",
       (select coalesce(sum(g.remaining_micros), 0)::bigint from credit_grants g
        where g.account_id = a.account_id and g.ended_at is null and g.starts_at <= a.business_now
          and (g.expires_at is null or g.expires_at > a.business_now)) as "balance",
       coalesce(o.overage_micros, 0::bigint) as "overage",
       (select coalesce(sum(total_micros + opening_balance_micros - customer_credit_micros - paid_micros), 0)::bigint
        from invoices i where i.account_id = a.account_id and (i.status in ('open', 'past_due', 'uncollectible')
          or (i.status = 'carried' and i.carried_to is null))) as "amountDue"
     from listed a
     left join subscriptions s on s.account_id = a.account_id and s.status = 'active'
     left join plan_versions v using (plan_version_id)
     left join plans p using (plan_id)
     left join periods o on o.account_id = s.account_id and o.subscription_id = s.subscription_id
       and o.period_number = s.period_number
     order by a.account_id desc`,
    [page.before, page.limit, page.search || null],
  )
}
