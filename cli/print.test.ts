import { expect, test } from 'vitest'
import { showAmount, showInstant, showNumberOf, tableLines } from './print.ts'

test.each([
  ['49.8', 'USD', '$49.80'],
  ['0.000001', 'USD', '$0.000001'],
  ['9007199254740993.25', 'USD', undefined],
  ['9007199254740.993001', 'USD', '$9,007,199,254,740.993001'],
  ['4570', 'credits', '4,570 credits'],
  ['-50', 'USD', '-$50.00'],
  ['1', null, '1'],
])('%s of %s is shown as %s, with no digit lost', (text, unit, shown) => {
  if (shown === undefined) expect(() => showAmount(text, unit)).toThrow()
  else expect(showAmount(text, unit)).toBe(shown)
})

test('instants stand in the zone of the account', () => {
  expect(showInstant('2026-12-02T09:14:00Z', 'UTC')).toBe('2 December 2026, 09:14 UTC')
  expect(showInstant('2026-12-02T23:30:00Z', 'Europe/Berlin')).toBe('3 December 2026, 00:30 CET')
})

test('one is singular', () => {
  expect([showNumberOf(1, 'photo'), showNumberOf(1200, 'photo')]).toEqual(['1 photo', '1,200 photos'])
})

test('columns line up, amounts on the right', () => {
  expect(
    tableLines(
      [
        ['a', '1.00'],
        ['bcd', '10.00'],
      ],
      [1],
    ),
  ).toEqual(['a     1.00', 'bcd  10.00'])
})
