import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { purseHolding } from './draw-down.ts'
import { formatMicros, MAX_MICROS, micros } from './micros.ts'
import { MOST_OVERAGE, type OperationPrice, overageOf, rateUsage } from './rate-usage.ts'

function price(unitPrice: string, overageUnitPrice = unitPrice): OperationPrice {
  return { unitPrice: micros(unitPrice), overageUnitPrice: micros(overageUnitPrice) }
}

describe('rateUsage', () => {
  function check(
    balance: string,
    use: { quantity: number; price: OperationPrice },
    expected: { cost: string; fromCredits: string; uncovered: string; overage: string },
  ) {
    const purse = purseHolding(micros(balance))
    const rated = rateUsage(use, purse)
    if (!rated.ok) throw new Error(rated.refusal)
    const { cost, fromCredits, uncovered, overage } = rated
    const written = Object.entries({ cost, fromCredits, uncovered, overage }).map(([name, amount]) => [
      name,
      formatMicros(amount),
    ])
    expect(Object.fromEntries(written)).toEqual(expected)
    expect(purse.balance).toBe(micros(balance) - fromCredits)
  }

  test('splits money and keeps quantities whole', () => {
    const removal = { quantity: 1, price: price('0.5') }
    const none = { uncovered: '0', overage: '0' }
    check('50', removal, { cost: '0.5', fromCredits: '0.5', ...none })
    check('0.5', removal, { cost: '0.5', fromCredits: '0.5', ...none })
    check('0.3', removal, { cost: '0.5', fromCredits: '0.3', uncovered: '0.2', overage: '0.2' })
    check('0', removal, { cost: '0.5', fromCredits: '0', uncovered: '0.5', overage: '0.5' })
  })

  test('costs nothing for a free operation', () => {
    const free = { cost: '0', fromCredits: '0', uncovered: '0', overage: '0' }
    check('50', { quantity: 1000, price: price('0') }, free)
    check('0', { quantity: 1, price: price('0') }, free)
  })

  test('prices uncovered abstract credits by the overage unit price', () => {
    const studio = { quantity: 4000, price: price('1.3', '0.0845') }
    check('4570', studio, { cost: '5200', fromCredits: '4570', uncovered: '630', overage: '40.95' })
    check('0', studio, { cost: '5200', fromCredits: '0', uncovered: '5200', overage: '338' })
  })

  test('may charge nothing for overage', () => {
    const use = { quantity: 2, price: price('1', '0') }
    check('1', use, { cost: '2', fromCredits: '1', uncovered: '1', overage: '0' })
  })

  test('rounds the overage of a partly covered use half away from zero', () => {
    const third = price('3', '0.000001')
    check('1', { quantity: 1, price: third }, { ...split('3', '1', '2'), overage: '0.000001' })
    check('2', { quantity: 1, price: third }, { ...split('3', '2', '1'), overage: '0' })
    const half = price('2', '0.000001')
    check('1', { quantity: 1, price: half }, { ...split('2', '1', '1'), overage: '0.000001' })
  })

  function split(cost: string, fromCredits: string, uncovered: string) {
    return { cost, fromCredits, uncovered }
  }

  test('refuses what would make the overage of a period too large to bill, and draws nothing', () => {
    const use = { quantity: 1, price: price('2') }
    const purse = purseHolding(micros('0.5'))
    const most = MOST_OVERAGE - micros('1.5')
    expect(rateUsage({ ...use, accrued: most + 1n }, purse)).toEqual({
      ok: false,
      refusal: 'amount_overflow',
    })
    expect(purse.balance).toBe(micros('0.5'))
    expect(rateUsage({ ...use, accrued: most }, purse)).toMatchObject({ ok: true, overage: micros('1.5') })
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses %s units', (quantity) => {
    const purse = purseHolding(micros('9'))
    const refusal = { ok: false, refusal: 'quantity_invalid' }
    expect(rateUsage({ quantity, price: price('0.2') }, purse)).toEqual(refusal)
    expect(purse.balance).toBe(micros('9'))
  })

  test('refuses a cost, or an overage at full price, that cannot be stored', () => {
    const purse = purseHolding(micros('9'))
    const quantity = Number.MAX_SAFE_INTEGER
    const refusal = { ok: false, refusal: 'amount_overflow' }
    expect(rateUsage({ quantity, price: price('0.002') }, purse)).toEqual(refusal)
    expect(rateUsage({ quantity, price: price('0.002', '0') }, purse)).toEqual(refusal)
    expect(rateUsage({ quantity, price: price('0.000001', '0.002') }, purse)).toEqual(refusal)
    // Also where credits cover it: an invoice line names its full price.
    const rich = purseHolding(MAX_MICROS)
    expect(rateUsage({ quantity, price: price('0.000001', '0.002') }, rich)).toEqual(refusal)
    expect(rateUsage({ quantity, price: price('0.000001', '0.001') }, rich).ok).toBe(true)
    const most = { unitPrice: MAX_MICROS, overageUnitPrice: MAX_MICROS }
    expect(rateUsage({ quantity: 2, price: most }, purse)).toEqual(refusal)
    expect(purse.balance).toBe(micros('9'))
    const all = { quantity: 1, price: most }
    expect(rateUsage(all, purseHolding(MAX_MICROS)).ok).toBe(true)
    expect(rateUsage(all, purse)).toEqual(refusal)
    // The largest fee, and five taxes of all of it.
    expect((MOST_OVERAGE + micros('1000000000')) * 6n).toBeLessThanOrEqual(MAX_MICROS)
  })
})

test('overageOf throws where a free operation is said to be uncovered', () => {
  expect(overageOf(0n, price('0'))).toBe(0n)
  expect(() => overageOf(1n, price('0'))).toThrow('free operation')
})

describe('rateUsage, for any use', () => {
  const anyUse = fc.record({
    quantity: fc.integer({ min: 1, max: 9 }),
    price: fc.record({
      unitPrice: fc.bigInt({ min: 1n, max: 12n }),
      overageUnitPrice: fc.bigInt({ min: 0n, max: 12n }),
    }),
  })

  test('nothing is lost, and overage stays between nothing and the full price', () => {
    fc.assert(
      fc.property(anyUse, fc.bigInt({ min: 0n, max: 120n }), (use, balance) => {
        const rated = rateUsage(use, purseHolding(balance))
        if (!rated.ok) throw new Error(rated.refusal)
        const fullPrice = use.price.overageUnitPrice * BigInt(use.quantity)
        const drawn = rated.draws.reduce((sum, { amount }) => sum + amount, 0n)
        expect(rated.cost).toBe(use.price.unitPrice * BigInt(use.quantity))
        expect(rated.fromCredits).toBe(drawn)
        expect(rated.fromCredits + rated.uncovered).toBe(rated.cost)
        expect(rated.overage >= 0n && rated.overage <= fullPrice).toBe(true)
        if (drawn === 0n) expect(rated.overage).toBe(fullPrice)
        if (rated.uncovered === 0n) expect(rated.overage).toBe(0n)
      }),
    )
  })

  test('where credits are money, overage is what is uncovered', () => {
    fc.assert(
      fc.property(anyUse, fc.bigInt({ min: 0n, max: 120n }), (use, balance) => {
        const money = { ...use, price: { ...use.price, overageUnitPrice: use.price.unitPrice } }
        const rated = rateUsage(money, purseHolding(balance))
        return rated.ok && rated.overage === rated.uncovered
      }),
    )
  })
})
