import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AlertRule, type AlertStanding, alertText, isAlertDue, readAlertText } from './alerts.ts'
import { micros } from './micros.ts'

const standing: AlertStanding = {
  included: micros('50'),
  balance: micros('50'),
  overage: 0n,
  forecast: null,
}

describe('isAlertDue', () => {
  function check(rule: AlertRule, change: Partial<AlertStanding>, due: boolean) {
    expect(isAlertDue(rule, { ...standing, ...change })).toBe(due)
  }

  test('at a percentage of the credits', () => {
    const rule = { kind: 'credits', percent: 80 } as const
    check(rule, {}, false)
    check(rule, { balance: micros('10.000001') }, false)
    check(rule, { balance: micros('10') }, true)
    check(rule, { balance: 0n }, true)
    check({ kind: 'credits', percent: 100 }, { balance: 1n }, false)
    check({ kind: 'credits', percent: 100 }, { balance: 0n }, true)
  })
  test('credits on top of the plan delay it', () => {
    check({ kind: 'credits', percent: 1 }, { balance: micros('60') }, false)
  })
  test('a plan without credits has none to be used', () => {
    check({ kind: 'credits', percent: 1 }, { included: 0n, balance: 0n }, false)
  })
  test('at an amount of overage', () => {
    const rule = { kind: 'overage', amount: micros('25') } as const
    check(rule, { overage: micros('24.999999') }, false)
    check(rule, { overage: micros('25') }, true)
  })
  test('at a forecast, where there is one', () => {
    const rule = { kind: 'forecast', amount: micros('40') } as const
    check(rule, { overage: micros('99') }, false)
    check(rule, { forecast: micros('39.999999') }, false)
    check(rule, { forecast: micros('40') }, true)
  })
})

test('a rule is its text, and the text the rule', () => {
  const amount = fc.bigInt({ min: 1n, max: 9_000_000_000_000_000_000n })
  const anyRule: fc.Arbitrary<AlertRule> = fc.oneof(
    fc.record({ kind: fc.constant('credits' as const), percent: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ kind: fc.constantFrom('overage' as const, 'forecast' as const), amount }),
  )
  fc.assert(fc.property(anyRule, (rule) => void expect(readAlertText(alertText(rule))).toEqual(rule)))
  for (const text of ['', 'credits', 'credits:0', 'credits:x', 'taxes:1'])
    expect(() => readAlertText(text)).toThrow()
})

test('once it is time it stays time while credits only go down', () => {
  const anyMicros = fc.bigInt({ min: 0n, max: 1_000_000n })
  fc.assert(
    fc.property(
      anyMicros,
      anyMicros,
      anyMicros,
      fc.integer({ min: 1, max: 100 }),
      (included, a, b, percent) => {
        const [more, less] = a > b ? [a, b] : [b, a]
        const due = (balance: bigint) =>
          isAlertDue({ kind: 'credits', percent }, { ...standing, included, balance })
        expect(due(more) && !due(less)).toBe(false)
      },
    ),
  )
})
