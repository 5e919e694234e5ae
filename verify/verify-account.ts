/**
 * Re-derives an account's amounts from what they come from, and names every row that disagrees (rule R31).
 *
 * Called at the end of tests, and by whoever wants to know. Plain SQL over the tables: nothing of the engine is
 * imported, so that one mistake cannot hide in both.
 *
 *   balances from entries · entries from usage × price · invoices from lines and entries · payments from invoices
 */
import type { Transaction } from '../database/connect.ts'
import { CHAIN_CHECKS } from './check-chain.ts'

export type Finding = {
  check: string
  /** Which row is at fault. */
  row: string
  /** What was expected and what stands there. */
  detail: string
}

/** All that is wrong with the account's books; empty when they are in order. */
export async function verifyAccount(tx: Transaction, accountId: string): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [check, query] of Object.entries({ ...CHECKS, ...CHAIN_CHECKS })) {
    const rows = await tx.query<{ row: string; expected: unknown; found: unknown }>(query, [accountId])
    for (const { row, expected, found } of rows) {
      findings.push({ check, row, detail: `expected ${String(expected)}, found ${String(found)}` })
    }
  }
  return findings
}

/** Each answers the rows at fault, with what was expected and what was found. $1 is the account. */
const CHECKS: Readonly<Record<string, string>> = {
  'a transaction sums to zero in each commodity': `
    select 'transaction ' || sequence || ' in ' || commodity as row, 0 as expected, sum(amount_micros) as found
    from ledger_entries where account_id = $1 group by sequence, commodity having sum(amount_micros) <> 0`,

  'the journal has no gap': `
    select 'account' as row, a.entry_sequence as expected, coalesce(max(t.sequence), 0) || ' of ' || count(t.*) as found
    from accounts a left join ledger_transactions t using (account_id) where a.account_id = $1
    group by a.entry_sequence having a.entry_sequence <> coalesce(max(t.sequence), 0) or a.entry_sequence <> count(t.*)`,

  'booked time never goes backwards': `
    select 'transaction ' || sequence as row, before as expected, booked_at as found
    from (select sequence, booked_at, lag(booked_at) over (order by sequence) as before
          from ledger_transactions where account_id = $1) ordered where booked_at < before`,

  'a grant holds what its entries say': `
    select 'grant ' || g.grant_id as row, coalesce(sum(e.amount_micros), 0) as expected, g.remaining_micros as found
    from credit_grants g left join ledger_entries e on e.account_id = g.account_id and e.grant_id = g.grant_id
      and e.ledger_account = 'credits:available'
    where g.account_id = $1 group by g.grant_id, g.remaining_micros
    having coalesce(sum(e.amount_micros), 0) <> g.remaining_micros`,

  'granted = drawn + expired + remaining': `
    select 'grant ' || g.grant_id as row, g.granted_micros as expected,
      coalesce(sum(e.amount_micros), 0) + g.remaining_micros as found
    from credit_grants g left join ledger_entries e on e.account_id = g.account_id and e.grant_id = g.grant_id
      and e.ledger_account in ('credits:drawn', 'credits:expired', 'credits:voided')
    where g.account_id = $1 group by g.grant_id, g.granted_micros, g.remaining_micros
    having coalesce(sum(e.amount_micros), 0) + g.remaining_micros <> g.granted_micros`,

  'what was paid for a grant is deferred or recognised': `
    select 'grant ' || g.grant_id as row, g.consideration_micros - g.recognised_micros as expected,
      -coalesce(sum(e.amount_micros), 0) as found
    from credit_grants g left join ledger_entries e on e.account_id = g.account_id and e.grant_id = g.grant_id
      and e.ledger_account = 'liabilities:deferred'
    where g.account_id = $1 group by g.grant_id, g.consideration_micros, g.recognised_micros
    having -coalesce(sum(e.amount_micros), 0) <> g.consideration_micros - g.recognised_micros`,

  'revenue from a grant follows what was drawn': `
    select 'grant ' || grant_id as row,
      floor(consideration_micros::numeric * (granted_micros - remaining_micros) / granted_micros) as expected,
      recognised_micros as found
    from credit_grants where account_id = $1 and ended_at is null and recognised_micros <>
      floor(consideration_micros::numeric * (granted_micros - remaining_micros) / granted_micros)`,

  'a usage record is unit price × quantity, split without loss': `
    select 'usage ' || usage_record_id as row, unit_price_micros * quantity as expected,
      drawn_micros || ' drawn as ' || draw_micros::text as found
    from usage_records where account_id = $1 and (cost_micros <> unit_price_micros * quantity
      or drawn_micros <> coalesce((select sum(amount) from unnest(draw_micros) as amount), 0)
      or overage_micros <> case when unit_price_micros = 0 then 0
        else round((cost_micros - drawn_micros)::numeric * overage_unit_price_micros / unit_price_micros) end)`,

  'entries of usage are what its records say': `
    select 'transaction ' || t.sequence as row, u.drawn || ' drawn, ' || u.overage || ' overage' as expected,
      e.drawn || ' drawn, ' || e.overage || ' overage' as found
    from ledger_transactions t
    cross join lateral (select coalesce(sum(drawn_micros), 0) as drawn, coalesce(sum(overage_micros), 0) as overage
      from usage_records u where u.account_id = t.account_id and u.ledger_sequence = t.sequence) u
    cross join lateral (select
        coalesce(sum(amount_micros) filter (where ledger_account = 'credits:drawn'), 0) as drawn,
        coalesce(-sum(amount_micros) filter (where ledger_account = 'income:overage'), 0) as overage
      from ledger_entries e where e.account_id = t.account_id and e.sequence = t.sequence) e
    where t.account_id = $1 and t.cause = 'usage_booked' and (u.drawn, u.overage) <> (e.drawn, e.overage)`,

  'each usage record has its key, and each key its record': `
    select coalesce('usage ' || u.usage_record_id, 'key ' || k.key) as row, 'both' as expected, 'one' as found
    from (select * from usage_records where account_id = $1) u
    full join (select * from usage_keys where account_id = $1) k using (account_id, source, key)
    where u.usage_record_id is distinct from k.usage_record_id`,

  'the totals of a period are those of its usage': `
    select 'period ' || period_number || ', ' || operation as row, u.sums::text as expected, t.sums::text as found
    from (select subscription_id, period_number, plan_version_id, operation, late,
        row(sum(quantity), sum(cost_micros), sum(drawn_micros), sum(overage_micros)) as sums
      from usage_records where account_id = $1 group by 1, 2, 3, 4, 5) u
    full join (select subscription_id, period_number, plan_version_id, operation, late,
        row(quantity::numeric, cost_micros::numeric, drawn_micros::numeric, overage_micros::numeric) as sums
      from period_totals where account_id = $1) t
      using (subscription_id, period_number, plan_version_id, operation, late)
    where u.sums is distinct from t.sums`,

  'the overage of a period is that of its usage': `
    select 'period ' || p.period_number as row, coalesce(sum(t.overage_micros), 0) as expected,
      p.overage_micros as found
    from periods p left join period_totals t using (account_id, subscription_id, period_number)
    where p.account_id = $1 group by p.subscription_id, p.period_number, p.overage_micros
    having coalesce(sum(t.overage_micros), 0) <> p.overage_micros`,

  'an invoice is the sum of its lines, each within a minor unit of its exact amount': `
    select 'invoice ' || coalesce(i.number, i.invoice_id::text) as row, i.total_micros as expected,
      coalesce(sum(l.amount_micros), 0) as found
    from invoices i left join invoice_lines l using (account_id, invoice_id) where i.account_id = $1
    group by i.invoice_id, i.number, i.total_micros
    having coalesce(sum(l.amount_micros), 0) <> i.total_micros
      or bool_or(abs(l.amount_micros - l.exact_micros) >= 1000000)`,

  'invoice numbers have no gap': `
    select 'account' as row, a.invoice_count as expected, count(i.*) as found
    from accounts a left join invoices i on i.account_id = a.account_id and i.number is not null
    where a.account_id = $1 group by a.invoice_count having a.invoice_count <> count(i.*)`,

  'what is receivable is what finalized invoices ask for': `
    select 'assets:receivable' as row, invoiced - paid as expected, booked as found
    from (select
        (select coalesce(sum(total_micros - customer_credit_micros), 0) from invoices
         where account_id = $1 and finalized_at is not null) as invoiced,
        (select coalesce(sum(amount_micros), 0) from payments
         where account_id = $1 and status = 'succeeded') as paid,
        (select coalesce(sum(amount_micros), 0) from ledger_entries
         where account_id = $1 and ledger_account = 'assets:receivable') as booked) sums
    where booked <> invoiced - paid`,

  'what is unbilled is the open overage and the drafts': `
    select 'assets:unbilled' as row, open + drafted as expected, booked as found
    from (select
        (select coalesce(sum(overage_micros), 0) from periods where account_id = $1 and closed_at is null) as open,
        (select coalesce(sum(unbilled_micros), 0) from invoices
         where account_id = $1 and status = 'draft' and kind in ('boundary', 'cancel', 'purchase')) as drafted,
        (select coalesce(sum(amount_micros), 0) from ledger_entries
         where account_id = $1 and ledger_account = 'assets:unbilled') as booked) sums
    where booked <> open + drafted`,

  'an invoice was paid what its payments say': `
    select 'invoice ' || coalesce(i.number, i.invoice_id::text) as row, coalesce(sum(p.amount_micros), 0) as expected,
      i.paid_micros as found
    from invoices i left join payments p on p.account_id = i.account_id and p.invoice_id = i.invoice_id
      and p.status = 'succeeded'
    where i.account_id = $1 group by i.invoice_id, i.number, i.paid_micros
    having coalesce(sum(p.amount_micros), 0) <> i.paid_micros`,

  'a closed period has one invoice or nothing to bill': `
    select 'period ' || p.period_number as row, 'an invoice' as expected, 'none' as found
    from periods p left join invoices i on i.account_id = p.account_id and i.subscription_id = p.subscription_id
      and i.period_number = p.period_number and i.kind in ('boundary', 'cancel')
    where p.account_id = $1 and p.closed_at is not null and p.overage_micros > 0 and i.invoice_id is null`,
}
