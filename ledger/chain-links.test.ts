import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { recordUsage } from './record-usage.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

const verify = (accountId: string) => database.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))

/** Two months of an account: a start, several uses in one batch, odd keys, an upgrade, a boundary. */
async function busyAccount(): Promise<string> {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  const use = (key: string, operation: string, quantity: number) =>
    ({ accountId, source: 'api', key, operation, quantity }) as const
  const batch = [
    use('a|b\n9:c', 'smart_crop', 260),
    use('über 🖼️', 'remove_background', 7),
    use('3', 'resize', 1),
  ]
  await recordUsage(database.db, batch, { accountId })
  await books.choose(accountId, 'growth')
  await books.use(accountId, 'resize', 4)
  await books.moveTo(accountId, new Date((await books.billing(accountId)).subscription!.periodEndsAt))
  await books.use(accountId, 'smart_crop', 3, { occurredAt: new Date(Date.now() - 1) })
  return accountId
}

const ask = (accountId: string, query: string) =>
  database.db.asTenant(accountId, (tx) => tx.query<Record<string, unknown>>(query))

const LINKS = `select sequence::integer, encode(link, 'hex') as link, encode(details_digest, 'hex') as details
  from ledger_transactions order by account_id, sequence`

test('every transaction has its link, and the last one is the head of the account', async () => {
  const accountId = await busyAccount()
  const links = await ask(accountId, LINKS)
  expect(new Set(links.map(({ link }) => link)).size).toBe(links.length)
  const head = await ask(accountId, `select encode(chain_head, 'hex') as head from accounts`)
  expect(head).toEqual([{ head: links.at(-1)!.link }])
  expect(await verify(accountId)).toEqual([])
})

test('an invoice carries the head of the chain as it was finalized, with its own claim in it', async () => {
  const accountId = await busyAccount()
  const heads = await ask(
    accountId,
    `select t.cause, t.cause_id = i.invoice_id::text as own, t.link = i.chain_head as same
     from invoices i join ledger_transactions t on t.account_id = i.account_id and t.sequence = i.chain_sequence
     where i.finalized_at is not null`,
  )
  expect(heads.length).toBeGreaterThan(2)
  for (const head of heads) expect(head).toEqual({ cause: 'invoice_finalized', own: true, same: true })
  await expect(ask(accountId, `update invoices set chain_head = sha256('x')`)).rejects.toThrow(
    'never changes',
  )
})

/** A session of the test's own answers in the driver's types: compared as text. */
const asText = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]),
  )
const textOf = { getTypeParser: () => String } as never

const ENTRIES = `select sequence, line, ledger_account, commodity, amount_micros, grant_id
  from ledger_entries order by account_id, sequence, line`

/** The tables as they were before entries stood with their transaction, with the same entries in them. */
const ENTRIES_APART = `
  alter table ledger_transactions no force row level security;
  create table kept as select * from ledger_entries;
  drop view ledger_entries;
  alter table kept rename to ledger_entries;
  create function require_balanced_entries() returns integer language sql as 'select 1';
  alter table ledger_transactions drop column entry_accounts, drop column entry_commodities, drop column entry_micros,
    drop column entry_grant_places, drop column entry_grants;
  drop function sums_to_zero;`

test('a journal from before the chain is given the same links, and keeps its entries, by the migrations', async () => {
  const accountId = await busyAccount()
  const [before, entries] = [await ask(accountId, LINKS), await ask(accountId, ENTRIES)]
  const migration = (name: string) =>
    readFileSync(join(import.meta.dirname, '../database/migrations', name), 'utf8')
  const owner = new pg.Client({ connectionString: database.url })
  await owner.connect()
  try {
    await owner.query(`begin; set local role drawdown_owner;
      drop trigger chain_head_never_changes on invoices;
      drop function refuse_change_of_chain_head;
      ${ENTRIES_APART}
      drop table verifications, accepted_findings;
      alter table ledger_transactions drop column link, drop column details_digest;
      alter table invoices drop column chain_sequence, drop column chain_head;`)
    await owner.query(migration('0012_chain_the_journal.sql'))
    await owner.query(migration('0020_keep_entries_with_their_transaction.sql'))
    await owner.query(`set local role drawdown_tenant; set local drawdown.account_id to '${accountId}'`)
    expect((await owner.query(LINKS)).rows).toEqual(before)
    expect((await owner.query({ text: ENTRIES, types: textOf })).rows).toEqual(entries.map(asText))
  } finally {
    await owner.end()
  }
})
