import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compareDrawOrder,
  type Grant,
  type GrantDraft,
  isUsable,
  type OperatorGrantSource,
  refuseGrant,
  refuseOperatorGrant,
} from './grant.ts'
import { MAX_MICROS, micros } from './micros.ts'

const [morning, noon, evening] = ['06', '12', '18'].map((hour) => new Date(`2026-11-02T${hour}:00:00Z`)) as [
  Date,
  Date,
  Date,
]

function grant(id: string, terms: Partial<Grant> = {}): Grant {
  return { id, remaining: micros('1'), priority: 50, startsAt: morning, expiresAt: evening, ...terms }
}

describe('isUsable', () => {
  function check(terms: Partial<Grant>, at: Date, usable: boolean) {
    expect(isUsable(grant('a', terms), at)).toBe(usable)
  }

  test('holds from the start to just before the expiry', () => {
    check({}, noon, true)
    check({}, morning, true)
    check({}, new Date(morning.getTime() - 1), false)
    check({}, new Date(evening.getTime() - 1), true)
    check({}, evening, false)
    check({ expiresAt: null }, new Date('9999-01-01T00:00:00Z'), true)
    check({ remaining: 1n }, noon, true)
    check({ remaining: 0n }, noon, false)
  })
})

describe('compareDrawOrder', () => {
  /** Both ways round: the first is drawn before the second. */
  function check(first: Grant, second: Grant) {
    expect(compareDrawOrder(first, second)).toBeLessThan(0)
    expect(compareDrawOrder(second, first)).toBeGreaterThan(0)
  }

  test('is by expiry, then priority, then age, then id', () => {
    check(grant('z', { expiresAt: noon, priority: 99, startsAt: noon }), grant('a', { priority: 0 }))
    check(grant('z', { priority: 99, startsAt: noon }), grant('a', { expiresAt: null, priority: 0 }))
    check(grant('z', { priority: 0, startsAt: noon }), grant('a', { priority: 1 }))
    check(grant('z'), grant('a', { startsAt: noon }))
    check(grant('a'), grant('b'))
    check(grant('B'), grant('a'))
    check(grant('a', { expiresAt: null }), grant('b', { expiresAt: null }))
  })

  test('does not look at what is left', () => {
    check(grant('a', { remaining: 0n }), grant('b', { remaining: 9n }))
    check(grant('a', { remaining: 9n }), grant('b', { remaining: 0n }))
  })

  test('is total and transitive, for any grants', () => {
    const anyInstant = fc.constantFrom(morning, noon, evening)
    const anyGrant = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      remaining: fc.constant(1n),
      priority: fc.constantFrom(0, 1),
      startsAt: anyInstant,
      expiresAt: fc.option(anyInstant),
    })
    fc.assert(
      fc.property(anyGrant, anyGrant, anyGrant, (a, b, c) => {
        expect(Math.sign(compareDrawOrder(a, b))).toBe(0 - Math.sign(compareDrawOrder(b, a)))
        if (a.id !== b.id) expect(compareDrawOrder(a, b)).not.toBe(0)
        if (compareDrawOrder(a, b) < 0 && compareDrawOrder(b, c) < 0) {
          expect(compareDrawOrder(a, c)).toBeLessThan(0)
        }
      }),
    )
  })
})

describe('refuseGrant', () => {
  const fair: GrantDraft = {
    source: 'promotion',
    credits: micros('5'),
    consideration: 0n,
    priority: 50,
    startsAt: morning,
    expiresAt: evening,
  }
  test.each<[Partial<GrantDraft>, ReturnType<typeof refuseGrant>]>([
    [{}, null],
    [{ expiresAt: null }, null],
    [{ credits: 1n, priority: 0 }, null],
    [{ credits: MAX_MICROS, consideration: MAX_MICROS, priority: 100 }, null],
    [{ credits: 0n }, 'grant_not_positive'],
    [{ credits: -1n }, 'grant_not_positive'],
    [{ credits: MAX_MICROS + 1n }, 'grant_too_large'],
    [{ consideration: -1n }, 'consideration_invalid'],
    [{ consideration: MAX_MICROS + 1n }, 'consideration_invalid'],
    [{ priority: -1 }, 'priority_invalid'],
    [{ priority: 101 }, 'priority_invalid'],
    [{ priority: 1.5 }, 'priority_invalid'],
    [{ priority: Number.NaN }, 'priority_invalid'],
    [{ expiresAt: morning }, 'grant_ends_before_start'],
    [{ startsAt: evening, expiresAt: noon }, 'grant_ends_before_start'],
  ])('case %#: %o is %s', (terms, refusal) => {
    expect(refuseGrant({ ...fair, ...terms })).toBe(refusal)
  })
})

describe('refuseOperatorGrant', () => {
  const gift: GrantDraft & { source: OperatorGrantSource } = {
    source: 'promotion',
    credits: micros('5'),
    consideration: 0n,
    priority: 50,
    startsAt: noon,
    expiresAt: evening,
  }
  const bought = { source: 'purchase', consideration: micros('4.99') } as const
  test.each<[Partial<typeof gift>, ReturnType<typeof refuseOperatorGrant>]>([
    [{}, null],
    [{ source: 'adjustment' }, null],
    [bought, null],
    [{ startsAt: morning }, null],
    [{ credits: micros('1000000000') }, null],
    [{ credits: 0n }, 'grant_not_positive'],
    [{ credits: micros('1000000000') + 1n }, 'grant_too_large'],
    [{ ...bought, consideration: micros('1000000000.01') }, 'consideration_invalid'],
    [{ ...bought, consideration: 0n }, 'consideration_missing'],
    [{ consideration: micros('1') }, 'consideration_not_bought'],
    [{ source: 'adjustment', consideration: micros('1') }, 'consideration_not_bought'],
    [{ ...bought, consideration: micros('4.999') }, 'amount_not_minor'],
    [{ startsAt: morning, expiresAt: noon }, 'grant_ends_in_past'],
    [{ expiresAt: noon }, 'grant_ends_before_start'],
  ])('case %#: %o is %s', (terms, refusal) => {
    expect(refuseOperatorGrant({ ...gift, ...terms }, { decimals: 2, now: noon })).toBe(refusal)
  })

  test('a yen has no minor unit', () => {
    const price = { ...gift, ...bought, consideration: micros('4.9') }
    expect(refuseOperatorGrant(price, { decimals: 0, now: noon })).toBe('amount_not_minor')
  })
})
