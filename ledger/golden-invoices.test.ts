import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatMicros } from '../billing/micros.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import type { Invoice } from './read-invoices.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
})
afterAll(() => database.drop())

/** An invoice as a person reads it: one text a line, then the total. */
function asText({ lines, total, status }: Invoice): string[] {
  const shown = lines.map(({ description, amount }) => `${description} = ${formatMicros(amount)}`)
  return [...shown, `${status}: ${formatMicros(total)}`]
}

async function lastInvoice(accountId: string): Promise<Invoice> {
  return (await books.invoices(accountId)).at(-1)!
}

async function expectVerified(accountId: string): Promise<void> {
  expect(await database.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
}

describe('the golden invoices', () => {
  test('Starter: 300 smart crops and 10 removals', async () => {
    const id = await books.account()
    await books.choose(id, 'starter')
    await books.use(id, 'smart_crop', 300)
    await books.use(id, 'remove_background', 10)
    const state = await books.billing(id)
    expect(state).toMatchObject({ balance: 0n, overage: 15_000_000n })

    await books.moveTo(id, state.period!.end)
    expect(asText(await lastInvoice(id))).toEqual([
      'Starter plan = 50',
      'Smart crop on Starter, 300 × $0.20 = 60',
      'Remove background on Starter, 10 × $0.50 = 5',
      'Credits applied: $50.00 from the plan = -50',
      'paid: 65',
    ])
    expect(await books.billing(id)).toMatchObject({ balance: 50_000_000n, overage: 0n, amountDue: 0n })
    await expectVerified(id)
  })

  test('Studio: 4,000 smart crops in abstract credits', async () => {
    const id = await books.account()
    await books.choose(id, 'studio')
    const used = await books.use(id, 'smart_crop', 4000)
    expect(used).toMatchObject({
      ok: true,
      record: {
        cost: 5_200_000_000n,
        fromCredits: 4_570_000_000n,
        uncovered: 630_000_000n,
        overage: 40_950_000n,
      },
    })
    await books.moveTo(id, (await books.billing(id)).period!.end)
    expect(asText(await lastInvoice(id))).toEqual([
      'Studio plan = 500',
      'Discount on the Studio plan = -250',
      'Smart crop on Studio, 4,000 × $0.0845 = 338',
      'Credits applied: 4,570 credits from the plan = -297.05',
      'paid: 290.95',
    ])
    await expectVerified(id)
  })

  test('Upgrade: Starter from 2 November, Growth ten days later', async () => {
    const id = await books.account()
    // A November lies ahead of every clock that runs this: the sandbox walks to it.
    const year = new Date().getUTCFullYear() + 1
    await books.moveTo(id, new Date(`${year}-11-02T00:00:00Z`))
    await books.choose(id, 'starter')
    await books.use(id, 'smart_crop', 300)
    await books.moveTo(id, new Date(`${year}-11-12T00:00:00Z`))
    expect(await books.choose(id, 'growth')).toMatchObject({
      kind: 'upgrade',
      outcome: { status: 'succeeded' },
    })
    expect(asText(await lastInvoice(id))).toEqual([
      'Change to the Growth plan, for the rest of the period = 100',
      'paid: 100',
    ])
    expect((await books.billing(id)).balance).toBe(113_333_333n)
    await books.use(id, 'smart_crop', 100)
    expect((await books.billing(id)).balance).toBe(95_333_333n)

    await books.moveTo(id, new Date(`${year}-12-02T00:00:00Z`))
    expect(asText(await lastInvoice(id))).toEqual([
      'Growth plan = 200',
      'Smart crop on Starter, 300 × $0.20 = 60',
      'Smart crop on Growth, 100 × $0.18 = 18',
      'Credits applied: $50.00 from the plan, $18.00 from an upgrade = -68',
      'paid: 210',
    ])
    expect((await books.billing(id)).balance).toBe(220_000_000n)
    await expectVerified(id)
  })
})
