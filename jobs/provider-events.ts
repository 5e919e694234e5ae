/**
 * What the payment provider says has happened: stored first, then handled by reading the object again (rule R27).
 *
 * Called by http/ with what was posted, by a job for each event that was stored, and by the sweep for what a crash has left. An
 * event only says where to look; what is found is booked by the same verbs as what polling finds, so that repeats and disorder
 * change nothing, and a webhook that never comes only makes it later.
 *
 * Invariants:
 *   1. An event is answered for when it is stored, and not before.
 *   2. One that cannot be handled is tried again, waiting longer each time, and stops no other.
 */
import type { Database } from '../database/connect.ts'
import { bookDispute } from '../ledger/book-disputes.ts'
import { bookMadeRefund } from '../ledger/book-made-refund.ts'
import { findRefund, settleRefund } from '../ledger/refund-payments.ts'
import type { MadeRefund, News, PaymentProvider, ProviderEvent } from '../payments/provider.ts'
import { collectAccount } from './collect-account.ts'

export type HandlingEvents = {
  db: Database
  payments: PaymentProvider
  log: (event: { event: string; [detail: string]: unknown }) => void
}

/** Handled with one look at what is stored. */
const BATCH = 100
const KEPT_DAYS = 90
/** A bank takes no longer to decide. */
const DISPUTES_LAST_DAYS = 200
/** The wait doubles from half a minute with each try, up to an hour. */
const FIRST_WAIT_SECONDS = 30
const MOST_WAIT_SECONDS = 3600

/** Stores what was posted, with the job that handles it. Stored before: changes nothing. */
export async function receiveEvent(
  { db, payments }: Pick<HandlingEvents, 'db' | 'payments'>,
  posted: { body: string; signature: string },
): Promise<ReturnType<PaymentProvider['readEvent']>> {
  const reading = payments.readEvent(posted.body, posted.signature)
  if (!reading.ok) return reading
  const { id, type, objectId } = reading.event
  await db.asService(async (tx) => {
    const stored = await tx.query(
      `insert into provider_events (provider, event_id, type, object_id) values ($1, $2, $3, $4)
       on conflict do nothing returning 1`,
      [payments.name, id, type, objectId],
    )
    if (stored.length > 0) await tx.query(`select enqueue_job('provider-events', '{}', 'provider-events')`)
  })
  return reading
}

/** Handles what is stored and due, oldest first, until nothing is. */
export async function handleEvents(services: HandlingEvents): Promise<void> {
  const { db, payments } = services
  for (;;) {
    const due = await db.asService((tx) =>
      tx.query<ProviderEvent>(
        `select event_id as "id", type, object_id as "objectId" from provider_events
         where provider = $1 and handled_at is null and try_at <= now() order by received_at, event_id limit $2`,
        [payments.name, BATCH],
      ),
    )
    if (due.length === 0) return
    for (const event of due) await handleEvent(services, event)
  }
}

/** Events are kept for a while to be looked at. Told again after that, one would be stored again, and change nothing. */
export async function forgetEvents({ db }: Pick<HandlingEvents, 'db'>): Promise<void> {
  await db.asService((tx) =>
    tx.query(`delete from provider_events where handled_at < now() - $1 * interval '1 day'`, [KEPT_DAYS]),
  )
}

async function handleEvent(services: HandlingEvents, event: ProviderEvent): Promise<void> {
  const { db, payments, log } = services
  let fault: string | null = null
  try {
    const news = await payments.readNews(event)
    if (news.about === 'unknown') fault = 'The provider did not answer.'
    else await book(services, news)
  } catch (thrown) {
    log({ event: 'provider_event_failed', event_id: event.id, fault: thrown })
    fault = thrown instanceof Error ? thrown.message : String(thrown)
  }
  await db.asService((tx) =>
    tx.query(
      `update provider_events set tries = tries + 1, fault = $3, handled_at = case when $3::text is null then now() end,
         try_at = now() + least($4 * power(2, least(tries, 20)), $5) * interval '1 second'
       where provider = $1 and event_id = $2`,
      [payments.name, event.id, fault, FIRST_WAIT_SECONDS, MOST_WAIT_SECONDS],
    ),
  )
}

async function book({ db, payments }: HandlingEvents, news: News): Promise<void> {
  if (news.about === 'payment' && (await isOurs(db, news.accountId)))
    await collectAccount({ db, payments }, news.accountId)
  if (news.about === 'refunds' && (await isOurs(db, news.accountId))) {
    for (const made of news.refunds) await bookRefund({ db, payments }, news.accountId, made)
  }
  if (news.about === 'dispute' && (await isOurs(db, news.dispute.accountId))) {
    const { accountId, ...dispute } = news.dispute
    await db.asTenant(accountId, (tx) => bookDispute(tx, accountId, dispute))
  }
}

/** The key of a refund is its id. One without a key was made at the provider. */
async function bookRefund(
  { db, payments }: Pick<HandlingEvents, 'db' | 'payments'>,
  accountId: string,
  { idempotencyKey, outcome, ...made }: MadeRefund,
): Promise<void> {
  await db.asTenant(accountId, async (tx) => {
    if (idempotencyKey === null) {
      const booked = await bookMadeRefund(tx, accountId, { ...made, outcome }, payments)
      if (!booked.ok)
        throw new Error(`Refund ${made.reference} of ${payments.name} is not booked: ${booked.detail}`)
      return
    }
    const refundId = await findRefund(tx, accountId, idempotencyKey)
    if (refundId !== null) await settleRefund(tx, accountId, refundId, outcome)
  })
}

/** Disputes that no event has told of, or whose event was lost. One that fails stops no other. */
export async function lookForDisputes({ db, payments, log }: HandlingEvents): Promise<void> {
  const since = new Date(Date.now() - DISPUTES_LAST_DAYS * 86_400_000)
  for (const { accountId, ...dispute } of (await payments.listDisputes(since)) ?? []) {
    try {
      if (await isOurs(db, accountId))
        await db.asTenant(accountId, (tx) => bookDispute(tx, accountId, dispute))
    } catch (fault) {
      log({ event: 'dispute_failed', account_id: accountId, fault })
    }
  }
}

/** Another installation may use the same account at the provider. */
async function isOurs(db: Database, accountId: string): Promise<boolean> {
  const found = await db.asTenant(accountId, (tx) =>
    tx.query('select 1 from accounts where account_id = $1', [accountId]),
  )
  return found.length > 0
}
