import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'

/**
 * Rule R32 and R8, read from the catalogue of a migrated database: what Postgres itself will keep, whatever the program does.
 */

/** No account owns these. A new table stands here only after somebody asked whether it really is nobody's. */
const OF_NO_ACCOUNT = [
  'operations',
  'plans',
  'plan_versions',
  'plan_prices',
  'operators',
  'operator_keys',
  'kept_answers',
  'mails',
  'seller_versions',
  'provider_events',
  'rehearsals',
  'sandbox_charges',
  'schema_migrations',
  'schema_functions',
  'usage_archives',
]
/** Read before an account is known, so keyed by what is looked up. */
const DIRECTORY = /_directory$/
/** Rows that the application may add and never touch again (rule R30). */
const BOOKS = [
  'ledger_transactions',
  'ledger_entries',
  'usage_keys',
  'usage_records',
  'usage_checkpoints',
  'subscription_versions',
  'credit_notes',
  'credit_note_lines',
  'usage_corrections',
  'outbox_events',
  'seller_versions',
  'billing_details',
]

let test_: TestDatabase
let client: pg.Client

beforeAll(async () => {
  test_ = await createTestDatabase()
  client = new pg.Client({ connectionString: test_.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await test_.drop()
})

test('every table is of an account, or known to be of none', async () => {
  expect((await tablesWithoutAccount()).filter((name) => !OF_NO_ACCOUNT.includes(name))).toEqual([])
})

test('account_id comes first in the primary key of what an account owns', async () => {
  const keys = await select<{ name: string; first: string | null }>(`
    select c.relname as name,
           (select a.attname from pg_constraint k join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
             where k.conrelid = c.oid and k.contype = 'p') as first
      from ${ACCOUNT_TABLES}`)
  expect(keys.length).toBeGreaterThan(10)
  expect(keys.filter(({ name, first }) => !DIRECTORY.test(name) && first !== 'account_id')).toEqual([])
})

/** Also of unique indexes: a cluster can keep a key within one account only. */
const UNIQUE_KEYS = `
  select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
   where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname not like '%\\_directory'
     and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id')
     and not exists (select from pg_attribute a
       where a.attrelid = c.oid and a.attnum = i.indkey[0] and a.attname = 'account_id')`

test('account_id comes first in every unique key of what an account owns', async () => {
  expect(await select(UNIQUE_KEYS)).toEqual([])
  await client.query('begin')
  await client.query(
    'create table planted (account_id uuid primary key, name text, unique (name, account_id))',
  )
  expect(await select(UNIQUE_KEYS)).toEqual([{ name: 'planted_name_account_id_key' }])
  await client.query('rollback')
})

test('row-level security is forced on it, with one policy for each of the two roles', async () => {
  expect(await tablesWithoutWalls()).toEqual([])
})

test('a planted table without walls is found', async () => {
  await client.query('begin')
  await client.query(
    'create table planted (account_id uuid primary key); grant select on planted to drawdown_tenant',
  )
  expect(await tablesWithoutWalls()).toEqual(['planted'])
  await client.query(`alter table planted enable row level security; alter table planted force row level security;
    create policy one_account on planted to drawdown_tenant using (true);
    create policy every_account on planted to drawdown_service using (true) with check (true)`)
  expect(await tablesWithoutWalls(), 'a tenant policy that lets everything through').toEqual(['planted'])
  await client.query('rollback')
})

test('references between tables of accounts begin with account_id', async () => {
  const references = await select<{ name: string; from_first: string; to_first: string }>(`
    select k.conname as name, f.attname as from_first, t.attname as to_first
      from pg_constraint k
      join pg_attribute f on f.attrelid = k.conrelid and f.attnum = k.conkey[1]
      join pg_attribute t on t.attrelid = k.confrelid and t.attnum = k.confkey[1]
     where k.contype = 'f'
       and exists (select from pg_attribute where attrelid = k.conrelid and attname = 'account_id')
       and exists (select from pg_attribute where attrelid = k.confrelid and attname = 'account_id')`)
  expect(references.length).toBeGreaterThan(5)
  expect(
    references.filter((one) => one.from_first !== 'account_id' || one.to_first !== 'account_id'),
  ).toEqual([])
})

test('nothing of the catalogue refers to an account', async () => {
  const references = await select(
    `
    select k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid
     where k.contype = 'f' and c.relname = any ($1)
       and exists (select from pg_attribute where attrelid = k.confrelid and attname = 'account_id')`,
    [OF_NO_ACCOUNT],
  )
  expect(references).toEqual([])
})

test('books are added to and never changed by the application', async () => {
  const rights = await select(
    `
    select table_name, grantee, privilege_type from information_schema.role_table_grants
     where table_name = any ($1) and grantee in ('drawdown_tenant', 'drawdown_service', 'PUBLIC')
       and privilege_type not in ('SELECT', 'INSERT')`,
    [BOOKS],
  )
  expect(rights).toEqual([])
  const there = await select<{ name: string }>(
    `select relname as name from pg_class where relname = any ($1)`,
    [BOOKS],
  )
  expect(there.map(({ name }) => name).sort()).toEqual([...BOOKS].sort())
})

test('a view shows what the one who asks may see, not what its owner may', async () => {
  const VIEWS = `select relname as name from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace
    and reloptions @> array['security_invoker=true'] is not true`
  expect(await select(VIEWS)).toEqual([])
  await client.query('begin')
  await client.query('create view planted as select account_id from accounts')
  expect(await select(VIEWS)).toEqual([{ name: 'planted' }])
  await client.query('rollback')
})

test('neither role owns anything or stands above row-level security', async () => {
  expect(
    await select(`
      select rolname from pg_roles
       where rolname in ('drawdown_tenant', 'drawdown_service')
         and (rolsuper or rolbypassrls or rolcanlogin or rolcreaterole
              or exists (select from pg_class where relowner = pg_roles.oid)
              or exists (select from pg_auth_members where member = pg_roles.oid))`),
  ).toEqual([])
})

test('no column is a float or a money, and amounts are bigint micros', async () => {
  const columns = await select<{ column: string; type: string }>(`
    select table_name || '.' || column_name as column, data_type as type
      from information_schema.columns where table_schema = 'public'`)
  expect(columns.filter(({ type }) => ['real', 'double precision', 'money'].includes(type))).toEqual([])
  expect(columns.filter(({ column, type }) => column.endsWith('_micros') && type !== 'bigint')).toEqual([])
  const amounts = /(^|_|\.)(amount|balance|cost|overage|fee|price|discount|credits|consideration)$/
  expect(columns.filter(({ column, type }) => amounts.test(column) && !type.startsWith('text'))).toEqual([])
})

const ACCOUNT_TABLES = `pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id')`

async function tablesWithoutAccount(): Promise<string[]> {
  const tables = await select<{ name: string }>(`
    select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id')`)
  return tables.map(({ name }) => name)
}

/** A partition that no role but its owner may touch is reached through its parent, whose walls then hold. */
async function tablesWithoutWalls(): Promise<string[]> {
  const tables = await select<{ name: string }>(`
    select c.relname as name from ${ACCOUNT_TABLES}
      and not (c.relispartition and not has_table_privilege('drawdown_tenant', c.oid, 'select, insert, update, delete')
                                and not has_table_privilege('drawdown_service', c.oid, 'select, insert, update, delete'))
      and not (c.relrowsecurity and c.relforcerowsecurity
        and (select array_agg(r.rolname || ' ' || pg_get_expr(p.polqual, c.oid) order by r.rolname)
               from pg_policy p join pg_roles r on r.oid = any (p.polroles) where p.polrelid = c.oid)
          = array['drawdown_service true',
                  'drawdown_tenant (account_id = (NULLIF(current_setting(''drawdown.account_id''::text, true), ''''::text))::uuid)']
        and (select count(*) from pg_policy p where p.polrelid = c.oid) = 2
        and not exists (select from pg_policy p where p.polrelid = c.oid
                         and (p.polcmd <> '*' or pg_get_expr(p.polwithcheck, c.oid) is distinct from pg_get_expr(p.polqual, c.oid))))`)
  return tables.map(({ name }) => name)
}

async function select<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await client.query<Row>(text, values)).rows
}
