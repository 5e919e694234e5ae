/**
 * Runs a Postgres of our own beside the server, for whoever gave no DATABASE_URL.
 *
 * Called by server.ts, by the commands that open the database themselves, and by the tests.
 *
 * 1. Postgres outlives the process that started it: it is detached, in a session of its own, with a clean environment. A server
 *    that is killed leaves a sound database running, and the next start finds it.
 * 2. Any number of processes may share it. Each holds one connection with a shared lock; who leaves last stops it. A process that
 *    was killed loses its connection and so counts no more.
 * 3. While one of them lives, a Postgres that dies is started again, on the same port.
 * 4. fsync and synchronous_commit are on: what was answered is on disk.
 * 5. It listens on loopback alone, on a port of its own that it keeps.
 *
 *      inspect ──running──▶ connect ──▶ present ──connection lost──▶ inspect
 *        │ stopped: launch ─▶ inspect        │ close()
 *        │ dead: clear ─────▶ inspect        ╰─▶ alone? stop Postgres : leave
 *
 * Not here: backups, upgrades from one major version of Postgres to the next, replication. For these, DATABASE_URL.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { CLEAN_ENVIRONMENT, createCluster, randomPort } from './create-cluster.ts'
import { type DatabaseUser, databaseUser, isRoot } from './data-folder.ts'
import { preparePostgresBinaries } from './postgres-binaries.ts'
import { clearDeadPostmaster, inspectPostmaster, stopPostmaster } from './postmaster.ts'

export type EmbeddedPostgres = {
  /** For `connect` and `migrate`; holds the password. */
  url: string
  /** Whether it was running already. */
  found: boolean
  /** Leaves, and stops Postgres if nobody else is there. */
  close(): Promise<void>
}

export type EmbeddedOptions = {
  /** Told in a sentence of what a person at the terminal may want to know. */
  log?: (sentence: string) => void
  /** Further settings of Postgres by name; the tests switch fsync off. */
  settings?: Record<string, string>
}

const PRESENCE_LOCK = 3729_5502
const RETRY_MS = 100
/** Crash recovery after a kill takes as long as there is log to replay; a start without any sign of life does not. */
const START_TIMEOUT_MS = 120_000

/** Opens the cluster in this data folder, made when there is none. Throws in plain words when Postgres cannot run here. */
export async function openEmbedded(
  dataFolder: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {})
  const cluster = await prepare(dataFolder, log)
  const launch = { ...cluster, settings: options.settings ?? {}, log }
  const opened = await arrive(launch, { mayMove: true })
  let presence = opened.presence
  let closing = false

  function watch(): void {
    presence.once('end', () => {
      if (closing) return
      log('The connection to Postgres broke; it is looked after.')
      void comeBack()
    })
  }

  async function comeBack(): Promise<void> {
    for (let attempt = 0; !closing; attempt++) {
      try {
        const back = await arrive(launch, { mayMove: false })
        presence = back.presence
        if (closing) return leave(presence, launch.files)
        watch()
        log('Postgres is back.')
        return
      } catch (fault) {
        if (attempt % 50 === 0) log(`Postgres cannot be started again: ${(fault as Error).message}`)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  watch()
  return {
    url: opened.url,
    found: opened.found,
    async close() {
      if (closing) return
      closing = true
      await leave(presence, launch.files)
    },
  }
}

type Launch = {
  binaries: string
  home: string
  files: string
  user: DatabaseUser | null
  settings: Record<string, string>
  log: (sentence: string) => void
}

async function prepare(dataFolder: string, log: (sentence: string) => void) {
  mkdirSync(dataFolder, { recursive: true })
  const user = isRoot() ? (databaseUser(dataFolder) ?? createDatabaseUser(dataFolder)) : null
  // Made under a strict umask, the folder would shut out the user that runs Postgres.
  if (user !== null) chmodSync(dataFolder, statSync(dataFolder).mode | 0o011)
  const binaries = preparePostgresBinaries(dataFolder, user)
  const home = join(dataFolder, 'postgres')
  const files = join(home, 'cluster')
  if (!existsSync(files)) log('Preparing the embedded Postgres (once).')
  await createCluster({ binaries, dataFolder, user })
  refuseForeignCluster(files)
  refuseOtherVersion(files, binaries)
  return { binaries, home, files, user }
}

function createDatabaseUser(dataFolder: string): DatabaseUser {
  const flags = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent']
  try {
    execFileSync('/usr/sbin/useradd', [...flags, '--shell', '/usr/sbin/nologin', 'postgres'], {
      stdio: 'pipe',
    })
  } catch (cause) {
    if (databaseUser(dataFolder) === null) {
      throw new Error(
        'Postgres does not run as root, and the user it would run as could not be created. Create one: useradd --system --user-group postgres',
        { cause },
      )
    }
  }
  return databaseUser(dataFolder)!
}

function refuseForeignCluster(files: string): void {
  const { uid } = statSync(files)
  if (isRoot() || uid === process.getuid?.()) return
  throw new Error(
    `${files} belongs to another user (number ${uid}). Start as that user or as root, or choose another folder: DRAWDOWN_DATA=…`,
  )
}

function refuseOtherVersion(files: string, binaries: string): void {
  const made = readFileSync(join(files, 'PG_VERSION'), 'utf8').trim()
  const ours = execFileSync(join(binaries, 'bin', 'postgres'), ['--version'], {
    env: CLEAN_ENVIRONMENT,
    encoding: 'utf8',
  })
  const major = /(\d+)\./.exec(ours)?.[1]
  if (made === major) return
  throw new Error(
    `${files} was made by Postgres ${made}, this version brings Postgres ${major}. Move its data with pg_dump, or run a Postgres ${made} on it and name that in DATABASE_URL.`,
  )
}

type Arrival = { url: string; found: boolean; presence: pg.Client }

/** Has Postgres running and a presence in it. `mayMove`: another port may be taken when the kept one is in use. */
async function arrive(launch: Launch, { mayMove }: { mayMove: boolean }): Promise<Arrival> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS
  let found = true
  for (;;) {
    const postmaster = inspectPostmaster(launch.files)
    if (postmaster.state === 'stopped') {
      found = false
      await launchPostgres(launch, mayMove)
      continue
    }
    if (postmaster.state === 'dead') {
      await clearDeadPostmaster(launch.files, postmaster)
      continue
    }
    if (postmaster.status === 'ready') {
      const url = urlOf(launch.home, postmaster.port)
      const presence = await becomePresent(url)
      if (presence !== null) return { url, found, presence }
    }
    if (performance.now() > giveUpAt) {
      throw new Error(`Postgres is ${postmaster.status} for too long; ${join(launch.home, 'log')} says why`)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function urlOf(home: string, port: number): string {
  const password = readFileSync(join(home, 'password'), 'utf8')
  return `postgres://drawdown:${password}@127.0.0.1:${port}/drawdown`
}

/** A connection that holds the shared lock, or null when Postgres was just going. */
async function becomePresent(url: string): Promise<pg.Client | null> {
  const presence = new pg.Client({
    connectionString: url,
    application_name: 'drawdown presence',
    keepAlive: true,
  })
  presence.on('error', () => {})
  try {
    await presence.connect()
    // Whoever is about to stop Postgres holds the exclusive lock: then this waits, and is cut off.
    await presence.query(`select pg_advisory_lock_shared(${PRESENCE_LOCK})`)
    return presence
  } catch (fault) {
    presence.end().catch(() => {})
    const { code } = fault as { code?: string }
    if (code === '28P01')
      throw new Error('The password in the data folder does not open its Postgres', { cause: fault })
    return null
  }
}

/** Starts Postgres and returns when it is ready or when somebody else's start won. Throws with its last words when it cannot run. */
async function launchPostgres(launch: Launch, mayMove: boolean): Promise<void> {
  const portFile = join(launch.home, 'port')
  const logFile = join(launch.home, 'log')
  keepLogSmall(logFile)
  for (let attempt = 1; ; attempt++) {
    const begin = existsSync(logFile) ? statSync(logFile).size : 0
    const child = spawnPostgres(launch, readFileSync(portFile, 'utf8').trim(), logFile)
    if (await isUp(child, launch.files)) return
    const said = readFileSync(logFile, 'utf8').slice(begin)
    if (/postmaster\.pid" (already exists|is empty)/.test(said)) return
    if (attempt > 20 || !/Address already in use|pre-existing shared memory/.test(said)) {
      throw new Error(`Postgres does not start:\n${said.trim()}`)
    }
    if (said.includes('Address already in use') && mayMove) writeFileSync(portFile, String(randomPort()))
    else await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

function spawnPostgres(launch: Launch, port: string, logFile: string): ChildProcess {
  const settings = { ...SETTINGS, ...launch.settings, port }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(logFile, 'a', 0o640)
  try {
    const child = spawn(join(launch.binaries, 'bin', 'postgres'), ['-D', launch.files, ...flags], {
      ...launch.user,
      cwd: launch.files,
      env: CLEAN_ENVIRONMENT,
      detached: true,
      stdio: ['ignore', log, log],
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

const SETTINGS = {
  cluster_name: 'drawdown',
  listen_addresses: '127.0.0.1',
  // Everyone comes over loopback: a socket's path may be too long, and a killed Postgres leaves its lock behind.
  unix_socket_directories: '',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // After a kill all files are synced before recovery: one call instead of one for each of a thousand files.
  recovery_init_sync_method: 'syncfs',
  max_connections: '100',
  shared_buffers: '128MB',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The binaries come without a compiler for it, and our statements are short.
  jit: 'off',
}

/** True when this Postgres is ready, or when it lives but somebody else's is; false when it ended. */
async function isUp(child: ChildProcess, files: string): Promise<boolean> {
  let ended = false
  child.once('exit', () => (ended = true))
  child.once('error', () => (ended = true))
  const giveUpAt = performance.now() + START_TIMEOUT_MS
  while (!ended && performance.now() < giveUpAt) {
    const postmaster = inspectPostmaster(files)
    if (postmaster.state === 'running' && postmaster.status === 'ready') return true
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return !ended
}

function keepLogSmall(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size > 10_000_000) renameSync(logFile, `${logFile}.old`)
}

/** Stops Postgres when nobody else is present. The exclusive lock keeps newcomers out until it is gone. */
async function leave(presence: pg.Client, files: string): Promise<void> {
  try {
    await presence.query(`select pg_advisory_unlock_shared(${PRESENCE_LOCK})`)
    const { rows } = await presence.query<{ alone: boolean }>(
      `select pg_try_advisory_lock(${PRESENCE_LOCK}) as alone`,
    )
    if (rows[0]!.alone) await stopPostmaster(files)
  } catch {
    // The connection is gone, and with it our presence. If Postgres died, there is nothing to stop.
  } finally {
    await presence.end().catch(() => {})
  }
}
