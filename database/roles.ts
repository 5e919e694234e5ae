/**
 * Makes sure of the three roles of rule R32 and of what the login and the roles may do in this database.
 *
 * Called by migrate.ts before anything else, on every start.
 *
 * 1. drawdown_owner owns every table and cannot log in. drawdown_tenant and drawdown_service own nothing, cannot log in, and are
 *    neither superuser nor exempt from row-level security nor members of another role: the second wall between accounts.
 * 2. The login may become each of the three, and needs no right of its own.
 * 3. Only what is missing is done, so that a login without the right to create roles works once somebody else created them;
 *    when it may not, RolesNotReady carries the statements that a database administrator has to run.
 *
 * Not here: what the roles may do with a table (its migration says so) and the policies (likewise).
 */
import type pg from 'pg'

/** The login may not do what is missing. `statements` is what an administrator runs, once, in this database. */
export class RolesNotReady extends Error {
  override readonly name = 'RolesNotReady'
  readonly statements: string

  constructor(statements: string, cause: unknown) {
    super(
      `The login of DATABASE_URL may not prepare the database's roles. Let a database administrator run this once in that database, then start again:\n\n${statements}\n`,
      { cause },
    )
    this.statements = statements
  }
}

/** Another process is creating the same roles, which belong to the whole cluster and so have no lock of ours. */
const RACE_CODES = ['42710', '23505', 'XX000', '40001', '40P01']
const INSUFFICIENT_PRIVILEGE = '42501'
const MOST_ATTEMPTS = 10

/** Idempotent, safe beside others doing the same. Throws RolesNotReady, or that a role is more powerful than it may be. */
export async function ensureRoles(client: pg.Client): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const missing = await missingStatements(client)
    try {
      for (const statement of missing) await client.query(statement)
      break
    } catch (fault) {
      const { code } = fault as { code?: string }
      if (code === INSUFFICIENT_PRIVILEGE) throw new RolesNotReady(`${missing.join(';\n')};`, fault)
      if (attempt >= MOST_ATTEMPTS || !RACE_CODES.includes(code ?? '')) throw fault
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt * Math.random()))
    }
  }
  await refusePowerfulRoles(client)
}

type State = {
  login: string
  database: string
  version: number
  superuser: boolean
  roles: string[]
  settable: string[]
  owner_creates: boolean
  owner_public: boolean
  tenant_public: boolean
  service_public: boolean
  public_open: boolean
}

/** The statements that are still needed, in order. */
async function missingStatements(client: pg.Client): Promise<string[]> {
  const state = await readState(client)
  const login = client.escapeIdentifier(state.login)
  const database = client.escapeIdentifier(state.database)
  const statements: string[] = []
  const need = (holds: boolean, statement: string) => holds || statements.push(statement)

  for (const role of ROLES) need(state.roles.includes(role), `create role ${role} nologin`)
  // From 16 on the login takes the role on only when it says so; before that, membership always brought its rights along.
  const option = state.version >= 160000 ? ' with inherit false, set true' : ''
  for (const role of ROLES) need(state.settable.includes(role), `grant ${role} to ${login}${option}`)
  need(state.owner_creates, `grant create on database ${database} to drawdown_owner`)
  need(state.owner_public, 'grant usage, create on schema public to drawdown_owner')
  need(state.tenant_public, 'grant usage on schema public to drawdown_tenant')
  need(state.service_public, 'grant usage on schema public to drawdown_service')
  need(!state.public_open, 'revoke create on schema public from public')
  return statements
}

const ROLES = ['drawdown_owner', 'drawdown_tenant', 'drawdown_service'] as const

async function readState(client: pg.Client): Promise<State> {
  // A superuser passes every privilege check, so what the login was granted is read from the catalogue, not asked for by name.
  const { rows } = await client.query<State>(`
    with role as (select oid, rolname from pg_roles where rolname in ('drawdown_owner', 'drawdown_tenant', 'drawdown_service')),
    grantee as (select (aclexplode(coalesce(nspacl, acldefault('n', nspowner)))).* from pg_namespace where nspname = 'public'),
    db as (select (aclexplode(coalesce(datacl, acldefault('d', datdba)))).* from pg_database where datname = current_database())
    select
      current_user::text as login,
      current_database()::text as database,
      current_setting('server_version_num')::int as version,
      (select rolsuper from pg_roles where rolname = current_user) as superuser,
      coalesce((select array_agg(rolname::text) from role), '{}') as roles,
      coalesce((select array_agg(rolname::text) from role where pg_has_role(current_user, oid,
        case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)), '{}') as settable,
      exists (select from db join role on oid = grantee where rolname = 'drawdown_owner' and privilege_type = 'CREATE') as owner_creates,
      (select count(*) = 2 from grantee join role on oid = grantee where rolname = 'drawdown_owner') as owner_public,
      exists (select from grantee join role on oid = grantee where rolname = 'drawdown_tenant' and privilege_type = 'USAGE') as tenant_public,
      exists (select from grantee join role on oid = grantee where rolname = 'drawdown_service' and privilege_type = 'USAGE') as service_public,
      exists (select from grantee where grantee = 0 and privilege_type = 'CREATE') as public_open`)
  return rows[0]!
}

/** Rule R32 would be a decoration under a role that row-level security does not bind. */
async function refusePowerfulRoles(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(`
    select rolname from pg_roles
     where rolname in ('drawdown_tenant', 'drawdown_service')
       and (rolsuper or rolbypassrls or rolcreaterole
            or exists (select from pg_auth_members where member = pg_roles.oid))`)
  if (rows.length === 0) return
  const names = rows.map((row) => row.rolname).join(', ')
  throw new Error(
    `${names}: superuser, createrole, bypassrls or member of another role, so the wall between accounts would not hold. Take that away: alter role … nosuperuser nocreaterole nobypassrls; revoke … from …`,
  )
}
