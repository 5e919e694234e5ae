import { expect, test } from 'vitest'
import { formatAmount, formatPercentage } from './format-amount.ts'
import { MAX_MICROS, micros } from './micros.ts'

test.each([
  ['50', 'USD', '$50.00'],
  ['49.8', 'USD', '$49.80'],
  ['0.0845', 'USD', '$0.0845'],
  ['0.000001', 'USD', '$0.000001'],
  ['-297.05', 'USD', '-$297.05'],
  ['1234567.5', 'EUR', '€1,234,567.50'],
  ['65', 'JPY', '¥65'],
  ['0.5', 'JPY', '¥0.5'],
  ['1.5', 'KWD', 'KWD 1.500'],
  ['4570', 'credits', '4,570 credits'],
  ['1', 'credits', '1 credit'],
  ['-1', 'credits', '-1 credit'],
  ['1.000001', 'credits', '1.000001 credits'],
  ['1', 'gold', '1 gold'],
  ['0.5', 'image_credits', '0.5 image credits'],
])('%s %s is %s', (amount, unit, text) => {
  // Intl sets a no-break space between a currency's code and its amount.
  expect(formatAmount(micros(amount), unit).replace('\u00a0', ' ')).toBe(text)
})

test('no digit is lost where a float would lose some', () => {
  expect(formatAmount(MAX_MICROS, 'USD')).toBe('$9,223,372,036,854.775807')
})

test('other languages write it their way', () => {
  expect(formatAmount(micros('1234.5'), 'EUR', 'de').replace('\u00a0', ' ')).toBe('1.234,50 €')
})

test('formatPercentage shows a share of one', () => {
  expect(['0.19', '0.08875', '0', '1'].map((rate) => formatPercentage(micros(rate)))).toEqual([
    '19 %',
    '8.875 %',
    '0 %',
    '100 %',
  ])
})
