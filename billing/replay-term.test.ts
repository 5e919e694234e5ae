/** Terms replayed: a table by hand, then laws against the functions that book. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addUpTerms, recommend } from './advise.ts'
import { drawFrom, openPurse } from './draw-down.ts'
import { parseMicros } from './micros.ts'
import { type PlanTerms, publishPlan } from './plan.ts'
import { overageOf } from './rate-usage.ts'
import { beginTerm, endTerm, type OtherGrant, openReplay, replayUse, type TermCost } from './replay-term.ts'

const units = (text: string) => parseMicros(text)!
const day = (number: number) => new Date(Date.UTC(2027, 0, number))
const MONTHS = [
  { start: day(1), end: day(32) },
  { start: day(32), end: day(60) },
]

function planOf(more: {
  fee?: string
  credits?: string
  crop?: string
  rollover?: { cap?: string; periods: number }
}): PlanTerms {
  const published = publishPlan({
    code: 'tried',
    name: 'Tried',
    currency: 'USD',
    creditUnit: 'USD',
    listPrice: more.fee ?? '50',
    credits: more.credits ?? '50',
    prices: [
      { operation: 'crop', unitPrice: more.crop ?? '0.2' },
      { operation: 'remove', unitPrice: '0.5' },
      { operation: 'resize', unitPrice: '0' },
    ],
    rollover: more.rollover,
  })
  if (!published.ok) throw new Error(published.refusal)
  return published.terms
}

const promotion = (id: string, credits: string, more: Partial<OtherGrant> = {}): OtherGrant => ({
  id,
  remaining: units(credits),
  priority: 10,
  startsAt: day(1),
  expiresAt: null,
  comesAt: day(1),
  goesAt: null,
  ...more,
})

type Use = [operation: string, quantity: number, day: number]

function replay(plan: PlanTerms, others: OtherGrant[], months: Use[][]): TermCost[] {
  const account = openReplay(plan, others)
  return months.map((uses, index) => {
    beginTerm(account, MONTHS[index]!)
    for (const [operation, quantity, on] of uses) replayUse(account, { operation, quantity, at: day(on) })
    return endTerm(account)
  })
}

test.each<[string, PlanTerms, OtherGrant[], Use[][], [fee: string, overage: string][]]>([
  ['nothing used', planOf({}), [], [[]], [['50', '0']]],
  [
    'past the credits',
    planOf({}),
    [],
    [
      [
        ['crop', 300, 2],
        ['remove', 10, 3],
      ],
    ],
    [['50', '15']],
  ],
  [
    'credits come anew',
    planOf({}),
    [],
    [[['crop', 300, 2]], [['crop', 250, 40]]],
    [
      ['50', '10'],
      ['50', '0'],
    ],
  ],
  [
    'credits roll over',
    planOf({ rollover: { cap: '20', periods: 1 } }),
    [],
    [[], [['crop', 350, 40]]],
    [
      ['50', '0'],
      ['50', '0'],
    ],
  ],
  [
    'the cap cuts',
    planOf({ rollover: { cap: '10', periods: 1 } }),
    [],
    [[], [['crop', 350, 40]]],
    [
      ['50', '0'],
      ['50', '10'],
    ],
  ],
  [
    'a promotion is drawn when it has come, and not past its end',
    planOf({ credits: '0' }),
    [promotion('p', '10', { comesAt: day(5), expiresAt: day(10) })],
    [
      [
        ['crop', 10, 2],
        ['crop', 10, 6],
        ['crop', 10, 12],
      ],
    ],
    [['50', '4']],
  ],
  [
    'what was taken back is gone',
    planOf({ credits: '0' }),
    [promotion('p', '10', { goesAt: day(6) })],
    [
      [
        ['crop', 10, 2],
        ['crop', 10, 7],
      ],
    ],
    [['50', '2']],
  ],
  [
    'what a term leaves of a purchase is there in the next',
    planOf({ credits: '0' }),
    [promotion('p', '3')],
    [[['crop', 10, 2]], [['crop', 10, 40]]],
    [
      ['50', '0'],
      ['50', '1'],
    ],
  ],
])('%s', (_, plan, others, months, expected) => {
  const costs = replay(plan, others, months).map(({ fee, overage }) => [fee, overage])
  expect(costs).toEqual(expected.map(([fee, overage]) => [units(fee), units(overage)]))
})

test('what a plan does not offer costs nothing and is told', () => {
  const [term] = replay(
    planOf({}),
    [],
    [
      [
        ['unheard_of', 3, 2],
        ['unheard_of', 4, 3],
        ['crop', 1, 4],
      ],
    ],
  )
  expect([term!.notOffered, term!.credits]).toEqual([new Map([['unheard_of', 7n]]), units('0.2')])
})

const anyUses = fc.array(
  fc.record({
    operation: fc.constantFrom('crop', 'remove', 'resize'),
    quantity: fc.integer({ min: 1, max: 90 }),
    on: fc.integer({ min: 1, max: 31 }),
  }),
  { maxLength: 25 },
)
const anyOthers = fc.array(
  fc.record({
    credits: fc.integer({ min: 1, max: 30 }),
    from: fc.integer({ min: 1, max: 20 }),
    to: fc.option(fc.integer({ min: 1, max: 12 })),
    priority: fc.constantFrom(10, 50, 90),
  }),
  { maxLength: 3 },
)

test('a term costs what drawing each use from all that is usable then leaves over', () => {
  fc.assert(
    fc.property(anyUses, anyOthers, fc.integer({ min: 0, max: 40 }), (uses, promised, credits) => {
      const plan = planOf({ credits: String(credits) })
      const others = promised.map(({ credits: held, from, to, priority }, index) =>
        promotion(`g${index}`, String(held), {
          priority,
          startsAt: day(from),
          comesAt: day(from),
          expiresAt: to === null ? null : day(from + to),
        }),
      )
      const inOrder = [...uses].sort((a, b) => a.on - b.on)
      const [term] = replay(plan, others, [
        inOrder.map(({ operation, quantity, on }) => [operation, quantity, on]),
      ])

      // The same told the slow way: the purse is opened anew for every use.
      const grants = [
        ...others.map((one) => ({ ...one })),
        { id: 'own', remaining: units(String(credits)), priority: 50, startsAt: day(1), expiresAt: day(32) },
      ]
      let overage = 0n
      for (const { operation, quantity, on } of inOrder) {
        const price = plan.prices.get(operation)!
        const { draws, uncovered } = drawFrom(openPurse(grants, day(on)), price.unitPrice * BigInt(quantity))
        for (const { grantId, amount } of draws) grants.find(({ id }) => id === grantId)!.remaining -= amount
        overage += overageOf(uncovered, price)
      }
      expect(term!.overage).toBe(overage)
    }),
  )
})

test('the cheapest plan that offers everything is recommended, and none for nothing', () => {
  const cost = (fee: string, overage: string, notOffered: string[] = []): TermCost => ({
    fee: units(fee),
    overage: units(overage),
    credits: 0n,
    notOffered: new Map(notOffered.map((operation) => [operation, 1n])),
  })
  const costs = [
    addUpTerms('starter', [cost('50', '100'), cost('50', '0')]),
    addUpTerms('growth', [cost('80', '0'), cost('80', '0')]),
    addUpTerms('same', [cost('70', '10'), cost('70', '10')]),
    addUpTerms('bare', [cost('1', '0', ['remove']), cost('1', '0')]),
  ]
  expect(recommend(costs, 'starter')).toEqual({ code: 'same', saves: units('40') })
  expect(recommend(costs, 'growth')).toBeNull()
  expect(recommend(costs, 'unknown')).toBeNull()
})
