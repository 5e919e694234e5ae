/**
 * A migrated, empty database for one test file.
 *
 * Called by tests, in `beforeAll`: `const test = await createTestDatabase()`, and `await test.drop()` in `afterAll`.
 *
 * Not here: the cluster behind it (test-cluster.ts).
 */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { connect, type Database } from './connect.ts'
import { CITUS, createDistributed, dropDistributed } from './test-citus.ts'
import type { Template } from './test-cluster.ts'

export type TestDatabase = {
  /** Of the login, who may become each role: for a client of the test's own. */
  url: string
  db: Database
  /** Closes `db` and removes the database, whoever else is still connected. */
  drop(): Promise<void>
}

/** A copy of the migrated template, connected. Throws what went wrong when the template could not be made. */
export async function createTestDatabase(): Promise<TestDatabase> {
  // Vitest can be imported only inside a test; this file is also read by the set-up around them.
  const { inject } = await import('vitest')
  const answer = await fetch(inject('testClusterUrl'))
  if (!answer.ok) throw new Error(`There is no test database:\n${await answer.text()}`)
  const { url, template } = (await answer.json()) as Template
  const name = `drawdown_test_${randomBytes(8).toString('hex')}`
  const address =
    template === CITUS ? await createDistributed(url, name) : await createDatabase(url, name, template)
  const db = connect(address)
  return {
    url: address,
    db,
    async drop() {
      await db.close()
      await (template === CITUS ? dropDistributed(url, name) : dropDatabase(url, name))
    },
  }
}

/** Creates a database beside the one that `url` names; answers its URL. */
export async function createDatabase(url: string, name: string, template = 'template1'): Promise<string> {
  await run(url, `create database ${name} template ${template} strategy file_copy`)
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.toString()
}

export async function dropDatabase(url: string, name: string): Promise<void> {
  await run(url, `drop database if exists ${name} with (force)`)
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
