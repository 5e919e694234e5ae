/**
 * The checks of what goes back and what is given up: refunds, disputes and write-offs, each against the journal (rules R26 and R30).
 *
 * Used by verify-account.ts, which says what the parameters are.
 */
import { SUMS } from './check-journal.ts'
import type { Check } from './finding.ts'

const booked = (account: string) =>
  `coalesce((select sum(s.amount) from ${SUMS} where s.ledger_account = '${account}'), 0)`

/** What transactions of a cause moved on an account, by what caused them. */
const caused = (
  cause: string,
  account: string,
) => `(select t.cause_id, t.sequence, sum(e.amount_micros) as amount
  from ledger_transactions t join ledger_entries e using (account_id, sequence)
  where t.account_id = $1 and t.cause = '${cause}' and e.ledger_account = '${account}' group by 1, 2)`

/** Rows of a table beside the transactions that they caused; `amount` is what they should have moved, null for nothing. */
const beside = (rows: string, name: string, { cause, account }: { cause: string; account: string }) => `
    select coalesce('${name} ' || r.id, 'transaction ' || t.sequence) as row, r.amount as expected, t.amount as found
    from (${rows}) r full join ${caused(cause, account)} t on t.cause_id = r.id::text
    where r.amount::numeric is distinct from t.amount`

const refund = (sign: '' | '-', where: string) =>
  `select refund_id as id, ${sign}amount_micros as amount from refunds where account_id = $1 and ${where}`
const dispute = (sign: '' | '-', where: string) =>
  `select dispute_id as id, ${sign}amount_micros as amount from disputes where account_id = $1 and ${where}`

export const REFUND_CHECKS: Readonly<Record<string, Check>> = {
  'a refund sets its money aside': beside(refund('-', 'true'), 'refund', {
    cause: 'refund_requested',
    account: 'liabilities:refunds',
  }),
  'a refund that was paid is money that left': beside(refund('-', 'paid_at is not null'), 'refund', {
    cause: 'refund_paid',
    account: 'assets:cash',
  }),
  'a refund that failed is customer credit again': beside(refund('-', `status = 'failed'`), 'refund', {
    cause: 'refund_failed',
    account: 'liabilities:customer_credit',
  }),
  'what is set aside is what refunds are under way': `
    select 'liabilities:refunds' as row, under_way as expected, booked as found
    from (select -${booked('liabilities:refunds')} as booked, (select coalesce(sum(amount_micros), 0) from refunds
        where account_id = $1 and status in ('pending', 'unknown')) as under_way) sums
    where booked <> under_way`,
  'a dispute takes the money when it is opened': beside(dispute('', 'opened_at is not null'), 'dispute', {
    cause: 'dispute_opened',
    account: 'assets:disputed',
  }),
  'a dispute that is won brings it back': beside(dispute('', `status = 'won'`), 'dispute', {
    cause: 'dispute_won',
    account: 'assets:cash',
  }),
  'a dispute that is lost is over': beside(dispute('-', `status = 'lost'`), 'dispute', {
    cause: 'dispute_lost',
    account: 'assets:disputed',
  }),
  // Each for itself: a bank may take back all of a payment of which a part was refunded before.
  'no more of a payment is refunded, and no more disputed, than came in': `
    select 'payment ' || p.payment_id as row, 'at most ' || p.amount_micros as expected, gone.amount as found
    from payments p cross join lateral (
      select greatest((select coalesce(sum(amount_micros), 0) from refunds r where r.account_id = $1 and r.payment_id = p.payment_id
          and r.status <> 'failed'),
        (select coalesce(sum(amount_micros), 0) from disputes d where d.account_id = $1 and d.payment_id = p.payment_id
          and d.status in ('open', 'lost'))) as amount) gone
    where p.account_id = $1 and gone.amount > case when p.status = 'succeeded' then p.amount_micros else 0 end`,
  'cash is payments less what went back': `
    select 'assets:cash' as row, paid - gone as expected, booked as found
    from (select ${booked('assets:cash')} as booked,
        (select coalesce(sum(amount_micros), 0) from payments where account_id = $1 and status = 'succeeded') as paid,
        (select coalesce(sum(amount_micros), 0) from refunds where account_id = $1 and status = 'succeeded')
        + (select coalesce(sum(amount_micros), 0) from disputes where account_id = $1 and status in ('open', 'lost')) as gone) sums
    where booked <> paid - gone`,
  'what is given up is bad debt': beside(
    `select write_off_id as id, amount_micros as amount from write_offs where account_id = $1`,
    'write-off',
    { cause: 'invoice_written_off', account: 'expenses:bad_debt' },
  ),
  'what was given up and paid after all is no bad debt': beside(
    `select write_off_id as id, -amount_micros as amount from write_offs where account_id = $1 and recovered_at is not null`,
    'write-off',
    { cause: 'write_off_recovered', account: 'expenses:bad_debt' },
  ),
  'an invoice is given up as its write-off says': `
    select 'invoice ' || i.number as row, coalesce(w.amount_micros, 0) as expected, i.written_off_micros as found
    from invoices i left join write_offs w on w.account_id = i.account_id and w.invoice_id = i.invoice_id
      and w.recovered_at is null
    where i.account_id = $1 and i.number is not null and i.written_off_micros <> coalesce(w.amount_micros, 0)`,
  'an invoice gives back no more than it asked for': `
    select 'invoice ' || i.number as row, 'at most ' || i.total_micros as expected, sum(l.amount_micros) as found
    from invoices i join credit_note_lines l using (account_id, invoice_id)
    where i.account_id = $1 group by i.invoice_id, i.number, i.total_micros having sum(l.amount_micros) > i.total_micros`,
}
