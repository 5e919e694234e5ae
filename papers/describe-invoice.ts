/**
 * An invoice as a sheet, in the buyer's language.
 *
 * Called by open-papers.ts with what read-invoice-facts.ts has read.
 *
 * Invariants:
 *   1. Every amount is one of the invoice's own; nothing is added up here but the net total, which is the total less the tax.
 *   2. A quantity times its unit price is the amount beside it, or the exact amount is told under it.
 *   3. Below the total stand, in this order and only where they are not nothing: what was carried, customer credit, what was paid. The
 *      amount due always stands.
 */
import type { Micros } from '../billing/micros.ts'
import { describeParties } from './describe-parties.ts'
import type { InvoiceFacts, InvoiceFactsLine } from './read-invoice-facts.ts'
import type { Sheet, Table } from './sheet.ts'
import {
  amountIn,
  civilDay,
  countIn,
  dayIn,
  operationIn,
  percentageIn,
  periodIn,
  type Words,
} from './words.ts'
import { wordsOf } from './words-of.ts'

/** The invoice is final: a draft has no paper. */
export function describeInvoice(facts: InvoiceFacts): Sheet {
  const { invoice, lines, parties, zone } = facts
  const words = wordsOf(parties.language)
  const money = (amount: Micros) => amountIn(words, amount, invoice.currency)
  const { number, finalizedAt, periodStartsAt: start, periodEndsAt: end } = invoice
  const { reference } = parties.buyer
  return {
    ...describeParties(words, parties),
    title: `${kindOf(words, invoice)} ${number}`,
    date: civilDay(zone, finalizedAt!),
    kind: kindOf(words, invoice),
    number,
    facts: [
      { name: words.number, value: number! },
      { name: words.date, value: dayIn(words, zone, finalizedAt!) },
      { name: words.period, value: periodIn(words, zone, { start, end }) },
      ...(reference === null ? [] : [{ name: words.reference, value: reference }]),
    ],
    headline: headlineOf(words, invoice, { money, zone }),
    tables: [
      {
        title: null,
        columns: [words.description, words.quantity, words.unitPrice, words.amount],
        rows: lines.filter(({ kind }) => kind !== 'tax').map((line) => rowOf(words, line, { money, facts })),
      },
    ],
    totals: totalsOf(words, { invoice, lines, money }),
    notes: notesOf(words, facts, money),
    annex: [],
    pageWords: words.page,
  }
}

type Invoice = InvoiceFacts['invoice']

function kindOf(words: Words, { kind }: Invoice): string {
  return kind === 'interim' ? words.interimInvoice : words.invoice
}

/** What of its period is on which other invoice. */
export function interimNotes(words: Words, { kind, interims }: Invoice, zone: string): string[] {
  const before = interims.map(({ number, periodEndsAt }) =>
    words.interimBefore(number ?? '', dayIn(words, zone, periodEndsAt)),
  )
  return kind === 'interim' ? [words.interimNote, ...before] : before
}
type Money = (amount: Micros) => string

function headlineOf(
  words: Words,
  invoice: Invoice,
  { money, zone }: { money: Money; zone: string },
): Sheet['headline'] {
  const { status, amountDue, paid, paidAt } = invoice
  const told = words.status
  switch (status) {
    case 'paid':
      return paid > 0n && paidAt
        ? { text: told.paid(money(paid), dayIn(words, zone, paidAt)), tone: 'settled' }
        : { text: told.nothing, tone: 'settled' }
    case 'past_due':
    case 'uncollectible':
      return { text: told.past_due(money(amountDue)), tone: 'open' }
    case 'carried':
      return { text: told.carried(money(amountDue)), tone: 'plain' }
    case 'void':
      return { text: told.void, tone: 'plain' }
    case 'written_off':
      return { text: told.written_off, tone: 'plain' }
    default:
      return { text: told.open(money(amountDue)), tone: 'open' }
  }
}

function rowOf(
  words: Words,
  line: InvoiceFactsLine,
  { money, facts }: { money: Money; facts: InvoiceFacts },
): Table['rows'][number] {
  const { quantity, unitPrice, amount, exactAmount } = line
  const isFree = line.operation !== null && unitPrice === 0n
  const details = [
    detailOf(words, line, facts),
    exactAmount === amount ? null : words.exactly(money(exactAmount)),
  ]
  return {
    cells: [
      descriptionOf(words, line),
      quantity === null ? '' : countIn(words, quantity),
      unitPrice === null ? '' : isFree ? words.free : money(unitPrice),
      money(amount),
    ],
    detail: details.filter(Boolean).join('; ') || null,
  }
}

/** What a line is for, without its figures. */
export function descriptionOf(words: Words, line: InvoiceFactsLine): string {
  const plan = line.planName ?? ''
  switch (line.kind) {
    case 'plan_fee':
      return words.planFee(plan)
    case 'discount':
      return words.discount(plan)
    case 'plan_change':
      return words.planChange(plan)
    case 'usage':
    case 'late_usage':
      return words.usage(operationIn(words, line.operation!), plan)
    case 'credits_applied':
      return words.creditsApplied
    default:
      // A purchase and a tax have names that people gave.
      return line.description
  }
}

/** What is said under it, or null. */
export function detailOf(
  words: Words,
  { kind }: InvoiceFactsLine,
  { creditsUsed, feePeriod, zone }: InvoiceFacts,
): string | null {
  switch (kind) {
    case 'plan_fee':
      return feePeriod && periodIn(words, zone, feePeriod)
    case 'plan_change':
      return words.planChangeDetail
    case 'late_usage':
      return words.lateUsage
    case 'credits_applied':
      return creditsUsed
        .map(({ source, credits, unit }) => words.creditsFrom(amountIn(words, credits, unit), source))
        .join(', ')
    default:
      return null
  }
}

function totalsOf(
  words: Words,
  { invoice, lines, money }: { invoice: Invoice; lines: readonly InvoiceFactsLine[]; money: Money },
): Sheet['totals'] {
  const quiet = (name: string, amount: Micros) => ({ name, amount: money(amount), strong: false })
  const strong = (name: string, amount: Micros) => ({ name, amount: money(amount), strong: true })
  const net = invoice.total - invoice.tax
  const taxes = lines.filter(({ kind }) => kind === 'tax')
  const below: [string, Micros][] = [
    [words.openingBalance, invoice.openingBalance],
    [words.customerCredit, -invoice.customerCreditApplied],
    [words.paid, -invoice.paid],
  ]
  return [
    ...(taxes.length === 0 ? [] : [quiet(words.net, net)]),
    ...taxes.map((tax) => quiet(taxName(words, tax, money(net)), tax.amount)),
    strong(words.total, invoice.total),
    ...below.filter(([, amount]) => amount !== 0n).map(([name, amount]) => quiet(name, amount)),
    strong(words.amountDue, invoice.amountDue),
  ]
}

/** Of an exempt account and of reverse charge the rate is nothing, and the line's own words say why. */
function taxName(words: Words, { name, taxRate, description }: InvoiceFactsLine, base: string): string {
  if (name === null || taxRate === null) return description
  return taxRate === 0n ? name : words.taxOn(name, percentageIn(words, taxRate), base)
}

function notesOf(words: Words, { invoice, refunds, zone }: InvoiceFacts, money: Money): string[] {
  const paid = invoice.payments
    .filter(({ status }) => status === 'succeeded')
    .map(({ method, amount, createdAt }) => [
      dayIn(words, zone, createdAt),
      words.paidWith(cardIn(words, method)),
      money(amount),
    ])
  const back = refunds.map(({ amount, paidAt }) => [
    dayIn(words, zone, paidAt),
    words.refunded(money(amount)),
  ])
  const notes = [...paid, ...back].map((parts) => parts.join(' · '))
  notes.push(...interimNotes(words, invoice, zone))
  if (invoice.treatment === 'reverse_charge') notes.push(words.reverseCharge)
  if (invoice.treatment === 'exempt') notes.push(words.exempt)
  return notes
}

/** "Play card ending 4242" in the paper's language; other methods are names. */
function cardIn(words: Words, method: string): string {
  const card = methodParts(method)
  return card ? words.card(card.brand, card.digits) : method
}

/** Of "Play card ending 4242"; null where it is no card. */
export function methodParts(method: string): { brand: string; digits: string } | null {
  const [, brand, digits] = /^(.+) ending (\d{4})$/.exec(method) ?? []
  return brand === undefined || digits === undefined ? null : { brand, digits }
}
