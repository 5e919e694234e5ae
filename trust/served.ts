/**
 * Servers as people run them, to be killed: child processes of server.ts on a Postgres that waits for its disk, spoken to over HTTP.
 *
 * Opened by run.ts when the first check asks for it, and shared by those that follow.
 *
 * Invariants:
 *   1. What runs is the product: its server, its embedded Postgres, its migrations, its sandbox of payments. Nothing is replaced.
 *   2. When it is closed, no process and no file of it is left.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Database } from '../database/connect.ts'
import { openEmbedded } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'
import { bundleServer } from './bundle-server.ts'
import { killNow } from './processes.ts'

const START_TIMEOUT_MS = 120_000

export type Server = {
  url: string
  pid: number
  operatorToken: string
  /** SIGKILL; answers when the process is gone. */
  kill(): Promise<void>
}

export type ServerSettings = {
  /** Claimers in it. */
  workers: number
  /** Its own folder within the stand, kept from start to start. */
  name: string
  /** Another way to the same database; without it, the server finds the embedded Postgres by itself where `name` is `postgres`. */
  databaseUrl?: string
}

export type Served = {
  db: Database
  /** Of the superuser. */
  databaseUrl: string
  /** The files of the cluster. */
  cluster: string
  start(settings: ServerSettings): Promise<Server>
  close(): Promise<void>
}

export async function openServed(): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'drawdown-served-'))
  // Run by root, Postgres is another user and has to get in.
  chmodSync(folder, 0o755)
  const home = join(folder, 'postgres')
  const postgres = await openEmbedded(home)
  await migrate(postgres.url)
  const program = await bundleServer(folder)
  // Nothing here needs a model, so none is fetched: one that was altered is refused.
  mkdirSync(join(folder, 'models'))
  writeFileSync(join(folder, 'models', 'blazeface-256.onnx'), '')
  const running = new Set<ChildProcess>()
  const db = connect(postgres.url)
  return {
    db,
    databaseUrl: postgres.url,
    cluster: join(home, 'postgres', 'cluster'),
    start: (settings) => startServer({ folder, program, running }, settings),
    async close() {
      await Promise.all([...running].map(end))
      await db.close()
      await postgres.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Stand = { folder: string; program: string; running: Set<ChildProcess> }

/** Starts a server and answers once it is ready for requests. */
async function startServer(
  { folder, program, running }: Stand,
  { workers, name, databaseUrl }: ServerSettings,
): Promise<Server> {
  const data = join(folder, name)
  mkdirSync(data, { recursive: true })
  rmSync(join(data, 'server.json'), { force: true })
  const port = await freePort()
  const child = spawn(process.execPath, [program], {
    env: {
      PORT: String(port),
      WORKERS: String(workers),
      DRAWDOWN_DATA: data,
      DRAWDOWN_MODELS: join(folder, 'models'),
      // What one server has stored, the other serves.
      STORAGE_URL: `file://${join(folder, 'files')}`,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const url = `http://127.0.0.1:${port}`
  // A server writes down where it is once it listens and works.
  const about = join(data, 'server.json')
  for (const giveUpAt = performance.now() + START_TIMEOUT_MS; !existsSync(about); ) {
    if (hasEnded(child) || performance.now() > giveUpAt) throw new Error(`No server: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const { operator_token: operatorToken } = JSON.parse(readFileSync(about, 'utf8'))
  return { url, pid: child.pid!, operatorToken, kill: () => end(child) }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (hasEnded(child)) return resolve()
    child.once('exit', () => resolve())
    killNow(child.pid!)
  })
}

/** A port that nobody listened on a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
