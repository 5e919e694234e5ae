/** Alerts and the pause as a program meets them. What they do is tested where it is done: ledger/ and automations/. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { handlers as alerts } from './alert-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let app: TestApp
let books: TestBooks
beforeAll(async () => {
  app = await createTestApp({ handlers: alerts })
  books = await openTestBooks(app.database)
})
afterAll(() => app.close())

async function door() {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  const { key } = await app.createKey(accountId, ['read', 'billing:write'])
  const call = (method: string, path: string, body?: unknown) => app.call({ method, path, key, body })
  return { accountId, call }
}

test('rules of alerts are set and read, with what was told this period', async () => {
  const { accountId, call } = await door()
  expect(await call('GET', '/v1/alerts')).toMatchObject({ status: 200, body: { rules: [], told: [] } })
  const rules = [
    { kind: 'credits', percent: 80 },
    { kind: 'overage', amount: '25' },
    { kind: 'forecast', amount: '40.5' },
  ]
  expect(await call('PUT', '/v1/alerts', { rules })).toMatchObject({ status: 200, body: { rules, told: [] } })
  await books.use(accountId, 'remove_background', 90)
  expect(await call('GET', '/v1/alerts')).toMatchObject({
    body: {
      rules,
      told: [{ rule: rules[0], credits_included: '50', balance: '5', overage: '0', forecast: null }],
      currency: 'USD',
    },
  })
})

test('a rule without sense is refused, and nothing changes', async () => {
  const { call } = await door()
  const nonsense = [
    { kind: 'credits', percent: 0 },
    { kind: 'credits', percent: 101 },
    { kind: 'credits', percent: 12.5 },
    { kind: 'overage', amount: '0' },
    { kind: 'overage', amount: '-1' },
    { kind: 'overage', amount: '99999999999999999999' },
    { kind: 'taxes', amount: '1' },
  ]
  for (const rule of nonsense) {
    const answer = await call('PUT', '/v1/alerts', { rules: [rule] })
    expect(answer, JSON.stringify(rule)).toMatchObject({
      status: 422,
      body: { type: '/problems/invalid_input' },
    })
  }
  expect(await call('GET', '/v1/alerts')).toMatchObject({ body: { rules: [] } })
})

test('the pause is off until the customer sets it, and can be taken back', async () => {
  const { accountId, call } = await door()
  const off = { overage_limit: null, overage: '0', paused_runs: 0, currency: 'USD' }
  expect(await call('GET', '/v1/pause')).toMatchObject({ status: 200, body: off })
  await books.use(accountId, 'remove_background', 110)
  expect(await call('PUT', '/v1/pause', { overage_limit: '2.5' })).toMatchObject({
    status: 200,
    body: { overage_limit: '2.5', overage: '5' },
  })
  for (const overage_limit of ['-1', 5, 'x', undefined])
    expect(await call('PUT', '/v1/pause', { overage_limit })).toMatchObject({ status: 422 })
  expect(await call('GET', '/v1/pause')).toMatchObject({ body: { overage_limit: '2.5' } })
  expect(await call('PUT', '/v1/pause', { overage_limit: null })).toMatchObject({
    body: { overage_limit: null },
  })
})
