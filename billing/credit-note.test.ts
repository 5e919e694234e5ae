import fc from 'fast-check'
import { expect, test } from 'vitest'
import { creditInvoice } from './credit-note.ts'
import { minorDecimals, minorUnit, roundToMinor } from './currency.ts'
import { taxOn } from './invoice.ts'
import { formatMicros, type Micros, micros } from './micros.ts'

/** Credits one overage after another; answers what each gave back, as texts "net tax". */
function check(currency: string, rate: string, overages: string[], given: string[]) {
  expect(creditAll(currency, micros(rate), overages.map(micros)).map(write)).toEqual(given)
}

function write({ net, tax }: { net: Micros; tax: Micros }) {
  return `${formatMicros(net)} ${formatMicros(tax)}`
}

function creditAll(currency: string, rate: Micros, overages: readonly Micros[]) {
  let [exact, net, credited] = [0n, 0n, 0n]
  return overages.map((overage) => {
    const credit = creditInvoice({
      currency,
      exact: [overage],
      before: { exact, net },
      taxes: [{ rate, credited }],
    })
    exact += overage
    net += credit.net
    credited += credit.taxes[0]!
    return { net: credit.net, tax: credit.taxes[0]! }
  })
}

test('gives back the overage and its tax', () => {
  check('USD', '0.2', ['15'], ['15 3'])
  check('USD', '0.2', ['0.2', '0.2'], ['0.2 0.04', '0.2 0.04'])
})

test('what is too small to give back is given with what follows', () => {
  check('USD', '0.19', ['0.004', '0.004', '0.004'], ['0 0', '0.01 0', '0 0'])
  check('JPY', '0.1', ['20.5', '20.5'], ['21 2', '20 2'])
  check('KWD', '0', ['0.0615', '0.0615'], ['0.062 0', '0.061 0'])
})

test('spreads over the lines of one invoice what they add up to', () => {
  const exact = [micros('0.104'), micros('0.104'), micros('0.104')]
  const { amounts } = creditInvoice({ currency: 'USD', exact, before: { exact: 0n, net: 0n }, taxes: [] })
  expect(amounts.map(formatMicros)).toEqual(['0.11', '0.1', '0.1'])
})

test('however it is divided, the same is given back, and never more than was invoiced', () => {
  const anyCase = fc.record({
    currency: fc.constantFrom('USD', 'JPY', 'KWD'),
    rate: fc.bigInt({ min: 0n, max: 1_000_000n }),
    overages: fc.array(fc.bigInt({ min: 1n, max: 9_000_000n }), { minLength: 1, maxLength: 8 }),
  })
  fc.assert(
    fc.property(anyCase, ({ currency, rate, overages }) => {
      const decimals = minorDecimals(currency)!
      const given = creditAll(currency, rate, overages)
      const total = roundToMinor(
        overages.reduce((sum, overage) => sum + overage, 0n),
        decimals,
      )
      expect(given.reduce((sum, { net }) => sum + net, 0n)).toBe(total)
      expect(given.reduce((sum, { tax }) => sum + tax, 0n)).toBe(taxOn(total, rate, currency))
      for (const { net, tax } of given) {
        expect([net, tax].every((amount) => amount >= 0n && amount % minorUnit(decimals) === 0n)).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})
