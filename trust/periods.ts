/**
 * The sweep over every zone and every anchor day (T8): where a period begins and ends, by the rules and by a calendar that was
 * written apart from them.
 *
 * Called in shares by the check of zones. Both calendars take a zone's clocks from the same table, that of the platform; what is
 * checked is what is made of it: month ends, leap days, hours that clocks skip or show twice.
 */
import { anchorAt, periodAt, periodOf } from '../billing/period.ts'
import { boundary, civilOf } from '../simulation/oracle-calendar.ts'

export type CheckedPeriods = { periods: number; wrong: string[] }

/** Months of the long run: twenty years of each calendar. */
export const MONTHS = 240
const DAYS = 31

/** Hours in which clocks change somewhere come first; an anchor at midnight is the commonest there is. */
const TIMES = ['02:30:00', '00:00:00', '01:30:00', '00:30:00', '02:00:00', '03:00:00', '23:59:59', '12:00:01']

/** Every anchor day of each zone; of each calendar so many months. */
export function checkPeriods({ zones, monthsEach }: { zones: string[]; monthsEach: number }): CheckedPeriods {
  const checked: CheckedPeriods = { periods: 0, wrong: [] }
  for (const zone of zones) {
    for (let day = 1; day <= DAYS; day++) {
      for (const n of monthsOf(zone, day, monthsEach)) {
        const wrong = checkPeriod(zone, day, n)
        checked.periods += 1
        if (wrong !== null) checked.wrong.push(wrong)
      }
    }
  }
  return checked
}

/** Which months of a calendar are looked at: all, or some that differ from one calendar to the next. */
function monthsOf(zone: string, day: number, howMany: number): number[] {
  if (howMany >= MONTHS) return Array.from({ length: MONTHS }, (_, n) => n)
  let seed = day
  for (const letter of zone) seed = Math.imul(seed, 31) + letter.charCodeAt(0)
  // A step that has no divisor with 240, so that none comes twice.
  return Array.from({ length: howMany }, (_, index) => ((seed >>> 0) + 67 * index) % MONTHS)
}

function checkPeriod(zone: string, day: number, n: number): string | null {
  const time = TIMES[(day + n) % TIMES.length]!
  const wanted = Date.parse(`2024-01-${String(day).padStart(2, '0')}T${time}Z`)
  const startedAt = boundary(wanted, 0, zone)
  const civil = civilOf(startedAt, zone)
  const [start, end] = [boundary(civil, n, zone), boundary(civil, n + 1, zone)]
  const anchor = anchorAt(new Date(startedAt), zone)
  const period = periodOf(anchor, n)
  const name = `${zone}, anchor ${anchor.civil}, period ${n}`
  const isEqual = period.start.getTime() === start && period.end.getTime() === end
  if (!isEqual) {
    return `${name}: ${iso(period.start)} to ${iso(period.end)}, by the other calendar ${iso(start)} to ${iso(end)}`
  }
  if (start >= end) return `${name} is empty`
  const found = [start, end - 1, end].map((instant) => periodAt(anchor, new Date(instant)) - n)
  return found.join() === '0,0,1' ? null : `${name}: its first, last and next instant lie in ${found.join()}`
}

function iso(instant: Date | number): string {
  return new Date(instant).toISOString()
}
