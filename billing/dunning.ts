/**
 * When a failed collection is tried again (rule R28).
 *
 * Called after each failed payment attempt. Runs, grants and accrual know nothing of it.
 *
 *   open ──afterFailure──▶ past_due ──afterFailure, nothing left to try──▶ uncollectible
 *
 * A payment that arrives ends all of this in any state. An attempt made because a payment method
 * was added counts as a failure when it fails, and uses up no retry.
 */

/** Days after the first failure at which an invoice is tried again. */
export const RETRY_DAYS = [1, 3, 5, 7] as const

const DAY_MS = 24 * 60 * 60 * 1000

export type DunningStep = {
  state: 'past_due' | 'uncollectible'
  /** Null when nothing is left to try but what the customer does. */
  retryAt: Date | null
  /** Whether this failure is the one that is told by mail. */
  isFirst: boolean
}

/** What follows from an attempt that failed at `failedAt`, the first having failed at `firstFailedAt`. */
export function afterFailure(attempt: { firstFailedAt: Date; failedAt: Date }): DunningStep {
  const { firstFailedAt, failedAt } = attempt
  const instants = RETRY_DAYS.map((days) => new Date(firstFailedAt.getTime() + days * DAY_MS))
  const retryAt = instants.find((instant) => instant > failedAt) ?? null
  const isFirst = failedAt.getTime() === firstFailedAt.getTime()
  return { state: retryAt ? 'past_due' : 'uncollectible', retryAt, isFirst }
}
