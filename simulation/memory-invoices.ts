/**
 * Invoices of the books in memory: finalized, paid, carried and taken up, as finalize-invoices.ts and collect-payments.ts do it in SQL.
 *
 * Called by tell-in-memory.ts and memory-plans.ts.
 */
import { minorDecimals, minorUnit } from '../billing/currency.ts'
import { afterFailure } from '../billing/dunning.ts'
import { invoiceWrittenOff, paymentReceived, writeOffRecovered } from '../billing/entries.ts'
import { taxLines, totalOf } from '../billing/invoice.ts'
import type { Micros } from '../billing/micros.ts'
import { invoicedRates } from '../billing/tax.ts'
import { type Books, post, unitsOf } from '../ledger/books.ts'
import { type ClaimTerms, claimInvoice } from '../ledger/finalize-invoices.ts'
import { UNPAID } from '../ledger/settle-by-hand.ts'
import { type Shelf, type StoredInvoice, saveShelf } from './memory-books.ts'

/** Turns what boundaries and purchases have drafted into claims, oldest first. */
export function finalize(shelf: Shelf, books: Books, minimumCharge: Micros): string {
  saveShelf(shelf, books)
  const drafts = shelf.invoices.filter(
    ({ status, kind }) => status === 'draft' && kind !== 'start' && kind !== 'upgrade',
  )
  for (const invoice of drafts) {
    const taxes = taxLines(invoice.total, invoicedRates(shelf.tax), invoice.currency)
    invoice.lines = [...invoice.lines, ...taxes]
    invoice.tax = totalOf(taxes)
    invoice.total += invoice.tax
    invoice.treatment = shelf.tax.treatment
    const carried = shelf.invoices.filter(
      ({ status, carriedTo }) => status === 'carried' && carriedTo === null,
    )
    const openingBalance = carried.reduce((sum, one) => sum + dueOf(one), 0n)
    const customerCredit = spendableCredit(shelf, books)
    for (const one of carried) one.carriedTo = invoice.id
    claim(shelf, books, invoice, { openingBalance, customerCredit, minimumCharge })
  }
  saveShelf(shelf, books)
  return `${drafts.length}`
}

/** Total and opening balance without what is set off and paid. */
export function dueOf({ total, opening, credit, paid, writtenOff }: StoredInvoice): Micros {
  return total + opening - credit - paid - writtenOff
}

/** As readSpendableCredit. */
export function spendableCredit({ invoices }: Shelf, { units, customerCredit }: Books): Micros {
  if (!units) return 0n
  const drafts = invoices.filter(({ status }) => status === 'draft')
  const free = customerCredit - drafts.reduce((sum, { credit }) => sum + credit, 0n)
  return free - (free % minorUnit(minorDecimals(units.currency)!))
}

export function claim(shelf: Shelf, books: Books, invoice: StoredInvoice, terms: ClaimTerms): void {
  invoice.opening = terms.openingBalance
  const { status, customerCreditApplied } = claimInvoice(books, invoice, terms)
  invoice.status = status
  invoice.credit = customerCreditApplied
  invoice.number = shelf.invoices.filter(({ number }) => number !== null).length + 1
  if (status === 'paid') settleTakenUp(shelf, invoice.id, 'paid')
}

/** Every invoice that asks for money is tried, and all are paid or none. */
export function pay(shelf: Shelf, books: Books, paid: boolean): string {
  saveShelf(shelf, books)
  const due = shelf.invoices.filter(isUnpaid)
  for (const invoice of due) {
    if (paid) {
      payByCard(shelf, invoice)
      receive(shelf, books, invoice)
    } else {
      invoice.firstFailedAt ??= books.now
      invoice.status = afterFailure({ firstFailedAt: invoice.firstFailedAt, failedAt: books.now }).state
    }
  }
  saveShelf(shelf, books)
  return `${due.length} ${due.filter(({ status }) => status === 'past_due').length}`
}

const isUnpaid = ({ status }: StoredInvoice) => (UNPAID as readonly string[]).includes(status)

/** As writeOff. */
export function giveUp(shelf: Shelf, books: Books): string {
  saveShelf(shelf, books)
  const invoice = oldest(shelf, isUnpaid)
  if (!invoice) return 'none'
  const amount = dueOf(invoice)
  const entries = invoiceWrittenOff(unitsOf(books), amount)
  post(books, { cause: 'invoice_written_off', causeId: invoice.id, bookedAt: books.now, entries })
  invoice.writtenOff = amount
  invoice.status = 'written_off'
  settleTakenUp(shelf, invoice.id, 'written_off')
  saveShelf(shelf, books)
  return `${amount}`
}

/** As payByHand. */
export function payByHand(shelf: Shelf, books: Books): string {
  saveShelf(shelf, books)
  const invoice = oldest(shelf, (one) => isUnpaid(one) || one.status === 'written_off')
  if (!invoice) return 'none'
  if (invoice.writtenOff > 0n) {
    const entries = writeOffRecovered(unitsOf(books), invoice.writtenOff)
    post(books, { cause: 'write_off_recovered', causeId: invoice.id, bookedAt: books.now, entries })
    invoice.writtenOff = 0n
  }
  const amount = dueOf(invoice)
  receive(shelf, books, invoice)
  saveShelf(shelf, books)
  return `${amount}`
}

/** The one with the lowest number that no other has taken up. */
function oldest({ invoices }: Shelf, is: (invoice: StoredInvoice) => boolean): StoredInvoice | undefined {
  const found = invoices.filter((invoice) => is(invoice) && invoice.carriedTo === null)
  return found.sort((a, b) => a.number! - b.number!)[0]
}

/** A card pays what an invoice asks for. */
export function payByCard({ payments }: Shelf, invoice: StoredInvoice): void {
  const id = `payment ${payments.length + 1}`
  payments.push({ id, invoice, amount: dueOf(invoice), returned: 0n, dispute: null })
}

/** Money arrives for what an invoice asks for. */
export function receive(shelf: Shelf, books: Books, invoice: StoredInvoice): void {
  const amount = dueOf(invoice)
  const entries = paymentReceived(unitsOf(books), amount)
  const causeId = `payment ${books.entrySequence} of ${invoice.id}`
  post(books, { cause: 'payment_received', causeId, bookedAt: books.now, entries })
  invoice.paid += amount
  invoice.status = 'paid'
  settleTakenUp(shelf, invoice.id, 'paid')
}

export function settleTakenUp(shelf: Shelf, invoiceId: string, as: 'paid' | 'written_off' | 'carried'): void {
  for (const one of shelf.invoices.filter(({ carriedTo }) => carriedTo === invoiceId)) {
    one.status = as
    settleTakenUp(shelf, one.id, as)
  }
}
