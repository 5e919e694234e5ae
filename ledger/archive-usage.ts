/**
 * What of a month's usage goes to a file, and what stays when its records leave the database: a checkpoint an account, chained.
 *
 * Called by jobs/archive-usage.ts, which writes the file and detaches the month's partition.
 *
 * Invariants:
 *   1. A month is archived only when nobody can book in it any more, every period that it reaches into is closed and billed, and every
 *      account that used anything in it has been verified beyond it.
 *   2. Records never change, so a month that is archived again has the checkpoints it had.
 *   3. Keys stay where they are: the same key again is answered for ever, archived or not (rule R15).
 */
import { hash } from 'node:crypto'
import type { Transaction } from '../database/connect.ts'
import { post } from './books.ts'
import { openBook } from './open-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'

/** A calendar month in UTC. `name` is "2026-11"; the end is exclusive. */
export type UsageMonth = { name: string; startsAt: Date; endsAt: Date }

/** A record as a line of the file, without its line break, and where it stands. */
export type ArchivedLine = { line: string; accountId: string; place: string; id: string }

export function monthOf(name: string): UsageMonth {
  const startsAt = new Date(`${name}-01T00:00:00Z`)
  return {
    name,
    startsAt,
    endsAt: new Date(Date.UTC(startsAt.getUTCFullYear(), startsAt.getUTCMonth() + 1, 1)),
  }
}

/** Months that have a partition, oldest first. For the service role. */
export async function listUsageMonths(tx: Transaction): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select replace(substring(c.relname from 'usage_records_(\\d{4}_\\d{2})$'), '_', '-') as name
     from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'usage_records'::regclass order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** Accounts with usage in the month that were not verified to its end: what has to be done before it is archived. For the service role. */
export async function listUnverified(tx: Transaction, { startsAt, endsAt }: UsageMonth): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select u.account_id as "id" from (
       select account_id, max(ledger_sequence) as last from usage_records
       where booked_at >= $1 and booked_at < $2 group by account_id) u
     left join verifications v using (account_id)
     where v.verified_at is null or v.failed_at is not null or v.sequence < u.last order by 1`,
    [startsAt, endsAt],
  )
  return rows.map(({ id }) => id)
}

/** Why the month cannot be archived at this wall time, in a sentence; null when it can. For the service role. */
export async function whyNotArchived(tx: Transaction, month: UsageMonth, at: Date): Promise<string | null> {
  const { name, startsAt, endsAt } = month
  const [row] = await tx.query<{ over: boolean; behind: string | null; open: string | null }>(
    `select $2 <= $3::timestamptz as over,
       (select a.account_id::text from accounts a
        where $3::timestamptz + a.clock_offset_ms * interval '1 millisecond' < $2 limit 1) as behind,
       (select p.account_id || ', period ' || p.period_number from periods p
        where p.starts_at < $2 and p.ends_at > $1
          and (p.closed_at is null or exists (select from invoices i where i.account_id = p.account_id
            and i.subscription_id = p.subscription_id and i.period_number = p.period_number and i.status = 'draft'))
          and exists (select from usage_records u where u.account_id = p.account_id and u.booked_at >= $1 and u.booked_at < $2
            and u.subscription_id = p.subscription_id and u.period_number = p.period_number)
        limit 1) as open`,
    [startsAt, endsAt, at],
  )
  const { over, behind, open } = row!
  if (!over || behind !== null)
    return `The month ${name} is not over yet, by the server's own clock and that of every account.`
  if (open !== null)
    return `Usage of ${name} is in a period that is not closed and billed yet: account ${open}.`
  const [unverified] = await listUnverified(tx, month)
  if (unverified !== undefined)
    return `The books of account ${unverified} are not verified to the end of ${name}.`
  return null
}

/** The next records of the month after the given one, by account and in the order booked. For the service role. */
export async function readArchivedLines(
  tx: Transaction,
  { startsAt, endsAt }: UsageMonth,
  { after, limit }: { after: Omit<ArchivedLine, 'line'> | null; limit: number },
): Promise<ArchivedLine[]> {
  return tx.query<ArchivedLine>(READ_LINES, [
    startsAt,
    endsAt,
    after?.accountId ?? '00000000-0000-0000-0000-000000000000',
    after?.place ?? '-infinity',
    after?.id ?? '00000000-0000-0000-0000-000000000000',
    limit,
  ])
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

// The fields are those of a use in the proof of an invoice, so that a line can be proven by itself.
const READ_LINES = `
  select u.account_id as "accountId", u.booked_at::text as "place", u.usage_record_id as "id", json_build_object(
    'account_id', u.account_id, 'id', u.usage_record_id, 'booked_at', ${iso('u.booked_at')},
    'occurred_at', ${iso('u.occurred_at')}, 'source', u.source, 'key', u.key, 'operation', u.operation,
    'quantity', u.quantity::text, 'plan_version_id', u.plan_version_id, 'unit_price', u.unit_price_micros::text,
    'overage_unit_price', u.overage_unit_price_micros::text, 'cost', u.cost_micros::text, 'drawn', u.drawn_micros::text,
    'overage', u.overage_micros::text, 'draws', (select coalesce(json_agg(json_build_object('grant_id', grant_id,
        'amount', amount::text) order by place), '[]')
      from unnest(u.draw_grant_ids, u.draw_micros) with ordinality as d (grant_id, amount, place)),
    'subscription_id', u.subscription_id, 'period_number', u.period_number, 'late', u.late, 'run_id', u.run_id,
    'item_id', u.item_id, 'balance_after', k.balance_after_micros::text, 'body_digest', encode(k.digest, 'hex'),
    'sequence', u.ledger_sequence::text)::text as line
  from usage_records u join usage_keys k using (account_id, source, key)
  where u.booked_at >= $1 and u.booked_at < $2
    and (u.account_id, u.booked_at, u.usage_record_id) > ($3::uuid, $4::timestamptz, $5::uuid)
  order by u.account_id, u.booked_at, u.usage_record_id limit $6`

/** Writes down what the account's usage of the month added up to, and chains it. Throws where it has another checkpoint already. */
export async function checkpointUsage(
  tx: Transaction,
  accountId: string,
  { month, records, digest }: { month: UsageMonth; records: bigint; digest: Buffer },
): Promise<void> {
  const books = (await openBook(tx, accountId))!
  const [sums] = await tx.query<{ records: bigint; last: bigint; state: string }>(SUM_UP, [
    accountId,
    month.startsAt,
    month.endsAt,
  ])
  const { last, state } = sums!
  if (sums!.records !== records) {
    throw new Error(
      `Account ${accountId} has ${sums!.records} records in ${month.name}, and ${records} in the file`,
    )
  }
  const [before] = await tx.query<{ same: boolean }>(
    `select (record_count, last_sequence, state, digest) = ($3::bigint, $4::bigint, $5, $6::bytea) as same
     from usage_checkpoints where account_id = $1 and month = $2`,
    [accountId, `${month.name}-01`, records, last, state, digest],
  )
  if (before?.same === false) throw new Error(`Account ${accountId} has another checkpoint of ${month.name}`)
  if (before) return
  const text = [
    month.name,
    records,
    last,
    digest.toString('hex'),
    `${Buffer.byteLength(state)}:${state}`,
  ].join('|')
  const sequence = post(books, {
    bookedAt: books.now,
    cause: 'usage_archived',
    causeId: month.name,
    entries: [],
    detailsDigest: hash('sha256', text, 'buffer'),
  })
  await saveBooks(tx, [books])
  await tx.query(
    `insert into usage_checkpoints (account_id, month, record_count, last_sequence, state, digest, ledger_sequence)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [accountId, `${month.name}-01`, records, last, state, digest, sequence],
  )
  await scheduleAccounts(tx, [accountId])
}

// In a fixed order, so that the same records always have the same text.
const SUM_UP = `
  with uses as (select * from usage_records where account_id = $1 and booked_at >= $2 and booked_at < $3),
  totals as (
    select subscription_id, period_number, plan_version_id, operation, late, sum(quantity)::text as quantity,
      sum(cost_micros)::text as cost, sum(drawn_micros)::text as drawn, sum(overage_micros)::text as overage
    from uses group by 1, 2, 3, 4, 5),
  draws as (
    select u.subscription_id, u.period_number, g.source, sum(d.amount)::text as drawn
    from uses u cross join unnest(u.draw_grant_ids, u.draw_micros) as d (grant_id, amount)
    join credit_grants g on g.account_id = $1 and g.grant_id = d.grant_id group by 1, 2, 3)
  select (select count(*) from uses) as records, (select max(ledger_sequence) from uses) as last, jsonb_build_object(
    'totals', (select coalesce(jsonb_agg(to_jsonb(t) order by subscription_id, period_number, plan_version_id, operation, late), '[]')
      from totals t),
    'draws', (select coalesce(jsonb_agg(to_jsonb(d) order by subscription_id, period_number, source), '[]') from draws d)
    )::text as state`

/** Notes that the month is in a file with these lines. For the service role. */
export async function noteArchive(
  tx: Transaction,
  { name, startsAt, endsAt }: UsageMonth,
  { records, digest }: { records: bigint; digest: Buffer },
): Promise<void> {
  await tx.query(
    `insert into usage_archives (month, starts_at, ends_at, record_count, digest) values ($1, $2, $3, $4, $5)
     on conflict (month) do update set record_count = excluded.record_count, digest = excluded.digest,
       archived_at = excluded.archived_at`,
    [`${name}-01`, startsAt, endsAt, records, digest],
  )
}

export type UsageArchive = {
  month: string
  records: bigint
  digest: string
  archivedAt: Date
  /** Whether the records are in the file alone. */
  detached: boolean
}

/** What was archived, oldest month first. */
export async function listArchives(tx: Transaction): Promise<UsageArchive[]> {
  return tx.query<UsageArchive>(
    `select to_char(month, 'YYYY-MM') as month, record_count as "records", encode(digest, 'hex') as digest,
       archived_at as "archivedAt", detached from usage_archives order by month`,
  )
}
