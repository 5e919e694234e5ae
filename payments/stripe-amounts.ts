/**
 * Amounts as Stripe writes them: whole numbers of its own idea of a currency's smallest unit, and the least it takes.
 *
 * Called by stripe.ts. The one file of the product in which an amount becomes a `number`, because the SDK takes nothing
 * else: it is made from whole units, bounded, and used for nothing but the request it goes into.
 */
import { type MinorDecimals, minorDecimals, minorUnit } from '../billing/currency.ts'
import { type Micros, micros } from '../billing/micros.ts'

/** Without a smaller coin, and yet to be sent with two decimals, which must be 00. */
const SENT_WITH_TWO_DECIMALS = ['ISK', 'UGX']
/** Sent without decimals, though its smaller coin (a fifth) exists in the standard. */
const SENT_WHOLE = ['MGA']

/**
 * Stripe's published least charges. Elsewhere it asks for what half a dollar is worth on the day, which nobody can look up:
 * what falls below that is refused by Stripe and stays open like any failed payment.
 */
const LEAST: Readonly<Record<string, string>> = {
  AED: '2',
  BGN: '1',
  CZK: '15',
  DKK: '2.5',
  GBP: '0.3',
  HKD: '4',
  HUF: '175',
  JPY: '50',
  MXN: '10',
  MYR: '2',
  NOK: '3',
  PLN: '2',
  RON: '2',
  SEK: '3',
  THB: '10',
}

/** The least that Stripe charges in a currency. */
export function leastCharge(currency: string): Micros {
  const written = LEAST[currency]
  if (written !== undefined) return micros(written)
  return minorDecimals(currency) === 0 ? 50_000_000n : 500_000n
}

/**
 * Charges are multiples of this: the last digit of three-decimal currencies must be 0 at Stripe, and a few currencies are whole
 * there that have coins elsewhere.
 */
export function chargeStep(currency: string): Micros {
  const decimals = stripeDecimals(currency)
  if (decimals === 3) return 10n * minorUnit(3)
  return SENT_WITH_TWO_DECIMALS.includes(currency) ? minorUnit(0) : minorUnit(decimals)
}

/** The amount as Stripe's API takes it. Null where it is no multiple of the step, or more than Stripe takes. */
export function asStripeAmount(
  charged: Micros,
  currency: string,
): { amount: number; currency: string } | null {
  if (minorDecimals(currency) === undefined || charged <= 0n || charged % chargeStep(currency) !== 0n) {
    return null
  }
  const units = charged / minorUnit(stripeDecimals(currency))
  // Twelve digits are the most that Stripe takes in any currency; far below what a number holds exactly.
  if (units > 999_999_999_999n) return null
  return { amount: Number(units), currency: currency.toLowerCase() }
}

/** Micros of an amount as Stripe's API gives it. */
export function ofStripeAmount(given: number, currency: string): Micros {
  return BigInt(given) * minorUnit(stripeDecimals(currency.toUpperCase()))
}

/** How many decimals Stripe's whole numbers stand for. */
function stripeDecimals(currency: string): MinorDecimals {
  if (SENT_WITH_TWO_DECIMALS.includes(currency)) return 2
  return SENT_WHOLE.includes(currency) ? 0 : (minorDecimals(currency) ?? 2)
}
