/** Payments over HTTP, with the real SDK and a Stripe on this machine. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiveEvent } from '../jobs/provider-events.ts'
import { openStripe } from '../payments/stripe.ts'
import { type LocalStripe, openLocalStripe, posted } from '../payments/test-stripe.ts'
import { handlers } from './payment-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let local: LocalStripe
let app: TestApp

beforeAll(async () => {
  local = await openLocalStripe()
  app = await createTestApp({ handlers })
  open([local.webhookSecret])
})
afterAll(async () => {
  await app.close()
  await local.close()
})

function open(webhookSecrets: string[]): void {
  const payments = openStripe({ secretKey: local.secretKey, webhookSecrets, url: local.url, retries: 0 })
  const services = { db: app.database.db, payments }
  Object.assign(app.services, {
    payments,
    receiveEvent: (given: { body: string; signature: string }) => receiveEvent(services, given),
  })
}

const post = ({ body, signature }: { body: string; signature: string }) =>
  app.call({
    method: 'POST',
    path: '/v1/stripe/events',
    body,
    headers: { 'stripe-signature': signature },
  })

test('an event of Stripe is stored once, by the bytes that were signed', async () => {
  local.vault.createIntent({ amount: '1000', currency: 'usd' })
  const event = local.events.at(-1)!
  // Spaces and the order of names are part of what is signed.
  const { body, signature } = posted({ ...event, zebra: ' ', apple: 1 } as never, local.webhookSecret)
  for (const turn of [1, 2]) {
    expect(await post({ body, signature }), `${turn}`).toMatchObject({
      status: 200,
      body: { received: true },
    })
  }
  const rows = await app.database.db.asService((tx) =>
    tx.query('select event_id as "id", object_id as "objectId", type, handled_at from provider_events'),
  )
  const objectId = (event.data.object as { id: string }).id
  expect(rows).toEqual([{ id: event.id, objectId, type: 'payment_intent.created', handled_at: null }])
})

test('what is not signed, and what nobody has set up, is refused', async () => {
  local.vault.createIntent({ amount: '1000', currency: 'usd' })
  const good = posted(local.events.at(-1)!, local.webhookSecret)
  for (const bad of [
    { ...good, body: `${good.body}\n` },
    { ...good, signature: '' },
    { ...good, body: '' },
  ]) {
    expect(await post(bad)).toMatchObject({ status: 400, body: { type: '/problems/event_not_signed' } })
  }
  open([])
  expect(await post(good)).toMatchObject({ status: 404, body: { type: '/problems/events_not_set_up' } })
})
