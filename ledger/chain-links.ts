/**
 * The hash chain of an account: each ledger transaction carries a link over the one before it and over all that it books,
 * so that nothing of the past can be changed, moved or removed without showing (rule R30).
 *
 * Called by save-books.ts and save-booked.ts before the journal is written, and by finalize-invoices.ts for the head that stands on an invoice.
 * verify/ derives the same links from the rows, in SQL of its own: whoever changes the form below changes it there too, and
 * counts up the number in its first line, because links that are written stay as they are.
 *
 *   link    = SHA-256 of the lines: "drawdown link 1" · previous link, hex, empty for the first · account · sequence ·
 *             bookedAt · cause · cause id · one line an entry: account|commodity|amount|grant · details digest, hex or empty
 *   details = SHA-256 of one line a usage record, in the order of their ids; of the one line of an issued grant; of one line a
 *             line of a finalized invoice; of a credit note's own line, its lines and its corrections; or of a checkpoint of
 *             archived usage (archive-usage.ts)
 *
 * Invariants:
 *   1. A text from outside stands behind its length in bytes, so that no two journals have the same form.
 *   2. Instants are whole milliseconds since 1970; what is absent is empty. Nothing depends on a locale or a zone.
 *   3. The details digest is stored beside the link, so that usage can be archived and the chain still be followed.
 */
import { hash } from 'node:crypto'
import { onItsNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import type { BookedGrant, BookingAccount, ChainedUse, PostedTransaction } from './books.ts'
import type { NoteLine } from './credit-invoices.ts'
import type { Correction } from './reverse-usage.ts'
import { TextSheet } from './text-sheet.ts'

const FORM = 'drawdown link 1'

type Chained = Pick<BookingAccount, 'accountId' | 'chainHead' | 'changes'>

/** Links what was posted and is not linked yet; `books.chainHead` is then the link of the last transaction. */
export function linkJournal(books: Chained): void {
  for (const transaction of books.changes.journal) {
    if (transaction.link !== null) continue
    transaction.detailsDigest ??= digestDetails(transaction)
    transaction.link = linkOf(books, transaction)
    books.chainHead = transaction.link
  }
}

/** The details of invoices' claims, by the invoice: its lines as they stand, words and all. None where there are none. */
export async function digestInvoiceLines(
  tx: Transaction,
  claims: readonly { accountId: string; invoiceId: string }[],
): Promise<Map<string, Buffer>> {
  const rows = await tx.query<{ id: string; digest: Buffer }>(
    `select invoice_id as "id", sha256(convert_to(string_agg(concat_ws('|', line, kind, coalesce(operation, ''),
       coalesce(plan_version_id::text, ''), coalesce(quantity::text, ''), coalesce(unit_price_micros::text, ''),
       exact_micros, amount_micros, octet_length(convert_to(description, 'UTF8')) || ':' || description),
       E'\\n' order by line), 'UTF8')) as digest
     from unnest($1::uuid[], $2::uuid[]) as given (account_id, invoice_id)
     join invoice_lines l using (account_id, invoice_id) where true ${onItsNode(tx, 'l.account_id')} group by invoice_id`,
    [claims.map(({ accountId }) => accountId), claims.map(({ invoiceId }) => invoiceId)],
  )
  return new Map(rows.map(({ id, digest }) => [id, digest]))
}

/** What a credit note says, as it is chained. */
export type ChainedNote = {
  id: string
  number: string
  reason: string
  net: bigint
  tax: bigint
  overageCancelled: bigint
  creditsReturned: bigint
  creditsAdjusted: bigint
  lines: readonly NoteLine[]
  corrections: readonly Correction[]
}

/** The details of what a credit note books: the note, its lines and its corrections, in their order. */
export function digestCreditNote(note: ChainedNote): Buffer {
  const sums = `${note.net}|${note.tax}|${note.overageCancelled}|${note.creditsReturned}|${note.creditsAdjusted}`
  const head = `${note.id}|${sums}|${field(note.number)}|${field(note.reason)}`
  const lines = note.lines.map((line, index) => {
    const { kind, invoiceId, operation, planVersionId, quantity, taxRate, amount, exact } = line
    const of = `${index + 1}|${kind}|${invoiceId}|${operation ?? ''}|${planVersionId ?? ''}|${quantity ?? ''}`
    return `${of}|${taxRate ?? ''}|${amount}|${exact}|${field(line.name ?? '')}|${field(line.description)}`
  })
  const corrections = note.corrections.map((correction, index) => {
    const { kind, record, inOpenPeriod, quantity, cost, drawn, overage, draws } = correction
    const of = `${index + 1}|${kind}|${record.id}|${record.bookedAt.getTime()}`
    const period = `${record.subscriptionId}|${record.periodNumber}|${inOpenPeriod ? 'open' : ''}`
    const use = `${record.planVersionId}|${record.operation}|${record.late ? 'late' : ''}`
    const back = draws.map(({ grantId, amount }) => `${grantId}=${amount}`).join(',')
    return `${of}|${period}|${use}|${quantity}|${cost}|${drawn}|${overage}|${back}`
  })
  return hash('sha256', [head, ...lines, ...corrections].join('\n'), 'buffer')
}

/** What is linked is put together here. */
const sheet = new TextSheet()

function linkOf({ accountId, chainHead }: Chained, transaction: PostedTransaction): Buffer {
  const { sequence, bookedAt, cause, causeId, entries, detailsDigest } = transaction
  sheet.begin().text(FORM).line().hex(chainHead).line().text(accountId).line().whole(sequence).line()
  sheet.whole(bookedAt.getTime()).line().field(cause).line().field(causeId).line()
  for (const { account, commodity, amount, grantId } of entries) {
    sheet.text(account).text('|').field(commodity).text('|').whole(amount).text('|')
    if (grantId !== null) sheet.text(grantId)
    sheet.line()
  }
  return sheet.hex(detailsDigest).digest()
}

function digestDetails({ uses, grant }: PostedTransaction): Buffer | null {
  if (uses.length > 0) {
    sheet.begin()
    for (const [index, use] of inOrder(uses).entries()) {
      if (index > 0) sheet.line()
      writeUse(use)
    }
    return sheet.digest()
  }
  return grant === null ? null : hash('sha256', writeGrant(grant), 'buffer')
}

/** Ids are made in order, so that they nearly always are. */
function inOrder(uses: readonly ChainedUse[]): readonly ChainedUse[] {
  const isInOrder = uses.every(
    ({ usageRecordId }, index) => index === 0 || uses[index - 1]!.usageRecordId < usageRecordId,
  )
  return isInOrder ? uses : [...uses].sort((a, b) => (a.usageRecordId < b.usageRecordId ? -1 : 1))
}

function writeUse(use: ChainedUse): void {
  const { request, plan } = use
  const { unitPrice, overageUnitPrice } = plan.prices.get(request.operation)!
  const bookedAt = use.bookedAt.getTime()
  sheet.text(use.usageRecordId).text('|').whole(bookedAt).text('|')
  sheet
    .whole(request.occurredAt?.getTime() ?? bookedAt)
    .text('|')
    .text(request.source)
    .text('|')
  sheet.whole(request.quantity).text('|').text(plan.id).text('|').whole(unitPrice).text('|')
  sheet.whole(overageUnitPrice).text('|')
  sheet.whole(use.cost).text('|').whole(use.fromCredits).text('|').whole(use.overage).text('|')
  for (let index = 0; index < use.draws.length; index++) {
    const { grantId, amount } = use.draws[index]!
    if (index > 0) sheet.text(',')
    sheet.text(grantId).text('=').whole(amount)
  }
  sheet.text('|').text(use.subscriptionId).text('|').whole(use.periodNumber).text('|')
  sheet.text(use.late ? 'late' : '').text('|')
  sheet
    .text(request.runId ?? '')
    .text('|')
    .text(request.itemId ?? '')
    .text('|')
  sheet.whole(use.balanceAfter).text('|').hex(use.digest).text('|')
  sheet.field(request.operation).text('|').field(request.key)
}

function writeGrant(grant: BookedGrant): string {
  const { id, source, granted, consideration, priority, startsAt, expiresAt, createdAt } = grant
  const terms = `${id}|${source}|${granted}|${consideration}|${priority}`
  const times = `${startsAt.getTime()}|${expiresAt?.getTime() ?? ''}|${createdAt.getTime()}`
  return `${terms}|${times}|${field(grant.naturalKey)}|${field(grant.reason ?? '')}`
}

function field(text: string): string {
  return `${Buffer.byteLength(text)}:${text}`
}
