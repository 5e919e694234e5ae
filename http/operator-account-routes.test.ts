/** The operator finds an account, looks at all of it, and sees what accounts owe. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectAccount } from '../jobs/collect-account.ts'
import { issueCreditNote } from '../ledger/issue-credit-note.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { encodeId } from './ids.ts'
import { handlers as view } from './operator-account-routes.ts'
import { handlers as operator } from './operator-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let here: TestApp
let books: TestBooks
let paying: string
let owing: string

beforeAll(async () => {
  here = await createTestApp({ handlers: { ...operator, ...view } })
  books = await openTestBooks(here.database)
  const till = books.services
  Object.assign(here.services, {
    payments: books.payments,
    collect: (id: string) => collectAccount(till, id),
  })
  paying = await books.account()
  owing = await books.account()
  for (const accountId of [paying, owing]) {
    await books.choose(accountId, 'starter')
    await books.use(accountId, 'smart_crop', 300)
  }
  await books.putCard(owing, 'sandbox_card_declines')
  await books.moveTo(owing, (await books.billing(owing)).period!.end)
  await books.use(owing, 'smart_crop', 400)
  await books.db.asService((tx) =>
    tx.query(`update accounts set name = 'Müller & Söhne 100 %' where account_id = $1`, [owing]),
  )
})
afterAll(() => here?.close())

const get = (path: string) => here.call({ path, key: here.services.operatorToken })
const idOf = (accountId: string) => encodeId('account', accountId)

test.each([
  ['müller', 1],
  ['100 %', 1],
  ['_', 0],
  ['nobody', 0],
  ['', 2],
])('accounts are found by a part of their name: %j', async (search, found) => {
  const { body } = await get(`/v1/operator/accounts?search=${encodeURIComponent(search)}`)
  expect((body as { data: object[] }).data).toHaveLength(found)
})

test('an account is found by its id, and looked at whole', async () => {
  const { body } = await get(`/v1/operator/accounts?search=${idOf(owing)}`)
  expect(body).toMatchObject({ data: [{ id: idOf(owing) }] })
  const whole = await get(`/v1/operator/accounts/${idOf(owing)}`)
  expect(whole.body).toMatchObject({
    name: 'Müller & Söhne 100 %',
    billing: { plan: { code: 'starter' }, balance: '0', overage: '30', amount_due: '60' },
    verification: { parked_at: null, findings: [] },
    invoices: [{ status: 'past_due', amount_due: '60' }, { status: 'paid' }],
    credit_notes: [],
  })
  const none = await get(`/v1/operator/accounts/${idOf('01900000-0000-7000-8000-000000000000')}`)
  expect([none.status, none.body]).toMatchObject([404, { type: '/problems/account_not_found' }])
})

test('usage says which credit note took it back', async () => {
  const usage = async () => {
    const { body } = await get(`/v1/operator/accounts/${idOf(paying)}/usage`)
    return (body as { data: { id: string; credited_by: string | null }[] }).data
  }
  const [record] = await usage()
  expect(record!.credited_by).toBeNull()
  const usageId = record!.id.slice(6).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const note = await books.db.asTenant(paying, (tx) =>
    issueCreditNote(tx, {
      accountId: paying,
      selection: { usageIds: [usageId], runId: null, itemIds: [] },
      reason: 'a mistake',
      minimumCharge: () => 0n,
    }),
  )
  expect((await usage())[0]!.credited_by).toBe(note.ok && note.number)
})

test('exposure is what is open and what accrues, most first', async () => {
  const { body } = await get('/v1/operator/exposure')
  expect(body).toMatchObject({
    sums: [{ currency: 'USD', accounts: 1, accruing: '30', open: '60', past_due: '60' }],
    accounts: [{ account_id: idOf(owing), accruing: '30', open: '60', past_due: '60' }],
  })
})

test('how much overage may be on no invoice is set, reached at once, and shown', async () => {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  await books.use(accountId, 'smart_crop', 300)
  const path = `/v1/operator/accounts/${idOf(accountId)}/interim-invoicing`
  const key = here.services.operatorToken
  expect((await get(path)).body).toEqual({ amount: null, unbilled: '10', currency: 'USD' })
  const put = (amount: string | null) => here.call({ method: 'PUT', path, key, body: { amount } })
  expect([(await put('0.1')).body, (await put('-1')).status]).toMatchObject([
    { type: '/problems/interim_amount_too_small', detail: expect.stringContaining('$0.50') },
    422,
  ])
  expect((await put('10')).body).toEqual({ amount: '10', unbilled: '0', currency: 'USD' })
  expect((await get(`/v1/operator/accounts/${idOf(accountId)}`)).body).toMatchObject({
    interim: { amount: '10', unbilled: '0' },
    billing: { overage: '10', overage_invoiced: '10' },
    invoices: [{ kind: 'interim', status: 'paid', total: '10' }, { kind: 'start' }],
  })
  expect((await put(null)).body).toMatchObject({ amount: null })
})
