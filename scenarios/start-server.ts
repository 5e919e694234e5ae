/**
 * A whole server for one test file: the composition of server.ts on a database, a port and a data folder of its own, with the real
 * models, at 320 pixels unless said.
 *
 *   const server = await startTestServer()      in beforeAll
 *   await server.close()                        in afterAll
 *
 * 1. Nothing is replaced: what a scenario sees is what a customer of such an installation would see.
 * 2. Nothing is left behind.
 * 3. When it closes, all books are verified: a scenario ends with books in order or fails.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createClient, type DrawdownClient } from '@drawdown/client'
import { describeFaults, readConfig } from '../config.ts'
import type { Database } from '../database/connect.ts'
import { createTestDatabase } from '../database/test-database.ts'
import { testModels, testModelsFolder } from '../images/test-photos.ts'
import { startServer } from '../server.ts'
import { verifyAccount } from '../verify/verify-account.ts'

export type TestServer = {
  url: string
  operator: DrawdownClient
  /** The first operator's one-time link. */
  signInLink: string
  databaseUrl: string
  /** Removed with the server. */
  folder: string
  close(): Promise<void>
}

export type TestServerOptions = {
  catalogue?: 'money' | 'credits'
  /** Of the segmentation model: 320 is quick, 1024 is what customers get. */
  modelInputSize?: 320 | 1024
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { modelInputSize = 320 } = options
  await testModels(modelInputSize)
  const database = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'drawdown-scenario-'))
  const reading = readConfig({
    PORT: String(await freePort()),
    DATABASE_URL: database.url,
    DRAWDOWN_DATA: join(folder, 'data'),
    DRAWDOWN_MODELS: testModelsFolder(),
    HOT_FOLDERS: pathToFileURL(join(folder, 'hot')).href,
    DRAWDOWN_CATALOGUE: options.catalogue,
    WORKERS: '2',
  })
  if (!reading.ok) throw new Error(describeFaults(reading.faults))
  const server = await startServer(reading.config, { modelInputSize })
  return {
    url: server.url,
    operator: createClient({ url: server.url, apiKey: server.operatorToken }),
    signInLink: server.signInLink!,
    databaseUrl: database.url,
    folder,
    async close() {
      await server.close()
      const findings = await verifyAllBooks(database.db)
      await database.drop()
      await rm(folder, { recursive: true, force: true })
      if (findings.length > 0) throw new Error(`The books are not in order:\n${findings.join('\n')}`)
    },
  }
}

async function verifyAllBooks(db: Database): Promise<string[]> {
  const accounts = await db.asService((tx) =>
    tx.query<{ id: string }>('select account_id as "id" from accounts'),
  )
  const findings: string[] = []
  for (const { id } of accounts) {
    const found = await db.asTenant(id, (tx) => verifyAccount(tx, id))
    findings.push(...found.map(({ check, row, detail }) => `${id}, ${row}: ${check}: ${detail}`))
  }
  return findings
}

/** A port that nobody listened on a moment ago: the server has to know its own address before it listens. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
