import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWholeMinor, type MinorDecimals, minorDecimals, minorUnit, roundToMinor } from './currency.ts'
import { formatMicros, micros } from './micros.ts'

describe('minorDecimals', () => {
  test.each([
    ['USD', 2],
    ['EUR', 2],
    ['CHF', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['BHD', 3],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', undefined],
    ['XAU', undefined],
    ['XXX', undefined],
    ['usd', undefined],
    ['US', undefined],
    ['USDT', undefined],
    ['credits', undefined],
    ['', undefined],
  ])('%j has %s', (currency, decimals) => {
    expect(minorDecimals(currency)).toBe(decimals)
  })
})

describe('roundToMinor', () => {
  function check(amount: string, decimals: MinorDecimals, rounded: string) {
    expect(formatMicros(roundToMinor(micros(amount), decimals))).toBe(rounded)
    expect(isWholeMinor(micros(amount), decimals)).toBe(micros(amount) === micros(rounded))
  }

  test('rounds half away from zero to 0, 2 or 3 decimals', () => {
    check('0.005', 2, '0.01')
    check('0.004999', 2, '0')
    check('-0.005', 2, '-0.01')
    check('-0.004999', 2, '0')
    check('40.95', 2, '40.95')
    check('0.5', 0, '1')
    check('1.499999', 0, '1')
    check('-1.5', 0, '-2')
    check('0.0005', 3, '0.001')
    check('1.2344', 3, '1.234')
    check('1.234', 3, '1.234')
    check('7', 0, '7')
  })

  test('is within half a unit, whole, and stays where it is', () => {
    const anyDecimals = fc.constantFrom<MinorDecimals>(0, 2, 3)
    fc.assert(
      fc.property(fc.bigInt({ min: -5_000_000n, max: 5_000_000n }), anyDecimals, (amount, decimals) => {
        const rounded = roundToMinor(amount, decimals)
        const error = 2n * (rounded - amount)
        expect(error <= minorUnit(decimals) && error >= -minorUnit(decimals)).toBe(true)
        expect(isWholeMinor(rounded, decimals)).toBe(true)
        expect(roundToMinor(rounded, decimals)).toBe(rounded)
      }),
    )
  })
})
