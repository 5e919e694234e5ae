import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { recordUsage } from '../ledger/record-usage.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { tamper } from './tamper.ts'
import { TAMPERINGS } from './tampering.ts'
import { verifyAccount } from './verify-account.ts'

let database: TestDatabase
let books: TestBooks
const accountIds: string[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
  for (const turn of [1, 2]) accountIds.push(await liveAYear(turn))
})
afterAll(() => database.drop())

/** Some months of an account: an upgrade, overage, free and late usage, a payment that fails before it succeeds. */
async function liveAYear(turn: number): Promise<string> {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  for (const month of [1, 2, 3]) {
    await books.use(accountId, 'remove_background', 50 * turn)
    const batch = ['smart_crop', 'resize', 'smart_crop'].map((operation, index) => ({
      accountId,
      source: 'api' as const,
      key: `${month}-${index}`,
      operation,
      quantity: 60 + month,
    }))
    await recordUsage(database.db, batch, { accountId })
    if (month === 2) await books.choose(accountId, 'growth')
    await books.putCard(accountId, month === 1 ? 'sandbox_card_declines' : 'sandbox_card_pays')
    const { period, now } = await books.billing(accountId)
    await books.moveTo(accountId, new Date(period!.end.getTime() + 3_600_000))
    await books.use(accountId, 'smart_crop', 1, { occurredAt: now })
  }
  return accountId
}

test('every kind of tampering is detected, and the row at fault named', { timeout: 120_000 }, async () => {
  for (const id of accountIds) {
    expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  }
  const order = { databaseUrl: database.url, accountIds, seed: 1, count: 2 * TAMPERINGS.length }
  const tampered = await tamper(order)
  const missed = tampered.filter(({ detected, named }) => !detected || !named)
  expect(missed.map(({ kind, row, findings }) => ({ kind, row, findings }))).toEqual([])
  expect(new Set(tampered.map(({ kind }) => kind)).size).toBeGreaterThan(40)
  for (const id of accountIds) {
    expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  }
})
