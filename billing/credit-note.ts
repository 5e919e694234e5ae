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
import { minorDecimals, roundToMinor } from './currency.ts'
import { taxOn } from './invoice.ts'
import type { Micros } from './micros.ts'
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
