import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { purseHolding } from './draw-down.ts'
import { formatMicros, MAX_MICROS, micros } from './micros.ts'
import { availableByOperation, availableOf, balanceNeeded, imagesAvailable, planMix } from './mix.ts'
import type { PriceList } from './plan.ts'
import { MOST_OVERAGE, rateUsage } from './rate-usage.ts'

const starter = priceList({ smart_crop: ['0.2'], remove_background: ['0.5'], resize: ['0'] })
const studio = priceList({ smart_crop: ['1.3', '0.0845'], remove_background: ['3.2', '0.208'] })

function priceList(prices: Record<string, [unit: string, overage?: string]>): PriceList {
  return new Map(
    Object.entries(prices).map(([operation, [unit, overage = unit]]) => [
      operation,
      { unitPrice: micros(unit), overageUnitPrice: micros(overage) },
    ]),
  )
}

test.each([
  ['50', 250n, 100n],
  ['10', 50n, 20n],
  ['0.3', 1n, 0n],
  ['0', 0n, 0n],
])('golden table 1: %s buys %s smart crops or %s background removals', (balance, crops, removals) => {
  expect([...availableByOperation(micros(balance), starter)]).toEqual([
    ['smart_crop', crops],
    ['remove_background', removals],
    ['resize', null],
  ])
})

test.each([
  ['50', 100, '20', '30', 60n],
  ['10', 10, '2', '8', 16n],
  ['10', 20, '4', '6', 12n],
])(
  'golden table 2: at %s, %s smart crops cost %s, leaving %s for %s background removals',
  (balance, crops, cost, left, removals) => {
    const first = planned(balance, { smart_crop: crops })
    expect(first).toMatchObject({ cost, balanceAfter: left, overage: '0', overageCredits: '0' })
    expect(first.available.get('remove_background')).toBe(removals)
    const both = planned(balance, { smart_crop: crops, remove_background: Number(removals) })
    expect(both).toMatchObject({ cost: balance, balanceAfter: '0', overage: '0' })
    expect([...both.available.values()]).toEqual([0n, 0n, null])
  },
)

test('golden table 3: 4,570 credits buy 3,515 smart crops and leave half a credit', () => {
  expect(availableOf(micros('4570'), micros('1.3'))).toBe(3515n)
  const mix = planned('4570', { smart_crop: 3515 }, studio)
  expect(mix).toMatchObject({ cost: '4569.5', balanceAfter: '0.5', overage: '0' })
  expect([...mix.available.values()]).toEqual([0n, 0n])
})

/** A planned mix with its amounts as decimal strings. */
function planned(balance: string, fixed: Record<string, number>, prices = starter) {
  const mix = planMix({ balance: micros(balance), prices, fixed: new Map(Object.entries(fixed)) })
  if (!mix.ok) throw new Error(`${mix.refusal} ${mix.operation}`)
  const { cost, balanceAfter, overage, overageCredits } = mix
  return {
    available: mix.available,
    cost: formatMicros(cost),
    balanceAfter: formatMicros(balanceAfter),
    overage: formatMicros(overage),
    overageCredits: formatMicros(overageCredits),
  }
}

describe('planMix', () => {
  test('shows what goes beyond the balance, in credits and in currency', () => {
    expect(planned('50', { smart_crop: 300, remove_background: 10 })).toMatchObject({
      cost: '65',
      balanceAfter: '0',
      overage: '15',
      overageCredits: '15',
    })
    expect(planned('4570', { smart_crop: 4000 }, studio)).toMatchObject({
      cost: '5200',
      balanceAfter: '0',
      overage: '40.95',
      overageCredits: '630',
    })
  })

  test('takes nothing, zeros and free operations as costing nothing', () => {
    for (const fixed of [{}, { smart_crop: 0 }, { resize: 1_000_000 }]) {
      expect(planned('10', fixed)).toMatchObject({ cost: '0', balanceAfter: '10', overage: '0' })
    }
  })

  test('splits in the order given', () => {
    const uneven = priceList({ cheap: ['1', '1'], dear: ['1', '3'] })
    expect(planned('1', { cheap: 1, dear: 1 }, uneven).overage).toBe('3')
    expect(planned('1', { dear: 1, cheap: 1 }, uneven).overage).toBe('1')
  })

  test.each([
    [{ blur: 1 }, 'operation_not_offered', 'blur'],
    [{ constructor: 1 }, 'operation_not_offered', 'constructor'],
    [{ smart_crop: 1, remove_background: -1 }, 'quantity_invalid', 'remove_background'],
    [{ resize: 0.5 }, 'quantity_invalid', 'resize'],
    [{ smart_crop: Number.MAX_SAFE_INTEGER }, 'amount_overflow', 'smart_crop'],
    [{ smart_crop: 4.5e12, remove_background: 1.8e12 }, 'amount_overflow', 'remove_background'],
  ])('refuses %o: %s', (mix, refusal, operation) => {
    const fixed = new Map(Object.entries(mix))
    const expected = { ok: false, refusal, operation }
    expect(planMix({ balance: micros('1'), prices: starter, fixed })).toEqual(expected)
    expect(balanceNeeded({ prices: starter, target: fixed })).toEqual(expected)
  })

  test('refuses totals too large to store, in credits or in overage, and no sooner', () => {
    const most = MAX_MICROS - 1n
    const sum = (cost: bigint, overage: bigint) => {
      const prices: PriceList = new Map([
        ['a', { unitPrice: cost, overageUnitPrice: overage }],
        ['b', { unitPrice: 1n, overageUnitPrice: 1n }],
      ])
      const one = planMix({
        balance: 0n,
        prices,
        fixed: new Map([
          ['a', 1],
          ['b', 1],
        ]),
      })
      const two = planMix({
        balance: 0n,
        prices,
        fixed: new Map([
          ['a', 1],
          ['b', 2],
        ]),
      })
      return [one.ok, two]
    }
    const refusal = { ok: false, refusal: 'amount_overflow', operation: 'b' }
    expect(sum(most, 1n)).toEqual([true, refusal])
    expect(sum(1n, MOST_OVERAGE - 1n)).toEqual([true, refusal])
  })

  test('throws on a negative balance', () => {
    expect(() => planMix({ balance: -1n, prices: starter, fixed: new Map() })).toThrow('never negative')
  })
})

test('balanceNeeded is what the target costs', () => {
  const target = new Map([
    ['smart_crop', 100],
    ['remove_background', 60],
    ['resize', 9],
  ])
  expect(balanceNeeded({ prices: starter, target })).toEqual({ ok: true, balance: micros('50') })
})

test('imagesAvailable counts whole images', () => {
  const images = (balance: string, ...perImage: string[]) =>
    imagesAvailable({ balance: micros(balance), prices: starter, perImage })
  expect(images('50', 'remove_background', 'smart_crop', 'resize')).toEqual({ ok: true, images: 71n })
  expect(images('1', 'smart_crop', 'smart_crop')).toEqual({ ok: true, images: 2n })
  expect(images('0', 'resize')).toEqual({ ok: true, images: null })
  expect(images('1', 'blur')).toEqual({ ok: false, refusal: 'operation_not_offered', operation: 'blur' })
})

describe('a mix, for any prices', () => {
  const anyBalance = fc.bigInt({ min: 0n, max: 60n })
  const anyPrices: fc.Arbitrary<PriceList> = fc
    .array(
      fc.record({
        unitPrice: fc.bigInt({ min: 1n, max: 9n }),
        overageUnitPrice: fc.bigInt({ min: 0n, max: 9n }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((prices) => new Map(prices.map((price, index) => [`operation_${index}`, price])))
  const anyPlan = anyPrices.chain((prices) =>
    fc.record({
      balance: anyBalance,
      prices: fc.constant(prices),
      fixed: fc
        .tuple(
          ...[...prices.keys()].map((name) => fc.tuple(fc.constant(name), fc.integer({ min: 0, max: 5 }))),
        )
        .map((mix) => new Map(mix)),
    }),
  )

  test('what is available is affordable, and one more is not', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const mix = planMix(plan)
        if (!mix.ok) throw new Error(mix.refusal)
        for (const [operation, count] of mix.available) {
          const more = (extra: number) => {
            const quantity = plan.fixed.get(operation)! + Number(count) + extra
            const next = planMix({ ...plan, fixed: new Map([...plan.fixed, [operation, quantity]]) })
            if (!next.ok) throw new Error(next.refusal)
            return next
          }
          expect(more(0).overageCredits).toBe(mix.overageCredits)
          expect(more(1).overageCredits).toBeGreaterThan(mix.overageCredits)
        }
      }),
    )
  })

  test('the balance needed pays for all of it, and a micro less does not', () => {
    fc.assert(
      fc.property(anyPlan, ({ prices, fixed: target }) => {
        const needed = balanceNeeded({ prices, target })
        if (!needed.ok) throw new Error(needed.refusal)
        const at = (balance: bigint) => planMix({ balance, prices, fixed: target })
        expect(at(needed.balance)).toMatchObject({ balanceAfter: 0n, overageCredits: 0n })
        if (needed.balance > 0n) expect(at(needed.balance - 1n)).toMatchObject({ overageCredits: 1n })
      }),
    )
  })

  test('nothing is lost, and the split is the one that is booked', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const mix = planMix(plan)
        if (!mix.ok) throw new Error(mix.refusal)
        expect(plan.balance - mix.balanceAfter + mix.overageCredits).toBe(mix.cost)
        const purse = purseHolding(plan.balance)
        let overage = 0n
        for (const [operation, quantity] of plan.fixed) {
          const used = rateUsage({ quantity, price: plan.prices.get(operation)! }, purse)
          if (used.ok) overage += used.overage
        }
        expect(mix.overage).toBe(overage)
      }),
    )
  })
})
