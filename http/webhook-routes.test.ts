/** Webhooks as a program meets them. What is sent and when is tested where it is done: outbox/. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSealer } from '../outbox/seal-secret.ts'
import { openOutside } from '../outgoing/outside.ts'
import { createTestApp, type TestApp } from './test-app.ts'
import { handlers as webhooks } from './webhook-routes.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ handlers: webhooks })
  app.services.sealer = openSealer('test')
  app.services.outside = openOutside({ allowed: null })
})
afterAll(() => app.close())

async function door() {
  const { accountId } = await app.createAccount('Here')
  const { key } = await app.createKey(accountId, ['read', 'write'])
  return (method: string, path: string, body?: unknown) => app.call({ method, path, key, body })
}

test('an endpoint is made, shown without its secret, changed, tried, and removed', async () => {
  const call = await door()
  const made = await call('POST', '/v1/webhooks', {
    url: 'https://example.com/hook',
    events: ['run.finished'],
  })
  expect(made).toMatchObject({
    status: 201,
    body: { status: 'enabled', secret: expect.stringMatching(/^whsec_/) },
  })
  const { id } = made.body as { id: string }
  const path = `/v1/webhooks/${id}`
  const listed = await call('GET', '/v1/webhooks')
  expect(listed.body).toMatchObject({
    data: [{ id, url: 'https://example.com/hook', events: ['run.finished'] }],
  })
  expect(listed.text).not.toContain('whsec_')
  expect(await call('PATCH', path, { events: [], enabled: false })).toMatchObject({
    body: { events: [], status: 'disabled', disabled_because: 'person', url: 'https://example.com/hook' },
  })
  expect(await call('POST', `${path}/secret`)).toMatchObject({
    status: 201,
    body: { secret: expect.any(String), old_secret_until: expect.any(String) },
  })
  const tried = await call('POST', `${path}/test`)
  expect(tried).toMatchObject({
    status: 201,
    body: { event_type: 'webhook.test', status: 'waiting', tries: [] },
  })
  const delivery = (tried.body as { id: string }).id
  expect(await call('POST', `/v1/webhook-deliveries/${delivery}/replay`)).toMatchObject({ status: 201 })
  expect(await call('GET', `${path}/deliveries?limit=1`)).toMatchObject({
    body: { data: [{ replayed: true }], next_cursor: expect.any(String) },
  })
  const span = { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
  // The account's own creation.
  expect(await call('POST', `${path}/replay`, span)).toMatchObject({ status: 201, body: { deliveries: 1 } })
  expect(await call('DELETE', path)).toMatchObject({ status: 204 })
  expect(await call('GET', path)).toMatchObject({ status: 404 })
})

test.each([
  [{ url: 'ftp://example.com' }, 'url_invalid'],
  [{ url: 'https://me:secret@example.com' }, 'url_invalid'],
  [{ url: 'http://127.0.0.1:4000/hook' }, 'address_not_public'],
  [{ url: 'https://[::1]/' }, 'address_not_public'],
  [{ url: 'https://2130706433/' }, 'address_not_public'],
  [{ url: 'http://localhost:4000' }, 'address_not_public'],
  [{ url: 'https://169.254.169.254/latest' }, 'address_not_public'],
  [{ url: 'nonsense' }, 'invalid_input'],
  [{ url: 'https://example.com', events: ['run.began'] }, 'event_unknown'],
  [{ url: 'https://example.com', events: ['webhook.test'] }, 'event_unknown'],
])('%j is refused as %s', async (body, refusal) => {
  const call = await door()
  expect((await call('POST', '/v1/webhooks', body)).body).toMatchObject({ type: `/problems/${refusal}` })
})

test('an account has no more endpoints than it may have', async () => {
  const call = await door()
  for (let made = 0; made < 20; made++) await call('POST', '/v1/webhooks', { url: 'https://example.com' })
  const refused = await call('POST', '/v1/webhooks', { url: 'https://example.com' })
  expect(refused.body).toMatchObject({ type: '/problems/too_many_endpoints' })
})

test('the events are public, each with the schema of its data', async () => {
  const answer = await app.call({ path: '/v1/webhooks/events' })
  const events = (answer.body as { data: { type: string; schema: { properties: object } }[] }).data
  expect(events.find(({ type }) => type === 'invoice.paid')!.schema.properties).toMatchObject({
    invoice_id: { type: 'string', pattern: expect.any(String) },
    amount_due: { type: 'string' },
  })
})
