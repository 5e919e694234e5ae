/** A write with an Idempotency-Key is done once, whoever asks, however often and however it ends. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { OutcomeUnknown } from '../database/connect.ts'
import type { Handlers } from './handlers.ts'
import { refuse } from './problem.ts'
import { createTestApp, type TestApp } from './test-app.ts'

let here: TestApp
let key: string
let other: string
let owner: { cookie: string; account: string }
let done = 0
/** What the handler does next; by default it answers. */
let next: () => Promise<void> | void = () => {}

beforeAll(async () => {
  const handlers: Partial<Handlers> = {
    resumeSubscription: async () => {
      done += 1
      await next()
      return { status: 'active' as const }
    },
    cancelSubscription: () => {
      done += 1
      return refuse('no_subscription')
    },
    deletePaymentMethod: () => {
      done += 1
    },
  }
  here = await createTestApp({ handlers })
  const { cookie, userId } = await here.signUp('Ada')
  const { accountId, id } = await here.createAccount('Here', userId)
  owner = { cookie, account: id }
  key = (await here.createKey(accountId, ['read', 'billing:write'])).key
  const there = await here.createAccount('There')
  other = (await here.createKey(there.accountId, ['read', 'billing:write'])).key
})
afterAll(() => here?.close())
beforeEach(() => {
  done = 0
  next = () => {}
})

const call = (path: string, idempotencyKey: string, more: { key?: string; body?: unknown } = {}) =>
  here.call({
    method: 'POST',
    path,
    key: more.key ?? key,
    body: more.body,
    headers: { 'idempotency-key': idempotencyKey },
  })
const RESUME = '/v1/subscription/resume'
const refusalOf = ({ body }: { body: { type?: string } }) => body.type?.replace('/problems/', '')

test('the same again is answered as the first time, and not done again', async () => {
  const first = await call(RESUME, 'a')
  const again = await call(RESUME, 'a')
  expect(again.text).toBe(first.text)
  expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' })
  expect(first.headers).not.toHaveProperty('idempotent-replayed')
  expect(done).toBe(1)
})

test('an answer without a body is repeated too', async () => {
  const remove = () =>
    here.call({
      method: 'DELETE',
      path: '/v1/payment-method',
      key,
      headers: { 'idempotency-key': 'no-body' },
    })
  expect([(await remove()).status, (await remove()).status, done]).toEqual([204, 204, 1])
})

test('a key belongs to its account: another one’s is its own', async () => {
  await call(RESUME, 'shared')
  await call(RESUME, 'shared', { key: other })
  expect(done).toBe(2)
})

test('another address or body under the same key is refused', async () => {
  await call(RESUME, 'taken')
  expect(refusalOf(await call('/v1/subscription/cancel', 'taken', { body: {} }))).toBe('idempotency_conflict')
  expect(done).toBe(1)
})

test('a refusal keeps no key', async () => {
  for (const _ of [1, 2]) {
    expect(refusalOf(await call('/v1/subscription/cancel', 'refused', { body: {} }))).toBe('no_subscription')
  }
  expect(done).toBe(2)
})

test('what failed before anything was done may be sent again', async () => {
  next = () => {
    throw new Error('a bug')
  }
  expect((await call(RESUME, 'failed')).status).toBe(500)
  next = () => {}
  expect((await call(RESUME, 'failed')).status).toBe(200)
})

test('of many at once one is done, and the others are told to wait', async () => {
  let finish = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  next = () => finished
  const refused: (string | undefined)[] = []
  const all = [1, 2, 3, 4, 5].map(async () => {
    const answer = await call(RESUME, 'many')
    if (answer.status === 409 && refused.push(refusalOf(answer)) === 4) finish()
    return answer.status
  })
  expect((await Promise.all(all)).sort()).toEqual([200, 409, 409, 409, 409])
  expect(new Set(refused)).toEqual(new Set(['request_under_way']))
  expect(done).toBe(1)
})

test('where nobody knows whether it was done, it is not done again', async () => {
  next = () => {
    throw new OutcomeUnknown('the connection broke at the commit')
  }
  expect(refusalOf(await call(RESUME, 'unknown'))).toBe('outcome_unknown')
  expect(refusalOf(await call(RESUME, 'unknown'))).toBe('request_under_way')
  await here.services.db.asService((tx) =>
    tx.query(`update kept_answers set started_at = started_at - interval '1 hour' where key = 'unknown'`),
  )
  expect(refusalOf(await call(RESUME, 'unknown'))).toBe('request_unresolved')
  expect(done).toBe(1)
})

test('a secret that is shown once is not kept', async () => {
  const create = () =>
    here.call({
      method: 'POST',
      path: '/v1/api-keys',
      ...owner,
      body: { name: 'till', scopes: ['read'] },
      headers: { 'idempotency-key': 'secret' },
    })
  expect((await create()).status).toBe(201)
  expect(refusalOf(await create())).toBe('answer_not_kept')
  const kept = await here.services.db.asService((tx) =>
    tx.query(`select body from kept_answers where key = 'secret'`),
  )
  expect(kept).toEqual([{ body: null }])
})
