import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { collectAccount } from '../jobs/collect-account.ts'
import { sweep } from '../jobs/schedule.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { cancelAtBoundary, cancelNow, previewPlanChange, resumePlan } from './change-plan.ts'
import { listDueAccounts } from './clock.ts'
import { removePaymentMethod } from './payment-method.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

const DAY_MS = 86_400_000

async function starter(card?: string): Promise<string> {
  const id = await books.account()
  await books.choose(id, 'starter')
  if (card) await books.putCard(id, card)
  return id
}

async function expectVerified(accountId: string): Promise<void> {
  expect(await database.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
}

async function preview(id: string, plan: string) {
  const shown = await previewPlanChange(database.db, {
    accountId: id,
    planCode: plan,
    provider: books.payments,
  })
  if (!shown.ok) throw new Error(shown.refusal)
  return shown
}

describe('starting a plan', () => {
  test('a declined card starts nothing, and leaves no number behind', async () => {
    const id = await books.account({ card: 'sandbox_card_declines' })
    expect(await books.choose(id, 'starter')).toMatchObject({ outcome: { status: 'failed' } })
    expect((await books.billing(id)).plan).toBeNull()
    await books.putCard(id, 'sandbox_card_pays')
    await books.choose(id, 'starter')
    expect((await books.invoices(id)).map(({ number }) => number?.slice(-4))).toEqual(['0001'])
    await expectVerified(id)
  })

  test('an answer that is lost is looked up, never charged again', async () => {
    const id = await books.account({ card: 'sandbox_card_times_out' })
    expect(await books.choose(id, 'starter')).toMatchObject({ outcome: { status: 'unknown' } })
    expect((await books.billing(id)).plan).toBeNull()
    expect(await books.choose(id, 'starter')).toMatchObject({ refusal: 'plan_change_awaiting_payment' })
    await collectAccount(books.services, id)
    expect((await books.billing(id)).plan?.code).toBe('starter')
    const charges = await database.db.asService((tx) =>
      tx.query(`select 1 from sandbox.charges where token = 'sandbox_card_times_out'`),
    )
    expect(charges).toHaveLength(1)
    await expectVerified(id)
  })

  test('a card that is never confirmed lapses after a day, and frees the way', async () => {
    const id = await books.account({ card: 'sandbox_card_requires_action' })
    expect(await books.choose(id, 'starter')).toMatchObject({ outcome: { status: 'action_required' } })
    const { now } = await books.billing(id)
    await books.moveTo(id, new Date(now.getTime() + 23 * 3_600_000))
    expect(await books.choose(id, 'growth')).toMatchObject({ refusal: 'plan_change_awaiting_payment' })
    await books.moveTo(id, new Date(now.getTime() + 25 * 3_600_000))
    await books.putCard(id, 'sandbox_card_pays')
    expect(await books.choose(id, 'growth')).toMatchObject({ outcome: { status: 'succeeded' } })
    await expectVerified(id)
  })

  test('needs a payment method; another unit is refused for ever', async () => {
    const id = await starter()
    expect(await books.choose(id, 'studio')).toMatchObject({ refusal: 'unit_mismatch' })
    expect(await books.choose(id, 'starter')).toMatchObject({ refusal: 'same_plan' })
    expect(await books.choose(id, 'gold')).toMatchObject({ refusal: 'plan_not_found' })
  })
})

describe('a preview', () => {
  test('survives a refusal: a card is added, and the same preview is confirmed', async () => {
    const id = await books.account()
    await database.db.asTenant(id, (tx) => removePaymentMethod(tx, id))
    const shown = await preview(id, 'starter')
    expect(await books.choose(id, 'starter', shown.id)).toMatchObject({ refusal: 'payment_method_missing' })
    await books.putCard(id, 'sandbox_card_pays')
    expect(await books.choose(id, 'starter', shown.id)).toMatchObject({ outcome: { status: 'succeeded' } })
  })

  test('changes nothing, and confirming it charges what it showed', async () => {
    const id = await starter()
    const shown = await preview(id, 'growth')
    expect(shown).toMatchObject({ kind: 'upgrade', payment: { amountToday: 150_000_000n } })
    // The seconds since the start are not paid for, and not granted: 66 micros each.
    expect(shown.creditsToday).toBeGreaterThan(169_990_000n)
    expect(shown.creditsToday).toBeLessThanOrEqual(170_000_000n)
    expect(await books.billing(id)).toMatchObject({ balance: 50_000_000n, plan: { code: 'starter' } })
    expect(await books.choose(id, 'growth', shown.id)).toMatchObject({ outcome: { status: 'succeeded' } })
    expect(await books.billing(id)).toMatchObject({ balance: shown.balanceAfter, plan: { code: 'growth' } })
    expect((await books.invoices(id)).at(-1)!.total).toBe(shown.payment.amountToday)
    await expectVerified(id)
  })

  test('holds days later within the period, to the cent', async () => {
    const id = await starter()
    const shown = await preview(id, 'scale')
    await books.moveTo(id, new Date(shown.pinnedAt.getTime() + 10 * DAY_MS))
    expect(await books.choose(id, 'scale', shown.id)).toMatchObject({ outcome: { status: 'succeeded' } })
    expect((await books.invoices(id)).at(-1)!.total).toBe(shown.payment.amountToday)
  })

  test('is refused once the plan has changed, the period has turned, or it was used', async () => {
    const id = await starter()
    const used = await preview(id, 'growth')
    await books.choose(id, 'growth', used.id)
    const before = await preview(id, 'scale')
    expect(await books.choose(id, 'growth', used.id)).toMatchObject({ ok: false })
    await books.moveTo(id, (await books.billing(id)).period!.end)
    expect(await books.choose(id, 'scale', before.id)).toMatchObject({ refusal: 'preview_stale' })
    expect(await books.choose(id, 'starter', before.id)).toMatchObject({ refusal: 'preview_not_found' })
  })
})

describe('what waits for the boundary', () => {
  test('a downgrade: visible, reversible, then in force with the next fee', async () => {
    const id = await books.account()
    await books.choose(id, 'growth')
    expect(await books.choose(id, 'starter')).toMatchObject({ kind: 'at_boundary', status: 'scheduled' })
    expect((await books.billing(id)).subscription!.pending).toMatchObject({ plan: { code: 'starter' } })
    await database.db.asTenant(id, (tx) => resumePlan(tx, id))
    expect((await books.billing(id)).subscription!.pending).toBeNull()

    await books.choose(id, 'starter')
    await books.moveTo(id, (await books.billing(id)).period!.end)
    expect(await books.billing(id)).toMatchObject({ balance: 50_000_000n, plan: { code: 'starter' } })
    expect((await books.invoices(id)).at(-1)!.lines[0]).toMatchObject({ description: 'Starter plan' })
    await expectVerified(id)
  })

  test('an upgrade clears a pending downgrade', async () => {
    const id = await books.account()
    await books.choose(id, 'growth')
    await books.choose(id, 'starter')
    await books.choose(id, 'scale')
    expect((await books.billing(id)).subscription!.pending).toBeNull()
    await expectVerified(id)
  })

  test('a cancellation: credits to the end, a last invoice of overage only, then no plan', async () => {
    const id = await starter()
    const { end } = (await books.billing(id)).period!
    await database.db.asTenant(id, (tx) => cancelAtBoundary(tx, id))
    await books.use(id, 'smart_crop', 260)
    await books.moveTo(id, end)
    expect(await books.use(id, 'smart_crop', 1)).toMatchObject({ refusal: 'no_subscription' })
    const last = (await books.invoices(id)).at(-1)!
    expect(last).toMatchObject({ kind: 'cancel', status: 'paid', total: 2_000_000n })
    await expectVerified(id)
  })

  test('a pending cancellation is taken back before the plan is changed', async () => {
    const id = await starter()
    await database.db.asTenant(id, (tx) => cancelAtBoundary(tx, id))
    expect(await books.choose(id, 'growth')).toMatchObject({ refusal: 'cancellation_pending' })
    await database.db.asTenant(id, (tx) => resumePlan(tx, id))
    expect(await books.choose(id, 'growth')).toMatchObject({ outcome: { status: 'succeeded' } })
  })

  test('nothing is cancelled while money may be on its way', async () => {
    const id = await starter()
    await books.putCard(id, 'sandbox_card_requires_action')
    await books.choose(id, 'growth')
    const refused = { refusal: 'plan_change_awaiting_payment' }
    expect(await database.db.asTenant(id, (tx) => cancelNow(tx, id))).toMatchObject(refused)
    expect(await database.db.asTenant(id, (tx) => cancelAtBoundary(tx, id))).toMatchObject(refused)
  })

  test('cancelling now: credits expire, the period closes, debt survives', async () => {
    const id = await starter('sandbox_card_declines')
    await books.use(id, 'smart_crop', 300)
    await database.db.asTenant(id, (tx) => cancelNow(tx, id))
    await collectAccount(books.services, id)
    expect(await books.billing(id)).toMatchObject({ plan: null, balance: 0n, amountDue: 10_000_000n })
    await expectVerified(id)
    // And back again, with a calendar of its own.
    await books.putCard(id, 'sandbox_card_pays')
    await books.choose(id, 'growth')
    await collectAccount(books.services, id)
    expect(await books.billing(id)).toMatchObject({ balance: 220_000_000n, amountDue: 0n })
    await expectVerified(id)
  })
})

describe('an upgrade whose payment comes after the boundary', () => {
  test('lapses: nothing of the next period is had for it, and its money is customer credit', async () => {
    const id = await starter('sandbox_card_times_out')
    const { end } = (await books.billing(id)).period!
    await books.moveTo(id, new Date(end.getTime() - 10 * DAY_MS))
    const change = await books.choose(id, 'growth')
    expect(change).toMatchObject({ outcome: { status: 'unknown' } })
    await database.db.asTenant(id, (tx) =>
      tx.query(
        `update accounts set clock_offset_ms = ceil(extract(epoch from $2::timestamptz - now()) * 1000)::bigint
         where account_id = $1`,
        [id, end],
      ),
    )
    // The card pays, and that is known only now.
    await collectAccount(books.services, id)
    const { plan, balance, customerCredit } = await books.billing(id)
    expect([plan?.code, balance]).toEqual(['starter', 50_000_000n])
    expect(customerCredit).toBeGreaterThanOrEqual(0n)
    const upgrades = (await books.invoices(id)).filter(({ kind }) => kind === 'upgrade')
    expect(upgrades).toEqual([])
    const last = (await books.invoices(id)).at(-1)!
    expect(last.kind).toBe('boundary')
    expect(customerCredit + last.customerCreditApplied).toBeGreaterThan(0n)
    await expectVerified(id)
    // The way is free for another.
    await books.putCard(id, 'sandbox_card_pays')
    expect(await books.choose(id, 'growth')).toMatchObject({ ok: true, kind: 'upgrade' })
    expect((await books.billing(id)).plan?.code).toBe('growth')
    await expectVerified(id)
  })
})

describe('what is owed', () => {
  test('too little to collect is carried, and paid with the invoice that takes it up', async () => {
    const id = await starter()
    await books.use(id, 'smart_crop', 251)
    await database.db.asTenant(id, (tx) => cancelNow(tx, id))
    await collectAccount(books.services, id)
    expect((await books.invoices(id)).at(-1)).toMatchObject({ status: 'carried', total: 200_000n })
    await books.choose(id, 'starter')
    await books.moveTo(id, (await books.billing(id)).period!.end)
    const [, carried, , last] = await books.invoices(id)
    expect(last).toMatchObject({ status: 'paid', openingBalance: 200_000n, paid: 50_200_000n })
    expect(carried).toMatchObject({ status: 'paid' })
    expect((await books.billing(id)).amountDue).toBe(0n)
    await expectVerified(id)
  })

  test('a card that needs confirming is given up when another takes its place', async () => {
    const id = await starter('sandbox_card_requires_action')
    await books.moveTo(id, (await books.billing(id)).period!.end)
    expect((await books.invoices(id)).at(-1)).toMatchObject({ status: 'open' })
    await books.putCard(id, 'sandbox_card_pays')
    await collectAccount(books.services, id)
    expect((await books.invoices(id)).at(-1)).toMatchObject({ status: 'paid' })
    await expectVerified(id)
  })
})

describe('time', () => {
  test('five missed months leave five right invoices, each booked at its own boundary', async () => {
    const id = await starter()
    const { start } = (await books.billing(id)).period!
    await books.use(id, 'smart_crop', 300)
    // The clock jumps at once, as if every sweeper had been down: the next read finds five boundaries.
    const later = new Date(start.getTime() + 5 * 31 * DAY_MS)
    await database.db.asTenant(id, (tx) =>
      tx.query(
        `update accounts set clock_offset_ms = ceil(extract(epoch from $2::timestamptz - now()) * 1000)::bigint
         where account_id = $1`,
        [id, later],
      ),
    )
    expect(await books.billing(id)).toMatchObject({ balance: 50_000_000n, overage: 0n })
    await collectAccount(books.services, id)
    const invoices = await books.invoices(id)
    expect(invoices.map(({ kind, status, total }) => [kind, status, total])).toEqual([
      ['start', 'paid', 50_000_000n],
      ['boundary', 'paid', 60_000_000n],
      ...Array.from({ length: 4 }, () => ['boundary', 'paid', 50_000_000n]),
    ])
    const expected = [1, 2, 3, 4, 5].map((n) => {
      const month = new Date(start)
      month.setUTCDate(1)
      month.setUTCMonth(month.getUTCMonth() + n)
      const lastDay = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate()
      month.setUTCDate(Math.min(start.getUTCDate(), lastDay))
      return month.toISOString()
    })
    expect(invoices.slice(1).map(({ periodEndsAt }) => periodEndsAt.toISOString())).toEqual(expected)
    await expectVerified(id)
  })

  test('a declined card leaves the invoice open through dunning, and runs go on', async () => {
    const id = await starter('sandbox_card_declines')
    const { end } = (await books.billing(id)).period!
    await books.moveTo(id, end)
    expect((await books.invoices(id)).at(-1)).toMatchObject({ status: 'past_due', amountDue: 50_000_000n })
    expect(await books.use(id, 'smart_crop', 1)).toMatchObject({ ok: true })
    await books.moveTo(id, new Date(end.getTime() + 8 * DAY_MS))
    const unpaid = (await books.invoices(id)).at(-1)!
    expect(unpaid).toMatchObject({ status: 'uncollectible', nextAttemptAt: null })
    expect(
      unpaid.payments.map(({ createdAt }) => Math.round((createdAt.getTime() - end.getTime()) / DAY_MS)),
    ).toEqual([0, 1, 3, 5, 7])
    expect(await books.use(id, 'smart_crop', 1)).toMatchObject({ ok: true })
    await books.putCard(id, 'sandbox_card_pays')
    await collectAccount(books.services, id)
    expect((await books.invoices(id)).at(-1)).toMatchObject({ status: 'paid', amountDue: 0n })
    await expectVerified(id)
  })

  test('two sweepers at once do what one does', async () => {
    const id = await starter()
    const { end } = (await books.billing(id)).period!
    await database.db.asTenant(id, (tx) =>
      tx.query(
        `update accounts set clock_offset_ms = ceil(extract(epoch from $2::timestamptz - now()) * 1000)::bigint
         where account_id = $1`,
        [id, end],
      ),
    )
    await database.db.asService((tx) =>
      tx.query('update due_directory set due_at = now() where account_id = $1', [id]),
    )
    const log = () => {}
    await Promise.all([sweep({ ...books.services, log }), sweep({ ...books.services, log })])
    // A sweeper that met the other's attempt in flight leaves it to the next round.
    await sweep({ ...books.services, log })
    await collectAccount(books.services, id)
    expect((await books.invoices(id)).map(({ kind, status }) => [kind, status])).toEqual([
      ['start', 'paid'],
      ['boundary', 'paid'],
    ])
    const due = await database.db.asService((tx) => listDueAccounts(tx, 1000))
    expect(due.map((one) => one.id)).not.toContain(id)
    await expectVerified(id)
  })
})
