import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWholeMinor, type MinorDecimals, minorUnit, roundToMinor } from './currency.ts'
import { formatMicros, micros } from './micros.ts'
import { spreadRounding } from './spread-rounding.ts'

describe('spreadRounding', () => {
  function check(exact: string[], decimals: MinorDecimals, rounded: string[]) {
    expect(spreadRounding(exact.map(micros), decimals).map(formatMicros)).toEqual(rounded)
  }

  test('leaves whole amounts alone', () => {
    check([], 2, [])
    check(['50', '-297.05', '0'], 2, ['50', '-297.05', '0'])
  })
  test('gives what is missing to the largest remainder', () => {
    check(['0.333333', '0.666667'], 0, ['0', '1'])
    check(['1.004', '1.003', '1.003'], 2, ['1.01', '1', '1'])
    check(['1.001', '1.008', '1.009'], 2, ['1', '1.01', '1.01'])
  })
  test('gives it in line order where remainders tie', () => {
    check(['0.005', '0.005'], 2, ['0.01', '0'])
    check(['0.005', '0.005', '0.005', '0.005'], 2, ['0.01', '0.01', '0', '0'])
    check(['0.003', '0.004', '0.003', '0.004'], 2, ['0', '0.01', '0', '0'])
  })
  test('floors towards −∞, and so raises negative amounts', () => {
    check(['1.005', '-0.005'], 2, ['1.01', '-0.01'])
    check(['-0.001', '-0.002'], 2, ['0', '0'])
    check(['-0.009', '1'], 2, ['-0.01', '1'])
    check(['2.5', '-1.2'], 0, ['2', '-1'])
  })
  test('rounds the sum half away from zero', () => {
    check(['0.5'], 0, ['1'])
    check(['-0.5'], 0, ['-1'])
    check(['0.0004', '0.0001'], 3, ['0.001', '0'])
  })
})

test('spreadRounding, for any amounts: adds up, and is less than a unit off', () => {
  const anyDecimals = fc.constantFrom<MinorDecimals>(0, 2, 3)
  // Amounts in tenths of a minor unit, so that ties and whole units are common.
  const anyTenths = fc.array(fc.bigInt({ min: -25n, max: 25n }), { maxLength: 7 })
  fc.assert(
    fc.property(anyDecimals, anyTenths, (decimals, tenths) => {
      const unit = minorUnit(decimals)
      const exact = tenths.map((tenth) => (tenth * unit) / 10n)
      const rounded = spreadRounding(exact, decimals)
      const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)
      expect(sum(rounded)).toBe(roundToMinor(sum(exact), decimals))
      for (const [index, amount] of rounded.entries()) {
        const off = amount - exact[index]!
        expect(off < unit && off > -unit && isWholeMinor(amount, decimals)).toBe(true)
        if (isWholeMinor(exact[index]!, decimals)) expect(amount).toBe(exact[index])
      }
    }),
    { numRuns: 500 },
  )
})
