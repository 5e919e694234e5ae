import { describe, expect, test } from 'vitest'
import { afterFailure } from './dunning.ts'

describe('afterFailure', () => {
  const firstFailedAt = new Date('2026-12-02T00:00:00Z')

  function check(failedAt: string, state: string, retryAt: string | null, isFirst = false) {
    expect(afterFailure({ firstFailedAt, failedAt: new Date(failedAt) })).toEqual({
      state,
      retryAt: retryAt && new Date(retryAt),
      isFirst,
    })
  }

  test('tries again after 1, 3, 5 and 7 days, and then no more', () => {
    check('2026-12-02T00:00:00Z', 'past_due', '2026-12-03T00:00:00Z', true)
    check('2026-12-03T00:00:00Z', 'past_due', '2026-12-05T00:00:00Z')
    check('2026-12-05T00:00:00Z', 'past_due', '2026-12-07T00:00:00Z')
    check('2026-12-07T00:00:00Z', 'past_due', '2026-12-09T00:00:00Z')
    check('2026-12-09T00:00:00Z', 'uncollectible', null)
  })
  test('keeps the schedule whatever is tried in between or late', () => {
    check('2026-12-02T09:00:00Z', 'past_due', '2026-12-03T00:00:00Z')
    check('2026-12-02T23:59:59.999Z', 'past_due', '2026-12-03T00:00:00Z')
    check('2026-12-05T12:00:00Z', 'past_due', '2026-12-07T00:00:00Z')
    check('2027-05-01T00:00:00Z', 'uncollectible', null)
  })
})
