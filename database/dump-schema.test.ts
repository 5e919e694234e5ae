import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dumpSchema, SCHEMA_FILE } from './dump-schema.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database?.drop())

test('schema.sql is what the migrations lead to (if not: npm run schema, and read what changed)', async () => {
  expect(await dumpSchema(database.url)).toBe(readFileSync(SCHEMA_FILE, 'utf8'))
})
