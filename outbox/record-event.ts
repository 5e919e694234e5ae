/**
 * Records that something happened, in the transaction that makes it so: it is told if and only if that commits.
 *
 * Called by every verb that has something to tell: ledger/ through its opened books (tell-event.ts), accounts/ and automations/ directly.
 *
 *   recordEvents ──commit──▶ outbox_events, event_directory, a job ──announce-events.ts──▶ deliveries and mails
 *
 * 1. An event is written once and never changed. One with a natural key is told once however often it is recorded.
 * 2. Nothing is sent here, and who is to be told is not decided here.
 * 3. Data that does not fit the catalogue is a bug, and throws.
 */

import { z } from 'zod'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type EventData, type EventType, eventCatalogue } from './event-catalogue.ts'

/** An event of any type, its data in the shape of that type. */
export type NewEvent = {
  [Type in EventType]: {
    accountId: string
    type: Type
    data: EventData<Type>
    /** Business time; absent: the database's wall time. */
    occurredAt?: Date
    /** What is told once only, such as an alert of a period. */
    naturalKey?: string
  }
}[EventType]

/** Records events in their order; answers the ids under which they are, where they were not told before. */
export async function recordEvents(tx: Transaction, events: readonly NewEvent[]): Promise<string[]> {
  const ids = events.map(() => newId())
  if (events.length === 0) return ids
  await tx.query(
    `with recorded as (
       insert into outbox_events (account_id, event_id, type, version, natural_key, data, occurred_at)
       select account_id, event_id, type, version, natural_key, data, coalesce(occurred_at, now())
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::text[], $6::jsonb[], $7::timestamptz[])
         as given (account_id, event_id, type, version, natural_key, data, occurred_at)
       on conflict (account_id, natural_key) do nothing
       returning account_id, event_id),
     listed as (
       insert into event_directory (account_id, event_id) select account_id, event_id from recorded)
     select enqueue_job('announce', '{}'::jsonb) from (select 1 from recorded limit 1) as told`,
    [
      events.map(({ accountId }) => accountId),
      ids,
      events.map(({ type }) => type),
      events.map(({ type }) => eventCatalogue[type].version),
      events.map(({ naturalKey }) => naturalKey ?? null),
      events.map(({ type, data }) => JSON.stringify(z.encode(eventCatalogue[type].data as z.ZodType, data))),
      events.map(({ occurredAt }) => occurredAt ?? null),
    ],
  )
  return ids
}
