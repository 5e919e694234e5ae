/**
 * When the clocks of a zone are put forward and back: where stories aim their boundaries.
 *
 * Called by invent-story.ts.
 */
import { anchorAt } from '../billing/period.ts'

const MINUTE = 60_000

const knownChanges = new Map<string, number[]>()

/** Civil times half an hour into what clocks skip or show twice in a year; the year's first hour where they never do. */
export function changesOfClocks(zone: string, year: number): number[] {
  const known = knownChanges.get(`${zone} ${year}`)
  if (known) return known
  const found: number[] = []
  for (let month = 0; month < 12; month++) {
    let [low, high] = [Date.UTC(year, month), Date.UTC(year, month + 1)]
    if (offsetAt(low, zone) === offsetAt(high, zone)) continue
    while (high - low > MINUTE) {
      const middle = Math.floor((low + high) / 2 / MINUTE) * MINUTE
      if (offsetAt(middle, zone) === offsetAt(low, zone)) low = middle
      else high = middle
    }
    found.push(high + Math.min(offsetAt(low, zone), offsetAt(high, zone)) + 15 * MINUTE)
  }
  if (found.length === 0) found.push(Date.UTC(year, 0, 1))
  knownChanges.set(`${zone} ${year}`, found)
  return found
}

/** How far the clocks of a zone are ahead of UTC at an instant. */
export function offsetAt(instant: number, zone: string): number {
  return Date.parse(`${anchorAt(new Date(instant), zone).civil}Z`) - instant
}
