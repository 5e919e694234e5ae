import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionConfig } from '../database/pool.ts'
import { advanceTo, book, type Customer, newCustomer } from './customer.ts'
import { startTestServer, type TestServer } from './start-server.ts'

/** Books that prove themselves, as the operator and the customer see it. */

let server: TestServer
let customer: Customer

beforeAll(async () => {
  server = await startTestServer()
  customer = await newCustomer(server, { plan: 'starter' })
  await book(customer.api, 'smart_crop', 300)
  await advanceTo(server, customer.accountId, (await customer.api.getBilling()).period!.end)
}, 300_000)
afterAll(() => server?.close())

/** As whoever owns the machine, past the walls. */
async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client(sessionConfig(server.databaseUrl, { role: 'drawdown_owner' }))
  await client.connect()
  await client.query(
    `begin; alter table period_totals no force row level security; ${statement};
     alter table period_totals force row level security; commit`,
  )
  await client.end()
}

function drawdown(...args: string[]): Promise<{ code: number | null; output: string }> {
  const environment = {
    PATH: process.env.PATH,
    HOME: server.folder,
    DRAWDOWN_DATA: join(server.folder, 'data'),
  }
  const root = join(import.meta.dirname, '..')
  const child = spawn(process.execPath, [join(root, 'cli/drawdown.mjs'), ...args], {
    cwd: server.folder,
    env: { ...environment, DATABASE_URL: server.databaseUrl },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

test('an operator verifies an account, and its billing page says when', async () => {
  const { accountId, api } = customer
  expect((await api.getBilling()).verified_at).toBeNull()
  const answer = await server.operator.verifyBooks({ body: { account_id: accountId } })
  expect(answer.data).toMatchObject([{ account_id: accountId, parked_at: null, findings: [] }])
  expect((await api.getBilling()).verified_at).toBe(answer.data[0]!.verified_at)
})

test('a row that was changed is named, the account parked, and let go once it is mended', async () => {
  const { accountId } = customer
  await asOwner('update period_totals set quantity = quantity + 1')
  const { code, output } = await drawdown('verify')
  expect({ code, output }).toMatchObject({ code: 1, output: /total of smart_crop in period 0: .* found/ })
  const { data } = await server.operator.getVerification()
  expect(data).toMatchObject([{ account_id: accountId, parked_at: expect.any(String) }])

  await asOwner('update period_totals set quantity = quantity - 1')
  const mended = await server.operator.verifyBooks({ body: { account_id: accountId } })
  expect(mended.data).toMatchObject([{ parked_at: null, failed_at: null, findings: [] }])
  expect(await drawdown('verify')).toMatchObject({ code: 0, output: 'All books are in order.\n' })
})

test('a customer proves an invoice offline, and a bundle that was changed is not proven', async () => {
  const { api } = customer
  const { data } = await api.listInvoices({ query: { limit: 1 } })
  const proof = await api.getInvoiceProof({ path: { id: data[0]!.id } })
  const file = join(server.folder, 'proof.json')
  writeFileSync(file, JSON.stringify(proof))
  const { code, output } = await drawdown('invoice', 'verify', file)
  expect({ code, output }).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^Invoice .* is proven: 1 usage/),
  })
  writeFileSync(file, JSON.stringify(proof).replace('"quantity":"300"', '"quantity":"301"'))
  expect(await drawdown('invoice', 'verify', file)).toMatchObject({ code: 1 })
})
