import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { setAccountTax } from '../ledger/account-tax.ts'
import { listDueAccounts, rollAccount } from '../ledger/clock.ts'
import { removePaymentMethod } from '../ledger/payment-method.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { collectAccount } from './collect-account.ts'
import { sweep } from './schedule.ts'

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

const DAY_MS = 86_400_000

/** On the Starter plan, with more used than its credits pay for. */
async function starter(): Promise<string> {
  const id = await books.account()
  await books.choose(id, 'starter')
  await books.use(id, 'smart_crop', 300)
  return id
}

/** Accounts that differ in what their boundaries come to. */
const MADE: Readonly<Record<string, () => Promise<string>>> = {
  pays: starter,
  'has no card': async () => {
    const id = await starter()
    await database.db.asTenant(id, (tx) => removePaymentMethod(tx, id))
    return id
  },
  'has a card that declines': async () => {
    const id = await starter()
    await books.putCard(id, 'sandbox_card_declines')
    return id
  },
  'owes two taxes': async () => {
    const id = await starter()
    const rates = [
      { name: 'GST', rate: 50_000n },
      { name: 'QST', rate: 99_750n },
    ]
    await database.db.asTenant(id, (tx) => setAccountTax(tx, id, { treatment: 'standard', rates }))
    return id
  },
}

/** Lets days go by on an account's clock, and nothing else happen. */
async function letPass(id: string, days: number): Promise<void> {
  await database.db.asService(async (tx) => {
    const ms = String(days * DAY_MS)
    await tx.query('update accounts set clock_offset_ms = clock_offset_ms + $2 where account_id = $1', [
      id,
      ms,
    ])
    await tx.query('update due_directory set due_at = now() where account_id = $1', [id])
  })
}

async function settled(id: string) {
  return (await books.invoices(id)).map(({ kind, status, number, total, amountDue, lines, payments }) => {
    const attempts = payments.map((payment) => payment.status)
    return [kind, status, number!.slice(-4), total, amountDue, lines.length, attempts]
  })
}

async function isDue(id: string): Promise<boolean> {
  return (await database.db.asService((tx) => listDueAccounts(tx, 1000))).some((due) => due.id === id)
}

test('accounts that are swept together come out as each does alone, and one that fails stops no other', async () => {
  const together: Record<string, string> = {}
  const alone: Record<string, string> = {}
  for (const [name, make] of Object.entries(MADE))
    [together[name], alone[name]] = [await make(), await make()]
  const missed = await starter()
  const broken = await starter()
  // A number that its journal has: its next transaction is refused.
  await database.db.asService((tx) =>
    tx.query('update accounts set entry_sequence = entry_sequence - 1 where account_id = $1', [broken]),
  )
  for (const id of [...Object.values(together), ...Object.values(alone), broken]) await letPass(id, 32)
  await letPass(missed, 100)

  for (const id of Object.values(alone)) {
    await database.db.asTenant(id, (tx) => rollAccount(tx, id))
    await collectAccount(books.services, id)
  }
  const failed: unknown[] = []
  await sweep({ ...books.services, log: ({ event, account_id }) => failed.push([event, account_id]) })

  expect(failed).toEqual([['sweep_failed', broken]])
  expect(await isDue(broken)).toBe(true)
  for (const [name, id] of Object.entries(together)) {
    expect([name, await settled(id)]).toEqual([name, await settled(alone[name]!)])
    expect(await isDue(id)).toBe(false)
  }
  const numbers = (await books.invoices(missed)).map(({ kind, status, number }) => [
    kind,
    status,
    number?.slice(-4),
  ])
  expect(numbers).toEqual([
    ['start', 'paid', '0001'],
    ['boundary', 'paid', '0002'],
    ['boundary', 'paid', '0003'],
    ['boundary', 'paid', '0004'],
  ])
  for (const id of [...Object.values(together), missed]) {
    expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  }
})
