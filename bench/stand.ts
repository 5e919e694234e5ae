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
import { uuidv7 } from 'uuidv7'
import { connect, type Database } from '../database/connect.ts'
import { openEmbedded } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'
import { sessionConfig } from '../database/pool.ts'
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
  /** A session that owns the tables, for what stands beside the product. The stand ends it. */
  owner(): Promise<pg.Client>
  close(): Promise<void>
}

export async function openStand(): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'drawdown-bench-'))
  // Run by root, Postgres is another user and has to get in.
  chmodSync(folder, 0o755)
  const postgres = await openEmbedded(folder)
  await migrate(postgres.url)
  const db = connect(postgres.url)
  await db.asService((tx) => installCatalogue(tx, DEMO_CATALOGUES.money))
  const owners: pg.Client[] = []
  return {
    url: postgres.url,
    db,
    async owner() {
      const client = new pg.Client(
        sessionConfig(postgres.url, { role: 'drawdown_owner', settings: { statement_timeout: '0' } }),
      )
      await client.connect()
      owners.push(client)
      return client
    },
    async close() {
      await Promise.all(owners.map((client) => client.end()))
      await db.close()
      await postgres.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const ACCOUNTS_AT_ONCE = 1000

/** New accounts on the Starter plan; their ids. */
export async function openAccounts(db: Database, count: number): Promise<string[]> {
  const accountIds = Array.from({ length: count }, () => uuidv7())
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
        applyPlanChange(account, { id: uuidv7(), kind: 'start', next: starter!, charge: 0n, credits: 0n })
      }
      await saveBooks(tx, books.values())
    })
  }
  return accountIds
}
