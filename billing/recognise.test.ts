import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { micros } from './micros.ts'
import { breakageOf, recognisedBy, recognisedToDate } from './recognise.ts'

describe('recognisedToDate', () => {
  function check(
    consideration: string,
    granted: string,
    drawn: string,
    recognised: string,
    breakage: string,
  ) {
    const grant = { consideration: micros(consideration), granted: micros(granted) }
    expect(recognisedToDate(grant, micros(drawn))).toBe(micros(recognised))
    expect(breakageOf(grant, micros(drawn))).toBe(micros(breakage))
  }

  test('is the share of the consideration that the draws are of the credits', () => {
    check('50', '50', '0', '0', '50')
    check('50', '50', '20.5', '20.5', '29.5')
    check('50', '50', '50', '50', '0')
    check('250', '4570', '1.3', '0.071115', '249.928885')
    check('200', '220', '110', '100', '100')
    check('0', '5', '3', '0', '0')
  })

  test('is rounded down, so that nothing is recognised too early', () => {
    check('0.000002', '0.000003', '0.000001', '0', '0.000002')
    check('0.000002', '0.000003', '0.000002', '0.000001', '0.000001')
    check('0.000002', '0.000003', '0.000003', '0.000002', '0')
  })

  test('throws outside of what was granted', () => {
    const grant = { consideration: 5n, granted: 10n }
    expect(() => recognisedToDate(grant, -1n)).toThrow('no more is drawn')
    expect(() => recognisedToDate(grant, 11n)).toThrow('no more is drawn')
    expect(() => recognisedToDate({ consideration: 5n, granted: 0n }, 0n)).toThrow('before they are drawn')
  })
})

describe('recognition, for any draws', () => {
  const anyDraws = fc.array(fc.bigInt({ min: 0n, max: 9n }), { minLength: 1, maxLength: 8 })
  const anyMoney = fc.bigInt({ min: 0n, max: 30n })

  test('the increments of any steps add up, and with the breakage to the consideration', () => {
    fc.assert(
      fc.property(anyDraws, anyMoney, fc.bigInt({ min: 1n, max: 9n }), (draws, consideration, unused) => {
        const total = draws.reduce((sum, amount) => sum + amount, 0n)
        const grant = { consideration, granted: total + unused }
        let [drawn, recognised] = [0n, 0n]
        for (const amount of draws) {
          const step = recognisedBy(grant, drawn, amount)
          expect(step >= 0n).toBe(true)
          drawn += amount
          recognised += step
        }
        expect(recognised).toBe(recognisedToDate(grant, total))
        expect(recognised + breakageOf(grant, total)).toBe(consideration)
        expect(recognisedToDate({ ...grant, granted: total || 1n }, total || 1n)).toBe(consideration)
      }),
    )
  })

  test('giving back takes back what drawing recognised', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 9n }),
        fc.bigInt({ min: 0n, max: 9n }),
        anyMoney,
        (before, amount, consideration) => {
          const grant = { consideration, granted: 19n }
          expect(recognisedBy(grant, before + amount, -amount)).toBe(-recognisedBy(grant, before, amount))
        },
      ),
    )
  })
})
