import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addUpTerms, type PlanCost, recommend } from './advise.ts'
import { micros } from './micros.ts'
import type { TermCost } from './replay-term.ts'

const term = (fee: string, overage: string, notOffered: [string, bigint][] = []): TermCost => ({
  fee: micros(fee),
  overage: micros(overage),
  credits: 0n,
  notOffered: new Map(notOffered),
})

describe('addUpTerms', () => {
  test('is fees and overage of all terms', () => {
    expect(addUpTerms('starter', [term('50', '15'), term('50', '0.000001')])).toEqual({
      code: 'starter',
      fee: micros('100'),
      overage: micros('15.000001'),
      total: micros('115.000001'),
      notOffered: [],
    })
  })
  test('of no term is nothing', () => {
    expect(addUpTerms('starter', [])).toMatchObject({ fee: 0n, overage: 0n, total: 0n })
  })
  test('names what would have been refused once', () => {
    const terms = [
      term('1', '0', [['trim', 2n]]),
      term('1', '0', [
        ['trim', 1n],
        ['pad', 1n],
      ]),
    ]
    expect(addUpTerms('small', terms).notOffered).toEqual(['trim', 'pad'])
  })
})

describe('recommend', () => {
  const cost = (code: string, fee: string, overage = '0', notOffered: string[] = []): PlanCost => ({
    code,
    fee: micros(fee),
    overage: micros(overage),
    total: micros(fee) + micros(overage),
    notOffered,
  })

  function check(costs: PlanCost[], expected: { code: string; saves: string } | null) {
    const found = recommend(costs, 'starter')
    expect(found).toEqual(expected && { code: expected.code, saves: micros(expected.saves) })
  }

  test('is the cheapest, and what it would have saved', () => {
    check([cost('starter', '50', '200'), cost('growth', '200'), cost('scale', '800')], {
      code: 'growth',
      saves: '50',
    })
  })
  test('is none where the plan in force is the best or as good', () => {
    check([cost('starter', '50'), cost('growth', '200')], null)
    check([cost('starter', '50', '150'), cost('growth', '200')], null)
  })
  test('is never a plan that would have refused some of the usage', () => {
    check([cost('starter', '50', '200'), cost('small', '10', '0', ['trim'])], null)
  })
  test('of two as cheap is the one with the smaller fee', () => {
    check([cost('starter', '50', '200'), cost('growth', '200'), cost('middle', '100', '100')], {
      code: 'middle',
      saves: '50',
    })
  })
  test('is none where no term has passed under the plan in force', () => check([cost('growth', '200')], null))

  test('law: nothing that was offered whole is cheaper than what is recommended', () => {
    const costs = fc.array(fc.tuple(fc.bigInt(0n, 3n), fc.bigInt(0n, 3n), fc.boolean()), { minLength: 1 })
    fc.assert(
      fc.property(costs, (list) => {
        const all = list.map(([fee, overage, whole], index): PlanCost => {
          return {
            code: String(index),
            fee,
            overage,
            total: fee + overage,
            notOffered: whole ? [] : ['trim'],
          }
        })
        const best = recommend(all, '0')
        const paid = all[Number(best?.code ?? 0)]!
        for (const one of all) {
          if (one.notOffered.length === 0) expect(one.total).toBeGreaterThanOrEqual(paid.total)
        }
      }),
    )
  })
})
