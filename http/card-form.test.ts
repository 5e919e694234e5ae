/** A card through the payment provider's own form, with the real SDK and a Stripe on this machine. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox } from '../payments/sandbox.ts'
import { openStripe } from '../payments/stripe.ts'
import { type LocalStripe, openLocalStripe } from '../payments/test-stripe.ts'
import { handlers } from './billing-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let local: LocalStripe
let app: TestApp
const collected: string[] = []

beforeAll(async () => {
  local = await openLocalStripe()
  app = await createTestApp({ handlers })
  Object.assign(app.services, {
    payments: openStripe({ secretKey: local.secretKey, url: local.url, retries: 0 }),
    collect: async (accountId: string) => void collected.push(accountId),
  })
})
afterAll(async () => {
  await app.close()
  await local.close()
})

async function customer(name: string) {
  const { accountId, id } = await app.createAccount(name)
  const { key } = await app.createKey(accountId, ['read', 'billing:write'])
  const open = () => app.call({ method: 'POST', path: '/v1/payment-method/setup', key })
  const put = (token: string) => app.call({ method: 'PUT', path: '/v1/payment-method', key, body: { token } })
  const card = async () => (await app.call({ path: '/v1/billing', key })).body['payment_method' as never]
  return { accountId, id, open, put, card }
}

/** What the form's address leads back with, once the card is in. */
function fillIn(url: string, number: string): URL {
  const filled = local.vault.fillIn(url.split('/').at(-1)!, number, true)
  if ('refused' in filled) throw new Error(filled.refused)
  return new URL(filled.sentTo)
}

test('a card is put in at Stripe, becomes the payment method, and what is open is collected', async () => {
  const anna = await customer('Anna')
  const { status, body } = await anna.open()
  expect(status).toBe(200)
  const back = fillIn((body as { url: string }).url, '4242424242424242')
  expect(`${back.origin}${back.pathname}`).toBe(`http://localhost:4000/a/${anna.id}/billing`)
  const form = back.searchParams.get('form')!
  expect(await anna.card()).toBeNull()

  // Whoever gets hold of the token of another account's form can do nothing with it.
  const other = await customer('Other')
  expect(await other.put(form)).toMatchObject({ status: 422 })
  expect(await other.card()).toBeNull()

  expect(await anna.put(form)).toMatchObject({ status: 200, body: { provider: 'stripe', last4: '4242' } })
  expect(await anna.card()).toMatchObject({ brand: 'Visa', last4: '4242', expires: '09/2031' })
  expect(collected).toContain(anna.accountId)
})

test('the next card belongs to the same customer at Stripe', async () => {
  const { open, put, card } = await customer('Ben')
  for (const number of ['4242424242424242', '5555555555554444']) {
    const { body } = await open()
    await put(fillIn((body as { url: string }).url, number).searchParams.get('form')!)
  }
  expect(await card()).toMatchObject({ brand: 'Mastercard', last4: '4444' })
  const tokens = await app.database.db.asService((tx) =>
    tx.query<{ customer: string }>(
      `select distinct split_part(token, '/', 1) as customer from payment_methods m join accounts a
       using (account_id) where a.name = 'Ben'`,
    ),
  )
  expect(tokens).toHaveLength(1)
})

test('a card that was not finished, and a Stripe that is away, change nothing', async () => {
  const { open, put, card } = await customer('Cleo')
  const { body } = await open()
  const { url } = body as { url: string }
  expect(await put(url.split('/').at(-1)!)).toMatchObject({ status: 422 })
  local.fault = () => 'error_before'
  expect(await open()).toMatchObject({ status: 503, body: { type: '/problems/payment_provider_away' } })
  expect(await put(url.split('/').at(-1)!)).toMatchObject({ status: 503 })
  local.fault = () => null
  expect(await card()).toBeNull()
})

test('the sandbox has no form', async () => {
  const { open } = await customer('Dora')
  const { payments } = app.services
  app.services.payments = openSandbox(app.database.db)
  expect(await open()).toMatchObject({ status: 409, body: { type: '/problems/card_form_missing' } })
  app.services.payments = payments
})
