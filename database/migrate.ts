/**
 * Brings a database to the schema of this version: roles, the job queue's tables, migrations, functions.
 *
 * Called at start by server.ts, by `drawdown migrate`, and for the template of the tests.
 *
 * 1. Everything is made by drawdown_owner and so owned by it.
 * 2. One migrates, others wait and then find nothing to do: a lock on the database, held by the connection that migrates.
 * 3. All migrations that are due stand or fall together. A released file is never edited.
 * 4. `functions/*.sql` are what the files say: all are replaced when one changed or a migration ran.
 * 5. With nothing to do it costs a few milliseconds, since every start comes through here.
 *
 * Not here: undoing. A schema goes forward only.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { openPool, sessionConfig } from './pool.ts'
import { ensureRoles } from './roles.ts'

export type MigrateOptions = {
  migrationsFolder?: string
  functionsFolder?: string
}

export type Migrated = {
  /** Names of the migrations that were applied now, in order. */
  applied: string[]
}

/** Any number will do, as long as every version of this program takes the same. */
const MIGRATION_LOCK = 3729_5501
const LATEST_JOBS_MIGRATION = 19
const NO_LIMIT = { statement_timeout: '0', idle_in_transaction_session_timeout: '0' }

/** Throws RolesNotReady, or what Postgres said to a migration; nothing of a failed migration remains. */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<Migrated> {
  const migrationsFolder = options.migrationsFolder ?? join(import.meta.dirname, 'migrations')
  const functionsFolder = options.functionsFolder ?? join(import.meta.dirname, 'functions')
  await prepareRoles(url)
  const client = new pg.Client(sessionConfig(url, { role: 'drawdown_owner', settings: NO_LIMIT }))
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`)
    await prepareJobs(url, client)
    const applied = await applyMigrations(client, migrationsFolder)
    await replaceFunctions(client, functionsFolder, applied.length > 0)
    return { applied }
  } finally {
    await client.end()
  }
}

async function prepareRoles(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'drawdown roles' })
  client.on('error', () => {})
  await client.connect()
  try {
    await ensureRoles(client)
  } finally {
    await client.end()
  }
}

/** The tables of graphile-worker, by its own migrations. Its package is loaded only when there is something to apply. */
async function prepareJobs(url: string, client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ here: boolean }>(
    `select to_regclass('graphile_worker.migrations') is not null as here`,
  )
  if (rows[0]!.here) {
    const latest = await client.query<{ id: number | null }>(
      'select max(id) as id from graphile_worker.migrations',
    )
    if ((latest.rows[0]!.id ?? 0) >= LATEST_JOBS_MIGRATION) return
  }
  const { Logger, runMigrations } = await import('graphile-worker')
  const pool = openPool(url, { role: 'drawdown_owner', connections: 1, settings: NO_LIMIT })
  try {
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => {}) })
  } finally {
    await pool.end()
  }
}

async function applyMigrations(client: pg.Client, folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql'))
  if (await allApplied(client, files)) return []
  const { runner } = await import('node-pg-migrate')
  const applied = await runner({
    dbClient: client,
    dir: folder,
    ignorePattern: '(?!.*\\.sql$).*',
    direction: 'up',
    migrationsTable: 'schema_migrations',
    checkOrder: true,
    singleTransaction: true,
    // The lock above already lets in one at a time, and makes the others wait where this one would make them fail.
    noLock: true,
    log: () => {},
  })
  return applied.map(({ name }) => name)
}

async function allApplied(client: pg.Client, files: string[]): Promise<boolean> {
  const { rows } = await client.query<{ here: boolean }>(
    `select to_regclass('public.schema_migrations') is not null as here`,
  )
  if (!rows[0]!.here) return files.length === 0
  const known = await client.query<{ name: string }>('select name from public.schema_migrations')
  const names = new Set(known.rows.map((row) => row.name))
  return files.every((file) => names.has(file.replace(/\.sql$/, '')))
}

/** Replaces all functions and views in one transaction, in the order of their file names. */
async function replaceFunctions(client: pg.Client, folder: string, migrated: boolean): Promise<void> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  const digest = createHash('sha256')
    .update(JSON.stringify([names, texts]))
    .digest('hex')
  await client.query('create table if not exists public.schema_functions (digest text primary key)')
  const { rows } = await client.query<{ digest: string }>('select digest from public.schema_functions')
  if (!migrated && rows[0]?.digest === digest) return
  await client.query('begin')
  try {
    for (const [index, text] of texts.entries()) {
      await client.query(text).catch((fault: unknown) => {
        throw new Error(`functions/${names[index]}: ${(fault as Error).message}`, { cause: fault })
      })
    }
    await client.query('delete from public.schema_functions')
    await client.query('insert into public.schema_functions (digest) values ($1)', [digest])
    await client.query('commit')
  } catch (fault) {
    await client.query('rollback')
    throw fault
  }
}
