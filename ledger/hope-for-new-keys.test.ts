import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database, Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import type { UsageRequest, UsageResult } from './book-usage.ts'
import { recordUsage } from './record-usage.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

/** A process of its own, as far as what it hopes goes, which counts its transactions and how often it looked keys up. */
function counting() {
  const counts = { transactions: 0, looks: 0 }
  const watch = (tx: Transaction): Transaction => ({
    ...tx,
    query(text, values) {
      if (/select \* from usage_keys/.test(text)) counts.looks++
      return tx.query(text, values)
    },
  })
  const db: Database = {
    ...database.db,
    asTenant(accountId, work, options) {
      counts.transactions++
      return database.db.asTenant(accountId, (tx) => work(watch(tx)), options)
    },
    asService(work, options) {
      counts.transactions++
      return database.db.asService((tx) => work(watch(tx)), options)
    },
  }
  return { db, counts }
}

async function starter(): Promise<string> {
  const id = await books.account()
  await books.choose(id, 'starter')
  return id
}

const use = (accountId: string, more: Partial<UsageRequest> = {}): UsageRequest => ({
  ...{ accountId, source: 'api', key: newId(), operation: 'smart_crop', quantity: 1 },
  ...more,
})

/** What was answered, as the same use under the same key is to be answered for ever. */
function replayOf(result: UsageResult | undefined) {
  if (!result?.ok) throw new Error('a booked use')
  const { usageRecordId, key, cost, fromCredits, overage, balanceAfter, bookedAt } = result.record
  return {
    ok: true,
    replayed: true,
    record: { usageRecordId, key, cost, fromCredits, overage, balanceAfter, bookedAt },
  }
}

async function expectBooked(accountId: string, uses: number): Promise<void> {
  expect((await books.billing(accountId)).balance).toBe(50_000_000n - BigInt(uses) * 200_000n)
  expect(await database.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
}

test('new keys are not looked up; a repeated one is, and is looked for first in what follows', async () => {
  const id = await starter()
  const { db, counts } = counting()
  const batch = [use(id), use(id)]
  const first = await recordUsage(db, batch, { accountId: id })
  expect(counts).toEqual({ transactions: 1, looks: 0 })
  const again = await recordUsage(db, [use(id), ...batch], { accountId: id })
  expect(counts).toEqual({ transactions: 3, looks: 1 })
  expect(again.map((result) => result.ok && result.replayed)).toEqual([false, true, true])
  expect(again.slice(1)).toMatchObject(first.map(replayOf))
  await recordUsage(db, batch, { accountId: id })
  expect(counts).toEqual({ transactions: 4, looks: 2 })
  await expectBooked(id, 3)
})

test('a repeated key is answered as before where the use itself would be refused now', async () => {
  const id = await starter()
  const booked = [use(id), use(id, { key: 'mine' })]
  const first = await recordUsage(database.db, booked, { accountId: id })
  // No use of that operation can be booked any more; the second repeats its key with another body.
  const [other, refused] = [use(id, { key: 'mine', operation: 'levitate' }), use(id, { quantity: 0 })]
  const { db, counts } = counting()
  const results = await recordUsage(db, [booked[0]!, other, refused], { accountId: id })
  expect(results).toMatchObject([
    replayOf(first[0]),
    { ok: false, refusal: 'idempotency_conflict' },
    { ok: false, refusal: 'quantity_invalid' },
  ])
  expect(counts).toEqual({ transactions: 2, looks: 2 })
  // A refusal that repeats nothing is looked into once, and stands.
  const { db: fresh, counts: once } = counting()
  expect(await recordUsage(fresh, [refused, use(id)], { accountId: id })).toMatchObject([
    { refusal: 'quantity_invalid' },
    { ok: true },
  ])
  expect(once).toEqual({ transactions: 1, looks: 1 })
  await expectBooked(id, 2)
})

test('of callers who share a transaction one repeats a key: all are booked once, and it is answered as before', async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, starter))
  const repeated = use(ids[0]!)
  const [first] = await recordUsage(database.db, [repeated], { accountId: ids[0]! })
  const { db } = counting()
  const requests = [...ids.map((id) => use(id)), repeated, use(ids[0]!, { quantity: 0 })]
  const results = await Promise.all(
    requests.map(async (request) => (await recordUsage(db, [request], { accountId: request.accountId }))[0]!),
  )
  expect(results.slice(0, 6).every((result) => result.ok && !result.replayed)).toBe(true)
  expect(results[6]).toMatchObject(replayOf(first))
  expect(results[7]).toMatchObject({ refusal: 'quantity_invalid' })
  await expectBooked(ids[0]!, 2)
  for (const id of ids.slice(1)) await expectBooked(id, 1)
})
