/**
 * What an account owes in tax: one or several rates, none because it is exempt, or none because the recipient pays it.
 *
 * Called where the operator sets it, for previews, and where an invoice is finalized, whose lines then keep the rates for ever.
 *
 * Invariants:
 *   1. A rate is a share of one in micros, from 0 to 1: 19 % is 190_000n. No float ever holds one.
 *   2. Whoever is exempt or under reverse charge has a line that says so, of 0.
 *
 * Which rate is right for whom is the operator's to know; prices exclude tax (rule R9).
 */
import { MICROS_PER_UNIT, type Micros } from './micros.ts'

/** A tax by its name: "VAT" at 190_000n. */
export type TaxRate = { name: string; rate: Micros }

export type TaxTreatment = 'standard' | 'exempt' | 'reverse_charge'

export type AccountTax = {
  treatment: TaxTreatment
  /** In the order of the invoice's lines. Of an exempt account: those that it does not pay. */
  rates: readonly TaxRate[]
}

/** Nobody owes more taxes on one invoice. */
const MOST_RATES = 5

export type TaxRefusal = 'tax_rate_invalid' | 'tax_name_repeated' | 'too_many_taxes'

/** The first reason why an account cannot be taxed like this, or null. */
export function refuseTax({ rates }: AccountTax): TaxRefusal | null {
  if (rates.length > MOST_RATES) return 'too_many_taxes'
  if (rates.some(({ rate }) => rate < 0n || rate > MICROS_PER_UNIT)) return 'tax_rate_invalid'
  return new Set(rates.map(({ name }) => name)).size < rates.length ? 'tax_name_repeated' : null
}

/** The rates as they go on an invoice. */
export function invoicedRates({ treatment, rates }: AccountTax): TaxRate[] {
  if (treatment === 'standard') return [...rates]
  const words = treatment === 'exempt' ? 'Exempt' : 'Reverse charge'
  const names = rates.map(({ name }) => name).join(' and ')
  return [{ name: names === '' ? words : `${words}, ${names}`, rate: 0n }]
}
