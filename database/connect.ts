/**
 * Transactions under one of the two roles of rule R32, and notifications. The only way from a room to the database.
 *
 * Called by ledger, automations, accounts, jobs and http's directory look-ups.
 *
 * 1. A transaction of an account sees that account's rows only: it runs as drawdown_tenant, who is neither superuser nor owner
 *    nor exempt from row-level security, and `drawdown.account_id` is set for this transaction alone. Role and account are said
 *    at every begin, so that whatever a statement did to its session ends with its transaction.
 * 2. Nothing leaves a transaction: a query issued after it ended is refused, and work that returns while one of its queries is
 *    still running is a bug, rolled back and thrown.
 * 3. Committed means committed: a transaction in which a statement failed is never reported as done, even if the failure was
 *    caught inside; when the connection breaks at the commit itself, OutcomeUnknown is thrown and nothing is repeated.
 * 4. Work that Postgres ends for another's sake (deadlock 40P01, serialization 40001) or because a migration changed a statement
 *    under it (0A000) is run again, four times in all at most; a transaction that cannot begin because the connection is gone is
 *    tried for eight seconds. So work must change nothing but the database.
 * 5. To begin costs no round trip: it travels with what work issues first. A snapshot, which changes nothing, is answered without waiting
 *    for its end.
 *
 *      open ──begin──▶ running ──commit──▶ committed        (a value is returned)
 *        ▲               │ ╰─connection lost at commit──▶ unknown  (OutcomeUnknown)
 *        ╰──retry────────╯ rollback ──▶ rolled back         (what work threw is thrown)
 *
 * Not here: which account a caller may act for (accounts), which rows a role may see (migrations), the login (roles.ts).
 */
import type { Writable } from 'node:stream'
import type pg from 'pg'
import { ASKS_WHETHER_SPREAD, Beforehand, beginningOnCluster, onCluster } from './cluster.ts'
import { openListener } from './listener.ts'
import { openPool } from './pool.ts'
import { StatementNames } from './statement-names.ts'

export type Transaction = {
  /**
   * One statement with `$1…` parameters; its rows in order. Statements of one transaction run one after another in the order
   * they were issued; those that are issued together travel together, in one round trip. int8 comes as bigint, numeric and date as text, timestamptz as Date, json parsed (never keep an amount
   * in json: it would pass through a number). bigint, Date and arrays of them are taken as they are; json must be given as text.
   */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Whether the tables lie on the nodes of a cluster (cluster.ts). */
  readonly isSpread: boolean
}

export type TransactionOptions = {
  /** Always roll back, also when work succeeds: how previews run the real thing. */
  rollback?: boolean
  /** Every statement sees the database as it was at the first, and none may write: for what is shown together. */
  snapshot?: boolean
  /**
   * Statements that are named keep one plan for all values. For what is done over and over with arrays of any length, by look-ups that are
   * right for all: else Postgres plans for each short array anew, which takes longer than running it.
   */
  keepsPlans?: boolean
}

export type Database = {
  /** One transaction under drawdown_tenant; row-level security shows it one account's rows only. Rolled back when work throws, or always with { rollback: true } (previews). */
  asTenant<T>(
    accountId: string,
    work: (tx: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>
  /** One transaction under drawdown_service (policy true). Only for booking batches, claiming, jobs, directory look-ups, operator routes. */
  asService<T>(
    work: (tx: Transaction) => Promise<T>,
    options?: Pick<TransactionOptions, 'rollback' | 'keepsPlans'>,
  ): Promise<T>
  /**
   * LISTEN on one shared connection per process, reconnecting by itself. Answers once it listens, with the function that ends
   * it. What is sent while the connection is down is lost: onReconnect says that it was, and whoever must not miss anything looks again then.
   */
  listen(channel: string, onPayload: (payload: string) => void, onReconnect?: () => void): Promise<() => void>
  /** Waits for running transactions, then closes every connection. */
  close(): Promise<void>
}

export type ConnectOptions = {
  /** Most connections per role. */
  connections?: number
  /** Told of connections that broke while nobody used them; their work is not lost, they are replaced. */
  onFault?: (fault: Error) => void
}

/** The connection broke while committing: whether the transaction holds is unknown, so it was not run again. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}

/** Whether a number was larger than its column or its type can hold: Postgres says 22003, the writing of a parameter throws. */
export function isOverflow(fault: unknown): boolean {
  const code = String((fault as { code?: unknown } | null)?.code ?? '')
  return code === '22003' || (fault instanceof RangeError && / is out of range of int8$/.test(fault.message))
}

/** No account has this id. Keeps `current_setting(…)::uuid` castable outside a transaction of an account: it then finds no row. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const KEEPING_PLANS = '; set local plan_cache_mode to force_generic_plan'

const MOST_ATTEMPTS = 4
/** An embedded Postgres that was killed is back within about a second; a connection that cannot be made is tried for this long. */
const RECONNECT_FOR_MS = 8_000

/** Opens nothing yet: the first transaction of each role does. */
export function connect(url: string, options: ConnectOptions = {}): Database {
  const onFault = options.onFault ?? (() => {})
  const connections = options.connections ?? 10
  const tenants = openPool(url, {
    role: 'drawdown_tenant',
    connections,
    pipeline: true,
    onFault,
    settings: { 'drawdown.account_id': NO_ACCOUNT },
  })
  const service = openPool(url, { role: 'drawdown_service', connections, pipeline: true, onFault })
  const listener = openListener(url, onFault)
  const names = new StatementNames()
  const place: Place = { isSpread: undefined }
  return {
    async asTenant(accountId, work, { rollback = false, snapshot = false, keepsPlans = false } = {}) {
      if (!UUID.test(accountId)) throw new Error(`Not the id of an account: ${JSON.stringify(accountId)}`)
      const kind = snapshot ? 'begin isolation level repeatable read, read only' : 'begin'
      const begin = `${kind}; set local role drawdown_tenant; set local drawdown.account_id to '${accountId}'${keepsPlans ? KEEPING_PLANS : ''}`
      return transact(
        { pool: tenants, names, place, begin },
        work,
        rollback ? 'rollback' : snapshot ? 'leave' : 'commit',
      )
    },
    asService: (work, { rollback = false, keepsPlans = false } = {}) =>
      transact(
        {
          ...{ pool: service, names, place },
          begin: `begin; set local role drawdown_service${keepsPlans ? KEEPING_PLANS : ''}`,
        },
        work,
        rollback ? 'rollback' : 'commit',
      ),
    listen: listener.listen,
    async close() {
      await Promise.all([tenants.end(), service.end(), listener.close()])
    },
  }
}

/** Whether the tables lie on several nodes; undefined until the first transaction has asked. */
type Place = { isSpread: boolean | undefined }

/** How transactions of one role begin, and where. */
type Source = { pool: pg.Pool; names: StatementNames; place: Place; begin: string }

/** Runs work in a transaction, again where rule 4 allows it. */
async function transact<T>(
  source: Source,
  work: (tx: Transaction) => Promise<T>,
  ending: Ending,
): Promise<T> {
  const giveUpAt = performance.now() + RECONNECT_FOR_MS
  for (let attempt = 1; ; attempt++) {
    const begun = await beginOn(source, giveUpAt)
    const outcome = await attemptOn(new Statements(begun, source), work, ending)
    if (outcome.done) return outcome.value
    if (outcome.fault instanceof Beforehand) {
      const { text, values } = outcome.fault
      await source.pool.query(text, [...values])
      continue
    }
    if (outcome.isUnbegun && isConnectionLost(outcome.fault) && performance.now() < giveUpAt) {
      attempt--
      await delay(50)
      continue
    }
    const again = isEndedForAnother(outcome.fault) || source.names.renewIfOutdated(outcome.fault)
    if (!again || attempt >= MOST_ATTEMPTS) throw outcome.fault
    // Those who collided must not meet again: each waits a different time.
    await delay(Math.random() * 20 * 2 ** attempt)
  }
}

/** A client, and when Postgres has begun the transaction that was asked for: statements may be issued behind it before it has. */
type Begun = { client: pg.PoolClient; begun: Promise<unknown> }

/** A client that has been asked to begin. Nothing was done before, so a broken connection is simply replaced. */
async function beginOn({ pool, begin, place }: Source, giveUpAt: number): Promise<Begun> {
  for (;;) {
    let client: pg.PoolClient | undefined
    try {
      client = await pool.connect()
      place.isSpread ??= (await client.query<{ spread: boolean }>(ASKS_WHETHER_SPREAD)).rows[0]!.spread
      if (place.isSpread) {
        for (const text of beginningOnCluster(begin)) await client.query(text)
        return { client, begun: Promise.resolve() }
      }
      holdBack(client)
      const begun = client.query(begin)
      // It is looked at when the transaction ends, which may be too late for one that fails at once.
      begun.catch(() => {})
      return { client, begun }
    } catch (fault) {
      client?.release(true)
      if (!isConnectionLost(fault) || performance.now() > giveUpAt) throw fault
      await delay(50)
    }
  }
}

/** How a transaction that work has done its part of ends: it is committed, it only read (and is committed unawaited), or rolled back. */
type Ending = 'commit' | 'leave' | 'rollback'

type Outcome<T> = { done: true; value: T } | { done: false; fault: unknown; isUnbegun?: boolean }

/** One run of work on a client that was asked to begin; gives the client back in every case. */
async function attemptOn<T>(
  statements: Statements,
  work: (tx: Transaction) => Promise<T>,
  ending: Ending,
): Promise<Outcome<T>> {
  const { client } = statements
  let value: T
  try {
    value = await work({
      query: (text, values) => statements.issue(text, values),
      isSpread: statements.isSpread,
    })
    await statements.end()
  } catch (fault) {
    await statements.end().catch(() => {})
    // What Postgres said first explains what follows: "current transaction is aborted" says nothing.
    const first = isAborted(fault) ? (statements.firstFault ?? fault) : fault
    return finish(client, statements.unbegun ?? { done: false, fault: first })
  }
  if (statements.unbegun) return finish(client, statements.unbegun)
  if (ending === 'rollback') return finish(client, { done: true, value })
  if (ending === 'leave' && statements.firstFault === undefined) {
    // What was read stands, however this ends.
    void finish(client, { done: true, value }, 'commit')
    return { done: true, value }
  }
  try {
    const answer = await client.query('commit')
    if (answer.command !== 'COMMIT') {
      client.release()
      return { done: false, fault: abortedUnseen(statements.firstFault) }
    }
    client.release()
    return { done: true, value }
  } catch (fault) {
    client.release(true)
    // A deferred constraint or a serialization check speaks here with its own code, and then nothing was committed.
    if (!isConnectionLost(fault)) return { done: false, fault }
    const message = 'The connection broke at the commit: whether the transaction holds is unknown'
    return { done: false, fault: new OutcomeUnknown(message, { cause: fault }) }
  }
}

/** Rolls back, or lets go what was only read, and gives the client back, thrown away if even that fails. */
async function finish<T>(
  client: pg.PoolClient,
  outcome: Outcome<T>,
  end: 'rollback' | 'commit' = 'rollback',
): Promise<Outcome<T>> {
  try {
    await client.query(end)
    client.release()
  } catch {
    client.release(true)
  }
  return outcome
}

/** The statements of one transaction, one after another, and none after its end. */
class Statements {
  firstFault: unknown
  private last: Promise<unknown> = Promise.resolve()
  private running = 0
  private over = false
  readonly client: pg.PoolClient
  readonly isSpread: boolean
  private readonly names: StatementNames

  /** What is to be said of a transaction that Postgres never began; known once `end` has been awaited. */
  unbegun: { done: false; fault: unknown; isUnbegun: true } | undefined
  private readonly begun: Promise<unknown>

  constructor({ client, begun }: Begun, { names, place }: Source) {
    this.client = client
    this.names = names
    this.isSpread = place.isSpread === true
    this.begun = begun.catch((fault: unknown) => {
      this.unbegun = { done: false, fault, isUnbegun: true }
    })
  }

  issue<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    if (this.over) throw new Error('A query was issued after its transaction had ended: an await is missing')
    const missing = values.indexOf(undefined)
    if (missing >= 0)
      throw new Error(`Parameter $${missing + 1} is undefined, which is not a value: say null`)
    this.running++
    const answer = this.run<Row>(text, values)
    // Postgres answers in order, so whoever has the last answer has them all.
    this.last = answer.catch(() => {})
    return answer
  }

  private async run<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> {
    holdBack(this.client)
    try {
      return (await this.client.query<Row>(this.oneStatement(this.isSpread ? onCluster(text) : text, values)))
        .rows
    } catch (fault) {
      this.firstFault ??= fault
      throw fault
    } finally {
      this.running--
    }
  }

  /** The extended protocol, also without parameters: it takes one statement and refuses `…; commit; …`. */
  private oneStatement(text: string, values: readonly unknown[]): pg.QueryConfig {
    const name = this.names.nameOf(text, values)
    return {
      text,
      values: values as unknown[],
      queryMode: 'extended',
      ...(name !== undefined && { name }),
    } as pg.QueryConfig
  }

  /** Waits for what is still running. Throws when anything was: work may not return before its queries. */
  async end(): Promise<void> {
    this.over = true
    const forgotten = this.running
    await this.begun
    await this.last
    if (forgotten > 0) {
      throw new Error(`Work returned while ${forgotten} of its queries were running: an await is missing`, {
        cause: this.firstFault,
      })
    }
  }
}

/** What is issued together leaves together: a write of its own for each costs as much as a small statement. */
function holdBack(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  stream.cork()
  process.nextTick(() => stream.uncork())
}

function abortedUnseen(firstFault: unknown): unknown {
  if (isEndedForAnother(firstFault)) return firstFault
  return new Error(
    'A statement of the transaction failed and the failure was swallowed: nothing was committed',
    {
      cause: firstFault,
    },
  )
}

function codeOf(fault: unknown): string {
  return typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : ''
}

/** in_failed_sql_transaction: Postgres refuses every statement after the one that failed. */
const isAborted = (fault: unknown): boolean => codeOf(fault) === '25P02'

const isEndedForAnother = (fault: unknown): boolean => ['40P01', '40001'].includes(codeOf(fault))

/** Lost, refused or ended by a Postgres that is stopping (57P01–57P03) or whose neighbour crashed (57P02). */
function isConnectionLost(fault: unknown): boolean {
  const code = codeOf(fault)
  if (['57P01', '57P02', '57P03'].includes(code) || code.startsWith('08')) return true
  if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT'].includes(code)) return true
  return fault instanceof Error && /^Connection terminated|not queryable/.test(fault.message)
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
