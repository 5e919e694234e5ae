import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Transaction } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { chanceOf } from '../simulation/chance.ts'
import { interleave } from './interleave.ts'

let database: TestDatabase
let watcher: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  watcher = new pg.Client({ connectionString: database.url })
  await watcher.connect()
  await watcher.query('create table tills (amount integer not null)')
  await watcher.query('grant select, update on tills to drawdown_service')
})
afterAll(async () => {
  await watcher.end()
  await database.drop()
})

/** Reads, and writes one more than it has read: right only under a lock. */
const addOne = (lock: string) => async (tx: Transaction) => {
  const [till] = await tx.query<{ amount: number }>(`select amount from tills ${lock}`)
  await tx.query('update tills set amount = $1', [till!.amount + 1])
  return 'ok'
}

async function addTwice(lock: string, seed: number) {
  await watcher.query('truncate tills; insert into tills values (0)')
  const begin = database.db.asService
  const met = await interleave([addOne(lock), addOne(lock)], { begin, chance: chanceOf(seed), watcher })
  const { rows } = await watcher.query<{ amount: number }>('select amount from tills')
  return { ...met, amount: rows[0]!.amount }
}

const SEEDS = Array.from({ length: 24 }, (_, seed) => seed)

test('without a lock some order loses an update, and the same seed loses it again', async () => {
  const met = []
  for (const seed of SEEDS) met.push(await addTwice('', seed))
  expect(new Set(met.map(({ amount }) => amount))).toEqual(new Set([1, 2]))
  const lost = met.findIndex(({ amount }) => amount === 1)
  expect((await addTwice('', SEEDS[lost]!)).order).toBe(met[lost]!.order)
})

test('under a lock none does, and one waits for the other', async () => {
  for (const seed of SEEDS) {
    const { amount, outcomes, blocked } = await addTwice('for update', seed)
    expect([amount, ...outcomes]).toEqual([2, { answer: 'ok' }, { answer: 'ok' }])
    expect(blocked).toBeLessThanOrEqual(1)
  }
})

test('what an operation throws is its outcome', async () => {
  const fails = async () => Promise.reject(new Error('no'))
  const begin = database.db.asService
  const { outcomes } = await interleave([fails, addOne('')], { begin, chance: chanceOf(1), watcher })
  expect(outcomes[0]).toMatchObject({ fault: { message: 'no' } })
})
