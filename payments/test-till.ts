/** Books whose money is at a Stripe on this machine, for the tests: the real SDK between them, and cards put in by its form. */
import { createTestDatabase } from '../database/test-database.ts'
import { handleEvents, receiveEvent } from '../jobs/provider-events.ts'
import { openTestBooks } from '../ledger/test-account.ts'
import { openStripe } from './stripe.ts'
import { openLocalStripe, posted } from './test-stripe.ts'

export type Till = Awaited<ReturnType<typeof openTill>>

export async function openTill() {
  const local = await openLocalStripe()
  const database = await createTestDatabase()
  const payments = openStripe({
    secretKey: local.secretKey,
    webhookSecrets: [local.webhookSecret],
    url: local.url,
    retries: 0,
    timeoutMs: 20_000,
  })
  const books = await openTestBooks(database, payments)
  const services = { ...books.services, log: () => {} }

  /** What the customer does with the card form. */
  async function putCard(accountId: string, number: string): Promise<void> {
    const form = { mode: 'setup', client_reference_id: accountId, customer_creation: 'always' }
    const { id } = local.vault.createSession(form)
    const filled = local.vault.fillIn(id, number, true)
    if ('refused' in filled) throw new Error(filled.refused)
    await books.putCard(accountId, id)
  }

  let told = 0
  return {
    local,
    database,
    books,
    services,
    putCard,
    async account(number: string): Promise<string> {
      const accountId = await books.account({ card: null })
      await putCard(accountId, number)
      return accountId
    },
    /** Stripe posts what has happened since it last did, in the order given, and it is handled. */
    async tell(inOrder: (events: typeof local.events) => typeof local.events = (events) => events) {
      const events = inOrder(local.events.slice(told))
      told = local.events.length
      for (const event of events) await receiveEvent(services, posted(event, local.webhookSecret))
      await handleEvents(services)
    },
    payments: (accountId: string) =>
      database.db.asTenant(accountId, (tx) =>
        tx.query<{ id: string; status: string; amount: bigint; reference: string | null }>(
          `select payment_id as "id", status, amount_micros as "amount", provider_reference as "reference"
           from payments order by created_at, attempt`,
        ),
      ),
    async close() {
      await database.drop()
      await local.close()
    },
  }
}
