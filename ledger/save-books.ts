/**
 * Writes what a transaction changed in the books of its accounts, in a fixed number of statements however many
 * accounts there are.
 *
 * Called last by every verb that opened books to change them.
 *
 * The journal goes in as whole transactions with their entries: the database checks that each sums to zero.
 */

import { describeLine } from '../billing/describe-line.ts'
import { totalOf } from '../billing/invoice.ts'
import { onItsNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import { type Books, Changes, nextEventOf, type Subscription } from './books.ts'
import { linkJournal } from './chain-links.ts'
import { columns } from './columns.ts'
import { insertRows, updateRows } from './insert-rows.ts'
import { saveTotals } from './save-totals.ts'
import { sendTogether } from './send-together.ts'
import { saveEvents } from './tell-event.ts'
import { wakePausedWork } from './wake-paused-work.ts'
import { writeJournal } from './write-journal.ts'

/** Writes the changes of these books, which may go on being used: they then hold no unsaved change. */
export async function saveBooks(tx: Transaction, opened: Iterable<Books>): Promise<void> {
  const all = [...opened]
  await sendTogether(tx, async (together) => {
    await saveSubscriptions(together, all)
    await savePeriods(together, all)
    await saveGrants(together, all)
    await saveInvoices(together, all)
    await saveInterims(together, all)
    await saveJournal(together, all)
    await saveAccounts(together, all)
    await saveEvents(together, all)
    await wakePausedWork(together, all)
  })
  for (const books of all) {
    books.nextEventAt = nextEventOf(books)
    books.changes = new Changes()
  }
}

function rowsOf<Value>(
  all: readonly Books[],
  pick: (changes: Changes) => Iterable<Value>,
  toRow: (value: Value, accountId: string) => unknown[],
): unknown[][] {
  return all.flatMap(({ changes, accountId }) => [...pick(changes)].map((value) => toRow(value, accountId)))
}

async function saveSubscriptions(tx: Transaction, all: readonly Books[]): Promise<void> {
  await insertRows(
    tx,
    'subscriptions',
    columns.subscriptions,
    rowsOf(all, ({ subscriptions }) => subscriptions.values(), subscriptionRow),
    `on conflict (account_id, subscription_id) do update set
       plan_version_id = excluded.plan_version_id, status = excluded.status,
       period_number = excluded.period_number, period_starts_at = excluded.period_starts_at,
       period_ends_at = excluded.period_ends_at, pending_kind = excluded.pending_kind,
       pending_plan_version_id = excluded.pending_plan_version_id, plan_since = excluded.plan_since, ended_at = excluded.ended_at`,
  )
  await saveVersions(tx, all)
}

/**
 * Two versions never start at one instant, or the plan of that instant would be either: one that comes into force at the
 * instant of another counts from a millisecond after it.
 */
async function saveVersions(tx: Transaction, all: readonly Books[]): Promise<void> {
  const rows = all.flatMap(({ changes, accountId }) =>
    spreadVersions(changes.versions).map((version) => ({ ...version, accountId })),
  )
  if (rows.length === 0) return
  await tx.query(
    `insert into subscription_versions (account_id, subscription_id, starts_at, plan_version_id)
     select g.account_id, g.subscription_id,
       greatest(g.starts_at, (select max(v.starts_at) + interval '1 millisecond' from subscription_versions v
         where v.account_id = g.account_id and v.subscription_id = g.subscription_id ${onItsNode(tx, 'v.account_id')})),
       g.plan_version_id
     from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[])
       as g (account_id, subscription_id, starts_at, plan_version_id)`,
    [
      rows.map(({ accountId }) => accountId),
      rows.map(({ subscriptionId }) => subscriptionId),
      rows.map(({ startsAt }) => startsAt),
      rows.map(({ planVersionId }) => planVersionId),
    ],
  )
}

/** The versions that one transaction has brought into force, each after the one before. */
export function spreadVersions(versions: Changes['versions']): Changes['versions'] {
  const last = new Map<string, number>()
  return versions.map((version) => {
    const startsAt = Math.max(version.startsAt.getTime(), (last.get(version.subscriptionId) ?? -Infinity) + 1)
    last.set(version.subscriptionId, startsAt)
    return { ...version, startsAt: new Date(startsAt) }
  })
}

function subscriptionRow(subscription: Subscription, accountId: string): unknown[] {
  const { pending } = subscription
  return [
    accountId,
    subscription.id,
    subscription.plan.id,
    subscription.status,
    subscription.anchor.civil,
    subscription.anchor.zone,
    subscription.periodNumber,
    subscription.periodStartsAt,
    subscription.periodEndsAt,
    pending?.kind ?? null,
    pending?.kind === 'change' ? pending.plan.id : null,
    subscription.startedAt,
    subscription.planSince,
    subscription.endedAt,
  ]
}

async function savePeriods(tx: Transaction, all: readonly Books[]): Promise<void> {
  await insertRows(
    tx,
    'periods',
    columns.periods,
    rowsOf(
      all,
      ({ periods }) => periods.values(),
      (period, accountId) => [
        accountId,
        period.subscriptionId,
        period.number,
        period.startsAt,
        period.endsAt,
        period.overage,
        period.billed,
        period.billedThrough,
        period.billedAt,
        period.deferred,
        period.closedAt,
      ],
    ),
    `on conflict (account_id, subscription_id, period_number) do update set
       ends_at = excluded.ends_at, overage_micros = excluded.overage_micros, billed_micros = excluded.billed_micros,
       billed_through = excluded.billed_through, billed_at = excluded.billed_at, deferred_micros = excluded.deferred_micros, closed_at = excluded.closed_at`,
  )
  await saveTotals(tx, all)
}

async function saveGrants(tx: Transaction, all: readonly Books[]): Promise<void> {
  await insertRows(
    tx,
    'credit_grants',
    columns.credit_grants,
    rowsOf(
      all,
      ({ newGrants }) => newGrants,
      (grant, accountId) => [
        accountId,
        grant.id,
        grant.source,
        grant.granted,
        grant.remaining,
        grant.consideration,
        grant.recognised,
        grant.rolled,
        grant.priority,
        grant.startsAt,
        grant.expiresAt,
        grant.endedAt,
        grant.naturalKey,
        grant.reason,
        grant.createdAt,
      ],
    ),
  )
  await updateRows(
    tx,
    'credit_grants',
    columns.changed_grants,
    rowsOf(
      all,
      ({ changedGrants }) => changedGrants,
      (grant, accountId) => [accountId, grant.id, grant.remaining, grant.recognised, grant.endedAt],
    ),
    {
      set: `remaining_micros = given.remaining_micros, recognised_micros = given.recognised_micros,
        ended_at = given.ended_at`,
      where: 'credit_grants.account_id = given.account_id and credit_grants.grant_id = given.grant_id',
    },
  )
}

async function saveInvoices(tx: Transaction, all: readonly Books[]): Promise<void> {
  await insertRows(
    tx,
    'invoices',
    columns.invoices,
    rowsOf(
      all,
      ({ invoices }) => invoices,
      (invoice, accountId) => [
        accountId,
        invoice.id,
        invoice.kind,
        'draft',
        invoice.subscriptionId,
        invoice.periodNumber,
        invoice.currency,
        invoice.periodStartsAt,
        invoice.periodEndsAt,
        totalOf(invoice.lines),
        totalOf(invoice.lines.filter(({ kind }) => kind === 'tax')),
        invoice.unbilled,
        invoice.draftedAt,
        // A start or an upgrade is finalized by its payment; a boundary's draft by the next collection.
        invoice.kind === 'start' || invoice.kind === 'upgrade' ? null : invoice.draftedAt,
        invoice.interim?.through ?? null,
      ],
    ),
  )
  await insertRows(
    tx,
    'invoice_lines',
    columns.invoice_lines,
    all.flatMap(({ accountId, changes }) =>
      changes.invoices.flatMap(({ id, lines, currency }) =>
        lines.map((line, index) => [
          accountId,
          id,
          index + 1,
          line.kind,
          line.operation,
          line.planVersionId,
          line.quantity,
          line.unitPrice,
          line.amount,
          line.exactAmount,
          describeLine(line, currency),
          line.kind === 'tax' ? line.name : null,
          line.taxRate,
        ]),
      ),
    ),
  )
}

/** What interim invoices take out of their periods. */
async function saveInterims(tx: Transaction, all: readonly Books[]): Promise<void> {
  const interims = all.flatMap(({ accountId, changes }) =>
    changes.invoices.flatMap(({ id, interim }) => (interim ? [{ key: [accountId, id], ...interim }] : [])),
  )
  await insertRows(
    tx,
    'interim_totals',
    columns.interim_totals,
    interims.flatMap(({ key, totals }) =>
      totals.map(({ planVersionId, operation, late, quantity, cost, drawn, overage }) => [
        ...key,
        ...[planVersionId, operation, late, quantity, cost, drawn, overage],
      ]),
    ),
  )
  await insertRows(
    tx,
    'interim_draws',
    columns.interim_draws,
    interims.flatMap(({ key, draws }) => draws.map(({ source, drawn }) => [...key, source, drawn])),
  )
}

async function saveJournal(tx: Transaction, all: readonly Books[]): Promise<void> {
  for (const books of all) linkJournal(books)
  await writeJournal(tx, all)
}

async function saveAccounts(tx: Transaction, all: readonly Books[]): Promise<void> {
  await updateRows(
    tx,
    'accounts',
    columns.accounts,
    all.map((books) => [
      books.accountId,
      books.units?.currency ?? null,
      books.units?.creditUnit ?? null,
      books.lastBookedAt,
      nextEventOf(books),
      books.entrySequence,
      books.chainHead,
      books.customerCredit,
    ]),
    {
      set: `currency = given.currency, credit_unit = given.credit_unit, last_booked_at = given.last_booked_at,
        next_event_at = given.next_event_at, entry_sequence = given.entry_sequence,
        chain_head = given.chain_head, customer_credit_micros = given.customer_credit_micros`,
      where: 'accounts.account_id = given.account_id',
    },
  )
  await scheduleAccounts(
    tx,
    all
      .filter((books) => books.changes.invoices.length > 0 || !isSame(books.nextEventAt, nextEventOf(books)))
      .map(({ accountId }) => accountId),
  )
}

/**
 * Tells the sweeper, in wall time, when it must look at these accounts: their next event, or the next step of an
 * unsettled invoice. Called after anything that moves either.
 */
export async function scheduleAccounts(tx: Transaction, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return
  await tx.query(
    `with due as (
       select a.account_id, least(
           least(a.next_event_at,
             (select min(i.next_attempt_at) from invoices i where i.account_id = a.account_id
                and i.status in ('draft', 'open', 'past_due', 'uncollectible', 'written_off')))
             - a.clock_offset_ms * interval '1 millisecond',
           -- A payment or a refund without an outcome: the provider is read again in a minute.
           (select now() + interval '1 minute' from payments p where p.account_id = a.account_id
              and p.status in ('pending', 'unknown', 'action_required') limit 1),
           (select now() + interval '1 minute' from refunds r where r.account_id = a.account_id
              and r.status in ('pending', 'unknown') limit 1)) as due_at
       from accounts a where a.account_id in (select unnest($1::uuid[]))),
     gone as (
       delete from due_directory d using due
       where d.account_id = due.account_id and due.due_at is null)
     insert into due_directory (account_id, due_at) select account_id, due_at from due where due_at is not null
     on conflict (account_id) do update set due_at = excluded.due_at`,
    [accountIds],
  )
}

function isSame(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime()
}
