/**
 * Usage records as they stand, for those who take them back: the records, and what earlier credit notes have changed of them.
 *
 * Called by issue-credit-note.ts, under the account's lock.
 */
import type { Draw } from '../billing/draw-down.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import type { Books } from './books.ts'
import { type CreditedRecord, type DrawnGrant, isOpen, type StandingRecord } from './reverse-usage.ts'

/** Which usage is meant: exactly one of the three is not empty. */
export type UsageSelection = { usageIds: readonly string[]; runId: string | null; itemIds: readonly string[] }

type Row = Omit<StandingRecord, 'price'> & {
  unitPrice: bigint
  overageUnitPrice: bigint
  /** Number of the credit note that took it back, or null. */
  creditedBy: string | null
}

const COLUMNS = `u.usage_record_id as "id", u.booked_at as "bookedAt", u.ledger_sequence as "sequence", u.subscription_id as "subscriptionId",
  u.period_number as "periodNumber", u.plan_version_id as "planVersionId", u.operation, u.late, u.quantity,
  u.unit_price_micros as "unitPrice", u.overage_unit_price_micros as "overageUnitPrice", u.cost_micros as "cost",
  u.cost_micros - u.drawn_micros - c.drawn as "uncovered", u.overage_micros + c.overage as "overage",
  c.credited_by as "creditedBy"`

/** What corrections have changed of a record `u` of the account $1. */
const CORRECTIONS = `cross join lateral (
  select coalesce(sum(k.drawn_micros), 0)::bigint as drawn, coalesce(sum(k.overage_micros), 0)::bigint as overage,
    max(n.number) filter (where k.kind = 'reversed') as credited_by
  from usage_corrections k join credit_notes n using (account_id, credit_note_id)
  where k.account_id = $1 and k.usage_record_id = u.usage_record_id) c`

/** The records that are meant, newest first, at most `limit`; `creditedBy` says which are taken back already. */
export async function readSelected(
  tx: Transaction,
  accountId: string,
  { usageIds, runId, itemIds }: UsageSelection,
  limit: number,
): Promise<(StandingRecord & { creditedBy: string | null })[]> {
  if (usageIds.length === 0) {
    return read(tx, runId === null ? OF_ITEMS : OF_RUN, [accountId, limit, runId ?? itemIds])
  }
  const near = await read(tx, NEAR_THEIR_IDS, [accountId, limit, usageIds])
  // Where clocks went far astray, all of the account's usage is read.
  return near.length === usageIds.length ? near : read(tx, BY_IDS, [accountId, limit, usageIds])
}

async function read(tx: Transaction, where: string, values: readonly unknown[]) {
  const rows = await tx.query<Row>(
    // Found first and ordered then: in their order they would be looked for along all of the account's usage.
    `with u as materialized (select * from usage_records u where u.account_id = $1 and ${where})
     select ${COLUMNS} from u ${CORRECTIONS} order by u.booked_at desc, u.usage_record_id desc limit $2`,
    values,
  )
  return rows.map(toStanding)
}

const OF_RUN = 'u.run_id = $3::uuid'
// By the index of runs; an item has one.
const OF_ITEMS = `u.item_id = any ($3::uuid[])
  and u.run_id in (select run_id from run_items where account_id = $1 and item_id = any ($3::uuid[]))`
const BY_IDS = 'u.usage_record_id = any ($3::uuid[])'

/** Wall time at which an id was made: the first 48 bits of a version 7 UUID are milliseconds. */
const madeAt = (
  pick: string,
) => `(select ${pick}(to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0))
  from unnest($3::uuid[]) as id)`

// Ids are made as records are booked, so that their time leads to the place in the primary key: a day of leeway for clocks that
// disagree, and as far ahead as a sandbox clock may have been.
const NEAR_THEIR_IDS = `${BY_IDS} and u.booked_at >= ${madeAt('min')} - interval '1 day' and u.booked_at <= ${madeAt('max')} + interval '1 day'
  + (select clock_offset_ms * interval '1 millisecond' from accounts where account_id = $1)`

/** The records with their draws in the order drawn. */
export async function readDraws(
  tx: Transaction,
  accountId: string,
  records: readonly StandingRecord[],
): Promise<CreditedRecord[]> {
  const rows = await tx.query<Draw & { id: string }>(
    `with selected as (select * from unnest($2::uuid[], $3::timestamptz[]) as s (usage_record_id, booked_at))
     select id, grant_id as "grantId", amount from (
       select u.usage_record_id as id, d.grant_id, d.amount, 0::bigint as booked, d.place
       from selected join usage_records u using (usage_record_id, booked_at)
       cross join unnest(u.draw_grant_ids, u.draw_micros) with ordinality as d (grant_id, amount, place)
       where u.account_id = $1
       union all
       select c.usage_record_id, d.grant_id, d.amount, c.ledger_sequence, d.place
       from selected join usage_corrections c using (usage_record_id)
       cross join unnest(c.draw_grant_ids, c.draw_micros) with ordinality as d (grant_id, amount, place)
       where c.account_id = $1 and c.kind = 'recovered') draws
     order by id, booked, place`,
    [accountId, records.map(({ id }) => id), records.map(({ bookedAt }) => bookedAt)],
  )
  const byRecord = new Map<string, Draw[]>(records.map(({ id }) => [id, []]))
  for (const { id, grantId, amount } of rows) byRecord.get(id)!.push({ grantId, amount })
  return records.map((record) => ({ ...record, draws: byRecord.get(record.id)! }))
}

/**
 * Records of the open period with overage, newest first, none of those that are taken back: as many as the credits that
 * come back could pay for.
 */
export async function readLater(
  tx: Transaction,
  books: Books,
  records: readonly CreditedRecord[],
): Promise<StandingRecord[]> {
  const open = records.filter((record) => isOpen(books, record))
  const credits = open.reduce((sum, { cost, uncovered }) => sum + cost - uncovered, 0n)
  const oldest = open.at(-1)
  if (credits === 0n || !oldest) return []
  const rows = await tx.query<Row>(
    `select * from (
       select ${COLUMNS},
         sum(u.cost_micros - u.drawn_micros - c.drawn) over (order by u.booked_at desc, u.usage_record_id desc) as reached
       from usage_records u ${CORRECTIONS}
       where u.account_id = $1 and u.subscription_id = $2 and u.period_number = $3 and u.ledger_sequence > $8
         and (u.booked_at, u.usage_record_id) > ($4, $5::uuid) and u.cost_micros > u.drawn_micros
         and c.credited_by is null and u.cost_micros > u.drawn_micros + c.drawn
         and u.usage_record_id <> all ($6::uuid[])) later
     where reached - uncovered < $7 order by "bookedAt" desc, id desc`,
    [
      books.accountId,
      oldest.subscriptionId,
      oldest.periodNumber,
      oldest.bookedAt,
      oldest.id,
      open.map(({ id }) => id),
      credits,
      books.period!.billedThrough,
    ],
  )
  return rows.map(toStanding)
}

/** The grants that the records drew from, ended or not. */
export async function readDrawnGrants(
  tx: Transaction,
  accountId: string,
  records: readonly CreditedRecord[],
): Promise<Map<string, DrawnGrant>> {
  const ids = new Set(records.flatMap(({ draws }) => draws.map(({ grantId }) => grantId)))
  const rows = await tx.query<DrawnGrant & { drawn: Micros }>(
    `select g.grant_id as "id", g.source, g.granted_micros as "granted", g.consideration_micros as "consideration",
       (select coalesce(sum(e.amount_micros), 0)::bigint from ledger_entries e where e.account_id = g.account_id
          and e.grant_id = g.grant_id and e.ledger_account = 'credits:drawn') as "drawn"
     from credit_grants g where g.account_id = $1 and g.grant_id = any ($2::uuid[])`,
    [accountId, [...ids]],
  )
  return new Map(rows.map((grant) => [grant.id, grant]))
}

function toStanding({ unitPrice, overageUnitPrice, ...record }: Row) {
  return { ...record, price: { unitPrice, overageUnitPrice } }
}
