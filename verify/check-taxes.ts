/**
 * The checks of tax and customer credit: each from the lines and the entries that they come from (rules R9 and R26).
 *
 * Used by verify-account.ts, which says what the parameters are.
 */

import { isArchived } from './check-archives.ts'
import { SUMS } from './check-journal.ts'
import type { Check } from './finding.ts'

/** Micros in the smallest coin of the currency of an invoice `i` (ISO 4217: those without decimals, those with three). */
const MINOR_UNIT = `case
  when i.currency = any ('{BIF,CLP,DJF,GNF,ISK,JPY,KMF,KRW,PYG,RWF,UGX,UYI,VND,VUV,XAF,XOF,XPF}') then 1000000
  when i.currency = any ('{BHD,IQD,JOD,KWD,LYD,OMR,TND}') then 1000 else 10000 end`

const booked = (account: string) =>
  `coalesce((select -sum(s.amount) from ${SUMS} where s.ledger_account = '${account}'), 0)`

export const TAX_CHECKS: Readonly<Record<string, Check>> = {
  'a line is within a minor unit of its exact amount': `
    select 'invoice ' || coalesce(i.number, i.invoice_id::text) || ', line ' || l.line as row, l.exact_micros as expected,
      l.amount_micros as found
    from invoices i join invoice_lines l using (account_id, invoice_id)
    where i.account_id = $1 and (abs(l.amount_micros - l.exact_micros) >= ${MINOR_UNIT}
      or l.amount_micros % ${MINOR_UNIT} <> 0)`,

  'an invoice is taxed at the rates of its lines': `
    select 'invoice ' || coalesce(i.number, i.invoice_id::text) as row, coalesce(sum(t.due), 0) as expected,
      i.tax_micros || ', in lines ' || coalesce(sum(t.tax), 0) as found
    from invoices i left join lateral (
      select l.amount_micros as tax,
        round((i.total_micros - i.tax_micros)::numeric * l.tax_rate_micros / 1000000 / ${MINOR_UNIT}) * ${MINOR_UNIT} as due
      from invoice_lines l where l.account_id = i.account_id and l.invoice_id = i.invoice_id and l.kind = 'tax') t on true
    where i.account_id = $1 group by i.invoice_id, i.number, i.tax_micros
    having coalesce(sum(t.tax), 0) <> i.tax_micros or bool_or(t.tax <> t.due)`,

  'tax that is owed is that of invoices less credit notes': `
    select 'liabilities:tax' as row, invoiced as expected, booked as found
    from (select ${booked('liabilities:tax')} as booked,
        (select coalesce(sum(tax_micros), 0) from invoices where account_id = $1 and finalized_at is not null)
        - (select coalesce(sum(tax_micros), 0) from credit_notes where account_id = $1) as invoiced) sums
    where booked <> invoiced`,

  'credit note numbers have no gap': `
    select coalesce('credit note ' || c.number, 'credit note number ' || n) as row, n as expected,
      coalesce(c.number, 'none') as found
    from (select a.invoice_prefix || '-CN-' || lpad(n::text, greatest(4, length(n::text)), '0') as n
      from accounts a cross join generate_series(1, a.credit_note_count) as n where a.account_id = $1) numbers
    full join (select number from credit_notes where account_id = $1) c on c.number = numbers.n
    where c.number is null or numbers.n is null`,

  'a credit note is the sum of its lines, in the journal': `
    select 'credit note ' || c.number as row, l.net || ' and tax ' || l.tax as expected,
      c.net_micros || ' and tax ' || c.tax_micros || ', in the journal ' || t.credited as found
    from credit_notes c
    cross join lateral (select coalesce(sum(amount_micros) filter (where kind !~ 'tax$'), 0) as net,
        coalesce(sum(amount_micros) filter (where kind ~ 'tax$'), 0) as tax
      from credit_note_lines l where l.account_id = c.account_id and l.credit_note_id = c.credit_note_id) l
    cross join lateral (select coalesce(-sum(e.amount_micros), 0) as credited from ledger_transactions t
      join ledger_entries e using (account_id, sequence) where t.account_id = c.account_id and t.cause in ('usage_credited', 'invoice_allowed', 'grant_refunded')
        and t.cause_id = c.credit_note_id::text and e.ledger_account = 'liabilities:customer_credit') t
    where c.account_id = $1 and ((l.net, l.tax) <> (c.net_micros, c.tax_micros) or t.credited <> l.net + l.tax)`,

  'entries of a credit note are what its corrections say': `
    select 'credit note ' || n.number as row, c.drawn || ' drawn, ' || c.overage || ' overage' as expected,
      e.drawn || ' drawn, ' || e.overage || ' overage' as found
    from credit_notes n
    join ledger_transactions t on t.account_id = n.account_id and t.cause = 'usage_credited'
      and t.cause_id = n.credit_note_id::text
    cross join lateral (select coalesce(sum(drawn_micros), 0) as drawn, coalesce(sum(overage_micros), 0) as overage
      from usage_corrections c where c.account_id = n.account_id and c.credit_note_id = n.credit_note_id) c
    cross join lateral (select coalesce(sum(amount_micros) filter (where ledger_account = 'credits:drawn'), 0) as drawn,
        coalesce(-sum(amount_micros) filter (where ledger_account = 'income:overage'), 0) as overage
      from ledger_entries e where e.account_id = t.account_id and e.sequence = t.sequence) e
    where n.account_id = $1 and (c.drawn, c.overage) <> (e.drawn, e.overage)`,

  'usage is taken back once, and whole': `
    select 'usage ' || c.usage_record_id as row, u.quantity || ' taken back' as expected, -c.quantity as found
    from usage_corrections c left join usage_records u on u.account_id = c.account_id
      and u.booked_at = c.record_booked_at and u.usage_record_id = c.usage_record_id
    where c.account_id = $1 and c.kind = 'reversed' and c.ledger_sequence > $2
      and not ${isArchived('c.record_booked_at')}
      and (u.quantity, u.cost_micros, u.operation) is distinct from (-c.quantity, -c.cost_micros, c.operation)`,

  'customer credit is what its entries say': `
    select 'account' as row, ${booked('liabilities:customer_credit')} as expected, customer_credit_micros as found
    from accounts where account_id = $1 and customer_credit_micros <> ${booked('liabilities:customer_credit')}`,
}
