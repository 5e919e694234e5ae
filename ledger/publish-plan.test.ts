import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { micros } from '../billing/micros.ts'
import type { PlanDraft } from '../billing/plan.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { sendAttempt } from '../jobs/collect-account.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { cancelAtBoundary, cancelNow, changePlan } from './change-plan.ts'
import { setBusinessTime } from './clock.ts'
import { DEMO_CATALOGUES } from './demo-catalogue.ts'
import { type PublishRefusal, publishNewPlan, publishVersion, type VersionDraft } from './publish-plan.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

/** New versions of plans, who gets them and when, and trials (rules R17, R22 and R25). */

const [STARTER, GROWTH] = DEMO_CATALOGUES.money as [PlanDraft, PlanDraft]

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
}, 120_000)

afterAll(() => database?.drop())

/** A plan of its own for each test, so that no version of one meets another's. */
async function newPlan(code: string, terms: Partial<PlanDraft> = {}) {
  const draft = { ...STARTER, code, name: code, ...terms }
  const published = await books.db.asService((tx) => publishNewPlan(tx, draft))
  if (!published.ok) throw new Error(published.detail)
  return published.plan
}

function publish(code: string, terms: Partial<VersionDraft> = {}, noticeDays: number | null = 30) {
  const { code: _, name: __, ...draft } = STARTER
  return books.db.asService((tx) => publishVersion(tx, { code, draft: { ...draft, ...terms }, noticeDays }))
}

async function on(plan: string): Promise<string> {
  const id = await books.account()
  expect(await books.choose(id, plan)).toMatchObject({ ok: true })
  return id
}

const toBoundary = async (id: string) => books.moveTo(id, (await books.billing(id)).period!.end)

async function fees(id: string) {
  expect(await books.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  return (await books.invoices(id)).map(({ kind, total }) => [kind, total])
}

const dearer = { listPrice: '60', credits: '55' }

describe('a new version', () => {
  test('is told beforehand and comes at the first boundary after its notice', async () => {
    await newPlan('told')
    const id = await on('told')
    await publish('told', dearer, 40)
    expect(await books.billing(id)).toMatchObject({
      plan: { version: 1 },
      succession: { kind: 'new_version', plan: { version: 2, credits: micros('55') } },
    })
    const { effectiveAt } = (await books.billing(id)).succession!
    await toBoundary(id)
    expect(await books.billing(id)).toMatchObject({ plan: { version: 1 }, balance: micros('50') })
    expect((await books.billing(id)).period!.end).toEqual(effectiveAt)
    await toBoundary(id)
    expect(await books.billing(id)).toMatchObject({
      plan: { version: 2 },
      balance: micros('55'),
      succession: null,
    })
    expect(await fees(id)).toEqual([
      ['start', micros('50')],
      ['boundary', micros('50')],
      ['boundary', micros('60')],
    ])
  })

  test('is what new subscribers get at once, and leaves subscribers on theirs without a notice', async () => {
    await newPlan('kept')
    const id = await on('kept')
    await publish('kept', dearer, null)
    const later = await on('kept')
    expect(await books.billing(later)).toMatchObject({ plan: { version: 2 }, balance: micros('55') })
    await toBoundary(id)
    expect(await books.billing(id)).toMatchObject({ plan: { version: 1 }, succession: null })
  })

  test('does not undo what the customer has chosen', async () => {
    await newPlan('chosen')
    await newPlan('smaller', { listPrice: '20', credits: '20' })
    const id = await on('chosen')
    await books.choose(id, 'smaller')
    await publish('chosen', dearer, 0)
    expect((await books.billing(id)).succession).toBeNull()
    await toBoundary(id)
    expect((await books.billing(id)).plan).toMatchObject({ code: 'smaller', version: 1 })
    await fees(id)
  })

  test('is the right one after five boundaries that nobody looked at', async () => {
    await newPlan('missed')
    const id = await on('missed')
    await publish('missed', dearer, 80)
    const [start, end] = [
      (await books.billing(id)).period!.start,
      new Date((await books.billing(id)).period!.end),
    ]
    end.setUTCMonth(end.getUTCMonth() + 4, Math.min(start.getUTCDate(), 28) + 1)
    await books.moveTo(id, end)
    const totals = (await fees(id)).map(([, total]) => total)
    expect(totals.slice(0, 3)).toEqual([micros('50'), micros('50'), micros('50')])
    expect(totals.at(-1)).toBe(micros('60'))
    expect((await books.billing(id)).plan).toMatchObject({ version: 2 })
  })
})

describe('a pin', () => {
  const pinnedTo = async (id: string) => {
    const { plan, now } = await books.billing(id)
    return { source: 'run' as const, pinnedPlanVersionId: plan!.id, pinnedAt: now }
  }

  test('holds against the operator’s new version', async () => {
    await newPlan('pinned')
    const id = await on('pinned')
    const pin = await pinnedTo(id)
    await publish('pinned', { prices: [{ operation: 'smart_crop', unitPrice: '0.3' }] }, 0)
    await toBoundary(id)
    expect(await books.use(id, 'smart_crop', 1)).toMatchObject({ record: { cost: micros('0.3') } })
    expect(await books.use(id, 'smart_crop', 1, pin)).toMatchObject({ record: { cost: micros('0.2') } })
  })

  test('ends with the customer’s own change, and does not revive as they come back', async () => {
    await newPlan('left')
    const id = await on('left')
    const pin = await pinnedTo(id)
    await publish('left', { prices: [{ operation: 'smart_crop', unitPrice: '0.3' }] }, null)
    await books.choose(id, 'growth')
    expect(await books.use(id, 'smart_crop', 1, pin)).toMatchObject({ record: { cost: micros('0.18') } })
    await books.choose(id, 'left')
    await toBoundary(id)
    expect((await books.billing(id)).plan).toMatchObject({ code: 'left', version: 2 })
    expect(await books.use(id, 'smart_crop', 1, pin)).toMatchObject({ record: { cost: micros('0.3') } })
  })
})

describe('a trial', () => {
  const trial = { listPrice: '0', credits: '5', trial: { days: 14, successor: 'after' } }

  beforeAll(async () => {
    await newPlan('after')
    await newPlan('try', trial)
    await publish('after', dearer, null)
  })

  test('needs a payment method, and is for accounts that had no plan yet', async () => {
    const bare = await books.account()
    await books.db.asTenant(bare, (tx) =>
      tx.query('update payment_methods set removed_at = now() where account_id = $1', [bare]),
    )
    expect(await books.choose(bare, 'try')).toMatchObject({ refusal: 'payment_method_missing' })
    const other = await on('after')
    await books.db.asTenant(other, (tx) => cancelAtBoundary(tx, other))
    await toBoundary(other)
    expect(await books.choose(other, 'try')).toMatchObject({ refusal: 'plan_not_offered' })
  })

  test('ends by itself into its successor, with a new anchor, full fee and credits', async () => {
    const id = await on('try')
    const { period, balance, succession } = await books.billing(id)
    expect(balance).toBe(micros('5'))
    expect(period!.end.getTime() - period!.start.getTime()).toBe(14 * 86_400_000)
    expect(succession).toMatchObject({ kind: 'trial_end', plan: { code: 'after', version: 2 } })
    await books.use(id, 'smart_crop', 30)
    await books.moveTo(id, period!.end)
    const after = await books.billing(id)
    expect(after).toMatchObject({
      plan: { code: 'after' },
      balance: micros('55'),
      overage: 0n,
      succession: null,
    })
    expect(after.period!.start).toEqual(period!.end)
    expect(after.period!.end.getUTCDate()).toBe(period!.end.getUTCDate())
    // The fee of the first real term, and what the trial's credits did not cover.
    expect(await fees(id)).toEqual([['boundary', micros('61')]])
    await toBoundary(id)
    expect(await fees(id)).toEqual([
      ['boundary', micros('61')],
      ['boundary', micros('60')],
    ])
  })

  test('left early ends at once: paid in full, its credits gone, its overage billed', async () => {
    const id = await on('try')
    await books.use(id, 'smart_crop', 30)
    expect(await books.choose(id, 'growth')).toMatchObject({
      kind: 'start',
      outcome: { status: 'succeeded' },
    })
    const after = await books.billing(id)
    expect(after).toMatchObject({ plan: { code: 'growth' }, balance: micros('220'), overage: 0n })
    await books.moveTo(id, new Date(after.now.getTime() + 1000))
    expect((await fees(id)).sort()).toEqual([
      ['cancel', micros('1')],
      ['start', micros('200')],
    ])
  })

  test('ends by itself where a start out of it is paid too late: the money is customer credit', async () => {
    const id = await on('try')
    const { period } = await books.billing(id)
    await books.moveTo(id, new Date(period!.end.getTime() - 3_600_000))
    const asked = await books.db.asTenant(id, (tx) =>
      changePlan(tx, { accountId: id, planCode: 'growth', previewId: null, provider: books.payments }),
    )
    if (!asked.ok || asked.status !== 'awaiting_payment') throw new Error('expected to be asked for money')
    const late = new Date(period!.end.getTime() + 1000)
    await books.db.asTenant(id, (tx) => setBusinessTime(tx, id, late))
    expect(await sendAttempt(books.services, id, asked.attempt)).toMatchObject({ status: 'succeeded' })
    const after = await books.billing(id)
    expect(after).toMatchObject({ plan: { code: 'after', version: 2 }, balance: micros('55') })
    expect(after.period!.start).toEqual(period!.end)
    // What came for the start pays the successor's fee; the rest waits for the next invoice.
    await books.moveTo(id, new Date(late.getTime() + 1000))
    expect((await books.billing(id)).customerCredit).toBe(micros('140'))
    expect(await fees(id)).toEqual([['boundary', micros('60')]])
  })

  test('is left at no cost where the card declines, and cancelled without a fee', async () => {
    const id = await on('try')
    await books.putCard(id, 'sandbox_card_declines')
    await books.choose(id, 'growth')
    expect((await books.billing(id)).plan).toMatchObject({ code: 'try' })
    await books.db.asTenant(id, (tx) => cancelAtBoundary(tx, id))
    await toBoundary(id)
    expect((await books.billing(id)).plan).toBeNull()
    expect(await fees(id)).toEqual([])
  })
})

test.each<[PublishRefusal, Partial<VersionDraft> | string, number?]>([
  ['plan_not_found', 'nowhere'],
  ['unit_mismatch', { currency: 'EUR', creditUnit: 'EUR' }],
  ['unit_mismatch', { creditUnit: 'credits', creditPrice: '1' }],
  ['notice_invalid', {}, -1],
  ['notice_invalid', {}, 1.5],
  ['notice_invalid', {}, 367],
  ['trial_invalid', { listPrice: '0', trial: { days: 14, successor: 'growth' } }],
  ['amount_absurd', { listPrice: '1000000001' }],
  ['amount_not_minor', { listPrice: '49.999' }],
  ['amount_negative', { credits: '-1' }],
  ['amount_invalid', { credits: '1e3' }],
  ['discount_exceeds_list_price', { discount: '51' }],
  ['rollover_invalid', { rollover: { periods: 0 } }],
  ['operation_repeated', { prices: [...GROWTH.prices, GROWTH.prices[0]!] }],
  ['operation_invalid', { prices: [{ operation: 'Smart crop', unitPrice: '1' }] }],
  [
    'free_operation_has_overage_price',
    { prices: [{ operation: 'label', unitPrice: '0', overageUnitPrice: '1' }] },
  ],
])('%s: %o, and nothing is published', async (refusal, terms, noticeDays = 30) => {
  const code = typeof terms === 'string' ? terms : 'starter'
  const before = await on('starter')
  const published = await publish(code, typeof terms === 'string' ? {} : terms, noticeDays)
  expect(published).toMatchObject({ ok: false, refusal })
  expect((await books.billing(before)).succession).toBeNull()
})

test('a price that is not exact, a plan that exists, and a trial that nothing follows are refused', async () => {
  const refusalOf = async (draft: PlanDraft) =>
    (await books.db.asService((tx) => publishNewPlan(tx, draft))) as { refusal?: string }
  const odd = { ...STARTER, code: 'odd', creditUnit: 'credits', creditPrice: '0.065' }
  expect(
    await refusalOf({ ...odd, prices: [{ operation: 'smart_crop', unitPrice: '0.0001' }] }),
  ).toMatchObject({ refusal: 'price_not_exact', operation: 'smart_crop' })
  expect(await refusalOf(STARTER)).toMatchObject({ refusal: 'plan_exists' })
  const trial = { ...STARTER, code: 'lost', listPrice: '0', trial: { days: 7, successor: 'nowhere' } }
  expect(await refusalOf(trial)).toMatchObject({ refusal: 'trial_successor_unknown' })
  const other = {
    ...trial,
    creditUnit: 'credits',
    creditPrice: '1',
    trial: { days: 7, successor: 'starter' },
  }
  expect(await refusalOf(other)).toMatchObject({ refusal: 'unit_mismatch' })
})

test('a calendar that begins in an hour that clocks show twice begins an hour back, and the journal stays in order', async () => {
  const id = await books.account({ zone: 'America/New_York' })
  // The second showing of half past one, in the first autumn that this clock has not seen.
  const years = [2026, 2027, 2028, 2029, 2030, 2031, 2032].map((year) => {
    const first = new Date(Date.UTC(year, 10, 1, 6, 30, 44))
    return new Date(first.getTime() + ((7 - first.getUTCDay()) % 7) * 86_400_000)
  })
  const again = years.find((at) => at.getTime() > Date.now())!
  await books.choose(id, 'starter')
  await books.moveTo(id, again)
  await books.db.asTenant(id, (tx) => cancelNow(tx, id))
  await books.choose(id, 'starter')
  const { period, balance, now } = await books.billing(id)
  expect(balance).toBe(micros('50'))
  expect(now.getTime() - period!.start.getTime()).toBeGreaterThanOrEqual(3_600_000)
  expect(await books.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
})
