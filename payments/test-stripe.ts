/**
 * A Stripe on this machine, for the tests: real HTTP, spoken to by the real SDK. It does what Stripe's documentation says
 * and no more; what it takes and answers is typed by the SDK.
 *
 *   const local = await openLocalStripe()
 *   openStripe({ secretKey: local.secretKey, url: local.url })
 *
 * 1. A key that is sent again is answered as the first time, 500s included; with other parameters it is refused; while the first is
 *    under way it answers 409. What was refused before it began (400, 401, 404, 429) keeps no key.
 * 2. `local.fault` decides what goes wrong with each request. `cut_after` and `hangs` are the hard ones: it was done, and no
 *    answer comes.
 * 3. Events are kept in order; the test says when, how often and in which order they are delivered, signed as Stripe signs.
 */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type Stripe from 'stripe'
import { openVault, type Vault } from './test-stripe-objects.ts'
import { type Page, pageAt } from './test-stripe-pages.ts'
import { newId, type Params, Refusal } from './test-stripe-parts.ts'

/** What goes wrong with one request. `before`: nothing was done; `after`: it was done. */
export type Fault =
  | 'cut_before'
  | 'cut_after'
  | 'hangs'
  | 'error_before'
  | 'error_after'
  | 'rate_limited'
  | null

type Asked = { method: string; path: string; key: string | null }
type Answer = { status: number; body: object }
type Kept = { digest: string; answer: Answer | null; requestId: string }

export type LocalStripe = Awaited<ReturnType<typeof openLocalStripe>>

const SECRET_KEY = 'rk_test_local'
const API_VERSION = '2026-10-28.endive'

export async function openLocalStripe() {
  const events: Stripe.Event[] = []
  let url = ''
  const vault = openVault(
    (type, object) => events.push(eventOf(type, object)),
    () => url,
  )
  const kept = new Map<string, Kept>()
  const local = {
    secretKey: SECRET_KEY,
    webhookSecret: 'whsec_local',
    vault,
    events,
    /** Every request that got past its key, in order. */
    asked: [] as Asked[],
    fault: (_: Asked): Fault | Promise<Fault> => null,
    /** Called with the events of a request before the request is answered, as webhooks may come. */
    beforeAnswer: async (_: Stripe.Event[]): Promise<void> => {},
    /** What Stripe may do after a day. */
    forgetKeys: () => kept.clear(),
    get url() {
      return url
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  const server = createServer((request, response) => {
    serve(request, response).catch((fault) => {
      console.error(fault)
      response.destroy()
    })
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request)
    const path = new URL(request.url!, url)
    const key = String(request.headers['idempotency-key'] ?? '') || null
    const asked = {
      method: request.method!,
      path: path.pathname,
      key: request.method === 'POST' ? key : null,
    }
    const page = pageAt(vault, request.method!, path.pathname, new URLSearchParams(body))
    if (page) return sendPage(response, page)
    const requestId = newId('req')
    response.setHeader('request-id', requestId)
    response.setHeader('stripe-version', API_VERSION)
    if (request.headers.authorization !== `Bearer ${SECRET_KEY}`) {
      return send(response, { status: 401, body: { error: { message: 'Invalid API Key provided.' } } })
    }
    const digest = `${asked.path} ${body}`
    const known = asked.key === null ? undefined : kept.get(asked.key)
    if (known) {
      const lost = await local.fault(asked)
      if (lost === 'cut_before' || lost === 'cut_after') return void request.socket.destroy()
      return lost === 'hangs' ? undefined : replay(response, known, digest)
    }
    const mine: Kept = { digest, answer: null, requestId }
    if (asked.key !== null) kept.set(asked.key, mine)
    local.asked.push(asked)
    const fault = await local.fault(asked)
    const before = events.length
    const answer = answerWith(vault, asked, { path, body, fault })
    // What never began keeps no key.
    if (asked.key !== null && [0, 400, 401, 404, 429].includes(answer.status)) kept.delete(asked.key)
    else mine.answer = structuredClone(answer)
    if (events.length > before) await local.beforeAnswer(events.slice(before))
    if (fault === 'hangs') return
    if (fault === 'cut_before' || fault === 'cut_after') request.socket.destroy()
    else send(response, answer)
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return local
}

/** An event as it is posted. */
export function posted(event: Stripe.Event, secret: string): { body: string; signature: string } {
  const body = JSON.stringify(event)
  return { body, signature: signatureOf(body, { secret }) }
}

/** `t=…,v1=…`: HMAC-SHA256 of the time, a point and the bytes. */
export function signatureOf(
  payload: string,
  { secret, signedAt }: { secret: string; signedAt?: number },
): string {
  const at = signedAt ?? Math.floor(Date.now() / 1000)
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${payload}`).digest('hex')}`
}

function answerWith(
  vault: Vault,
  asked: Asked,
  { path, body, fault }: { path: URL; body: string; fault: Fault },
): Answer {
  const broken = { status: 500, body: { error: { type: 'api_error', message: 'Something went wrong.' } } }
  if (fault === 'cut_before') return { status: 0, body: {} }
  if (fault === 'error_before') return broken
  if (fault === 'rate_limited') {
    return {
      status: 429,
      body: { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many.' } },
    }
  }
  try {
    const done = route(vault, asked, path, readForm(body))
    return fault === 'error_after' ? broken : { status: 200, body: done }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return { status: refusal.status, body: refusal.body }
  }
}

function route(vault: Vault, { method, path }: Asked, { searchParams }: URL, form: Params): object {
  const [resource, id, act] = path.replace('/v1/checkout/sessions', '/v1/sessions').split('/').slice(2)
  const called = `${method} ${resource}${id ? '/id' : ''}${act ? `/${act}` : ''}`
  if (called === 'POST payment_intents') return vault.createIntent(form)
  if (called === 'GET payment_intents') {
    return listOf('/v1/payment_intents', vault.intentsOf(searchParams.get('customer') ?? ''), searchParams)
  }
  if (called === 'GET payment_intents/id') return vault.intent(id!)
  if (called === 'POST payment_intents/id/cancel') return vault.cancel(vault.intent(id!))
  if (called === 'POST payment_intents/id/confirm') {
    const intent = vault.intent(id!)
    vault.confirm(intent, form)
    return intent
  }
  const expand = [...searchParams].filter(([name]) => name.startsWith('expand')).map(([, value]) => value)
  if (called === 'POST refunds') return vault.createRefund(form)
  if (called === 'GET refunds/id') return vault.refund(id!)
  if (called === 'GET refunds') {
    const [intent, charge] = [searchParams.get('payment_intent'), searchParams.get('charge')]
    const found = charge === null ? vault.refundsOf(intent ?? '') : vault.refundsOfCharge(charge)
    return listOf('/v1/refunds', found, searchParams)
  }
  if (called === 'GET disputes/id') return vault.shownDispute(id!, expand)
  if (called === 'GET disputes') {
    const since = Number(searchParams.get('created[gte]') ?? 0)
    const all = [...vault.disputes.values()].filter(({ created }) => created >= since).reverse()
    const shown = all.map((one) => vault.shownDispute(one.id, expand) as { id: string })
    return listOf('/v1/disputes', shown, searchParams)
  }
  if (called === 'POST sessions') return vault.createSession(form)
  if (called === 'GET sessions/id') return vault.retrieveSession(id!, expand)
  throw new Refusal(404, { message: `Unrecognized request URL (${method}: ${path}).` })
}

function listOf(url: string, all: readonly { id: string }[], query: URLSearchParams): object {
  const after = query.get('starting_after')
  const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1
  const limit = Number(query.get('limit') ?? 10)
  return {
    object: 'list',
    url,
    data: all.slice(from, from + limit),
    has_more: all.length > from + limit,
  }
}

function replay(response: ServerResponse, known: Kept, digest: string): void {
  if (known.digest !== digest) {
    const message =
      'Keys for idempotent requests can only be used with the same parameters they were first used with.'
    send(response, { status: 400, body: { error: { type: 'idempotency_error', message } } })
  } else if (!known.answer) {
    const message = 'There is currently another in-progress request using this Idempotent Key.'
    const error = { type: 'invalid_request_error', code: 'idempotency_key_in_use', message }
    send(response, { status: 409, body: { error } })
  } else {
    response.setHeader('idempotent-replayed', 'true')
    response.setHeader('original-request', known.requestId)
    send(response, known.answer)
  }
}

function sendPage(response: ServerResponse, page: Page): void {
  if ('html' in page) response.writeHead(200, { 'content-type': 'text/html' }).end(page.html)
  else response.writeHead(303, { location: page.sentTo }).end()
}

function send(response: ServerResponse, { status, body }: Answer): void {
  // A kept 500 would only be answered again.
  if (status === 500) response.setHeader('stripe-should-retry', 'false')
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function eventOf(type: Stripe.Event['type'], object: object): Stripe.Event {
  return {
    id: newId('evt'),
    object: 'event',
    api_version: API_VERSION,
    created: Math.floor(Date.now() / 1000),
    type,
    data: { object: structuredClone(object) },
    livemode: false,
    pending_webhooks: 1,
    request: null,
  } as unknown as Stripe.Event
}

/** `a[b][c]=d` as nested objects. */
function readForm(body: string): Params {
  const form: Params = {}
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.replaceAll(']', '').split('[')
    let at = form
    for (const part of path.slice(0, -1)) {
      at[part] ??= {}
      at = at[part] as Params
    }
    at[path.at(-1)!] = value
  }
  return form
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
