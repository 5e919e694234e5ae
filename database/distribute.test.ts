import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { distribute } from './distribute.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

/** No Citus is at hand where these tests run: what is tested is the plan, and that it is refused without the extension. What a cluster said to it: decisions/091. */
let database: TestDatabase
let client: pg.Client
let plan: string[]
beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const answer = await distribute(database.url, { dryRun: true })
  plan = answer.ok ? answer.statements : []
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

const placeOf = (table: string) => plan.findIndex((statement) => statement.includes(`table('${table}'`))

test('without the extension it is refused, and nothing changes', async () => {
  const settings = () =>
    client.query(
      'select setconfig from pg_db_role_setting s join pg_database d on d.oid = setdatabase where datname = current_database()',
    )
  const before = (await settings()).rows
  expect(await distribute(database.url, { dryRun: false })).toMatchObject({
    ok: false,
    refusal: 'citus_absent',
    detail: expect.stringContaining('create extension citus'),
  })
  expect((await settings()).rows).toEqual(before)
})

test('the catalogue is copied to every node, first', () => {
  const references = plan.filter((statement) => statement.includes('create_reference_table'))
  expect(references.map((statement) => /'(\w+)'/.exec(statement)![1]).sort()).toEqual(
    expect.arrayContaining(['operations', 'plan_prices', 'plan_versions', 'plans']),
  )
  expect(plan.indexOf(references.at(-1)!)).toBeLessThan(placeOf('accounts'))
  expect(placeOf('plans')).toBeLessThan(placeOf('plan_versions'))
  for (const mine of ['operators', 'operator_keys', 'schema_migrations']) expect(placeOf(mine)).toBe(-1)
})

test('every table that an account owns is beside its account; directories and partitions are not named', async () => {
  const { rows } = await client.query<{ name: string; partition: boolean }>(`
    select c.relname as name, c.relispartition as partition from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id')`)
  expect(rows.length).toBeGreaterThan(20)
  for (const { name, partition } of rows) {
    const stays = partition || name.endsWith('_directory')
    expect(plan.filter((statement) => statement.includes(`table('${name}'`)).length, name).toBe(stays ? 0 : 1)
    if (!stays && name !== 'accounts')
      expect(plan[placeOf(name)]).toContain(`'account_id', colocate_with => 'accounts'`)
  }
})

test('each comes after what it refers to', async () => {
  const { rows } = await client.query<{ from: string; to: string }>(`
    select conrelid::regclass::text as "from", confrelid::regclass::text as "to" from pg_constraint
    where contype = 'f' and conrelid <> confrelid and connamespace = 'public'::regnamespace`)
  const both = rows.filter(({ from, to }) => placeOf(from) >= 0 && placeOf(to) >= 0)
  expect(both.length).toBeGreaterThan(10)
  for (const { from, to } of both) expect(placeOf(to), `${from} → ${to}`).toBeLessThan(placeOf(from))
})

test('"set local" reaches the nodes, where row-level security reads the account', () => {
  expect(plan[0]).toMatch(/^alter database \S+ set citus.propagate_set_commands = 'local'$/)
  expect(plan[1]).toMatch(/^alter database \S+ set citus.multi_shard_modify_mode = 'sequential'$/)
})

test('references are out of the way while tables move, and are there again afterwards', () => {
  const words = (begin: string, verb: string) =>
    plan.filter((one) => one.startsWith(begin) && one.includes(verb)).map((one) => one.split(' ')[5]!)
  const dropped = words('alter table', 'drop constraint')
  const added = words('alter table', 'add constraint')
  expect(dropped.length).toBeGreaterThan(20)
  const lastDropped = plan.findLastIndex((one) => one.includes('drop constraint'))
  const firstAdded = plan.findIndex((one) => one.includes('add constraint'))
  expect(lastDropped).toBeLessThan(placeOf('accounts'))
  expect(firstAdded).toBeGreaterThan(placeOf('usage_records'))
  expect(new Set(dropped)).toEqual(new Set(added))
})
