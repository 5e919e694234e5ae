/** Rehearsals and advice from real books: under its own plan an account would have paid what it paid, to the micro. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUpTerms } from '../billing/advise.ts'
import { parseMicros } from '../billing/micros.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { DEMO_CATALOGUES } from './demo-catalogue.ts'
import { grantCredits, voidCredits } from './grant-credits.ts'
import { issueCreditNote } from './issue-credit-note.ts'
import { listCatalogue, offerPlan } from './list-catalogue.ts'
import { readPastTerms, replayTerms } from './past-terms.ts'
import { publishNewPlan } from './publish-plan.ts'
import { readAdvice } from './read-advice.ts'
import {
  listRehearsedAccounts,
  type RehearsalRequest,
  readRehearsal,
  runRehearsal,
  SPREAD,
  startRehearsal,
  sumRehearsal,
} from './rehearse-plan.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks
const units = (text: string) => parseMicros(text)!
const starter = DEMO_CATALOGUES.money.find(({ code }) => code === 'starter')!

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
  const rolling = { ...starter, code: 'rolling', name: 'Rolling', rollover: { cap: '20', periods: 2 } }
  await books.db.asService((tx) => publishNewPlan(tx, rolling))
})
afterAll(() => database?.drop())

async function endOfTerm(accountId: string): Promise<Date> {
  return (await books.billing(accountId)).period!.end
}

/** Three terms with a promotion that ends in mid-use, a purchase over two terms, a grant that is taken back, and batches. */
async function live(accountId: string, plan: string): Promise<void> {
  await books.choose(accountId, plan)
  const grant = (source: 'promotion' | 'purchase', credits: string, expiresAt: Date | null) =>
    books.db.asTenant(accountId, async (tx) => {
      const granted = await grantCredits(tx, {
        accountId,
        source,
        credits: units(credits),
        consideration: source === 'purchase' ? units('5') : 0n,
        units: null,
        startsAt: null,
        expiresAt,
        priority: source === 'purchase' ? 90 : 10,
        reason: 'a story',
        key: null,
      })
      if (!granted.ok) throw new Error(granted.detail)
      return granted.grant.id
    })
  const start = (await books.billing(accountId)).now
  const later = (days: number) => new Date(start.getTime() + days * 86_400_000)
  await grant('promotion', '7.77', later(10))
  await grant('purchase', '33.33', null)
  await books.use(accountId, 'smart_crop', 113)
  await books.use(accountId, 'resize', 5)
  await books.moveTo(accountId, later(12))
  await books.use(accountId, 'remove_background', 101)
  await books.moveTo(accountId, await endOfTerm(accountId))
  const taken = await grant('promotion', '50', null)
  await books.use(accountId, 'smart_crop', 60)
  await books.db.asTenant(accountId, (tx) =>
    voidCredits(tx, { accountId, grantId: taken, reason: 'a mistake' }),
  )
  await books.use(accountId, 'remove_background', 149)
  await books.moveTo(accountId, await endOfTerm(accountId))
  await books.use(accountId, 'smart_crop', 377)
  await books.moveTo(accountId, await endOfTerm(accountId))
}

test.each(['starter', 'rolling'])('under its own plan (%s) each term costs what was booked', async (plan) => {
  const accountId = await books.account()
  await live(accountId, plan)
  const terms = await books.db.asTenant(accountId, (tx) => readPastTerms(tx, accountId, 12))
  expect(terms).toHaveLength(3)
  const [costs] = await replayTerms(books.db, accountId, { terms, plans: [terms[0]!.plan] })
  expect(costs!.map(({ fee, overage }) => [fee, overage])).toEqual(
    terms.map(({ paidFee, paidOverage }) => [paidFee, paidOverage]),
  )
  expect(costs!.some(({ overage }) => overage > 0n)).toBe(true)
  // From the second term on too: what other credits held then is read from the journal.
  const [late] = await replayTerms(books.db, accountId, { terms: terms.slice(1), plans: [terms[0]!.plan] })
  expect(late!.map(({ overage }) => overage)).toEqual(terms.slice(1).map(({ paidOverage }) => paidOverage))
  expect(await books.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
})

async function rehearse(request: RehearsalRequest) {
  const started = await books.db.asService((tx) => startRehearsal(tx, request))
  if (!started.ok) throw new Error(started.detail)
  return started.rehearsal.id
}

test('an operator sees who would have paid more and who less, and it goes on where it broke off', async () => {
  const [heavy, light] = [await books.account(), await books.account()]
  for (const [accountId, crops] of [
    [heavy, 600],
    [light, 100],
  ] as const) {
    await books.choose(accountId, 'scale')
    await books.use(accountId, 'smart_crop', crops * 10)
    await books.moveTo(accountId, await endOfTerm(accountId))
  }
  const scale = DEMO_CATALOGUES.money.find(({ code }) => code === 'scale')!
  // Dearer by the month, cheaper by the crop: 6,000 crops were $900.00 of $960.00.
  const draft = { ...scale, listPrice: '500', credits: '500' }
  const id = await rehearse({ draft, among: 'subscribers', terms: 3 })
  await books.db.asTenant(heavy, (tx) =>
    tx.query(
      `insert into rehearsed_accounts values ($1, $2, 1, 0, 800000000, 0, 500000000, 400000000, '{}')`,
      [heavy, id],
    ),
  )
  expect(await runRehearsal(books.db, id)).toBe(true)
  expect(await runRehearsal(books.db, id)).toBe(false)
  const [rehearsal, sums, accounts] = await books.db.asService(
    async (tx) =>
      [
        await readRehearsal(tx, id),
        await sumRehearsal(tx, id),
        await listRehearsedAccounts(tx, id, { first: 'losers', limit: 1, after: null }),
      ] as const,
  )
  expect(rehearsal).toMatchObject({ status: 'done', accounts: 2, fault: null })
  expect(sums).toMatchObject({
    done: 2,
    winners: 1,
    losers: 1,
    unchanged: 0,
    paid: units('1600'),
    rehearsed: units('1400'),
    rehearsedOverage: units('400'),
    notOffered: [],
  })
  expect(sums.spread).toHaveLength(SPREAD.length + 1)
  expect(sums.spread.reduce((sum, bar) => sum + bar)).toBe(2)
  expect(accounts[0]).toMatchObject({ accountId: heavy, paid: units('800'), rehearsed: units('900') })
  const { paid, rehearsed, accountId } = accounts[0]!
  const [next] = await books.db.asService((tx) =>
    listRehearsedAccounts(tx, id, {
      first: 'losers',
      limit: 5,
      after: { change: rehearsed - paid, accountId },
    }),
  )
  expect(next).toMatchObject({ accountId: light, rehearsed: units('500') })
})

test('a new plan is rehearsed among everyone in its unit, and a draft that could not be published is refused', async () => {
  const draft = {
    ...starter,
    code: 'brand_new',
    name: 'Brand new',
    prices: [{ operation: 'smart_crop', unitPrice: '0.1' }],
  }
  const id = await rehearse({ draft, among: 'everyone', terms: 3 })
  await runRehearsal(books.db, id)
  const sums = await books.db.asService((tx) => sumRehearsal(tx, id))
  expect(sums.done).toBeGreaterThan(2)
  expect(sums.notOffered).toEqual(expect.arrayContaining(['remove_background']))
  const bad = { ...draft, credits: '-1' }
  const refused = await books.db.asService((tx) =>
    startRehearsal(tx, { draft: bad, among: 'everyone', terms: 1 }),
  )
  expect(refused).toMatchObject({ ok: false, refusal: 'amount_negative' })
  const other = { ...starter, currency: 'EUR', creditUnit: 'EUR' }
  const mismatch = await books.db.asService((tx) =>
    startRehearsal(tx, { draft: other, among: 'subscribers', terms: 1 }),
  )
  expect(mismatch).toMatchObject({ ok: false, refusal: 'unit_mismatch' })
})

test('advice names the cheaper plan; what was credited back counts for nothing', async () => {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  await books.use(accountId, 'smart_crop', 1300)
  const wrong = await books.use(accountId, 'smart_crop', 5000)
  if (!wrong.ok) throw new Error(wrong.detail)
  await books.moveTo(accountId, await endOfTerm(accountId))
  const { usageRecordId } = wrong.record
  await books.db.asTenant(accountId, (tx) =>
    issueCreditNote(tx, {
      accountId,
      selection: { usageIds: [usageRecordId], runId: null, itemIds: [] },
      reason: 'a mistake',
      minimumCharge: () => 0n,
    }),
  )
  const { plan } = await books.billing(accountId)
  const advice = await readAdvice(books.db, accountId, { current: plan!, limit: 3 })
  expect(advice.terms).toMatchObject([
    { planName: 'Starter', paidFee: units('50'), paidOverage: units('210') },
  ])
  expect(advice.plans.map(({ plan: { code }, cost: { total } }) => [code, total])).toEqual(
    expect.arrayContaining([
      ['starter', units('260')],
      ['growth', units('214')],
      ['scale', units('800')],
    ]),
  )
  expect(advice.recommendation).toEqual({ code: 'growth', saves: units('46') })
  expect(addUpTerms('none', []).total).toBe(0n)
})

test('a plan is withdrawn from offer and offered again, and nothing else changes', async () => {
  const found = async () => (await books.db.asService((tx) => listCatalogue(tx, 'scale')))[0]!
  const before = await found()
  expect(before).toMatchObject({
    offered: true,
    subscribers: 2,
    versions: [{ noticeDays: null, subscribers: 2 }],
  })
  expect(await books.db.asService((tx) => offerPlan(tx, 'scale', false))).toEqual({ ok: true })
  expect(await found()).toEqual({ ...before, offered: false })
  const accountId = await books.account()
  expect(await books.choose(accountId, 'scale')).toMatchObject({ ok: false })
  await books.db.asService((tx) => offerPlan(tx, 'scale', true))
  const unknown = await books.db.asService((tx) => offerPlan(tx, 'nothing_like_it', true))
  expect(unknown).toMatchObject({ ok: false, refusal: 'plan_not_found' })
})
