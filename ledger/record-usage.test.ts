import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../database/new-id.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { bookUsage, type UsageRequest, type UsageResult } from './book-usage.ts'
import { recordUsage } from './record-usage.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

async function starter(): Promise<string> {
  const id = await books.account()
  await books.choose(id, 'starter')
  return id
}

function request(accountId: string, more: Partial<UsageRequest> = {}): UsageRequest {
  return { accountId, source: 'api', key: newId(), operation: 'smart_crop', quantity: 1, ...more }
}

async function expectVerified(accountId: string): Promise<void> {
  expect(await database.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
}

describe('recordUsage', () => {
  test('splits a use at zero: $0.30 left, one removal at $0.50', async () => {
    const id = await starter()
    await books.use(id, 'smart_crop', 246)
    await books.use(id, 'remove_background', 1)
    expect((await books.billing(id)).balance).toBe(300_000n)
    expect(await books.use(id, 'remove_background', 1)).toMatchObject({
      record: {
        cost: 500_000n,
        fromCredits: 300_000n,
        uncovered: 200_000n,
        overage: 200_000n,
        balanceAfter: 0n,
      },
    })
    await expectVerified(id)
  })

  test('records a free operation and moves no credits', async () => {
    const id = await starter()
    expect(await books.use(id, 'convert', 7)).toMatchObject({
      record: { cost: 0n, balanceAfter: 50_000_000n },
    })
    await expectVerified(id)
  })

  test('answers a repeated key as it did the first time, and books nothing', async () => {
    const id = await starter()
    const same = request(id, { key: 'img-42', quantity: 3 })
    const [first] = await recordUsage(database.db, [same], { accountId: id })
    await books.use(id, 'smart_crop', 5)
    const [again] = await recordUsage(database.db, [same], { accountId: id })
    expect(again).toMatchObject({ ok: true, replayed: true, record: { balanceAfter: 49_400_000n } })
    expect(again!.ok && first!.ok && again!.record.usageRecordId === first!.record.usageRecordId).toBe(true)
    expect((await books.billing(id)).balance).toBe(48_400_000n)
  })

  test('keeps keys of two accounts and of two sources apart', async () => {
    const [a, b] = [await starter(), await starter()]
    const results = await recordUsage(
      database.db,
      [request(a, { key: 'k' }), request(b, { key: 'k' }), request(a, { key: 'k', source: 'run' })],
      'operator',
    )
    expect(results.map((result) => result.ok && !result.replayed)).toEqual([true, true, true])
    await expectVerified(a)
    await expectVerified(b)
  })

  test('books a repeated key within one batch once', async () => {
    const id = await starter()
    const same = request(id, { key: 'twice' })
    const results = await recordUsage(database.db, [same, same], { accountId: id })
    expect(results.map((result) => result.ok && result.replayed)).toEqual([false, true])
    expect((await books.billing(id)).balance).toBe(49_800_000n)
  })

  test.each<[string, Partial<UsageRequest>, string]>([
    ['an unknown operation', { operation: 'paint' }, 'operation_not_offered'],
    ['a quantity of zero', { quantity: 0 }, 'quantity_invalid'],
    ['a negative quantity', { quantity: -1 }, 'quantity_invalid'],
    ['a fractional quantity', { quantity: 1.5 }, 'quantity_invalid'],
    ['a cost past the largest amount', { quantity: Number.MAX_SAFE_INTEGER }, 'amount_overflow'],
    ['the future', { occurredAt: new Date(Date.now() + 10 * 60_000) }, 'occurred_in_future'],
    ['a time before the first plan', { occurredAt: new Date('2020-01-01') }, 'occurred_before_subscription'],
  ])('refuses %s and changes nothing', async (_, fault, refusal) => {
    const id = await starter()
    const good = request(id, { key: 'good' })
    const results = await recordUsage(database.db, [good, request(id, { key: 'bad', ...fault })], {
      accountId: id,
    })
    expect(results[1]).toMatchObject({ ok: false, refusal })
    expect(await books.billing(id)).toMatchObject({ balance: 50_000_000n, overage: 0n })
    // A refusal stores no key, neither its own nor that of its batch.
    expect(await recordUsage(database.db, [good], { accountId: id })).toMatchObject([
      { ok: true, replayed: false },
    ])
    await expectVerified(id)
  })

  test('refuses another body under a known key, and an account without a plan', async () => {
    const id = await starter()
    await books.use(id, 'smart_crop', 1, { key: 'k' })
    expect(await books.use(id, 'smart_crop', 2, { key: 'k' })).toMatchObject({
      refusal: 'idempotency_conflict',
    })
    const bare = await books.account()
    expect(await books.use(bare, 'smart_crop', 1)).toMatchObject({ refusal: 'no_subscription' })
  })

  test('prices late usage by the version then in force, and bills it on a line of its own', async () => {
    const id = await starter()
    const start = (await books.billing(id)).period!
    await books.moveTo(id, start.end)
    await books.use(id, 'smart_crop', 300, { occurredAt: new Date(start.end.getTime() - 3_600_000) })
    await books.moveTo(id, (await books.billing(id)).period!.end)
    const last = (await books.invoices(id)).at(-1)!
    expect(last.lines.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['plan_fee', 50_000_000n],
      ['late_usage', 60_000_000n],
      ['credits_applied', -50_000_000n],
    ])
    await expectVerified(id)
  })

  test('prices a use that says its time by the version that came into force unseen', async () => {
    const id = await books.account()
    await books.choose(id, 'growth')
    await books.choose(id, 'starter')
    const { end } = (await books.billing(id)).period!
    // Nobody has touched the account since: this use is what crosses the boundary.
    const later = new Date(end.getTime() + 3_600_000)
    await database.db.asTenant(id, (tx) =>
      tx.query(
        `update accounts set clock_offset_ms = ceil(extract(epoch from $2::timestamptz - now()) * 1000)::bigint
         where account_id = $1`,
        [id, later],
      ),
    )
    expect(await books.use(id, 'smart_crop', 10, { occurredAt: later })).toMatchObject({
      record: { cost: 2_000_000n, balanceAfter: 48_000_000n },
    })
    await expectVerified(id)
  })

  test('a refused use still processes what has fallen due', async () => {
    const id = await starter()
    const { end } = (await books.billing(id)).period!
    await database.db.asTenant(id, (tx) =>
      tx.query(
        `update accounts set clock_offset_ms = ceil(extract(epoch from $2::timestamptz - now()) * 1000)::bigint
         where account_id = $1`,
        [id, end],
      ),
    )
    expect(await books.use(id, 'paint', 1)).toMatchObject({ refusal: 'operation_not_offered' })
    const drafts = await database.db.asTenant(id, (tx) =>
      tx.query(`select 1 from invoices where account_id = $1 and kind = 'boundary'`, [id]),
    )
    expect(drafts).toHaveLength(1)
  })

  test('64 callers at once: every use is booked once, and nothing is overdrawn', async () => {
    const id = await starter()
    const keys = Array.from({ length: 100 }, (_, n) => `image-${n}`)
    // Each key is sent three times, by callers that know nothing of each other.
    const sent = [...keys, ...keys, ...keys].map((key) =>
      request(id, { key, operation: 'remove_background' }),
    )
    const results: UsageResult[] = []
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let next = sent.pop(); next; next = sent.pop()) {
          results.push(...(await recordUsage(database.db, [next], { accountId: id })))
        }
      }),
    )
    expect(results.filter((result) => result.ok && !result.replayed)).toHaveLength(100)
    expect(results.filter((result) => result.ok && result.replayed)).toHaveLength(200)
    expect(await books.billing(id)).toMatchObject({ balance: 0n, overage: 0n })
    await expectVerified(id)
  })

  test('a use that no total of its period can hold is refused by name, whoever books it', async () => {
    const id = await books.account()
    await books.choose(id, 'studio')
    // One fits. Two fit in no total, and neither does the overage of three.
    const huge = () => request(id, { quantity: 5_000_000_000_000 })
    const book = (...requests: UsageRequest[]) => database.db.asTenant(id, (tx) => bookUsage(tx, requests))
    const overflow = { ok: false, refusal: 'amount_overflow' }
    expect(await book(huge(), huge())).toMatchObject([overflow, overflow])
    const first = huge()
    expect(await book(first)).toMatchObject([{ ok: true }])
    const before = await books.billing(id)
    expect(await book(huge())).toMatchObject([overflow])
    expect(await recordUsage(database.db, [huge()], { accountId: id })).toMatchObject([overflow])
    // What is charged already is answered as it was, also where it would be too much now.
    expect(await recordUsage(database.db, [first], { accountId: id })).toMatchObject([
      { ok: true, replayed: true },
    ])
    expect(await books.billing(id)).toMatchObject({ balance: before.balance, overage: before.overage })
    expect(await book(request(id))).toMatchObject([{ ok: true }])
    await expectVerified(id)
  })

  test('batches over the same accounts in opposite order take turns', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, starter))
    const batches = Array.from({ length: 12 }, (_, n) => {
      const order = n % 2 === 0 ? ids : [...ids].reverse()
      return order.map((id) => request(id))
    })
    const answers = await Promise.all(batches.map((batch) => recordUsage(database.db, batch, 'operator')))
    expect(answers.flat().every(({ ok }) => ok)).toBe(true)
    for (const id of ids) {
      expect((await books.billing(id)).balance).toBe(50_000_000n - 12n * 200_000n)
      await expectVerified(id)
    }
  })

  test('first bookings of a month that meet make its partition once', async () => {
    for (let month = 1; month <= 9; month++) {
      const makers = Array.from({ length: 8 }, () =>
        database.db.asService((tx) => tx.query('select ensure_usage_partition($1)', [`2199-0${month}-01`])),
      )
      expect(await Promise.all(makers)).toHaveLength(8)
    }
  })
})
