import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { setAccountTax } from './account-tax.ts'
import type { UsageRequest } from './book-usage.ts'
import { recordUsage } from './record-usage.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks
/** As another server process has it: its own connections, its own queue. */
let other: Database

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
  other = connect(database.url)
})

afterAll(async () => {
  await other.close()
  await database.drop()
})

async function starter(): Promise<string> {
  const id = await books.account()
  await books.choose(id, 'starter')
  return id
}

async function studio(): Promise<string> {
  const id = await books.account()
  await books.choose(id, 'studio')
  return id
}

const use = (accountId: string, more: Partial<UsageRequest> = {}): UsageRequest => ({
  accountId,
  source: 'api',
  key: newId(),
  operation: 'smart_crop',
  quantity: 1,
  ...more,
})

const record = async (request: UsageRequest, db = database.db) =>
  (await recordUsage(db, [request], { accountId: request.accountId }))[0]!

async function transactionsOf(accountId: string): Promise<number> {
  const [row] = await database.db.asTenant(accountId, (tx) =>
    tx.query<{ count: bigint }>(`select count(*) from ledger_transactions where cause = 'usage_booked'`),
  )
  return Number(row!.count)
}

async function expectVerified(accountId: string): Promise<void> {
  expect(await database.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
}

test('many callers share transactions, and each gets its own answer', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, starter))
  const requests = Array.from({ length: 200 }, (_, n) => use(ids[n % 5]!, { quantity: 1 + (n % 3) }))
  const results = await Promise.all(requests.map((request) => record(request)))
  for (const [index, result] of results.entries()) {
    expect(result).toMatchObject({
      ok: true,
      replayed: false,
      record: { key: requests[index]!.key, cost: BigInt(requests[index]!.quantity) * 200_000n },
    })
  }
  for (const id of ids) {
    // 40 uses of each account, in order: the balance after each is lower than after the one before.
    const balances = results.flatMap((result, n) =>
      result.ok && ids[n % 5] === id ? [result.record.balanceAfter] : [],
    )
    expect(balances).toEqual([...balances].sort((a, b) => Number(b - a)))
    expect(await transactionsOf(id)).toBeLessThan(10)
    await expectVerified(id)
  }
})

test('those who come at once share both lanes alike', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, starter))
  let transactions = 0
  const counted: Database = {
    ...database.db,
    asService: (work, options) => {
      transactions++
      return database.db.asService(work, options)
    },
  }
  const results = await Promise.all(ids.map((id) => record(use(id), counted)))
  expect(results.every(({ ok }) => ok)).toBe(true)
  expect(transactions).toBe(2)
})

test('a refusal in the middle is its caller’s own', async () => {
  const id = await starter()
  const stranger = newId()
  const [one, unknown, none, nobody, two] = await Promise.all([
    record(use(id)),
    record(use(id, { operation: 'levitate' })),
    record(use(id, { quantity: 0 })),
    record(use(stranger)),
    record(use(id)),
  ])
  expect([one!.ok, two!.ok]).toEqual([true, true])
  expect(unknown).toMatchObject({ ok: false, refusal: 'operation_not_offered' })
  expect(none).toMatchObject({ ok: false, refusal: 'quantity_invalid' })
  expect(nobody).toMatchObject({ ok: false, refusal: 'account_not_found' })
  expect(await books.billing(id)).toMatchObject({ balance: 49_600_000n, overage: 0n })
  await expectVerified(id)
})

test('one key from several callers of two processes is one charge', async () => {
  const id = await starter()
  const request = use(id)
  const results = await Promise.all(
    Array.from({ length: 40 }, (_, n) => record(request, n % 2 === 0 ? database.db : other)),
  )
  expect(results.filter((result) => result.ok && !result.replayed)).toHaveLength(1)
  expect(new Set(results.map((result) => result.ok && result.record.usageRecordId)).size).toBe(1)
  expect(await record({ ...request, quantity: 2 })).toMatchObject({ refusal: 'idempotency_conflict' })
  expect((await books.billing(id)).balance).toBe(49_800_000n)
  await expectVerified(id)
})

test('a use whose sum no column can hold is refused alone', async () => {
  const [id, neighbour] = [await starter(), await starter()]
  // Each fits; together their overage does not.
  const huge = () => record(use(id, { quantity: 4_000_000_000_000 })).catch((fault: Error) => fault)
  const [, second, small, ...others] = await Promise.all([
    huge(),
    huge(),
    record(use(neighbour)),
    ...Array.from({ length: 20 }, () => record(use(neighbour))),
  ])
  expect(second).toMatchObject({ ok: false, refusal: 'amount_overflow' })
  expect([small!, ...others].every((result) => !(result instanceof Error) && result.ok)).toBe(true)
  expect((await books.billing(neighbour)).balance).toBe(50_000_000n - 21n * 200_000n)
  await expectVerified(neighbour)
  await expectVerified(id)

  // What was let in can be billed, with a fee and the largest taxes that there are.
  const rates = ['A', 'B', 'C', 'D', 'E'].map((name) => ({ name, rate: 1_000_000n }))
  await database.db.asTenant(id, (tx) => setAccountTax(tx, id, { treatment: 'standard', rates }))
  await books.moveTo(id, new Date((await books.billing(id)).period!.end.getTime() + 1000))
  const [, boundary] = await books.invoices(id)
  expect(boundary!.total).toBe(6n * 800_000_000_000_000_000n)
  await expectVerified(id)
})

test('a fault of one use is booked again alone: its neighbours are booked, each by itself', async () => {
  const [id, neighbour, ...first] = await Promise.all([studio(), starter(), starter(), starter()])
  // Each cost fits, and so does the overage; the cost of both together does not fit the period's total, which only the save finds.
  const huge = () => record(use(id, { quantity: 5_000_000_000_000 }))
  const [, , one, two, ...others] = await Promise.all([
    // The two lanes are taken by these, so that the rest waits together.
    ...first.map((account) => record(use(account))),
    huge(),
    huge(),
    ...Array.from({ length: 20 }, () => record(use(neighbour))),
  ])
  expect(one).toMatchObject({ ok: true })
  expect(two).toMatchObject({ ok: false, refusal: 'amount_overflow' })
  expect(others.every(({ ok }) => ok)).toBe(true)
  expect(await transactionsOf(neighbour)).toBe(20)
  expect((await books.billing(neighbour)).balance).toBe(50_000_000n - 20n * 200_000n)
  await expectVerified(neighbour)
  await expectVerified(id)
})

test('callers whose connection is cut learn it, and the same keys again are charged once', async () => {
  const id = await starter()
  const requests = Array.from({ length: 60 }, () => use(id))
  const [blocker, killer] = [0, 1].map(() => new pg.Client({ connectionString: database.url }))
  if (!blocker || !killer) throw new Error('two clients')
  await Promise.all([blocker.connect(), killer.connect()])
  await blocker.query('set role drawdown_service')
  await blocker.query('begin')
  await blocker.query('select 1 from accounts where account_id = $1 for update', [id])
  const [{ pid }] = (await blocker.query('select pg_backend_pid() as pid')).rows
  const answers = Promise.allSettled(requests.map((request) => record(request)))
  // The session that waits for this one is the shared transaction's.
  await expect
    .poll(async () => {
      const { rows } = await killer.query(
        `select pg_terminate_backend(pid) from pg_locks where not granted and $1 = any(pg_blocking_pids(pid))`,
        [pid],
      )
      return rows.length
    })
    .toBe(1)
  await blocker.query('rollback')
  await Promise.all([blocker.end(), killer.end()])
  const first = await answers
  expect(first.some(({ status }) => status === 'rejected')).toBe(true)
  const again = await Promise.all(requests.map((request) => record(request)))
  expect(again.every(({ ok }) => ok)).toBe(true)
  const charged = first.filter(({ status }) => status === 'fulfilled').length
  expect(again.filter((result) => result.ok && !result.replayed)).toHaveLength(60 - charged)
  expect((await books.billing(id)).balance).toBe(50_000_000n - 60n * 200_000n)
  await expectVerified(id)
})

test('a caller books for no account but its own', async () => {
  const [id, victim] = [await starter(), await starter()]
  const [result] = await recordUsage(database.db, [use(victim)], { accountId: id })
  expect(result).toMatchObject({ ok: false, refusal: 'account_not_found' })
  expect((await books.billing(victim)).balance).toBe(50_000_000n)
})
