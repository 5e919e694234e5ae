/**
 * The one Postgres of a test run, started when the first test file asks for a database.
 *
 * Called by vitest as its global set-up, in vitest's own process; test-database.ts asks it over loopback.
 *
 * 1. Tests that need no database wait for none.
 * 2. One cluster serves the run, in a temporary folder, or TEST_DATABASE_URL names the Postgres to use; its login must be able
 *    to create databases. Where that is the coordinator of a Citus cluster, each test file gets a distributed database of its own.
 * 3. The template is migrated once; each test file gets a copy of it.
 * 4. Nothing is left behind. What a killed run left is cleared away by the next one.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { isAlive, stopPostmaster } from './postmaster.ts'
import { CITUS, isCoordinator } from './test-citus.ts'
import { createDatabase, dropDatabase } from './test-database.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers GET with the template of this run, as JSON of type Template. */
    testClusterUrl: string
  }
}

/** Where to copy test databases from. */
export type Template = { url: string; template: string }

const FOLDER = /^drawdown-test-(\d+)$/

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<Template> | undefined
  const closers: (() => Promise<void>)[] = []
  const server = createServer((_request, response) => {
    starting ??= prepareTemplate(closers)
    starting.then(
      (template) => response.end(JSON.stringify(template)),
      (fault: Error) => response.writeHead(500).end(fault.stack),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  project.provide('testClusterUrl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    await starting?.catch(() => {})
    for (const close of closers.reverse()) await close()
    server.closeAllConnections()
    server.close()
  }
}

async function prepareTemplate(closers: (() => Promise<void>)[]): Promise<Template> {
  const url = process.env.TEST_DATABASE_URL ?? (await startCluster(closers))
  if (await isCoordinator(url)) return { url, template: CITUS }
  const template = `drawdown_template_${randomBytes(6).toString('hex')}`
  const address = await createDatabase(url, template)
  closers.push(() => dropDatabase(url, template))
  await migrate(address)
  return { url, template }
}

async function startCluster(closers: (() => Promise<void>)[]): Promise<string> {
  await clearLeftovers()
  const folder = join(tmpdir(), `drawdown-test-${process.pid}`)
  mkdirSync(folder)
  // Run by root, Postgres is another user and has to get in.
  chmodSync(folder, 0o755)
  closers.push(async () => rmSync(folder, { recursive: true, force: true }))
  // A test that must survive a power cut starts a cluster of its own.
  // A worker of autovacuum cannot be ended by the login, so that a database it works in cannot be dropped.
  const settings = { fsync: 'off', max_connections: '200', autovacuum: 'off' }
  const postgres = await openEmbedded(folder, { settings })
  closers.push(() => postgres.close())
  return postgres.url
}

async function clearLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(FOLDER.exec(name)?.[1])
    if (!pid || isAlive(pid)) continue
    const folder = join(tmpdir(), name)
    await stopPostmaster(join(folder, 'postgres', 'cluster'))
    rmSync(folder, { recursive: true, force: true })
  }
}
