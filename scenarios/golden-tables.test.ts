import { afterAll, beforeAll, expect, test } from 'vitest'
import { book, type Customer, newCustomer } from './customer.ts'
import { startTestServer, type TestServer } from './start-server.ts'

/** Golden tables 1 to 3: what a balance buys, by GET /v1/billing and POST /v1/mix. */

let server: TestServer
let starter: Customer

beforeAll(async () => {
  server = await startTestServer()
  starter = await newCustomer(server, { plan: 'starter' })
}, 300_000)

afterAll(() => server?.close())

/** In this order a customer gets from one balance to the next by using what stands between them. */
test.each([
  { balance: '50', use: [], smartCrops: 250, removals: 100 },
  { balance: '10', use: [['smart_crop', 200]], smartCrops: 50, removals: 20 },
  {
    balance: '0.3',
    use: [
      ['smart_crop', 46],
      ['remove_background', 1],
    ],
    smartCrops: 1,
    removals: 0,
  },
  { balance: '0', use: [['remove_background', 1]], smartCrops: 0, removals: 0 },
] as const)(
  'table 1: $balance buys $smartCrops crops or $removals removals',
  async ({ balance, use, smartCrops, removals }) => {
    for (const [operation, quantity] of use) await book(starter.api, operation, quantity)
    const available = { smart_crop: smartCrops, remove_background: removals }
    expect(await starter.api.getBilling()).toMatchObject({ balance, available })
    expect(await starter.api.planMix({ body: { fixed: {} } })).toMatchObject({
      balance_after: balance,
      available,
    })
  },
)

test('what went beyond the balance is overage, and no record was refused', async () => {
  expect(await starter.api.getBilling()).toMatchObject({ balance: '0', overage: '0.2' })
})

test.each([
  { spent: 0, fixed: 100, cost: '20', left: 60 },
  { spent: 200, fixed: 10, cost: '2', left: 16 },
  { spent: 200, fixed: 20, cost: '4', left: 12 },
])('table 2: beside $fixed crops ($cost) there are $left removals', async ({ spent, fixed, cost, left }) => {
  const { api } = await newCustomer(server, { plan: 'starter' })
  if (spent > 0) await book(api, 'smart_crop', spent)
  const beside = await api.planMix({ body: { fixed: { smart_crop: fixed } } })
  expect(beside).toMatchObject({ cost, overage: '0', available: { remove_background: left } })
  const both = await api.planMix({ body: { fixed: { smart_crop: fixed, remove_background: left } } })
  expect(both).toMatchObject({ balance_after: '0', overage: '0', available: { remove_background: 0 } })
})

test('a mix beyond the balance tells its overage, and the inverse tells what it takes', async () => {
  const { api } = await newCustomer(server, { plan: 'starter' })
  expect(await api.planMix({ body: { fixed: { smart_crop: 300, remove_background: 10 } } })).toMatchObject({
    cost: '65',
    balance_after: '0',
    overage: '15',
  })
  expect(await api.planMix({ body: { target: { smart_crop: 300, remove_background: 10 } } })).toMatchObject({
    balance_needed: '65',
  })
})
