/**
 * Which words papers have, and how a language writes dates, amounts, counts and percentages.
 *
 * Called by the files that describe a paper. The words themselves are in languages/, one file each; one that lacks a word does not
 * compile.
 *
 * Invariants:
 *   1. Amounts are written by billing/format-amount.ts, exact to the micro, in the currency of the account whatever the language.
 *   2. Days are those of the account's zone.
 *
 * Names that people gave (plans, purchases, taxes, reasons) are printed as they were given.
 */
import { minorDecimals } from '../billing/currency.ts'
import { formatAmount } from '../billing/format-amount.ts'
import { formatMicros, type Micros } from '../billing/micros.ts'

export type Words = {
  /** For Intl. */
  locale: string
  invoice: string
  interimInvoice: string
  /** Of an interim invoice: what it is. */
  interimNote: string
  /** Of a later one of the same period. */
  interimBefore: (number: string, day: string) => string
  creditNote: string
  receipt: string
  number: string
  date: string
  period: string
  reference: string
  taxId: string
  registration: string
  bank: string
  page: string
  description: string
  quantity: string
  unitPrice: string
  amount: string
  net: string
  total: string
  taxOn: (name: string, rate: string, base: string) => string
  openingBalance: string
  customerCredit: string
  paid: string
  amountDue: string
  exactly: (amount: string) => string
  planFee: (plan: string) => string
  discount: (plan: string) => string
  planChange: (plan: string) => string
  planChangeDetail: string
  usage: (operation: string, plan: string) => string
  lateUsage: string
  free: string
  creditsApplied: string
  creditsFrom: (credits: string, source: keyof Words['sources']) => string
  sources: { plan: string; upgrade: string; promotion: string; purchase: string; adjustment: string }
  operations: Readonly<Record<string, string>>
  /** Of `credits`, as a unit; others are names. */
  credit: string
  credits: string
  status: {
    paid: (amount: string, day: string) => string
    open: (amount: string) => string
    past_due: (amount: string) => string
    nothing: string
    carried: (amount: string) => string
    void: string
    written_off: string
  }
  payments: string
  paidWith: (method: string) => string
  card: (brand: string, digits: string) => string
  reverseCharge: string
  exempt: string
  /** How an e-invoice says that it is collected. */
  terms: string
  openingNote: (amount: string) => string
  creditNoteFor: (invoice: string) => string
  reason: string
  overageOf: (operation: string) => string
  allowance: string
  grantRest: string
  creditNoteTotal: string
  outcomeCredit: (amount: string) => string
  outcomeRefunded: (amount: string) => string
  refunded: (amount: string) => string
  outcomeCancelled: (amount: string) => string
  outcomeReturned: (credits: string) => string
  outcomeAdjusted: (credits: string) => string
  /** The same, as the terms of an e-invoice. */
  outcomeTerms: string
  usageTakenBack: string
  operation: string
  fromCredits: string
  overage: string
  /** Of a receipt: how often something was charged. */
  charged: string
  cost: string
  run: string
  automation: string
  photos: string
  photo: string
  alreadyPaid: (count: string) => string
  photoCount: (succeeded: string, all: string) => string
  notCharged: string
  receiptNote: string
}

/** "2 December 2026", "2. Dezember 2026", in the account's zone. */
export function dayIn(words: Words, zone: string, day: Date): string {
  return formatter(`day ${words.locale} ${zone}`, () => {
    const format = new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeZone: zone })
    return (value: Date) => format.format(value)
  })(day)
}

/** The civil date of an instant in the account's zone. */
export function civilDay(zone: string, instant: Date): { year: number; month: number; day: number } {
  const format = new Intl.DateTimeFormat('en', {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    timeZone: zone,
  })
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
  return { year: Number(parts.year), month: Number(parts.month), day: Number(parts.day) }
}

/** "2099-11-02" */
export function isoDay(zone: string, instant: Date): string {
  const { year, month, day } = civilDay(zone, instant)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** "2 November – 2 December 2026", in the account's zone. */
export function periodIn(words: Words, zone: string, { start, end }: { start: Date; end: Date }): string {
  return formatter(`period ${words.locale} ${zone}`, () => {
    const format = new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeZone: zone })
    return (value: { start: Date; end: Date }) => format.formatRange(value.start, value.end)
  })({ start, end })
}

/** "−$297.05", "−297,05 $": an amount of a currency or of a credit unit. */
export function amountIn(words: Words, amount: Micros, unit: string): string {
  // Prices of English papers are written as the screens write them: "$50.00", not "US$50.00".
  const locale = words.locale === 'en-GB' ? 'en' : words.locale
  const text = formatAmount(amount, unit, locale).replace(/^-/, '−')
  if (minorDecimals(unit) !== undefined || unit !== 'credits') return text
  return text.replace(/ credits$/, ` ${words.credits}`).replace(/ credit$/, ` ${words.credit}`)
}

export function countIn(words: Words, count: bigint | number): string {
  return formatter(`count ${words.locale}`, () => {
    const format = new Intl.NumberFormat(words.locale)
    return (value: bigint | number) => format.format(value)
  })(count)
}

/** "19 %", "8.875%": as the language writes it, no digit lost. */
export function percentageIn(words: Words, share: Micros): string {
  return formatter(`percentage ${words.locale}`, () => {
    const format = new Intl.NumberFormat(words.locale, { style: 'percent', maximumFractionDigits: 4 })
    return (value: Micros) => format.format(formatMicros(value) as `${number}`)
  })(share)
}

/** "Smart crop": in the paper's language where the operation is one of ours, else from its code. */
export function operationIn(words: Words, code: string): string {
  const known = words.operations[code]
  if (known !== undefined) return known
  const text = code.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

// Making a formatter of Intl takes longer than formatting with it a hundred times.
const formatters = new Map<string, (value: never) => string>()

function formatter<Value>(key: string, make: () => (value: Value) => string): (value: Value) => string {
  const known = formatters.get(key)
  if (known) return known as (value: Value) => string
  const made = make()
  formatters.set(key, made as (value: never) => string)
  return made
}
