/**
 * Years of usage that lie in the tables already, made by Postgres itself: what a bench needs to have present but not to book.
 *
 * Called by the benches of history and of closing.
 *
 * 1. The rows have the shape of booked ones: a key and a record each, of real accounts, on the Starter plan. No ledger transaction stands
 *    behind them, so books that hold them are not verified.
 * 2. A month's rows are written before their primary key is made, which takes a third of the time, and then become a partition.
 */
import type pg from 'pg'

export type Seed = {
  accountIds: readonly string[]
  /** Of each account, in all months together. */
  records: number
  /** First days of the months, in UTC: `2024-01-01`. Each gets an equal share. */
  months: readonly string[]
}

/** Adds the records; the months must have no usage yet. `owner` is a session of the owner of the tables. */
export async function seedUsage(owner: pg.Client, seed: Seed): Promise<void> {
  await owner.query(`set maintenance_work_mem = '512MB'; set synchronous_commit = off`)
  await owner.query('alter table usage_keys no force row level security')
  await owner.query(
    'create temporary table seeded (account_id uuid primary key, subscription_id uuid, plan_version_id uuid)',
  )
  await owner.query('alter table subscriptions no force row level security')
  await owner.query(
    `insert into seeded select account_id, subscription_id, plan_version_id from subscriptions
     where account_id in (select unnest($1::uuid[]))`,
    [seed.accountIds],
  )
  await owner.query('alter table usage_keys drop constraint usage_keys_pkey')
  const share = Math.ceil(seed.records / seed.months.length)
  for (const month of seed.months) await seedMonth(owner, month, share)
  await owner.query('alter table usage_keys add primary key (account_id, source, key)')
  await owner.query('drop table seeded')
  for (const table of ['usage_keys', 'subscriptions']) {
    await owner.query(`alter table ${table} force row level security`)
  }
  await owner.query('analyze usage_keys')
  await owner.query('analyze usage_records')
  await owner.query('checkpoint').catch(() => {})
  await owner.query('set synchronous_commit = on')
}

/** The months that begin at `first` and the ones after it. */
export function monthsFrom(first: string, count: number): string[] {
  const [year, month] = first.split('-').map(Number)
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year!, month! - 1 + index, 1)).toISOString().slice(0, 10),
  )
}

async function seedMonth(owner: pg.Client, month: string, records: number): Promise<void> {
  const partition = `usage_records_${month.slice(0, 7).replace('-', '_')}`
  await owner.query(`create table ${partition} (like usage_records including defaults including constraints)`)
  // Ids and instants run in order, as those of booked usage do.
  await owner.query(
    `insert into ${partition}
     select s.account_id, id, at, at, 'api', 'seeded ' || id, 'smart_crop', 1, s.plan_version_id, 200000, 200000, 200000, 0, 200000,
       '{}', '{}', s.subscription_id, 0, false, null, null, 1
     from generate_series(1, $2::integer) as n
     cross join lateral (select $1::timestamptz + n * (interval '27 days' / $2::integer) as at) as t
     cross join seeded s
     cross join lateral (select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
       || substr(md5(s.account_id::text || n), 1, 20))::uuid as id) as i`,
    [`${month}T00:00:00Z`, records],
  )
  await owner.query(`alter table ${partition} add primary key (account_id, booked_at, usage_record_id)`)
  await owner.query(
    `insert into usage_keys (account_id, source, key, digest, usage_record_id, booked_at, cost_micros, drawn_micros, overage_micros,
       balance_after_micros)
     select account_id, source, key, '\\x0000000000000000000000000000000000000000000000000000000000000000', usage_record_id, booked_at,
       cost_micros, 0, cost_micros, 0
     from ${partition}`,
  )
  await owner.query(
    `alter table usage_records attach partition ${partition}
     for values from ('${month}T00:00:00Z') to ('${monthsFrom(month, 2)[1]}T00:00:00Z')`,
  )
  await owner.query(`alter table ${partition} enable row level security`)
  await owner.query(`alter table ${partition} force row level security`)
}
