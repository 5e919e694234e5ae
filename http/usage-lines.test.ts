/** Usage as lines of JSON: each for itself, in order, with memory that does not grow with the body. */
import { request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { encodeId } from './ids.ts'
import { createTestApp, type TestApp } from './test-app.ts'
import { handlers } from './usage-routes.ts'

let here: TestApp
let books: TestBooks
let port: number

beforeAll(async () => {
  here = await createTestApp({ handlers })
  books = await openTestBooks(here.database)
  await here.app.listen({ port: 0, host: '127.0.0.1' })
  port = (here.app.server.address() as AddressInfo).port
})
afterAll(() => here?.close())

async function openAccount() {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  return { accountId, key: (await here.createKey(accountId, ['usage:write'])).key }
}

type Answer = {
  line: number
  status: number
  usage?: { key: string; cost: string; balance_after: string }
  problem?: { type: string; detail: string }
}

/** Sends the pieces of a body as they are and reads the answers as they come. */
function post(key: string, pieces: Iterable<string | Buffer>): AsyncIterable<Answer> & { abort(): void } {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' }
  const call = send({ port, path: '/v1/usage', method: 'POST', headers })
  call.on('error', () => {})
  Readable.from(pieces).pipe(call)
  return {
    abort: () => call.destroy(),
    async *[Symbol.asyncIterator]() {
      const response = await new Promise<import('node:http').IncomingMessage>((resolve) =>
        call.once('response', resolve),
      )
      response.on('error', () => {})
      expect(response.headers['content-type']).toBe('application/x-ndjson')
      let rest = ''
      for await (const piece of response.setEncoding('utf8')) {
        const lines = (rest + piece).split('\n')
        rest = lines.pop()!
        for (const one of lines) yield JSON.parse(one) as Answer
      }
    },
  }
}

async function all(answers: AsyncIterable<Answer>): Promise<Answer[]> {
  const read: Answer[] = []
  for await (const answer of answers) read.push(answer)
  return read
}

const line = (key: string, more: object = {}) =>
  `${JSON.stringify({ key, operation: 'smart_crop', ...more })}\n`
const shortly = ({ line: number, status, usage, problem }: Answer) =>
  [number, status, usage?.cost ?? problem!.type.replace('/problems/', '')].join(' ')
const verify = (accountId: string) => books.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))

test('each line is booked or refused for itself, and answered with its number', async () => {
  const { accountId, key } = await openAccount()
  const body = [
    line('a'),
    line('b', { operation: 'nothing_like_it' }),
    '{"key":\n',
    '\n',
    line('c', { quantity: -1 }),
    line('a'),
    line('a', { quantity: 2 }),
    line('d'.repeat(20_000)),
    line('e', { account_id: encodeId('account', '01900000-0000-7000-8000-000000000000') }),
    line('f', { quantity: 3 }).trimEnd(),
  ].join('')
  const answers = await all(post(key, [body]))
  expect(answers.map(shortly)).toEqual([
    '1 201 0.2',
    '2 422 operation_not_offered',
    '3 400 malformed_request',
    '5 422 invalid_input',
    '6 200 0.2',
    '7 409 idempotency_conflict',
    '8 413 line_too_long',
    '9 422 invalid_input',
    '10 201 0.6',
  ])
  expect(answers.at(-1)!.usage!.balance_after).toBe('49.2')
  expect(await verify(accountId)).toEqual([])
})

test('lines that arrive in any pieces are the same lines, and a line is answered before the body has ended', async () => {
  const { key } = await openAccount()
  const bytes = Buffer.from(line('über-🖼️') + line('second'))
  const single = [...bytes].map((byte) => Buffer.from([byte]))
  const answers = await all(post(key, single))
  expect(answers.map(({ usage }) => usage!.key)).toEqual(['über-🖼️', 'second'])

  let next = () => {}
  const more = new Promise<void>((resolve) => {
    next = resolve
  })
  async function* slowly() {
    yield line('early')
    await more
    yield line('late')
  }
  const keys: string[] = []
  for await (const { usage } of post(key, slowly() as unknown as Iterable<string>)) {
    keys.push(usage!.key)
    next()
  }
  expect(keys).toEqual(['early', 'late'])
})

test('a long body is booked exactly, with memory that does not grow with it, however slowly the answers are taken', async () => {
  const { accountId, key } = await openAccount()
  const LINES = 30_000
  function* body() {
    for (let n = 0; n < LINES; n++) yield line(`n-${n % (LINES / 2)}`)
  }
  let answered = 0
  let charged = 0
  let most = 0
  const before = process.memoryUsage().rss
  for await (const { status } of post(key, body())) {
    answered++
    if (status === 201) charged++
    if (answered % 5000 === 0) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      most = Math.max(most, process.memoryUsage().rss - before)
    }
  }
  expect([answered, charged]).toEqual([LINES, LINES / 2])
  expect(most).toBeLessThan(200_000_000)
  const [sum] = await books.db.asTenant(accountId, (tx) =>
    tx.query<{ n: bigint }>('select sum(quantity)::bigint as n from usage_records where account_id = $1', [
      accountId,
    ]),
  )
  expect(sum!.n).toBe(BigInt(LINES / 2))
}, 120_000)

test('what broke off is sent again, and charged once', async () => {
  const { accountId, key } = await openAccount()
  const body = Array.from({ length: 2000 }, (_, n) => line(`k-${n}`))
  const first = post(key, body)
  for await (const { line: number } of first) if (number > 300) break
  first.abort()
  const again = await all(post(key, body))
  expect(again.map(({ line: number }) => number)).toEqual(body.map((_, index) => index + 1))
  expect(new Set(again.map(({ usage }) => usage!.cost))).toEqual(new Set(['0.2']))
  const [row] = await books.db.asTenant(accountId, (tx) =>
    tx.query<{ n: bigint }>('select count(*) as n from usage_records where account_id = $1', [accountId]),
  )
  expect(row!.n).toBe(2000n)
  expect(await verify(accountId)).toEqual([])
})

test('an operator names the account of each line', async () => {
  const one = await openAccount()
  const two = await openAccount()
  const body = [one, two].map(({ accountId }) =>
    line('shared', { account_id: encodeId('account', accountId) }),
  )
  const answers = await all(post(here.services.operatorToken, [...body, line('nobody')]))
  expect(answers.map(shortly)).toEqual(['1 201 0.2', '2 201 0.2', '3 422 invalid_input'])
})
