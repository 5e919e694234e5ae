/**
 * A credit note in the words of the electronic norm (e-invoice.ts): the money that it gives back of invoices.
 *
 * Called by open-papers.ts with what read-credit-note-facts.ts has read. A note that gives only credits back has no lines, and the norm
 * has no place for it.
 */
import { givenName, isTax } from './describe-credit-note.ts'
import type { Bill } from './e-invoice.ts'
import type { CreditNoteFacts } from './read-credit-note-facts.ts'
import { amountIn, countIn, isoDay } from './words.ts'
import { wordsOf } from './words-of.ts'

export function billOfCreditNote(facts: CreditNoteFacts): Bill {
  const { note, lines, parties, zone } = facts
  const words = wordsOf(parties.language)
  const given = lines.filter((line) => !isTax(line))
  const taxes = new Map<bigint, bigint>()
  for (const { taxRate, amount } of lines.filter(isTax)) {
    taxes.set(taxRate!, (taxes.get(taxRate!) ?? 0n) + amount)
  }
  const preceding = new Map(given.map((line) => [line.invoiceNumber, isoDay(zone, line.invoiceIssuedAt)]))
  const treatments = new Set(given.map(({ treatment }) => treatment))
  return {
    type: '381',
    number: note.number,
    issuedOn: isoDay(zone, note.createdAt),
    currency: note.currency,
    seller: parties.seller,
    buyer: parties.buyer,
    lines: given.map((line) => ({
      name: givenName(words, line),
      detail: [line.quantity && countIn(words, line.quantity), words.creditNoteFor(line.invoiceNumber)]
        .filter(Boolean)
        .join(' '),
      quantity: 1n,
      unitPrice: line.amount,
      amount: line.amount,
      period: null,
    })),
    allowances: [],
    treatment: treatments.size > 1 ? 'several' : ([...treatments][0] ?? 'standard'),
    taxes: [...taxes].map(([rate, amount]) => ({ rate, amount })),
    net: note.net,
    total: note.customerCredit,
    prepaid: 0n,
    terms:
      note.refunded === 0n
        ? words.outcomeTerms
        : words.outcomeRefunded(amountIn(words, note.refunded, note.currency)),
    notes: [note.reason],
    precedingInvoices: [...preceding].map(([number, issuedOn]) => ({ number, issuedOn })),
    card: null,
  }
}
