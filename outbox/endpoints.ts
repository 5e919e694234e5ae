/**
 * Webhook endpoints of an account: where its events are sent.
 *
 * Called by http/, in a transaction of the account.
 *
 *   createEndpoint ──▶ enabled ──person, three days of failure, 410──▶ disabled ──enable──▶ enabled ──removeEndpoint──▶ gone
 *
 * 1. A secret is in the answer that makes it, and sealed in the row. At most two are live: the one before signs for a day longer.
 * 2. What waits for an endpoint stays there while it is disabled, and goes out when it is enabled again.
 * 3. The callback address of runs is an endpoint too, one for each host; it gets `run.finished` of runs that named it, and nothing else.
 */

import { randomBytes } from 'node:crypto'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { wakeEndpoints } from './announce-events.ts'
import { type EventType, isEventType } from './event-catalogue.ts'
import { recordEvents } from './record-event.ts'
import type { Sealer } from './seal-secret.ts'

export type Endpoint = {
  id: string
  kind: 'endpoint' | 'callback'
  url: string
  description: string
  /** Empty: every event. */
  events: string[]
  status: 'enabled' | 'disabled'
  disabledBecause: 'failing' | 'gone' | 'person' | null
  failingSince: Date | null
  /** Until when the secret before signs as well; null where there is but one. */
  oldSecretUntil: Date | null
  waiting: number
  createdAt: Date
}

export type EndpointRefusal =
  | 'endpoint_not_found'
  | 'too_many_endpoints'
  | 'url_invalid'
  | 'event_unknown'
  | 'endpoint_is_callback'

type Refused = { ok: false; refusal: EndpointRefusal; detail: string }

export type EndpointDraft = { url: string; description: string; events: readonly string[] }

/** What is absent stays as it is. */
export type EndpointPatch = { [Field in keyof EndpointDraft]?: EndpointDraft[Field] | undefined } & {
  enabled?: boolean | undefined
}

/** Every event is looked at for each of them. */
const MOST_ENDPOINTS = 20
const SECRET_BYTES = 32
const OLD_SECRET_HOURS = 24

const SELECT = `select w.endpoint_id as "id", w.kind, w.url, w.description, w.event_types as "events", w.status,
    w.disabled_because as "disabledBecause", w.failing_since as "failingSince",
    case when w.old_secret_until > now() then w.old_secret_until end as "oldSecretUntil",
    (select count(*)::int from webhook_deliveries v where v.account_id = w.account_id
       and v.endpoint_id = w.endpoint_id and v.status = 'waiting') as "waiting", w.created_at as "createdAt"
  from webhook_endpoints w where w.account_id = $1 and w.removed_at is null`

/** Newest first. */
export function listEndpoints(tx: Transaction, accountId: string): Promise<Endpoint[]> {
  return tx.query<Endpoint>(`${SELECT} order by w.endpoint_id desc`, [accountId])
}

export async function readEndpoint(
  tx: Transaction,
  accountId: string,
  endpointId: string,
): Promise<Endpoint | null> {
  return (await tx.query<Endpoint>(`${SELECT} and w.endpoint_id = $2`, [accountId, endpointId]))[0] ?? null
}

export async function createEndpoint(
  tx: Transaction,
  accountId: string,
  { draft, sealer }: { draft: EndpointDraft; sealer: Sealer },
): Promise<{ ok: true; endpoint: Endpoint; secret: string } | Refused> {
  const refused = refuseUrl(draft.url) ?? refuseEvents(draft.events)
  if (refused) return refused
  const there = await listEndpoints(tx, accountId)
  if (there.filter(({ kind }) => kind === 'endpoint').length >= MOST_ENDPOINTS) {
    return refuse(
      'too_many_endpoints',
      `An account has at most ${MOST_ENDPOINTS} endpoints. Remove one first.`,
    )
  }
  const endpointId = newId()
  const secret = newWebhookSecret()
  await tx.query(
    `insert into webhook_endpoints (account_id, endpoint_id, url, description, event_types, sealed_secret)
     values ($1, $2, $3, $4, $5, $6)`,
    [accountId, endpointId, draft.url, draft.description, draft.events, sealer.seal(secret, endpointId)],
  )
  return { ok: true, endpoint: (await readEndpoint(tx, accountId, endpointId))!, secret }
}

/** Changes what is given. Enabled again, it is tried at once. */
export async function updateEndpoint(
  tx: Transaction,
  accountId: string,
  { endpointId, ...patch }: EndpointPatch & { endpointId: string },
): Promise<{ ok: true; endpoint: Endpoint } | Refused> {
  const endpoint = await readEndpoint(tx, accountId, endpointId)
  if (!endpoint) return notFound()
  if (endpoint.kind === 'callback' && (patch.url !== undefined || patch.events !== undefined)) {
    return refuse('endpoint_is_callback', 'Runs name its address, and it gets the end of those runs alone.')
  }
  const refused = refuseUrl(patch.url ?? endpoint.url) ?? refuseEvents(patch.events ?? endpoint.events)
  if (refused) return refused
  const { url = endpoint.url, description = endpoint.description, events = endpoint.events } = patch
  const enabled = patch.enabled ?? endpoint.status === 'enabled'
  const isNews = enabled !== (endpoint.status === 'enabled')
  await tx.query(
    `update webhook_endpoints set url = $3, description = $4, event_types = $5, status = $6,
       disabled_because = case when $6 = 'enabled' then null else coalesce(disabled_because, 'person') end,
       failures = case when $7 then 0 else failures end, failing_since = case when $7 then null else failing_since end
     where account_id = $1 and endpoint_id = $2`,
    [accountId, endpointId, url, description, events, enabled ? 'enabled' : 'disabled', isNews],
  )
  if (isNews && enabled) await wakeEndpoints(tx, [{ accountId, endpointId }])
  return { ok: true, endpoint: (await readEndpoint(tx, accountId, endpointId))! }
}

/** What waits for it is not sent. Its deliveries stay to be seen until they are forgotten. */
export async function removeEndpoint(
  tx: Transaction,
  accountId: string,
  endpointId: string,
): Promise<{ ok: true } | Refused> {
  const removed = await tx.query(
    `update webhook_endpoints set removed_at = now(), url = case kind when 'callback' then url || '#' || endpoint_id else url end
     where account_id = $1 and endpoint_id = $2 and removed_at is null returning 1`,
    [accountId, endpointId],
  )
  if (removed.length === 0) return notFound()
  await tx.query(
    `update webhook_deliveries set status = 'cancelled', ended_at = now()
     where account_id = $1 and endpoint_id = $2 and status = 'waiting'`,
    [accountId, endpointId],
  )
  return { ok: true }
}

/** Makes a new secret. The one before it signs as well for a day; one before that no longer. */
export async function rotateSecret(
  tx: Transaction,
  accountId: string,
  { endpointId, sealer }: { endpointId: string; sealer: Sealer },
): Promise<{ ok: true; endpoint: Endpoint; secret: string } | Refused> {
  const secret = newWebhookSecret()
  const rotated = await tx.query(
    `update webhook_endpoints set sealed_old_secret = sealed_secret, sealed_secret = $3,
       old_secret_until = now() + $4 * interval '1 hour'
     where account_id = $1 and endpoint_id = $2 and removed_at is null returning 1`,
    [accountId, endpointId, sealer.seal(secret, endpointId), OLD_SECRET_HOURS],
  )
  if (rotated.length === 0) return notFound()
  return { ok: true, endpoint: (await readEndpoint(tx, accountId, endpointId))!, secret }
}

/** Sends the event `webhook.test` there, behind what waits already. Answers the delivery. */
export async function testEndpoint(
  tx: Transaction,
  accountId: string,
  endpointId: string,
): Promise<{ ok: true; deliveryId: string } | Refused> {
  if (!(await readEndpoint(tx, accountId, endpointId))) return notFound()
  const data = { endpoint_id: endpointId, message: 'If you can read this, events arrive.' }
  const [eventId] = await recordEvents(tx, [{ accountId, type: 'webhook.test', data }])
  const deliveryId = newId()
  await tx.query(
    `insert into webhook_deliveries (account_id, delivery_id, endpoint_id, event_id) values ($1, $2, $3, $4)`,
    [accountId, deliveryId, endpointId, eventId],
  )
  await wakeEndpoints(tx, [{ accountId, endpointId }])
  return { ok: true, deliveryId }
}

/** Has an endpoint for the host of a run's callback address. Called in the transaction that starts the run. */
export async function prepareCallback(
  tx: Transaction,
  accountId: string,
  { url, sealer }: { url: string; sealer: Sealer },
): Promise<{ ok: true } | Refused> {
  const refused = refuseUrl(url)
  if (refused) return refused
  const endpointId = newId()
  await tx.query(
    `insert into webhook_endpoints (account_id, endpoint_id, kind, url, description, event_types, sealed_secret)
     values ($1, $2, 'callback', $3, 'Callback of runs', '{run.finished}', $4) on conflict do nothing`,
    [accountId, endpointId, new URL(url).origin, sealer.seal(newWebhookSecret(), endpointId)],
  )
  return { ok: true }
}

/** As Standard Webhooks writes them. */
function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`
}

function refuseUrl(text: string): Refused | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.password) return null
  return refuse(
    'url_invalid',
    'Expected an address that begins with https:// or http:// and holds no password.',
  )
}

function refuseEvents(events: readonly string[]): Refused | null {
  const unknown = events.find((type) => !isEventType(type) || type === ('webhook.test' satisfies EventType))
  return unknown === undefined ? null : refuse('event_unknown', `There is no event "${unknown}" to ask for.`)
}

function notFound(): Refused {
  return refuse('endpoint_not_found', 'This account has no such endpoint.')
}

function refuse(refusal: EndpointRefusal, detail: string): Refused {
  return { ok: false, refusal, detail }
}
