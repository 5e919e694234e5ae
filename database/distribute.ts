/**
 * Turns a database with the Citus extension into a distributed one.
 *
 * Called by `drawdown distribute` (jobs/distribute-command.ts), once, while no server is running.
 *
 *   catalogue, and whatever it or an account's table refers to without an account_id ─▶ reference tables, copied to every node
 *   accounts, then every table that an account owns, in the order of references      ─▶ distributed by account_id, beside each other
 *   directories, operators, people, the job queue                                    ─▶ stay on the coordinator
 *
 * 1. The plan is read from the catalogue of the database: a new table needs no line here. tidy/schema.test.ts keeps what it rests on.
 * 2. All in one transaction, and only if every table then holds as many rows as before.
 * 3. What is distributed already is left alone, so it can be repeated after a migration has brought new tables.
 *
 * Not here: installing Citus and adding nodes; both are an administrator's.
 */
import pg from 'pg'

export type Distributed =
  /** `statements` are those that were run, or that would be. */
  { ok: true; statements: string[] } | { ok: false; refusal: 'citus_absent'; detail: string }

/** Of the statements, those before the transaction. */
const SETTINGS = 3

type Table = {
  name: string
  owned: boolean
  directory: boolean
  triggers: boolean
  references: string[]
}

/** Answers what it did; with `dryRun` what it would do, which needs no extension. Throws what Postgres says; then nothing has changed. */
export async function distribute(url: string, { dryRun }: { dryRun: boolean }): Promise<Distributed> {
  const client = new pg.Client({ connectionString: url, application_name: 'drawdown distribute' })
  client.on('error', () => {})
  await client.connect()
  try {
    const extension = await client.query("select 1 from pg_extension where extname = 'citus'")
    const here = extension.rows.length > 0
    const statements = await planDistribution(client, here)
    if (dryRun) return { ok: true, statements }
    if (!here) return { ok: false, refusal: 'citus_absent', detail: ABSENT }
    await runAll(client, statements)
    return { ok: true, statements }
  } finally {
    await client.end()
  }
}

const ABSENT =
  'This database does not have the extension citus. Install Citus on every node, run "create extension citus" here and on them, ' +
  'add the nodes with citus_add_node, and try again. Nothing was changed.'

async function planDistribution(client: pg.Client, here: boolean): Promise<string[]> {
  const done = here
    ? (
        await client.query<{ name: string }>(
          'select logicalrelid::regclass::text as name from pg_dist_partition',
        )
      ).rows
    : []
  const isDone = new Set(done.map(({ name }) => name))
  const tables = inOrder((await client.query<Table>(TABLES)).rows)
  const distributed = tables.filter(({ owned, directory }) => owned && !directory)
  const references = referenceTables(tables)
  const moving = [...references, ...distributed].filter(({ name }) => !isDone.has(name))
  const keys = await readForeignKeys(client, moving)
  const placed = new Set(distributed.map(({ name }) => name))
  const [database] = (await client.query<{ name: string }>('select quote_ident(current_database()) as name'))
    .rows
  return [
    // Forced row-level security reads drawdown.account_id on the nodes, where "set local" has to arrive.
    `alter database ${database!.name} set citus.propagate_set_commands = 'local'`,
    // One connection a node, so that what one statement of a transaction did to a shard is seen by the next.
    `alter database ${database!.name} set citus.multi_shard_modify_mode = 'sequential'`,
    // Not of this session, though: Citus keeps its own books there as a superuser, and must not be made a role of ours.
    `set citus.propagate_set_commands = 'none'`,
    `set local citus.multi_shard_modify_mode = 'sequential'`,
    // A table cannot move while one that has not moved refers to it.
    ...keys.map(({ table, name }) => `alter table ${table} drop constraint ${name}`),
    // The triggers of these tables look at the rows of their own statement and account alone, which are all on one node.
    ...(distributed.some(({ triggers }) => triggers) ? ['set local citus.enable_unsafe_triggers = on'] : []),
    ...references
      .filter(({ name }) => !isDone.has(name))
      .map(({ name }) => `select create_reference_table('${name}')`),
    ...distributed
      .filter(({ name }) => !isDone.has(name))
      .map(({ name }) =>
        name === 'accounts'
          ? `select create_distributed_table('accounts', 'account_id')`
          : `select create_distributed_table('${name}', 'account_id', colocate_with => 'accounts')`,
      ),
    // From a table that stays on the coordinator to one that moved there can be no reference.
    ...keys
      .filter(({ table, target }) => placed.has(table) || !placed.has(target))
      .map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
  ]
}

type ForeignKey = { table: string; target: string; name: string; definition: string }

/** Those from or to the tables. */
async function readForeignKeys(client: pg.Client, tables: readonly Table[]): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select k.conrelid::regclass::text as "table", k.confrelid::regclass::text as target, quote_ident(k.conname) as name,
       pg_get_constraintdef(k.oid) as definition
     from pg_constraint k
     where k.contype = 'f' and k.conparentid = 0 and k.connamespace = 'public'::regnamespace
       and (k.conrelid::regclass::text = any ($1) or k.confrelid::regclass::text = any ($1)) order by 1, 3`,
    [tables.map(({ name }) => name)],
  )
  return rows
}

/** Partitions go with their parents. `references` are the tables that its foreign keys name. */
const TABLES = `
  select c.relname as name,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id') as owned,
    c.relname like '%\\_directory' as directory,
    exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as triggers,
    array(select distinct k.confrelid::regclass::text from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as "references"
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname <> 'accounts', c.relname`

/** Each after what it refers to. */
function inOrder(tables: readonly Table[]): Table[] {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const ordered = new Set<Table>()
  const visit = (table: Table) => {
    for (const name of table.references) {
      const referred = byName.get(name)
      if (referred && !ordered.has(referred)) visit(referred)
    }
    ordered.add(table)
  }
  for (const table of tables) visit(table)
  return [...ordered]
}

/** Tables of no account that tables of accounts refer to, and all that hang together with those. */
function referenceTables(tables: readonly Table[]): Table[] {
  const common = tables.filter(({ owned }) => !owned)
  const wanted = new Set(tables.filter(({ owned }) => owned).flatMap(({ references }) => references))
  for (let size = -1; size !== wanted.size; ) {
    size = wanted.size
    for (const { name, references } of common) {
      if (wanted.has(name)) for (const referred of references) wanted.add(referred)
      else if (references.some((referred) => wanted.has(referred))) wanted.add(name)
    }
  }
  return common.filter(({ name }) => wanted.has(name))
}

async function runAll(client: pg.Client, all: readonly string[]): Promise<void> {
  const [settings, statements] = [all.slice(0, SETTINGS), all.slice(SETTINGS)]
  for (const setting of settings) await client.query(setting)
  await client.query('begin')
  try {
    await client.query('set local role drawdown_owner')
    // Who moves rows sees all of them: their owner, who while row-level security is forced sees none.
    const walled = await listWalled(client)
    for (const name of walled) await client.query(`alter table ${name} no force row level security`)
    const before = await countRows(client)
    for (const statement of statements) {
      await client.query(statement).catch((fault: Error) => {
        throw new Error(`${statement}: ${fault.message}`, { cause: fault })
      })
    }
    const after = await countRows(client)
    if (before !== after) throw new Error(`Rows were lost on the way: ${before} before, ${after} after`)
    for (const name of walled) await client.query(`alter table ${name} force row level security`)
    await client.query('commit')
  } catch (fault) {
    await client.query('rollback')
    throw fault
  }
}

/** Partitions as well: each is moved by itself. */
async function listWalled(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relforcerowsecurity`,
  )
  return rows.map(({ name }) => name)
}

async function countRows(client: pg.Client): Promise<string> {
  const tables = inOrder((await client.query<Table>(TABLES)).rows).filter(({ owned }) => owned)
  const counts: string[] = []
  for (const { name } of tables) {
    const { rows } = await client.query<{ count: string }>(`select count(*)::text as count from ${name}`)
    counts.push(`${name} ${rows[0]!.count}`)
  }
  return counts.join(', ')
}
