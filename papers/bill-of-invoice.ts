/**
 * An invoice in the words of the electronic norm (e-invoice.ts): what is asked for as lines, what is taken off as allowances.
 *
 * Called by open-papers.ts with what read-invoice-facts.ts has read.
 *
 * Invariants:
 *   1. Fees, purchases and usage are lines; a discount and the credits that were used are allowances on the whole, since a line of the
 *      norm has no negative price.
 *   2. What earlier invoices carried over is a claim of theirs, not of this bill: it is told in a note, and what was paid or set off
 *      goes to it first, as it is older.
 */
import { lesser, type Micros } from '../billing/micros.ts'
import { descriptionOf, detailOf, interimNotes, methodParts } from './describe-invoice.ts'
import type { Bill, BillLine } from './e-invoice.ts'
import type { InvoiceFacts, InvoiceFactsLine } from './read-invoice-facts.ts'
import { amountIn, isoDay } from './words.ts'
import { wordsOf } from './words-of.ts'

const TAKEN_OFF = ['discount', 'credits_applied']

export function billOfInvoice(facts: InvoiceFacts): Bill {
  const { invoice, lines, parties, zone } = facts
  const words = wordsOf(parties.language)
  const { currency, openingBalance, finalizedAt } = invoice
  const taxes = lines.filter(({ kind }) => kind === 'tax')
  const off = lines.filter(({ kind, amount }) => TAKEN_OFF.includes(kind) && amount !== 0n)
  const nameOf = (line: InvoiceFactsLine) => {
    const detail = detailOf(words, line, facts)
    return detail === null ? descriptionOf(words, line) : `${descriptionOf(words, line)}: ${detail}`
  }
  const paid = invoice.payments.find(({ status }) => status === 'succeeded')
  return {
    type: '380',
    number: invoice.number!,
    issuedOn: isoDay(zone, finalizedAt!),
    currency,
    seller: parties.seller,
    buyer: parties.buyer,
    lines: lines
      .filter(({ kind }) => kind !== 'tax' && !TAKEN_OFF.includes(kind))
      .map((line) => billLine(line, facts)),
    allowances: off.map((line) => ({ reason: nameOf(line), amount: -line.amount })),
    treatment: invoice.treatment ?? 'standard',
    taxes:
      invoice.treatment === 'standard'
        ? taxes.map(({ taxRate, amount }) => ({ rate: taxRate!, amount }))
        : [],
    net: invoice.total - invoice.tax,
    total: invoice.total,
    prepaid: prepaidOf(invoice),
    terms: words.terms,
    notes: [
      ...(openingBalance === 0n ? [] : [words.openingNote(amountIn(words, openingBalance, currency))]),
      ...interimNotes(words, invoice, zone),
    ],
    precedingInvoices: [],
    card: paid ? methodParts(paid.method) : null,
  }
}

/** What was set off or paid, less what it had to settle before this bill. */
function prepaidOf(invoice: InvoiceFacts['invoice']): Micros {
  const { status, total, openingBalance, customerCreditApplied, paid } = invoice
  // Also one that a later invoice took up, and that was paid with it.
  if (status === 'paid') return total
  const left = customerCreditApplied + paid - openingBalance
  return left <= 0n ? 0n : lesser(left, total)
}

function billLine(line: InvoiceFactsLine, facts: InvoiceFacts): BillLine {
  const { invoice, feePeriod, parties, zone } = facts
  const words = wordsOf(parties.language)
  const { start, end } = (line.kind === 'plan_fee' ? feePeriod : null) ?? {
    start: invoice.periodStartsAt,
    end: invoice.periodEndsAt,
  }
  return {
    name: descriptionOf(words, line),
    detail: detailOf(words, line, facts),
    quantity: line.quantity ?? 1n,
    unitPrice: line.unitPrice ?? line.exactAmount,
    amount: line.amount,
    // The norm counts the last day in; our periods end where the next begin.
    period: { start: isoDay(zone, start), end: isoDay(zone, new Date(end.getTime() - 1)) },
  }
}
