/** The operator's catalogue and rehearsals, and a customer's advice, through HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRehearsal } from '../ledger/rehearse-plan.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { handlers as plans } from './plan-routes.ts'
import { handlers as rehearsals } from './rehearsal-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let here: TestApp
let books: TestBooks
let key: string
let operator: string

beforeAll(async () => {
  here = await createTestApp({ handlers: { ...plans, ...rehearsals } })
  books = await openTestBooks(here.database)
  operator = here.services.operatorToken
  for (const crops of [100, 600]) {
    const accountId = await books.account()
    await books.choose(accountId, 'starter')
    await books.use(accountId, 'smart_crop', crops)
    await books.moveTo(accountId, (await books.billing(accountId)).period!.end)
    key = (await here.createKey(accountId, ['read'])).key
  }
})
afterAll(() => here?.close())

const draft = {
  code: 'starter',
  name: 'Starter',
  currency: 'USD',
  credit_unit: 'USD',
  list_price: '60',
  credits: '60',
  prices: [{ operation: 'smart_crop', unit_price: '0.15' }],
}
const post = (body: object) =>
  here.call({ method: 'POST', path: '/v1/operator/rehearsals', key: operator, body })

test('a draft is rehearsed: who pays less, who more, and page by page', async () => {
  const begun = await post({ ...draft, terms: 2 })
  expect([begun.status, begun.body]).toMatchObject([202, { status: 'waiting', accounts: null, done: 0 }])
  const { id } = begun.body as { id: string }
  const [job] = await books.db.asService((tx) =>
    tx.query<{ id: string }>('select rehearsal_id as id from rehearsals'),
  )
  await runRehearsal(books.db, job!.id)
  const done = await here.call({ path: `/v1/operator/rehearsals/${id}`, key: operator })
  // 100 crops: $50 before, $60 now. 600 crops: $50 + $70 before, $60 + $30 now.
  expect(done.body).toMatchObject({
    status: 'done',
    accounts: 2,
    done: 2,
    winners: 1,
    losers: 1,
    paid: '170',
    rehearsed: '150',
    change: '-20',
    draft,
  })
  const list = (query: string) =>
    here.call({ path: `/v1/operator/rehearsals/${id}/accounts?limit=1&${query}`, key: operator })
  type Page = { data: { change: string }[]; next_cursor: string }
  const first = (await list('first=winners')).body as Page
  const second = (await list(`first=winners&cursor=${first.next_cursor}`)).body as Page
  expect([first.data[0]!.change, second.data[0]!.change, second.next_cursor]).toEqual(['-30', '10', null])
  const all = await here.call({ path: '/v1/operator/rehearsals', key: operator })
  expect(all.body).toMatchObject({ data: [{ id, status: 'done' }] })
})

test.each([
  [{ credits: '-1' }, 'amount_negative'],
  [{ list_price: '2000000000' }, 'amount_absurd'],
  [{ credit_unit: 'credits', credit_price: '1' }, 'unit_mismatch'],
  [{ terms: 0 }, 'invalid_input'],
  [{ prices: [] }, 'invalid_input'],
])('a draft with %j is refused and nothing is noted down', async (more, refusal) => {
  const answer = await post({ ...draft, ...more })
  expect((answer.body as { type: string }).type).toBe(`/problems/${refusal}`)
})

test('what is not there is not found', async () => {
  const id = `rehearsal_${'0'.repeat(32)}`
  for (const path of [`/v1/operator/rehearsals/${id}`, `/v1/operator/rehearsals/${id}/accounts`]) {
    expect((await here.call({ path, key: operator })).body).toMatchObject({
      type: '/problems/rehearsal_not_found',
    })
  }
})

test('the operator lists all plans, and withdraws one from offer', async () => {
  const list = async () => {
    const answer = await here.call({ path: '/v1/operator/plans', key: operator })
    return (
      answer.body as { data: { code: string; offered: boolean; subscribers: number; versions: object[] }[] }
    ).data
  }
  const starter = (await list()).find(({ code }) => code === 'starter')
  expect(starter).toMatchObject({
    offered: true,
    subscribers: 2,
    versions: [{ version: 1, notice_days: null }],
  })
  const patch = (code: string, offered: boolean) =>
    here.call({ method: 'PATCH', path: `/v1/operator/plans/${code}`, key: operator, body: { offered } })
  expect((await patch('starter', false)).body).toMatchObject({ code: 'starter', offered: false })
  expect((await list()).find(({ code }) => code === 'starter')!.offered).toBe(false)
  expect((await patch('starter', true)).status).toBe(200)
  expect((await patch('nothing', true)).body).toMatchObject({ type: '/problems/plan_not_found' })
})

test('a customer is told what the last term would have cost elsewhere', async () => {
  const { body } = await here.call({ path: '/v1/advice', key })
  expect(body).toMatchObject({
    currency: 'USD',
    terms: [{ plan: 'Starter', fee: '50', overage: '70' }],
    recommendation: null,
  })
  expect((body as { plans: { code: string; total: string }[] }).plans).toMatchObject([
    { code: 'starter', is_current: true, total: '120' },
    { code: 'growth', total: '200' },
    { code: 'scale', total: '800' },
  ])
  const { accountId } = await here.createAccount('New')
  const none = await here.createKey(accountId, ['read'])
  expect((await here.call({ path: '/v1/advice', key: none.key })).body).toMatchObject({
    type: '/problems/no_subscription',
  })
})
