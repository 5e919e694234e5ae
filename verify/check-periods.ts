/**
 * The checks of periods, invoices and payments: period totals from usage, invoices from entries and totals, payments from
 * invoices (rule R31). What a line must say is derived in derive-invoice.ts; here is what SQL can ask.
 *
 * Used by verify-account.ts, which says what the parameters are.
 */
import { SUMS } from './check-journal.ts'
import type { Check } from './finding.ts'

const TOTALS = `jsonb_to_recordset($4::jsonb->'totals') as u (subscription_id uuid, period_number integer, plan_version_id uuid,
  operation text, late boolean, quantity numeric, cost numeric, drawn numeric, overage numeric)`
const DRAWS = `jsonb_to_recordset($4::jsonb->'draws') as u (subscription_id uuid, period_number integer, source text, drawn numeric)`

/** Periods that are looked at: those that are open, and those of which the state knows. All in a whole verification. */
const watched = (
  row: string,
) => `($2 = 0 or exists (select from ${TOTALS} where u.subscription_id = ${row}.subscription_id
  and u.period_number = ${row}.period_number))`

const sumOf = (account: string) =>
  `coalesce((select sum(s.amount) from ${SUMS} where s.ledger_account = '${account}'), 0)`

export const PERIOD_CHECKS: Readonly<Record<string, Check>> = {
  'the totals of a period are those of its usage': `
    select 'total of ' || operation || ' in period ' || period_number as row, u.sums::text as expected, t.sums::text as found
    from (select subscription_id, period_number, plan_version_id, operation, late, row(quantity, cost, drawn, overage) as sums
      from ${TOTALS}) u
    full join (select subscription_id, period_number, plan_version_id, operation, late,
        row(quantity::numeric, cost_micros::numeric, drawn_micros::numeric, overage_micros::numeric) as sums
      from period_totals t where account_id = $1 and ${watched('t')}) t
      using (subscription_id, period_number, plan_version_id, operation, late)
    where u.sums is distinct from t.sums`,

  'what a period drew of each source is what its usage drew': `
    select 'draws of ' || source || ' in period ' || period_number as row, u.drawn as expected, d.drawn_micros as found
    from (select * from ${DRAWS}) u
    full join (select * from period_draws t where account_id = $1 and ${watched('t')}) d
      using (subscription_id, period_number, source)
    where u.drawn is distinct from d.drawn_micros`,

  'the overage of a period is that of its usage': `
    select 'period ' || p.period_number as row, coalesce(sum(t.overage_micros), 0) as expected, p.overage_micros as found
    from periods p left join period_totals t using (account_id, subscription_id, period_number)
    where p.account_id = $1 group by p.subscription_id, p.period_number, p.overage_micros
    having coalesce(sum(t.overage_micros), 0) <> p.overage_micros`,

  'periods follow one another': `
    select 'period ' || period_number as row, 'from ' || before as expected, 'from ' || starts_at as found
    from (select period_number, starts_at, closed_at,
        lag(ends_at) over (partition by subscription_id order by period_number) as before
      from periods where account_id = $1) p where starts_at <> before
    union all
    select 'period ' || p.period_number, s.period_starts_at || ' to ' || s.period_ends_at, p.starts_at || ' to ' || p.ends_at
    from subscriptions s left join periods p using (account_id, subscription_id, period_number)
    where s.account_id = $1 and (s.period_starts_at, s.period_ends_at) is distinct from (p.starts_at, p.ends_at)
    union all
    select 'period ' || p.period_number, case when p.closed_at is null then 'closed' else 'open' end,
      case when p.closed_at is null then 'open' else 'closed' end
    from periods p join subscriptions s using (account_id, subscription_id)
    where p.account_id = $1
      and (p.closed_at is null) <> (s.status = 'active' and p.period_number = s.period_number)`,

  'a closed period has one invoice or nothing to bill': `
    select 'period ' || p.period_number as row, 'an invoice' as expected, 'none' as found
    from periods p left join invoices i on i.account_id = p.account_id and i.subscription_id = p.subscription_id
      and i.period_number = p.period_number and i.kind in ('boundary', 'cancel')
    where p.account_id = $1 and p.closed_at is not null and p.overage_micros > p.billed_micros and i.invoice_id is null`,

  'an invoice closes its period': `
    select 'invoice ' || coalesce(i.number, i.invoice_id::text) as row, p.starts_at || ' to ' || p.ends_at as expected,
      i.period_starts_at || ' to ' || i.period_ends_at as found
    from invoices i left join periods p using (account_id, subscription_id, period_number)
    where i.account_id = $1 and i.kind in ('boundary', 'cancel')
      and (i.period_starts_at, i.period_ends_at) is distinct from (p.starts_at, p.ends_at)`,
}

/** Interim invoices with the cut before each, and where that ended. What is archived of them was verified before it was. */
const CUTS = `(select i.*, exists (select from usage_archives z where z.detached and z.starts_at < i.period_ends_at
      and z.ends_at > i.period_starts_at - interval '1 second') as archived, 'invoice ' || coalesce(i.number, i.invoice_id::text) as name,
    lag(billed_through, 1, 0::bigint) over cuts as cut_before, lag(period_ends_at) over cuts as before
  from invoices i where i.account_id = $1 and i.kind = 'interim'
  window cuts as (partition by i.subscription_id, i.period_number order by i.billed_through)) i`

export const INTERIM_CHECKS: Readonly<Record<string, Check>> = {
  'an interim invoice takes what was used since the cut before': `
    select name || ', ' || operation as row, u.sums::text as expected, b.sums::text as found
    from (select i.name, i.invoice_id, u.plan_version_id, u.operation, u.late,
        row(sum(u.quantity)::numeric, sum(u.cost), sum(u.drawn), sum(u.overage)) as sums
      from ${CUTS} cross join lateral (
        select plan_version_id, operation, late, quantity::numeric, cost_micros::numeric as cost, drawn_micros::numeric as drawn,
          overage_micros::numeric as overage
        from usage_records u where u.account_id = $1 and u.subscription_id = i.subscription_id and u.period_number = i.period_number
          and u.ledger_sequence > i.cut_before and u.ledger_sequence <= i.billed_through
        union all
        select plan_version_id, operation, late, quantity, cost_micros, drawn_micros, overage_micros
        from usage_corrections c where c.account_id = $1 and c.subscription_id = i.subscription_id and c.in_open_period
          and c.period_number = i.period_number and c.ledger_sequence > i.cut_before and c.ledger_sequence <= i.billed_through) u
      where not i.archived and i.billed_through > $2 group by 1, 2, 3, 4, 5 having sum(u.quantity) <> 0) u
    full join (select i.name, i.invoice_id, b.plan_version_id, b.operation, b.late, row(b.quantity::numeric, b.cost_micros::numeric,
        b.drawn_micros::numeric, b.overage_micros::numeric) as sums
      from ${CUTS} join interim_totals b using (account_id, invoice_id) where b.account_id = $1 and not i.archived and i.billed_through > $2) b
      using (name, invoice_id, plan_version_id, operation, late)
    where u.sums is distinct from b.sums`,

  'an interim invoice drew of each source what its usage drew': `
    select name || ', ' || source as row, u.drawn as expected, b.drawn as found
    from (select i.name, i.invoice_id, coalesce(g.source, 'no grant') as source, sum(d.amount) as drawn
      from ${CUTS} cross join lateral (
        select draw_grant_ids, draw_micros from usage_records u where u.account_id = $1
          and u.subscription_id = i.subscription_id and u.period_number = i.period_number
          and u.ledger_sequence > i.cut_before and u.ledger_sequence <= i.billed_through
        union all
        select draw_grant_ids, draw_micros from usage_corrections c where c.account_id = $1 and c.in_open_period
          and c.subscription_id = i.subscription_id and c.period_number = i.period_number
          and c.ledger_sequence > i.cut_before and c.ledger_sequence <= i.billed_through) u
      cross join unnest(u.draw_grant_ids, u.draw_micros) as d (grant_id, amount)
      left join credit_grants g on g.account_id = $1 and g.grant_id = d.grant_id
      where not i.archived and i.billed_through > $2 group by 1, 2, 3 having sum(d.amount) <> 0) u
    full join (select i.name, i.invoice_id, b.source, b.drawn_micros::numeric as drawn
      from ${CUTS} join interim_draws b using (account_id, invoice_id) where b.account_id = $1 and not i.archived and i.billed_through > $2) b using (name, invoice_id, source)
    where u.drawn is distinct from b.drawn`,

  'a period has billed what its interim invoices bill': `
    select 'period ' || p.period_number as row, concat_ws(', ', i.billed, i.through, i.ends_at) as expected,
      concat_ws(', ', p.billed_micros, p.billed_through, p.billed_at) as found
    from periods p cross join lateral (
      select coalesce(sum(i.unbilled_micros), 0) as billed, coalesce(max(i.billed_through), 0) as through, max(i.period_ends_at) as ends_at
      from ${CUTS} where i.subscription_id = p.subscription_id and i.period_number = p.period_number) i
    where p.account_id = $1
      and (p.billed_micros::numeric, p.billed_through, p.billed_at) is distinct from (i.billed, i.through, i.ends_at)`,

  'interim invoices follow one another within their period': `
    select i.name as row, 'from ' || coalesce(i.before, p.starts_at) as expected, 'from ' || i.period_starts_at || ' to ' || i.period_ends_at as found
    from ${CUTS} join periods p using (account_id, subscription_id, period_number)
    where p.account_id = $1 and (i.period_starts_at <> coalesce(i.before, p.starts_at) or i.period_ends_at > p.ends_at + interval '1 second')`,
}

const INVOICE = `'invoice ' || coalesce(i.number, i.invoice_id::text)`

/** What a ledger transaction of a cause moved on an account, by what caused it. */
const caused = (
  cause: string,
  account: string,
) => `(select t.cause_id, t.sequence, t.booked_at, sum(e.amount_micros) as amount
  from ledger_transactions t join ledger_entries e using (account_id, sequence)
  where t.account_id = $1 and t.cause = '${cause}' and e.ledger_account = '${account}' group by 1, 2, 3)`

export const INVOICE_CHECKS: Readonly<Record<string, Check>> = {
  'invoice numbers have no gap': `
    select coalesce('invoice ' || i.number, 'invoice number ' || n) as row, n as expected, coalesce(i.number, 'none') as found
    from (select a.invoice_prefix || '-' || lpad(n::text, greatest(4, length(n::text)), '0') as n
      from accounts a cross join generate_series(1, a.invoice_count) as n where a.account_id = $1) numbers
    full join (select number from invoices where account_id = $1 and number is not null) i on i.number = numbers.n
    where i.number is null or numbers.n is null`,

  'a finalized invoice is a claim in the journal': `
    select coalesce(${INVOICE}, 'transaction ' || t.sequence) as row,
      i.total_micros || ' claimed at ' || i.finalized_at as expected, t.amount || ' at ' || t.booked_at as found
    from (select * from invoices where account_id = $1 and finalized_at is not null) i
    full join ${caused('invoice_finalized', 'assets:receivable')} t on t.cause_id = i.invoice_id::text
    where (i.total_micros <> 0 or i.invoice_id is null)
      and (i.total_micros::numeric, i.finalized_at) is distinct from (t.amount, t.booked_at)`,

  'what a finalized invoice bills is no longer unbilled': `
    select ${INVOICE} as row, i.unbilled_micros as expected, -t.amount as found
    from invoices i
    left join ${caused('invoice_finalized', 'assets:unbilled')} t on t.cause_id = i.invoice_id::text
    where i.account_id = $1 and i.finalized_at is not null and i.unbilled_micros <> -coalesce(t.amount, 0)`,

  'a payment that succeeded is money in the journal': `
    select coalesce('payment ' || p.payment_id, 'transaction ' || t.sequence) as row, p.amount_micros as expected, t.amount as found
    from (select * from payments where account_id = $1 and status = 'succeeded') p
    full join ${caused('payment_received', 'assets:cash')} t on t.cause_id = p.payment_id::text
    where p.amount_micros::numeric is distinct from t.amount`,

  'what is receivable is what finalized invoices ask for': `
    select 'assets:receivable' as row, invoiced - paid as expected, booked as found
    from (select ${sumOf('assets:receivable')} as booked,
        (select coalesce(sum(total_micros - customer_credit_micros - written_off_micros), 0) from invoices
         where account_id = $1 and finalized_at is not null) as invoiced,
        (select coalesce(sum(p.amount_micros), 0) from payments p join invoices i using (account_id, invoice_id)
         where p.account_id = $1 and p.status = 'succeeded' and i.finalized_at is not null)
        - (select coalesce(sum(e.amount_micros), 0) from ledger_transactions t join ledger_entries e using (account_id, sequence)
           where t.account_id = $1 and t.cause = 'dispute_lost' and e.ledger_account = 'assets:receivable') as paid) sums
    where booked <> invoiced - paid`,

  'what is unbilled is the open overage and the drafts': `
    select 'assets:unbilled' as row, open + drafted as expected, booked as found
    from (select ${sumOf('assets:unbilled')} as booked,
        (select coalesce(sum(overage_micros - billed_micros), 0) from periods where account_id = $1 and closed_at is null) as open,
        (select coalesce(sum(unbilled_micros), 0) from invoices
         where account_id = $1 and status = 'draft' and kind in ('boundary', 'cancel', 'purchase', 'interim')) as drafted) sums
    where booked <> open + drafted`,

  'an invoice was paid what its payments say': `
    select ${INVOICE} as row, paid - lost as expected, paid_micros as found
    from (select i.*, (select coalesce(sum(p.amount_micros), 0) from payments p where p.account_id = $1
          and p.invoice_id = i.invoice_id and p.status = 'succeeded') as paid,
        (select coalesce(sum(t.amount), 0) from ${caused('dispute_lost', 'assets:receivable')} t
         join disputes d on d.account_id = $1 and d.dispute_id::text = t.cause_id
         join payments p on p.account_id = $1 and p.payment_id = d.payment_id
         where p.invoice_id = i.invoice_id) as lost
      from invoices i where i.account_id = $1) i
    where paid - lost <> paid_micros`,

  'an invoice is paid when nothing is left to pay': `
    select ${INVOICE} as row, case when due = 0 then 'paid' else 'not paid' end as expected, i.status as found
    from (select *, total_micros + opening_balance_micros - customer_credit_micros - paid_micros - written_off_micros as due
          from invoices where account_id = $1 and finalized_at is not null and carried_to is null) i
    where (due = 0) <> (status in ('paid', 'written_off')) or (written_off_micros > 0) <> (status = 'written_off')`,

  'an opening balance is what the invoices before it carried': `
    select ${INVOICE} as row, coalesce(sum(c.total_micros + c.opening_balance_micros - c.customer_credit_micros - c.paid_micros), 0)
      as expected, i.opening_balance_micros as found
    from invoices i left join invoices c on c.account_id = i.account_id and c.carried_to = i.invoice_id
    where i.account_id = $1 group by i.invoice_id, i.number, i.opening_balance_micros
    having coalesce(sum(c.total_micros + c.opening_balance_micros - c.customer_credit_micros - c.paid_micros), 0)
      <> i.opening_balance_micros`,
}
