/**
 * Sends an endpoint the events that wait for it, one after another in their order.
 *
 * Called by jobs/, for one endpoint, whenever the directory says that it is due.
 *
 *   waiting ──claim: lease, fencing number──▶ sent, outside any transaction ──settle──▶ delivered
 *      ▲                                                                        ├─▶ waiting: later, for three days (back-off.ts)
 *      ╰── lease expired: the sender died, and it is sent again ────────────────╯     then failed, and the endpoint disabled
 *
 * 1. The next event is sent once the one before has arrived or is given up: the order is the endpoint's, and so is the back-off.
 * 2. Whoever lost the lease writes nothing. What was sent and not marked is sent again under the same webhook-id.
 * 3. Only an answer 2xx is an arrival. A redirect is a failure; 410 Gone disables the endpoint at once.
 * 4. Of an answer the first four thousand characters are kept, and none where the operator lets webhooks into the own network: what is
 *    said there is not for customers.
 */
import { Webhook } from 'standardwebhooks'
import type { Database, Transaction } from '../database/connect.ts'
import { encodeId } from '../http/ids.ts'
import type { Outside, OutsideAnswer } from '../outgoing/outside.ts'
import { nextTry } from './back-off.ts'
import { recordEvents } from './record-event.ts'
import type { Sealer } from './seal-secret.ts'

export type Delivering = {
  db: Database
  outside: Outside
  sealer: Sealer
  /** Whether what endpoints answer is kept. */
  keepAnswers: boolean
  /** A set clock, for tests. */
  now?: () => Date
}

export type EndpointRef = { accountId: string; endpointId: string }

/** An endpoint has this long to answer. */
const TIMEOUT_MS = 15_000
/** Longer than an endpoint may take and settling it, so that nobody else sends meanwhile. */
const LEASE_SECONDS = 45
/** Sent in one go before others have their turn. */
const MOST_AT_ONCE = 100
const KEPT_CHARACTERS = 4_000

type Claimed = EndpointRef & {
  lease: number
  failures: number
  failingSince: Date | null
  secrets: Buffer[]
  deliveryId: string
  attempt: number
  url: string
  event: EventRow
}

type EventRow = { id: string; type: string; version: number; at: Date; data: object }

type Sent = {
  sentAt: Date
  durationMs: number
  headers: Record<string, string>
  status: number | null
  failure: string | null
  response: string | null
}

/** Sends what is due. 'more' where others should have their turn before the rest. */
export async function deliverTo(services: Delivering, endpoint: EndpointRef): Promise<'done' | 'more'> {
  for (let sent = 0; sent < MOST_AT_ONCE; sent++) {
    const claimed = await services.db.asTenant(endpoint.accountId, (tx) => claim(tx, endpoint, services))
    if (!claimed) return 'done'
    const outcome = await send(services, claimed)
    const goesOn = await services.db.asTenant(endpoint.accountId, (tx) =>
      settle(tx, claimed, outcome, services),
    )
    if (!goesOn) return 'done'
  }
  return 'more'
}

const clock = ({ now }: Pick<Delivering, 'now'>) => now?.() ?? new Date()

/** Takes the endpoint under a lease, with the first delivery that waits. Null where there is nothing to do, or another is at it. */
async function claim(tx: Transaction, endpoint: EndpointRef, services: Delivering): Promise<Claimed | null> {
  const { accountId, endpointId } = endpoint
  // First, and by a statement of its own: what was announced by whoever had it is seen by those that follow.
  const due = await tx.query(
    `select 1 from webhook_directory where account_id = $1 and endpoint_id = $2 and due_at <= greatest(now(), $3)
     for update`,
    [accountId, endpointId, clock(services)],
  )
  if (due.length === 0) return null
  const [taken] = await tx.query<Omit<Claimed, 'event' | keyof EndpointRef> & { endpointUrl: string }>(
    `update webhook_endpoints w set lease = lease + 1, lease_expires_at = now() + $3 * interval '1 second'
     where w.account_id = $1 and w.endpoint_id = $2 and (w.lease_expires_at is null or w.lease_expires_at < now())
     returning w.lease, w.failures, w.failing_since as "failingSince", w.url as "endpointUrl", array_remove(
       array[w.sealed_secret, case when w.old_secret_until > now() then w.sealed_old_secret end], null) as secrets`,
    [accountId, endpointId, LEASE_SECONDS],
  )
  if (!taken) return null
  const [head] = await tx.query<EventRow & { deliveryId: string; attempt: number; url: string | null }>(
    `select v.delivery_id as "deliveryId", v.attempts + 1 as "attempt", v.url, e.event_id as "id", e.type, e.version,
       e.occurred_at as "at", e.data
     from webhook_deliveries v join outbox_events e using (account_id, event_id)
     join webhook_endpoints w using (account_id, endpoint_id)
     where v.account_id = $1 and v.endpoint_id = $2 and v.status = 'waiting' and w.status = 'enabled' and w.removed_at is null
     order by v.position limit 1`,
    [accountId, endpointId],
  )
  if (!head) {
    await release(tx, endpoint)
    await forgetDue(tx, endpoint)
    return null
  }
  const { deliveryId, attempt, url, ...event } = head
  const { endpointUrl, ...held } = taken
  return { ...endpoint, ...held, deliveryId, attempt, url: url ?? endpointUrl, event }
}

async function release(tx: Transaction, { accountId, endpointId }: EndpointRef): Promise<void> {
  await tx.query(
    'update webhook_endpoints set lease_expires_at = null where account_id = $1 and endpoint_id = $2',
    [accountId, endpointId],
  )
}

/** Nothing waits: the next event has it looked at again. */
async function forgetDue(tx: Transaction, { accountId, endpointId }: EndpointRef): Promise<void> {
  await tx.query('delete from webhook_directory where account_id = $1 and endpoint_id = $2', [
    accountId,
    endpointId,
  ])
}

async function tryAgainAt(
  tx: Transaction,
  { accountId, endpointId }: EndpointRef,
  dueAt: Date,
): Promise<void> {
  await tx.query(
    `with due as (
       update webhook_directory set due_at = $3 where account_id = $1 and endpoint_id = $2 returning 1)
     select enqueue_job('deliver-again', jsonb_build_object('account_id', $1::uuid, 'endpoint_id', $2::uuid),
       'webhook:' || $2::uuid, $3) from due`,
    [accountId, endpointId, dueAt],
  )
}

/** The body of an event, the same at every attempt. */
export function bodyOf(accountId: string, { id, type, version, at, data }: EventRow): string {
  return JSON.stringify({
    id: encodeId('event', id),
    type,
    version,
    timestamp: at.toISOString(),
    account_id: encodeId('account', accountId),
    data,
  })
}

async function send(services: Delivering, claimed: Claimed): Promise<Sent> {
  const sentAt = clock(services)
  const body = bodyOf(claimed.accountId, claimed.event)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Drawdown-Webhooks',
    ...signed(services.sealer, claimed, { sentAt, body }),
  }
  const began = performance.now()
  const answer = await services.outside.request({
    url: claimed.url,
    method: 'POST',
    headers,
    body,
    redirects: 0,
    timeoutMs: TIMEOUT_MS,
  })
  const response = answer.ok ? await firstOf(answer) : null
  const durationMs = Math.round(performance.now() - began)
  const sent = { sentAt, durationMs, headers }
  if (!answer.ok) return { ...sent, status: null, failure: answer.refusal, response: null }
  const arrived = answer.status >= 200 && answer.status < 300
  return {
    ...sent,
    status: answer.status,
    failure: arrived ? null : 'not_accepted',
    response: services.keepAnswers ? response : null,
  }
}

/** One signature for each live secret, as Standard Webhooks has it. */
function signed(sealer: Sealer, claimed: Claimed, { sentAt, body }: { sentAt: Date; body: string }) {
  const id = encodeId('event', claimed.event.id)
  const signatures = claimed.secrets.map((sealed) =>
    new Webhook(sealer.open(sealed, claimed.endpointId)).sign(id, sentAt, body),
  )
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  }
}

/** The beginning of an answer. What breaks off after its head has arrived all the same. */
async function firstOf(answer: OutsideAnswer): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of answer.body) {
      text += decoder.decode(chunk, { stream: true })
      if (text.length >= KEPT_CHARACTERS) break
    }
  } catch {
    // What came is what is kept.
  } finally {
    answer.close()
  }
  return text.slice(0, KEPT_CHARACTERS).replaceAll('\u0000', '�')
}

/** Writes down what became of an attempt. Answers whether the next delivery may be looked for at once. */
async function settle(tx: Transaction, claimed: Claimed, sent: Sent, services: Delivering): Promise<boolean> {
  const { accountId, endpointId, deliveryId } = claimed
  const held = await tx.query(
    'select 1 from webhook_endpoints where account_id = $1 and endpoint_id = $2 and lease = $3 for update',
    [accountId, endpointId, claimed.lease],
  )
  // Somebody else has taken over, and has sent it as well.
  if (held.length === 0) return false
  await writeAttempt(tx, claimed, sent)
  const arrived = sent.failure === null
  const failures = arrived ? 0 : claimed.failures + 1
  const since = arrived ? null : (claimed.failingSince ?? sent.sentAt)
  const again = since && nextTry({ failures, since, now: clock(services) })
  const isOver = sent.status === 410 || (!arrived && again === null)
  await tx.query(
    `update webhook_deliveries set attempts = $3,
       status = case when status = 'waiting' then $4 else status end, ended_at = case when $4 <> 'waiting' then now() end
     where account_id = $1 and delivery_id = $2`,
    [accountId, deliveryId, claimed.attempt, arrived ? 'delivered' : isOver ? 'failed' : 'waiting'],
  )
  await tx.query(
    'update webhook_endpoints set failures = $3, failing_since = $4 where account_id = $1 and endpoint_id = $2',
    [accountId, endpointId, isOver ? 0 : failures, isOver ? null : since],
  )
  await release(tx, claimed)
  if (isOver) {
    await disable(tx, claimed, sent)
    await forgetDue(tx, claimed)
  } else if (again) await tryAgainAt(tx, claimed, again)
  return arrived
}

async function writeAttempt(tx: Transaction, claimed: Claimed, sent: Sent): Promise<void> {
  await tx.query(
    `insert into webhook_attempts (account_id, delivery_id, attempt, sent_at, duration_ms, url, headers, status,
       failure, response)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      claimed.accountId,
      claimed.deliveryId,
      claimed.attempt,
      sent.sentAt,
      sent.durationMs,
      claimed.url,
      JSON.stringify(sent.headers),
      sent.status,
      sent.failure,
      sent.response,
    ],
  )
}

/** Nothing is sent there until a person switches it on again; what waits then goes out. */
async function disable(tx: Transaction, { accountId, endpointId, url }: Claimed, sent: Sent): Promise<void> {
  const reason = sent.status === 410 ? 'gone' : 'failing'
  const disabled = await tx.query(
    `update webhook_endpoints set status = 'disabled', disabled_because = $3
     where account_id = $1 and endpoint_id = $2 and status = 'enabled' returning 1`,
    [accountId, endpointId, reason],
  )
  if (disabled.length === 0) return
  const data = { endpoint_id: endpointId, url, reason: reason as 'gone' | 'failing' }
  await recordEvents(tx, [{ accountId, type: 'webhook_endpoint.disabled', data }])
}
