import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayClaim, type PossibleUse, possibleOverage } from './budget.ts'
import { purseHolding } from './draw-down.ts'
import { micros } from './micros.ts'
import { rateUsage } from './rate-usage.ts'

function use(quantity: bigint, unitPrice: string, overageUnitPrice = unitPrice): PossibleUse {
  return { quantity, price: { unitPrice: micros(unitPrice), overageUnitPrice: micros(overageUnitPrice) } }
}

describe('possibleOverage', () => {
  function check(uses: PossibleUse[], balance: string, overage: string) {
    expect(possibleOverage(uses, micros(balance))).toBe(micros(overage))
  }

  test('is what the balance does not cover', () => {
    check([], '0', '0')
    check([use(3n, '0.5')], '1.5', '0')
    check([use(3n, '0.5')], '99', '0')
    check([use(3n, '0.5')], '0.3', '1.2')
    check([use(3n, '0.5'), use(1n, '0.2')], '0.3', '1.4')
    check([use(3n, '0')], '0', '0')
  })
  test('takes the dearest overage to come last', () => {
    check([use(1n, '1', '1'), use(1n, '1', '3')], '1', '3')
    check([use(1n, '1', '3'), use(1n, '1', '1')], '1', '3')
    check([use(2n, '1', '1'), use(1n, '1', '3')], '1', '4')
    check([use(1n, '2', '2.2'), use(1n, '1', '1.2')], '2', '1.2')
  })
  test('rounds up', () => {
    check([use(1n, '3', '0.000001')], '2', '0.000001')
    check([use(1n, '3', '0.000001')], '3', '0')
  })
})

describe('mayClaim', () => {
  const state = { limit: micros('10'), accrued: micros('9'), balance: 0n, claimed: [], item: [use(1n, '1')] }

  function check(change: Partial<Parameters<typeof mayClaim>[0]>, may: boolean) {
    expect(mayClaim({ ...state, ...change })).toBe(may)
  }

  test('lets the limit be reached, and not passed', () => {
    check({}, true)
    check({ accrued: micros('9.000001') }, false)
    check({ limit: micros('9.999999') }, false)
  })
  test('counts what is claimed and not yet booked', () => {
    check({ claimed: [use(1n, '0.000001')] }, false)
    check({ claimed: [use(1n, '0.000001')], accrued: micros('8.999999') }, true)
  })
  test('lets credits pay first', () => {
    check({ accrued: micros('10'), balance: micros('1') }, true)
    check({ accrued: micros('10'), balance: micros('0.999999') }, false)
    check({ accrued: micros('10'), balance: micros('1'), claimed: [use(1n, '0.5')] }, false)
    check({ limit: 0n, accrued: 0n, balance: micros('1') }, true)
  })
  test('never holds what is free, unless the limit is passed already', () => {
    check({ accrued: micros('10'), item: [use(9n, '0')] }, true)
    check({ accrued: micros('11'), item: [use(9n, '0')] }, false)
  })
  test('is no brake without a limit', () => {
    check({ limit: null, accrued: micros('1000') }, true)
  })
})

test('whatever is claimed, in whatever order it is booked, the limit is not passed', () => {
  const anyItem = fc.array(
    fc.record({
      quantity: fc.constantFrom(1n, 2n),
      price: fc.record({
        unitPrice: fc.bigInt({ min: 1n, max: 7n }),
        overageUnitPrice: fc.bigInt({ min: 0n, max: 7n }),
      }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  const anyDay = fc.record({
    items: fc.array(anyItem, { maxLength: 6 }),
    balance: fc.bigInt({ min: 0n, max: 60n }),
    limit: fc.bigInt({ min: 0n, max: 40n }),
    seed: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
  })
  fc.assert(
    fc.property(anyDay, ({ items, balance, limit, seed }) => {
      const claimed: PossibleUse[][] = []
      for (const item of items) {
        if (mayClaim({ limit, accrued: 0n, balance, claimed: claimed.flat(), item })) claimed.push(item)
      }
      const purse = purseHolding(balance)
      let overage = 0n
      const inSomeOrder = claimed
        .map((item, index) => ({ item, at: seed[index]! }))
        .sort((a, b) => a.at - b.at)
      for (const { price, quantity } of inSomeOrder.flatMap(({ item }) => item)) {
        const rated = rateUsage({ quantity: Number(quantity), price }, purse)
        if (rated.ok) overage += rated.overage
      }
      return overage <= limit
    }),
    { numRuns: 500 },
  )
})
