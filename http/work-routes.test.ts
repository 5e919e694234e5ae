/** Photos, automations, quotes, runs and results as a program meets them: over a socket, on real photos. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openWorkshop, until, type Workshop } from '../automations/test-workshop.ts'
import { seededCrop } from '../images/test-photos.ts'
import { handlers as automationHandlers } from './automation-routes.ts'
import { handlers as billingHandlers } from './billing-routes.ts'
import { handlers as imageHandlers } from './image-routes.ts'
import { handlers as presetHandlers } from './preset-routes.ts'
import { handlers as runHandlers } from './run-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

// Inference is seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

let app: TestApp
let shop: Workshop
let origin: string

beforeAll(async () => {
  const handlers = {
    ...automationHandlers,
    ...billingHandlers,
    ...imageHandlers,
    ...presetHandlers,
    ...runHandlers,
  }
  app = await createTestApp({ handlers })
  shop = await openWorkshop({ database: app.database })
  const { files, imageWork, events } = shop
  const models = { state: 'ready' as const, progress: null, ...shop.models }
  Object.assign(app.services, { files, imageWork, events, models, payments: shop.books.payments })
  await app.app.listen({ port: 0, host: '127.0.0.1' })
  origin = `http://127.0.0.1:${(app.app.server.address() as AddressInfo).port}`
}, 240_000)
afterAll(async () => {
  await app.app.close()
  await shop.close()
})

/** What these tests read of any answer. */
type Json = {
  id: string
  name: string
  status: string
  summary: string
  position: number
  known: boolean
  refusal: string
  detail: string
  next_cursor: string | null
  data: Json[]
  images: Json[]
  refused: Json[]
}
type Caller = Awaited<ReturnType<typeof customer>>

/** An account with a plan, and a program with its key. */
async function customer() {
  const accountId = await shop.account()
  const { key } = await app.createKey(accountId, ['read', 'write'])
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${origin}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })
  return {
    accountId,
    send,
    async get(path: string): Promise<Json> {
      const answer = await send(path)
      expect([path, answer.status]).toEqual([path, 200])
      return (await answer.json()) as Json
    },
    async post(path: string, body: unknown = {}, headers: Record<string, string> = {}) {
      const answer = await send(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      })
      return { status: answer.status, body: (await answer.json()) as Json }
    },
    async upload(...files: [name: string, content: Uint8Array][]) {
      const form = new FormData()
      for (const [name, content] of files) form.append('files', new Blob([new Uint8Array(content)]), name)
      const answer = await send('/v1/images', { method: 'POST', body: form })
      return { status: answer.status, body: (await answer.json()) as Json }
    },
  }
}

let seed = 1000
const photo = async (name: keyof Workshop['photos']) =>
  readFile(
    await seededCrop(shop.photos[name], { seed: seed++, folder: join(shop.folder, 'photos'), longSide: 640 }),
  )

const square = {
  name: 'Square',
  steps: [
    { operation: 'smart_crop', settings: { width: 300, height: 300 } },
    { operation: 'convert', settings: { format: 'jpeg' } },
  ],
}

async function prepared(caller: Caller, photos: (keyof Workshop['photos'])[]) {
  const files = await Promise.all(photos.map(async (name) => [`${name}.jpg`, await photo(name)] as const))
  const uploaded = await caller.upload(...files.map(([name, content]) => [name, content] as [string, Buffer]))
  const automation = await caller.post('/v1/automations', square)
  return { automation_id: automation.body.id, image_ids: uploaded.body.images.map(({ id }) => id) }
}

type StreamEvent = { id: string; event: string; data: Json }

/** The events of a run until the stream ends, or until `enough`. */
async function listen(
  caller: Caller,
  runId: string,
  options: { after?: string; enough?: (events: StreamEvent[]) => boolean } = {},
): Promise<StreamEvent[]> {
  const leaving = new AbortController()
  const answer = await caller.send(`/v1/runs/${runId}/events`, {
    signal: leaving.signal,
    headers: options.after === undefined ? {} : { 'last-event-id': options.after },
  })
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const events: StreamEvent[] = []
  let text = ''
  try {
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) {
        const match = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block)
        if (match) events.push({ id: match[1]!, event: match[2]!, data: JSON.parse(match[3]!) })
      }
      if (options.enough?.(events)) break
    }
  } finally {
    leaving.abort()
  }
  return events
}

test('a program uploads, asks, runs, listens and takes home what it paid for', async () => {
  const caller = await customer()
  const asked = await prepared(caller, ['coffee', 'chelsea', 'astronaut'])
  const quote = await caller.post('/v1/quotes', asked)
  expect(quote).toMatchObject({
    status: 201,
    body: { cost: '0.6', overage: '0', balance: '50', balance_after: '49.4', image_count: 3 },
  })
  expect(quote.body.summary).toBe('3 photos: $0.60 from credits, $0.00 overage, $49.40 left after.')

  const request = { ...asked, quote_id: quote.body.id }
  const started = await caller.post('/v1/runs', request, { 'idempotency-key': 'run-1' })
  expect(started).toMatchObject({ status: 201, body: { status: 'running', items: { total: 3, queued: 3 } } })
  const runId = started.body.id
  expect(await caller.post('/v1/runs', request, { 'idempotency-key': 'run-1' })).toMatchObject({
    status: 200,
    body: { id: runId },
  })
  expect(await caller.post('/v1/runs', asked, { 'idempotency-key': 'run-1' })).toMatchObject({
    status: 409,
    body: { type: '/problems/idempotency_conflict' },
  })

  const listening = listen(caller, runId)
  const workers = shop.workers()
  const events = await listening.finally(() => workers.stop())
  const items = events.filter(({ event }) => event === 'item')
  expect(items.map(({ id }) => id)).toEqual(['1', '2', '3'])
  for (const { data } of items) expect(data).toMatchObject({ status: 'succeeded', cost: '0.2', overage: '0' })
  expect(events.at(-1)).toMatchObject({ event: 'run', data: { status: 'finished', cost: '0.6' } })
  expect(events.filter(({ event }) => event === 'balance').at(-1)!.data).toEqual({
    balance: '49.4',
    overage: '0',
  })

  const listed = await caller.get(`/v1/runs/${runId}/items?limit=2`)
  const rest = await caller.get(`/v1/runs/${runId}/items?limit=2&cursor=${listed.next_cursor}`)
  expect([...listed.data, ...rest.data].map(({ position }) => position)).toEqual([0, 1, 2])
  expect(rest.next_cursor).toBeNull()
  await looksSafe(caller, listed.data[0]!)
  await isChecked(caller, listed.data[0]!)

  const receipt = await caller.get(`/v1/runs/${runId}/receipt`)
  expect(receipt).toMatchObject({ cost: '0.6', from_credits: '0.6', overage: '0', plan: { code: 'starter' } })
  const zip = await caller.send(`/v1/runs/${runId}/results.zip`)
  expect(zip.headers.get('content-disposition')).toBe(
    `attachment; filename="Square.zip"; filename*=UTF-8''Square.zip`,
  )
  const bytes = Buffer.from(await zip.arrayBuffer())
  expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
  for (const name of ['coffee.jpg', 'chelsea.jpg', 'astronaut.jpg']) expect(bytes.includes(name)).toBe(true)
})

/** A square of 300 pixels on white, told apart rule by rule; the presets name their sources. */
async function isChecked(caller: Caller, item: Json): Promise<void> {
  const reports = (await caller.get(`/v1/items/${item.id}/compliance`)).data as unknown as {
    preset: string
    verdict: string
    rules: { rule: string; met: boolean; measured: string }[]
  }[]
  const amazon = reports.find(({ preset }) => preset === 'amazon_main')!
  expect(amazon.verdict).toBe('misses')
  const rule = (name: string) => amazon.rules.find((each) => each.rule === name)
  expect(rule('long_side')).toMatchObject({ met: false, measured: '300 px' })
  expect(rule('aspect')).toMatchObject({ met: true })
  const presets = (await caller.get('/v1/presets')).data as unknown as { code: string; sources: string[] }[]
  expect(presets.map(({ code }) => code)).toEqual(reports.map(({ preset }) => preset))
  expect((await caller.send(`/v1/items/${item.id.replace(/.{4}$/, '0000')}/compliance`)).status).toBe(404)
}

async function looksSafe(caller: Caller, item: Json): Promise<void> {
  const { output, image } = item as unknown as {
    output: { url: string; preview_url: string; bytes: number }
    image: { preview_url: string }
  }
  for (const [url, type] of [
    [output.url, 'image/jpeg'],
    [output.preview_url, 'image/webp'],
    [image.preview_url, 'image/webp'],
  ] as const) {
    const answer = await caller.send(url)
    const content = Buffer.from(await answer.arrayBuffer())
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="\w+\.(jpg|webp)/)
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    const { format, exif } = await sharp(content).metadata()
    expect([`image/${format}`, exif]).toEqual([type, undefined])
    const again = await caller.send(url, { headers: { 'if-none-match': answer.headers.get('etag')! } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  }
}

test('one bad file stops no other, whatever stands before and behind it', async () => {
  const caller = await customer()
  const [first, last] = [await photo('coffee'), await photo('chelsea')]
  const uploaded = await caller.upload(
    ['first.jpg', first],
    ['notes.txt', Buffer.from('no picture')],
    ['huge.jpg', randomBytes(50_000_001)],
    ['empty.jpg', new Uint8Array(0)],
    ['../../last.jpg', last],
    ['again.jpg', first],
  )
  expect(uploaded.status).toBe(201)
  const { images, refused } = uploaded.body
  expect(images.map(({ name, known }) => [name, known])).toEqual([
    ['first.jpg', false],
    ['last.jpg', false],
    ['first.jpg', true],
  ])
  expect(refused.map(({ name, refusal }) => [name, refusal])).toEqual([
    ['notes.txt', 'unsupported_format'],
    ['huge.jpg', 'too_large'],
    ['empty.jpg', 'file_empty'],
  ])
  for (const { detail } of refused) expect(detail).toMatch(/^[A-Z].*\.$/)
  expect((await caller.upload()).body).toMatchObject({ type: '/problems/upload_empty' })
})

test('a stream that broke is taken up where it broke: nothing missing, nothing twice', async () => {
  const caller = await customer()
  const asked = await prepared(caller, ['coffee', 'chelsea', 'astronaut', 'motorcycle'])
  const runId = (await caller.post('/v1/runs', asked)).body.id
  const listening = listen(caller, runId, { enough: (all) => all.some(({ event }) => event === 'item') })
  const workers = shop.workers()
  const first = await listening
  const last = first.at(-1)!.id
  await until('the run ends', async () => (await caller.get(`/v1/runs/${runId}`)).status === 'finished')
  await workers.stop()
  const rest = await listen(caller, runId, { after: last })
  const ids = [...first, ...rest].filter(({ event }) => event === 'item').map(({ data }) => data.id)
  expect(new Set(ids).size).toBe(4)
  expect(ids).toHaveLength(4)
  expect(rest.at(-1)).toMatchObject({ event: 'run', data: { status: 'finished' } })
  // Whoever comes late is told all of it.
  const late = await listen(caller, runId)
  expect(late.filter(({ event }) => event === 'item')).toHaveLength(4)
})

test('a stream ends when its run is cancelled', async () => {
  const caller = await customer()
  const runId = (await caller.post('/v1/runs', await prepared(caller, ['coffee', 'chelsea']))).body
    .id as string
  const listening = listen(caller, runId)
  expect(await caller.post(`/v1/runs/${runId}/cancel`)).toMatchObject({
    status: 200,
    body: { status: 'cancelled', items: { cancelled: 2 }, cost: '0' },
  })
  const events = await listening
  expect(events.filter(({ event }) => event === 'item').map(({ data }) => data.status)).toEqual([
    'cancelled',
    'cancelled',
  ])
  expect(events.at(-1)!.data.status).toBe('cancelled')
})

test('steps that the catalogue does not take are refused by step and field', async () => {
  const caller = await customer()
  const refusals: [steps: unknown[], status: number, refusal: string, field: string][] = [
    [[{ operation: 'paint' }], 422, 'unknown_operation', 'steps[0].operation'],
    [
      [
        { operation: 'convert', settings: { format: 'jpeg' } },
        { operation: 'resize', settings: { width: 0 } },
      ],
      422,
      'settings_invalid',
      'steps[1].settings.width',
    ],
    [
      [{ operation: 'background', settings: { fill: 'image', image: `image_${'0'.repeat(32)}` } }],
      404,
      'image_not_found',
      'steps[0].settings',
    ],
  ]
  for (const [steps, status, refusal, field] of refusals) {
    const answer = await caller.post('/v1/automations', { name: 'x', steps })
    expect(answer).toMatchObject({ status, body: { type: `/problems/${refusal}`, errors: [{ field }] } })
  }
})

test('settings are refused in the words of every other field', async () => {
  const settings = { width: 12.5, mode: 'zoom', margin: 'wide', colour: 'reddish', nose: 1 }
  const answer = await (await customer()).post('/v1/automations', {
    name: 'x',
    steps: [{ operation: 'smart_crop', settings }],
  })
  expect(answer.body).toMatchObject({
    detail:
      'Smart crop does not take these settings. width: expected a whole number, got 12.5; mode: expected "auto" or "fill" or "subject" or "head" or "pad", got "zoom"; margin: expected number, got "wide"; colour: expected a colour such as #ff8800, got "reddish"; nose: there is no such field',
    errors: [
      { field: 'steps[0].settings.width', message: 'expected a whole number, got 12.5' },
      { field: 'steps[0].settings.mode' },
      { field: 'steps[0].settings.margin', message: 'expected number, got "wide"' },
      { field: 'steps[0].settings.colour' },
      { field: 'steps[0].settings.nose', message: 'there is no such field' },
    ],
  })
})

test('a quote that no longer speaks of the run is refused, and so is what belongs to another account', async () => {
  const [caller, stranger] = [await customer(), await customer()]
  const asked = await prepared(caller, ['coffee', 'chelsea'])
  const quote = (await caller.post('/v1/quotes', asked)).body
  const fewer = { ...asked, image_ids: asked.image_ids.slice(1), quote_id: quote.id }
  expect((await caller.post('/v1/runs', fewer)).body).toMatchObject({ type: '/problems/quote_mismatch' })

  const runId = (await caller.post('/v1/runs', { ...asked, quote_id: quote.id })).body.id
  const [item] = (await caller.get(`/v1/runs/${runId}/items`)).data
  const refusals: [method: string, path: string, body?: unknown][] = [
    ['GET', `/v1/automations/${asked.automation_id}`],
    ['PATCH', `/v1/automations/${asked.automation_id}`, { name: 'mine' }],
    ['DELETE', `/v1/automations/${asked.automation_id}`],
    ['GET', `/v1/images/${asked.image_ids[0]}/file`],
    ['POST', '/v1/quotes', asked],
    ['POST', '/v1/runs', asked],
    ['GET', `/v1/runs/${runId}`],
    ['GET', `/v1/runs/${runId}/events`],
    ['GET', `/v1/runs/${runId}/items`],
    ['GET', `/v1/runs/${runId}/receipt`],
    ['GET', `/v1/runs/${runId}/results.zip`],
    ['POST', `/v1/runs/${runId}/cancel`],
    ['POST', `/v1/runs/${runId}/retry`],
    ['GET', `/v1/items/${item!.id}/file`],
    ['GET', `/v1/items/${item!.id}/preview`],
  ]
  for (const [method, path, body] of refusals) {
    const json =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const answer = await stranger.send(path, { method, ...json })
    expect([path, answer.status]).toEqual([path, 404])
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    await answer.text()
  }
  expect((await stranger.get('/v1/runs')).data).toEqual([])
  expect((await stranger.get('/v1/images')).data).toEqual([])
  await caller.post(`/v1/runs/${runId}/cancel`)
})
