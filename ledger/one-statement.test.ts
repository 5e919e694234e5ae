import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { gatherWrites } from './one-statement.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

/** Runs work in a transaction that counts its statements and is rolled back; answers what it answered and the count. */
async function counted<Answer>(work: (tx: Transaction) => Promise<Answer>) {
  let statements = 0
  const answer = await database.db.asService(
    (tx) =>
      work({
        ...tx,
        query(text, values) {
          statements++
          return tx.query(text, values)
        },
      }),
    { rollback: true },
  )
  return { answer, statements }
}

const ADD = 'insert into accounts (account_id, name, invoice_prefix) select unnest($1::uuid[]), $2, $3'

test('writes that were gathered are one statement, each with its own parameters and those that they share', async () => {
  const ids = [newId()]
  const { answer, statements } = await counted(async (tx) => {
    const gathered = gatherWrites(tx)
    await gathered.query(ADD, [ids, 'One', 'ONE'])
    await gathered.query(
      'insert into api_keys (account_id, api_key_id, name, prefix, digest, scopes) select unnest($1::uuid[]), $2, $3, $4, $5, $6',
      [...[ids, newId(), 'One', 'dd_one', Buffer.alloc(32), []]],
    )
    await gathered.query('update plans set name = $1 where false', ['One'])
    await gathered.run()
    return tx.query(
      'select a.name, k.name as key, invoice_prefix as prefix from accounts a join api_keys k using (account_id) where account_id = $1',
      [ids[0]],
    )
  })
  expect(answer).toEqual([{ name: 'One', key: 'One', prefix: 'ONE' }])
  expect(statements).toBe(2)
})

test('nothing gathered is no statement, and what is no plain write is refused', async () => {
  const { statements } = await counted((tx) => gatherWrites(tx).run())
  expect(statements).toBe(0)
  await expect(
    counted(async (tx) => gatherWrites(tx).query('select pg_advisory_xact_lock(1)')),
  ).rejects.toThrow(/Not to be gathered/)
})

test('a constraint speaks for the write that hurts it', async () => {
  const ids = [newId()]
  const twice = counted(async (tx) => {
    const gathered = gatherWrites(tx)
    await gathered.query(ADD, [ids, 'One', 'ONE'])
    await gathered.query(ADD, [ids, 'Two', 'TWO'])
    await gathered.run()
  })
  await expect(twice).rejects.toThrow(/accounts_pkey/)
})
