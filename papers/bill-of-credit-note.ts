/**
 * A credit note in the words of the electronic norm (e-invoice.ts): the money that it gives back of invoices.
 *
 * Called by open-papers.ts with what read-credit-note-facts.ts has read. A note that gives only credits back has no lines, and the norm
 * has no place for it.
 */
import type { Bill } from './e-invoice.ts'
import type { CreditNoteFacts } from './read-credit-note-facts.ts'
import { countIn, isoDay, operationIn } from './words.ts'
import { wordsOf } from './words-of.ts'

export function billOfCreditNote({ note, lines, parties, zone }: CreditNoteFacts): Bill {
  const words = wordsOf(parties.language)
  const given = lines.filter(({ kind }) => kind === 'overage')
  const taxes = new Map<bigint, bigint>()
  for (const { taxRate, amount, kind } of lines) {
    if (kind === 'tax') taxes.set(taxRate!, (taxes.get(taxRate!) ?? 0n) + amount)
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
    lines: given.map(({ operation, quantity, invoiceNumber, amount }) => ({
      name: words.overageOf(operationIn(words, operation!)),
      detail: `${countIn(words, quantity!)} ${words.creditNoteFor(invoiceNumber)}`,
      quantity: 1n,
      unitPrice: amount,
      amount,
      period: null,
    })),
    allowances: [],
    treatment: treatments.size > 1 ? 'several' : ([...treatments][0] ?? 'standard'),
    taxes: [...taxes].map(([rate, amount]) => ({ rate, amount })),
    net: note.net,
    total: note.customerCredit,
    prepaid: 0n,
    terms: words.outcomeTerms,
    notes: [note.reason],
    precedingInvoices: [...preceding].map(([number, issuedOn]) => ({ number, issuedOn })),
    card: null,
  }
}
