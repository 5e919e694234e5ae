import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionConfig } from '../database/pool.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAll, verifyChanged } from '../jobs/verify-books.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { acceptFindings, keepVerified, listChanged, readVerifications } from './keep-verified.ts'
import { readKeptHeads } from './kept-heads.ts'

let database: TestDatabase
let books: TestBooks
let dataFolder: string

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
  dataFolder = mkdtempSync(join(tmpdir(), 'drawdown-heads-'))
})
afterAll(async () => {
  rmSync(dataFolder, { recursive: true })
  await database.drop()
})

const services = () => ({ db: database.db, dataFolder, log: () => {} })

async function starter(): Promise<string> {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  await books.use(accountId, 'smart_crop', 10)
  return accountId
}

/** As whoever owns the machine, past the walls and locks. */
async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client(sessionConfig(database.url, { role: 'drawdown_owner' }))
  await client.connect()
  const tables = ['ledger_transactions', 'usage_records', 'credit_grants', 'invoices', 'accounts']
  const walls = (force: string) => tables.map((name) => `alter table ${name} ${force} row level security`)
  for (const one of ['begin', ...walls('no force'), statement, ...walls('force'), 'commit'])
    await client.query(one)
  await client.end()
}

const standOf = async (accountId: string) =>
  (await database.db.asService((tx) => readVerifications(tx, accountId)))[0]!

test('what was booked since is verified from where the last one ended, over boundaries and upgrades', async () => {
  const accountId = await starter()
  expect((await keepVerified(database.db, accountId, { whole: false })).findings).toEqual([])
  const whole = await keepVerified(database.db, accountId, { whole: true })
  expect(whole.findings).toEqual([])
  const steps = [
    () => books.use(accountId, 'remove_background', 200),
    () => books.choose(accountId, 'growth'),
    async () => books.moveTo(accountId, (await books.billing(accountId)).period!.end),
    () => books.use(accountId, 'smart_crop', 2000),
    async () => books.moveTo(accountId, (await books.billing(accountId)).period!.end),
  ]
  for (const step of steps) {
    await step()
    expect(await database.db.asService(listChanged)).toContain(accountId)
    expect((await keepVerified(database.db, accountId, { whole: false })).findings).toEqual([])
    expect(await database.db.asService(listChanged)).not.toContain(accountId)
  }
  expect((await books.billing(accountId)).verifiedAt).toBeInstanceOf(Date)
})

test('an account that fails is parked with the row at fault, goes on running, and is let go once it is mended', async () => {
  const accountId = await starter()
  await asOwner(
    `update credit_grants set remaining_micros = remaining_micros + 1 where account_id = '${accountId}'`,
  )
  const failed = await verifyAll(services(), { whole: true })
  expect(failed.map((one) => one.accountId)).toEqual([accountId])
  const parked = await standOf(accountId)
  expect(parked.parkedAt).toBeInstanceOf(Date)
  expect(parked.findings[0]).toMatchObject({ check: 'a grant holds what its entries say', row: /^grant / })

  expect(await books.use(accountId, 'smart_crop', 300)).toMatchObject({ ok: true })
  await books.moveTo(accountId, (await books.billing(accountId)).period!.end)
  expect((await books.billing(accountId)).balance).toBe(50_000_000n)
  expect(await books.invoices(accountId)).toHaveLength(1)

  await keepVerified(database.db, accountId, { whole: false })
  expect((await standOf(accountId)).parkedAt, 'only a whole verification lets it go').not.toBeNull()
})

test('findings that are accepted with a reason are not found again', async () => {
  const accountId = await starter()
  await asOwner(
    `update usage_records set occurred_at = occurred_at - interval '1 millisecond' where account_id = '${accountId}'`,
  )
  expect((await keepVerified(database.db, accountId, { whole: true })).findings).toHaveLength(1)
  expect(
    await database.db.asTenant(accountId, (tx) => acceptFindings(tx, accountId, 'A clock was wrong.')),
  ).toBe(1)
  expect((await keepVerified(database.db, accountId, { whole: true })).findings).toEqual([])
  expect(await standOf(accountId)).toMatchObject({ parkedAt: null, failedAt: null, findings: [] })
})

test('a tail that is cut off shows against the heads that were kept outside', async () => {
  const accountId = await starter()
  await verifyAll(services())
  const kept = await readKeptHeads(dataFolder)
  expect(kept.broken).toEqual([])
  const head = kept.heads.get(accountId)!
  await asOwner(`
    delete from ledger_transactions where account_id = '${accountId}' and sequence = ${head.sequence};
    update accounts a set entry_sequence = t.sequence, chain_head = t.link from ledger_transactions t
    where a.account_id = '${accountId}' and t.account_id = a.account_id and t.sequence = ${head.sequence - 1n}`)
  const { findings } = await keepVerified(database.db, accountId, { whole: true, kept: head })
  expect(findings).toContainEqual({
    check: 'the chain holds the head that was kept outside',
    row: `transaction ${head.sequence}`,
    detail: `expected ${head.link}, found no transaction`,
  })
})

test('the file of heads only grows, and a line that was changed is told', async () => {
  await starter()
  await verifyChanged(services())
  await verifyAll(services())
  const file = join(dataFolder, 'chain-heads.jsonl')
  const text = readFileSync(file, 'utf8')
  await verifyAll(services())
  expect(readFileSync(file, 'utf8').startsWith(text)).toBe(true)
  expect((await readKeptHeads(dataFolder)).broken).toEqual([])
  writeFileSync(file, text.replace(/"link":"./, '"link":"0'))
  const changed = text.startsWith(readFileSync(file, 'utf8').slice(0, 90)) ? [] : [expect.any(Number)]
  expect((await readKeptHeads(dataFolder)).broken).toEqual(changed)
  writeFileSync(file, `${text}{"account":"half a l`)
  expect((await readKeptHeads(dataFolder)).broken).toEqual([])
})
