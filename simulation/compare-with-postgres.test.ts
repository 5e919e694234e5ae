import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { compareWithPostgres, storyForPostgres } from './compare-with-postgres.ts'
import { STORY_CLOCK } from './tell-in-postgres.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  for (const statement of STORY_CLOCK) await client.query(statement)
  await client.end()
})
afterAll(() => database.drop())

/** Seeds of moderate length, picked for no other reason. */
const SEEDS = [3, 4, 7, 9, 12, 15, 16, 42]

test.each(SEEDS)(
  'story %i comes out in Postgres as it does in memory',
  { timeout: 120_000 },
  async (seed) => {
    const { differences, accountIds } = await compareWithPostgres(database.db, storyForPostgres(seed))
    expect(differences).toEqual([])
    for (const id of accountIds) {
      expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
    }
  },
)
