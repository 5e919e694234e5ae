/**
 * The forecast of an account's open period, from totals of whole days (billing/forecast.ts).
 *
 * Called by http/ for the billing page and, every hour, by jobs/ for alerts on a forecast.
 *
 * Invariants:
 *   1. A day that has ended (UTC, business time) never changes, because booked time never goes back: its total is added up once, by
 *      the first who asks on the next day. So booking keeps no daily totals, and a forecast reads 28 rows.
 *   2. Days are added up beside whoever books (`addUpDays`), once the account's lock was held after they had ended: nothing can be booked
 *      in them any more, and what was is committed. Who opens books under the lock adds up what is still missing; who only looks, nothing.
 */

import { FORECAST_DAYS, type Forecast, forecastPeriod, type UsageDay } from '../billing/forecast.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { openBook } from './open-books.ts'
import { raiseAlerts } from './raise-alerts.ts'
import { type BillingState, readBilling } from './read-billing.ts'
import { saveBooks } from './save-books.ts'

/** What a forecast is made from: the account as its books were opened in this transaction. */
type ForecastFacts = Pick<
  BillingState,
  'accountId' | 'now' | 'period' | 'subscription' | 'balance' | 'overage'
>

const DAY_MS = 86_400_000

/** Null where there is too little to say. */
export async function readForecast(tx: Transaction, facts: ForecastFacts): Promise<Forecast | null> {
  const seen = await viewForecast(tx, facts)
  if (seen !== 'due') return seen
  const whole = wholeDaysOf(facts)!
  await writeDays(tx, facts.accountId, whole)
  const days = await readDays(tx, facts.accountId, whole.first)
  return forecastPeriod({ ...facts, period: facts.period!, days })
}

/**
 * Adds up the days that have ended. Of an account with millions of records and no forecast so far that takes seconds, so the lock is
 * only held to learn what time it is.
 */
export async function addUpDays(db: Database, accountId: string): Promise<void> {
  const facts = await db.asTenant(accountId, (tx) => readBilling(tx, accountId))
  const whole = facts && wholeDaysOf(facts)
  if (whole) await db.asTenant(accountId, (tx) => writeDays(tx, accountId, whole))
}

/** The same without the account's lock, which only reads: 'due' where a day that has ended is yet to be added up. */
export async function viewForecast(tx: Transaction, facts: ForecastFacts): Promise<Forecast | null | 'due'> {
  const whole = wholeDaysOf(facts)
  if (whole === null || facts.period === null) return null
  const days = await readDays(tx, facts.accountId, whole.first)
  if (days.length < (whole.today - whole.first) / DAY_MS) return 'due'
  return forecastPeriod({ ...facts, period: facts.period, days })
}

/** The days that have ended and that a forecast looks at: first, and the one after the last. Null where there is none. */
function wholeDaysOf({ now, period, subscription }: ForecastFacts): { first: number; today: number } | null {
  if (!period || !subscription) return null
  const today = startOfDay(now)
  // The day of the start is not a whole one.
  const first = Math.max(today - FORECAST_DAYS * DAY_MS, startOfDay(subscription.startedAt) + DAY_MS)
  return first < today ? { first, today } : null
}

/** Tells what alerts on a forecast wait for. */
export async function lookAhead(db: Database, accountId: string): Promise<void> {
  await addUpDays(db, accountId)
  await db.asTenant(accountId, async (tx) => {
    const state = await readBilling(tx, accountId)
    const books = await openBook(tx, accountId)
    if (!state || !books) return
    const forecast = await readForecast(tx, state)
    raiseAlerts(books, state.balance, forecast?.overage.likely ?? null)
    await saveBooks(tx, [books])
  })
}

/** Accounts with an alert on a forecast. For the service role. */
export async function listForecastAlerts(tx: Transaction): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select account_id as "id" from accounts where array_to_string(alert_rules, ' ') like '%forecast:%' order by account_id`,
  )
  return rows.map(({ id }) => id)
}

function startOfDay(at: Date): number {
  return at.getTime() - (at.getTime() % DAY_MS)
}

async function readDays(tx: Transaction, accountId: string, first: number): Promise<UsageDay[]> {
  return tx.query<UsageDay>(
    `select cost_micros as "cost", as_overage_micros as "asOverage" from usage_days
     where account_id = $1 and day >= ($2::timestamptz at time zone 'UTC')::date order by day`,
    [accountId, new Date(first)],
  )
}

async function writeDays(
  tx: Transaction,
  accountId: string,
  { first, today }: { first: number; today: number },
): Promise<void> {
  await tx.query(
    `insert into usage_days (account_id, day, cost_micros, as_overage_micros)
     select $1, (day at time zone 'UTC')::date, coalesce(sum(u.cost_micros), 0),
       least(coalesce(sum(u.quantity::numeric * u.overage_unit_price_micros), 0), 9223372036854775807)
     from generate_series($2::timestamptz, $3::timestamptz - interval '1 day', interval '1 day') as day
     left join usage_records u
       on u.account_id = $1 and u.booked_at >= day and u.booked_at < day + interval '1 day'
     where day >= coalesce((select max(d.day) + 1 from usage_days d where d.account_id = $1)::timestamp
       at time zone 'UTC', $2)
     group by day
     -- Whoever else adds up the same days comes to the same.
     on conflict (account_id, day) do nothing`,
    [accountId, new Date(first), new Date(today)],
  )
}
