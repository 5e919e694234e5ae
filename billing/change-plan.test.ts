import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ChangeKind, classifyChange, priceUpgrade, prorate } from './change-plan.ts'
import { formatMicros, micros } from './micros.ts'
import { feeOf, type PlanVersion } from './plan.ts'

function plan(id: string, fee: string, credits: string, terms: Partial<PlanVersion> = {}): PlanVersion {
  return {
    id,
    code: id,
    name: id,
    currency: 'USD',
    creditUnit: 'USD',
    creditPrice: micros('1'),
    listPrice: micros(fee),
    discount: 0n,
    credits: micros(credits),
    prices: new Map(),
    rollover: null,
    trial: null,
    ...terms,
  }
}

const starter = plan('starter', '50', '50')
const growth = plan('growth', '200', '220')
const november = { start: new Date('2026-11-02T00:00:00Z'), end: new Date('2026-12-02T00:00:00Z') }

describe('classifyChange', () => {
  const trial = plan('trial', '0', '10', { trial: { days: 14, successor: 'starter' } })

  function check(current: PlanVersion | null, next: PlanVersion, kind: ChangeKind) {
    const account = current && { currency: 'USD', creditUnit: 'USD' }
    expect(classifyChange({ account, current, next })).toEqual({ ok: true, kind })
  }
  function refuses(current: PlanVersion | null, next: PlanVersion, refusal: string) {
    const account = { currency: 'USD', creditUnit: 'USD' }
    expect(classifyChange({ account, current, next })).toEqual({ ok: false, refusal })
  }

  test('starts where no plan is in force', () => {
    check(null, starter, 'start')
    check(null, trial, 'start')
    check(null, plan('euro', '1', '1', { currency: 'EUR', creditUnit: 'EUR' }), 'start')
  })
  test('upgrades where fee and credits are not smaller and one is larger', () => {
    check(starter, growth, 'upgrade')
    check(starter, plan('x', '51', '50'), 'upgrade')
    check(starter, plan('x', '50', '51'), 'upgrade')
    check(starter, plan('x', '50.01', '50.000001'), 'upgrade')
  })
  test('compares fees after the discount', () => {
    check(starter, plan('x', '80', '60', { discount: micros('40') }), 'boundary')
    check(plan('x', '80', '50', { discount: micros('40') }), starter, 'upgrade')
  })
  test('leaves everything else to the boundary', () => {
    check(growth, starter, 'boundary')
    check(starter, plan('x', '50', '50'), 'boundary')
    check(starter, plan('x', '49', '60'), 'boundary')
    check(starter, plan('x', '60', '49'), 'boundary')
    check(starter, plan('x', '50', '49'), 'boundary')
    check(starter, plan('x', '49', '50'), 'boundary')
  })
  test('ends a trial at once, whichever plan follows', () => {
    check(trial, starter, 'leave_trial')
    check(trial, plan('free', '0', '0'), 'leave_trial')
  })
  test('refuses another unit, the same plan, and a trial in mid-life', () => {
    refuses(starter, plan('x', '99', '99', { currency: 'EUR', creditUnit: 'EUR' }), 'unit_mismatch')
    refuses(starter, plan('x', '99', '99', { creditUnit: 'credits' }), 'unit_mismatch')
    refuses(null, plan('x', '99', '99', { currency: 'EUR' }), 'unit_mismatch')
    refuses(starter, starter, 'same_plan')
    refuses(trial, trial, 'same_plan')
    refuses(starter, trial, 'trial_only_at_start')
    refuses(trial, { ...trial, id: 'another' }, 'trial_only_at_start')
  })
  test('takes a newer version of a plan for another', () => {
    check(starter, { ...starter, id: 'starter-2', credits: micros('55') }, 'upgrade')
  })
})

describe('priceUpgrade', () => {
  function check(at: string, due: string, charge: string, credits: string, next = growth) {
    const upgrade = priceUpgrade({ current: starter, next, period: november, at: new Date(at) })
    const { due: exact, charge: charged, credits: granted } = upgrade
    expect([exact, charged, granted].map(formatMicros)).toEqual([due, charge, credits])
  }

  test('golden upgrade: 20 of 30 days are left', () => {
    check('2026-11-12T00:00:00Z', '100', '100', '113.333333')
  })
  test('is everything at the start, and nearly nothing at the end', () => {
    check('2026-11-02T00:00:00Z', '150', '150', '170')
    check('2026-12-01T23:59:59Z', '0.000058', '0', '0.000066')
    check('2026-12-01T23:59:59.001Z', '0', '0', '0')
  })
  test('counts whole seconds left, rounded down', () => {
    check('2026-11-12T00:00:00.001Z', '99.999942', '100', '113.333268')
  })
  test('rounds the charge to the minor unit, half away from zero', () => {
    check('2026-11-12T00:00:00Z', '0.006667', '0.01', '113.333333', plan('x', '50.01', '220'))
    check('2026-11-17T00:00:00Z', '0.005', '0.01', '0', plan('x', '50.01', '50'))
    const yen = { currency: 'JPY', creditUnit: 'JPY' }
    const at = new Date('2026-11-17T00:00:00Z')
    const [current, next] = [plan('a', '500', '0', yen), plan('b', '1001', '0', yen)]
    expect(priceUpgrade({ current, next, period: november, at })).toEqual({
      due: micros('250.5'),
      charge: micros('251'),
      credits: 0n,
    })
  })
  test('throws on what is no upgrade, and outside of the period', () => {
    const change = { current: starter, next: growth, period: november }
    expect(() => priceUpgrade({ ...change, next: starter, at: november.start })).toThrow('only an upgrade')
    expect(() => priceUpgrade({ ...change, at: november.end })).toThrow('within the period')
    expect(() => priceUpgrade({ ...change, at: new Date(november.start.getTime() - 1) })).toThrow('within')
  })
})

test('prorate takes the clock change of a zone into account', () => {
  const period = { start: new Date('2026-10-15T22:00:00Z'), end: new Date('2026-11-15T23:00:00Z') }
  expect(prorate(micros('745'), period, new Date('2026-11-15T22:00:00Z'))).toBe(micros('1'))
})

describe('upgrades, for any sequence in a period', () => {
  // A ladder of plans and a few instants, the ends of the period among them.
  const anyLadder = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })), {
      minLength: 2,
      maxLength: 5,
    })
    .map((steps) => {
      let [fee, credits] = [0n, 0n]
      return steps.map(([more, moreCredits], index) => {
        fee += BigInt(more) * 10_000n
        credits += BigInt(moreCredits)
        return plan(`plan-${index}`, formatMicros(fee), formatMicros(credits))
      })
    })
  const anyInstants = fc
    .array(fc.integer({ min: 0, max: 30 * 86_400_000 - 1 }), { minLength: 5, maxLength: 5 })
    .map((offsets) =>
      offsets.sort((a, b) => a - b).map((offset) => new Date(november.start.getTime() + offset)),
    )

  test('mint nothing: a period grants no more than its dearest plan, for no more than its fee', () => {
    fc.assert(
      fc.property(anyLadder, anyInstants, (ladder, instants) => {
        let current = ladder[0]!
        let [granted, due] = [current.credits, feeOf(current)]
        for (const [index, next] of ladder.slice(1).entries()) {
          const change = classifyChange({ account: null, current, next })
          if (!change.ok || change.kind !== 'upgrade') continue
          const upgrade = priceUpgrade({ current, next, period: november, at: instants[index]! })
          expect(upgrade.due >= 0n && upgrade.credits >= 0n).toBe(true)
          granted += upgrade.credits
          due += upgrade.due
          current = next
          expect(granted <= current.credits).toBe(true)
          expect(due <= feeOf(current)).toBe(true)
        }
        // Going down again waits for the boundary, and so gives nothing back now.
        const down = classifyChange({ account: null, current, next: plan('bottom', '0', '0') })
        if (feeOf(current) + current.credits > 0n) expect(down).toEqual({ ok: true, kind: 'boundary' })
      }),
    )
  })

  test('what is granted is paid by the same fraction', () => {
    fc.assert(
      fc.property(anyLadder, anyInstants, ([current, next], [at]) => {
        const change = classifyChange({ account: null, current: current!, next: next! })
        if (!change.ok || change.kind !== 'upgrade') return
        const { due, credits } = priceUpgrade({ current: current!, next: next!, period: november, at: at! })
        const [feeMore, creditsMore] = [feeOf(next!) - feeOf(current!), next!.credits - current!.credits]
        // due ÷ feeMore = credits ÷ creditsMore, each rounded to a micro: at most half a micro off.
        const error = 2n * (due * creditsMore - credits * feeMore)
        const bound = creditsMore + feeMore
        expect(error <= bound && error >= -bound).toBe(true)
      }),
    )
  })
})
