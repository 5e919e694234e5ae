import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawDown, drawFrom, drawnFrom, openPurse, purseHolding } from './draw-down.ts'
import { compareDrawOrder, type Grant, isUsable } from './grant.ts'
import { lesser } from './micros.ts'

const noon = new Date('2026-11-02T12:00:00Z')
const later = new Date('2026-11-03T12:00:00Z')
const muchLater = new Date('2026-12-02T12:00:00Z')

function grant(id: string, remaining: bigint, terms: Partial<Grant> = {}): Grant {
  return { id, remaining, priority: 50, startsAt: new Date(0), expiresAt: null, ...terms }
}

describe('drawDown', () => {
  /** The one place that calls drawDown for the examples. Draws are in order: a: 2, then b: 1. */
  function check(cost: bigint, grants: Grant[], draws: Record<string, bigint>, uncovered: bigint) {
    const result = drawDown(cost, grants, noon)
    expect(result.draws.map(({ grantId, amount }) => [grantId, amount])).toEqual(Object.entries(draws))
    expect(result.uncovered).toBe(uncovered)
  }

  test('draws a cost that is covered', () => {
    check(5n, [grant('a', 9n)], { a: 5n }, 0n)
    check(9n, [grant('a', 9n)], { a: 9n }, 0n)
    check(0n, [grant('a', 9n)], {}, 0n)
  })
  test('leaves uncovered what no grant covers', () => {
    check(30n, [grant('a', 20n)], { a: 20n }, 10n)
    check(30n, [], {}, 30n)
  })
  test('goes on with the next grant where one ends, and touches no third', () => {
    check(12n, [grant('a', 9n), grant('b', 9n), grant('c', 9n)], { a: 9n, b: 3n }, 0n)
    check(9n, [grant('a', 9n), grant('b', 9n)], { a: 9n }, 0n)
  })
  test('draws the grant that expires first, whatever its priority', () => {
    const never = grant('never', 9n, { priority: 0 })
    check(5n, [never, grant('soon', 9n, { expiresAt: later })], { soon: 5n }, 0n)
    const month = grant('month', 9n, { expiresAt: muchLater, priority: 0 })
    check(12n, [month, grant('soon', 9n, { expiresAt: later })], { soon: 9n, month: 3n }, 0n)
  })
  test('then the lowest priority number, then the oldest, then the id', () => {
    check(1n, [grant('a', 9n, { priority: 2 }), grant('b', 9n, { priority: 1 })], { b: 1n }, 0n)
    check(1n, [grant('a', 9n, { startsAt: noon }), grant('b', 9n)], { b: 1n }, 0n)
    check(1n, [grant('b', 9n), grant('a', 9n)], { a: 1n }, 0n)
  })
  test('leaves alone what has ended, what has not begun, and what is empty', () => {
    check(5n, [grant('a', 9n, { expiresAt: noon })], {}, 5n)
    check(5n, [grant('a', 9n, { startsAt: later })], {}, 5n)
    check(5n, [grant('a', 9n, { startsAt: noon, expiresAt: later })], { a: 5n }, 0n)
    check(5n, [grant('a', 0n), grant('b', 9n)], { b: 5n }, 0n)
  })
  test('throws on a negative cost', () => {
    expect(() => drawDown(-1n, [grant('a', 9n)], noon)).toThrow('never negative')
  })
})

describe('a purse', () => {
  test('is drawn from one cost after another', () => {
    const purse = openPurse([grant('b', 5n), grant('a', 5n)], noon)
    expect(purse.balance).toBe(10n)
    expect(drawFrom(purse, 3n)).toEqual({ draws: [{ grantId: 'a', amount: 3n }], uncovered: 0n })
    expect(drawFrom(purse, 2n)).toEqual({ draws: [{ grantId: 'a', amount: 2n }], uncovered: 0n })
    expect(drawFrom(purse, 0n)).toEqual({ draws: [], uncovered: 0n })
    expect(drawFrom(purse, 4n)).toEqual({ draws: [{ grantId: 'b', amount: 4n }], uncovered: 0n })
    expect(drawnFrom(purse)).toEqual([
      { grantId: 'a', amount: 5n },
      { grantId: 'b', amount: 4n },
    ])
    expect(drawFrom(purse, 4n)).toEqual({ draws: [{ grantId: 'b', amount: 1n }], uncovered: 3n })
    expect(drawFrom(purse, 4n)).toEqual({ draws: [], uncovered: 4n })
    expect(purse.balance).toBe(0n)
  })
  test('names no grant that was not drawn', () => {
    expect(drawnFrom(openPurse([grant('a', 5n)], noon))).toEqual([])
  })
  test('can hold a bare balance', () => {
    const purse = purseHolding(7n)
    expect(drawFrom(purse, 9n).uncovered).toBe(2n)
    expect(drawFrom(purseHolding(0n), 9n)).toEqual({ draws: [], uncovered: 9n })
    expect(purseHolding(0n).grants).toEqual([])
    expect(() => purseHolding(-1n)).toThrow('never negative')
  })
})

describe('drawDown, for any grants', () => {
  // Few distinct values, so that ties and the edges of a grant's life come up in every run.
  const anyInstant = fc.constantFrom(new Date(0), noon, later)
  const anyCost = fc.bigInt({ min: 0n, max: 40n })
  const anyGrants = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...'abcdefgh'),
      remaining: fc.bigInt({ min: 0n, max: 10n }),
      priority: fc.constantFrom(0, 1),
      startsAt: anyInstant,
      expiresAt: fc.option(anyInstant),
    }),
    { selector: ({ id }) => id, maxLength: 8 },
  )
  const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)

  test('nothing is lost, and the result is min(balance, cost)', () => {
    fc.assert(
      fc.property(anyCost, anyGrants, (cost, grants) => {
        const { draws, uncovered } = drawDown(cost, grants, noon)
        const balance = sum(grants.filter((each) => isUsable(each, noon)).map(({ remaining }) => remaining))
        const drawn = sum(draws.map(({ amount }) => amount))
        expect(drawn + uncovered).toBe(cost)
        expect(drawn).toBe(lesser(balance, cost))
      }),
    )
  })

  test('no grant is overdrawn, drawn twice, drawn of nothing, or changed', () => {
    fc.assert(
      fc.property(anyCost, anyGrants, (cost, grants) => {
        const before = structuredClone(grants)
        const { draws } = drawDown(cost, grants, noon)
        const held = new Map(grants.map(({ id, remaining }) => [id, remaining]))
        for (const { grantId, amount } of draws) {
          expect(amount > 0n && amount <= held.get(grantId)!).toBe(true)
          held.delete(grantId)
        }
        expect(grants).toEqual(before)
      }),
    )
  })

  test('a later grant is untouched while an earlier one has credits', () => {
    fc.assert(
      fc.property(anyCost, anyGrants, (cost, grants) => {
        const drawn = new Map(drawDown(cost, grants, noon).draws.map((draw) => [draw.grantId, draw.amount]))
        const inOrder = grants.filter((each) => isUsable(each, noon)).sort(compareDrawOrder)
        const firstUnfinished = inOrder.findIndex(({ id, remaining }) => drawn.get(id) !== remaining)
        if (firstUnfinished === -1) return
        for (const { id } of inOrder.slice(firstUnfinished + 1)) expect(drawn.has(id)).toBe(false)
      }),
    )
  })

  test('the order in which grants are listed does not matter', () => {
    const listedTwice = anyGrants.chain((grants) =>
      fc.tuple(
        fc.constant(grants),
        fc.shuffledSubarray(grants, { minLength: grants.length, maxLength: grants.length }),
      ),
    )
    fc.assert(
      fc.property(anyCost, listedTwice, (cost, [listed, shuffled]) => {
        expect(drawDown(cost, shuffled, noon)).toEqual(drawDown(cost, listed, noon))
      }),
    )
  })

  test('a purse drawn from many times is each cost drawn from what is left', () => {
    fc.assert(
      fc.property(fc.array(anyCost, { maxLength: 6 }), anyGrants, (costs, listed) => {
        const purse = openPurse(listed, noon)
        let grants = listed
        for (const cost of costs) {
          const expected = drawDown(cost, grants, noon)
          expect(drawFrom(purse, cost)).toEqual(expected)
          const drawn = new Map(expected.draws.map(({ grantId, amount }) => [grantId, amount]))
          grants = grants.map((each) => ({ ...each, remaining: each.remaining - (drawn.get(each.id) ?? 0n) }))
        }
        expect(drawnFrom(purse)).toEqual(drawDown(sum(costs), listed, noon).draws)
      }),
    )
  })
})
