import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createClient, DrawdownProblem, DrawdownUnreachable } from './index.ts'
import { parseEvent } from './run-events.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

test.each([
  [
    'event: balance\nid: 7\ndata: {"balance":"22","overage":"0"}',
    { event: 'balance', id: '7', data: { balance: '22', overage: '0' } },
  ],
  [
    'event:balance\r\ndata:{"balance":"1",\r\ndata:"overage":"0"}',
    { event: 'balance', id: '', data: { balance: '1', overage: '0' } },
  ],
  [': heartbeat', undefined],
  ['retry: 1000', undefined],
  ['event: of-a-later-version\ndata: {}', undefined],
])('a block of the stream: %j', (block, expected) => {
  expect(parseEvent(block)).toEqual(expected)
})

test('a broken stream is taken up after the last event, and ends with the run', async () => {
  const asked: (string | undefined)[] = []
  const url = await serve((request, response) => {
    asked.push(request.headers['last-event-id'] as string | undefined)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (asked.length === 1) {
      // Cut in the middle of an event, as a dying server cuts.
      response.write(
        'event: balance\nid: 1\ndata: {"balance":"2","overage":"0"}\n\nevent: balance\nid: 2\nda',
        () => response.destroy(),
      )
    } else {
      response.write('event: balance\nid: 2\ndata: {"balance":"1","overage":"0"}\n\n')
      response.write('event: run\nid: 3\ndata: {"status":"finished"}\n\n')
      // Left open: the client knows the end by what was said.
    }
  })
  const ids: string[] = []
  for await (const { id } of createClient({ url }).watchRun('run_1')) ids.push(id)
  expect(ids).toEqual(['1', '2', '3'])
  expect(asked).toEqual([undefined, '1'])
})

test('a refusal is thrown, not tried again', async () => {
  let times = 0
  const url = await serve((_request, response) => {
    times++
    refuse(response, 404, 'not_found')
  })
  const watch = createClient({ url }).watchRun('run_1')
  await expect(watch.next()).rejects.toMatchObject({
    name: 'DrawdownProblem',
    refusal: 'not_found',
    status: 404,
  })
  expect(times).toBe(1)
})

test('a server that restarts is asked until it is there, and tells what was missed', async () => {
  const asked: (string | undefined)[] = []
  const url = await serve((request, response) => {
    asked.push(request.headers['last-event-id'] as string | undefined)
    if (asked.length === 1) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('event: balance\nid: 1\ndata: {"balance":"2","overage":"0"}\n\n', () =>
        response.destroy(),
      )
    } else if (asked.length <= 6) {
      // As it stops: more often than a single call is repeated.
      response.setHeader('retry-after', '0')
      refuse(response, 503, 'unavailable')
    } else {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('event: run\nid: 2\ndata: {"status":"finished"}\n\n')
    }
  })
  const ids: string[] = []
  for await (const { id } of createClient({ url }).watchRun('run_1')) ids.push(id)
  expect(ids).toEqual(['1', '2'])
  expect(new Set(asked.slice(1))).toEqual(new Set(['1']))

  const gone = await serve((_request, response) => response.destroy())
  const watch = createClient({ url: gone }).watchRun('run_1', { giveUpAfterMs: 0 })
  await expect(watch.next()).rejects.toBeInstanceOf(DrawdownUnreachable)
})

test('the caller can stop watching', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: balance\nid: 1\ndata: {"balance":"2","overage":"0"}\n\n')
  })
  const stop = new AbortController()
  const ids: string[] = []
  for await (const { id } of createClient({ url }).watchRun('run_1', { signal: stop.signal })) {
    ids.push(id)
    stop.abort()
  }
  expect(ids).toEqual(['1'])
})

test('what came too fast is sent again with the same key, and done once', async () => {
  const keys: unknown[] = []
  const url = await serve((request, response) => {
    keys.push(request.headers['idempotency-key'])
    if (keys.length === 1) {
      response.setHeader('retry-after', '0')
      return refuse(response, 429, 'too_many_requests')
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"active"}')
  })
  expect(await createClient({ url }).resumeSubscription()).toEqual({ status: 'active' })
  expect(keys).toHaveLength(2)
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
  expect(keys[1]).toBe(keys[0])
})

test('a refusal carries its fields, and no answer is told from a refusal', async () => {
  const url = await serve((_request, response) =>
    refuse(response, 422, 'invalid_input', {
      errors: [{ field: 'plan', message: 'required' }],
      offered: ['starter'],
    }),
  )
  const fault = await createClient({ url, apiKey: 'dd_x' })
    .getBilling()
    .catch((thrown: unknown) => thrown)
  expect(fault).toBeInstanceOf(DrawdownProblem)
  expect(fault).toMatchObject({
    refusal: 'invalid_input',
    title: 'Refused',
    detail: 'As was to be expected.',
    errors: [{ field: 'plan', message: 'required' }],
    extra: { offered: ['starter'] },
  })
  for (const stop of stops.splice(0)) stop()
  await expect(createClient({ url }).getBilling()).rejects.toBeInstanceOf(DrawdownUnreachable)
})

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function refuse(response: ServerResponse, status: number, refusal: string, extra: object = {}): void {
  const body = {
    type: `/problems/${refusal}`,
    title: 'Refused',
    status,
    detail: 'As was to be expected.',
    request_id: 'r',
    ...extra,
  }
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body))
}
