/**
 * Money that goes back, in the books in memory: refunds to the card as refund-payments.ts books them in SQL, disputes as book-disputes.ts.
 *
 * Called by tell-in-memory.ts. Both are of the card payment of the last invoice that has one; not of what sold credits.
 */
import { allowInvoice } from '../billing/credit-note.ts'
import { minorDecimals, minorUnit } from '../billing/currency.ts'
import {
  disputeLost,
  disputeOpened,
  disputeWon,
  invoiceAllowed,
  refundFailed,
  refundPaid,
  refundRequested,
} from '../billing/entries.ts'
import { lesser, type Micros } from '../billing/micros.ts'
import { type Books, post, unitsOf } from '../ledger/books.ts'
import { type Shelf, type StoredInvoice, type StoredPayment, saveShelf } from './memory-books.ts'
import { settleTakenUp, spendableCredit } from './memory-invoices.ts'
import type { DisputeOutcome } from './story.ts'

export function refund(
  shelf: Shelf,
  books: Books,
  asked: { source: string; amount: Micros | null; paid: boolean },
): string {
  saveShelf(shelf, books)
  const payment = lastPayment(shelf)
  if (!payment) return 'none'
  const left = refundableOf(payment)
  if (left <= 0n) return 'nothing_to_refund'
  const units = unitsOf(books)
  const amount = asked.amount ?? left
  if (amount % minorUnit(minorDecimals(units.currency)!) !== 0n) return 'amount_not_minor'
  if (amount > left || amount === 0n) return 'refund_too_large'
  if (asked.source === 'customer_credit') {
    if (amount > spendableCredit(shelf, books)) return 'refund_too_large'
  } else if (!allow(shelf, books, payment.invoice, amount)) return 'refund_too_large'
  const facts = { causeId: `refund ${books.entrySequence}`, bookedAt: books.now }
  books.customerCredit -= amount
  post(books, { cause: 'refund_requested', ...facts, entries: refundRequested(units, amount) })
  if (asked.paid) {
    post(books, { cause: 'refund_paid', ...facts, entries: refundPaid(units, amount) })
    payment.returned += amount
  } else {
    post(books, { cause: 'refund_failed', ...facts, entries: refundFailed(units, amount, false) })
    books.customerCredit += amount
  }
  saveShelf(shelf, books)
  return `${amount} ${asked.paid ? 'succeeded' : 'failed'}`
}

/** As allowOfInvoice. Answers false where more would be given back than the invoice asked for. */
function allow(shelf: Shelf, books: Books, invoice: StoredInvoice, gross: Micros): boolean {
  const { currency, total, allowed, credited, lines } = invoice
  const taxesBefore = [...credited.taxes.values()].reduce((sum, tax) => sum + tax, 0n)
  if (credited.net + taxesBefore + allowed.gross + gross > total) return false
  const taxLines = lines.filter(({ kind, amount }) => kind === 'tax' && amount > 0n)
  const taxes = taxLines.map(({ name, amount }) => ({ amount, allowed: allowed.taxes.get(name!) ?? 0n }))
  const note = allowInvoice({ currency, total, gross, before: allowed.gross, taxes })
  const tax = note.taxes.reduce((sum, one) => sum + one, 0n)
  shelf.notes += 1
  const entries = invoiceAllowed(unitsOf(books), { net: note.net, tax })
  post(books, { cause: 'invoice_allowed', causeId: `note ${shelf.notes}`, bookedAt: books.now, entries })
  allowed.gross += gross
  for (const [index, { name }] of taxLines.entries()) {
    allowed.taxes.set(name!, (allowed.taxes.get(name!) ?? 0n) + note.taxes[index]!)
  }
  books.customerCredit += gross
  return true
}

export function dispute(
  shelf: Shelf,
  books: Books,
  { amount, outcome }: { amount: Micros; outcome: DisputeOutcome },
): string {
  saveShelf(shelf, books)
  const payment = lastPayment(shelf)
  if (!payment) return 'none'
  const before = payment.dispute
  if (before && (before.status === outcome || before.status !== 'open')) return 'again'
  const left = refundableOf(payment)
  if (!before && left <= 0n) return 'none'
  const units = unitsOf(books)
  const facts = { causeId: payment.id, bookedAt: books.now }
  const disputed = before?.amount ?? lesser(amount, left)
  if (!before) post(books, { cause: 'dispute_opened', ...facts, entries: disputeOpened(units, disputed) })
  if (outcome === 'won') post(books, { cause: 'dispute_won', ...facts, entries: disputeWon(units, disputed) })
  if (outcome === 'lost') {
    const lost = { claim: disputed, customerCredit: 0n, badDebt: 0n }
    post(books, { cause: 'dispute_lost', ...facts, entries: disputeLost(units, lost) })
    const { invoice } = payment
    invoice.paid -= disputed
    invoice.status = 'uncollectible'
    invoice.firstFailedAt ??= books.now
    settleTakenUp(shelf, invoice.id, 'carried')
  }
  payment.dispute = { status: outcome, amount: disputed }
  saveShelf(shelf, books)
  return `${disputed} ${outcome}`
}

/** As REFUNDABLE. */
function refundableOf({ amount, returned, dispute }: StoredPayment): Micros {
  return amount - returned - (dispute && dispute.status !== 'won' ? dispute.amount : 0n)
}

export function lastPayment({ payments }: Shelf): StoredPayment | undefined {
  const plain = payments.filter(({ invoice }) => invoice.kind !== 'purchase')
  const number = Math.max(...plain.map(({ invoice }) => invoice.number!))
  return plain.filter(({ invoice }) => invoice.number === number).at(-1)
}
