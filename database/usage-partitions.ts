/**
 * Takes a month's partition of usage_records out of the database, and puts one back from lines of a file.
 *
 * Called by jobs/archive-usage.ts, beside running servers. Works as drawdown_owner, who alone may.
 *
 * 1. Each is one transaction: whoever reads sees the records and `detached` false, or no records and `detached` true.
 * 2. Nobody who books waits longer than a second for it: what cannot have its lock by then is tried again.
 */
import pg from 'pg'
import { sessionConfig } from './pool.ts'

const LOCK_FOR_MS = 1_000
const MOST_ATTEMPTS = 30
const LOCK_NOT_AVAILABLE = '55P03'

/** Detaches and drops the month's partition ("2026-11"). Answers false, and changes nothing, where others held the table all the time. */
export async function detachMonth(url: string, month: string): Promise<boolean> {
  return asOwner(url, async (client) => {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        await client.query('begin')
        await client.query(`set local lock_timeout = ${LOCK_FOR_MS}`)
        await client.query(`alter table usage_records detach partition ${tableOf(month)}`)
        await client.query(`drop table ${tableOf(month)}`)
        await client.query('update usage_archives set detached = true where month = $1', [`${month}-01`])
        await client.query('commit')
        return true
      } catch (fault) {
        await client.query('rollback')
        if ((fault as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw fault
        await new Promise((resolve) => setTimeout(resolve, 200 * attempt))
      }
    }
    return false
  })
}

/** Makes the month's partition again from the JSON arrays of records that `fill` adds, and attaches it. What `fill` throws leaves nothing behind. */
export async function attachMonth(
  url: string,
  month: string,
  fill: (add: (records: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const name = tableOf(month)
  await asOwner(url, async (client) => {
    await client.query('begin')
    try {
      await client.query("select pg_advisory_xact_lock(hashtext('usage_partition'))")
      await client.query(`create table ${name} (like usage_records including defaults including constraints)`)
      await fill(async (records) => void (await client.query(insertInto(name), [records])))
      await client.query(`alter table ${name} add primary key (account_id, booked_at, usage_record_id)`)
      await client.query(
        `alter table usage_records attach partition ${name} for values from ('${month}-01 00:00:00+00')
         to ('${nextMonth(month)}-01 00:00:00+00')`,
      )
      await client.query(`alter table ${name} enable row level security`)
      await client.query(`alter table ${name} force row level security`)
      await client.query('update usage_archives set detached = false where month = $1', [`${month}-01`])
      await client.query('commit')
    } catch (fault) {
      await client.query('rollback')
      throw fault
    }
  })
}

const insertInto = (name: string) => `
  insert into ${name} (account_id, usage_record_id, booked_at, occurred_at, source, key, operation, quantity, plan_version_id,
    unit_price_micros, overage_unit_price_micros, cost_micros, drawn_micros, overage_micros, draw_grant_ids, draw_micros,
    subscription_id, period_number, late, run_id, item_id, ledger_sequence)
  select account_id, id, booked_at, occurred_at, source, key, operation, quantity, plan_version_id, unit_price, overage_unit_price,
    cost, drawn, overage,
    coalesce((select array_agg((draw->>'grant_id')::uuid order by place)
      from jsonb_array_elements(draws) with ordinality as d (draw, place)), '{}'),
    coalesce((select array_agg((draw->>'amount')::bigint order by place)
      from jsonb_array_elements(draws) with ordinality as d (draw, place)), '{}'),
    subscription_id, period_number, late, run_id, item_id, sequence
  from jsonb_to_recordset($1::jsonb) as given (account_id uuid, id uuid, booked_at timestamptz, occurred_at timestamptz,
    source text, key text, operation text, quantity bigint, plan_version_id uuid, unit_price bigint, overage_unit_price bigint,
    cost bigint, drawn bigint, overage bigint, draws jsonb, subscription_id uuid, period_number integer, late boolean,
    run_id uuid, item_id uuid, sequence bigint)`

async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  // Filling a large month takes longer than a request may.
  const settings = { statement_timeout: '0', idle_in_transaction_session_timeout: '0' }
  const client = new pg.Client(sessionConfig(url, { role: 'drawdown_owner', settings }))
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function tableOf(month: string): string {
  if (!/^\d{4}-\d{2}$/.test(month)) throw new Error(`Not a month: ${JSON.stringify(month)}`)
  return `usage_records_${month.replace('-', '_')}`
}

function nextMonth(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}
