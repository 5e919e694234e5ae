/**
 * The ways in which somebody who owns the machine could change the books: what tamper.ts does, one at a time, to see that each is
 * detected and the right row named (T12 of the trust programme).
 *
 * Each picks a row of an account, with what its fault must be called, and changes it past every lock of the database.
 */
import { changeInvoice, changePeriod, invoice, period, type Tampering } from './tampering-kind.ts'
import { MONEY_TAMPERINGS } from './tampering-money.ts'

const entry = `select sequence as a, line as b, 'transaction ' || sequence as row from ledger_entries where account_id = $1`
const transaction = `select sequence as a, null as b, 'transaction ' || sequence as row from ledger_transactions where account_id = $1`
const grant = `select grant_id as a, null as b, 'grant ' || grant_id as row from credit_grants where account_id = $1`
const usage = `select usage_record_id as a, ledger_sequence as b, 'usage ' || usage_record_id as row
  from usage_records where account_id = $1 and cost_micros > 0`
const line = `select invoice_id as a, line as b, 'invoice ' || number || ' line ' || line as row
  from invoice_lines join invoices using (account_id, invoice_id) where account_id = $1 and finalized_at is not null`
const payment = `select payment_id as a, null as b, 'payment ' || payment_id as row
  from payments where account_id = $1 and status = 'succeeded'`

/** Entries are columns of their transaction; the line is the place of each. */
const changeEntry = (set: string) =>
  `update ledger_transactions set ${set} where account_id = $1 and sequence = $2::bigint and $3::integer > 0`
const changeTransaction = (set: string) =>
  `update ledger_transactions set ${set} where account_id = $1 and sequence = $2::bigint and $3::text is null`
const changeGrant = (set: string) =>
  `update credit_grants set ${set} where account_id = $1 and grant_id = $2::uuid and $3::text is null`
const changeUsage = (set: string) =>
  `update usage_records set ${set} where account_id = $1 and usage_record_id = $2::uuid and ledger_sequence = $3::bigint`
const keyOfUsage = `account_id = $1 and usage_record_id = $2::uuid and $3::text is not null`
const changeLine = (set: string) =>
  `update invoice_lines set ${set} where account_id = $1 and invoice_id = $2::uuid and line = $3::integer`
const changePayment = (set: string) =>
  `update payments set ${set} where account_id = $1 and payment_id = $2::uuid and $3::text is null`

export const TAMPERINGS: readonly Tampering[] = [
  // The journal
  {
    kind: 'an entry is edited',
    pick: entry,
    change: [changeEntry('entry_micros[$3::integer] = entry_micros[$3::integer] + 1')],
  },
  {
    kind: 'two entries are edited so that they still balance',
    pick: `select e.sequence as a, null as b, 'transaction ' || e.sequence as row from ledger_entries e where account_id = $1 and line = 1`,
    change: [
      changeTransaction(
        'entry_micros[1] = entry_micros[1] + sign(entry_micros[1]), entry_micros[2] = entry_micros[2] + sign(entry_micros[2])',
      ),
    ],
  },
  {
    kind: 'an entry is moved to another account',
    pick: entry,
    change: [changeEntry(`entry_accounts[$3::integer] = 'income:plan'`)],
  },
  {
    kind: 'the entries of a transaction are removed',
    pick: entry,
    change: [
      changeEntry(
        `entry_accounts = '{}', entry_commodities = '{}', entry_micros = '{}', entry_grant_places = '{}', entry_grants = '{}'`,
      ),
    ],
  },
  {
    kind: 'a transaction is removed',
    pick: transaction,
    change: [
      'delete from ledger_transactions where account_id = $1 and sequence = $2::bigint and $3::text is null',
    ],
  },
  {
    kind: 'a transaction is dated back',
    pick: transaction,
    change: [changeTransaction(`booked_at = booked_at - interval '1 second'`)],
  },
  {
    kind: 'a transaction is given another cause',
    pick: transaction,
    change: [changeTransaction(`cause_id = cause_id || '0'`)],
  },
  {
    kind: 'two transactions change places',
    pick: `${transaction} and sequence > 1`,
    change: [
      'update ledger_transactions set sequence = -sequence where account_id = $1 and sequence in ($2::bigint, $2::bigint - 1) and $3::text is null',
      'update ledger_transactions set sequence = 2 * $2::bigint - 1 + sequence where account_id = $1 and sequence < 0 and $3::text is null',
    ],
  },
  {
    kind: 'the tail of the journal is cut off',
    pick: `select max(sequence) as a, max(sequence) - 1 as b, 'transaction ' || max(sequence) as row
      from ledger_transactions where account_id = $1 having max(sequence) > 1`,
    change: [
      'delete from ledger_transactions where account_id = $1 and sequence = $2::bigint and $3::text is not null',
      `update accounts a set entry_sequence = $3::bigint, chain_head = link from ledger_transactions t
       where a.account_id = $1 and t.account_id = $1 and t.sequence = $3::bigint and $2::text is not null`,
    ],
  },
  {
    kind: 'the head of the chain is edited',
    pick: `select chain_head as a, null as b, 'account' as row from accounts where account_id = $1 and chain_head is not null`,
    change: [`update accounts set chain_head = sha256($2::bytea) where account_id = $1 and $3::text is null`],
  },
  // Grants
  {
    kind: 'a balance is edited',
    pick: `${grant} and granted_micros > remaining_micros`,
    change: [changeGrant('remaining_micros = remaining_micros + 1')],
  },
  {
    kind: 'a grant is made larger',
    pick: grant,
    change: [changeGrant('granted_micros = granted_micros + 1000000')],
  },
  {
    kind: 'a grant is given another end',
    pick: grant,
    change: [changeGrant(`expires_at = coalesce(expires_at, now()) + interval '1 day'`)],
  },
  {
    kind: 'a grant is given another source',
    pick: grant,
    change: [changeGrant(`source = case source when 'promotion' then 'purchase' else 'promotion' end`)],
  },
  {
    kind: 'what was paid for a grant is edited',
    pick: grant,
    change: [changeGrant('consideration_micros = consideration_micros + 1')],
  },
  {
    kind: 'a grant is removed',
    pick: grant,
    change: ['delete from credit_grants where account_id = $1 and grant_id = $2::uuid and $3::text is null'],
  },
  // Usage and its keys
  { kind: 'a quantity is edited', pick: usage, change: [changeUsage('quantity = quantity + 1')] },
  {
    kind: 'a quantity is edited with its cost',
    pick: usage,
    change: [changeUsage('quantity = quantity + 1, cost_micros = unit_price_micros * (quantity + 1)')],
  },
  {
    kind: 'a unit price is edited',
    pick: usage,
    change: [changeUsage('unit_price_micros = unit_price_micros + 1')],
  },
  { kind: 'usage is made late', pick: usage, change: [changeUsage(`late = not late`)] },
  {
    kind: 'a usage record is made one of another period',
    pick: usage,
    change: [changeUsage('period_number = period_number + 1000')],
  },
  {
    kind: 'a draw is made overage',
    pick: `${usage} and drawn_micros > 0`,
    change: [changeUsage('drawn_micros = drawn_micros - 1, overage_micros = overage_micros + 1')],
  },
  {
    kind: 'a usage record is removed',
    pick: `select usage_record_id as a, key as b, 'key ' || key as row from usage_records where account_id = $1`,
    change: ['delete from usage_records where account_id = $1 and usage_record_id = $2::uuid and key = $3'],
  },
  {
    kind: 'a usage record is removed with its key',
    pick: usage.replace(`'usage ' || usage_record_id`, `'transaction ' || ledger_sequence`),
    change: [
      `delete from usage_keys where ${keyOfUsage}`,
      'delete from usage_records where account_id = $1 and usage_record_id = $2::uuid and ledger_sequence = $3::bigint',
    ],
  },
  {
    kind: 'a key is edited',
    pick: usage,
    change: [`update usage_keys set key = key || '0' where ${keyOfUsage}`],
  },
  { kind: 'a key is removed', pick: usage, change: [`delete from usage_keys where ${keyOfUsage}`] },
  {
    kind: 'the body of a key is edited',
    pick: usage.replace(`'usage ' || usage_record_id`, `'transaction ' || ledger_sequence`),
    change: [`update usage_keys set digest = sha256(digest) where ${keyOfUsage}`],
  },
  // Periods
  {
    kind: 'a total is edited',
    pick: `select period_number as a, operation as b, 'total of ' || operation || ' in period ' || period_number as row from period_totals where account_id = $1`,
    change: [
      'update period_totals set quantity = quantity + 1 where account_id = $1 and period_number = $2::integer and operation = $3',
    ],
  },
  {
    kind: 'what a period drew is edited',
    pick: `select period_number as a, source as b, 'draws of ' || source || ' in period ' || period_number as row from period_draws where account_id = $1`,
    change: [
      'update period_draws set drawn_micros = drawn_micros + 1 where account_id = $1 and period_number = $2::integer and source = $3',
    ],
  },
  {
    kind: 'the overage of a period is edited',
    pick: period,
    change: [changePeriod('overage_micros = overage_micros + 1')],
  },
  {
    kind: 'the end of a period is edited',
    pick: `${period} and closed_at is null`,
    change: [changePeriod(`ends_at = ends_at + interval '1 day'`)],
  },
  // Invoices and payments
  {
    kind: 'the total of an invoice is edited',
    pick: invoice,
    change: [changeInvoice('total_micros = total_micros - 10000')],
  },
  {
    kind: 'a line is edited',
    pick: line,
    change: [changeLine('amount_micros = amount_micros + 10000, exact_micros = exact_micros + 10000')],
  },
  {
    kind: 'the words of a line are edited',
    pick: line.replace(` || ' line ' || line`, ''),
    change: [changeLine(`description = description || '.'`)],
  },
  {
    kind: 'a line is removed',
    pick: line.replace(` || ' line ' || line`, ''),
    change: [
      'delete from invoice_lines where account_id = $1 and invoice_id = $2::uuid and line = $3::integer',
    ],
  },
  {
    kind: 'an invoice is numbered otherwise',
    pick: invoice.replace('number as row', `number || '0' as row`),
    change: [changeInvoice(`number = number || '0'`)],
  },
  {
    kind: 'an invoice is removed',
    pick: invoice.replace(`'invoice ' || number`, `'invoice number ' || number`),
    change: [
      'delete from invoice_lines where account_id = $1 and invoice_id = $2::uuid and $3::text is null',
      'delete from invoices where account_id = $1 and invoice_id = $2::uuid and $3::text is null',
    ],
  },
  {
    kind: 'the head on an invoice is edited',
    pick: invoice,
    change: [changeInvoice('chain_head = sha256(chain_head)')],
  },
  {
    kind: 'what was paid is edited',
    pick: invoice,
    change: [changeInvoice('paid_micros = paid_micros + 10000')],
  },
  {
    kind: 'an unpaid invoice is marked paid, or a paid one open',
    pick: `${invoice} and carried_to is null`,
    change: [changeInvoice(`status = case status when 'paid' then 'open' else 'paid' end`)],
  },
  {
    kind: 'a payment is edited',
    pick: payment,
    change: [changePayment('amount_micros = amount_micros + 10000')],
  },
  {
    kind: 'a payment is removed',
    pick: `select p.payment_id as a, null as b, 'transaction ' || t.sequence as row from payments p
      join ledger_transactions t on t.account_id = p.account_id and t.cause = 'payment_received' and t.cause_id = p.payment_id::text
      where p.account_id = $1`,
    change: ['delete from payments where account_id = $1 and payment_id = $2::uuid and $3::text is null'],
  },
  {
    kind: 'a payment that failed is made one that succeeded',
    pick: payment.replace(`status = 'succeeded'`, `status = 'failed'`),
    change: [changePayment(`status = 'succeeded'`)],
  },
  ...MONEY_TAMPERINGS,
]
