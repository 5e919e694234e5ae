/**
 * Amounts: whole micro-units, 10⁻⁶ of a currency or of a credit unit (rules R8 and R9).
 *
 * Every room that touches an amount uses this type; the wire carries the decimal string that
 * `formatMicros` writes and `parseMicros` reads.
 *
 * Invariants:
 *   1. No `number` ever holds an amount. A bigint holds no fraction and will not add to a number.
 *   2. `parseMicros(formatMicros(a)) === a` for every amount that `isAmount`.
 *   3. A stored amount fits a signed 64-bit integer, as does its negation.
 *   4. Quotients are rounded by `divideRounded` or `divideFloor` alone, and nowhere by a float.
 *
 * It formats for machines. For people see format-amount.ts.
 */
import { assert } from './assert.ts'

/** A whole number of micro-units: 1 dollar, or 1 credit, is 1_000_000n. */
export type Micros = bigint

/** How many micros make one unit of a currency or of credits. */
export const MICROS_PER_UNIT = 1_000_000n

/** The largest amount that Postgres' bigint stores. The smallest allowed is its negation. */
export const MAX_MICROS: Micros = 2n ** 63n - 1n

// Thirteen digits before the point hold every amount up to MAX_MICROS, and keep a megabyte of
// digits from reaching BigInt, whose parsing is not linear.
const DECIMAL = /^(-?)(0|[1-9]\d{0,12})(?:\.(\d{1,6}))?$/

const ZERO = '0'.charCodeAt(0)

/** Whether an amount may be stored: at most MAX_MICROS in either direction. */
export function isAmount(amount: Micros): boolean {
  return amount <= MAX_MICROS && amount >= -MAX_MICROS
}

/**
 * Reads a decimal string: an optional minus, digits without leading zeros, at most six decimals.
 * Undefined for everything else: exponents, a plus, spaces, a bare point, or past MAX_MICROS.
 */
export function parseMicros(text: string): Micros | undefined {
  const match = DECIMAL.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = ''] = match
  const size = BigInt(whole + fraction.padEnd(6, '0'))
  if (size > MAX_MICROS) return undefined
  return sign === '-' ? -size : size
}

/** An amount written in code: micros('0.20'). Throws where parseMicros refuses. */
export function micros(text: string): Micros {
  const amount = parseMicros(text)
  assert(amount !== undefined, `"${text}" is an amount`)
  return amount
}

/** Writes an amount as a decimal string without trailing zeros: "49.8", "0.000001", "-0.5", "0". */
export function formatMicros(amount: Micros): string {
  // Written once and cut, since dividing costs several times as much, and a large answer holds thousands.
  const digits = (amount < 0n ? -amount : amount).toString().padStart(7, '0')
  const point = digits.length - 6
  let end = digits.length
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end--
  const fraction = end === point ? '' : `.${digits.slice(point, end)}`
  return `${amount < 0n ? '-' : ''}${digits.slice(0, point)}${fraction}`
}

/** The quotient rounded half away from zero: 1/2 is 1, −1/2 is −1. Throws unless denominator > 0. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  assert(denominator > 0n, 'a quotient is taken over a positive denominator')
  const size = numerator < 0n ? -numerator : numerator
  const rounded = (2n * size + denominator) / (2n * denominator)
  return numerator < 0n ? -rounded : rounded
}

/** The quotient rounded towards −∞: −1/2 is −1. Throws unless denominator > 0. */
export function divideFloor(numerator: bigint, denominator: bigint): bigint {
  assert(denominator > 0n, 'a quotient is taken over a positive denominator')
  const quotient = numerator / denominator
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient
}

/** The smaller of two amounts. */
export function lesser(a: Micros, b: Micros): Micros {
  if (a < b) return a
  return b
}
