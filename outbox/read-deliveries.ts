/**
 * What was sent to an endpoint, what it answered, and sending it once more.
 *
 * Called by http/, in a transaction of the account.
 *
 * What is replayed goes out under the webhook-id that it had, behind what waits already.
 */

import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { wakeEndpoints } from './announce-events.ts'
import { bodyOf } from './deliver-webhooks.ts'

export type Delivery = {
  id: string
  endpointId: string
  eventId: string
  eventType: string
  url: string
  status: 'waiting' | 'delivered' | 'failed' | 'cancelled'
  attempts: number
  replayed: boolean
  /** Of the last attempt; null before the first, and where no answer came. */
  lastStatus: number | null
  lastFailure: string | null
  createdAt: Date
  endedAt: Date | null
}

export type DeliveryDetail = Delivery & {
  /** The body of each request. */
  body: string
  tries: {
    attempt: number
    sentAt: Date
    durationMs: number
    url: string
    headers: Record<string, string>
    status: number | null
    failure: string | null
    response: string | null
  }[]
}

/** Replayed in one go at most. */
export const MOST_REPLAYED = 10_000

const SELECT = `select v.delivery_id as "id", v.endpoint_id as "endpointId", v.event_id as "eventId", e.type as "eventType",
    coalesce(v.url, w.url) as "url", v.status, v.attempts, v.replayed, t.status as "lastStatus",
    t.failure as "lastFailure", v.created_at as "createdAt", v.ended_at as "endedAt"
  from webhook_deliveries v
  join webhook_endpoints w using (account_id, endpoint_id)
  join outbox_events e using (account_id, event_id)
  left join webhook_attempts t on t.account_id = v.account_id and t.delivery_id = v.delivery_id and t.attempt = v.attempts
  where v.account_id = $1`

/** Newest first, those before position `before`. */
export function listDeliveries(
  tx: Transaction,
  accountId: string,
  page: { endpointId: string; before: string | null; limit: number },
): Promise<Delivery[]> {
  return tx.query<Delivery>(
    `${SELECT} and v.endpoint_id = $2 and ($3::uuid is null or v.position < (
       select position from webhook_deliveries where account_id = $1 and delivery_id = $3))
     order by v.position desc limit $4`,
    [accountId, page.endpointId, page.before, page.limit],
  )
}

/** Null when there is none. */
export async function readDelivery(
  tx: Transaction,
  accountId: string,
  deliveryId: string,
): Promise<DeliveryDetail | null> {
  const [delivery] = await tx.query<Delivery>(`${SELECT} and v.delivery_id = $2`, [accountId, deliveryId])
  if (!delivery) return null
  const [event] = await tx.query<{ id: string; type: string; version: number; at: Date; data: object }>(
    `select event_id as "id", type, version, occurred_at as "at", data
     from outbox_events where account_id = $1 and event_id = $2`,
    [accountId, delivery.eventId],
  )
  const tries = await tx.query<DeliveryDetail['tries'][number]>(
    `select attempt, sent_at as "sentAt", duration_ms as "durationMs", url, headers, status, failure, response
     from webhook_attempts where account_id = $1 and delivery_id = $2 order by attempt`,
    [accountId, deliveryId],
  )
  return { ...delivery, body: bodyOf(accountId, event!), tries }
}

/** Sends the event of a delivery once more; answers the new delivery, or null when there is none. */
export async function replayDelivery(
  tx: Transaction,
  accountId: string,
  deliveryId: string,
): Promise<string | null> {
  const id = newId()
  const [replayed] = await tx.query<{ endpointId: string }>(
    `insert into webhook_deliveries (account_id, delivery_id, endpoint_id, event_id, url, replayed)
     select v.account_id, $3, v.endpoint_id, v.event_id, v.url, true
     from webhook_deliveries v join webhook_endpoints w using (account_id, endpoint_id)
     where v.account_id = $1 and v.delivery_id = $2 and w.removed_at is null
     returning endpoint_id as "endpointId"`,
    [accountId, deliveryId, id],
  )
  if (!replayed) return null
  await wakeEndpoints(tx, [{ accountId, endpointId: replayed.endpointId }])
  return id
}

/**
 * Sends an endpoint every event that it asks for and that was recorded in a span, whether it had it or not; answers how many, in the
 * order in which they happened. Null where there is no such endpoint, 'too_many' where it would be more than MOST_REPLAYED.
 */
export async function replaySpan(
  tx: Transaction,
  accountId: string,
  { endpointId, from, to }: { endpointId: string; from: Date; to: Date },
): Promise<number | null | 'too_many'> {
  const [endpoint] = await tx.query(
    'select 1 from webhook_endpoints where account_id = $1 and endpoint_id = $2 and removed_at is null for update',
    [accountId, endpointId],
  )
  if (!endpoint) return null
  const events = await tx.query<{ id: string }>(
    `select e.event_id as "id" from outbox_events e join webhook_endpoints w using (account_id)
     where account_id = $1 and w.endpoint_id = $2 and e.recorded_at >= $3 and e.recorded_at < $4 and w.kind = 'endpoint'
       and e.type <> 'webhook.test' and (w.event_types = '{}' or e.type = any (w.event_types))
       and not exists (select from webhook_deliveries v where v.account_id = e.account_id and v.endpoint_id = w.endpoint_id
         and v.event_id = e.event_id and v.status = 'waiting')
     order by e.recorded_at, e.event_id limit $5`,
    [accountId, endpointId, from, to, MOST_REPLAYED + 1],
  )
  if (events.length > MOST_REPLAYED) return 'too_many'
  await tx.query(
    `insert into webhook_deliveries (account_id, delivery_id, endpoint_id, event_id, replayed)
     select $1, gen_random_uuid(), $2, event_id, true
     from unnest($3::uuid[]) with ordinality as given (event_id, place) order by place`,
    [accountId, endpointId, events.map(({ id }) => id)],
  )
  if (events.length > 0) await wakeEndpoints(tx, [{ accountId, endpointId }])
  return events.length
}

/** Forgets deliveries that have ended, with their attempts, once they are older than what they are kept for. For jobs/, of all accounts. */
export async function forgetDeliveries(tx: Transaction, keptDays: number): Promise<void> {
  await tx.query(`delete from webhook_deliveries where ended_at < now() - $1 * interval '1 day'`, [keptDays])
}
