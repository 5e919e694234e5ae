import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import type { InvoiceProof } from './invoice-proof.ts'
import { proveInvoice } from './prove-invoice.ts'
import { readProof } from './read-proof.ts'
import { tamper } from './tamper.ts'
import { TAMPERINGS } from './tampering.ts'
import { liveSomeMonths } from './test-months.ts'
import { verifyAccount } from './verify-account.ts'

let database: TestDatabase
let books: TestBooks
const accountIds: string[] = []

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
  for (const turn of [1, 2]) accountIds.push(await liveSomeMonths(books, turn))
})
afterAll(() => database.drop())

test('every kind of tampering is detected, and the row at fault named', { timeout: 120_000 }, async () => {
  for (const id of accountIds) {
    expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  }
  const order = { databaseUrl: database.url, accountIds, seed: 1, count: 2 * TAMPERINGS.length }
  const tampered = await tamper(order)
  const missed = tampered.filter(({ detected, named }) => !detected || !named)
  expect(missed.map(({ kind, row, findings }) => ({ kind, row, findings }))).toEqual([])
  expect(new Set(tampered.map(({ kind }) => kind)).size).toBeGreaterThan(55)
  for (const id of accountIds) {
    expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  }
})

test('every invoice is proven from its bundle, and no bundle that was changed', {
  timeout: 60_000,
}, async () => {
  const changes: [string, (proof: InvoiceProof) => void][] = [
    ['a quantity', ({ usage }) => (usage[0]!.quantity = `${BigInt(usage[0]!.quantity) + 1n}`)],
    ['a key', ({ usage }) => (usage[0]!.key += '0')],
    ['a record that is left out', ({ usage }) => usage.pop()],
    ['a record that is there twice', ({ usage }) => usage.push(usage[0]!)],
    [
      'a price',
      ({ prices, usage }) => {
        const used = prices.find(({ operation }) => operation === usage[0]!.operation)!
        used.overage_unit_price += '0'
      },
    ],
    ['an amount', ({ invoice }) => (invoice.lines[0]!.amount += '0')],
    ['a word', ({ invoice }) => (invoice.lines[0]!.description += '.')],
    ['the total', ({ invoice }) => (invoice.total += '0')],
    ['an entry', ({ transactions }) => (transactions[0]!.entries[0]!.amount += '0')],
    ['a transaction that is left out', ({ transactions }) => transactions.shift()],
    ['the head', ({ invoice }) => (invoice.chain_head = invoice.chain_head.replace(/./, 'x'))],
  ]
  const [accountId] = accountIds as [string]
  const proofs = await database.db.asTenant(accountId, async (tx) => {
    const invoices = await tx.query<{ id: string }>(
      `select invoice_id as "id" from invoices where account_id = $1 and finalized_at is not null`,
      [accountId],
    )
    const read: InvoiceProof[] = []
    for (const { id } of invoices) read.push((await readProof(tx, accountId, id))!)
    return read
  })
  expect(proofs.length).toBeGreaterThan(3)
  for (const proof of proofs) expect(proveInvoice(proof), proof.invoice.number).toEqual([])
  const boundary = proofs.find(({ usage }) => usage.length > 3)!
  for (const [what, change] of changes) {
    const changed = structuredClone(boundary)
    change(changed)
    expect(proveInvoice(changed), what).not.toEqual([])
  }
})
