/**
 * The calendar of a subscription: period n is [boundary(n), boundary(n + 1)) (rule R19).
 *
 * Called when a subscription starts, when an account is rolled, and where a date is shown.
 *
 * Invariants (laws in period.test.ts):
 *   1. A boundary is computed from the anchor and n, never from the boundary before it:
 *      31 January, 28 February, 31 March.
 *   2. Boundaries rise with n. Periods are half-open and tile time; an instant equal to a boundary
 *      belongs to the later period.
 *   3. `boundary(anchorAt(instant, zone), 0)` is the instant, unless a clock set back shows its
 *      civil time twice and it is the second: then it is the first.
 *
 * Instants are `Date`s, whole milliseconds. The zone is frozen with the anchor; what a customer
 * sees on the screen may be in another.
 */
import { Temporal } from 'temporal-polyfill'
import { assert } from './assert.ts'

/** Where a calendar starts: a civil date-time such as "2026-11-02T00:00:00" in an IANA zone. */
export type Anchor = { civil: string; zone: string }

/** Half-open: `end` belongs to the next period. */
export type Period = { start: Date; end: Date }

/** Whether a zone is one of the IANA names (or UTC) that this engine knows. Offsets are refused. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

/** The anchor of a calendar that starts at `instant`. Throws if the zone is unknown. */
export function anchorAt(instant: Date, zone: string): Anchor {
  const there = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone)
  return { civil: there.toPlainDateTime().toString(), zone }
}

/**
 * The instant at which period `n` starts: the anchor's civil time n months on, clamped to the
 * month's last day; in a gap the instant after it, in an overlap the first. n may be negative.
 */
export function boundary(anchor: Anchor, n: number): Date {
  assert(Number.isInteger(n), 'a period has a whole number')
  const key = `${anchor.zone} ${anchor.civil} ${n}`
  let milliseconds = known.get(key)
  if (milliseconds === undefined) {
    const civil = Temporal.PlainDateTime.from(anchor.civil).add({ months: n })
    milliseconds = civil.toZonedDateTime(anchor.zone).epochMilliseconds
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(key, milliseconds)
  }
  return new Date(milliseconds)
}

// Calendar arithmetic in a zone takes some 50 µs, and the same few boundaries are asked for again
// and again. Bounded, so that a process that rolls every account does not keep every boundary.
const known = new Map<string, number>()
const MOST_KNOWN = 10_000

/** The first period of a calendar: a month, or the days of a trial, in civil time. */
export function firstPeriod(anchor: Anchor, trial: { days: number } | null): Period {
  if (trial === null) return periodOf(anchor, 0)
  const last = Temporal.PlainDateTime.from(anchor.civil).add({ days: trial.days })
  return { start: boundary(anchor, 0), end: boundary({ ...anchor, civil: last.toString() }, 0) }
}

/** The number of the period that holds `instant`; negative before the anchor. */
export function periodAt(anchor: Anchor, instant: Date): number {
  // Months apart by the calendar's pages: at most one too many, or one too few at a zone's edge.
  const years = instant.getUTCFullYear() - Number(anchor.civil.slice(0, 4))
  let n = years * 12 + instant.getUTCMonth() + 1 - Number(anchor.civil.slice(5, 7))
  while (boundary(anchor, n) > instant) n--
  while (boundary(anchor, n + 1) <= instant) n++
  return n
}

/** Start and end of period `n`. */
export function periodOf(anchor: Anchor, n: number): Period {
  return { start: boundary(anchor, n), end: boundary(anchor, n + 1) }
}
