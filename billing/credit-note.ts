/**
 * What a credit note gives back of an invoice: overage of a closed period, with its tax (rules R9 and R26).
 *
 * Called by the verb that issues a credit note, once for each invoice that it touches.
 *
 * Invariants (laws in credit-note.test.ts):
 *   1. However an overage is divided among credit notes, together they give back what one would have given.
 *   2. No more is given back than was invoiced, nor more tax than its rate makes of it.
 *   3. All amounts are whole minor units.
 */
import { minorDecimals, minorUnit, roundToMinor } from './currency.ts'
import { taxOn } from './invoice.ts'
import { divideRounded, type Micros } from './micros.ts'
import { spreadRounding } from './spread-rounding.ts'

export type InvoiceCredit = {
  currency: string
  /** Overage of each line, in currency, to the micro. */
  exact: readonly Micros[]
  /** What credit notes have given back of this invoice so far. */
  before: { exact: Micros; net: Micros }
  /** Of the invoice's tax lines, and what was given back of each so far. */
  taxes: readonly { rate: Micros; credited: Micros }[]
}

/**
 * What is given back of an invoice as such, in whole minor units: its tax by rate, in the share that the whole has, and the rest,
 * which is net. However it is divided among credit notes, together they give back what one would have given.
 */
export function allowInvoice(allowance: {
  currency: string
  /** With tax, whole minor units: of the invoice, and to be given back now. */
  total: Micros
  gross: Micros
  /** What was given back so far in this way, with tax. */
  before: Micros
  /** Of the invoice's tax lines, and what was given back of each so far in this way. */
  taxes: readonly { amount: Micros; allowed: Micros }[]
}): { net: Micros; taxes: Micros[] } {
  const { currency, total, gross, before } = allowance
  const unit = minorUnit(minorDecimals(currency)!)
  const taxes = allowance.taxes.map(
    ({ amount, allowed }) => divideRounded((before + gross) * amount, total * unit) * unit - allowed,
  )
  return { net: gross - taxes.reduce((sum, tax) => sum + tax, 0n), taxes }
}

/** The lines in whole minor units, and the tax of each rate. */
export function creditInvoice(credit: InvoiceCredit): { amounts: Micros[]; net: Micros; taxes: Micros[] } {
  const { currency, exact, before } = credit
  const decimals = minorDecimals(currency)!
  // What rounding has left over so far goes with the first line.
  const left = before.exact - roundToMinor(before.exact, decimals)
  const amounts = spreadRounding(
    exact.map((amount, index) => (index === 0 ? amount + left : amount)),
    decimals,
  )
  const net = amounts.reduce((sum, amount) => sum + amount, 0n)
  const taxes = credit.taxes.map(({ rate, credited }) => taxOn(before.net + net, rate, currency) - credited)
  return { amounts, net, taxes }
}
