/**
 * Opens accounts to book usage on them: locks them, reads the little that booking needs, and processes what is due.
 *
 * Called by book-usage.ts. A batch opens thousands of accounts, so what is read travels as one array a column and becomes one object
 * an account; whole books (open-books.ts) are read only of those that need more.
 *
 * Invariants: those of open-books.ts.
 *   1. One lock order, and everything is read under the lock.
 *   2. `now` is business time, and never earlier than the last time something was booked.
 *   3. Nothing that is due at `now` is left undone: an account with something due is opened whole, rolled and saved first.
 */

import type { GrantSource } from '../billing/grant.ts'
import { arrayValue } from '../database/array-value.ts'
import { byNode, onItsNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import { readArray } from '../database/read-array.ts'
import { type BookingAccount, Changes, type DrawnGrant } from './books.ts'
import { readPlanVersions } from './catalogue.ts'
import { lockAccounts, openBooks } from './open-books.ts'
import { saveBooks } from './save-books.ts'

/** Locks the accounts and reads them. Those that don't exist, or that row-level security hides, are absent from the answer. */
export async function openForBooking(
  tx: Transaction,
  accountIds: readonly string[],
): Promise<Map<string, BookingAccount>> {
  const opened = await byNode(tx, accountIds, { accountOf: (id) => id, work: (some) => openOnNode(tx, some) })
  return opened.length === 1 ? opened[0]! : new Map(opened.flatMap((accounts) => [...accounts]))
}

async function openOnNode(
  tx: Transaction,
  accountIds: readonly string[],
): Promise<Map<string, BookingAccount>> {
  // In their order, which is also that of the tables' indexes.
  const inOrder = [...accountIds].sort()
  const ids = arrayValue('uuid', inOrder.length, (index) => inOrder[index])
  // Sent together: each statement starts, and sees what is committed, once the one before is done.
  const [, facts, grants] = await Promise.all([
    lockAccounts(tx, ids),
    readFacts(tx, ids),
    readGrants(tx, ids),
  ])
  const { accounts, whole } = await accountsOf(tx, facts)
  for (const [accountId, grant] of grants) accounts.get(accountId)?.grants.push(grant)
  if (whole.length > 0) {
    const books = await openBooks(tx, whole)
    await saveBooks(tx, books.values())
    for (const [accountId, opened] of books) accounts.set(accountId, opened)
  }
  return accounts
}

type Facts = Awaited<ReturnType<typeof readFacts>>

async function readFacts(tx: Transaction, ids: unknown) {
  // The clock is read by this statement, which starts after the locks are held.
  const [row] = await tx.query<Record<keyof typeof FACTS, Buffer | null>>(
    `select ${Object.keys(FACTS)
      .map((name) => `array_send(array_agg(${name})) as ${name}`)
      .join(', ')}
     from (
       select a.account_id,
         greatest(
           date_trunc('milliseconds', clock_timestamp()) + a.clock_offset_ms * interval '1 millisecond',
           a.last_booked_at) as now,
         a.last_booked_at, a.next_event_at, a.entry_sequence, a.chain_head, a.alert_rules <> '{}' as has_alerts,
         a.interim_at_micros, s.subscription_id, s.plan_version_id, s.period_number, s.period_starts_at, s.plan_since,
         p.overage_micros, p.billed_micros
       from (select unnest($1::uuid[]) as id) given
       -- Each account is looked up by itself, however few or many there are and whatever Postgres believes to know of them.
       cross join lateral (select * from accounts where account_id = given.id ${onItsNode(tx, 'account_id')} limit 1) a
       left join lateral (
         select * from subscriptions
         where account_id = a.account_id and status = 'active' ${onItsNode(tx, 'account_id')} limit 1) s on true
       left join lateral (
         select overage_micros, billed_micros from periods
         where account_id = a.account_id and subscription_id = s.subscription_id and period_number = s.period_number
           ${onItsNode(tx, 'account_id')} limit 1) p on true) accounts`,
    [ids],
  )
  const read = <Type extends Parameters<typeof readArray>[0]>(type: Type, name: keyof typeof FACTS) =>
    readArray(type, row![name])
  return {
    accountIds: read('uuid', 'account_id') as string[],
    nows: read('timestamptz', 'now') as Date[],
    lastBookedAts: read('timestamptz', 'last_booked_at'),
    nextEventAts: read('timestamptz', 'next_event_at'),
    entrySequences: read('bigint', 'entry_sequence') as bigint[],
    chainHeads: read('bytea', 'chain_head'),
    haveAlerts: read('boolean', 'has_alerts') as boolean[],
    subscriptionIds: read('uuid', 'subscription_id'),
    planVersionIds: read('uuid', 'plan_version_id'),
    periodNumbers: read('integer', 'period_number'),
    periodStartsAts: read('timestamptz', 'period_starts_at'),
    plansSince: read('timestamptz', 'plan_since'),
    overages: read('bigint', 'overage_micros'),
    billed: read('bigint', 'billed_micros'),
    interimAts: read('bigint', 'interim_at_micros'),
  }
}

const FACTS = {
  account_id: true,
  now: true,
  last_booked_at: true,
  next_event_at: true,
  entry_sequence: true,
  chain_head: true,
  has_alerts: true,
  subscription_id: true,
  plan_version_id: true,
  period_number: true,
  period_starts_at: true,
  plan_since: true,
  overage_micros: true,
  billed_micros: true,
  interim_at_micros: true,
}

/** The accounts by id, and which of them need their whole books: something is due, or they want to be told of something. */
async function accountsOf(tx: Transaction, facts: Facts) {
  const plans = await readPlanVersions(
    tx,
    facts.planVersionIds.flatMap((id) => id ?? []),
  )
  const accounts = new Map<string, BookingAccount>()
  const whole: string[] = []
  for (const [index, accountId] of facts.accountIds.entries()) {
    const now = facts.nows[index]!
    const nextEventAt = facts.nextEventAts[index]!
    if (facts.haveAlerts[index] || (nextEventAt !== null && nextEventAt <= now)) {
      whole.push(accountId)
      continue
    }
    const subscriptionId = facts.subscriptionIds[index]!
    const periodNumber = facts.periodNumbers[index]!
    const plan = subscriptionId === null ? null : plans.get(facts.planVersionIds[index]!)!
    accounts.set(accountId, {
      accountId,
      // Those of its plan: no other plan could have been chosen (rule R8).
      units: plan && { currency: plan.currency, creditUnit: plan.creditUnit },
      now,
      lastBookedAt: facts.lastBookedAts[index]!,
      entrySequence: facts.entrySequences[index]!,
      chainHead: facts.chainHeads[index]!,
      alertRules: [],
      toldAlerts: [],
      interimAt: facts.interimAts[index]!,
      subscription:
        subscriptionId === null
          ? null
          : {
              id: subscriptionId,
              plan: plan!,
              periodNumber,
              periodStartsAt: facts.periodStartsAts[index]!,
              planSince: facts.plansSince[index]!,
            },
      period:
        subscriptionId === null
          ? null
          : {
              subscriptionId,
              number: periodNumber,
              overage: facts.overages[index]!,
              billed: facts.billed[index]!,
            },
      grants: [],
      changes: new Changes(),
    })
  }
  return { accounts, whole }
}

/** What may be drawn: grants that have not ended and still hold something. */
async function readGrants(tx: Transaction, ids: unknown): Promise<[string, DrawnGrant][]> {
  const [row] = await tx.query<Record<keyof typeof GRANTS, Buffer | null>>(
    `select ${Object.keys(GRANTS)
      .map((name) => `array_send(array_agg(${name})) as ${name}`)
      .join(', ')}
     from (select unnest($1::uuid[]) as id) given
     cross join lateral (
       select * from credit_grants
       where account_id = given.id and ended_at is null and remaining_micros > 0 ${onItsNode(tx, 'account_id')} offset 0) g`,
    [ids],
  )
  const read = <Type extends Parameters<typeof readArray>[0]>(type: Type, name: keyof typeof GRANTS) =>
    readArray(type, row![name])
  const sources = read('text', 'source') as GrantSource[]
  const granted = read('bigint', 'granted_micros') as bigint[]
  const remaining = read('bigint', 'remaining_micros') as bigint[]
  const considerations = read('bigint', 'consideration_micros') as bigint[]
  const recognised = read('bigint', 'recognised_micros') as bigint[]
  const priorities = read('integer', 'priority') as number[]
  const starts = read('timestamptz', 'starts_at') as Date[]
  const ends = read('timestamptz', 'expires_at')
  const grantIds = read('uuid', 'grant_id') as string[]
  return (read('uuid', 'account_id') as string[]).map((accountId, index) => [
    accountId,
    {
      id: grantIds[index]!,
      source: sources[index]!,
      granted: granted[index]!,
      remaining: remaining[index]!,
      consideration: considerations[index]!,
      recognised: recognised[index]!,
      priority: priorities[index]!,
      startsAt: starts[index]!,
      expiresAt: ends[index]!,
    },
  ])
}

const GRANTS = {
  account_id: true,
  grant_id: true,
  source: true,
  granted_micros: true,
  remaining_micros: true,
  consideration_micros: true,
  recognised_micros: true,
  priority: true,
  starts_at: true,
  expires_at: true,
}
