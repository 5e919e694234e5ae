/** What the app does around every handler: refusals as problem details, input, answers, files of the web app. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as openSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from './app.ts'
import type { Handlers } from './handlers.ts'
import { problems, type RefusalName } from './problem.ts'
import { type Answer, type Call, createTestApp, type TestApp } from './test-app.ts'

let here: TestApp
let key: string
let webFolder: string

beforeAll(async () => {
  webFolder = mkdtempSync(join(tmpdir(), 'drawdown-web-'))
  mkdirSync(join(webFolder, 'assets'))
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>the app</title>')
  writeFileSync(join(webFolder, 'assets', 'app-1a2b.js'), 'let a')
  writeFileSync(join(webFolder, '.built-from'), 'private')
  const handlers: Partial<Handlers> = {
    planMix: ({ body }) => {
      throw new Error(`secret of the inside: ${JSON.stringify(body)}`)
    },
    listGrants: () => ({ data: [{ id: 'not what the row promises' }], next_cursor: null }) as never,
    getBilling: () => {
      throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' })
    },
  }
  here = await createTestApp({ webFolder, handlers })
  const { accountId } = await here.createAccount('Here')
  key = (await here.createKey(accountId, ['read', 'write', 'usage:write', 'billing:write'])).key
})
afterAll(async () => {
  await here?.close()
  rmSync(webFolder, { recursive: true, force: true })
})

/** The one place that looks at a problem: all of its shape each time. */
function check(answer: Answer, refusal: RefusalName): { detail: string } & Record<string, unknown> {
  const problem = answer.body as Record<string, unknown> & { detail: string }
  const [status, title] = problems[refusal]
  expect([answer.status, problem.type]).toEqual([status, `/problems/${refusal}`])
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(problem).toMatchObject({ status, title })
  expect(problem.request_id).toMatch(/^request_[0-9a-f]{32}$/)
  expect(problem.request_id).toBe(answer.headers['x-request-id'] ?? problem.request_id)
  expect(problem.detail.length).toBeGreaterThan(10)
  expect(answer.text).not.toMatch(/node_modules|\.ts\b|at \w+ \(|select |ECONN|10\.0\.0\.1|secret/)
  return problem
}

const asKey = (call: Call) => here.call({ key, ...call })
const post = (path: string, body: unknown, more: Partial<Call> = {}) =>
  asKey({ method: 'POST', path, body, ...more })

describe('a refusal is a problem document', () => {
  test('without a key', async () => {
    const answer = await here.call({ path: '/v1/usage' })
    check(answer, 'not_signed_in')
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
  })
  test('with something that is no key', async () => {
    check(await here.call({ path: '/v1/usage', headers: { authorization: 'Basic eDp5' } }), 'invalid_key')
  })
  test('for an address that is nothing', async () => check(await asKey({ path: '/v1/nothing' }), 'not_found'))
  test('for what cannot be an id', async () =>
    check(await asKey({ path: '/v1/invoices/invoice_12' }), 'not_found'))
  test('for a method that an address does not take', async () => {
    const answer = await asKey({ method: 'DELETE', path: '/v1/automations' })
    check(answer, 'method_not_allowed')
    expect(answer.headers.allow).toBe('GET, POST')
  })
  test('for a method nobody takes', async () =>
    check(await asKey({ method: 'OPTIONS', path: '/v1/usage' }), 'method_not_allowed'))
  test('for a body that is no JSON', async () => {
    expect(check(await post('/v1/mix', '{"fixed": '), 'malformed_request').detail).toMatch(/not valid JSON/)
  })
  test('for a body that would poison a prototype', async () =>
    check(await post('/v1/mix', '{"__proto__": {"a": 1}}'), 'malformed_request'))
  test('for a body of another kind', async () =>
    check(
      await post('/v1/mix', 'a,b', { headers: { 'content-type': 'text/csv' } }),
      'unsupported_media_type',
    ))
  test('for JSON in the clothes of a form', async () =>
    check(
      await post('/v1/mix', '{}', { headers: { 'content-type': 'text/plain' } }),
      'unsupported_media_type',
    ))
  test('for a body that is too large', async () =>
    check(await post('/v1/mix', { fixed: 'x'.repeat(1_100_000) }), 'body_too_large'))
  test('for more when a hundred thousand ids need it', async () =>
    check(await post('/v1/runs', { image_ids: 'x'.repeat(1_100_000) }), 'invalid_input'))
  test('for an idempotency key that is none', async () =>
    check(
      await post('/v1/usage', { key: 'a', operation: 'x' }, { headers: { 'idempotency-key': 'a b' } }),
      'invalid_input',
    ))
  test('for what was thrown: nothing of the inside', async () =>
    check(await post('/v1/mix', { fixed: { smart_crop: 1 } }), 'internal_error'))
  test('for an answer that is not what the row promises', async () =>
    check(await asKey({ path: '/v1/grants' }), 'internal_error'))
  test('for a database that does not answer', async () => {
    const answer = await asKey({ path: '/v1/billing' })
    check(answer, 'unavailable')
    expect(answer.headers['retry-after']).toBe('5')
  })
  test('for too many requests', async () => {
    const busy = await createTestApp({ requestsPerTenSeconds: 2 })
    const ask = () => busy.call({ path: '/healthz' })
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
    const answer = await ask()
    check(answer, 'too_many_requests')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    await busy.close()
  })
})

describe('fields at fault are named, with what was expected and what came', () => {
  const id = `image_${'0'.repeat(32)}`
  test.each<[string, string, unknown, [field: string, message: string][]]>(
    [
      ['of the wrong type', '/v1/usage', { key: 1, operation: 'crop' }, [['key', 'expected string, got 1']]],
      ['absent', '/v1/usage', { operation: 'crop' }, [['key', 'expected string, got nothing']]],
      [
        'unknown',
        '/v1/usage',
        { key: 'a', operation: 'crop', cost: '1' },
        [['cost', 'there is no such field']],
      ],
      [
        'too small',
        '/v1/usage',
        { key: 'a', operation: 'crop', quantity: 0 },
        [['quantity', 'expected more than 0, got 0']],
      ],
      [
        'no integer',
        '/v1/usage',
        { key: 'a', operation: 'crop', quantity: 1.5 },
        [['quantity', 'expected a whole number, got 1.5']],
      ],
      [
        'no instant',
        '/v1/usage',
        { key: 'a', operation: 'crop', occurred_at: 'today' },
        [['occurred_at', 'expected an instant such as "2026-11-22T09:00:00Z", got "today"']],
      ],
      [
        'inside a list',
        '/v1/usage',
        [
          { key: 'a', operation: 'crop' },
          { key: '', operation: 'crop' },
        ],
        [['[1].key', 'expected at least 1 character, got ""']],
      ],
      ['an empty list', '/v1/usage', [], [['body', 'expected at least 1 element, got a list of 0']]],
      [
        'none of those allowed',
        '/v1/subscription/cancel',
        { at: 'later' },
        [['at', 'expected "boundary" or "now", got "later"']],
      ],
      [
        'deep inside',
        '/v1/automations',
        { name: 'a', steps: [{ operation: 'A' }] },
        [['steps[0].operation', 'expected text like /^[a-z][a-z0-9_]{0,63}$/, got "A"']],
      ],
      [
        'two that exclude each other',
        '/v1/quotes',
        { automation_id: `automation_${'0'.repeat(32)}`, image_ids: [id], image_count: 1 },
        [['body', 'give either "image_ids" or "image_count"']],
      ],
      [
        'two at once',
        '/v1/automations',
        {},
        [
          ['name', 'expected string, got nothing'],
          ['steps', 'expected array, got nothing'],
        ],
      ],
      [
        'with a NUL',
        '/v1/automations',
        { name: 'a\0', steps: [] },
        [['name', 'expected Unicode text without NUL and without half a surrogate pair']],
      ],
      [
        'with half a character',
        '/v1/automations',
        { name: '\ud800', steps: [] },
        [['name', 'expected Unicode text without NUL and without half a surrogate pair']],
      ],
    ].slice(1) as never,
  )('%s', async (_, path, body, errors) => {
    const problem = check(await post(path, body), 'invalid_input')
    expect(problem.errors).toEqual(errors.map(([field, message]) => ({ field, message })))
    expect(problem.detail).toContain(errors[0]![1])
  })
  test('nested too deep', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`)
    const problem = check(
      await post('/v1/automations', { name: 'a', steps: [{ operation: 'x', settings: deep }] }),
      'invalid_input',
    )
    expect(JSON.stringify(problem.errors)).toContain('at most 20 levels')
  })
  test.each(['limit=0', 'limit=201', 'limit=1.5', 'limit=a', 'limit=1&limit=2', `cursor=${'x'.repeat(201)}`])(
    'in the query: %s',
    async (query) => {
      const problem = check(await asKey({ path: `/v1/usage?${query}` }), 'invalid_input')
      expect(problem.errors).toMatchObject([{ field: query.split('=')[0] }])
    },
  )
  test('a password is not repeated', async () => {
    const body = { name: 'a', email: 'a@example.com', password: 'hunter2' }
    const answer = await here.call({ method: 'POST', path: '/auth/sign-up/email', body })
    const problem = check(answer, 'invalid_input')
    expect(problem.errors).toEqual([
      { field: 'password', message: 'expected at least 12 characters, got 7 characters' },
    ])
  })
})

describe('an empty body', () => {
  test.each(['', undefined])('is no body (%j)', async (body) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await post('/v1/subscription/cancel', body, { headers })
    expect([answer.status, answer.body]).toMatchObject([299, { reached: 'cancelSubscription' }])
  })
})

describe('the app', () => {
  test('refuses to start without a handler, or with one too many', async () => {
    const { services } = here
    await expect(buildApp(services, {} as Handlers)).rejects.toThrow('Routes without a handler: listPlans, ')
    const extra = Object.fromEntries(['nobody', ...Object.keys(here.app)].map((name) => [name, () => {}]))
    await expect(buildApp(services, extra as never)).rejects.toThrow('handlers without a route: nobody')
  })
  test('sends security headers with everything', async () => {
    for (const path of ['/', '/v1/nothing', '/healthz', '/docs', '/problems']) {
      const { headers } = await here.call({ path, headers: { accept: 'text/html' } })
      expect(headers['content-security-policy']).toMatch(
        /default-src 'self'.*script-src 'self';.*object-src 'none'/,
      )
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
      expect(headers['strict-transport-security']).toBeUndefined()
      expect(headers['x-powered-by']).toBeUndefined()
    }
  })
  test('keeps answers of the API out of caches', async () => {
    expect((await asKey({ path: '/v1/account' })).headers['cache-control']).toBe('no-store')
  })
  test('answers broken HTTP with a problem', async () => {
    await here.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = here.app.server.address() as { port: number }
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = openSocket(port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'))
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*malformed_request/)
  })
})

describe('closing', () => {
  test('ends streams, answers what is under way, and takes nothing new', async () => {
    let begun = () => {}
    const underWay = new Promise<void>((resolve) => {
      begun = resolve
    })
    const closed = await createTestApp({
      handlers: {
        // Ends when it is told that the server closes, as streams do; a handler that did not listen would hold this test up.
        getHealth: async ({ closing }) => {
          begun()
          await new Promise((resolve) => closing.addEventListener('abort', resolve))
          return { status: 'ok', version: 'last words' }
        },
      },
    })
    const url = await closed.app.listen({ port: 0, host: '127.0.0.1' })
    const answer = fetch(`${url}/healthz`)
    await underWay
    await closed.close()
    expect(await (await answer).json()).toEqual({ status: 'ok', version: 'last words' })
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  })
})

describe('the web app', () => {
  const asBrowser = (path: string) => here.call({ path, headers: { accept: 'text/html,*/*' } })
  test.each(['/', '/a/account_1/billing', '/sign-in/token', '/anything/at/all'])(
    '%s is a page of it',
    async (path) => {
      const answer = await asBrowser(path)
      expect([answer.status, answer.text]).toEqual([200, '<!doctype html><title>the app</title>'])
      expect(answer.headers['cache-control']).toBe('no-cache')
    },
  )
  test('its files are kept for good', async () => {
    const answer = await here.call({ path: '/assets/app-1a2b.js' })
    expect([answer.status, answer.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
  })
  test.each(['/v1/nothing', '/auth/nothing', '/assets/gone.js', '/problems/nothing', '/docs/nothing.js'])(
    '%s is none',
    async (path) => {
      expect((await asBrowser(path)).status).toBe(404)
    },
  )
  test.each(['/.built-from', '/..%2f..%2fetc/passwd', '/assets/../../etc/passwd'])(
    '%s shows nothing of the disk',
    async (path) => {
      expect((await here.call({ path })).text).not.toMatch(/private|root:/)
    },
  )
  test('a program that asks for no page gets none', async () => {
    check(await here.call({ path: '/anything', headers: { accept: 'application/json' } }), 'not_found')
  })
})

describe('documents', () => {
  test.each(Object.keys(problems))('/problems/%s explains itself', async (refusal) => {
    const { status, text, headers } = await here.call({ path: `/problems/${refusal}` })
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(text).toContain(`<code>${refusal}</code>`)
  })
  test('/docs loads nothing from elsewhere', async () => {
    const page = await here.call({ path: '/docs' })
    expect(page.status).toBe(200)
    const addresses = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!)
    expect(addresses.length).toBeGreaterThan(3)
    for (const address of addresses) {
      expect(address).not.toMatch(/^(https?:)?\/\//)
      expect((await here.call({ path: new URL(address, 'http://h/docs/').pathname })).status).toBe(200)
    }
  })
})
