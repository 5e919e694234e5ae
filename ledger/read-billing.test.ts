import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { viewBilling } from './read-billing.ts'
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

const view = (accountId: string) => viewBilling(database.db, accountId, (state) => state)

function signal(): [Promise<void>, () => void] {
  let send = () => {}
  const sent = new Promise<void>((resolve) => {
    send = resolve
  })
  return [sent, send]
}

test('what is shown waits for nobody who holds the account', async () => {
  const id = await starter()
  await books.use(id, 'smart_crop', 3)
  const [holding, held] = signal()
  const [released, release] = signal()
  const holder = database.db.asTenant(id, async (tx) => {
    await tx.query('select 1 from accounts where account_id = $1 for update', [id])
    held()
    await released
  })
  await holding
  expect((await view(id))!.balance).toBe(49_400_000n)
  release()
  await holder
})

test('what is shown is what verbs would read under the lock, and each use as soon as it is answered', async () => {
  const id = await starter()
  for (let count = 1; count <= 5; count++) {
    await books.use(id, 'remove_background', 30)
    const [shown, locked] = [(await view(id))!, await books.billing(id)]
    const { now: _, ...rest } = shown
    const { now: __, ...same } = locked
    expect(rest).toEqual(same)
    expect(shown.balance + shown.overage).toBe(
      count <= 3 ? 50_000_000n - 15_000_000n * BigInt(count) : BigInt(count) * 15_000_000n - 50_000_000n,
    )
  }
})

test('what is due is processed before anything is shown', async () => {
  const id = await starter()
  await books.use(id, 'smart_crop', 3)
  // Only the clock moves: the boundary is processed by whoever looks first.
  await database.db.asTenant(id, (tx) =>
    tx.query('update accounts set clock_offset_ms = $2 where account_id = $1', [id, 40n * 86_400_000n]),
  )
  expect(await view(id)).toMatchObject({ balance: 50_000_000n, subscription: { periodNumber: 1 } })
  const drafts = await database.db.asTenant(id, (tx) =>
    tx.query<{ kind: string }>(`select kind from invoices where status = 'draft'`),
  )
  expect(drafts).toEqual([{ kind: 'boundary' }])
})

test('an account that there is not is shown as none, and looking changes nothing', async () => {
  expect(await view('00000000-0000-7000-8000-000000000000')).toBeNull()
  const id = await starter()
  const writing = viewBilling(database.db, id, (_, tx) => tx.query(`update accounts set name = 'other'`))
  await expect(writing).rejects.toThrow('read-only transaction')
})
