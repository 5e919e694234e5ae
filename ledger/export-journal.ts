/**
 * The journal as other programs read it: hledger, beancount, CSV (rule R30).
 *
 * Called by http/, for the operator of one account or of all, for an account of its own, as a stream of text.
 *
 * Invariants:
 *   1. Memory is bounded: transactions are read a page at a time, each page in a transaction of its own. What is booked meanwhile
 *      may be in it or not, but always as a whole ledger transaction.
 *   2. Amounts are exact to the micro, and every transaction sums to zero in each commodity, for whoever checks.
 *   3. Credits are no money: hledger is told no type for their accounts, beancount has them under equity.
 *   4. No text of a cell begins a formula where CSV is opened by a spreadsheet, and none breaks out of its field.
 */
import { formatMicros } from '../billing/micros.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { CHART } from './chart-of-accounts.ts'
import { csvLine } from './csv-line.ts'
import { type ExportRange, resolveRange } from './export-usage.ts'

export type JournalFormat = 'hledger' | 'beancount' | 'csv'

export type JournalOrder = {
  format: JournalFormat
  /** Null: of all accounts, one after another; then it is read by the service role, for the operator. */
  accountId: string | null
  /** What was booked in it; all when absent. */
  range?: ExportRange
}

type Row = {
  accountId: string
  sequence: bigint
  bookedAt: Date
  cause: string
  causeId: string
  ledgerAccount: string
  commodity: string
  amount: bigint
  grantId: string | null
}

type Writer = {
  head: (commodities: readonly string[]) => string
  transaction: (rows: readonly Row[]) => string
}

const PAGE = 1000

const EVER: ExportRange = { from: null, until: null }
const NO_LIMIT: { from: Date | null; until: Date | null } = { from: null, until: null }

/** A transaction that sees the one account, or all of them. */
type Scope = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>

/** The text, piece by piece. Transactions of one account are in the order in which they were booked. */
export async function* exportJournal(
  db: Database,
  { format, accountId, range = EVER }: JournalOrder,
): AsyncGenerator<string> {
  const scope: Scope = (work) => (accountId === null ? db.asService(work) : db.asTenant(accountId, work))
  const span = accountId === null ? NO_LIMIT : await scope((tx) => resolveRange(tx, accountId, range))
  const commodities = await scope((tx) =>
    tx.query<{ commodity: string }>(
      `select distinct c.commodity from accounts a
       cross join lateral unnest(array[a.currency, 'credit:' || a.credit_unit]) as c (commodity)
       where a.currency is not null and ($1::uuid is null or a.account_id = $1) order by 1`,
      [accountId],
    ),
  )
  const names = commodities.map(({ commodity }) => commodity)
  const writer = WRITERS[format](names)
  yield writer.head(names)
  for (let after: Row | undefined; ; ) {
    const rows = await scope((tx) => readPage(tx, { accountId, after, ...span }))
    if (rows.length === 0) return
    after = rows.at(-1)
    yield splitTransactions(rows).map(writer.transaction).join('')
  }
}

/** The entries of the next thousand transactions that have any, after the one of the given row. */
function readPage(
  tx: Transaction,
  { accountId, after, from, until }: { accountId: string | null; after: Row | undefined } & typeof NO_LIMIT,
): Promise<Row[]> {
  return tx.query<Row>(
    `select t.account_id as "accountId", t.sequence, t.booked_at as "bookedAt", t.cause, t.cause_id as "causeId",
         e.ledger_account as "ledgerAccount", e.commodity, e.amount_micros as "amount", e.grant_id as "grantId"
       from (
         select t.* from ledger_transactions t
         where (t.account_id, t.sequence) > ($1, $2) and ($3::uuid is null or t.account_id = $3)
           and ($5::timestamptz is null or t.booked_at >= $5) and ($6::timestamptz is null or t.booked_at < $6)
           and exists (select from ledger_entries e where e.account_id = t.account_id and e.sequence = t.sequence)
         order by t.account_id, t.sequence limit $4) t
       join ledger_entries e using (account_id, sequence) order by t.account_id, t.sequence, e.line`,
    [
      after?.accountId ?? '00000000-0000-0000-0000-000000000000',
      after?.sequence ?? 0n,
      accountId,
      PAGE,
      from,
      until,
    ],
  )
}

function splitTransactions(rows: readonly Row[]): Row[][] {
  const transactions: Row[][] = []
  for (const row of rows) {
    const last = transactions.at(-1)
    const [first] = last ?? []
    if (first?.accountId === row.accountId && first.sequence === row.sequence) last!.push(row)
    else transactions.push([row])
  }
  return transactions
}

const WRITERS: Record<JournalFormat, (commodities: readonly string[]) => Writer> = {
  hledger: () => ({ head: hledgerHead, transaction: hledgerTransaction }),
  beancount: (commodities) => beancountWriter(commodities),
  csv: () => ({ head: () => csvLine(CSV_COLUMNS), transaction: csvLines }),
}

function hledgerHead(commodities: readonly string[]): string {
  const accounts = CHART.map(({ name, type }) =>
    type === null ? `account ${name}` : `account ${name}  ; type: ${type}`,
  )
  const styles = commodities.map((commodity) => `commodity 1000.000000 ${hledgerCommodity(commodity)}`)
  return `; The journal of Drawdown. Credits are commodities of their own, in accounts without a type.\n${[...styles, '', ...accounts].join('\n')}\n`
}

function hledgerTransaction(rows: readonly Row[]): string {
  const { accountId, sequence, bookedAt, cause, causeId } = rows[0]!
  const postings = rows.map(({ ledgerAccount, amount, commodity, grantId }) => {
    const grant = grantId === null ? '' : `  ; grant:${grantId}`
    return `    ${ledgerAccount}  ${formatMicros(amount)} ${hledgerCommodity(commodity)}${grant}\n`
  })
  const tags = `account:${accountId}, sequence:${sequence}, at:${bookedAt.toISOString()}`
  return `\n${dayOf(bookedAt)} * ${cause} | ${oneLine(causeId)}  ; ${tags}\n${postings.join('')}`
}

/** Currencies are bare words; a commodity with anything but letters in its name is quoted. */
function hledgerCommodity(commodity: string): string {
  return /^[A-Za-z]+$/.test(commodity) ? commodity : `"${commodity.replaceAll('"', "'")}"`
}

function beancountWriter(commodities: readonly string[]): Writer {
  const names = beancountCommodities(commodities)
  return {
    head: () => {
      const opened = CHART.map(({ name }) => `1970-01-01 open ${beancountAccount(name)}\n`)
      const told = commodities.map((name) => `1970-01-01 commodity ${names.get(name)}\n  name: "${name}"\n`)
      return `; The journal of Drawdown. Credits are commodities of their own, under equity.\n${opened.join('')}${told.join('')}`
    },
    transaction: (rows) => {
      const { accountId, sequence, bookedAt, cause, causeId } = rows[0]!
      const head = `${dayOf(bookedAt)} * "${cause}" "${oneLine(causeId).replaceAll(/["\\]/g, "'")}"`
      const told = `  account: "${accountId}"\n  sequence: ${sequence}\n  at: "${bookedAt.toISOString()}"`
      const postings = rows.map(({ ledgerAccount, amount, commodity, grantId }) => {
        const grant = grantId === null ? '' : `\n    grant: "${grantId}"`
        return `  ${beancountAccount(ledgerAccount)}  ${formatMicros(amount)} ${names.get(commodity)}${grant}`
      })
      return `\n${[head, told, ...postings].join('\n')}\n`
    },
  }
}

/** `credits:issued:plan` is `Equity:Credits:Issued:Plan`. */
function beancountAccount(name: string): string {
  const parts = name
    .split(':')
    .map((part) => `${part[0]!.toUpperCase()}${part.slice(1).replaceAll('_', '-')}`)
  return (parts[0] === 'Credits' ? ['Equity', ...parts] : parts).join(':')
}

/** beancount wants up to 24 capital letters and digits: `credit:photo_credits` is CREDIT-PHOTO-CREDITS. */
function beancountCommodities(commodities: readonly string[]): Map<string, string> {
  const taken = new Set<string>()
  const names = new Map<string, string>()
  for (const commodity of commodities) {
    const plain = commodity
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '-')
      .slice(0, 20)
      .replace(/-$/, '')
    let name = plain
    for (let again = 2; taken.has(name); again++) name = `${plain}-${again}`
    taken.add(name)
    names.set(commodity, name)
  }
  return names
}

const CSV_COLUMNS = [
  'account_id',
  'sequence',
  'booked_at',
  'cause',
  'cause_id',
  'ledger_account',
  'commodity',
  'amount',
  'grant_id',
]

function csvLines(rows: readonly Row[]): string {
  return rows
    .map((row) => {
      const { accountId, sequence, bookedAt, cause, causeId, ledgerAccount, commodity, amount, grantId } = row
      const when = bookedAt.toISOString()
      const money = formatMicros(amount)
      return csvLine([
        accountId,
        `${sequence}`,
        when,
        cause,
        causeId,
        ledgerAccount,
        commodity,
        money,
        grantId ?? '',
      ])
    })
    .join('')
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}

/** A cause is ours and plain; what caused it may be a text from outside. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n;|]+/g, ' ')
}
