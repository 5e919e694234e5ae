import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  divideFloor,
  divideRounded,
  formatMicros,
  isAmount,
  lesser,
  MAX_MICROS,
  micros,
  parseMicros,
} from './micros.ts'

describe('parseMicros and formatMicros', () => {
  /** Reads `text` as `amount`, and writes it back as `written` (the same text unless given). */
  function check(text: string, amount: bigint, written = text) {
    expect(parseMicros(text)).toBe(amount)
    expect(micros(text)).toBe(amount)
    expect(formatMicros(amount)).toBe(written)
  }

  test('read and write decimal strings', () => {
    check('0', 0n)
    check('1', 1_000_000n)
    check('49.8', 49_800_000n)
    check('0.000001', 1n)
    check('-0.5', -500_000n)
    check('-0.000001', -1n)
    check('-12', -12_000_000n)
    check('10', 10_000_000n)
    check('9223372036854.775807', MAX_MICROS)
    check('-9223372036854.775807', -MAX_MICROS)
  })

  test('drop zeros that say nothing', () => {
    check('50.00', 50_000_000n, '50')
    check('0.20', 200_000n, '0.2')
    check('0.000000', 0n, '0')
    check('-0', 0n, '0')
  })

  test.each([
    ['', 'nothing'],
    ['.5', 'no digit before the point'],
    ['5.', 'no digit after the point'],
    ['+5', 'a plus'],
    ['--5', 'two signs'],
    ['1e3', 'an exponent'],
    ['0x10', 'another base'],
    ['007', 'leading zeros'],
    ['1,000', 'grouping'],
    ['1_000', 'grouping'],
    [' 1', 'a space'],
    ['1\n', 'a line end'],
    ['0.0000001', 'a seventh decimal'],
    ['0.0000000', 'a seventh decimal that is zero'],
    ['NaN', 'not a number'],
    ['Infinity', 'not a number'],
    ['١', 'a digit of another script'],
    ['9223372036854.775808', 'one micro too many'],
    ['-9223372036854.775808', 'one micro too few'],
    ['99999999999999', 'fourteen digits'],
    ['9'.repeat(1_000_000), 'a megabyte of digits'],
  ])('refuse %j: %s', (text) => {
    expect(parseMicros(text)).toBeUndefined()
    if (text.length < 100) expect(() => micros(text)).toThrow('is an amount')
  })
})

describe('divideRounded and divideFloor', () => {
  function check(numerator: bigint, denominator: bigint, rounded: bigint, floored: bigint) {
    expect(divideRounded(numerator, denominator)).toBe(rounded)
    expect(divideFloor(numerator, denominator)).toBe(floored)
  }

  test('round half away from zero, and towards −∞', () => {
    check(0n, 7n, 0n, 0n)
    check(1n, 2n, 1n, 0n)
    check(-1n, 2n, -1n, -1n)
    check(3n, 2n, 2n, 1n)
    check(-3n, 2n, -2n, -2n)
    check(1n, 3n, 0n, 0n)
    check(2n, 3n, 1n, 0n)
    check(-1n, 3n, 0n, -1n)
    check(-2n, 3n, -1n, -1n)
    check(499_999n, 1_000_000n, 0n, 0n)
    check(500_000n, 1_000_000n, 1n, 0n)
    check(6n, 3n, 2n, 2n)
    check(-6n, 3n, -2n, -2n)
  })

  test.each([0n, -1n])('throw over a denominator of %s', (denominator) => {
    expect(() => divideRounded(1n, denominator)).toThrow('positive denominator')
    expect(() => divideFloor(1n, denominator)).toThrow('positive denominator')
  })
})

test('isAmount ends at MAX_MICROS in both directions', () => {
  expect([MAX_MICROS, -MAX_MICROS, 0n].every(isAmount)).toBe(true)
  expect(isAmount(MAX_MICROS + 1n)).toBe(false)
  expect(isAmount(-MAX_MICROS - 1n)).toBe(false)
  expect(BigInt.asIntN(64, MAX_MICROS + 1n)).not.toBe(MAX_MICROS + 1n)
})

test('lesser is the smaller of two', () => {
  expect([lesser(1n, 2n), lesser(2n, 1n), lesser(-1n, -1n)]).toEqual([1n, 1n, -1n])
})

describe('micros, for any amounts', () => {
  const anyAmount = fc.bigInt({ min: -MAX_MICROS, max: MAX_MICROS })
  const small = fc.bigInt({ min: -60n, max: 60n })

  test('what is written is read back', () => {
    fc.assert(fc.property(anyAmount, (amount) => parseMicros(formatMicros(amount)) === amount))
  })

  test('what is written never ends in a zero after the point', () => {
    fc.assert(fc.property(anyAmount, (amount) => !/\.\d*0$|\.$/.test(formatMicros(amount))))
  })

  test('whatever is read is written as an equal, shorter or same text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?(0|[1-9]\d{0,12})(\.\d{1,6})?$/), (text) => {
        const amount = parseMicros(text)
        if (amount === undefined) return text.replace('-', '').length >= 13
        return isAmount(amount) && formatMicros(amount).length <= text.length
      }),
    )
  })

  test('a rounded quotient is at most half away, and signs are mirrored', () => {
    fc.assert(
      fc.property(small, fc.bigInt({ min: 1n, max: 9n }), (numerator, denominator) => {
        const rounded = divideRounded(numerator, denominator)
        const error = 2n * (rounded * denominator - numerator)
        expect(error <= denominator && error >= -denominator).toBe(true)
        expect(divideRounded(-numerator, denominator)).toBe(-rounded)
        const rest = numerator - divideFloor(numerator, denominator) * denominator
        expect(rest >= 0n && rest < denominator).toBe(true)
      }),
    )
  })
})
