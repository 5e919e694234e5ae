import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionConfig } from '../database/pool.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { listArchives } from '../ledger/archive-usage.ts'
import { setInterimAmount } from '../ledger/interim-amount.ts'
import { issueCreditNote } from '../ledger/issue-credit-note.ts'
import { recordUsage } from '../ledger/record-usage.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import type { ArchivedUse, InvoiceProof } from '../verify/invoice-proof.ts'
import { keepVerified } from '../verify/keep-verified.ts'
import { proveInvoice, restsOn, withArchive } from '../verify/prove-invoice.ts'
import { readProof } from '../verify/read-proof.ts'
import { tamper } from '../verify/tamper.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { archiveMonth, listMonthsBefore, restoreMonth } from './archive-usage.ts'

let database: TestDatabase
let books: TestBooks
let folder: string
let busy: string
let quiet: string

const DAY = 86_400_000
/** Months before this one, as "2026-11". */
const monthAgo = (months: number) => {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7)
}
/** The first whole month that the accounts lived through; its last days belong to a period that reaches into the next. */
const MONTH = monthAgo(3)

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
  folder = mkdtempSync(join(tmpdir(), 'drawdown-archive-'))
  ;[busy, quiet] = await liveSomeMonths()
}, 120_000)
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await database.drop()
})

/** As whoever owns the machine, past the walls. */
async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client(sessionConfig(database.url, { role: 'drawdown_owner' }))
  await client.connect()
  const walls = (force: string) => `alter table accounts ${force} row level security`
  for (const one of ['begin', walls('no force'), statement, walls('force'), 'commit']) await client.query(one)
  await client.end()
}

/** Two accounts from ten days before MONTH until today: their clocks begin behind, which no other way can bring about. */
async function liveSomeMonths(): Promise<[string, string]> {
  await asOwner('alter table accounts drop constraint accounts_clock_offset_ms_check')
  const start = Date.parse(`${MONTH}-01`) - 10 * DAY
  const ids: string[] = []
  for (const uses of [10, 1]) {
    const accountId = await books.account()
    ids.push(accountId)
    await asOwner(
      `update accounts set clock_offset_ms = ${start - Date.now()} where account_id = '${accountId}'`,
    )
    await books.choose(accountId, 'starter')
    // Its periods are cut by interim invoices.
    const interim = { accountId, amount: 15_000_000n, minimumCharge: books.payments.minimumCharge }
    if (uses > 1) await database.db.asTenant(accountId, (tx) => setInterimAmount(tx, interim))
    for (let day = 1; day < 100; day += 13) {
      await books.moveTo(accountId, new Date(start + day * DAY))
      const batch = ['smart_crop', 'remove_background', 'resize'].map((operation) => ({
        accountId,
        source: 'api' as const,
        key: `${day} ${operation}\u2028`,
        operation,
        quantity: 5 * uses,
      }))
      await recordUsage(database.db, batch, { accountId })
      if (day === 27 && uses > 1) await books.choose(accountId, 'growth')
    }
    await books.moveTo(accountId, new Date(Date.now() + 1000))
  }
  return ids as [string, string]
}

const order = () => ({ db: database.db, url: database.url, folder })
const findings = (accountId: string) => database.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))
const rowsOf = (accountId: string) =>
  database.db.asTenant(accountId, (tx) =>
    tx.query('select * from usage_records where account_id = $1 order by booked_at, usage_record_id', [
      accountId,
    ]),
  )
const fileOf = (month: string) => join(folder, `usage-${month}.ndjson.gz`)
const linesOf = (month: string) =>
  gunzipSync(readFileSync(fileOf(month)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')

async function proofs(accountId: string): Promise<InvoiceProof[]> {
  return database.db.asTenant(accountId, async (tx) => {
    const invoices = await tx.query<{ id: string }>(
      `select invoice_id as "id" from invoices where account_id = $1 and finalized_at is not null order by drafted_at`,
      [accountId],
    )
    const read: InvoiceProof[] = []
    for (const { id } of invoices) read.push((await readProof(tx, accountId, id))!)
    return read
  })
}

test('a month that is not over, or not billed, is not archived', async () => {
  expect(await archiveMonth(order(), monthAgo(0))).toMatchObject({
    ok: false,
    refusal: 'not_archivable',
    detail: `The month ${monthAgo(0)} is not over yet, by the server's own clock and that of every account.`,
  })
  expect(await listMonthsBefore(database.db, monthAgo(2))).toEqual([monthAgo(4), MONTH])
  expect(await database.db.asService(listArchives)).toEqual([])
})

test('an account whose books are at fault holds its months back', async () => {
  const change = (by: number) =>
    asOwner(`alter table credit_grants no force row level security;
      update credit_grants set priority = priority + ${by} where account_id = '${quiet}';
      alter table credit_grants force row level security`)
  await change(1)
  expect(await archiveMonth(order(), MONTH)).toMatchObject({
    ok: false,
    detail: `The books of account ${quiet} are not verified to the end of ${MONTH}.`,
  })
  await change(-1)
  expect((await keepVerified(database.db, quiet, { whole: true })).findings).toEqual([])
})

test('a month goes to its file: books, keys and invoices hold without it, and with it again', {
  timeout: 90_000,
}, async () => {
  const before = { busy: await rowsOf(busy), quiet: await rowsOf(quiet) }
  const answer = await archiveMonth(order(), MONTH)
  expect(answer).toMatchObject({ ok: true, month: MONTH, accounts: 2 })

  // The records are in the file and nowhere else; each line is the record that it was.
  const kept = await rowsOf(busy)
  const lines = linesOf(MONTH)
  expect(lines).toHaveLength(answer.ok ? answer.records : 0)
  expect(lines.filter((line) => line.includes(busy))).toHaveLength(before.busy.length - kept.length)
  expect(before.busy.length - kept.length).toBeGreaterThan(5)

  // Verified from the first transaction on, and from the last one.
  for (const id of [busy, quiet]) {
    expect(await findings(id)).toEqual([])
    await books.use(id, 'smart_crop', 1)
    expect((await keepVerified(database.db, id, { whole: false })).findings).toEqual([])
  }

  // The same key is answered as before, another body under it refused.
  const [first] = lines.map((line) => JSON.parse(line) as ArchivedUse)
  const again = {
    accountId: first!.account_id,
    source: 'api' as const,
    key: first!.key,
    operation: first!.operation,
  }
  const told = async (quantity: number) =>
    (await recordUsage(database.db, [{ ...again, quantity }], { accountId: first!.account_id }))[0]
  expect(await told(Number(first!.quantity))).toMatchObject({
    ok: true,
    record: { usageRecordId: first!.id, cost: BigInt(first!.cost), overage: BigInt(first!.overage) },
  })
  expect(await told(Number(first!.quantity) + 1)).toMatchObject({ refusal: 'idempotency_conflict' })

  // What is archived can't be taken back until it is restored, and that is said.
  const credited = await database.db.asTenant(first!.account_id, (tx) =>
    issueCreditNote(tx, {
      accountId: first!.account_id,
      selection: { usageIds: [first!.id], runId: null, itemIds: [] },
      reason: 'test',
      minimumCharge: () => 0n,
    }),
  )
  expect(credited).toMatchObject({ refusal: 'usage_not_found', detail: expect.stringContaining(MONTH) })

  // Put back, it is what it was; archived again, its checkpoint is the one it had.
  expect(await restoreMonth(order(), fileOf(MONTH))).toMatchObject({ ok: true, month: MONTH })
  expect((await rowsOf(busy)).slice(0, before.busy.length)).toEqual(before.busy)
  expect((await rowsOf(quiet)).slice(0, before.quiet.length)).toEqual(before.quiet)
  expect(await findings(busy)).toEqual([])
  expect(await restoreMonth(order(), fileOf(MONTH))).toMatchObject({ refusal: 'not_archived' })
  expect(await archiveMonth(order(), MONTH)).toMatchObject({ ok: true })
  expect(await findings(busy)).toEqual([])
})

test('an invoice of an archived month is proven by checkpoint and chain, and with the file record by record', async () => {
  const read = await proofs(busy)
  const resting = read.filter((proof) => restsOn(proof).length > 0)
  expect(resting.length).toBeGreaterThan(1)
  for (const proof of read) expect(proveInvoice(proof), proof.invoice.number).toEqual([])
  const archived = linesOf(MONTH).map((line) => JSON.parse(line) as ArchivedUse)
  for (const proof of resting) {
    const [total] = proof.archives[0]!.state.totals.filter(({ overage }) => overage !== '0')
    for (const change of ['quantity', 'overage', 'drawn'] as const) {
      const changed = structuredClone(proof)
      for (const one of changed.archives[0]!.state.totals) one[change] = `${BigInt(one[change]) + 1n}`
      expect(proveInvoice(changed), `${change} of ${total?.operation}`).not.toEqual([])
    }
    const whole = withArchive(proof, archived)
    expect(restsOn(whole)).toEqual([])
    expect(whole.usage.length).toBeGreaterThan(proof.usage.length)
    expect(proveInvoice(whole)).toEqual([])
    const forged = archived.map((use) => ({ ...use, key: `${use.key}0` }))
    expect(proveInvoice(withArchive(proof, forged))).not.toEqual([])
  }
})

test('a checkpoint that was changed is found, and its month named', { timeout: 60_000 }, async () => {
  const row = `'archive of ${MONTH}' as row`
  const checkpoint = `select month as a, null as b, ${row} from usage_checkpoints where account_id = $1`
  const key = `select usage_record_id as a, key as b, ${row} from usage_keys
    where account_id = $1 and booked_at >= '${MONTH}-02' and booked_at < '${MONTH}-28' and cost_micros > 0`
  const transaction = `select sequence as a, null as b, ${row} from ledger_transactions where account_id = $1 and cause = 'usage_archived'`
  const change = (set: string) =>
    `update usage_checkpoints set ${set} where account_id = $1 and month = $2::date and $3::text is null`
  const kinds = [
    {
      kind: 'its totals',
      pick: checkpoint,
      change: [change(`state = replace(state, '"overage": "', '"overage": "1')`)],
    },
    {
      kind: 'its draws',
      pick: checkpoint,
      change: [change(`state = replace(state, '"draws": [{', '"draws": [{"x": 1, ')`)],
    },
    { kind: 'its count', pick: checkpoint, change: [change('record_count = record_count + 1')] },
    { kind: 'the hash of its lines', pick: checkpoint, change: [change('digest = sha256(digest)')] },
    {
      kind: 'removed',
      pick: checkpoint,
      change: [
        'delete from usage_checkpoints where account_id = $1 and month = $2::date and $3::text is null',
      ],
    },
    {
      kind: 'a key of the month is removed',
      pick: key,
      change: ['delete from usage_keys where account_id = $1 and usage_record_id = $2::uuid and key = $3'],
    },
    {
      kind: 'the cost of a key of the month',
      pick: key,
      change: [
        'update usage_keys set cost_micros = cost_micros + 1 where account_id = $1 and usage_record_id = $2::uuid and key = $3',
      ],
    },
    {
      kind: 'its transaction',
      pick: transaction,
      change: [
        'delete from ledger_transactions where account_id = $1 and sequence = $2::bigint and $3::text is null',
      ],
    },
  ]
  const tampered = await tamper({
    databaseUrl: database.url,
    accountIds: [busy, quiet],
    seed: 3,
    count: 2 * kinds.length,
    kinds,
  })
  expect(tampered.filter(({ detected, named }) => !detected || !named)).toEqual([])
})

test('only the file that was archived is put back', async () => {
  const bytes = readFileSync(fileOf(MONTH))
  const refusal = { ok: false, refusal: 'archive_changed' }
  const changed = gunzipSync(bytes).toString('utf8').replace('"quantity" : "5', '"quantity" : "6')
  for (const other of [gzipSync(changed), bytes.subarray(0, -20), Buffer.from('no archive')]) {
    writeFileSync(fileOf(MONTH), other)
    expect(await restoreMonth(order(), fileOf(MONTH))).toMatchObject(refusal)
  }
  writeFileSync(fileOf(MONTH), bytes)
  rmSync(join(folder, `usage-${MONTH}.json`))
  expect(await restoreMonth(order(), fileOf(MONTH))).toMatchObject({ refusal: 'not_an_archive' })
  const missing = join(folder, 'usage-2020-01.ndjson.gz')
  expect(await restoreMonth(order(), missing)).toEqual({
    ...{ ok: false, refusal: 'not_an_archive' },
    detail: `There is no file ${missing}.`,
  })
  await expect(
    database.db.asService((tx) => tx.query('select ensure_usage_partition($1)', [`${MONTH}-01`])),
  ).rejects.toThrow(/archived/)
})
