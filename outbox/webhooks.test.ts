import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Logger } from 'graphile-worker'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../database/new-id.ts'
import { openPool } from '../database/pool.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { startDelivering } from '../jobs/deliver-outbox.ts'
import { readAddressRanges } from '../outgoing/address-ranges.ts'
import { openOutside } from '../outgoing/outside.ts'
import { announceEvents } from './announce-events.ts'
import { deliverTo } from './deliver-webhooks.ts'
import {
  createEndpoint,
  listEndpoints,
  prepareCallback,
  removeEndpoint,
  rotateSecret,
  testEndpoint,
  updateEndpoint,
} from './endpoints.ts'
import { listDeliveries, readDelivery, replayDelivery, replaySpan } from './read-deliveries.ts'
import { type NewEvent, recordEvents } from './record-event.ts'
import { openSealer } from './seal-secret.ts'

let database: TestDatabase
let receiver: Receiver
beforeAll(async () => {
  database = await createTestDatabase()
  receiver = await openReceiver()
})
afterAll(async () => {
  receiver.close()
  await database.drop()
})

const sealer = openSealer('a secret of this test')
const clock = { ahead: 0 }
const services = () => ({
  db: database.db,
  outside: openOutside({ allowed: readAddressRanges('127.0.0.1')! }),
  sealer,
  keepAnswers: true,
  now: () => new Date(Date.now() + clock.ahead),
})

type Got = { path: string; headers: IncomingHttpHeaders; body: string }
type Receiver = {
  url: string
  got: Got[]
  /** By path: what is answered there; 204 unless said. */
  answers: Map<string, RequestListener>
  at(path: string): Got[]
  close(): void
}

async function openReceiver(): Promise<Receiver> {
  const got: Got[] = []
  const answers = new Map<string, RequestListener>()
  const server = createServer(async (request, response) => {
    got.push({ path: request.url!, headers: request.headers, body: await text(request) })
    const answer = answers.get(request.url!)
    if (answer) answer(request, response)
    else response.writeHead(204).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    answers,
    at: (path) => got.filter((one) => one.path === path),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function account(): Promise<string> {
  const accountId = newId()
  await inside(accountId, (tx) =>
    tx.query('insert into accounts (account_id, name, invoice_prefix) values ($1, $2, $3)', [
      accountId,
      'Test account',
      accountId.slice(-8),
    ]),
  )
  return accountId
}

const inside: TestDatabase['db']['asTenant'] = (...given) => database.db.asTenant(...given)

async function endpoint(accountId: string, path: string, events: string[] = []) {
  const draft = { url: `${receiver.url}${path}`, description: '', events }
  const made = await inside(accountId, (tx) => createEndpoint(tx, accountId, { draft, sealer }))
  if (!made.ok) throw new Error(made.detail)
  return { id: made.endpoint.id, secret: made.secret }
}

const joined = (accountId: string, role: string): NewEvent => ({
  accountId,
  type: 'member.joined',
  data: { email: 'a@example.com', role },
})
const left = (accountId: string): NewEvent => ({
  accountId,
  type: 'member.removed',
  data: { role: 'viewer' },
})

const record = (accountId: string, ...events: NewEvent[]) =>
  inside(accountId, (tx) => recordEvents(tx, events))
const deliver = (accountId: string, endpointId: string) => deliverTo(services(), { accountId, endpointId })
const deliveriesOf = (accountId: string, endpointId: string) =>
  inside(accountId, (tx) => listDeliveries(tx, accountId, { endpointId, before: null, limit: 50 }))
const rolesAt = (path: string) => receiver.at(path).map(({ body }) => JSON.parse(body).data.role)

test('an event arrives signed by both live secrets, in the shape of the catalogue', async () => {
  const accountId = await account()
  const { id, secret } = await endpoint(accountId, '/signed')
  const rotated = await inside(accountId, (tx) => rotateSecret(tx, accountId, { endpointId: id, sealer }))
  if (!rotated.ok) throw new Error(rotated.detail)
  await record(accountId, joined(accountId, 'viewer'))
  expect(await announceEvents(database.db)).toBeGreaterThan(0)
  await deliver(accountId, id)
  const [request] = receiver.at('/signed')
  const headers = request!.headers as Record<string, string>
  for (const known of [secret, rotated.secret]) {
    expect(new Webhook(known).verify(request!.body, headers)).toMatchObject({
      id: headers['webhook-id'],
      type: 'member.joined',
      version: 1,
      account_id: `account_${accountId.replaceAll('-', '')}`,
      data: { email: 'a@example.com', role: 'viewer' },
    })
  }
  const changed = request!.body.replace('viewer', 'owner')
  expect(() => new Webhook(secret).verify(changed, headers)).toThrow()
  expect((await deliveriesOf(accountId, id))[0]).toMatchObject({
    status: 'delivered',
    attempts: 1,
    lastStatus: 204,
  })
})

test('each endpoint gets what it asks for, in order, and what fails holds back its own alone', async () => {
  const accountId = await account()
  const healthy = await endpoint(accountId, '/healthy')
  const picky = await endpoint(accountId, '/picky', ['member.removed'])
  const sick = await endpoint(accountId, '/sick')
  receiver.answers.set('/sick', (_request, response) => response.writeHead(500).end('out of order'))
  await record(accountId, joined(accountId, '1'), joined(accountId, '2'))
  await record(accountId, left(accountId), joined(accountId, '3'))
  await announceEvents(database.db)
  for (const { id } of [sick, healthy, picky]) await deliver(accountId, id)
  expect(rolesAt('/healthy')).toEqual(['1', '2', 'viewer', '3'])
  expect(rolesAt('/picky')).toEqual(['viewer'])
  expect(rolesAt('/sick')).toEqual(['1'])

  // News do not shorten the back-off; once it is over, the first goes first again.
  await record(accountId, joined(accountId, '4'))
  await announceEvents(database.db)
  await deliver(accountId, sick.id)
  expect(rolesAt('/sick')).toEqual(['1'])
  receiver.answers.delete('/sick')
  clock.ahead = 6_000
  await deliver(accountId, sick.id)
  clock.ahead = 0
  expect(rolesAt('/sick')).toEqual(['1', '1', '2', 'viewer', '3', '4'])
  const ids = receiver.at('/sick').map(({ headers }) => headers['webhook-id'])
  expect(ids[0]).toBe(ids[1])
  const first = (await deliveriesOf(accountId, sick.id)).at(-1)!
  const { tries } = (await inside(accountId, (tx) => readDelivery(tx, accountId, first.id)))!
  expect(tries.map(({ status, failure, response }) => ({ status, failure, response }))).toEqual([
    { status: 500, failure: 'not_accepted', response: 'out of order' },
    { status: 204, failure: null, response: '' },
  ])
})

test('after three days an endpoint is disabled, with a notice; enabled again it gets what waited', async () => {
  const accountId = await account()
  const dead = await endpoint(accountId, '/dead', ['member.joined'])
  const other = await endpoint(accountId, '/notices', ['webhook_endpoint.disabled'])
  receiver.answers.set('/dead', (_request, response) =>
    response.writeHead(302, { location: receiver.url }).end(),
  )
  await record(accountId, joined(accountId, '1'), joined(accountId, '2'))
  await announceEvents(database.db)
  for (let days = 0; days <= 3; days += 0.25) {
    clock.ahead = days * 86_400_000
    await deliver(accountId, dead.id)
  }
  clock.ahead = 3 * 86_400_000 + 10_000
  await deliver(accountId, dead.id)
  const [shown] = (await inside(accountId, (tx) => listEndpoints(tx, accountId))).filter(
    ({ id }) => id === dead.id,
  )
  expect(shown).toMatchObject({ status: 'disabled', disabledBecause: 'failing', waiting: 1 })
  clock.ahead = 0
  await announceEvents(database.db)
  await deliver(accountId, other.id)
  expect(JSON.parse(receiver.at('/notices')[0]!.body)).toMatchObject({
    type: 'webhook_endpoint.disabled',
    data: { reason: 'failing', url: `${receiver.url}/dead` },
  })

  receiver.answers.delete('/dead')
  const before = receiver.at('/dead').length
  await inside(accountId, (tx) => updateEndpoint(tx, accountId, { endpointId: dead.id, enabled: true }))
  await deliver(accountId, dead.id)
  expect(rolesAt('/dead').slice(before)).toEqual(['2'])
})

test('an endpoint that says it is gone is disabled at once', async () => {
  const accountId = await account()
  const { id } = await endpoint(accountId, '/gone')
  receiver.answers.set('/gone', (_request, response) => response.writeHead(410).end())
  await record(accountId, joined(accountId, '1'))
  await announceEvents(database.db)
  await deliver(accountId, id)
  const [shown] = await inside(accountId, (tx) => listEndpoints(tx, accountId))
  expect(shown).toMatchObject({ status: 'disabled', disabledBecause: 'gone' })
})

test('who died after sending is followed by another, who sends it again under the same id', async () => {
  const accountId = await account()
  const { id } = await endpoint(accountId, '/twice')
  await record(accountId, joined(accountId, '1'), joined(accountId, '2'))
  await announceEvents(database.db)
  // The first sender dies: its lease runs out while its request is under way.
  let taken: Promise<unknown> = Promise.resolve()
  receiver.answers.set('/twice', (_request, response) => {
    receiver.answers.delete('/twice')
    taken = inside(accountId, (tx) =>
      tx.query(
        `update webhook_endpoints set lease_expires_at = now() - interval '1 second' where endpoint_id = $1`,
        [id],
      ),
    )
      .then(() => deliver(accountId, id))
      .finally(() => response.writeHead(204).end())
  })
  await deliver(accountId, id)
  await taken
  expect(rolesAt('/twice')).toEqual(['1', '1', '2'])
  const ids = receiver.at('/twice').map(({ headers }) => headers['webhook-id'])
  expect(ids[0]).toBe(ids[1])
  expect((await deliveriesOf(accountId, id)).map(({ status, attempts }) => ({ status, attempts }))).toEqual([
    { status: 'delivered', attempts: 1 },
    { status: 'delivered', attempts: 1 },
  ])
})

test('what was sent is sent again on demand: one, a span, and a test', async () => {
  const accountId = await account()
  const from = new Date(Date.now() - 60_000)
  await record(accountId, joined(accountId, 'before'))
  await announceEvents(database.db)
  const { id } = await endpoint(accountId, '/again')
  await record(accountId, joined(accountId, 'after'))
  await announceEvents(database.db)
  await deliver(accountId, id)
  const [delivery] = await deliveriesOf(accountId, id)
  expect(await inside(accountId, (tx) => replayDelivery(tx, accountId, delivery!.id))).not.toBeNull()
  const span = { endpointId: id, from, to: new Date(Date.now() + 60_000) }
  expect(await inside(accountId, (tx) => replaySpan(tx, accountId, span))).toBe(1)
  await inside(accountId, (tx) => testEndpoint(tx, accountId, id))
  await deliver(accountId, id)
  expect(rolesAt('/again')).toEqual(['after', 'after', 'before', undefined])
  expect(JSON.parse(receiver.at('/again').at(-1)!.body)).toMatchObject({ type: 'webhook.test' })
})

test('a run’s callback gets the end of that run alone, in the order of its host', async () => {
  const accountId = await account()
  const url = `${receiver.url}/callback?run=7`
  const prepared = await inside(accountId, (tx) => prepareCallback(tx, accountId, { url, sealer }))
  expect(prepared).toEqual({ ok: true })
  await inside(accountId, (tx) => prepareCallback(tx, accountId, { url, sealer }))
  const counts = {
    items: 1,
    succeeded: 1,
    failed: 0,
    held: 0,
    cancelled: 0,
    cost: 0n,
    from_credits: 0n,
    overage: 0n,
  }
  const finished = (callback: string | null): NewEvent => ({
    accountId,
    type: 'run.finished',
    data: {
      ...counts,
      run_id: newId(),
      name: 'Square',
      status: 'finished',
      callback_url: callback,
      started_at: new Date(),
      finished_at: new Date(),
    },
  })
  await record(accountId, joined(accountId, '1'), finished(null), finished(url))
  await announceEvents(database.db)
  const [callback, ...others] = await inside(accountId, (tx) => listEndpoints(tx, accountId))
  expect(others).toEqual([])
  await deliver(accountId, callback!.id)
  expect(receiver.at('/callback?run=7').map(({ body }) => JSON.parse(body).data.callback_url)).toEqual([url])
})

test('nothing is connected to that is not public, and it is told as a failure', async () => {
  const accountId = await account()
  const { id } = await endpoint(accountId, '/never')
  await inside(accountId, (tx) => testEndpoint(tx, accountId, id))
  await deliverTo({ ...services(), outside: openOutside({ allowed: null }) }, { accountId, endpointId: id })
  expect(receiver.at('/never')).toEqual([])
  expect((await deliveriesOf(accountId, id))[0]).toMatchObject({
    status: 'waiting',
    lastFailure: 'address_not_public',
    lastStatus: null,
  })
})

test('a removed endpoint gets nothing more, and another account sees none of it', async () => {
  const accountId = await account()
  const { id } = await endpoint(accountId, '/removed')
  await record(accountId, joined(accountId, '1'))
  await announceEvents(database.db)
  const other = await account()
  expect(await inside(other, (tx) => listEndpoints(tx, accountId))).toEqual([])
  expect(await inside(other, (tx) => removeEndpoint(tx, accountId, id))).toMatchObject({
    refusal: 'endpoint_not_found',
  })
  await inside(accountId, (tx) => removeEndpoint(tx, accountId, id))
  await deliver(accountId, id)
  expect(receiver.at('/removed')).toEqual([])
})

test('a sealed secret opens for its own row and by its own key', () => {
  const sealed = sealer.seal('whsec_1', 'here')
  expect(sealer.open(sealed, 'here')).toBe('whsec_1')
  expect(() => sealer.open(sealed, 'there')).toThrow()
  expect(() => openSealer('another').open(sealed, 'here')).toThrow()
})

test('the jobs bring it out by themselves', async () => {
  const pool = openPool(database.url, { role: 'drawdown_owner', connections: 4, onFault: () => {} })
  const { now: _now, ...webhooks } = services()
  const links = { invitation: async () => '', passwordReset: async () => '' }
  const mails = { publicUrl: 'http://localhost', mailServer: null, links, invoicePdf: async () => null }
  const outbox = { ...webhooks, ...mails }
  const stop = await startDelivering(outbox, { pool, logger: new Logger(() => () => {}) })
  const accountId = await account()
  await endpoint(accountId, '/by-itself')
  await record(accountId, joined(accountId, '1'))
  const deadline = Date.now() + 20_000
  while (rolesAt('/by-itself').length === 0 && Date.now() < deadline) {
    await new Promise((again) => setTimeout(again, 20))
  }
  await stop()
  await pool.end()
  expect(rolesAt('/by-itself')).toEqual(['1'])
})
