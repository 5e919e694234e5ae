/**
 * When something that could not be delivered is tried again: soon at first, then ever later, for three days.
 *
 * Called by deliver-webhooks.ts and send-mails.ts.
 */

const DELAYS_SECONDS = [5, 30, 300, 1_800, 7_200, 18_000, 36_000, 43_200]
export const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1000

/**
 * The next try after the `failures`th failure in a row, the first of which was at `since`. The last is three days after the
 * first; null once that has failed too.
 */
export function nextTry({ failures, since, now }: { failures: number; since: Date; now: Date }): Date | null {
  const last = since.getTime() + GIVE_UP_AFTER_MS
  if (now.getTime() >= last) return null
  const delay = DELAYS_SECONDS[Math.min(failures, DELAYS_SECONDS.length) - 1]! * 1000
  return new Date(Math.min(now.getTime() + delay, last))
}
