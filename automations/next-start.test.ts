import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextStart, type Schedule } from './next-start.ts'

const BERLIN = 'Europe/Berlin'
const daily = (startTime: string): Schedule => ({ starts: 'daily', startTime })
const weekdays = (startTime: string): Schedule => ({ starts: 'weekdays', startTime })
const hourly: Schedule = { starts: 'hourly', startTime: null }

test.each<[string, Schedule, string, string, string]>([
  ['today, when it is still to come', daily('02:00'), BERLIN, '2026-11-28T00:30:00Z', '2026-11-28T01:00:00Z'],
  ['tomorrow, when it is that time', daily('02:00'), BERLIN, '2026-11-28T01:00:00Z', '2026-11-29T01:00:00Z'],
  [
    'on the clock of the zone in summer',
    daily('02:00'),
    BERLIN,
    '2026-07-01T12:00:00Z',
    '2026-07-02T00:00:00Z',
  ],
  // On 29 March 2026 the clock goes from 02:00 to 03:00.
  ['a time that is jumped over', daily('02:30'), BERLIN, '2026-03-28T12:00:00Z', '2026-03-29T01:30:00Z'],
  ['and not once more after it', daily('02:30'), BERLIN, '2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z'],
  // On 25 October 2026 the clock shows 02:00 to 03:00 twice.
  ['a time that comes twice', daily('02:30'), BERLIN, '2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z'],
  ['is over after the first', daily('02:30'), BERLIN, '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
  [
    'a day that a zone left out',
    daily('10:00'),
    'Pacific/Apia',
    '2011-12-29T21:00:00Z',
    '2011-12-30T20:00:00Z',
  ],
  ['from Friday to Monday', weekdays('18:00'), BERLIN, '2026-11-27T17:00:00Z', '2026-11-30T17:00:00Z'],
  ['from Saturday to Monday', weekdays('18:00'), BERLIN, '2026-11-28T09:00:00Z', '2026-11-30T17:00:00Z'],
  ['the next full hour', hourly, BERLIN, '2026-11-28T09:12:34Z', '2026-11-28T10:00:00Z'],
  ['not this one', hourly, BERLIN, '2026-11-28T10:00:00Z', '2026-11-28T11:00:00Z'],
  ['the hour that comes twice, first', hourly, BERLIN, '2026-10-25T00:10:00Z', '2026-10-25T01:00:00Z'],
  ['a full hour of its zone', hourly, 'Asia/Kolkata', '2026-11-28T09:12:00Z', '2026-11-28T09:30:00Z'],
])('%s', (_what, schedule, zone, after, expected) => {
  expect(nextStart(schedule, new Date(after), zone)?.toISOString()).toBe(new Date(expected).toISOString())
})

test('at once is not a time', () => {
  expect(nextStart({ starts: 'at_once', startTime: null }, new Date(), BERLIN)).toBeNull()
})

test('each start is later than the one before, and no day passes without one', () => {
  const zones = fc.constantFrom(BERLIN, 'UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu')
  const times = fc.constantFrom('00:00', '01:30', '02:00', '02:30', '03:00', '23:59')
  const instants = fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2028, 0) })
  fc.assert(
    fc.property(zones, times, instants, (zone, startTime, at) => {
      const after = new Date(at)
      const day = nextStart(daily(startTime), after, zone)!.getTime() - at
      expect(day).toBeGreaterThan(0)
      expect(day).toBeLessThanOrEqual(25 * 3_600_000)
      const hour = nextStart(hourly, after, zone)!.getTime() - at
      expect(hour).toBeGreaterThan(0)
      expect(hour).toBeLessThanOrEqual(1.5 * 3_600_000)
    }),
  )
})
