import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { openCuttingProxy } from './cutting-proxy.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await run(database.url, 'create table kept (value integer)')
})
afterAll(() => database.drop())

async function run(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(statement)).rows ?? []
  } finally {
    client.end().catch(() => {})
  }
}

test('the word that a transaction is committed is lost, and it is committed', async () => {
  const proxy = await openCuttingProxy(database.url)
  try {
    proxy.arm('cut')
    await run(proxy.url, 'begin; select 1; commit')
    expect(proxy.done()).toBe(0)
    await expect(run(proxy.url, 'begin; insert into kept values (1); commit')).rejects.toThrow()
    expect(proxy.done()).toBe(1)
    expect(await run(database.url, 'select value from kept')).toEqual([{ value: 1 }])
    let told = 0
    proxy.arm(() => (told += 1))
    await run(proxy.url, 'begin; insert into kept values (2); commit')
    await run(proxy.url, 'begin; insert into kept values (3); commit')
    expect([told, proxy.done()]).toEqual([1, 2])
  } finally {
    await proxy.close()
  }
})
