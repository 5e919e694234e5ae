import { expect, test } from 'vitest'
import { type LimitFields, readLimits, writeLimits } from './limits.ts'

const empty: LimitFields = { credits: '', overage: '', forecast: '', limit: '' }

test('what is written is read again', () => {
  const rules = [
    { kind: 'credits', percent: 80 },
    { kind: 'credits', percent: 100 },
    { kind: 'overage', amount: '25.5' },
    { kind: 'forecast', amount: '40' },
  ] as const
  expect(readLimits(writeLimits(rules, '5'))).toEqual({ ok: true, rules, limit: '5' })
  expect(readLimits(writeLimits([], null))).toEqual({ ok: true, rules: [], limit: null })
})

test('people may write percent signs, dollar signs and any commas', () => {
  expect(readLimits({ ...empty, credits: '80%; 100', overage: ' $25.50 ', limit: '0' })).toEqual({
    ok: true,
    rules: [
      { kind: 'credits', percent: 80 },
      { kind: 'credits', percent: 100 },
      { kind: 'overage', amount: '25.5' },
    ],
    limit: '0',
  })
})

test('what makes no sense is named at its field', () => {
  for (const [name, text] of [
    ['credits', '0'],
    ['credits', '101'],
    ['credits', '12.5'],
    ['overage', '0'],
    ['overage', '-5'],
    ['forecast', 'x'],
    ['limit', '-1'],
    ['limit', '1 2'],
  ] as const) {
    const read = readLimits({ ...empty, [name]: text })
    expect(read.ok ? [] : Object.keys(read.faults), `${name} ${text}`).toEqual([name])
  }
})
