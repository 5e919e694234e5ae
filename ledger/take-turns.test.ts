import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { recordUsage } from './record-usage.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

test('of large bookings at once one goes on in a turn of the event loop', async () => {
  const accounts = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const id = await books.account()
      await books.choose(id, 'starter')
      return id
    }),
  )
  let turn = 0
  let counting = true
  const counted = (async () => {
    for (; counting; turn++) await nextTurn()
  })()
  const turns: number[] = []
  const db: Database = {
    ...database.db,
    asTenant: (accountId, work, options) =>
      database.db.asTenant(
        accountId,
        (tx) =>
          work({
            ...tx,
            query(text, values) {
              if (/insert into (usage_keys|usage_records|ledger_transactions)/.test(text)) turns.push(turn)
              return tx.query(text, values)
            },
          }),
        options,
      ),
  }
  const book = (accountId: string) =>
    recordUsage(
      db,
      Array.from({ length: 600 }, () => ({
        ...({ accountId, source: 'api', operation: 'resize', quantity: 1 } as const),
        key: newId(),
      })),
      { accountId },
    )
  const results = await Promise.all(accounts.map(book))
  counting = false
  await counted
  expect(results.flat().every(({ ok }) => ok)).toBe(true)
  // Three large pieces of each, and no two of them in one turn.
  expect(turns).toHaveLength(9)
  expect(new Set(turns).size).toBe(9)
})
