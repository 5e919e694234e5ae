/** Overage that is billed before its period ends: exactly once, whoever comes beside it, and never twice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { micros } from '../billing/micros.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { collectAccount } from '../jobs/collect-account.ts'
import { sweep } from '../jobs/schedule.ts'
import { proveInvoice } from '../verify/prove-invoice.ts'
import { readProof } from '../verify/read-proof.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { setAccountTax } from './account-tax.ts'
import { cancelNow } from './change-plan.ts'
import { setInterimAmount } from './interim-amount.ts'
import { issueCreditNote } from './issue-credit-note.ts'
import { readUpcomingInvoice } from './read-invoices.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

/** On Starter ($50 of credits; a crop is $0.20, a removal $0.50), with an amount. */
async function starter(amount: string | null): Promise<string> {
  const id = await books.account()
  await books.choose(id, 'starter')
  if (amount !== null) expect(await set(id, amount)).toEqual({ ok: true })
  return id
}

function set(id: string, amount: string | null) {
  const { minimumCharge } = books.payments
  return database.db.asTenant(id, (tx) =>
    setInterimAmount(tx, {
      accountId: id,
      amount: amount === null ? null : micros(amount),
      minimumCharge,
    }),
  )
}

/** Kind, status, what is billed before tax, and its lines as quantity × unit price. */
async function told(id: string) {
  const invoices = await books.invoices(id)
  return invoices.slice(1).map(({ kind, status, total, tax, lines }) => ({
    kind,
    status,
    net: total - tax,
    lines: lines
      .filter(({ kind: of }) => of !== 'tax')
      .map(({ operation, quantity, unitPrice, amount, kind: of }) =>
        operation ? `${operation} ${quantity} × ${unitPrice}` : `${of} ${amount}`,
      ),
  }))
}

async function inOrder(id: string): Promise<void> {
  expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  for (const { id: invoiceId } of await books.invoices(id)) {
    const proof = await database.db.asTenant(id, (tx) => readProof(tx, id, invoiceId))
    expect(proveInvoice(proof!), proof!.invoice.number).toEqual([])
  }
}

const sweepAll = () => sweep({ ...books.services, log: () => {} })
const DAY_MS = 86_400_000

describe('an interim invoice', () => {
  test('bills what was used up to the use that reached the amount, and the period bills the rest', async () => {
    const id = await starter('20')
    await database.db.asTenant(id, (tx) =>
      setAccountTax(tx, id, { treatment: 'standard', rates: [{ name: 'VAT', rate: 190_000n }] }),
    )
    await books.use(id, 'smart_crop', 349)
    await sweepAll()
    expect(await told(id)).toEqual([])
    await books.use(id, 'smart_crop', 11)
    await sweepAll()
    const interim = {
      kind: 'interim',
      status: 'paid',
      net: micros('22'),
      lines: ['smart_crop 360 × 200000', 'credits_applied -50000000'],
    }
    expect(await told(id)).toEqual([interim])
    await books.use(id, 'remove_background', 10)
    const upcoming = await database.db.asTenant(id, (tx) => readUpcomingInvoice(tx, id))
    expect(upcoming).toMatchObject({ total: micros('65.45'), interims: [{ number: expect.any(String) }] })
    const billing = await books.billing(id)
    expect([billing.overage, billing.overageInvoiced]).toEqual([micros('27'), micros('22')])
    await books.moveTo(id, billing.period!.end)
    expect(await told(id)).toEqual([
      interim,
      {
        kind: 'boundary',
        status: 'paid',
        net: micros('55'),
        lines: ['plan_fee 50000000', 'remove_background 10 × 500000'],
      },
    ])
    await inOrder(id)
  })

  test('comes again and again within a period, and carries late usage', async () => {
    const id = await starter('10')
    await books.use(id, 'smart_crop', 250)
    await books.moveTo(id, (await books.billing(id)).period!.end)
    const { now } = await books.billing(id)
    await books.use(id, 'smart_crop', 250)
    await books.use(id, 'smart_crop', 60, { occurredAt: new Date(now.getTime() - DAY_MS) })
    await books.use(id, 'remove_background', 25)
    await sweepAll()
    expect((await told(id)).slice(1)).toEqual([
      {
        kind: 'interim',
        status: 'paid',
        net: micros('12'),
        lines: ['smart_crop 250 × 200000', 'smart_crop 60 × 200000', 'credits_applied -50000000'],
      },
      { kind: 'interim', status: 'paid', net: micros('12.5'), lines: ['remove_background 25 × 500000'] },
    ])
    await inOrder(id)
  })

  test('is made once, however many use, sweep and collect at a time', async () => {
    const id = await starter('3')
    await books.use(id, 'smart_crop', 250)
    await Promise.all([
      ...Array.from({ length: 60 }, () => books.use(id, 'smart_crop', 1)),
      ...Array.from({ length: 6 }, () => sweepAll()),
      ...Array.from({ length: 6 }, () => collectAccount(books.services, id)),
    ])
    await sweepAll()
    const interims = (await told(id)).filter(({ kind }) => kind === 'interim')
    expect(interims.length).toBeGreaterThan(0)
    for (const { net } of interims) expect(net).toBeGreaterThanOrEqual(micros('3'))
    const { overage, overageInvoiced, period } = await books.billing(id)
    expect(overage).toBe(micros('12'))
    expect(interims.reduce((sum, { net }) => sum + net, 0n)).toBe(overageInvoiced)
    await books.moveTo(id, period!.end)
    expect((await told(id)).at(-1)).toMatchObject({ net: micros('62') - overageInvoiced })
    await inOrder(id)
  })

  test('that nobody pays stops nothing, and is tried again as every invoice is', async () => {
    const id = await starter('5')
    await books.putCard(id, 'sandbox_card_declines')
    await books.use(id, 'smart_crop', 280)
    await sweepAll()
    expect(await told(id)).toMatchObject([{ kind: 'interim', status: 'past_due' }])
    expect(await books.use(id, 'smart_crop', 1)).toMatchObject({ ok: true })
    await inOrder(id)
  })

  test('leaves to a cancellation what was used after it', async () => {
    const id = await starter('10')
    await books.use(id, 'smart_crop', 310)
    await books.use(id, 'smart_crop', 5)
    expect(await database.db.asTenant(id, (tx) => cancelNow(tx, id))).toMatchObject({ ok: true })
    await sweepAll()
    expect((await told(id)).map(({ kind, net }) => [kind, net])).toEqual([
      ['interim', micros('12')],
      ['cancel', micros('1')],
    ])
    await inOrder(id)
  })

  test('and its cancellation in one transaction bill everything once', async () => {
    const id = await starter('10')
    await books.use(id, 'smart_crop', 310)
    expect(await database.db.asTenant(id, (tx) => cancelNow(tx, id))).toMatchObject({ ok: true })
    await sweepAll()
    expect((await told(id)).map(({ kind, net }) => [kind, net])).toEqual([['interim', micros('12')]])
    await inOrder(id)
  })
})

test('what is credited of an interim invoice comes back with its tax, and of later usage as overage that falls away', async () => {
  const id = await starter('10')
  await database.db.asTenant(id, (tx) =>
    setAccountTax(tx, id, { treatment: 'standard', rates: [{ name: 'VAT', rate: 190_000n }] }),
  )
  await books.use(id, 'smart_crop', 240)
  const billed = await books.use(id, 'smart_crop', 60)
  const later = await books.use(id, 'smart_crop', 5)
  if (!billed.ok || !later.ok) throw new Error('both are booked')
  const usageIds = [billed.record.usageRecordId, later.record.usageRecordId]
  const { minimumCharge } = books.payments
  const issued = await database.db.asTenant(id, (tx) =>
    issueCreditNote(tx, {
      accountId: id,
      selection: { usageIds, runId: null, itemIds: [] },
      reason: 'Wrong crops',
      minimumCharge,
    }),
  )
  expect(issued).toMatchObject({ ok: true })
  const [note] = await database.db.asTenant(id, (tx) =>
    tx.query(
      `select n.net_micros as "net", n.tax_micros as "tax", n.overage_cancelled_micros as "cancelled",
         n.credits_adjusted_micros as "adjusted", i.kind from credit_notes n
       join credit_note_lines l using (account_id, credit_note_id) join invoices i using (account_id, invoice_id) limit 1`,
    ),
  )
  expect(note).toEqual({
    net: micros('10'),
    tax: micros('1.9'),
    cancelled: micros('1'),
    adjusted: micros('2'),
    kind: 'interim',
  })
  await inOrder(id)
})

test('an amount that is set is reached by what there is already; null ends it', async () => {
  const id = await starter(null)
  await books.use(id, 'smart_crop', 300)
  await set(id, '10')
  await sweepAll()
  expect(await told(id)).toMatchObject([{ kind: 'interim', net: micros('10') }])
  await set(id, null)
  await books.use(id, 'smart_crop', 300)
  await sweepAll()
  expect(await told(id)).toHaveLength(1)
  await inOrder(id)
})

test.each([
  ['0.49', 'interim_amount_too_small'],
  ['0', 'interim_amount_too_small'],
])('an amount of %s is refused', async (amount, refusal) => {
  expect(await set(await starter(null), amount)).toMatchObject({ ok: false, refusal })
})

test('an account without a plan has no currency to name an amount in', async () => {
  expect(await set(await books.account(), '10')).toMatchObject({
    ok: false,
    refusal: 'interim_amount_without_currency',
  })
})
