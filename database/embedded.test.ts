import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { isRoot } from './data-folder.ts'
import { openEmbedded } from './embedded.ts'
import { inspectPostmaster, stopPostmaster } from './postmaster.ts'

/** These start, kill and start again the real thing, fsync and all, each in a data folder of its own, copied from one that was made once. */
let prototype: string
let folder: string
let servers: ChildProcess[] = []

beforeAll(async () => {
  prototype = makeFolder()
  const postgres = await openEmbedded(prototype)
  await postgres.close()
})

afterAll(() => rmSync(prototype, { recursive: true, force: true }))

beforeEach(() => {
  folder = makeFolder()
  servers = []
})

afterEach(async () => {
  for (const server of servers) server.kill('SIGKILL')
  if (existsSync(cluster())) await stopPostmaster(cluster())
  rmSync(folder, { recursive: true, force: true })
})

function makeFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'drawdown-embedded-'))
  chmodSync(path, 0o755)
  return path
}

/** Most tests are about what follows the first start. With owners and modes, so not by Node. */
const copyPrototype = () => execFileSync('cp', ['-a', join(prototype, 'postgres'), folder])

const cluster = () => join(folder, 'postgres', 'cluster')

/** The lines a server process says: its URL, then what it logs. */
type Server = { process: ChildProcess; lines: string[]; url: string }

/** A process that opens the embedded Postgres as the server does, and closes it on SIGTERM. */
async function startServer(): Promise<Server> {
  const program = `
    import { openEmbedded } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    const postgres = await openEmbedded(${JSON.stringify(folder)}, { log: console.log })
    process.once('SIGTERM', () => postgres.close().then(() => process.exit(0)))
    console.log(postgres.url)`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  servers.push(child)
  const server: Server = { process: child, lines: [], url: '' }
  createInterface({ input: child.stdout }).on('line', (line) => {
    server.lines.push(line)
    if (line.startsWith('postgres://')) server.url = line
  })
  await expect.poll(() => server.url, { timeout: 60_000 }).not.toBe('')
  return server
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function ends(process: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(process, 'exit')
  process.kill(signal)
  await ended
}

function postmasterPid(): number {
  const postmaster = inspectPostmaster(cluster())
  if (postmaster.state !== 'running') throw new Error(`Postgres is ${postmaster.state}`)
  return postmaster.pid
}

test('a new cluster is durable, in UTF-8, on loopback alone, and opens only to its password', async () => {
  const postgres = await openEmbedded(folder)
  expect(postgres.found).toBe(false)
  const [settings] = await query(
    postgres.url,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
            current_setting('full_page_writes') as full_page_writes, current_setting('listen_addresses') as listen,
            current_setting('server_encoding') as encoding,
            (select datlocale from pg_database where datname = current_database()) as locale,
            current_setting('server_version_num')::int >= 180000 as version,
            (select rolsuper from pg_roles where rolname = current_user) as superuser`,
  )
  expect(settings).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    listen: '127.0.0.1',
    encoding: 'UTF8',
    locale: 'C.UTF-8',
    version: true,
    superuser: false,
  })
  const wrong = new URL(postgres.url)
  wrong.password = 'guess'
  await expect(query(wrong.toString(), 'select 1')).rejects.toThrow('password authentication failed')
  wrong.username = 'postgres'
  await expect(query(wrong.toString(), 'select 1')).rejects.toThrow('password authentication failed')
  expect(statSync(join(folder, 'postgres', 'password')).mode & 0o777).toBe(0o600)
  expect(statSync(cluster()).mode & 0o777).toBe(0o700)
  await postgres.close()
  expect(inspectPostmaster(cluster()).state).toBe('stopped')
})

test('a second server finds the running one, and the last to leave stops it', async () => {
  copyPrototype()
  const first = await openEmbedded(folder)
  const second = await openEmbedded(folder)
  expect(second).toMatchObject({ found: true, url: first.url })
  await first.close()
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await second.close()
  expect(inspectPostmaster(cluster()).state).toBe('stopped')

  const third = await openEmbedded(folder)
  expect(third).toMatchObject({ found: false, url: first.url })
  await third.close()
})

test('servers that start at the same moment in an empty folder share one cluster', async () => {
  const opened = await Promise.all([startServer(), startServer(), openEmbedded(folder)])
  const urls = new Set(opened.map(({ url }) => url))
  expect(urls.size).toBe(1)
  await opened[2].close()
  await ends(opened[0].process, 'SIGTERM')
  expect(await query(opened[1].url, 'select 1 as one')).toEqual([{ one: 1 }])
  await ends(opened[1].process, 'SIGTERM')
  expect(inspectPostmaster(cluster()).state).toBe('stopped')
}, 120_000)

test('servers that start and leave in each other’s way always end with a Postgres for who stays and none for nobody', async () => {
  copyPrototype()
  const stayOrLeave = async (stays: boolean) => {
    const postgres = await openEmbedded(folder)
    if (!stays) await postgres.close()
    return postgres
  }
  for (let round = 0; round < 5; round++) {
    const opened = await Promise.all([stayOrLeave(false), stayOrLeave(true), stayOrLeave(false)])
    expect(await query(opened[1]!.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await Promise.all([opened[1]!.close(), stayOrLeave(false)])
    expect(inspectPostmaster(cluster()).state).toBe('stopped')
  }
}, 120_000)

test('a killed server leaves Postgres running, and the next one finds it with everything that was answered', async () => {
  copyPrototype()
  const killed = await startServer()
  await query(killed.url, 'create table kept as select generate_series(1, 1000) as id')
  await ends(killed.process, 'SIGKILL')
  expect(await query(killed.url, 'select count(*)::int from kept')).toEqual([{ count: 1000 }])
  const next = await openEmbedded(folder)
  expect(next).toMatchObject({ found: true, url: killed.url })
  expect(await query(next.url, 'select count(*)::int from kept')).toEqual([{ count: 1000 }])
  // The killed one counts no more: this one is the last.
  await next.close()
  expect(inspectPostmaster(cluster()).state).toBe('stopped')
})

test('a killed Postgres is started again beneath the running server, with everything that was answered', async () => {
  copyPrototype()
  const server = await startServer()
  await query(server.url, 'create table kept (id int)')
  for (let round = 1; round <= 3; round++) {
    await query(server.url, `insert into kept values (${round})`)
    process.kill(postmasterPid(), 'SIGKILL')
    await expect
      .poll(() => server.lines.filter((line) => line === 'Postgres is back.').length, { timeout: 60_000 })
      .toBe(round)
    expect(await query(server.url, 'select count(*)::int from kept')).toEqual([{ count: round }])
  }
  await ends(server.process, 'SIGTERM')
  expect(inspectPostmaster(cluster()).state).toBe('stopped')
}, 120_000)

test('server and Postgres killed together: the next start recovers', async () => {
  copyPrototype()
  const server = await startServer()
  await query(server.url, 'create table kept as select 1 as id')
  const pid = postmasterPid()
  await ends(server.process, 'SIGKILL')
  process.kill(pid, 'SIGKILL')
  const next = await openEmbedded(folder)
  expect(next.found).toBe(false)
  expect(await query(next.url, 'select count(*)::int from kept')).toEqual([{ count: 1 }])
  await next.close()
})

test('a lock file whose number now belongs to another program does not keep Postgres from starting', async () => {
  copyPrototype()
  const postgres = await openEmbedded(folder)
  const lockFile = readFileSync(join(cluster(), 'postmaster.pid'), 'utf8')
  await postgres.close()
  writeFileSync(join(cluster(), 'postmaster.pid'), lockFile.replace(/^\d+/, String(process.pid)))
  expect(inspectPostmaster(cluster()).state).toBe('dead')
  const next = await openEmbedded(folder)
  expect(next.found).toBe(false)
  await next.close()
})

test('an empty lock file, left by a crash in the middle of writing it, does not keep Postgres from starting', async () => {
  copyPrototype()
  writeFileSync(join(cluster(), 'postmaster.pid'), '')
  expect(inspectPostmaster(cluster()).state).toBe('dead')
  const next = await openEmbedded(folder)
  expect(next.found).toBe(false)
  await next.close()
})

test('a port that somebody took in the meantime is given up for another', async () => {
  copyPrototype()
  const postgres = await openEmbedded(folder)
  const { port } = new URL(postgres.url)
  await postgres.close()
  const squatter = createServer().listen(Number(port), '127.0.0.1')
  await once(squatter, 'listening')
  const next = await openEmbedded(folder)
  expect(new URL(next.url).port).not.toBe(port)
  await next.close()
  squatter.close()
})

test('a start that was killed half-way leaves nothing in the way of the next', async () => {
  mkdirSync(join(folder, 'postgres.new-999999', 'cluster'), { recursive: true })
  mkdirSync(join(folder, 'postgres'))
  const postgres = await openEmbedded(folder)
  expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await postgres.close()
})

test('a cluster of another version is refused in words', async () => {
  copyPrototype()
  writeFileSync(join(cluster(), 'PG_VERSION'), '15\n')
  await expect(openEmbedded(folder)).rejects.toThrow(
    'was made by Postgres 15, this version brings Postgres 18',
  )
})

test('Postgres never runs as root', async () => {
  copyPrototype()
  const postgres = await openEmbedded(folder)
  const { uid } = statSync(`/proc/${postmasterPid()}`)
  expect(uid === 0).toBe(false)
  expect(uid === process.getuid?.()).toBe(!isRoot())
  await postgres.close()
})
