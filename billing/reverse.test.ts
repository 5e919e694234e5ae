import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openPurse } from './draw-down.ts'
import { formatMicros, lesser, micros } from './micros.ts'
import { type OperationPrice, rateUsage } from './rate-usage.ts'
import {
  type LaterRecord,
  type ReversibleRecord,
  reverseInClosedPeriod,
  reverseInOpenPeriod,
} from './reverse.ts'

const money: OperationPrice = { unitPrice: micros('1'), overageUnitPrice: micros('1') }

/** A record in money that drew "a 3, b 2" and left `uncovered`. */
function record(draws: string, uncovered = '0'): ReversibleRecord {
  const parts = draws === '' ? [] : draws.split(', ').map((draw) => draw.split(' ') as [string, string])
  return {
    price: money,
    draws: parts.map(([grantId, amount]) => ({ grantId, amount: micros(amount) })),
    uncovered: micros(uncovered),
    overage: micros(uncovered),
  }
}

function later(id: string, uncovered: string): LaterRecord {
  return { id, price: money, uncovered: micros(uncovered), overage: micros(uncovered) }
}

const write = (draws: readonly { grantId: string; amount: bigint }[]) =>
  draws.map(({ grantId, amount }) => `${grantId} ${formatMicros(amount)}`).join(', ')

describe('reverseInOpenPeriod', () => {
  function check(
    [taken, cost, records, usable]: [ReversibleRecord, string, LaterRecord[], string[]],
    expected: { cancelled: string; recovered: string[]; returned: string; adjustment: string },
  ) {
    const reversal = reverseInOpenPeriod({
      record: taken,
      cost: micros(cost),
      later: records,
      usableGrantIds: new Set(usable),
    })
    expect({
      cancelled: formatMicros(reversal.overageCancelled),
      recovered: reversal.recovered.map(
        ({ recordId, draws, overage }) => `${recordId}: ${write(draws)}, ${formatMicros(overage)} less`,
      ),
      returned: write(reversal.returned),
      adjustment: write(reversal.adjustment),
    }).toEqual(expected)
  }
  const none = { cancelled: '0', recovered: [], returned: '', adjustment: '' }

  test('gives credits back to their grants, the last drawn first', () => {
    check([record('a 3, b 2'), '5', [], ['a', 'b']], { ...none, returned: 'b 2, a 3' })
    check([record('a 3, b 2'), '4', [], ['a', 'b']], { ...none, returned: 'b 2, a 2' })
    check([record('a 3, b 2'), '1', [], ['a', 'b']], { ...none, returned: 'b 1' })
    check([record('a 3'), '0', [], ['a']], none)
  })
  test('cancels overage first', () => {
    check([record('a 3', '2'), '5', [], ['a']], { ...none, cancelled: '2', returned: 'a 3' })
    check([record('a 3', '2'), '2', [], ['a']], { ...none, cancelled: '2' })
    check([record('a 3', '2'), '1.5', [], ['a']], { ...none, cancelled: '1.5' })
    check([record('', '2'), '2', [], []], { ...none, cancelled: '2' })
  })
  test('pays with returned credits for overage of later records, newest first', () => {
    check([record('a 3, b 2'), '5', [later('y', '1.5'), later('x', '9')], ['a', 'b']], {
      ...none,
      recovered: ['y: b 1.5, 1.5 less', 'x: b 0.5, a 3, 3.5 less'],
    })
    check([record('a 3'), '3', [later('y', '1'), later('x', '0.5')], ['a']], {
      ...none,
      recovered: ['y: a 1, 1 less', 'x: a 0.5, 0.5 less'],
      returned: 'a 1.5',
    })
    check([record('a 1'), '1', [later('y', '1'), later('x', '5')], ['a']], {
      ...none,
      recovered: ['y: a 1, 1 less'],
    })
  })
  test('makes an adjustment of what cannot go back', () => {
    check([record('a 3, b 2'), '5', [], ['b']], { ...none, returned: 'b 2', adjustment: 'a 3' })
    check([record('a 3, b 2'), '5', [later('y', '4')], []], {
      ...none,
      recovered: ['y: b 2, a 2, 4 less'],
      adjustment: 'a 1',
    })
  })
  test('throws on more than the record has cost, or less than nothing', () => {
    const reversal = { record: record('a 3', '2'), later: [], usableGrantIds: new Set<string>() }
    expect(() => reverseInOpenPeriod({ ...reversal, cost: micros('5.000001') })).toThrow('no more is taken')
    expect(() => reverseInOpenPeriod({ ...reversal, cost: -1n })).toThrow('never charges')
  })
  test('changes nothing that it was given', () => {
    const taken = record('a 3, b 2')
    reverseInOpenPeriod({
      record: taken,
      cost: micros('5'),
      later: [later('y', '1')],
      usableGrantIds: new Set(),
    })
    expect(taken).toEqual(record('a 3, b 2'))
  })
})

describe('reverseInClosedPeriod', () => {
  function check(taken: ReversibleRecord, cost: string, [cancelled, adjustment]: [string, string]) {
    const { overageCancelled, adjustment: draws } = reverseInClosedPeriod({
      record: taken,
      cost: micros(cost),
    })
    const adjusted = draws.map(({ grantId, amount }) => `${grantId} ${formatMicros(amount)}`).join(', ')
    expect([formatMicros(overageCancelled), adjusted]).toEqual([cancelled, adjustment])
  }
  test('cancels the overage to the micro, and makes an adjustment of draws, newest first', () => {
    check(record('a 3, b 2', '2'), '7', ['2', 'b 2, a 3'])
    check(record('a 3, b 2', '2'), '3', ['2', 'b 1'])
    check(record('a 3', '0'), '3', ['0', 'a 3'])
    check(record('', '0.0049'), '0.0049', ['0.0049', ''])
  })
})

describe('a reversal, for any usage', () => {
  // Costs in credits that are booked in order from two grants, one of which is taken back.
  const anyPrice = fc.record({
    unitPrice: fc.bigInt({ min: 1n, max: 9n }),
    overageUnitPrice: fc.bigInt({ min: 0n, max: 9n }),
  })
  const anyPeriod = fc.record({
    grants: fc.tuple(fc.bigInt({ min: 0n, max: 15n }), fc.bigInt({ min: 0n, max: 15n })),
    uses: fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 4 }), price: anyPrice }), {
      minLength: 1,
      maxLength: 6,
    }),
    taken: fc.nat(),
  })

  function book(grants: readonly bigint[], uses: readonly { quantity: number; price: OperationPrice }[]) {
    const terms = { priority: 0, startsAt: new Date(0), expiresAt: null }
    const purse = openPurse(
      grants.map((remaining, index) => ({ id: `grant-${index}`, remaining, ...terms })),
      new Date(0),
    )
    const records = uses.map((use, index) => {
      const rated = rateUsage(use, purse)
      if (!rated.ok) throw new Error(rated.refusal)
      return { id: `record-${index}`, price: use.price, ...rated }
    })
    return {
      balance: purse.balance,
      records,
      overage: records.reduce((sum, { overage }) => sum + overage, 0n),
    }
  }
  const sumOf = (draws: readonly { amount: bigint }[]) => draws.reduce((sum, { amount }) => sum + amount, 0n)

  test('mints nothing, and the overage taken off is never more than there was', () => {
    fc.assert(
      fc.property(anyPeriod, fc.bigInt({ min: 0n, max: 36n }), (period, wish) => {
        const { records, overage } = book(period.grants, period.uses)
        const index = period.taken % records.length
        const taken = records[index]!
        const cost = lesser(wish, taken.cost)
        const reversal = reverseInOpenPeriod({
          record: taken,
          cost,
          later: records.slice(index + 1).reverse(),
          usableGrantIds: new Set(['grant-0']),
        })
        const recovered = reversal.recovered.flatMap(({ draws }) => draws)
        expect(sumOf(recovered) + sumOf(reversal.returned) + sumOf(reversal.adjustment)).toBe(
          sumOf(reversal.undone),
        )
        expect(sumOf(reversal.undone)).toBe(cost > taken.uncovered ? cost - taken.uncovered : 0n)
        const off = reversal.recovered.reduce((sum, each) => sum + each.overage, reversal.overageCancelled)
        expect(off >= 0n && off <= overage).toBe(true)
        for (const each of reversal.recovered) expect(each.overage >= 0n).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('leaves the account as if the record had never been, where credits are money', () => {
    fc.assert(
      fc.property(anyPeriod, (period) => {
        const uses = period.uses.map((use) => ({
          ...use,
          price: { ...use.price, overageUnitPrice: use.price.unitPrice },
        }))
        const { records, balance, overage } = book(period.grants, uses)
        const index = period.taken % records.length
        const taken = records[index]!
        const reversal = reverseInOpenPeriod({
          record: taken,
          cost: taken.cost,
          later: records.slice(index + 1).reverse(),
          usableGrantIds: new Set(['grant-0', 'grant-1']),
        })
        const off = reversal.recovered.reduce((sum, each) => sum + each.overage, reversal.overageCancelled)
        const without = book(
          period.grants,
          uses.filter((_, at) => at !== index),
        )
        expect(overage - off).toBe(without.overage)
        expect(balance + sumOf(reversal.returned)).toBe(without.balance)
      }),
      { numRuns: 300 },
    )
  })
})
