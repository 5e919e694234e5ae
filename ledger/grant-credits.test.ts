import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { micros } from '../billing/micros.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { collectAccount } from '../jobs/collect-account.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import {
  type GrantCreditsRefusal,
  type GrantRequest,
  grantCredits,
  listGrants,
  voidCredits,
} from './grant-credits.ts'
import { listJournal } from './read-journal.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

const DAY = 86_400_000

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
}, 120_000)

afterAll(() => database?.drop())

async function onStarter(): Promise<string> {
  const id = await books.account()
  await books.choose(id, 'starter')
  return id
}

function grant(accountId: string, terms: Partial<GrantRequest> = {}) {
  return books.db.asTenant(accountId, (tx) =>
    grantCredits(tx, {
      accountId,
      source: 'promotion',
      credits: micros('10'),
      consideration: 0n,
      priority: 50,
      startsAt: null,
      expiresAt: null,
      reason: 'Welcome',
      units: null,
      key: null,
      ...terms,
    }),
  )
}

async function granted(accountId: string, terms: Partial<GrantRequest> = {}) {
  const result = await grant(accountId, terms)
  if (!result.ok) throw new Error(result.detail)
  return result.grant
}

function takeBack(accountId: string, grantId: string) {
  return books.db.asTenant(accountId, (tx) =>
    voidCredits(tx, { accountId, grantId, reason: 'Granted by mistake' }),
  )
}

const balance = async (id: string) => (await books.billing(id)).balance
const listed = (id: string) => books.db.asTenant(id, (tx) => listGrants(tx, id, { limit: 50, before: null }))

/** What the entries of a money account add up to. */
async function sumOf(id: string, account: string): Promise<bigint> {
  const journal = await books.db.asTenant(id, (tx) => listJournal(tx, id, { limit: 1000, before: null }))
  return journal
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry.account === account && entry.commodity === 'USD')
    .reduce((sum, { amount }) => sum + amount, 0n)
}

async function expectVerified(id: string) {
  expect(await books.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
}

describe('a promotion', () => {
  test('is usable at once and outlives the boundary', async () => {
    const id = await onStarter()
    await granted(id)
    expect(await balance(id)).toBe(micros('60'))
    await books.moveTo(id, (await books.billing(id)).period!.end)
    expect(await balance(id)).toBe(micros('60'))
    await expectVerified(id)
  })

  test('is drawn before the plan where it expires sooner, and its rest expires', async () => {
    const id = await onStarter()
    const { now } = await books.billing(id)
    await granted(id, { expiresAt: new Date(now.getTime() + 5 * DAY) })
    await books.use(id, 'smart_crop', 10)
    const { grants } = await books.billing(id)
    expect(grants.map(({ source, remaining }) => [source, remaining])).toEqual([
      ['promotion', micros('8')],
      ['plan', micros('50')],
    ])
    await books.moveTo(id, new Date(now.getTime() + 6 * DAY))
    expect(await balance(id)).toBe(micros('50'))
    expect((await listed(id))[0]).toMatchObject({ source: 'promotion', remaining: 0n, granted: micros('10') })
    await expectVerified(id)
  })

  test('that starts later is due at its start', async () => {
    const id = await onStarter()
    const { now } = await books.billing(id)
    const startsAt = new Date(now.getTime() + 3 * DAY)
    await granted(id, { startsAt })
    expect(await balance(id)).toBe(micros('50'))
    const [account] = await books.db.asTenant(id, (tx) =>
      tx.query<{ next: Date }>('select next_event_at as next from accounts where account_id = $1', [id]),
    )
    expect(account!.next).toEqual(startsAt)
    expect(await books.moveTo(id, startsAt)).toMatchObject({ stops: 1 })
    expect(await balance(id)).toBe(micros('60'))
    const [after] = await books.db.asTenant(id, (tx) =>
      tx.query<{ next: Date }>('select next_event_at as next from accounts where account_id = $1', [id]),
    )
    expect(after!.next).toEqual((await books.billing(id)).period!.end)
    await expectVerified(id)
  })

  test('goes by priority among those that expire together', async () => {
    const id = await onStarter()
    const { period } = await books.billing(id)
    const expiresAt = period!.end
    await granted(id, { expiresAt, priority: 60, reason: 'last' })
    await granted(id, { expiresAt, priority: 10, reason: 'first' })
    const { grants } = await books.billing(id)
    expect(grants.map(({ reason }) => reason)).toEqual(['first', null, 'last'])
  })

  test('gives an account without a plan its units, where all plans agree or they are named', async () => {
    const id = await books.account()
    expect(await grant(id)).toMatchObject({ ok: false, refusal: 'account_without_units' })
    expect(await grant(id, { units: { currency: 'EUR', creditUnit: 'EUR' } })).toMatchObject({
      ok: false,
      refusal: 'unit_mismatch',
    })
    await granted(id, { units: { currency: 'USD', creditUnit: 'USD' } })
    expect(await books.billing(id)).toMatchObject({ balance: micros('10'), units: { currency: 'USD' } })
    expect(await books.choose(id, 'studio')).toMatchObject({ ok: false, refusal: 'unit_mismatch' })
    await books.choose(id, 'starter')
    expect(await balance(id)).toBe(micros('60'))
    await expectVerified(id)
  })
})

describe('a key', () => {
  test('grants once, and is refused with other terms', async () => {
    const id = await onStarter()
    const expiresAt = new Date(Date.now() + 90 * DAY)
    const first = await granted(id, { key: 'spring', expiresAt })
    expect(await grant(id, { key: 'spring', expiresAt })).toMatchObject({
      ok: true,
      replayed: true,
      grant: { id: first.id },
    })
    for (const other of [
      { credits: micros('11') },
      { expiresAt: null },
      { reason: 'Else' },
      { priority: 49 },
    ]) {
      const again = await grant(id, { key: 'spring', expiresAt, ...other })
      expect(again).toMatchObject({ ok: false, refusal: 'idempotency_conflict' })
    }
    expect(await balance(id)).toBe(micros('60'))
  })
})

describe('a purchase', () => {
  test('is billed and collected at once, and becomes revenue as it is drawn', async () => {
    const id = await onStarter()
    const bought = await granted(id, { source: 'purchase', consideration: micros('9'), priority: 0 })
    expect(await sumOf(id, 'assets:unbilled')).toBe(micros('9'))
    await collectAccount(books.services, id)
    const invoice = (await books.invoices(id)).at(-1)!
    expect(invoice).toMatchObject({ kind: 'purchase', status: 'paid', total: micros('9') })
    expect(invoice.lines.map(({ kind, description }) => [kind, description])).toEqual([
      ['purchase', '$10.00 of credits'],
    ])
    expect(bought.invoiceId).toBe(invoice.id)
    expect(await sumOf(id, 'assets:unbilled')).toBe(0n)
    expect(await sumOf(id, 'assets:cash')).toBe(micros('59'))
    // Plan credits expire first, so they go first; a third of what was bought is drawn after them.
    await books.use(id, 'smart_crop', 250)
    await books.use(id, 'remove_background', 6)
    expect(await sumOf(id, 'income:credits')).toBe(-micros('52.7'))
    expect(await sumOf(id, 'liabilities:deferred')).toBe(-micros('6.3'))
    await expectVerified(id)
  })

  test('stays owed where the card declines, and its credits stay', async () => {
    const id = await onStarter()
    await books.putCard(id, 'sandbox_card_declines')
    await granted(id, { source: 'purchase', consideration: micros('9') })
    await collectAccount(books.services, id)
    expect((await books.invoices(id)).at(-1)).toMatchObject({ kind: 'purchase', status: 'past_due' })
    expect(await books.billing(id)).toMatchObject({ balance: micros('60'), amountDue: micros('9') })
    await expectVerified(id)
  })

  test('becomes breakage where it ends unused', async () => {
    const id = await onStarter()
    const expiresAt = new Date((await books.billing(id)).now.getTime() + DAY)
    await granted(id, { source: 'purchase', consideration: micros('9'), expiresAt })
    await books.moveTo(id, expiresAt)
    expect(await sumOf(id, 'income:breakage')).toBe(-micros('9'))
    await expectVerified(id)
  })
})

describe('taking back', () => {
  test('voids what is left, once, and says why', async () => {
    const id = await onStarter()
    const expiresAt = new Date((await books.billing(id)).now.getTime() + DAY)
    const gift = await granted(id, { expiresAt })
    await books.use(id, 'smart_crop', 15)
    expect(await takeBack(id, gift.id)).toMatchObject({
      ok: true,
      grant: { remaining: 0n, voidReason: 'Granted by mistake' },
    })
    expect(await balance(id)).toBe(micros('50'))
    const { now } = await books.billing(id)
    expect(await takeBack(id, gift.id)).toMatchObject({
      ok: true,
      grant: { voidReason: 'Granted by mistake' },
    })
    await books.moveTo(id, new Date(now.getTime() + 2 * DAY))
    const journal = await books.db.asTenant(id, (tx) => listJournal(tx, id, { limit: 100, before: null }))
    expect(journal.filter(({ causeId }) => causeId === gift.id).map(({ cause }) => cause)).toEqual([
      'grant_voided',
      'grant_issued',
    ])
    await expectVerified(id)
  })

  test('of a purchase makes what was not earned yet customer credit', async () => {
    const id = await onStarter()
    const bought = await granted(id, {
      source: 'purchase',
      consideration: micros('9'),
      expiresAt: new Date((await books.billing(id)).now.getTime() + DAY),
    })
    await collectAccount(books.services, id)
    await books.use(id, 'smart_crop', 20)
    await takeBack(id, bought.id)
    expect(await sumOf(id, 'liabilities:customer_credit')).toBe(-micros('5.4'))
    await expectVerified(id)
  })

  test('is refused for what is not there, has ended, or is the plan’s', async () => {
    const id = await onStarter()
    const { now, grants } = await books.billing(id)
    const gift = await granted(id, { expiresAt: new Date(now.getTime() + DAY) })
    await books.moveTo(id, new Date(now.getTime() + 2 * DAY))
    expect(await takeBack(id, gift.id)).toMatchObject({ refusal: 'grant_ended' })
    expect(await takeBack(id, grants[0]!.id)).toMatchObject({ refusal: 'grant_not_voidable' })
    const other = await granted(await onStarter())
    expect(await takeBack(id, other.id)).toMatchObject({ refusal: 'grant_not_found' })
    expect(await takeBack('00000000-0000-7000-8000-000000000000', gift.id)).toMatchObject({
      refusal: 'account_not_found',
    })
  })
})

test.each<[GrantCreditsRefusal, Partial<GrantRequest>]>([
  ['grant_not_positive', { credits: 0n }],
  ['grant_not_positive', { credits: -1n }],
  ['grant_too_large', { credits: micros('1000000000.000001') }],
  ['grant_too_large', { credits: 2n ** 63n }],
  ['consideration_missing', { source: 'purchase' }],
  ['consideration_not_bought', { consideration: micros('1') }],
  ['consideration_invalid', { source: 'purchase', consideration: -1n }],
  ['consideration_invalid', { source: 'purchase', consideration: micros('1000000001') }],
  ['amount_not_minor', { source: 'purchase', consideration: micros('0.001') }],
  ['priority_invalid', { priority: 101 }],
  ['grant_ends_before_start', { startsAt: new Date('2030-01-02'), expiresAt: new Date('2030-01-01') }],
  ['grant_ends_in_past', { startsAt: new Date('2020-01-01'), expiresAt: new Date('2020-01-02') }],
  ['unit_mismatch', { units: { currency: 'USD', creditUnit: 'credits' } }],
  ['account_not_found', { accountId: '00000000-0000-7000-8000-000000000000' }],
])('%s: %o, and nothing changes', async (refusal, terms) => {
  const id = await onStarter()
  const before = await listed(id)
  const result = await books.db.asTenant(terms.accountId ?? id, (tx) =>
    grantCredits(tx, {
      accountId: id,
      source: 'promotion',
      credits: micros('10'),
      consideration: 0n,
      priority: 50,
      startsAt: null,
      expiresAt: null,
      reason: 'Welcome',
      units: null,
      key: 'refused',
      ...terms,
    }),
  )
  expect(result).toMatchObject({ ok: false, refusal })
  expect(await listed(id)).toEqual(before)
  await expectVerified(id)
})
