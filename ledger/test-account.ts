/** Accounts for the tests of this room, and what a customer does with one: choose a plan, use it, let time pass. */
import { newId } from '../database/new-id.ts'
import type { TestDatabase } from '../database/test-database.ts'
import { advanceClock } from '../jobs/advance-clock.ts'
import { sendAttempt } from '../jobs/collect-account.ts'
import type { PaymentProvider } from '../payments/provider.ts'
import { openSandbox } from '../payments/sandbox.ts'
import type { UsageRequest } from './book-usage.ts'
import { changePlan } from './change-plan.ts'
import { DEMO_CATALOGUES } from './demo-catalogue.ts'
import { installCatalogue } from './install-catalogue.ts'
import { setPaymentMethod } from './payment-method.ts'
import { readBilling } from './read-billing.ts'
import { listInvoices, readInvoice } from './read-invoices.ts'
import { recordUsage } from './record-usage.ts'

export type TestBooks = ReturnType<typeof booksOf>

/** The room's verbs over one test database, with both demo catalogues installed. */
export async function openTestBooks(
  database: Pick<TestDatabase, 'db'>,
  payments: PaymentProvider = openSandbox(database.db),
): Promise<TestBooks> {
  await database.db.asService((tx) =>
    installCatalogue(tx, [...DEMO_CATALOGUES.money, ...DEMO_CATALOGUES.credits]),
  )
  return booksOf(database, payments)
}

function booksOf({ db }: Pick<TestDatabase, 'db'>, payments: PaymentProvider) {
  const services = { db, payments }

  async function putCard(accountId: string, token: string): Promise<void> {
    const card = await payments.describeMethod(token, accountId)
    if (!card.ok) throw new Error(card.detail)
    const { token: named, brand, last4, expires } = card
    await db.asTenant(accountId, (tx) =>
      setPaymentMethod(tx, accountId, { provider: payments.name, token: named, brand, last4, expires }),
    )
  }

  return {
    db,
    payments,
    services,
    putCard,

    /** `card`: null for none. */
    async account(options: { card?: string | null; zone?: string } = {}): Promise<string> {
      const accountId = newId()
      await db.asTenant(accountId, (tx) =>
        tx.query('insert into accounts (account_id, name, invoice_prefix, zone) values ($1, $2, $3, $4)', [
          accountId,
          'Test account',
          `T${accountId.slice(-6).toUpperCase()}`,
          options.zone ?? 'UTC',
        ]),
      )
      const { card = 'sandbox_card_pays' } = options
      if (card !== null) await putCard(accountId, card)
      return accountId
    },

    async choose(accountId: string, planCode: string, previewId: string | null = null) {
      const result = await db.asTenant(accountId, (tx) =>
        changePlan(tx, { accountId, planCode, previewId, provider: payments }),
      )
      if (result.ok && result.status === 'awaiting_payment') {
        return { ...result, outcome: await sendAttempt(services, accountId, result.attempt) }
      }
      return result
    },

    async use(accountId: string, operation: string, quantity: number, more: Partial<UsageRequest> = {}) {
      const request = { accountId, source: 'api' as const, key: newId(), operation, quantity, ...more }
      const [result] = await recordUsage(db, [request], { accountId })
      return result!
    },

    async billing(accountId: string) {
      return (await db.asTenant(accountId, (tx) => readBilling(tx, accountId)))!
    },

    /** Oldest first, with their lines. */
    async invoices(accountId: string) {
      const heads = await db.asTenant(accountId, (tx) =>
        listInvoices(tx, accountId, { limit: 100, before: null }),
      )
      const invoices = []
      for (const { id } of heads.reverse()) {
        invoices.push((await db.asTenant(accountId, (tx) => readInvoice(tx, accountId, id)))!)
      }
      return invoices
    },

    async moveTo(accountId: string, to: Date) {
      const moved = await advanceClock(services, accountId, to)
      if (!moved.ok) throw new Error(moved.detail)
      return moved
    },
  }
}
