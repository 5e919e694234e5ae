/**
 * Where the benches run: an embedded Postgres of its own with the product's settings (fsync and synchronous_commit on), and accounts
 * with a plan.
 *
 * Called by bench.ts and the benches.
 *
 * 1. Nothing is left behind: Postgres is stopped and its folder removed when the stand is closed.
 * 2. Accounts are made by the ledger's own steps, so what is measured are real books.
 */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { connect, type Database } from '../database/connect.ts'
import { openEmbedded } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'
import { newId } from '../database/new-id.ts'
import { type Role, sessionConfig } from '../database/pool.ts'
import { readOfferedPlans } from '../ledger/catalogue.ts'
import { DEMO_CATALOGUES } from '../ledger/demo-catalogue.ts'
import { installCatalogue } from '../ledger/install-catalogue.ts'
import { openBooks } from '../ledger/open-books.ts'
import { applyPlanChange } from '../ledger/plan-change-effect.ts'
import { saveBooks } from '../ledger/save-books.ts'

export type Stand = {
  /** Of the login, who may become each role. */
  url: string
  db: Database
  /** For files of a bench; removed with the stand. */
  folder: string
  /** A session that owns the tables, for what stands beside the product. The stand ends it. */
  owner(): Promise<pg.Client>
  /** A session that sees the rows of every account. The stand ends it. */
  service(): Promise<pg.Client>
  /** Numbers of the processes whose time counts besides this one's. */
  backends(): Promise<number[]>
  /** Another database in the same Postgres, with a catalogue and no accounts. It ends with this one. */
  another(name: string): Promise<Stand>
  /** Something more to end with the stand, before Postgres does. */
  atEnd(end: () => Promise<void>, process?: number): void
  close(): Promise<void>
}

export async function openStand(): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'drawdown-bench-'))
  // Run by root, Postgres is another user and has to get in.
  chmodSync(folder, 0o755)
  const postgres = await openEmbedded(folder)
  const stand = await standOn(postgres.url, folder)
  return {
    ...stand,
    async close() {
      await stand.close()
      await postgres.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function standOn(url: string, folder: string): Promise<Stand> {
  await migrate(url)
  const db = connect(url)
  await db.asService((tx) => installCatalogue(tx, DEMO_CATALOGUES.money))
  const ends: (() => Promise<unknown>)[] = [() => db.close()]
  const children: number[] = []
  const session = async (role: Role): Promise<pg.Client> => {
    const settings = { statement_timeout: '0', idle_in_transaction_session_timeout: '0' }
    const client = new pg.Client(sessionConfig(url, { role, settings }))
    await client.connect()
    ends.push(() => client.end())
    return client
  }
  let watch: pg.Client | undefined
  return {
    url,
    db,
    folder,
    owner: () => session('drawdown_owner'),
    service: () => session('drawdown_service'),
    async backends() {
      watch ??= await session('drawdown_owner')
      const { rows } = await watch.query<{ pid: number }>('select pid from pg_stat_activity')
      return [...rows.map(({ pid }) => pid), ...children]
    },
    async another(name) {
      const login = new pg.Client({ connectionString: url })
      await login.connect()
      await login.query(`create database ${name}`)
      await login.end()
      const address = new URL(url)
      address.pathname = `/${name}`
      const stand = await standOn(address.toString(), folder)
      ends.push(() => stand.close())
      return stand
    },
    atEnd(end, process) {
      ends.push(end)
      if (process !== undefined) children.push(process)
    },
    async close() {
      for (const end of ends.reverse()) await end()
    },
  }
}

const ACCOUNTS_AT_ONCE = 1000

/** New accounts on the Starter plan; their ids. */
export async function openAccounts({ db, url }: Pick<Stand, 'db' | 'url'>, count: number): Promise<string[]> {
  const accountIds = Array.from({ length: count }, () => newId())
  for (let first = 0; first < count; first += ACCOUNTS_AT_ONCE) {
    const some = accountIds.slice(first, first + ACCOUNTS_AT_ONCE)
    await db.asService(async (tx) => {
      await tx.query(
        `insert into accounts (account_id, name, invoice_prefix)
         select id, 'Bench', 'B' || upper(right(id::text, 12)) from unnest($1::uuid[]) as id`,
        [some],
      )
      const [starter] = (await readOfferedPlans(tx)).filter(({ code }) => code === 'starter')
      const books = await openBooks(tx, some)
      for (const account of books.values()) {
        applyPlanChange(account, { id: newId(), kind: 'start', next: starter!, charge: 0n, credits: 0n })
      }
      await saveBooks(tx, books.values())
    })
  }
  // As every database that is in use has been, by itself, within a minute.
  const login = new pg.Client(sessionConfig(url, { role: 'drawdown_owner' }))
  await login.connect()
  await login.query('analyze accounts, subscriptions, periods, credit_grants, ledger_transactions')
  await login.end()
  return accountIds.map((id) => Buffer.from(id).toString('latin1'))
}
