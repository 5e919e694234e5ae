import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forecastPeriod, type UsageDay } from './forecast.ts'
import { micros } from './micros.ts'

const period = { start: new Date('2026-11-02T00:00:00Z'), end: new Date('2026-12-02T00:00:00Z') }
const now = new Date('2026-11-12T00:00:00Z')

function days(...costs: string[]): UsageDay[] {
  return costs.map((cost) => ({ cost: micros(cost), asOverage: micros(cost) }))
}

const facts = { now, period, balance: micros('30'), overage: 0n, days: days('2', '2', '2', '2') }

describe('forecastPeriod', () => {
  test('even days: the same low, likely and high', () => {
    // 20 days left at $2.00 are $40.00, of which the balance covers $30.00.
    expect(forecastPeriod(facts)).toEqual({
      creditsRunOutAt: new Date('2026-11-27T00:00:00Z'),
      overage: { low: micros('10'), likely: micros('10'), high: micros('10') },
      days: 4,
    })
  })
  test('credits that last to the end', () => {
    expect(forecastPeriod({ ...facts, balance: micros('40.000001') })).toMatchObject({
      creditsRunOutAt: null,
      overage: { likely: 0n },
    })
  })
  test('uneven days: mean, and 1.28 standard deviations of the days left', () => {
    // Mean $2.00, deviation of a day √2 ($1, $3, …: √(4/3) for n − 1), over 20 days × √20, × 1.28.
    const { overage } = forecastPeriod({ ...facts, days: days('1', '3', '1', '3') })!
    expect(overage.likely).toBe(micros('10'))
    expect(Number(overage.high - overage.likely) / 1e6).toBeCloseTo(1.28 * Math.sqrt((4 / 3) * 20), 4)
    expect(overage.likely - overage.low).toBe(overage.high - overage.likely)
  })
  test('overage goes on from what has accrued, at its own price', () => {
    const dear = days('2', '2', '2').map(({ cost }) => ({ cost, asOverage: cost * 3n }))
    expect(forecastPeriod({ ...facts, balance: 0n, overage: micros('7'), days: dear })).toMatchObject({
      creditsRunOutAt: now,
      overage: { likely: micros('127') },
    })
  })
  test('too little to say', () => {
    expect(forecastPeriod({ ...facts, days: days('2', '2') })).toBeNull()
    expect(forecastPeriod({ ...facts, days: days('0', '0', '0', '0') })).toBeNull()
    expect(forecastPeriod({ ...facts, now: period.end })).toBeNull()
  })
})

test('laws: ordered, never below what has accrued, later with more credits, indifferent to the order of days', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 15n })
  const anyDays = fc.array(fc.record({ cost: amount, asOverage: amount }), { minLength: 3, maxLength: 28 })
  fc.assert(
    fc.property(
      anyDays,
      amount,
      amount,
      fc.nat({ max: 29 * 86_400_000 }),
      (all, balance, overage, passed) => {
        const at = new Date(period.start.getTime() + passed)
        const told = forecastPeriod({ now: at, period, balance, overage, days: all })
        if (told === null) return expect(all.every(({ cost }) => cost === 0n)).toBe(true)
        const { low, likely, high } = told.overage
        expect([low <= likely, likely <= high, overage <= low]).toEqual([true, true, true])
        expect(forecastPeriod({ now: at, period, balance, overage, days: [...all].reverse() })).toEqual(told)
        const richer = forecastPeriod({ now: at, period, balance: balance * 2n, overage, days: all })!
        expect(richer.overage.high <= high).toBe(true)
        const end = period.end.getTime()
        expect((richer.creditsRunOutAt?.getTime() ?? end) >= (told.creditsRunOutAt?.getTime() ?? end)).toBe(
          true,
        )
      },
    ),
  )
})
