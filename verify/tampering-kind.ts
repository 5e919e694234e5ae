/** One way of changing the books past every lock of the database: what tampering.ts lists and tamper.ts does. */

export type Tampering = {
  kind: string
  /** Answers `a`, `b` and `row` for each row that could be changed. $1 is the account. `row` begins the name of the finding. */
  pick: string
  /** $1 the account, $2 and $3 the `a` and `b` that were picked, as text. */
  change: readonly string[]
}

/** Picks and changes that several lists use. */
export const invoice = `select invoice_id as a, null as b, 'invoice ' || number as row
  from invoices where account_id = $1 and finalized_at is not null`
export const period = `select period_number as a, subscription_id as b, 'period ' || period_number as row from periods where account_id = $1`
export const changeInvoice = (set: string) =>
  `update invoices set ${set} where account_id = $1 and invoice_id = $2::uuid and $3::text is null`
export const changePeriod = (set: string) =>
  `update periods set ${set} where account_id = $1 and period_number = $2::integer and subscription_id = $3::uuid`
