import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect } from './connect.ts'
import { type MigrateOptions, migrate } from './migrate.ts'
import { openPool } from './pool.ts'
import { RolesNotReady } from './roles.ts'
import { createDatabase, createTestDatabase, dropDatabase, type TestDatabase } from './test-database.ts'

const ACCOUNT = '0198c0de-0000-7000-8000-00000000000a'

/** A migrated database, and beside it an empty one for each test with folders of its own. */
let migrated: TestDatabase
let folder: string
let options: Required<MigrateOptions>
let name: string
let url: string

beforeAll(async () => {
  migrated = await createTestDatabase()
})

afterAll(async () => {
  await dropDatabase(migrated.url, name)
  rmSync(folder, { recursive: true, force: true })
  await migrated?.drop()
})

beforeEach(async () => {
  if (name !== undefined) await dropDatabase(migrated.url, name)
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = mkdtempSync(join(tmpdir(), 'drawdown-migrations-'))
  options = { migrationsFolder: join(folder, 'migrations'), functionsFolder: join(folder, 'functions') }
  mkdirSync(options.migrationsFolder)
  mkdirSync(options.functionsFolder)
  name = `drawdown_migrate_${process.pid}_${Date.now()}`
  url = await createDatabase(migrated.url, name)
})

const migration = (file: string, text: string) =>
  writeFileSync(join(options.migrationsFolder, file), `-- Up Migration\n${text}`)
const functionFile = (file: string, text: string) => writeFileSync(join(options.functionsFolder, file), text)

async function ask(text: string, address = url): Promise<unknown[]> {
  const owner = openPool(address, { role: 'drawdown_owner', connections: 1 })
  try {
    return (await owner.query({ text, rowMode: 'array' })).rows.flat()
  } finally {
    await owner.end()
  }
}

test('what the folders say is applied once, by the owner', async () => {
  migration(
    '0001_create_a.sql',
    'create table a (id int primary key); create schema other; create table other.b (id int);',
  )
  migration('0002_fill_a.sql', 'insert into a values (1);')
  functionFile('one.sql', "create or replace function one() returns int language sql as 'select 1';")
  expect(await migrate(url, options)).toEqual({ applied: ['0001_create_a', '0002_fill_a'] })
  expect(await migrate(url, options)).toEqual({ applied: [] })
  expect(await ask('select one() from a')).toEqual([1])
  const owners = `select distinct pg_get_userbyid(relowner) from pg_class join pg_namespace n on n.oid = relnamespace
                   where nspname !~ '^pg_|information_schema'`
  expect(await ask(owners)).toEqual(['drawdown_owner'])
})

test('of many that come at once, one migrates and the others find it done', async () => {
  migration('0001_create_a.sql', 'create table a (id int); select pg_sleep(0.2);')
  functionFile('one.sql', "create or replace function one() returns int language sql as 'select 1';")
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => migrate(url, options)))
  expect(outcomes.filter(({ applied }) => applied.length > 0)).toEqual([{ applied: ['0001_create_a'] }])
  expect(await ask('select one()')).toEqual([1])
})

test('databases of one cluster migrated at once do not quarrel over the roles they share', async () => {
  const others = await Promise.all(
    ['x', 'y', 'z'].map((letter) => createDatabase(migrated.url, `${name}_${letter}`)),
  )
  try {
    await Promise.all(others.map((other) => migrate(other, options)))
  } finally {
    for (const letter of ['x', 'y', 'z']) await dropDatabase(migrated.url, `${name}_${letter}`)
  }
})

test('of a migration that fails, and of those before it in the same run, nothing remains', async () => {
  migration('0001_create_a.sql', 'create table a (id int);')
  migration('0002_broken.sql', 'create table b (id int); select no_such_function();')
  await expect(migrate(url, options)).rejects.toThrow('no_such_function')
  expect(await ask("select to_regclass('a'), to_regclass('b')")).toEqual([null, null])
  migration('0002_broken.sql', 'create table b (id int);')
  expect(await migrate(url, options)).toEqual({ applied: ['0001_create_a', '0002_broken'] })
})

test('a function is replaced when its file changed, and made again when a migration dropped it', async () => {
  functionFile('one.sql', "create or replace function one() returns int language sql as 'select 1';")
  await migrate(url, options)
  functionFile('one.sql', "create or replace function one() returns int language sql as 'select 11';")
  await migrate(url, options)
  expect(await ask('select one()')).toEqual([11])
  migration('0001_drop_one.sql', 'drop function one();')
  await migrate(url, options)
  expect(await ask('select one()')).toEqual([11])
  functionFile('one.sql', 'create or replace function nonsense')
  await expect(migrate(url, options)).rejects.toThrow('functions/one.sql: syntax error')
  expect(await ask('select one()')).toEqual([11])
})

test('with nothing to do it answers at once', async () => {
  const times: number[] = []
  for (let round = 0; round < 5; round++) {
    const began = performance.now()
    await migrate(migrated.url)
    times.push(performance.now() - began)
  }
  // Loosely, for a machine under load; it is some 30 ms on a quiet one.
  expect(Math.min(...times)).toBeLessThan(500)
})

test('an account and the service may enqueue a job with their transaction, and touch the queue in no other way', async () => {
  const db = connect(migrated.url)
  const enqueue = (key: string) => [`select enqueue_job('mail', '{"to":"a"}', $1)`, [key]] as const
  await db.asTenant(ACCOUNT, (tx) => tx.query(...enqueue('kept')))
  await db.asService((tx) => tx.query(...enqueue('kept')))
  await db.asTenant(ACCOUNT, (tx) => tx.query(...enqueue('undone')), { rollback: true })
  expect(await ask('select key, task_identifier from graphile_worker.jobs', migrated.url)).toEqual([
    'kept',
    'mail',
  ])
  for (const attempt of [
    `select graphile_worker.add_job('mail')`,
    'select * from graphile_worker._private_jobs',
    'delete from graphile_worker._private_jobs',
  ]) {
    await expect(db.asTenant(ACCOUNT, (tx) => tx.query(attempt))).rejects.toThrow('permission denied')
    await expect(db.asService((tx) => tx.query(attempt))).rejects.toThrow('permission denied')
  }
  await db.close()
})

test('a login that may not create roles is told what an administrator has to run, and needs no more than that', async () => {
  const admin = new pg.Client({ connectionString: url })
  admin.on('error', () => {})
  await admin.connect()
  const login = `drawdown_weak_${process.pid}`
  await admin.query(`create role ${login} login password 'weak'`)
  const weak = new URL(url)
  weak.username = login
  weak.password = 'weak'
  try {
    const refusal = await migrate(weak.toString(), options).catch((fault: unknown) => fault)
    if (!(refusal instanceof RolesNotReady)) throw refusal
    expect(refusal.message).toContain('Let a database administrator run this once')
    await admin.query(refusal.statements)
    migration('0001_create_a.sql', 'create table a (id int);')
    expect(await migrate(weak.toString(), options)).toEqual({ applied: ['0001_create_a'] })
    const db = connect(weak.toString())
    expect(await db.asService((tx) => tx.query('select current_user::text as name'))).toEqual([
      { name: 'drawdown_service' },
    ])
    await db.close()
  } finally {
    await admin.query(`drop role ${login}`)
    await admin.end()
  }
})

test('released migrations have distinct numbers and say why', () => {
  const files = readdirSync(join(import.meta.dirname, 'migrations')).filter((file) => file.endsWith('.sql'))
  const numbers = files.map((file) => file.slice(0, 4))
  expect(files.filter((file) => !/^\d{4}_[a-z0-9_]+\.sql$/.test(file))).toEqual([])
  expect(new Set(numbers).size).toBe(files.length)
})
