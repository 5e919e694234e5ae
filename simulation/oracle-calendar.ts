/**
 * The oracle's own calendar: where periods begin, worked out from what `Intl` says that a zone's clocks show.
 *
 * Given to the oracle as an argument, and by the sweep over every zone and anchor day. It imports nothing. Instants and
 * civil times are milliseconds of the epoch, a civil time read as if it were UTC.
 */

const DAY = 86_400_000

/** The anchor's civil time n months on, clamped to the month's last day, as an instant (rule R19). */
export function boundary(civil: number, n: number, zone: string): number {
  const anchor = new Date(civil)
  const [year, month, day] = [anchor.getUTCFullYear(), anchor.getUTCMonth() + n, anchor.getUTCDate()]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const timeOfDay = ((civil % DAY) + DAY) % DAY
  return instantOf(Date.UTC(year, month, Math.min(day, lastDay)) + timeOfDay, zone)
}

/** The instant of a civil time: the first of two; one that clocks skipped is read on clocks not yet put forward. */
function instantOf(civil: number, zone: string): number {
  const before = civil - (civilOf(civil - DAY, zone) - (civil - DAY))
  const after = civil - (civilOf(civil + DAY, zone) - (civil + DAY))
  const hits = [before, after].filter((instant) => civilOf(instant, zone) === civil)
  return hits.length === 0 ? before : Math.min(...hits)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of a zone show at an instant. */
export function civilOf(instant: number, zone: string): number {
  let clock = clocks.get(zone)
  if (!clock) {
    // The one locale whose short form is ISO 8601.
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    clocks.set(zone, clock)
  }
  return Date.parse(`${clock.format(instant).replace(' ', 'T')}Z`) + (((instant % 1000) + 1000) % 1000)
}
