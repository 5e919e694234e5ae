/**
 * How screens write amounts, counts, days and times: the one place that does so in the browser.
 *
 * 1. Amounts arrive as the decimal strings of the wire and become micros here; no `number` ever holds one.
 * 2. Business days are written in the account's own zone, since that is where its periods end.
 * 3. `shareOf` gives a number for drawing bars, never for computing.
 *
 * The wording of an amount itself is billing/format-amount.ts, the same for mails, invoices and the command line.
 */
import { assert } from '../billing/assert.ts'
import { formatAmount } from '../billing/format-amount.ts'
import { type Micros, parseMicros } from '../billing/micros.ts'

/** Reads an amount of the wire. Throws on anything else: the server's schemas rule it out. */
export function readAmount(text: string): Micros {
  const amount = parseMicros(text)
  assert(amount !== undefined, `"${text}" is no amount of the wire`)
  return amount
}

/** "$22.00", "$0.0845", "−$50.00", "4,570 credits". Takes an amount of the wire as well. */
export function amountText(amount: Micros | string, unit: string): string {
  const text = formatAmount(typeof amount === 'string' ? readAmount(amount) : amount, unit)
  return text.replace(/^-/, '−')
}

/** Splits "$113.333333" into "$113.33" and "3333": what lies below the smallest coin is shown more quietly. */
export function splitAmountText(text: string): [string, string] {
  const match = /^([^.]*\.\d{2})(\d+)$/.exec(text)
  return match ? [match[1]!, match[2]!] : [text, '']
}

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** "3 minutes ago", "2 hours ago", "yesterday", by the clock on the wall. Instants of the account's own clock are not for this. */
export function agoText(instant: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - new Date(instant).getTime()) / 60_000))
  if (minutes < 1) return 'just now'
  if (minutes < 60) return ago.format(-minutes, 'minute')
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? ago.format(-hours, 'hour') : ago.format(-Math.floor(hours / 24), 'day')
}

/** How large `part` is beside `whole`, from 0 to 1, for the length of a bar. */
export function shareOf(part: Micros, whole: Micros): number {
  if (whole <= 0n || part <= 0n) return 0
  return part >= whole ? 1 : Number((part * 10_000n) / whole) / 10_000
}

const counts = new Intl.NumberFormat('en')

export function countText(count: number | bigint): string {
  return counts.format(count)
}

/** "1 photo", "40 photos". */
export function countOf(count: number | bigint, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${BigInt(count) === 1n ? noun : plural}`
}

const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** "1.2 s" for 1,200 milliseconds. */
export function secondsText(ms: number): string {
  return `${oneDecimal.format(ms / 1000)} s`
}

/** "412 kB", "2.4 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1_000_000) return `${countText(Math.max(1, Math.round(bytes / 1000)))} kB`
  return `${oneDecimal.format(bytes / 1_000_000)} MB`
}

const dayFormats = new Map<string, Intl.DateTimeFormat>()

function dates(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone ?? ''} ${JSON.stringify(options)}`
  const known = dayFormats.get(key)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-GB', { ...options, ...(zone ? { timeZone: zone } : {}) })
  dayFormats.set(key, format)
  return format
}

/** "2 December", in the zone given or the browser's. */
export function dayText(instant: string, zone?: string): string {
  return dates(zone, { day: 'numeric', month: 'long' }).format(new Date(instant))
}

/** "2 December 2026". */
export function dateText(instant: string, zone?: string): string {
  return dates(zone, { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(instant))
}

/** "November 2026" for the civil month "2026-11". */
export function monthText(month: string): string {
  return dates('UTC', { month: 'long', year: 'numeric' }).format(new Date(`${month}-01T00:00:00Z`))
}

/** "Nov" for the civil month "2026-11". */
export function shortMonthText(month: string): string {
  return dates('UTC', { month: 'short' }).format(new Date(`${month}-01T00:00:00Z`))
}

/** "2 Dec 2026, 14:05", in the browser's zone unless told. */
export function momentText(instant: string, zone?: string): string {
  const options = {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  } as const
  return dates(zone, options).format(new Date(instant))
}

/** The civil date of an instant in a zone: "2026-12-02". */
export function civilDate(instant: string, zone: string): string {
  const parts = dates(zone, { day: '2-digit', month: '2-digit', year: 'numeric' }).formatToParts(
    new Date(instant),
  )
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** All civil dates of a half-open period, for the days of a chart. */
export function daysOfPeriod(period: { start: string; end: string }, zone: string): string[] {
  // The last instant that belongs to the period decides the last day.
  const last = civilDate(new Date(Date.parse(period.end) - 1).toISOString(), zone)
  const days: string[] = []
  const cursor = new Date(`${civilDate(period.start, zone)}T00:00:00Z`)
  for (let day = ''; day !== last && days.length < 400; cursor.setUTCDate(cursor.getUTCDate() + 1)) {
    day = cursor.toISOString().slice(0, 10)
    days.push(day)
  }
  return days
}

/** "about 3 minutes": how long work will still take. */
export function remainingText(seconds: number): string {
  if (seconds < 50) return 'less than a minute'
  if (seconds < 5400) return `about ${countOf(Math.round(seconds / 60), 'minute')}`
  return `about ${countOf(Math.round(seconds / 3600), 'hour')}`
}

/** `remove_background` as a word for people, where the catalogue's own name is not at hand. */
export function operationText(code: string): string {
  const words = code.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
