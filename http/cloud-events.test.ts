/** Usage as CloudEvents: an event, a batch that is booked all or nothing, and lines of JSON that are events. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { CLOUD_EVENT, CLOUD_EVENT_BATCH } from './cloud-events.ts'
import { encodeId } from './ids.ts'
import { createTestApp, type TestApp } from './test-app.ts'
import { NDJSON } from './usage-lines.ts'
import { handlers } from './usage-routes.ts'

let here: TestApp
let books: TestBooks
let account: { accountId: string; key: string }

beforeAll(async () => {
  here = await createTestApp({ handlers })
  books = await openTestBooks(here.database)
  account = await openAccount()
})
afterAll(() => here?.close())

async function openAccount() {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  return { accountId, key: (await here.createKey(accountId, ['usage:write'])).key }
}

type Usage = { key: string; operation: string; quantity: number; balance_after: string }
type Answer = { status: number; body: Usage & { type: string; errors: { field: string; message: string }[] } }

function post(body: unknown, type: string, key = account.key): Promise<Answer> {
  const headers = { 'content-type': type }
  return here.call({ method: 'POST', path: '/v1/usage', key, body, headers })
}

const event = (id: string, more: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/cameras/7',
  type: 'com.example.smart_crop',
  ...more,
})

test('an event is booked under its source and id, and once', async () => {
  const sent = event('a-1', {
    time: '2026-01-01T10:00:00+02:00',
    subject: 'a customer of theirs',
    datacontenttype: 'application/json; charset=utf-8',
    traceparent: 'an extension of theirs',
    data: { quantity: 3, camera: { left: true } },
  })
  const timeless = { ...sent, time: undefined }
  const first = await post(timeless, `${CLOUD_EVENT}; charset=utf-8`)
  expect([first.status, first.body]).toMatchObject([
    201,
    { key: '/cameras/7 a-1', operation: 'smart_crop', quantity: 3, balance_after: '49.4' },
  ])
  const again = await post(timeless, CLOUD_EVENT)
  expect([again.status, again.body]).toEqual([200, first.body])
  const other = await post({ ...timeless, source: '/cameras/8' }, CLOUD_EVENT)
  expect([other.status, other.body.balance_after]).toEqual([201, '48.8'])
  const changed = await post({ ...timeless, data: { quantity: 4 } }, CLOUD_EVENT)
  expect([changed.status, changed.body.type]).toEqual([409, '/problems/idempotency_conflict'])
  // When it happened is when it happened, in whatever offset it was written.
  const early = await post(sent, CLOUD_EVENT)
  expect(early.status).toBe(409)
  const before = await post({ ...sent, id: 'a-2' }, CLOUD_EVENT)
  expect([before.status, before.body.type]).toEqual([422, '/problems/occurred_before_subscription'])
})

test('the data may name the operation, and what it does not say is left alone', async () => {
  const named = await post(
    event('b-1', { type: 'photo.done', data: { operation: 'remove_background' } }),
    CLOUD_EVENT,
  )
  expect(named.body).toMatchObject({ operation: 'remove_background', quantity: 1 })
  const bare = await post(
    event('b-2', { type: 'smart_crop', data: null, time: null, subject: null }),
    CLOUD_EVENT,
  )
  expect(bare.body).toMatchObject({ operation: 'smart_crop', quantity: 1 })
})

test.each([
  ['another version', { specversion: '0.3' }, 'specversion'],
  ['no source', { source: undefined }, 'source'],
  ['a source with a space', { source: '/a b' }, 'source'],
  ['an empty id', { id: '' }, 'id'],
  ['source and id too long for a key', { source: `/${'s'.repeat(150)}`, id: 'i'.repeat(50) }, 'id'],
  ['no type', { type: '' }, 'type'],
  ['a type that names no operation', { type: 'com.example.Cropped' }, 'type'],
  ['a time that is none', { time: 'yesterday' }, 'time'],
  ['data of another kind', { datacontenttype: 'text/xml', data: '<a/>' }, 'datacontenttype'],
  ['data in base64', { data_base64: 'AA==' }, 'data_base64'],
  ['half a unit', { data: { quantity: 0.5 } }, 'data.quantity'],
  ['less than nothing', { data: { quantity: -1 } }, 'data.quantity'],
])('%s is refused by its field and books nothing', async (_, more, field) => {
  const { status, body } = await post(event('c', more), CLOUD_EVENT)
  expect([status, body.errors.map((error) => error.field)]).toEqual([422, expect.arrayContaining([field])])
})

test('a batch is booked all or nothing, and may be empty', async () => {
  const { accountId, key } = await openAccount()
  const bad = [event('d-1'), event('d-2', { type: 'nothing_like_it' })]
  const refused = await post(bad, CLOUD_EVENT_BATCH, key)
  expect([refused.status, refused.body]).toMatchObject([
    422,
    { type: '/problems/operation_not_offered', index: 1 },
  ])
  const booked = await post([event('d-1'), event('d-3')], CLOUD_EVENT_BATCH, key)
  expect([booked.status, booked.body]).toMatchObject([
    201,
    [{ balance_after: '49.8' }, { balance_after: '49.6' }],
  ])
  const empty = await post([], CLOUD_EVENT_BATCH, key)
  expect([empty.status, empty.body]).toEqual([200, []])
  // Each kind of body has its own media type.
  expect((await post([event('d-4')], CLOUD_EVENT, key)).status).toBe(422)
  expect((await post(event('d-4'), CLOUD_EVENT_BATCH, key)).status).toBe(422)
  expect((await post(event('d-4'), 'application/json', key)).status).toBe(422)
  expect((await post(event('d-4'), 'application/cloudevents+avro', key)).status).toBe(415)
  expect(await books.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
})

test('lines may be events and records side by side', async () => {
  const { key } = await openAccount()
  const lines = [
    event('e-1'),
    { key: 'plain', operation: 'smart_crop' },
    event('e-1'),
    event('e-2', { type: '' }),
  ]
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  const headers = { 'content-type': NDJSON, authorization: `Bearer ${key}` }
  const answer = await here.app.inject({ method: 'POST', url: '/v1/usage', payload: text, headers })
  const statuses = answer.body
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { status: number }).status)
  expect(statuses).toEqual([201, 201, 200, 422])
})

test('an operator names the account in the data, or as the subject; an account never another', async () => {
  const other = await openAccount()
  const id = encodeId('account', other.accountId)
  const operator = here.services.operatorToken
  const bySubject = await post(event('f-1', { subject: id }), CLOUD_EVENT, operator)
  const byData = await post(
    event('f-2', { subject: 'them', data: { account_id: id } }),
    CLOUD_EVENT,
    operator,
  )
  const nobody = await post(event('f-3', { subject: 'them' }), CLOUD_EVENT, operator)
  expect([bySubject.status, byData.status, nobody.status]).toEqual([201, 201, 422])
  expect((await post(event('f-4', { subject: id }), CLOUD_EVENT)).status).toBe(422)
})
