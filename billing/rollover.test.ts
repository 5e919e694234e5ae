import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deferredOfRolled, type EndingGrant, rollOver } from './rollover.ts'

function grant(id: string, remaining: bigint, rolled = 0): EndingGrant {
  return { id, remaining, rolled }
}

describe('rollOver', () => {
  /** What rolls over and what expires of each grant, in the order given. */
  function check(ending: EndingGrant[], rollover: Parameters<typeof rollOver>[1], split: [bigint, bigint][]) {
    const expected = split.map(([credits, expired], index) => ({
      grantId: ending[index]!.id,
      credits,
      expired,
    }))
    expect(rollOver(ending, rollover)).toEqual(expected)
  }

  test('lets everything expire where the plan does not roll over', () => {
    check([grant('a', 9n)], null, [[0n, 9n]])
    check([], null, [])
  })
  test('keeps everything without a cap, as often as the plan says', () => {
    check([grant('a', 9n)], { cap: null, periods: 1 }, [[9n, 0n]])
    check([grant('a', 9n, 1)], { cap: null, periods: 1 }, [[0n, 9n]])
    check([grant('a', 9n, 1), grant('b', 9n, 2)], { cap: null, periods: 2 }, [
      [9n, 0n],
      [0n, 9n],
    ])
  })
  test('keeps no more than the cap, the youngest first, ties by id', () => {
    check([grant('a', 9n)], { cap: 9n, periods: 1 }, [[9n, 0n]])
    check([grant('a', 9n)], { cap: 5n, periods: 1 }, [[5n, 4n]])
    check([grant('a', 9n, 1), grant('b', 9n, 0)], { cap: 12n, periods: 2 }, [
      [3n, 6n],
      [9n, 0n],
    ])
    check([grant('b', 9n), grant('a', 9n)], { cap: 12n, periods: 1 }, [
      [3n, 6n],
      [9n, 0n],
    ])
    check([grant('a', 9n), grant('b', 9n)], { cap: 12n, periods: 1 }, [
      [9n, 0n],
      [3n, 6n],
    ])
  })
  test('spends no cap on what has rolled often enough', () => {
    check([grant('a', 9n, 1), grant('b', 9n)], { cap: 9n, periods: 1 }, [
      [0n, 9n],
      [9n, 0n],
    ])
  })
})

test('rollOver, for any grants: mints nothing, keeps to cap and periods, and wastes no cap', () => {
  const anyEnding = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...'abcde'),
      remaining: fc.bigInt({ min: 0n, max: 9n }),
      rolled: fc.integer({ min: 0, max: 3 }),
    }),
    { selector: ({ id }) => id },
  )
  const anyRollover = fc.record({
    cap: fc.option(fc.bigInt({ min: 1n, max: 20n })),
    periods: fc.integer({ min: 1, max: 3 }),
  })
  fc.assert(
    fc.property(anyEnding, anyRollover, (ending, rollover) => {
      const rolled = rollOver(ending, rollover)
      let [kept, young] = [0n, 0n]
      for (const [index, { credits, expired }] of rolled.entries()) {
        const grant = ending[index]!
        expect(credits + expired).toBe(grant.remaining)
        expect(credits >= 0n && expired >= 0n).toBe(true)
        if (grant.rolled >= rollover.periods) expect(credits).toBe(0n)
        else young += grant.remaining
        kept += credits
      }
      expect(kept).toBe(rollover.cap !== null && rollover.cap < young ? rollover.cap : young)
    }),
  )
})

describe('deferredOfRolled', () => {
  test('goes with the credits, and what is rounded stays with those that roll', () => {
    expect(deferredOfRolled({ remaining: 40n, consideration: 50n, recognised: 10n }, 30n)).toBe(30n)
    expect(deferredOfRolled({ remaining: 3n, consideration: 10n, recognised: 0n }, 1n)).toBe(4n)
    expect(deferredOfRolled({ remaining: 3n, consideration: 0n, recognised: 0n }, 3n)).toBe(0n)
  })

  test('is all of it where all rolls over, and never more', () => {
    const amount = fc.bigInt(1n, 10n ** 12n)
    fc.assert(
      fc.property(amount, amount, amount, (remaining, consideration, part) => {
        const credits = part % remaining || remaining
        const moved = deferredOfRolled({ remaining, consideration, recognised: 0n }, credits)
        expect(moved).toBeLessThanOrEqual(consideration)
        expect(moved * remaining).toBeGreaterThanOrEqual(consideration * credits)
        if (credits === remaining) expect(moved).toBe(consideration)
      }),
    )
  })
})
