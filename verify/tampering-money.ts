/**
 * Tampering with what goes back (refunds, disputes), with what is given up, and with what interim invoices took out of their periods.
 *
 * Part of the list of tampering.ts.
 */
import { changeInvoice, changePeriod, invoice, period, type Tampering } from './tampering-kind.ts'

const refund = `select refund_id as a, null as b, 'refund ' || refund_id as row from refunds where account_id = $1`
const dispute = `select dispute_id as a, null as b, 'dispute ' || dispute_id as row from disputes where account_id = $1 and opened_at is not null`
const writeOff = `select write_off_id as a, null as b, 'write-off ' || write_off_id as row from write_offs where account_id = $1`
/** A row that is removed is named by the transaction that it caused. */
const causedBy = (
  of: string,
  cause: string,
) => `select r.${of}_id as a, null as b, 'transaction ' || t.sequence as row from ${of}s r
  join ledger_transactions t on t.account_id = r.account_id and t.cause = '${cause}' and t.cause_id = r.${of}_id::text
  where r.account_id = $1`
const interim = (table: string, what: string) =>
  `select invoice_id as a, ${what} as b, 'invoice ' || number || ', ' || ${what} as row
   from ${table} join invoices using (account_id, invoice_id) where account_id = $1 and number is not null`

const changeRefund = (set: string) =>
  `update refunds set ${set} where account_id = $1 and refund_id = $2::uuid and $3::text is null`
const changeDispute = (set: string) =>
  `update disputes set ${set} where account_id = $1 and dispute_id = $2::uuid and $3::text is null`
const changeWriteOff = (set: string) =>
  `update write_offs set ${set} where account_id = $1 and write_off_id = $2::uuid and $3::text is null`

export const MONEY_TAMPERINGS: readonly Tampering[] = [
  // What goes back and what is given up
  {
    kind: 'a refund is edited',
    pick: refund,
    change: [changeRefund('amount_micros = amount_micros + 10000')],
  },
  {
    kind: 'a refund is removed',
    pick: causedBy('refund', 'refund_requested'),
    change: ['delete from refunds where account_id = $1 and refund_id = $2::uuid and $3::text is null'],
  },
  {
    kind: 'a refund that failed is made one that was paid',
    pick: `${refund} and status = 'failed'`,
    change: [changeRefund(`status = 'succeeded', failed_at = null, paid_at = coalesce(paid_at, created_at)`)],
  },
  {
    kind: 'a refund that was paid is made one that failed',
    pick: `${refund} and status = 'succeeded'`,
    change: [changeRefund(`status = 'failed', failed_at = created_at`)],
  },
  {
    kind: 'a dispute is edited',
    pick: dispute,
    change: [changeDispute('amount_micros = amount_micros - 10000')],
  },
  {
    kind: 'a dispute is removed',
    pick: causedBy('dispute', 'dispute_opened'),
    change: ['delete from disputes where account_id = $1 and dispute_id = $2::uuid and $3::text is null'],
  },
  {
    kind: 'a dispute that is open is made one that is won',
    pick: `${dispute} and status = 'open'`,
    change: [changeDispute(`status = 'won'`)],
  },
  {
    kind: 'a dispute that was won is made one that is lost',
    pick: `${dispute} and status = 'won'`,
    change: [changeDispute(`status = 'lost'`)],
  },
  {
    kind: 'a write-off is edited',
    pick: writeOff,
    change: [changeWriteOff('amount_micros = amount_micros - 10000')],
  },
  {
    kind: 'a write-off is removed',
    pick: causedBy('write_off', 'invoice_written_off'),
    change: ['delete from write_offs where account_id = $1 and write_off_id = $2::uuid and $3::text is null'],
  },
  {
    kind: 'what was given up is marked as paid after all',
    pick: `${writeOff} and recovered_at is null`,
    change: [changeWriteOff('recovered_at = created_at')],
  },
  {
    kind: 'what was paid after all is marked as given up',
    pick: causedBy('write_off', 'write_off_recovered'),
    change: [changeWriteOff('recovered_at = null')],
  },
  {
    kind: 'what was given up of an invoice is edited',
    pick: `${invoice} and written_off_micros > 0`,
    change: [changeInvoice('written_off_micros = written_off_micros - 10000')],
  },
  // Interim invoices
  {
    kind: 'what an interim invoice took is edited',
    pick: interim('interim_totals', 'operation'),
    change: [
      'update interim_totals set overage_micros = overage_micros + 1 where account_id = $1 and invoice_id = $2::uuid and operation = $3',
    ],
  },
  {
    kind: 'what an interim invoice took is removed',
    pick: interim('interim_totals', 'operation'),
    change: ['delete from interim_totals where account_id = $1 and invoice_id = $2::uuid and operation = $3'],
  },
  {
    kind: 'what an interim invoice drew is edited',
    pick: interim('interim_draws', 'source'),
    change: [
      'update interim_draws set drawn_micros = drawn_micros + 1 where account_id = $1 and invoice_id = $2::uuid and source = $3',
    ],
  },
  {
    kind: 'the cut of an interim invoice is moved',
    pick: `select invoice_id as a, null as b, 'period ' || period_number as row from invoices where account_id = $1 and kind = 'interim'`,
    change: [changeInvoice('billed_through = billed_through + 1000000')],
  },
  {
    kind: 'what a period has billed is edited',
    pick: `${period} and billed_micros > 0`,
    change: [changePeriod('billed_micros = billed_micros - 1')],
  },
]
