import { expect, test } from 'vitest'
import { barsOf, type Measure } from './usage-series.ts'

const row = (day: string, operation: string, quantity: number, from_credits: string, overage = '0') => ({
  day,
  operation,
  quantity,
  from_credits,
  overage,
})
const usage = {
  period: { start: '2026-11-02T00:00:00Z', end: '2026-12-02T00:00:00Z' },
  days: [
    row('2026-11-03', 'smart_crop', 10, '2'),
    row('2026-11-03', 'remove_background', 4, '1.7', '0.3'),
    row('2026-11-03', 'convert', 14, '0'),
    row('2026-11-05', 'smart_crop', 2, '0.4'),
  ],
  operations: [],
}
const days = ['2026-11-03', '2026-11-04', '2026-11-05']

test('bars stack what was measured, the largest operation first', () => {
  const check = (measure: Measure, totals: bigint[], operations: string[]) => {
    const series = barsOf(usage, days, measure)
    expect(series.bars.map(({ total }) => total)).toEqual(totals)
    expect(series.operations).toEqual(operations)
    expect(series.highest).toBe(totals[0])
  }
  check('cost', [4_000_000n, 0n, 400_000n], ['smart_crop', 'remove_background'])
  check('credits', [3_700_000n, 0n, 400_000n], ['smart_crop', 'remove_background'])
  check('overage', [300_000n, 0n, 0n], ['remove_background'])
  check('operations', [28n, 0n, 2n], ['convert', 'smart_crop', 'remove_background'])
})
