import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueCreditNote } from '../ledger/issue-credit-note.ts'
import { recordUsage } from '../ledger/record-usage.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { openPapers, type Papers } from '../papers/open-papers.ts'
import { handlers } from './export-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let door: TestApp
let papers: Papers
let books: TestBooks
let accountId: string
let key: string

/** More than two pages of the export, with a key that a spreadsheet would run. */
const RECORDS = 2300
const FORMULA = '=HYPERLINK("http://example.com","free credits")'

beforeAll(async () => {
  door = await createTestApp({ handlers })
  papers = openPapers(door.database.db)
  Object.assign(door.services, { papers })
  books = await openTestBooks(door.database)
  accountId = (await door.createAccount('Acme')).accountId
  key = (await door.createKey(accountId, ['read'])).key
  await books.putCard(accountId, 'sandbox_card_pays')
  await books.moveTo(accountId, new Date('2099-11-02T00:00:00Z'))
  await books.choose(accountId, 'starter')
  const keys = Array.from({ length: RECORDS }, (_, index) => (index === 7 ? FORMULA : `record ${index}`))
  for (let at = 0; at < RECORDS; at += 1000) {
    const records = keys.slice(at, at + 1000).map((name) => ({
      accountId,
      source: 'api' as const,
      key: name,
      operation: 'smart_crop',
      quantity: 1,
    }))
    await recordUsage(books.db, records, { accountId })
  }
  // An hour after the boundary: the clock goes on meanwhile.
  await books.moveTo(accountId, new Date('2099-12-02T01:00:00Z'))
  const over = await books.use(accountId, 'remove_background', 3, { key: '-5' })
  await books.db.asTenant(accountId, (tx) =>
    issueCreditNote(tx, {
      accountId,
      selection: { usageIds: [over.ok ? over.record.usageRecordId : ''], runId: null, itemIds: [] },
      reason: 'Wrong',
      minimumCharge: books.payments.minimumCharge,
    }),
  )
}, 60_000)
afterAll(async () => {
  await papers?.close()
  await door?.close()
})

async function rowsOf(path: string): Promise<{ [column: string]: string }[]> {
  const { text, headers, status } = await door.call({ path, key })
  expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8; header=present'])
  expect(text.endsWith('\r\n')).toBe(true)
  const [head, ...rows] = text.trimEnd().split('\r\n').map(cellsOf)
  return rows.map((row) => Object.fromEntries(row.map((cell, index) => [head![index]!, cell])))
}

/** No cell of these tests holds a line break. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  )
}

test('usage: every record once, oldest first, with numbers as numbers and no formula', async () => {
  const rows = await rowsOf('/v1/usage.csv')
  expect(rows).toHaveLength(RECORDS + 1)
  expect(new Set(rows.map(({ id }) => id)).size).toBe(RECORDS + 1)
  expect(rows.map(({ booked_at }) => booked_at)).toEqual(rows.map(({ booked_at }) => booked_at).sort())
  expect(rows[0]).toMatchObject({ operation: 'smart_crop', plan: 'Starter', cost: '0.2', late: 'false' })
  expect(rows.find((row) => row.key!.includes('HYPERLINK'))!.key).toBe(`'${FORMULA}`)
  expect(rows.at(-1)).toMatchObject({ key: '-5', cost: '1.5', credit_note: 'ACME-CN-0001' })
})

test('a time: days are those of the account, the end is not in it', async () => {
  const november = await rowsOf('/v1/usage.csv?from=2099-11-02&until=2099-12-02')
  expect(november).toHaveLength(RECORDS)
  expect(await rowsOf('/v1/usage.csv?from=2099-12-02T00:00:00Z')).toHaveLength(1)
  const refused = await door.call({ path: '/v1/usage.csv?from=2099-02-30', key })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('"field":"from"')
})

test('invoices: amounts that add up', async () => {
  const rows = await rowsOf('/v1/invoices.csv')
  expect(rows.map(({ number, total }) => `${number} ${total}`)).toEqual(['ACME-0002 460', 'ACME-0001 50'])
  expect(await rowsOf('/v1/invoices.csv?until=2099-12-01')).toHaveLength(1)
})

test('the journal of the account alone: every transaction sums to nothing', async () => {
  const other = await books.account()
  await books.choose(other, 'starter')
  const rows = await rowsOf('/v1/entries.csv')
  expect(new Set(rows.map(({ account_id }) => account_id))).toEqual(new Set([accountId]))
  const sums = new Map<string, number>()
  for (const { sequence, commodity, amount } of rows) {
    const place = `${sequence} ${commodity}`
    sums.set(place, (sums.get(place) ?? 0) + Math.round(Number(amount) * 1_000_000))
  }
  expect([...sums.values()].filter((sum) => sum !== 0)).toEqual([])
  const late = await rowsOf('/v1/entries.csv?from=2099-12-02')
  expect(late.length).toBeGreaterThan(3)
  expect(late.length).toBeLessThan(rows.length)
})

test('all papers as one ZIP', async () => {
  const { status, headers } = await door.call({ path: '/v1/invoices.zip?from=2099-12-01', key })
  expect([status, headers['content-type']]).toEqual([200, 'application/zip'])
  const pieces: Buffer[] = []
  for await (const piece of papers.archive(accountId, { from: null, until: null })) pieces.push(piece)
  const archive = Buffer.concat(pieces).toString('latin1')
  expect(archive.match(/%PDF-1\.7/g)).toHaveLength(2)
  expect(archive).toContain('ACME-0002.pdf')
})

test('the columns that the documents promise', async () => {
  const docs = await readFile(new URL('../docs/api.md', import.meta.url), 'utf8')
  const [first] = await rowsOf('/v1/usage.csv')
  expect(docs).toContain(Object.keys(first!).join(', '))
})
