/**
 * Books uses of operations: rates each, pays for it from grants first and then as overage, and writes it down once
 * for ever (rules R11, R14, R15, R17, R18).
 *
 * Called inside a transaction: by record-usage.ts for usage from outside, and by automations/ in the transaction that
 * marks an item succeeded. This is the only way an account pays.
 *
 * Invariants:
 *   1. The account is locked before anything is decided; what is due is processed first.
 *   2. What is decided is decided by carry-usage.ts: one key one charge, all or nothing, in the order given.
 *   3. Keys are looked up behind the lock. Who begins the transaction may hope that none was used (hope-for-new-keys.ts): then the keys'
 *      own index says where one was, and nothing of that transaction holds.
 */
import { arrayValue } from '../database/array-value.ts'
import { byNode, onItsNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import {
  carryUsage,
  type KnownKey,
  keyOf,
  type Standing,
  type UsageRequest,
  type UsageResult,
  type VersionInForce,
} from './carry-usage.ts'
import { readPlanVersions } from './catalogue.ts'
import { openForBooking } from './open-for-booking.ts'
import { findRoom, saveBooked } from './save-booked.ts'
import { sendTogether } from './send-together.ts'
import { totalsOverflow } from './totals-overflow.ts'

export type { BookedUsage, UsageRefusal, UsageRequest, UsageResult } from './carry-usage.ts'

export type BookingManner = {
  /** `together` when absent. */
  standing?: Standing
  /** Not to look the keys up: throws KeyWasUsed, or what Postgres says of its index, where one was used before. */
  hopeForNewKeys?: boolean
}

/** A key was used before, in a transaction that had hoped for new ones. It has to be rolled back, and can be done with the keys looked up. */
export class KeyWasUsed extends Error {
  override readonly name = 'KeyWasUsed'
}

/**
 * Books the requests in the order given; answers one result each. If any is refused, none is booked: those that would
 * have been answer as they would have; unless they stand apart, then each is booked or refused on its own. Requests of
 * several accounts need the service role.
 */
export async function bookUsage(
  tx: Transaction,
  requests: readonly UsageRequest[],
  { standing = 'together', hopeForNewKeys = false }: BookingManner = {},
): Promise<UsageResult[]> {
  const accountIds = [...new Set(requests.map(({ accountId }) => accountId))]
  // Keys are looked up by a statement behind the one that locks: what another has booked under them by then is seen.
  const opening = openForBooking(tx, accountIds)
  // A cluster locks one account after another.
  if (tx.isSpread) await opening
  const [books, known] = await Promise.all([
    opening,
    hopeForNewKeys ? new Map<string, KnownKey>() : readKnownKeys(tx, requests),
  ])
  const plans = await readPlanVersions(
    tx,
    requests.flatMap(({ pinnedPlanVersionId }) => pinnedPlanVersionId ?? []),
  )
  const versions = await readVersionsInForce(tx, requests)

  const carried = carryUsage({ books, known, plans, versions }, requests, standing)
  const overflows = await totalsOverflow(tx, books.values())
  // Whose use it was that was too much shows when each is booked alone.
  if (overflows && standing === 'apart' && requests.length > 1) throw new RangeError(TOTAL_DETAIL)
  const { results, booked } = overflows ? refuseAll(requests) : carried
  // A refused use writes no key, so nothing else would tell that it repeats one, which is answered as it was the first time.
  if (hopeForNewKeys && results.some(({ ok }) => !ok) && (await readKnownKeys(tx, requests)).size > 0) {
    throw new KeyWasUsed('A refused use, or one beside it, repeats a key')
  }
  if (tx.isSpread) await findRoom(tx, booked)
  await sendTogether(tx, (together) => saveBooked(together, books.values(), booked))
  return results
}

const TOTAL_DETAIL = 'A total of this period would be larger than any amount that can be held.'

function refuseAll(requests: readonly UsageRequest[]): ReturnType<typeof carryUsage> {
  const refused = { ok: false as const, refusal: 'amount_overflow' as const, detail: TOTAL_DETAIL }
  return { results: requests.map(() => refused), booked: [] }
}

async function readKnownKeys(
  tx: Transaction,
  requests: readonly UsageRequest[],
): Promise<Map<string, KnownKey>> {
  const rows = await byNode(tx, requests, {
    accountOf: ({ accountId }) => accountId,
    work: (some) => readKeys(tx, some),
  })
  return new Map(rows.flat().map((row) => [keyOf(row), row]))
}

function readKeys(tx: Transaction, requests: readonly UsageRequest[]) {
  return tx.query<KnownKey & { accountId: string; source: 'api' | 'run'; key: string }>(
    `select k.account_id as "accountId", k.source, k.key, k.digest, k.usage_record_id as "usageRecordId",
       k.booked_at as "bookedAt", k.cost_micros as "cost", k.drawn_micros as "fromCredits",
       k.cost_micros - k.drawn_micros as "uncovered", k.overage_micros as "overage",
       k.balance_after_micros as "balanceAfter"
     from unnest($1::uuid[], $2::text[], $3::text[]) as given (account_id, source, key)
     -- Each key is looked up by itself: joined, few keys and years of them would be read through from end to end.
     cross join lateral (select * from usage_keys k
       where k.account_id = given.account_id and k.source = given.source and k.key = given.key
         ${onItsNode(tx, 'k.account_id')} limit 1) k`,
    [
      arrayValue('uuid', requests.length, (index) => requests[index]!.accountId),
      arrayValue('text', requests.length, (index) => requests[index]!.source),
      arrayValue('text', requests.length, (index) => requests[index]!.key),
    ],
  )
}

/** The versions that were in force over time, read only where a request says when it happened. Newest first. */
async function readVersionsInForce(
  tx: Transaction,
  requests: readonly UsageRequest[],
): Promise<VersionInForce[]> {
  const accountIds = requests.filter(({ occurredAt }) => occurredAt).map(({ accountId }) => accountId)
  if (accountIds.length === 0) return []
  const rows = await tx.query<Omit<VersionInForce, 'plan'> & { planVersionId: string }>(
    `select v.account_id as "accountId", v.starts_at as "startsAt", s.ended_at as "endedAt",
       v.plan_version_id as "planVersionId"
     from subscription_versions v join subscriptions s using (account_id, subscription_id)
     where v.account_id in (select unnest($1::uuid[])) order by v.starts_at desc`,
    [accountIds],
  )
  const plans = await readPlanVersions(
    tx,
    rows.map(({ planVersionId }) => planVersionId),
  )
  return rows.map((row) => ({ ...row, plan: plans.get(row.planVersionId)! }))
}
