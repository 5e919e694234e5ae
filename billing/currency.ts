/**
 * Currencies and their minor units: how many decimals an invoice in each may show (rule R9).
 *
 * Called where a plan is published and where an invoice is rounded.
 *
 * Invariants:
 *   1. A currency code is three capital letters; decimals are 0, 2 or 3.
 *   2. `roundToMinor` is the only rounding to a minor unit, half away from zero.
 *
 * Four-decimal units of account (CLF, UYW) are not sold in and are refused, as are the metals and
 * test codes. Which of the remaining codes a payment provider takes is its own matter.
 */
import { divideRounded, type Micros } from './micros.ts'

/** Digits after the point of a currency's smallest coin. */
export type MinorDecimals = 0 | 2 | 3

// ISO 4217, the exceptions to two decimals.
const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ')
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ')
const REFUSED = 'CLF UYW XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' ')

/** The decimals of a currency's minor unit, or undefined where nothing can be sold in it. */
export function minorDecimals(currency: string): MinorDecimals | undefined {
  if (!/^[A-Z]{3}$/.test(currency) || REFUSED.includes(currency)) return undefined
  if (NO_DECIMALS.includes(currency)) return 0
  return THREE_DECIMALS.includes(currency) ? 3 : 2
}

/** Micros in one minor unit: 10_000n for a cent, 1_000n for a fils, 1_000_000n for a yen. */
export function minorUnit(decimals: MinorDecimals): Micros {
  return 10n ** BigInt(6 - decimals)
}

/** The nearest whole minor unit, half away from zero, still in micros. */
export function roundToMinor(amount: Micros, decimals: MinorDecimals): Micros {
  return divideRounded(amount, minorUnit(decimals)) * minorUnit(decimals)
}

/** Whether an amount is a whole number of minor units, as fees, discounts and payments must be. */
export function isWholeMinor(amount: Micros, decimals: MinorDecimals): boolean {
  return amount % minorUnit(decimals) === 0n
}
