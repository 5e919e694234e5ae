import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openPurse, purseHolding } from './draw-down.ts'
import { formatMicros, MAX_MICROS, micros } from './micros.ts'
import type { PriceList } from './plan.ts'
import { type QuotedOperation, quoteRun } from './quote-run.ts'
import { MOST_OVERAGE, rateUsage } from './rate-usage.ts'

const starter: PriceList = new Map([
  ['smart_crop', { unitPrice: micros('0.2'), overageUnitPrice: micros('0.2') }],
  ['remove_background', { unitPrice: micros('0.5'), overageUnitPrice: micros('0.5') }],
  ['resize', { unitPrice: 0n, overageUnitPrice: 0n }],
])
const marketplace = ['remove_background', 'smart_crop', 'resize']

/** Quotes and writes the totals, then each operation, as "cost = credits + uncovered, overage". */
function quoted(balance: string, images: number, perImage = marketplace, prices = starter) {
  const quote = quoteRun({ perImage, images, prices, purse: purseHolding(micros(balance)) })
  if (!quote.ok) throw new Error(quote.refusal)
  const write = (total: Pick<QuotedOperation, 'cost' | 'fromCredits' | 'uncovered' | 'overage'>) =>
    `${formatMicros(total.cost)} = ${formatMicros(total.fromCredits)} + ${formatMicros(total.uncovered)}, ${formatMicros(total.overage)}`
  const operations = quote.operations.map((each) => `${each.quantity} ${each.operation}: ${write(each)}`)
  return [write(quote), `leaves ${formatMicros(quote.balanceAfter)}`, ...operations]
}

describe('quoteRun', () => {
  test('40 photos on Starter cost $28.00 and leave $22.00', () => {
    expect(quoted('50', 40)).toEqual([
      '28 = 28 + 0, 0',
      'leaves 22',
      '40 remove_background: 20 = 20 + 0, 0',
      '40 smart_crop: 8 = 8 + 0, 0',
      '40 resize: 0 = 0 + 0, 0',
    ])
  })

  test('splits the image in which the balance ends, step by step', () => {
    expect(quoted('22', 60)).toEqual([
      '42 = 22 + 20, 20',
      'leaves 0',
      '60 remove_background: 30 = 15.8 + 14.2, 14.2',
      '60 smart_crop: 12 = 6.2 + 5.8, 5.8',
      '60 resize: 0 = 0 + 0, 0',
    ])
    expect(quoted('0.6', 1)).toEqual([
      '0.7 = 0.6 + 0.1, 0.1',
      'leaves 0',
      '1 remove_background: 0.5 = 0.5 + 0, 0',
      '1 smart_crop: 0.2 = 0.1 + 0.1, 0.1',
      '1 resize: 0 = 0 + 0, 0',
    ])
  })

  test('to the cent, and with nothing', () => {
    expect(quoted('0.7', 1).slice(0, 2)).toEqual(['0.7 = 0.7 + 0, 0', 'leaves 0'])
    expect(quoted('0', 2).slice(0, 2)).toEqual(['1.4 = 0 + 1.4, 1.4', 'leaves 0'])
    expect(quoted('0', 5, ['resize'])).toEqual(['0 = 0 + 0, 0', 'leaves 0', '5 resize: 0 = 0 + 0, 0'])
    expect(quoted('1', 5, [])).toEqual(['0 = 0 + 0, 0', 'leaves 1'])
  })

  test('prices abstract credits', () => {
    const studio: PriceList = new Map([
      ['smart_crop', { unitPrice: micros('1.3'), overageUnitPrice: micros('0.0845') }],
    ])
    expect(quoted('4570', 4000, ['smart_crop'], studio)).toEqual([
      '5200 = 4570 + 630, 40.95',
      'leaves 0',
      '4000 smart_crop: 5200 = 4570 + 630, 40.95',
    ])
  })

  test('counts an operation that is there twice as one', () => {
    expect(quoted('10', 3, ['smart_crop', 'smart_crop'])[2]).toBe('6 smart_crop: 1.2 = 1.2 + 0, 0')
  })

  test('draws the purse that it is given', () => {
    const never = { priority: 50, startsAt: new Date(0), expiresAt: null }
    const purse = openPurse(
      ['a', 'b'].map((id) => ({ id, remaining: micros('1'), ...never })),
      new Date(0),
    )
    quoteRun({ perImage: marketplace, images: 2, prices: starter, purse })
    expect(purse.grants.map(({ remaining }) => remaining)).toEqual([0n, micros('0.6')])
  })

  test.each([
    [['blur'], 1, { refusal: 'operation_not_offered', operation: 'blur' }],
    [marketplace, 0, { refusal: 'quantity_invalid', operation: null }],
    [marketplace, -1, { refusal: 'quantity_invalid', operation: null }],
    [marketplace, 1.5, { refusal: 'quantity_invalid', operation: null }],
    [marketplace, Number.MAX_SAFE_INTEGER, { refusal: 'amount_overflow', operation: null }],
  ])('refuses %o over %s images', (perImage, images, refusal) => {
    const purse = purseHolding(micros('9'))
    expect(quoteRun({ perImage, images, prices: starter, purse })).toEqual({ ok: false, ...refusal })
    expect(purse.balance).toBe(micros('9'))
  })

  test('refuses a cost or an overage too large to store, and no sooner', () => {
    const seventh = MAX_MICROS / 7n // MAX_MICROS is a multiple of seven.
    const refusalAt = (unitPrice: bigint, overageUnitPrice: bigint, images = 7) => {
      const prices: PriceList = new Map([['a', { unitPrice, overageUnitPrice }]])
      const quote = quoteRun({ perImage: ['a'], images, prices, purse: purseHolding(0n) })
      return quote.ok ? null : quote.refusal
    }
    const part = MOST_OVERAGE / 7n
    expect(refusalAt(seventh, part)).toBeNull()
    expect(refusalAt(seventh, 0n, 8)).toBe('amount_overflow')
    expect(refusalAt(1n, part + 1n, 7)).toBe('amount_overflow')
  })
})

test('quoteRun is the rating of every step of every image, for any run', () => {
  const anyRun = fc.record({
    balance: fc.bigInt({ min: 0n, max: 80n }),
    images: fc.integer({ min: 1, max: 7 }),
    perImage: fc.array(fc.constantFrom('a', 'b', 'free'), { maxLength: 4 }),
    prices: fc
      .tuple(...[1, 2, 3, 4].map(() => fc.bigInt({ min: 1n, max: 9n })))
      .map(([a, b, c, d]): PriceList => {
        return new Map([
          ['a', { unitPrice: a!, overageUnitPrice: b! }],
          ['b', { unitPrice: c!, overageUnitPrice: d! }],
          ['free', { unitPrice: 0n, overageUnitPrice: 0n }],
        ])
      }),
  })
  fc.assert(
    fc.property(anyRun, ({ balance, images, perImage, prices }) => {
      const quote = quoteRun({ perImage, images, prices, purse: purseHolding(balance) })
      if (!quote.ok) throw new Error(quote.refusal)

      const purse = purseHolding(balance)
      const booked = new Map<
        string,
        { quantity: bigint; cost: bigint; fromCredits: bigint; overage: bigint }
      >()
      for (let image = 0; image < images; image++) {
        for (const operation of perImage) {
          const use = rateUsage({ quantity: 1, price: prices.get(operation)! }, purse)
          if (!use.ok) throw new Error(use.refusal)
          const sum = booked.get(operation) ?? { quantity: 0n, cost: 0n, fromCredits: 0n, overage: 0n }
          booked.set(operation, {
            quantity: sum.quantity + 1n,
            cost: sum.cost + use.cost,
            fromCredits: sum.fromCredits + use.fromCredits,
            overage: sum.overage + use.overage,
          })
        }
      }
      expect(quote.balanceAfter).toBe(purse.balance)
      expect(quote.operations.map(({ operation }) => operation)).toEqual([...booked.keys()])
      for (const each of quote.operations) {
        expect(each).toMatchObject(booked.get(each.operation)!)
        expect(each.fromCredits + each.uncovered).toBe(each.cost)
      }
      const sumOf = (name: 'cost' | 'fromCredits' | 'uncovered' | 'overage') =>
        quote.operations.reduce((sum, each) => sum + each[name], 0n)
      expect(quote.cost).toBe(sumOf('cost'))
      expect(quote.fromCredits).toBe(balance - purse.balance)
      expect(quote.uncovered).toBe(sumOf('uncovered'))
      expect(quote.overage).toBe(sumOf('overage'))
    }),
    { numRuns: 400 },
  )
})
