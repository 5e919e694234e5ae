/**
 * Announces what was recorded: for each event a delivery to each endpoint that wants it, and the mails that it is told by.
 *
 * Called by jobs/ after every transaction that recorded something, and once a minute.
 *
 *   outbox_events + event_directory ──announceEvents──▶ webhook_deliveries, webhook_directory ──deliver-webhooks.ts──▶ …
 *
 * 1. An event is announced once: its row of the directory goes in the transaction that writes its deliveries.
 * 2. One announces at a time (advisory lock), so that deliveries stand in the order in which the events were recorded.
 * 3. An endpoint that is already waited for keeps the time at which it is looked at: news do not shorten a back-off.
 */
import type { Database, Transaction } from '../database/connect.ts'
import { queueEventMails } from './queue-mails.ts'

export type AnnouncedEvent = {
  accountId: string
  id: string
  type: string
  /** As the catalogue has it on the wire. */
  data: object
  at: Date
}

/** Events announced in one transaction. */
const BATCH = 500

/** Announces everything that is recorded by now. Answers how many events that were. */
export async function announceEvents(db: Database): Promise<number> {
  for (let announced = 0; ; ) {
    const count = await db.asService(announceBatch)
    announced += count
    if (count < BATCH) return announced
  }
}

async function announceBatch(tx: Transaction): Promise<number> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('drawdown announces events'))`)
  const events = await tx.query<AnnouncedEvent>(
    `with taken as (
       delete from event_directory where (account_id, event_id) in (
         select account_id, event_id from event_directory order by event_id limit $1)
       returning account_id, event_id)
     select account_id as "accountId", event_id as "id", type, data, occurred_at as "at"
     from taken join outbox_events using (account_id, event_id) order by recorded_at, event_id`,
    [BATCH],
  )
  if (events.length > 0) {
    await writeDeliveries(tx, events)
    await queueEventMails(tx, events)
  }
  return events.length
}

async function writeDeliveries(tx: Transaction, events: readonly AnnouncedEvent[]): Promise<void> {
  const endpoints = await tx.query<{ accountId: string; endpointId: string }>(
    `with delivered as (
       insert into webhook_deliveries (account_id, delivery_id, endpoint_id, event_id, url)
       select e.account_id, gen_random_uuid(), w.endpoint_id, e.event_id,
         case when w.kind = 'callback' then e.data->>'callback_url' end
       from unnest($1::uuid[], $2::uuid[]) with ordinality as given (account_id, event_id, place)
       join outbox_events e using (account_id, event_id)
       join webhook_endpoints w on w.account_id = e.account_id and w.status = 'enabled' and w.removed_at is null
         and case w.kind
           when 'callback' then e.type = 'run.finished' and starts_with(e.data->>'callback_url', w.url || '/')
           else e.type <> 'webhook.test' and (w.event_types = '{}' or e.type = any (w.event_types)) end
       order by place
       on conflict do nothing
       returning account_id, endpoint_id)
     select distinct account_id as "accountId", endpoint_id as "endpointId" from delivered`,
    [events.map(({ accountId }) => accountId), events.map(({ id }) => id)],
  )
  await wakeEndpoints(tx, endpoints)
}

/**
 * Has these endpoints looked at now, unless somebody waits for a time of theirs already. The row of the directory is locked in either
 * case: whoever is about to find that nothing waits takes turns with this (deliver-webhooks.ts).
 */
export async function wakeEndpoints(
  tx: Transaction,
  endpoints: readonly { accountId: string; endpointId: string }[],
): Promise<void> {
  if (endpoints.length === 0) return
  await tx.query(
    `with woken as (
       insert into webhook_directory (account_id, endpoint_id, due_at)
       select account_id, endpoint_id, now() from unnest($1::uuid[], $2::uuid[]) as given (account_id, endpoint_id)
       order by endpoint_id
       on conflict (account_id, endpoint_id) do update set due_at = webhook_directory.due_at
       returning account_id, endpoint_id, due_at)
     select enqueue_job('deliver', jsonb_build_object('account_id', account_id, 'endpoint_id', endpoint_id),
       'webhook:' || endpoint_id) from woken where due_at <= now()`,
    [endpoints.map(({ accountId }) => accountId), endpoints.map(({ endpointId }) => endpointId)],
  )
}

/** Has every endpoint looked at whose time has come and whose job was lost with its server. Called once a minute. */
export async function wakeOverdue(db: Database): Promise<void> {
  await db.asService((tx) =>
    tx.query(
      `select enqueue_job(case when w.failures > 0 then 'deliver-again' else 'deliver' end,
         jsonb_build_object('account_id', d.account_id, 'endpoint_id', d.endpoint_id), 'webhook:' || d.endpoint_id)
       from webhook_directory d join webhook_endpoints w using (account_id, endpoint_id)
       where d.due_at <= now() - interval '30 seconds'
         and (w.lease_expires_at is null or w.lease_expires_at < now())`,
    ),
  )
}
