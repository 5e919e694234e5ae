/**
 * Gives back a part of an invoice as such, or what is left of a purchased grant: a credit note that takes no usage back, whose
 * amount becomes customer credit (rule R26).
 *
 * Called by refund-payments.ts, which pays that credit out in the same transaction, in opened books.
 *
 * Invariants:
 *   1. All credit notes of an invoice together give back no more than it asked for.
 *   2. Tax is given back in the share that was paid of it, rate by rate.
 */

import { allowInvoice } from '../billing/credit-note.ts'
import { minorDecimals, minorUnit } from '../billing/currency.ts'
import { grantRefunded, invoiceAllowed } from '../billing/entries.ts'
import { formatAmount, formatPercentage } from '../billing/format-amount.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type BookedGrant, type Books, post, unitsOf } from './books.ts'
import { digestCreditNote } from './chain-links.ts'
import type { NoteLine } from './credit-invoices.ts'
import { endRefundedGrant } from './grants.ts'
import { nextNoteNumber, writeNoteLines } from './issue-credit-note.ts'
import { tellEvent } from './tell-event.ts'

export type AllowanceRefused = {
  ok: false
  refusal: 'refund_too_large' | 'grant_not_paid' | 'nothing_to_refund'
  detail: string
}
/** `gross` is customer credit now, in whole minor units. */
export type Allowance = { ok: true; creditNoteId: string; gross: Micros } | AllowanceRefused

type InvoiceRow = {
  id: string
  number: string
  status: string
  total: bigint
  /** Given back so far: in all, and as such. */
  credited: bigint
  allowed: bigint
  taxes: { name: string; rate: bigint; amount: bigint; allowed: bigint }[]
}

/** Gives `gross` of an invoice back, its tax included. The caller saves the books. */
export async function allowOfInvoice(
  tx: Transaction,
  books: Books,
  request: { invoiceId: string; gross: Micros; reason: string },
): Promise<Allowance> {
  const { currency } = unitsOf(books)
  const invoice = await readInvoice(tx, books.accountId, request.invoiceId)
  const { gross } = request
  if (invoice.credited + gross > invoice.total) {
    const left = formatAmount(invoice.total - invoice.credited, currency)
    const detail = `Of invoice ${invoice.number} ${left} can still be given back.`
    return { ok: false, refusal: 'refund_too_large', detail }
  }
  const { net, taxes } = allowInvoice({ ...invoice, currency, gross, before: invoice.allowed })
  const note = { ...request, invoice, net, taxes, kind: 'allowance' as const }
  const text = `Allowance on invoice ${invoice.number}`
  const { creditNoteId, tax, detailsDigest } = await writeAllowance(tx, books, { ...note, text })
  const entries = invoiceAllowed(unitsOf(books), { net, tax })
  post(books, {
    cause: 'invoice_allowed',
    causeId: creditNoteId,
    bookedAt: books.now,
    entries,
    detailsDigest,
  })
  books.customerCredit += gross
  return { ok: true, creditNoteId, gross }
}

/** Ends a purchased grant and gives back what was paid for what is left of it, its tax included. The caller saves the books. */
export async function refundGrant(
  tx: Transaction,
  books: Books,
  request: { grant: BookedGrant; invoiceId: string; reason: string; most: Micros },
): Promise<Allowance> {
  const units = unitsOf(books)
  const { grant } = request
  const invoice = await readInvoice(tx, books.accountId, request.invoiceId)
  if (invoice.status !== 'paid') {
    const detail = `Invoice ${invoice.number}, which the grant was sold with, is ${invoice.status}.`
    return { ok: false, refusal: 'grant_not_paid', detail }
  }
  const deferred = grant.consideration - grant.recognised
  const rest = deferred % minorUnit(minorDecimals(units.currency)!)
  const net = deferred - rest
  const netTotal = invoice.total - invoice.taxes.reduce((sum, { amount }) => sum + amount, 0n)
  // The share of the taxes that goes with this share of the price, found as an allowance of both together is.
  const shares = invoice.taxes.map(({ amount, allowed }) => ({ amount, allowed }))
  const { taxes } = allowInvoice({
    currency: units.currency,
    total: netTotal,
    gross: net,
    before: invoice.allowed - shares.reduce((sum, { allowed }) => sum + allowed, 0n),
    taxes: shares,
  })
  const tax = taxes.reduce((sum, amount) => sum + amount, 0n)
  if (invoice.credited + net + tax > invoice.total || net + tax > request.most) {
    const detail = `More of invoice ${invoice.number} was given back already than the grant leaves.`
    return { ok: false, refusal: 'refund_too_large', detail }
  }
  if (net + tax === 0n) {
    return {
      ok: false,
      refusal: 'nothing_to_refund',
      detail: 'What is left of it is worth less than a coin.',
    }
  }
  const text = `${formatAmount(grant.remaining, units.creditUnit)} unused of invoice ${invoice.number}`
  const note = { reason: request.reason, invoice, net, taxes, kind: 'grant' as const, text }
  const { creditNoteId, detailsDigest } = await writeAllowance(tx, books, note)
  const { id, remaining: credits } = grant
  const entries = grantRefunded(units, { id, credits, net, rest, tax })
  post(books, { cause: 'grant_refunded', causeId: creditNoteId, bookedAt: books.now, entries, detailsDigest })
  endRefundedGrant(books, grant, books.now)
  books.customerCredit += net + tax
  return { ok: true, creditNoteId, gross: net + tax }
}

async function readInvoice(tx: Transaction, accountId: string, invoiceId: string): Promise<InvoiceRow> {
  const key = [accountId, invoiceId]
  const [invoice] = await tx.query<Omit<InvoiceRow, 'taxes'>>(
    `select i.invoice_id as "id", i.number, i.status, i.total_micros as "total",
       coalesce(sum(l.amount_micros), 0)::bigint as "credited",
       coalesce(sum(l.amount_micros) filter (where l.kind in ('allowance', 'grant', 'allowance_tax')), 0)::bigint as "allowed"
     from invoices i left join credit_note_lines l using (account_id, invoice_id)
     where i.account_id = $1 and i.invoice_id = $2 group by i.invoice_id, i.number, i.status, i.total_micros`,
    key,
  )
  const taxes = await tx.query<InvoiceRow['taxes'][number]>(
    `select l.name, l.tax_rate_micros as "rate", l.amount_micros as "amount", (
       select coalesce(sum(c.amount_micros), 0)::bigint from credit_note_lines c where c.account_id = l.account_id
         and c.invoice_id = l.invoice_id and c.kind = 'allowance_tax' and c.name = l.name) as "allowed"
     from invoice_lines l where l.account_id = $1 and l.invoice_id = $2 and l.kind = 'tax' and l.amount_micros > 0
     order by l.line`,
    key,
  )
  return { ...invoice!, taxes }
}

type Note = {
  reason: string
  invoice: InvoiceRow
  kind: 'allowance' | 'grant'
  net: Micros
  /** One for each tax of the invoice. */
  taxes: readonly Micros[]
  text: string
}

async function writeAllowance(
  tx: Transaction,
  books: Books,
  { reason, invoice, kind, net, taxes, text }: Note,
): Promise<{ creditNoteId: string; tax: Micros; detailsDigest: Buffer }> {
  const { accountId, now } = books
  const { currency, creditUnit } = unitsOf(books)
  const creditNoteId = newId()
  const number = await nextNoteNumber(tx, accountId)
  const tax = taxes.reduce((sum, amount) => sum + amount, 0n)
  await tx.query(
    `insert into credit_notes (account_id, credit_note_id, number, reason, currency, credit_unit, net_micros, tax_micros,
       overage_cancelled_micros, credits_returned_micros, credits_adjusted_micros, created_at, buyer_name, seller_version,
       buyer_version)
     select $1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, $9, $10, (select max(version) from seller_versions),
       (select max(version) from billing_details where account_id = $1)`,
    [accountId, creditNoteId, number, reason, currency, creditUnit, net, tax, now, books.name],
  )
  const none = { operation: null, planVersionId: null, quantity: null, invoiceId: invoice.id }
  const lines: NoteLine[] = [
    { ...none, kind, name: null, taxRate: null, amount: net, exact: net, description: text },
    ...invoice.taxes.map(({ name, rate }, index) => ({
      ...none,
      kind: 'allowance_tax' as const,
      name,
      taxRate: rate,
      amount: taxes[index]!,
      exact: taxes[index]!,
      description: `${name} ${formatPercentage(rate)} of invoice ${invoice.number}`,
    })),
  ]
  await writeNoteLines(tx, accountId, creditNoteId, lines)
  const nothing = { credits_returned: 0n, overage_cancelled: 0n }
  const facts = { credit_note_id: creditNoteId, number, reason, currency, credited: net + tax, ...nothing }
  tellEvent(books, 'credit_note.issued', { data: facts })
  const detailsDigest = digestCreditNote({
    ...{ id: creditNoteId, number, reason, net, tax, lines, corrections: [] },
    ...{ overageCancelled: 0n, creditsReturned: 0n, creditsAdjusted: 0n },
  })
  return { creditNoteId, tax, detailsDigest }
}
