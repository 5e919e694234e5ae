import { describe, expect, test } from 'vitest'
import {
  agoText,
  amountText,
  civilDate,
  countOf,
  daysOfPeriod,
  dayText,
  readAmount,
  remainingText,
  shareOf,
  splitAmountText,
} from './format.ts'

test('amounts are written without losing a digit', () => {
  const check = (amount: string, unit: string, text: string) => expect(amountText(amount, unit)).toBe(text)
  check('50', 'USD', '$50.00')
  check('0.0845', 'USD', '$0.0845')
  check('113.333333', 'USD', '$113.333333')
  check('-297.05', 'USD', '−$297.05')
  check('4570', 'credits', '4,570 credits')
  check('0.5', 'credits', '0.5 credits')
})

test('what lies below the smallest coin is set apart', () => {
  expect(splitAmountText('$113.333333')).toEqual(['$113.33', '3333'])
  expect(splitAmountText('$50.00')).toEqual(['$50.00', ''])
  expect(splitAmountText('4,570 credits')).toEqual(['4,570 credits', ''])
})

test('an amount that is none is a bug', () => {
  expect(() => readAmount('1e3')).toThrow('no amount')
})

test('the share of a bar lies between nothing and all', () => {
  expect(shareOf(22n, 50n)).toBe(0.44)
  expect(shareOf(60n, 50n)).toBe(1)
  expect(shareOf(-1n, 50n)).toBe(0)
  expect(shareOf(1n, 0n)).toBe(0)
})

test('counts agree with their nouns', () => {
  expect(countOf(1, 'photo')).toBe('1 photo')
  expect(countOf(4570, 'photo')).toBe('4,570 photos')
  expect(countOf(0n, 'person', 'people')).toBe('0 people')
})

describe('days', () => {
  test('are those of the account, not of the browser', () => {
    expect(civilDate('2026-12-01T23:30:00Z', 'Europe/Copenhagen')).toBe('2026-12-02')
    expect(dayText('2026-12-01T23:30:00Z', 'Europe/Copenhagen')).toBe('2 December')
  })

  test('of a period start with its first and leave its end out', () => {
    const days = daysOfPeriod({ start: '2026-11-02T00:00:00Z', end: '2026-12-02T00:00:00Z' }, 'UTC')
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-11-02', '2026-12-01', 30])
  })

  test('of a period that ends within a day have that day', () => {
    const days = daysOfPeriod({ start: '2026-11-02T10:00:00Z', end: '2026-12-02T10:00:00Z' }, 'UTC')
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-11-02', '2026-12-02', 31])
  })
})

test('remaining time is told roughly', () => {
  expect(remainingText(12)).toBe('less than a minute')
  expect(remainingText(70)).toBe('about 1 minute')
  expect(remainingText(3000)).toBe('about 50 minutes')
  expect(remainingText(9000)).toBe('about 3 hours')
})

test('how long ago something was is told in the largest unit', () => {
  const now = new Date('2026-12-01T12:00:00Z')
  expect(agoText('2026-12-01T11:59:30Z', now)).toBe('just now')
  expect(agoText('2026-12-01T11:57:00Z', now)).toBe('3 minutes ago')
  expect(agoText('2026-12-01T10:00:00Z', now)).toBe('2 hours ago')
  expect(agoText('2026-11-30T11:00:00Z', now)).toBe('yesterday')
  expect(agoText('2026-12-01T12:05:00Z', now)).toBe('just now')
})
