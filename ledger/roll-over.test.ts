import { afterAll, beforeAll, expect, test } from 'vitest'
import { micros } from '../billing/micros.ts'
import type { PlanDraft } from '../billing/plan.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { cancelAtBoundary } from './change-plan.ts'
import { DEMO_CATALOGUES } from './demo-catalogue.ts'
import { grantCredits } from './grant-credits.ts'
import { installCatalogue } from './install-catalogue.ts'
import { listJournal } from './read-journal.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

/** Credits that outlive the boundary, with figures worked out by hand (rule R6). */

let database: TestDatabase
let books: TestBooks

const [STARTER] = DEMO_CATALOGUES.money as [PlanDraft]
const PLANS: PlanDraft[] = [
  { ...STARTER, code: 'keeper', name: 'Keeper', rollover: { periods: 1 } },
  { ...STARTER, code: 'capped', name: 'Capped', rollover: { periods: 2, cap: '30' } },
  {
    ...STARTER,
    code: 'keeper_large',
    name: 'Large',
    listPrice: '60',
    credits: '80',
    rollover: { periods: 1 },
  },
]

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
  await books.db.asService((tx) => installCatalogue(tx, PLANS))
}, 120_000)

afterAll(() => database?.drop())

async function on(plan: string): Promise<string> {
  const id = await books.account()
  await books.choose(id, plan)
  return id
}

const toBoundary = async (id: string) => books.moveTo(id, (await books.billing(id)).period!.end)

/** In draw order: source, how often rolled, what is left. */
async function grants(id: string) {
  const state = await books.billing(id)
  expect(await books.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  return state.grants.map(({ source, rolled, remaining }) => [source, rolled, remaining])
}

async function sums(id: string): Promise<Record<string, bigint>> {
  const journal = await books.db.asTenant(id, (tx) => listJournal(tx, id, { limit: 1000, before: null }))
  const sums: Record<string, bigint> = {}
  for (const { account, amount } of journal.flatMap(({ entries }) => entries)) {
    sums[account] = (sums[account] ?? 0n) + amount
  }
  return sums
}

test('what is left rolls over once, is drawn first, and then expires', async () => {
  const id = await on('keeper')
  await books.use(id, 'smart_crop', 50)
  await toBoundary(id)
  expect(await grants(id)).toEqual([
    ['plan', 1, micros('40')],
    ['plan', 0, micros('50')],
  ])
  expect(await books.billing(id)).toMatchObject({ balance: micros('90'), rolledOver: micros('40') })
  // $10.00 of the first fee was earned, and nothing of it is lost to breakage while its credits live.
  expect(await sums(id)).toMatchObject({
    'income:credits': -micros('10'),
    'liabilities:deferred': -micros('90'),
  })

  await books.use(id, 'remove_background', 20)
  expect(await grants(id)).toEqual([
    ['plan', 1, micros('30')],
    ['plan', 0, micros('50')],
  ])
  await toBoundary(id)
  expect(await grants(id)).toEqual([
    ['plan', 1, micros('50')],
    ['plan', 0, micros('50')],
  ])
  expect(await sums(id)).toMatchObject({
    'income:credits': -micros('20'),
    'income:breakage': -micros('30'),
    'liabilities:deferred': -micros('100'),
    'credits:expired': micros('30'),
    'credits:available': micros('100'),
  })
})

test('no more than the cap rolls over, the youngest first', async () => {
  const id = await on('capped')
  await books.use(id, 'smart_crop', 50)
  await toBoundary(id)
  expect(await grants(id)).toEqual([
    ['plan', 1, micros('30')],
    ['plan', 0, micros('50')],
  ])
  await books.use(id, 'smart_crop', 300)
  await toBoundary(id)
  expect(await grants(id)).toEqual([
    ['plan', 1, micros('20')],
    ['plan', 0, micros('50')],
  ])
  // The rolled 20 go first, then what is left of the rest: the younger take all of the cap.
  await books.use(id, 'smart_crop', 50)
  await toBoundary(id)
  expect(await grants(id)).toEqual([
    ['plan', 1, micros('30')],
    ['plan', 0, micros('50')],
  ])
})

test('five boundaries at once keep what one each would have', async () => {
  const id = await on('capped')
  const end = (await books.billing(id)).period!.end
  const later = new Date(end)
  later.setUTCDate(1)
  later.setUTCMonth(later.getUTCMonth() + 5)
  await books.moveTo(id, later)
  expect(await grants(id)).toEqual([
    ['plan', 1, micros('30')],
    ['plan', 0, micros('50')],
  ])
})

test('upgrade credits roll over too; a cancellation lets all expire', async () => {
  const id = await on('keeper')
  await books.choose(id, 'keeper_large')
  await toBoundary(id)
  const rolled = await grants(id)
  expect(rolled.map(([source, times]) => [source, times])).toEqual([
    ['plan', 1],
    ['upgrade', 1],
    ['plan', 0],
  ])
  await books.db.asTenant(id, (tx) => cancelAtBoundary(tx, id))
  await toBoundary(id)
  expect(await grants(id)).toEqual([])
})

test('a promotion does not roll over', async () => {
  const id = await on('keeper')
  const { period } = await books.billing(id)
  await books.db.asTenant(id, (tx) =>
    grantCredits(tx, {
      accountId: id,
      source: 'promotion',
      credits: micros('5'),
      consideration: 0n,
      priority: 0,
      startsAt: null,
      expiresAt: period!.end,
      reason: 'Ends with the period',
      units: null,
      key: null,
    }),
  )
  await toBoundary(id)
  expect(await grants(id)).toEqual([
    ['plan', 1, micros('50')],
    ['plan', 0, micros('50')],
  ])
})
