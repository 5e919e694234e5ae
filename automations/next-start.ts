/**
 * When a schedule starts next, on the calendar and the clock of the account's time zone.
 *
 * Called when a schedule is set, and each time it has started. Pure.
 *
 * 1. The answer is later than what it is asked about: a start that was missed five times is caught up once.
 * 2. A time that the clock jumps over in spring is the instant after the jump; one that it shows twice in autumn is the first. So no day is left out and none
 *    starts twice.
 */
import { Temporal } from 'temporal-polyfill'

export type Schedule =
  | { starts: 'at_once' | 'hourly'; startTime: null }
  /** `startTime` is like "02:00". Weekdays are Monday to Friday. */
  | { starts: 'daily' | 'weekdays'; startTime: string }

const FRIDAY = 5

/** Null: as soon as there is something. */
export function nextStart({ starts, startTime }: Schedule, after: Date, zone: string): Date | null {
  if (starts === 'at_once') return null
  const there = Temporal.Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(zone)
  if (starts === 'hourly') return fullHourAfter(there)
  for (let date = there.toPlainDate(); ; date = date.add({ days: 1 })) {
    const start = date.toZonedDateTime({ timeZone: zone, plainTime: startTime! }).epochMilliseconds
    const isDay = starts === 'daily' || date.dayOfWeek <= FRIDAY
    if (isDay && start > after.getTime()) return new Date(start)
  }
}

/** An hour of elapsed time on, back to its first minute; some zones are half an hour off, and one turns by half an hour. */
function fullHourAfter(there: Temporal.ZonedDateTime): Date {
  const full = (at: Temporal.ZonedDateTime) => at.round({ smallestUnit: 'hour', roundingMode: 'floor' })
  const next = full(there.add({ hours: 1 }))
  const later = next.epochMilliseconds > there.epochMilliseconds ? next : full(there.add({ hours: 2 }))
  return new Date(later.epochMilliseconds)
}
