/**
 * The checks of tax and customer credit: each from the lines and the entries that they come from (rules R9 and R26).
 *
 * Used by verify-account.ts, which says what the parameters are.
 */
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

  'tax that is owed is that of the invoices': `
    select 'liabilities:tax' as row, invoiced as expected, booked as found
    from (select ${booked('liabilities:tax')} as booked,
        (select coalesce(sum(tax_micros), 0) from invoices where account_id = $1 and finalized_at is not null) as invoiced) sums
    where booked <> invoiced`,

  'customer credit is what its entries say': `
    select 'account' as row, ${booked('liabilities:customer_credit')} as expected, customer_credit_micros as found
    from accounts where account_id = $1 and customer_credit_micros <> ${booked('liabilities:customer_credit')}`,
}
