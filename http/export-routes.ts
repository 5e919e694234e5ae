/** What leaves as a whole: usage, invoices and the journal as CSV, and the papers of many invoices as one ZIP. */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { formatMicros } from '../billing/micros.ts'
import { csvLine } from '../ledger/csv-line.ts'
import { exportInvoices } from '../ledger/export-invoices.ts'
import { exportJournal } from '../ledger/export-journal.ts'
import { type ExportedUsage, type ExportRange, exportUsage } from '../ledger/export-usage.ts'
import type { InvoiceHead } from '../ledger/read-invoices.ts'
import type { Handlers } from './handlers.ts'
import { encodeId } from './ids.ts'
import { attachment, protect } from './send-file.ts'

export const handlers = {
  exportUsage: ({ services, accountId, query, reply }) =>
    sendCsv(reply, 'usage.csv', usageLines(exportUsage(services.db, accountId, rangeOf(query)))),

  exportInvoices: ({ services, accountId, query, reply }) =>
    sendCsv(reply, 'invoices.csv', invoiceLines(exportInvoices(services.db, accountId, rangeOf(query)))),

  exportEntries: ({ services, accountId, query, reply }) =>
    sendCsv(
      reply,
      'journal.csv',
      exportJournal(services.db, { format: 'csv', accountId, range: rangeOf(query) }),
    ),

  downloadInvoices: ({ services, accountId, query, reply }) =>
    protect(reply)
      .type('application/zip')
      .header('content-disposition', attachment('invoices.zip'))
      .send(services.papers.archive(accountId, rangeOf(query))),
} satisfies Partial<Handlers>

function rangeOf({ from, until }: { from?: string | undefined; until?: string | undefined }): ExportRange {
  return { from: from ?? null, until: until ?? null }
}

/** Piece by piece, as fast as the reader takes them. */
function sendCsv(reply: FastifyReply, name: string, pieces: AsyncIterable<string>): FastifyReply {
  return protect(reply)
    .type('text/csv; charset=utf-8; header=present')
    .header('content-disposition', attachment(name))
    .send(Readable.from(pieces, { objectMode: false }))
}

const USAGE_COLUMNS = [
  'id',
  'booked_at',
  'occurred_at',
  'late',
  'operation',
  'plan',
  'quantity',
  'unit_price',
  'cost',
  'from_credits',
  'overage',
  'source',
  'key',
  'run_id',
  'item_id',
  'credit_note',
]

async function* usageLines(pages: AsyncIterable<ExportedUsage[]>): AsyncGenerator<string> {
  yield csvLine(USAGE_COLUMNS)
  for await (const page of pages) yield page.map(usageLine).join('')
}

function usageLine(row: ExportedUsage): string {
  return csvLine([
    encodeId('usage', row.id),
    row.bookedAt.toISOString(),
    row.occurredAt.toISOString(),
    String(row.late),
    row.operation,
    row.plan,
    String(row.quantity),
    formatMicros(row.unitPrice),
    formatMicros(row.cost),
    formatMicros(row.fromCredits),
    formatMicros(row.overage),
    row.source,
    row.key,
    row.runId === null ? '' : encodeId('run', row.runId),
    row.itemId === null ? '' : encodeId('item', row.itemId),
    row.creditNote ?? '',
  ])
}

const INVOICE_COLUMNS = [
  'number',
  'id',
  'kind',
  'status',
  'issued_at',
  'period_start',
  'period_end',
  'currency',
  'net',
  'tax',
  'total',
  'tax_treatment',
  'opening_balance',
  'customer_credit_applied',
  'paid',
  'amount_due',
  'paid_at',
]

async function* invoiceLines(pages: AsyncIterable<InvoiceHead[]>): AsyncGenerator<string> {
  yield csvLine(INVOICE_COLUMNS)
  for await (const page of pages) yield page.map(invoiceLine).join('')
}

function invoiceLine(row: InvoiceHead): string {
  return csvLine([
    row.number ?? '',
    encodeId('invoice', row.id),
    row.kind,
    row.status,
    row.finalizedAt?.toISOString() ?? '',
    row.periodStartsAt.toISOString(),
    row.periodEndsAt.toISOString(),
    row.currency,
    formatMicros(row.total - row.tax),
    formatMicros(row.tax),
    formatMicros(row.total),
    row.treatment ?? '',
    formatMicros(row.openingBalance),
    formatMicros(row.customerCreditApplied),
    formatMicros(row.paid),
    formatMicros(row.amountDue),
    row.paidAt?.toISOString() ?? '',
  ])
}
