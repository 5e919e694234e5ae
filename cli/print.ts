/**
 * What the commands print. Amounts by billing's one formatter, dates in the account's zone, tables in columns.
 *
 * 1. With --json standard output holds one JSON document and nothing else.
 * 2. No amount passes through a number.
 */
import { formatAmount } from '../billing/format-amount.ts'
import { type Micros, parseMicros } from '../billing/micros.ts'

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

export function printLines(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** The decimal string of the wire as people read it: "49.8" in USD is "$49.80". */
export function showAmount(text: string, unit: string | null): string {
  return unit === null ? text : formatAmount(micros(text), unit)
}

export function micros(text: string): Micros {
  const amount = parseMicros(text)
  if (amount === undefined) throw new Error(`The server sent "${text}" where an amount belongs`)
  return amount
}

/** "2 December 2026, 09:14 UTC". */
export function showInstant(instant: string, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
    .format(new Date(instant))
    .replace(' at ', ', ')
}

/** "2 December 2026". */
export function showDay(instant: string, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(instant))
}

export function showCount(count: number): string {
  return count.toLocaleString('en')
}

/** "1 image", "40 images". */
export function showNumberOf(count: number, one: string, many = `${one}s`): string {
  return `${showCount(count)} ${count === 1 ? one : many}`
}

/** Columns two spaces apart; those named in `right` end flush right, as amounts do. */
export function tableLines(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows.map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  )
}
