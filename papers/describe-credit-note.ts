/**
 * A credit note as a sheet, in the buyer's language: what it gives back of which invoice, what became of the credits, and the usage that
 * it took back.
 *
 * Called by open-papers.ts with what read-credit-note-facts.ts has read.
 *
 * Invariant: every amount is one of the note's own; nothing is added up here.
 */
import type { Micros } from '../billing/micros.ts'
import { describeParties } from './describe-parties.ts'
import type { CreditNoteFacts, CreditNoteFactsLine } from './read-credit-note-facts.ts'
import type { Sheet, Table } from './sheet.ts'
import { amountIn, civilDay, countIn, dayIn, operationIn, percentageIn, type Words } from './words.ts'
import { wordsOf } from './words-of.ts'

export function describeCreditNote(facts: CreditNoteFacts): Sheet {
  const { note, lines, parties, zone } = facts
  const words = wordsOf(parties.language)
  const money = (amount: Micros) => amountIn(words, amount, note.currency)
  const { reference } = parties.buyer
  return {
    ...describeParties(words, parties),
    title: `${words.creditNote} ${note.number}`,
    date: civilDay(zone, note.createdAt),
    kind: words.creditNote,
    number: note.number,
    facts: [
      { name: words.number, value: note.number },
      { name: words.date, value: dayIn(words, zone, note.createdAt) },
      ...(reference === null ? [] : [{ name: words.reference, value: reference }]),
      { name: words.reason, value: note.reason },
    ],
    headline: null,
    tables: givenBack(words, lines, money),
    totals: totalsOf(words, { note, lines, money }),
    notes: outcomes(words, facts, money),
    annex: note.usage.length === 0 ? [] : [usage(words, note, zone)],
    pageWords: words.page,
  }
}

type Money = (amount: Micros) => string

/** Nothing where only credits went back: then no invoice is touched. */
function givenBack(words: Words, lines: readonly CreditNoteFactsLine[], money: Money): Table[] {
  const given = lines.filter((line) => !isTax(line))
  if (given.length === 0) return []
  return [
    {
      title: null,
      columns: [words.description, words.quantity, words.amount],
      rows: given.map((line) => ({
        cells: [
          givenName(words, line),
          line.quantity === null ? '' : countIn(words, line.quantity),
          money(line.amount),
        ],
        detail: words.creditNoteFor(line.invoiceNumber),
      })),
    },
  ]
}

function usage(words: Words, note: CreditNoteFacts['note'], zone: string): Table {
  return {
    title: words.usageTakenBack,
    columns: [words.operation, words.quantity, words.fromCredits, words.overage],
    rows: note.usage.map(({ operation, quantity, fromCredits, overage, bookedAt }) => ({
      cells: [
        operationIn(words, operation),
        countIn(words, quantity),
        amountIn(words, fromCredits, note.creditUnit),
        amountIn(words, overage, note.currency),
      ],
      detail: dayIn(words, zone, bookedAt),
    })),
  }
}

function totalsOf(
  words: Words,
  {
    note,
    lines,
    money,
  }: { note: CreditNoteFacts['note']; lines: readonly CreditNoteFactsLine[]; money: Money },
): Sheet['totals'] {
  if (note.customerCredit === 0n) return []
  const taxes = lines.filter(isTax)
  const net = { name: words.net, amount: money(note.net), strong: false }
  return [
    ...(taxes.length === 0 ? [] : [net]),
    ...taxes.map(({ name, taxRate, amount, invoiceNumber }) => ({
      name: `${name} ${percentageIn(words, taxRate!)} ${words.creditNoteFor(invoiceNumber)}`,
      amount: money(amount),
      strong: false,
    })),
    { name: words.creditNoteTotal, amount: money(note.customerCredit), strong: true },
  ]
}

/** One sentence for each thing that became of the money and of the usage. */
function outcomes(words: Words, { note }: CreditNoteFacts, money: Money): string[] {
  const { refunded } = note
  const credits = (amount: Micros) => amountIn(words, amount, note.creditUnit)
  const kept = note.customerCredit - refunded
  const all: [Micros, string][] = [
    [refunded, words.outcomeRefunded(money(refunded))],
    [kept, words.outcomeCredit(money(kept))],
    [note.overageCancelled, words.outcomeCancelled(money(note.overageCancelled))],
    [note.creditsReturned, words.outcomeReturned(credits(note.creditsReturned))],
    [note.creditsAdjusted, words.outcomeAdjusted(credits(note.creditsAdjusted))],
  ]
  return all.filter(([amount]) => amount !== 0n).map(([, sentence]) => sentence)
}

export function isTax({ kind }: CreditNoteFactsLine): boolean {
  return kind === 'tax' || kind === 'allowance_tax'
}

/** What is given back, without its figures. */
export function givenName(words: Words, { kind, operation }: CreditNoteFactsLine): string {
  if (kind === 'allowance') return words.allowance
  if (kind === 'grant') return words.grantRest
  return words.overageOf(operationIn(words, operation!))
}
