/** Unpaid invoices, refunds, disputes and the bank's question over HTTP, with the sandbox's play cards. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectAccount, confirmPayment, resolvePayment, sendRefund } from '../jobs/collect-account.ts'
import { lookForDisputes } from '../jobs/provider-events.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { handlers as dunning } from './dunning-routes.ts'
import { encodeId } from './ids.ts'
import { handlers as payments } from './payment-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let app: TestApp
let books: TestBooks

beforeAll(async () => {
  app = await createTestApp({ handlers: { ...dunning, ...payments } })
  books = await openTestBooks(app.database)
  const till = books.services
  Object.assign(app.services, {
    payments: books.payments,
    collect: (id: string) => collectAccount(till, id),
    sendRefund: (refund: never) => sendRefund(till, refund),
    confirmPayment: (id: string, given: never) => confirmPayment(till, id, given),
    resolvePayment: (id: string, given: never) => resolvePayment(till, id, given),
  })
})
afterAll(() => app.close())

async function customer(card: string) {
  const accountId = await books.account({ card })
  const change = await books.choose(accountId, 'starter')
  const { key } = await app.createKey(accountId, ['read', 'billing:write'])
  return { accountId, id: encodeId('account', accountId), key, change }
}
const asOperator = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  app.call({ method, path, key: app.services.operatorToken, body, headers })
const verified = async (id: string) =>
  expect(await books.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
const nextMonth = async (id: string) => {
  const { period } = await books.billing(id)
  await books.moveTo(id, new Date(period!.end.getTime() + 9 * 86_400_000))
}
type Row = Record<string, never> & { id: string; status: string }
const rowsOf = (answer: { body: never }) => (answer.body as { data: Row[] }).data

test('a payment that the bank asks about is confirmed by its payer, and the plan starts', async () => {
  const { accountId, key } = await customer('sandbox_card_requires_action')
  expect((await books.billing(accountId)).plan).toBeNull()
  const [waiting] = rowsOf(await app.call({ path: '/v1/payments?status=action_required', key }))
  expect(waiting).toMatchObject({ status: 'action_required', amount: '50', invoice_number: null })
  const path = `/v1/payments/${waiting!.id}`
  const opened = await app.call({ method: 'POST', path: `${path}/confirm`, key })
  const { url } = opened.body as { url: string }
  expect(url).toMatch(/^http:\/\/localhost:4000\/sandbox-bank\/charge_/)
  const bank = `/v1/sandbox/charges/${url.split('/').at(-1)}`
  expect(await app.call({ path: bank })).toMatchObject({
    body: { amount: '50', status: 'action_required', return_url: expect.stringContaining(waiting!.id) },
  })
  await app.call({ method: 'POST', path: bank, body: { confirms: true } })
  expect(await app.call({ path, key })).toMatchObject({ body: { status: 'succeeded' } })
  expect((await books.billing(accountId)).balance).toBe(50_000_000n)
  // Nothing waits any more.
  expect(await app.call({ method: 'POST', path: `${path}/confirm`, key })).toMatchObject({
    body: { url: null, payment: { status: 'succeeded' } },
  })
  await verified(accountId)
})

test('a payer who says no at the bank has not paid, and another account sees nothing of it', async () => {
  const { accountId, key } = await customer('sandbox_card_requires_action')
  const [waiting] = rowsOf(await app.call({ path: '/v1/payments?status=action_required', key }))
  const path = `/v1/payments/${waiting!.id}`
  const other = await customer('sandbox_card_pays')
  expect(await app.call({ method: 'POST', path: `${path}/confirm`, key: other.key })).toMatchObject({
    status: 404,
  })
  const opened = await app.call({ method: 'POST', path: `${path}/confirm`, key })
  const reference = (opened.body as { url: string }).url.split('/').at(-1)
  await app.call({ method: 'POST', path: `/v1/sandbox/charges/${reference}`, body: { confirms: false } })
  expect(await app.call({ path, key })).toMatchObject({
    body: { status: 'failed', failure: 'It was not confirmed at the bank.' },
  })
  expect((await books.billing(accountId)).plan).toBeNull()
})

test('an unpaid invoice stands in the queue with its exposure, is tried, given up, and paid after all', async () => {
  const { accountId, id } = await customer('sandbox_card_pays')
  await books.putCard(accountId, 'sandbox_card_declines')
  await nextMonth(accountId)
  const queue = async () =>
    rowsOf(await asOperator('GET', '/v1/operator/unpaid')).filter(
      (row) => (row.account as unknown as { id: string }).id === id,
    )
  const [unpaid] = await queue()
  expect(unpaid).toMatchObject({
    ...{ status: 'uncollectible', amount_due: '50', under_way: false, next_attempt_at: null },
    ...{ last_failure: 'The card was declined.', payment_method: 'Play card ending in 0002' },
    exposure: { owed: '50', unbilled: '0' },
  })
  const path = `/v1/operator/invoices/${unpaid!.id}`
  const body = { account_id: id }
  expect(await asOperator('POST', `${path}/collect`, body)).toMatchObject({
    body: { status: 'uncollectible' },
  })
  expect(await asOperator('POST', `${path}/write-off`, { ...body, reason: 'Closed' })).toMatchObject({
    body: { status: 'written_off', amount_due: '50', exposure: { owed: '0' } },
  })
  expect(await queue()).toEqual([])
  const paid = { ...body, reference: 'Transfer 4711' }
  expect(await asOperator('POST', `${path}/payments`, paid)).toMatchObject({ body: { status: 'paid' } })
  expect(await asOperator('POST', `${path}/payments`, paid)).toMatchObject({ status: 409 })
  await verified(accountId)
})

test('what waits for its payer is given up when the invoice was paid otherwise', async () => {
  const { accountId, id } = await customer('sandbox_card_pays')
  await books.putCard(accountId, 'sandbox_card_requires_action')
  await nextMonth(accountId)
  const waiting = rowsOf(await asOperator('GET', '/v1/operator/unpaid')).find(
    (row) => (row.account as unknown as { id: string }).id === id,
  )
  expect(waiting).toMatchObject({ under_way: true })
  const settled = await asOperator('POST', `/v1/operator/invoices/${waiting!.id}/payments`, {
    account_id: id,
    reference: 'Cheque 12',
  })
  expect(settled).toMatchObject({ status: 200, body: { status: 'paid', under_way: false } })
  await verified(accountId)
})

test('a refund is made once for its key; one that the card does not take is customer credit', async () => {
  const { accountId, id } = await customer('sandbox_card_refund_fails')
  const [payment] = rowsOf(await asOperator('GET', `/v1/operator/payments?account_id=${id}`))
  expect(payment).toMatchObject({ refundable: '50', disputed: '0' })
  const wanted = { account_id: id, source: 'invoice', payment_id: payment!.id, amount: '20', reason: 'Late' }
  const key = { 'idempotency-key': 'refund-1' }
  const first = await asOperator('POST', '/v1/operator/refunds', wanted, key)
  expect(first).toMatchObject({
    status: 201,
    body: { status: 'failed', failure: 'The card takes nothing back.' },
  })
  expect(await asOperator('POST', '/v1/operator/refunds', wanted, key)).toMatchObject({
    status: 200,
    body: first.body,
  })
  expect((await books.billing(accountId)).customerCredit).toBe(20_000_000n)
  expect(rowsOf(await asOperator('GET', `/v1/operator/refunds?account_id=${id}`))).toHaveLength(1)
  expect(
    await asOperator('POST', '/v1/operator/refunds', { ...wanted, payment_id: undefined }),
  ).toMatchObject({
    status: 422,
  })
  await verified(accountId)
})

test('a dispute is found, and decided by the operator of a sandbox', async () => {
  const { accountId, id } = await customer('sandbox_card_disputes')
  await lookForDisputes({ ...books.services, log: () => {} })
  const dispute = rowsOf(await asOperator('GET', '/v1/operator/disputes')).find(
    (row) => (row.account as unknown as { id: string }).id === id,
  )
  expect(dispute).toMatchObject({ status: 'open', amount: '50', reason: 'play' })
  const [payment] = rowsOf(await asOperator('GET', `/v1/operator/payments?account_id=${id}`))
  expect(payment).toMatchObject({ status: 'succeeded', refundable: '0', disputed: '50' })
  const decided = await asOperator('POST', `/v1/operator/disputes/${dispute!.id}/decide`, {
    account_id: id,
    won: false,
  })
  expect(decided).toMatchObject({ body: { status: 'lost' } })
  expect((await books.invoices(accountId))[0]).toMatchObject({ status: 'uncollectible' })
  await verified(accountId)
})
