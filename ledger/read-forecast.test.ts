import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { micros } from '../billing/micros.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { readAlerts, setAlerts } from './alert-rules.ts'
import { addUpDays, listForecastAlerts, lookAhead, readForecast, viewForecast } from './read-forecast.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks
beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

const DAY_MS = 86_400_000

/** An account that has used so many smart crops ($0.20) a day, for whole days from the one after its start. */
async function accountUsing(...crops: number[]): Promise<string> {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  let day = startOfNextDay((await books.billing(accountId)).now)
  for (const quantity of crops) {
    await books.moveTo(accountId, new Date(day.getTime() + DAY_MS / 2))
    if (quantity > 0) await books.use(accountId, 'smart_crop', quantity)
    day = new Date(day.getTime() + DAY_MS)
  }
  await books.moveTo(accountId, day)
  return accountId
}

const startOfNextDay = (at: Date) => new Date(at.getTime() - (at.getTime() % DAY_MS) + DAY_MS)

async function forecast(accountId: string) {
  const state = await books.billing(accountId)
  return { state, forecast: await books.db.asTenant(accountId, (tx) => readForecast(tx, state)) }
}

describe('the forecast', () => {
  test('is null until there are three whole days, and some use', async () => {
    expect((await forecast(await accountUsing())).forecast).toBeNull()
    expect((await forecast(await accountUsing(50, 50))).forecast).toBeNull()
    expect((await forecast(await accountUsing(0, 0, 0, 0))).forecast).toBeNull()
  })

  test('goes on at the mean of the days, and says when the credits run out', async () => {
    const accountId = await accountUsing(20, 20, 20, 20)
    const { state, forecast: told } = await forecast(accountId)
    // $16.00 are used; $34.00 are left, at $4.00 a day.
    expect(told).toMatchObject({
      creditsRunOutAt: new Date(state.now.getTime() + 8.5 * DAY_MS),
      days: 4,
    })
    const left = BigInt(state.period!.end.getTime() - state.now.getTime())
    expect(told!.overage.likely).toBe((micros('4') * left) / BigInt(DAY_MS) - micros('34'))
    expect(told!.overage.low).toBe(told!.overage.likely)
  })

  test('a day is added up once, and days without use count', async () => {
    const accountId = await accountUsing(20, 0, 20)
    expect((await forecast(accountId)).forecast).toMatchObject({ days: 3 })
    const rows = () =>
      books.db.asTenant(accountId, (tx) =>
        tx.query<{ cost: bigint }>('select cost_micros as "cost" from usage_days order by day'),
      )
    expect((await rows()).map(({ cost }) => cost)).toEqual([micros('4'), 0n, micros('4')])
    await books.use(accountId, 'smart_crop', 5)
    await forecast(accountId)
    expect(await rows()).toHaveLength(3)
    await books.moveTo(accountId, new Date((await books.billing(accountId)).now.getTime() + 2 * DAY_MS))
    await forecast(accountId)
    expect((await rows()).map(({ cost }) => cost)).toEqual([micros('4'), 0n, micros('4'), micros('1'), 0n])
  })

  test('days are added up beside whoever holds the lock, by many at once', async () => {
    const accountId = await accountUsing(20, 20, 20)
    const state = await books.billing(accountId)
    const view = () => books.db.asTenant(accountId, (tx) => viewForecast(tx, state))
    expect(await view()).toBe('due')
    const blocker = new pg.Client({ connectionString: database.url })
    await blocker.connect()
    await blocker.query('set role drawdown_owner')
    await blocker.query('begin')
    await blocker.query('lock table usage_days in share mode')
    const adding = Promise.all([1, 2, 3].map(() => addUpDays(books.db, accountId)))
    const [{ pid }] = (await blocker.query('select pg_backend_pid() as pid')).rows
    const waiting = () =>
      books.db.asService((tx) =>
        tx.query('select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [pid]),
      )
    await expect.poll(waiting, { timeout: 20_000 }).toHaveLength(3)
    // They are held up at what they have summed, and nobody by them.
    expect(await books.use(accountId, 'smart_crop', 1)).toMatchObject({ ok: true })
    await blocker.query('rollback')
    await blocker.end()
    await adding
    expect(await view()).toMatchObject({ days: 3 })
  })

  test('rests on the last 28 days alone', async () => {
    const accountId = await accountUsing(20)
    await books.moveTo(accountId, new Date((await books.billing(accountId)).now.getTime() + 40 * DAY_MS))
    expect((await forecast(accountId)).forecast).toBeNull()
    await books.use(accountId, 'smart_crop', 28)
    await books.moveTo(accountId, new Date((await books.billing(accountId)).now.getTime() + DAY_MS))
    expect((await forecast(accountId)).forecast).toMatchObject({ days: 28 })
  })

  test('an alert on it is told once, when the job looks', async () => {
    const accountId = await accountUsing(20, 20, 20, 20)
    const look = () => lookAhead(books.db, accountId)
    const rules = [
      { kind: 'forecast', amount: micros('20') },
      { kind: 'forecast', amount: micros('2000') },
    ] as const
    await books.db.asTenant(accountId, (tx) => setAlerts(tx, accountId, rules))
    expect(await books.db.asService((tx) => listForecastAlerts(tx))).toContain(accountId)
    await look()
    await look()
    const { told } = (await books.db.asTenant(accountId, (tx) => readAlerts(tx, accountId)))!
    expect(told.map(({ rule }) => rule)).toEqual([rules[0]])
    expect(told[0]!.forecast! >= micros('20')).toBe(true)
  })
})
