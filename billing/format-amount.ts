/**
 * Amounts as people read them: "$50.00", "$0.0845", "4,570 credits".
 *
 * The one place that does so: screens, mails, invoices and the command line all call it. The wire
 * carries formatMicros instead.
 *
 * Invariant: no digit is lost. An amount is shown with its currency's decimals, and with up to six
 * where it has more.
 */
import { type MinorDecimals, minorDecimals } from './currency.ts'
import { formatMicros, MICROS_PER_UNIT, type Micros } from './micros.ts'

/** An amount of a currency ("USD") or of a credit unit ("credits", or "USD" again). */
export function formatAmount(amount: Micros, unit: string, locale = 'en'): string {
  const decimals = minorDecimals(unit)
  // A decimal string goes through Intl digit by digit; a number would be rounded to a double.
  const text = formatMicros(amount) as `${number}`
  const number = formatterFor(locale, unit, decimals).format(text)
  return decimals === undefined ? `${number} ${wordOf(unit, amount)}` : number
}

/** A share of one as a percentage: 190_000n is "19 %", 88_750n is "8.875 %". */
export function formatPercentage(share: Micros): string {
  return `${formatMicros(share * 100n)} %`
}

// "1 credit", "2 credits", "1 image credit". A unit without an s stays as it is.
function wordOf(unit: string, amount: Micros): string {
  const word = unit.replaceAll('_', ' ')
  const isOne = amount === MICROS_PER_UNIT || amount === -MICROS_PER_UNIT
  return isOne ? word.replace(/s$/, '') : word
}

// Making a formatter takes longer than formatting with it a hundred times.
const formatters = new Map<string, Intl.NumberFormat>()

function formatterFor(locale: string, unit: string, decimals: MinorDecimals | undefined) {
  const key = `${locale} ${decimals === undefined ? 'credits' : unit}`
  const known = formatters.get(key)
  if (known) return known
  const digits = { minimumFractionDigits: decimals ?? 0, maximumFractionDigits: 6 }
  const formatter = new Intl.NumberFormat(
    locale,
    decimals === undefined ? digits : { ...digits, style: 'currency', currency: unit },
  )
  formatters.set(key, formatter)
  return formatter
}
