/**
 * What has been earned and what is still owed, month by month, from the entries of all accounts (rule R30).
 *
 * Called by http/ for the operator, with the service role. The same figures as hledger makes of the exported journal.
 */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'

export type RevenueMonth = {
  /** "2026-11", in UTC. */
  month: string
  currency: string
  /** Earned in the month: credits drawn, overage, fees without credits; less what was credited or given back. */
  recognised: Micros
  /** Of `recognised`: credits that were paid for and ended unused are not in it, but here. */
  breakage: Micros
  /** Invoices rounded to minor units: more billed than accrued, or less. */
  rounding: Micros
  /** Given up in the month. */
  badDebt: Micros
  /** At the end of the month: paid or billed, not yet earned. */
  deferred: Micros
  /** At the end of the month: accrued or due, not yet on a finalized invoice. */
  unbilled: Micros
  /** At the end of the month: on finalized invoices, not yet paid. */
  receivable: Micros
}

/** Months in which anything was booked before `until`, oldest first; of the month of `until`, what came before it. */
export function readRevenue(tx: Transaction, until: Date): Promise<RevenueMonth[]> {
  return tx.query<RevenueMonth>(
    `with sums as (
       select to_char(t.booked_at at time zone 'UTC', 'YYYY-MM') as month, e.commodity as currency, e.ledger_account as account,
         sum(e.amount_micros) as amount
       from ledger_entries e join ledger_transactions t using (account_id, sequence)
       where t.booked_at < $1 and e.ledger_account !~ '^credits:' group by 1, 2, 3),
     months as (
       select month, currency,
         -coalesce(sum(amount) filter (where account in ('income:credits', 'income:overage', 'income:plan', 'income:allowances')), 0) as recognised,
         -coalesce(sum(amount) filter (where account = 'income:breakage'), 0) as breakage,
         -coalesce(sum(amount) filter (where account = 'income:rounding'), 0) as rounding,
         coalesce(sum(amount) filter (where account = 'expenses:bad_debt'), 0) as bad_debt,
         -coalesce(sum(amount) filter (where account = 'liabilities:deferred'), 0) as deferred,
         coalesce(sum(amount) filter (where account = 'assets:unbilled'), 0) as unbilled,
         coalesce(sum(amount) filter (where account = 'assets:receivable'), 0) as receivable
       from sums group by 1, 2)
     select month, currency, recognised::bigint, breakage::bigint, rounding::bigint, bad_debt::bigint as "badDebt",
       (sum(deferred) over so_far)::bigint as deferred, (sum(unbilled) over so_far)::bigint as unbilled,
       (sum(receivable) over so_far)::bigint as receivable
     from months window so_far as (partition by currency order by month) order by currency, month`,
    [until],
  )
}
