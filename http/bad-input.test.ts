/** Bad input, one row each: a refusal with a name, and books, catalogue and accounts as they were. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { publishNewPlan } from '../ledger/publish-plan.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { handlers as grants } from './grant-routes.ts'
import { encodeId } from './ids.ts'
import { handlers as operator } from './operator-routes.ts'
import { handlers as plans } from './plan-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'
import { handlers as usage } from './usage-routes.ts'

let here: TestApp
let books: TestBooks
let accountId: string
let key: string
let before: string

/** A million units of currency for each: the dearest operation that may be published, and one that is free in overage. */
const DEAR = {
  code: 'dear',
  name: 'Dear',
  currency: 'USD',
  creditUnit: 'USD',
  listPrice: '1',
  credits: '1',
  prices: [
    { operation: 'dear', unitPrice: '1000000' },
    { operation: 'gift', unitPrice: '1000000', overageUnitPrice: '0' },
  ],
}

beforeAll(async () => {
  here = await createTestApp({ handlers: { ...grants, ...operator, ...plans, ...usage } })
  books = await openTestBooks(here.database)
  await books.db.asService((tx) => publishNewPlan(tx, DEAR))
  accountId = await books.account()
  await books.choose(accountId, 'dear')
  key = (await here.createKey(accountId, ['usage:write'])).key
})
afterAll(() => here?.close())
beforeEach(async () => {
  before = await everything()
})

/** Counts and sums that any act would move. */
async function everything(): Promise<string> {
  const rows = await books.db.asService((tx) =>
    tx.query(
      `select (select count(*) from accounts) as accounts, (select sum(entry_sequence) from accounts) as links,
         (select count(*) from usage_keys) as keys, (select count(*) from usage_records) as records,
         (select count(*) from credit_grants) as grants, (select count(*) from plan_versions) as versions,
         (select count(*) from plans) as plans, (select sum(overage_micros) from periods) as overage`,
    ),
  )
  return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

type Problem = { type: string; detail: string; errors?: { field: string }[] }

async function refusal(path: string, body: unknown, as = here.services.operatorToken): Promise<string> {
  const answer = await here.call({ method: 'POST', path, key: as, body })
  const { type, errors } = answer.body as Problem
  const fields = [...new Set(errors?.map(({ field }) => ` ${field}`))].join('')
  return `${answer.status} ${type.replace('/problems/', '')}${fields}`
}

const use = (more: object) => ({ key: 'bad', operation: 'dear', quantity: 1, ...more })

test.each([
  ['unknown operation', use({ operation: 'nothing_like_it' }), '422 operation_not_offered'],
  ['an operation that is no code', use({ operation: 'Smart Crop' }), '422 invalid_input operation'],
  ['negative quantity', use({ quantity: -1 }), '422 invalid_input quantity'],
  ['no quantity at all', use({ quantity: 0 }), '422 invalid_input quantity'],
  ['fractional quantity', use({ quantity: 1.5 }), '422 invalid_input quantity'],
  ['a quantity that is a text', use({ quantity: '1' }), '422 invalid_input quantity'],
  ['a quantity past all counting', use({ quantity: 1e15 }), '422 invalid_input quantity'],
  ['a cost past int64', use({ quantity: 1_000_000_000 }), '422 amount_overflow'],
  ['an instant that is none', use({ occurred_at: '2026-02-30T00:00:00Z' }), '422 invalid_input occurred_at'],
  ['an instant ahead', use({ occurred_at: '2126-01-01T00:00:00Z' }), '422 occurred_in_future'],
  [
    'an instant before the first plan',
    use({ occurred_at: '1999-01-01T00:00:00Z' }),
    '422 occurred_before_subscription',
  ],
  [
    'overage of one period past what an invoice can ask for',
    [use({ key: 'a', quantity: 5_000_000 }), use({ key: 'b', quantity: 5_000_000 })],
    '422 amount_overflow',
  ],
])('usage: %s', async (_, body, expected) => {
  expect(await refusal('/v1/usage', body, key)).toBe(expected)
  expect(await everything()).toBe(before)
})

test('sums over many uses: what a total cannot hold is refused for itself, in a batch, and line by line', async () => {
  // Overage is free here, so what grows is the cost in credits: nine of these fit a total, ten do not.
  const many = Array.from({ length: 10 }, (_, n) =>
    use({ key: `g-${n}`, operation: 'gift', quantity: 1_000_000 }),
  )
  expect(await refusal('/v1/usage', many, key)).toBe('422 amount_overflow')
  expect(await everything()).toBe(before)
  const lines = many.map((line) => `${JSON.stringify(line)}\n`).join('')
  const headers = { 'content-type': 'application/x-ndjson', authorization: `Bearer ${key}` }
  const answer = await here.app.inject({ method: 'POST', url: '/v1/usage', payload: lines, headers })
  const statuses = answer.body
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { status: number }).status)
  expect(statuses).toEqual([...Array(9).fill(201), 422])
  expect(await books.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
})

test('an overage near the largest that a period may accrue is invoiced at its boundary', async () => {
  const rich = await books.account()
  await books.choose(rich, 'dear')
  expect(await books.use(rich, 'dear', 1_100_000)).toMatchObject({ ok: true })
  expect(await books.use(rich, 'dear', 100_000)).toMatchObject({ ok: false, refusal: 'amount_overflow' })
  await books.moveTo(rich, (await books.billing(rich)).period!.end)
  expect((await books.invoices(rich)).at(-1)!.total).toBe(1_100_000_000_000n * 1_000_000n)
  expect(await books.db.asTenant(rich, (tx) => verifyAccount(tx, rich))).toEqual([])
})

const grant = (more: object) => ({
  account_id: encodeId('account', accountId),
  source: 'promotion',
  credits: '5',
  reason: 'a test',
  ...more,
})

test.each([
  [
    'it ends before it starts',
    { starts_at: '2127-01-02T00:00:00Z', expires_at: '2127-01-01T00:00:00Z' },
    '422 grant_ends_before_start',
  ],
  [
    'it ends as it starts',
    { starts_at: '2127-01-01T00:00:00Z', expires_at: '2127-01-01T00:00:00Z' },
    '422 grant_ends_before_start',
  ],
  [
    'it has ended already',
    { starts_at: '2001-01-01T00:00:00Z', expires_at: '2001-02-01T00:00:00Z' },
    '422 grant_ends_in_past',
  ],
  ['of nothing', { credits: '0' }, '422 grant_not_positive'],
  ['of less than nothing', { credits: '-1' }, '422 grant_not_positive'],
  ['of more than is granted at once', { credits: '1000000000.000001' }, '422 grant_too_large'],
  ['of more than can be held', { credits: '9999999999999' }, '422 invalid_input credits'],
  ['with a seventh decimal', { credits: '0.0000001' }, '422 invalid_input credits'],
  ['a purchase without a price', { source: 'purchase' }, '422 consideration_missing'],
  ['a gift with one', { price: '1' }, '422 consideration_not_bought'],
  ['a price in half cents', { source: 'purchase', price: '0.005' }, '422 amount_not_minor'],
  ['a priority beyond the scale', { priority: 101 }, '422 invalid_input priority'],
  [
    'for nobody',
    { account_id: encodeId('account', '01900000-0000-7000-8000-000000000000') },
    '404 account_not_found',
  ],
])('a grant: %s', async (_, more, expected) => {
  expect(await refusal('/v1/operator/grants', grant(more))).toBe(expected)
  expect(await everything()).toBe(before)
})

test('grants of an account hold no more together than can be counted', async () => {
  const { accountId: other } = await here.createAccount('Held')
  await books.db.asService((tx) =>
    tx.query(
      `insert into credit_grants (account_id, grant_id, source, granted_micros, remaining_micros, starts_at, natural_key, created_at)
       values ($1, $1, 'promotion', 4611686018427387903, 4611686018427387903, now(), 'planted', now())`,
      [other],
    ),
  )
  const units = { currency: 'USD', credit_unit: 'USD' }
  const body = grant({ account_id: encodeId('account', other), credits: '1', units })
  expect(await refusal('/v1/operator/grants', body)).toBe('422 grant_too_large')
})

const plan = (more: object) => ({
  code: 'another',
  name: 'Another',
  currency: 'USD',
  credit_unit: 'USD',
  list_price: '1',
  credits: '1',
  prices: [{ operation: 'smart_crop', unit_price: '1' }],
  ...more,
})
const priced = (unitPrice: string, more: object = {}) => ({
  prices: [{ operation: 'smart_crop', unit_price: unitPrice, ...more }],
})

test.each([
  ['an absurd price', priced('1000000.000001'), '422 amount_absurd'],
  ['an absurd price in overage', priced('1', { overage_unit_price: '1000001' }), '422 amount_absurd'],
  ['an absurd fee', { list_price: '1000000001' }, '422 amount_absurd'],
  ['absurd credits', { credits: '1000000001' }, '422 amount_absurd'],
  ['a price below nothing', priced('-0.1'), '422 amount_negative'],
  ['a price with a seventh decimal', priced('0.0000001'), '422 amount_invalid'],
  ['a price that is no number', priced('1e3'), '422 amount_invalid'],
  ['a price past int64', priced('99999999999999999999'), '422 amount_invalid'],
  ['a fee in half cents', { list_price: '0.005' }, '422 amount_not_minor'],
  [
    'an operation twice',
    { prices: [...priced('1').prices, ...priced('2').prices] },
    '422 operation_repeated',
  ],
  [
    'an operation that is no code',
    { prices: [{ operation: 'Crop!', unit_price: '1' }] },
    '422 operation_invalid',
  ],
  ['a currency that is none', { currency: 'XXX', credit_unit: 'XXX' }, '422 currency_unknown'],
  ['a code that is there already', { code: 'starter' }, '409 plan_exists'],
])('a plan: %s', async (_, more, expected) => {
  expect(await refusal('/v1/operator/plans', plan(more))).toBe(expected)
  expect(await everything()).toBe(before)
})

test.each(['Mars/Olympus_Mons', 'GMT+25', 'Europe/berlin ', '../etc/passwd', 'x'.repeat(300)])(
  'an account in the wrong zone %j is not made',
  async (zone) => {
    const refused = await refusal('/v1/operator/accounts', { name: 'Lost', zone })
    expect(['422 zone_unknown', '422 invalid_input zone']).toContain(refused)
    expect(await everything()).toBe(before)
  },
)
