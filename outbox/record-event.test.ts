import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { micros } from '../billing/micros.ts'
import { newId } from '../database/new-id.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { cancelAtBoundary, resumePlan } from '../ledger/change-plan.ts'
import { grantCredits } from '../ledger/grant-credits.ts'
import { removePaymentMethod } from '../ledger/payment-method.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { eventCatalogue, isEventType } from './event-catalogue.ts'
import { recordEvents } from './record-event.ts'

let database: TestDatabase
let books: TestBooks
beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

type Told = { type: string; data: Record<string, unknown>; at: Date }

const told = (accountId: string) =>
  books.db.asTenant(accountId, (tx) =>
    tx.query<Told>(
      'select type, data, occurred_at as "at" from outbox_events order by recorded_at, event_id',
    ),
  )
const typesOf = async (accountId: string) => (await told(accountId)).map(({ type }) => type)

describe('events', () => {
  test('of a customer’s months are told in their order, each in the shape of the catalogue', async () => {
    const accountId = await books.account()
    await books.choose(accountId, 'starter')
    await books.db.asTenant(accountId, (tx) => cancelAtBoundary(tx, accountId))
    await books.db.asTenant(accountId, (tx) => cancelAtBoundary(tx, accountId))
    await books.db.asTenant(accountId, (tx) => resumePlan(tx, accountId))
    await books.choose(accountId, 'growth')
    const grant = {
      accountId,
      source: 'promotion' as const,
      credits: micros('5'),
      consideration: 0n,
      priority: 10,
      startsAt: null,
      expiresAt: new Date(Date.now() + 86_400_000),
      reason: 'Welcome',
      units: null,
      key: null,
    }
    await books.db.asTenant(accountId, (tx) => grantCredits(tx, grant))
    await books.moveTo(accountId, (await books.billing(accountId)).subscription!.periodEndsAt)
    await books.db.asTenant(accountId, (tx) => removePaymentMethod(tx, accountId))
    expect(await typesOf(accountId)).toEqual([
      'payment_method.changed',
      'subscription.started',
      'invoice.finalized',
      'invoice.paid',
      'subscription.cancel_scheduled',
      'subscription.resumed',
      'subscription.changed',
      'invoice.finalized',
      'invoice.paid',
      'grant.created',
      'grant.expired',
      'subscription.renewed',
      'invoice.finalized',
      'invoice.paid',
      'payment_method.changed',
    ])
    for (const { type, data } of await told(accountId)) {
      const schema: z.ZodType = eventCatalogue[type as keyof typeof eventCatalogue].data
      expect(z.encode(schema, z.decode(schema, data)), type).toEqual(data)
    }
  })

  test('of a card that declines tell of each failure, and once of what follows from it', async () => {
    const accountId = await books.account()
    await books.choose(accountId, 'starter')
    await books.putCard(accountId, 'sandbox_card_declines')
    await books.moveTo(accountId, (await books.billing(accountId)).subscription!.periodEndsAt)
    const boundary = (await books.billing(accountId)).now
    await books.moveTo(accountId, new Date(boundary.getTime() + 8 * 86_400_000))
    const unpaid = (await told(accountId)).filter(({ type }) => /failed|past_due|uncollectible/.test(type))
    expect(unpaid.map(({ type }) => type)).toEqual([
      'invoice.payment_failed',
      'invoice.past_due',
      ...Array(3).fill('invoice.payment_failed'),
      'invoice.payment_failed',
      'invoice.uncollectible',
    ])
    expect(unpaid[0]!.data).toMatchObject({ amount_due: '50', failure_code: expect.any(String) })
  })

  test('of a transaction that is rolled back are not there', async () => {
    const accountId = await books.account()
    const before = await typesOf(accountId)
    const fault = new Error('rolled back')
    await expect(
      books.db.asTenant(accountId, async (tx) => {
        await recordEvents(tx, [
          { accountId, type: 'member.joined', data: { email: 'a@b.c', role: 'viewer' } },
        ])
        throw fault
      }),
    ).rejects.toBe(fault)
    expect(await typesOf(accountId)).toEqual(before)
  })

  test('with a natural key are told once, and put one job into the queue', async () => {
    const accountId = await books.account()
    const event = {
      accountId,
      type: 'member.removed' as const,
      data: { role: 'viewer' },
      naturalKey: 'left:1',
    }
    const record = () => books.db.asTenant(accountId, (tx) => recordEvents(tx, [event, event]))
    const before = await waiting()
    await record()
    await record()
    expect((await typesOf(accountId)).filter((type) => type === 'member.removed')).toHaveLength(1)
    expect(await waiting()).toBe(before + 1)
  })

  test('whose data does not fit the catalogue are bugs', async () => {
    const accountId = await books.account()
    const data = { role: 7 as unknown as string }
    await expect(
      books.db.asTenant(accountId, (tx) => recordEvents(tx, [{ accountId, type: 'member.removed', data }])),
    ).rejects.toThrow(z.ZodError)
  })

  test('are seen by no other account', async () => {
    const accountId = await books.account()
    expect((await told(accountId)).length).toBeGreaterThan(0)
    expect(await books.db.asTenant(newId(), (tx) => tx.query('select 1 from outbox_events'))).toEqual([])
  })
})

test('the catalogue has names that are stable, and schemas that can be published', () => {
  for (const [type, { data, when }] of Object.entries(eventCatalogue)) {
    expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/)
    expect(isEventType(type)).toBe(true)
    expect(when).toMatch(/\.$/)
    expect(z.toJSONSchema(data, { io: 'input' })).toMatchObject({ type: 'object' })
  }
  expect(isEventType('toString')).toBe(false)
})

/** The queue is closed to everyone but its owner. */
async function waiting(): Promise<number> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('set role drawdown_owner')
    const jobs = `select 1 from graphile_worker.jobs where task_identifier = 'announce'`
    return (await client.query(jobs)).rows.length
  } finally {
    await client.end()
  }
}
