/**
 * Opens connection pools whose every session already is the role it may be.
 *
 * Called by connect.ts for the two roles of a transaction, and directly only by what insists on a driver pool of its own: the
 * identity library (drawdown_service, schema `auth`) and the runner of background jobs (drawdown_owner, who owns its tables).
 *
 * 1. The role stands in the start-up packet, so it costs no round trip, and `reset role` leads back to it, not to the login.
 * 2. int8 is a bigint and numeric stays text: no amount passes through a `number`. Dates without a time stay text as well.
 * 3. A connection that dies while nobody uses it is reported and replaced; it never ends the process.
 *
 * Not here: transactions (connect.ts), creating the roles (roles.ts).
 */
import pg from 'pg'

export type Role = 'drawdown_owner' | 'drawdown_tenant' | 'drawdown_service'

export type PoolOptions = {
  role: Role
  /** Most connections open at once. Postgres itself allows 100 by default, for all processes together. */
  connections?: number
  /** Schemas searched for unqualified names; `public` when absent. */
  searchPath?: string
  /** Further settings of each session, by their Postgres names. */
  settings?: Record<string, string>
  /** Statements are sent without waiting for the answer to the one before. Postgres runs them in order all the same. */
  pipeline?: boolean
  /** Told of connections that broke while idle. */
  onFault?: (fault: Error) => void
}

/** A lock held for ever or a forgotten `where` ends here instead of holding an account's row until someone looks. */
export const STATEMENT_TIMEOUT_MS = 30_000
/** Rule R29 forbids anything slow inside a transaction; whoever is silent for this long inside one has hung. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000
/** How long a caller waits for a free connection before it is told that there is none. */
const CONNECTION_WAIT_MS = 15_000

/** A pool of sessions under one role. The caller ends it. Opens nothing before the first query. */
export function openPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...sessionConfig(url, options),
    pipeline: options.pipeline ?? false,
    max: options.connections ?? 10,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  })
  const report = options.onFault ?? (() => {})
  pool.on('error', report)
  // A client in somebody's hands reports through its pending query; without a listener the same fault would end the process.
  pool.on('connect', (client) => client.on('error', report))
  return pool
}

/** What a single client or a pool needs to be a session of that role. */
export function sessionConfig(
  url: string,
  options: Pick<PoolOptions, 'role' | 'searchPath' | 'settings'>,
): pg.ClientConfig {
  const settings = {
    role: options.role,
    search_path: options.searchPath ?? 'public',
    TimeZone: 'UTC',
    statement_timeout: String(STATEMENT_TIMEOUT_MS),
    idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_TIMEOUT_MS),
    ...options.settings,
  }
  return {
    connectionString: withSettings(url, settings),
    types: parsers,
    application_name: `drawdown ${options.role}`,
  }
}

/**
 * The URL with the settings added to its `options`. They must go into the URL: the driver lets a URL's own `options` win over
 * the configuration beside it, so that an operator's `?options=` would silently take the role away.
 */
function withSettings(url: string, settings: Record<string, string>): string {
  const address = new URL(url)
  const flags = Object.entries(settings).map(
    ([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`,
  )
  const given = address.searchParams.get('options')
  address.searchParams.set('options', [...(given === null ? [] : [given]), ...flags].join(' '))
  // The driver's parser reads %20 but not the + that URLSearchParams writes for a space.
  address.search = address.searchParams.toString().replaceAll('+', '%20')
  return address.toString()
}

const asText = (text: string): string => text

/** By type number of pg_type. Arrays come as the driver parses them, element by element. */
const ownParsers = new Map<number, (text: string) => unknown>([
  [20, BigInt], // int8
  [1016, (text) => arrayOf(text, BigInt)], // int8[]
  [1231, (text) => arrayOf(text, asText)], // numeric[]
  [1082, asText], // date: a calendar day has no instant, the driver would make it local midnight
  [1182, (text) => arrayOf(text, asText)], // date[]
  [1114, asText], // timestamp without time zone: an instant that nobody can name
])

const parsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    const own = format === 'binary' ? undefined : ownParsers.get(oid)
    return own ?? pg.types.getTypeParser(oid, format as 'text')
  }) as typeof pg.types.getTypeParser,
}

/** A one-dimensional or nested array of scalars that contain no comma, quote or brace: numbers and dates. */
function arrayOf(text: string, parse: (element: string) => unknown): unknown[] {
  const json = text
    .slice(text.indexOf('{'))
    .replace(/[^{},]+/g, (element) => (element === 'NULL' ? 'null' : `"${element}"`))
    .replaceAll('{', '[')
    .replaceAll('}', ']')
  const walk = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(walk) : value === null ? null : parse(String(value))
  return walk(JSON.parse(json)) as unknown[]
}
