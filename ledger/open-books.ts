/**
 * Opens the books of accounts: locks them, reads them, and processes what is due.
 *
 * Called first by every verb of this room that changes anything or shows a balance.
 *
 * Invariants:
 *   1. Accounts are locked in the order of their ids, before anything else of theirs is read: one lock order.
 *   2. `now` is business time (rule R33): database time read after the lock is held, plus the account's sandbox
 *      offset, and never earlier than the last time something was booked.
 *   3. Opened books are rolled: nothing that is due at `now` is left undone (rule R20).
 */
import { arrayValue } from '../database/array-value.ts'
import { byNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import { type BookedGrant, type Books, Changes, type Subscription } from './books.ts'
import { type CataloguePlan, readPlanVersions } from './catalogue.ts'
import { rollBooks } from './roll-books.ts'

type AccountRow = {
  accountId: string
  name: string
  zone: string
  currency: string | null
  creditUnit: string | null
  now: Date
  clockOffsetMs: bigint
  lastBookedAt: Date | null
  nextEventAt: Date | null
  entrySequence: bigint
  chainHead: Buffer | null
  customerCredit: bigint
  subscriptionId: string | null
  planVersionId: string
  anchorCivil: string
  anchorZone: string
  periodNumber: number
  periodStartsAt: Date
  periodEndsAt: Date
  pendingKind: 'change' | 'cancel' | null
  pendingPlanVersionId: string | null
  startedAt: Date
  planSince: Date
  overage: bigint
  billed: bigint
  billedThrough: bigint
  billedAt: Date | null
  deferred: bigint
  alertRules: string[]
  toldAlerts: string[]
  pauseAt: bigint | null
  interimAt: bigint | null
}

type GrantRow = Omit<BookedGrant, 'id'> & { accountId: string; id: string }

/**
 * Locks the accounts, reads their books and processes what is due. Accounts that don't exist (or that row-level
 * security hides) are absent from the answer.
 */
export async function openBooks(tx: Transaction, accountIds: readonly string[]): Promise<Map<string, Books>> {
  const opened = await byNode(tx, accountIds, { accountOf: (id) => id, work: (some) => openOnNode(tx, some) })
  return opened.length === 1 ? opened[0]! : new Map(opened.flatMap((books) => [...books]))
}

async function openOnNode(tx: Transaction, accountIds: readonly string[]): Promise<Map<string, Books>> {
  const ids = arrayValue('uuid', accountIds.length, (index) => accountIds[index])
  // Sent together: each statement starts, and sees what is committed, once the one before is done.
  const [, books] = await Promise.all([lockAccounts(tx, ids), readBooks(tx, ids)])
  await rollBooks(
    tx,
    [...books.values()].filter(({ nextEventAt, now }) => nextEventAt !== null && nextEventAt <= now),
  )
  return books
}

/** Locks the accounts in the order of their ids. What is read of them is read by a statement behind this one. */
export async function lockAccounts(tx: Transaction, ids: unknown): Promise<void> {
  await tx.query(`select from accounts where account_id = any ($1::uuid[]) order by account_id for update`, [
    ids,
  ])
}

/**
 * The books of one account as they stand, without its lock and for reading alone, or null where there is no such account.
 * 'due' where something has to be processed first, which needs the lock. The transaction sees one snapshot.
 */
export async function viewBook(tx: Transaction, accountId: string): Promise<Books | null | 'due'> {
  const books = (
    await readBooks(
      tx,
      arrayValue('uuid', 1, () => accountId),
    )
  ).get(accountId)
  if (!books) return null
  return books.nextEventAt !== null && books.nextEventAt <= books.now ? 'due' : books
}

/** The books of one account, or null where there is no such account. */
export async function openBook(tx: Transaction, accountId: string): Promise<Books | null> {
  return (await openBooks(tx, [accountId])).get(accountId) ?? null
}

async function readBooks(tx: Transaction, ids: unknown): Promise<Map<string, Books>> {
  // The clock is read by this statement, which starts after the locks are held.
  const reading = tx.query<AccountRow>(
    `select a.account_id as "accountId", a.name, a.zone, a.currency, a.credit_unit as "creditUnit",
       greatest(
         date_trunc('milliseconds', clock_timestamp()) + a.clock_offset_ms * interval '1 millisecond',
         a.last_booked_at) as "now",
       a.clock_offset_ms as "clockOffsetMs", a.last_booked_at as "lastBookedAt", a.next_event_at as "nextEventAt",
       a.entry_sequence as "entrySequence", a.chain_head as "chainHead",
       a.customer_credit_micros as "customerCredit", s.subscription_id as "subscriptionId",
       s.plan_version_id as "planVersionId", to_char(s.anchor_civil, 'YYYY-MM-DD"T"HH24:MI:SS.MS') as "anchorCivil",
       s.anchor_zone as "anchorZone", s.period_number as "periodNumber", s.period_starts_at as "periodStartsAt",
       s.period_ends_at as "periodEndsAt", s.pending_kind as "pendingKind",
       s.pending_plan_version_id as "pendingPlanVersionId", s.started_at as "startedAt",
       s.plan_since as "planSince",
       p.overage_micros as "overage", p.billed_micros as "billed", p.billed_through as "billedThrough",
       p.billed_at as "billedAt", p.deferred_micros as "deferred", a.pause_at_micros as "pauseAt",
       a.interim_at_micros as "interimAt",
       a.alert_rules as "alertRules", case when a.alert_rules = '{}' then '{}' else array(
         select o.natural_key from outbox_events o where o.account_id = a.account_id and o.natural_key = any (array(
           select 'alert:' || p.subscription_id || ':' || p.period_number || ':' || rule
           from unnest(a.alert_rules) as rule))) end as "toldAlerts"
     from accounts a
     left join subscriptions s on s.account_id = a.account_id and s.status = 'active'
     left join periods p on p.account_id = s.account_id and p.subscription_id = s.subscription_id
       and p.period_number = s.period_number
     where a.account_id in (select unnest($1::uuid[]))`,
    [ids],
  )
  const [rows, grants] = await Promise.all([reading, readLiveGrants(tx, ids)])
  const plans = await readPlanVersions(
    tx,
    rows.flatMap(({ subscriptionId, planVersionId, pendingPlanVersionId }) => [
      ...(subscriptionId === null ? [] : [planVersionId]),
      ...(pendingPlanVersionId === null ? [] : [pendingPlanVersionId]),
    ]),
  )
  const books = new Map(rows.map((row) => [row.accountId, toBooks(row, plans)]))
  for (const { accountId, ...grant } of grants) books.get(accountId)?.grants.push(grant)
  return books
}

function readLiveGrants(tx: Transaction, ids: unknown): Promise<GrantRow[]> {
  return tx.query<GrantRow>(
    `select account_id as "accountId", grant_id as "id", source, granted_micros as "granted",
       remaining_micros as "remaining", consideration_micros as "consideration", recognised_micros as "recognised",
       rolled, priority, starts_at as "startsAt", expires_at as "expiresAt", natural_key as "naturalKey", reason,
       created_at as "createdAt", ended_at as "endedAt"
     from credit_grants where account_id in (select unnest($1::uuid[])) and ended_at is null`,
    [ids],
  )
}

function toBooks(row: AccountRow, plans: Map<string, CataloguePlan>): Books {
  const { subscriptionId, pendingPlanVersionId } = row
  const subscription: Subscription | null =
    subscriptionId === null
      ? null
      : {
          id: subscriptionId,
          plan: plans.get(row.planVersionId)!,
          status: 'active',
          anchor: { civil: row.anchorCivil, zone: row.anchorZone },
          periodNumber: row.periodNumber,
          periodStartsAt: row.periodStartsAt,
          periodEndsAt: row.periodEndsAt,
          pending:
            pendingPlanVersionId !== null
              ? { kind: 'change', plan: plans.get(pendingPlanVersionId)! }
              : row.pendingKind === 'cancel'
                ? { kind: 'cancel' }
                : null,
          startedAt: row.startedAt,
          planSince: row.planSince,
          endedAt: null,
        }
  return {
    accountId: row.accountId,
    name: row.name,
    zone: row.zone,
    units: row.currency === null ? null : { currency: row.currency, creditUnit: row.creditUnit! },
    now: row.now,
    clockOffsetMs: row.clockOffsetMs,
    lastBookedAt: row.lastBookedAt,
    nextEventAt: row.nextEventAt,
    entrySequence: row.entrySequence,
    chainHead: row.chainHead,
    customerCredit: row.customerCredit,
    subscription,
    period: subscription && {
      subscriptionId: subscription.id,
      number: subscription.periodNumber,
      startsAt: subscription.periodStartsAt,
      endsAt: subscription.periodEndsAt,
      overage: row.overage,
      billed: row.billed,
      billedThrough: row.billedThrough,
      billedAt: row.billedAt,
      deferred: row.deferred,
      closedAt: null,
    },
    grants: [],
    alertRules: row.alertRules,
    toldAlerts: row.toldAlerts,
    pauseAt: row.pauseAt,
    interimAt: row.interimAt,
    changes: new Changes(),
  }
}
