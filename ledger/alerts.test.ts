import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AlertRule } from '../billing/alerts.ts'
import { micros } from '../billing/micros.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { readAlerts, setAlerts } from './alert-rules.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks
beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

const at80: AlertRule = { kind: 'credits', percent: 80 }
const atFive: AlertRule = { kind: 'overage', amount: micros('5') }

async function account(rules: AlertRule[]): Promise<string> {
  const accountId = await books.account()
  await books.choose(accountId, 'starter')
  await set(accountId, rules)
  return accountId
}

const set = (accountId: string, rules: AlertRule[]) =>
  books.db.asTenant(accountId, (tx) => setAlerts(tx, accountId, rules))

async function told(accountId: string) {
  const alerts = await books.db.asTenant(accountId, (tx) => readAlerts(tx, accountId))
  return alerts!.told.map(({ rule, balance, overage }) => ({ rule, balance, overage }))
}

const outbox = (accountId: string) =>
  books.db.asTenant(accountId, (tx) =>
    tx.query<{ data: object }>(`select data from outbox_events where type = 'alert.raised'`),
  )

describe('alerts', () => {
  test('are told by the booking that reaches them, once', async () => {
    const accountId = await account([at80, atFive])
    await books.use(accountId, 'smart_crop', 199)
    expect(await told(accountId)).toEqual([])
    await books.use(accountId, 'smart_crop', 1)
    const first = { rule: at80, balance: micros('10'), overage: 0n }
    expect(await told(accountId)).toEqual([first])
    await books.use(accountId, 'smart_crop', 74)
    expect(await told(accountId)).toEqual([first])
    await books.use(accountId, 'smart_crop', 1)
    expect(await told(accountId)).toEqual([{ rule: atFive, balance: 0n, overage: micros('5') }, first])
    expect((await outbox(accountId)).map(({ data }) => data)).toContainEqual({
      rule: { kind: 'overage', amount: '5' },
      currency: 'USD',
      credits_included: '50',
      balance: '0',
      overage: '5',
      forecast: null,
    })
    expect(await books.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
  })

  test('are told again in the next period, and not when the same rules are set again', async () => {
    const accountId = await account([at80])
    await books.use(accountId, 'remove_background', 90)
    await set(accountId, [at80])
    await set(accountId, [])
    await set(accountId, [at80])
    expect(await outbox(accountId)).toHaveLength(1)
    const { period } = await books.billing(accountId)
    await books.moveTo(accountId, period!.end)
    expect(await told(accountId)).toEqual([])
    await books.use(accountId, 'remove_background', 80)
    expect(await told(accountId)).toHaveLength(1)
    expect(await outbox(accountId)).toHaveLength(2)
  })

  test('what is reached already when a rule is set is told at once', async () => {
    const accountId = await account([])
    await books.use(accountId, 'remove_background', 120)
    await set(accountId, [at80, atFive, { kind: 'overage', amount: micros('11') }])
    expect((await told(accountId)).map(({ rule }) => rule)).toEqual(expect.arrayContaining([at80, atFive]))
    expect(await outbox(accountId)).toHaveLength(2)
  })

  test('a booking that is refused tells nothing', async () => {
    const accountId = await account([at80])
    const key = 'once'
    await books.use(accountId, 'smart_crop', 1, { key })
    expect(await books.use(accountId, 'smart_crop', 250, { key })).toMatchObject({ ok: false })
    expect(await outbox(accountId)).toEqual([])
  })

  test('thirty bookings at once tell it once', async () => {
    const accountId = await account([at80])
    await Promise.all(Array.from({ length: 30 }, () => books.use(accountId, 'remove_background', 3)))
    expect(await outbox(accountId)).toHaveLength(1)
  })

  test('the database keeps nonsense out of the rules', async () => {
    const accountId = await account([])
    const write = (rule: string) =>
      books.db.asTenant(accountId, (tx) => tx.query('update accounts set alert_rules = $1', [[rule]]))
    for (const rule of ['credits:0', 'credits', 'taxes:5', 'overage:-1', 'credits:80 overage:5x'])
      await expect(write(rule)).rejects.toThrow(/alert_rules/)
    await write('credits:80')
  })
})
