import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anchorAt, boundary, isZone, periodAt, periodOf } from './period.ts'

const NEW_YORK = 'America/New_York'
const BERLIN = 'Europe/Berlin'

/** Boundaries 0, 1, 2 … of an anchor, as instants. */
function check(civil: string, zone: string, boundaries: string[], first = 0) {
  const found = boundaries.map((_, index) => boundary({ civil, zone }, first + index).toISOString())
  expect(found).toEqual(boundaries.map((text) => new Date(text).toISOString()))
}

describe('boundary', () => {
  test('is the same day of each month', () => {
    check('2026-10-02T00:00:00', 'UTC', ['2026-10-02', '2026-11-02', '2026-12-02', '2027-01-02'])
  })
  test('is the last day of a month that has no such day, and then the right day again', () => {
    check('2026-01-31T00:00:00', 'UTC', [
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ])
    check('2027-12-30T00:00:00', 'UTC', ['2027-12-30', '2028-01-30', '2028-02-29', '2028-03-30'])
  })
  test('keeps a leap day for the next leap year', () => {
    check('2028-02-29T00:00:00', 'UTC', ['2029-02-28'], 12)
    check('2028-02-29T00:00:00', 'UTC', ['2032-02-29'], 48)
    check('2096-02-29T00:00:00', 'UTC', ['2100-02-28'], 48)
  })
  test('is counted back before the anchor', () => {
    check('2026-03-31T00:00:00', 'UTC', ['2026-02-28', '2026-03-31'], -1)
  })
  test('keeps the time of day where the clock is moved', () => {
    check('2026-02-15T09:00:00', NEW_YORK, ['2026-02-15T14:00Z', '2026-03-15T13:00Z', '2026-04-15T13:00Z'])
    check('2026-10-02T00:00:00', BERLIN, ['2026-10-01T22:00Z', '2026-11-01T23:00Z', '2026-12-01T23:00Z'])
  })
  test('is the instant after a gap', () => {
    check('2026-02-08T02:30:00', NEW_YORK, ['2026-03-08T07:30Z'], 1) // 03:30 there
    check('2011-11-30T12:00:00', 'Pacific/Apia', ['2011-12-30T22:00Z'], 1) // no 30 December there
  })
  test('is the first of the two in an overlap', () => {
    check('2026-10-01T01:30:00', NEW_YORK, ['2026-11-01T05:30Z'], 1)
  })
  test('keeps parts of a second', () => {
    check('2026-10-02T00:00:00.25', 'UTC', ['2026-11-02T00:00:00.250Z'], 1)
  })
  test('throws on a part of a period', () => {
    expect(() => boundary({ civil: '2026-01-01T00:00:00', zone: 'UTC' }, 0.5)).toThrow('whole number')
  })
})

describe('periodAt', () => {
  const anchor = { civil: '2026-01-31T00:00:00', zone: 'UTC' }
  test.each([
    ['2026-01-31T00:00:00Z', 0],
    ['2026-02-27T23:59:59.999Z', 0],
    ['2026-02-28T00:00:00Z', 1],
    ['2026-03-30T23:59:59.999Z', 1],
    ['2026-03-31T00:00:00Z', 2],
    ['2027-01-31T00:00:00Z', 12],
    ['2026-01-30T23:59:59.999Z', -1],
    ['2025-12-30T23:59:59.999Z', -2],
  ])('%s is in period %s', (instant, n) => {
    expect(periodAt(anchor, new Date(instant))).toBe(n)
  })

  test('is right where the zone has another date than UTC', () => {
    const first = { civil: '2026-01-01T00:00:00', zone: 'Pacific/Auckland' }
    expect(periodAt(first, new Date('2026-01-31T10:59:59Z'))).toBe(0)
    expect(periodAt(first, new Date('2026-01-31T11:00:00Z'))).toBe(1)
    const last = { civil: '2026-01-31T23:00:00', zone: 'Pacific/Pago_Pago' }
    expect(periodAt(last, new Date('2026-02-01T09:59:59Z'))).toBe(-1)
    expect(periodAt(last, new Date('2026-02-01T10:00:00Z'))).toBe(0)
  })
})

test('anchorAt is the civil time in the zone', () => {
  expect(anchorAt(new Date('2026-11-02T05:00:00Z'), NEW_YORK)).toEqual({
    civil: '2026-11-02T00:00:00',
    zone: NEW_YORK,
  })
  expect(() => anchorAt(new Date(0), 'Mars/Olympus')).toThrow()
})

test.each([
  ['UTC', true],
  [BERLIN, true],
  ['America/Argentina/Buenos_Aires', true],
  ['Mars/Olympus', false],
  ['+01:00', false],
  ['', false],
  ['Europe/Berlin\0', false],
  ['[Europe/Berlin]', false],
])('isZone(%j) is %s', (zone, known) => {
  expect(isZone(zone)).toBe(known)
})

test('periodOf is half-open between two boundaries', () => {
  const anchor = { civil: '2026-11-02T00:00:00', zone: 'UTC' }
  expect(periodOf(anchor, 0)).toEqual({ start: new Date('2026-11-02'), end: new Date('2026-12-02') })
})

describe('periods, for any anchor', () => {
  // Zones with gaps at midnight, half-hour shifts, a lost day, and both ends of the world; days at
  // the end of a month; times at which clocks are moved.
  const anyZone = fc.constantFrom(
    'UTC',
    NEW_YORK,
    BERLIN,
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'Asia/Kathmandu',
    'Africa/Cairo',
  )
  const anyAnchor = fc.record({
    civil: fc
      .record({
        year: fc.constantFrom(2011, 2018, 2024, 2026, 2028),
        month: fc.integer({ min: 1, max: 12 }),
        day: fc.constantFrom(1, 2, 15, 28, 29, 30, 31),
        time: fc.constantFrom('00:00:00', '01:30:00', '02:30:00', '23:59:59'),
      })
      .map(({ year, month, day, time }) => {
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
        const two = (part: number) => String(part).padStart(2, '0')
        return `${year}-${two(month)}-${two(Math.min(day, last))}T${time}`
      }),
    zone: anyZone,
  })
  const anyN = fc.integer({ min: -30, max: 60 })

  test('tile time: each boundary lies after the last, and starts its period', () => {
    fc.assert(
      fc.property(anyAnchor, anyN, (anchor, n) => {
        const { start, end } = periodOf(anchor, n)
        expect(end > start).toBe(true)
        expect(periodOf(anchor, n + 1).start).toEqual(end)
        expect(periodAt(anchor, start)).toBe(n)
        expect(periodAt(anchor, new Date(end.getTime() - 1))).toBe(n)
        expect(periodAt(anchor, end)).toBe(n + 1)
      }),
    )
  })

  test('are whole seconds of 27 to 32 days, and fall on the anchor day or the last of the month', () => {
    fc.assert(
      fc.property(anyAnchor, anyN, (anchor, n) => {
        const { start, end } = periodOf(anchor, n)
        const seconds = (end.getTime() - start.getTime()) / 1000
        expect(Number.isInteger(seconds)).toBe(true)
        expect(seconds >= 27 * 86_400 && seconds <= 32 * 86_400).toBe(true)

        if (anchor.zone !== 'UTC') return
        const anchorDay = Number(anchor.civil.slice(8, 10))
        const lastDay = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate()
        expect(start.getUTCDate()).toBe(Math.min(anchorDay, lastDay))
      }),
    )
  })

  test('begin at the instant they were anchored at, or an overlap before', () => {
    const anyInstant = fc.date({
      min: new Date('2010-01-01'),
      max: new Date('2035-01-01'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(anyInstant, anyZone, (instant, zone) => {
        const back = instant.getTime() - boundary(anchorAt(instant, zone), 0).getTime()
        return back === 0 || back === 3_600_000 || back === 1_800_000
      }),
    )
  })
})
