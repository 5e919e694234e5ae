/**
 * Test databases on a Citus cluster, where TEST_DATABASE_URL names its coordinator.
 *
 * Called by test-cluster.ts and test-database.ts. A database of a cluster cannot be copied from a template: each is made on every node,
 * prepared as docs/operating.md says (Many machines), migrated and distributed, which takes some seconds.
 */
import pg from 'pg'
import { distribute } from './distribute.ts'
import { migrate } from './migrate.ts'

/** Stands for the template where there can be none. */
export const CITUS = 'citus'

/** Whether the database of the URL is one of a coordinator with other nodes. */
export async function isCoordinator(url: string): Promise<boolean> {
  const [row] = await query<{ citus: boolean }>(
    url,
    "select exists (select from pg_extension where extname = 'citus') as citus",
  )
  return row!.citus && (await listNodes(url)).length > 0
}

/** Makes the database on every node, migrated and distributed; answers its URL. */
export async function createDistributed(url: string, name: string): Promise<string> {
  const nodes = [url, ...(await listNodes(url))]
  for (const node of nodes) {
    await query(node, PREPARE_ROLES)
    await query(node, `create database ${name} template template0`)
    await query(withName(node, name), `create extension citus; ${prepareDatabase(name)}`)
  }
  const own = withName(url, name)
  const { hostname, port } = new URL(url)
  await query(own, `select citus_set_coordinator_host('${hostname}', ${port})`)
  for (const node of nodes.slice(1)) {
    const { hostname: host, port: at } = new URL(node)
    await query(own, `select citus_add_node('${host}', ${at})`)
  }
  await migrate(own)
  const answer = await distribute(own, { dryRun: false })
  if (!answer.ok) throw new Error(answer.detail)
  return own
}

// As docs/operating.md has an administrator do it. Nodes speak to each other as the role that a transaction has.
const PREPARE_ROLES = `
  set citus.enable_alter_role_propagation = off; set citus.enable_create_role_propagation = off;
  do $$ declare name text; begin
    foreach name in array array['drawdown_owner', 'drawdown_tenant', 'drawdown_service'] loop
      if not exists (select from pg_roles where rolname = name) then execute format('create role %I', name); end if;
      if not (select rolcanlogin from pg_roles where rolname = name) then execute format('alter role %I login', name); end if;
    end loop;
  end $$`
const prepareDatabase = (name: string) => `
  grant create on database ${name} to drawdown_owner;
  grant usage, create on schema public to drawdown_owner;
  grant usage on schema public to drawdown_tenant, drawdown_service`

export async function dropDistributed(url: string, name: string): Promise<void> {
  for (const node of [url, ...(await listNodes(url))])
    await query(node, `drop database if exists ${name} with (force)`)
}

/** The other nodes, as URLs of the same login and database. */
async function listNodes(url: string): Promise<string[]> {
  const nodes = await query<{ host: string; port: number }>(
    url,
    'select nodename as host, nodeport as port from pg_dist_node where groupid <> 0 order by nodeid',
  )
  return nodes.map(({ host, port }) => {
    const address = new URL(url)
    address.hostname = host
    address.port = String(port)
    return address.toString()
  })
}

function withName(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.toString()
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
