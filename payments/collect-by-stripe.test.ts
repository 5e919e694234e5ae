/** Starting a plan through the books and the real SDK, while answers get lost: the local Stripe's own ledger is the judge. */
import { expect, test } from 'vitest'
import { createTestDatabase } from '../database/test-database.ts'
import { collectAccount, sendAttempt } from '../jobs/collect-account.ts'
import { changePlan } from '../ledger/change-plan.ts'
import { setPaymentMethod } from '../ledger/payment-method.ts'
import { openTestBooks } from '../ledger/test-account.ts'
import { openStripe } from './stripe.ts'
import { type Fault, openLocalStripe } from './test-stripe.ts'

test('whatever happens to the answers, each start is paid once and none stays unknown', async () => {
  const local = await openLocalStripe()
  const database = await createTestDatabase()
  const books = await openTestBooks(database)
  const payments = openStripe({ secretKey: local.secretKey, url: local.url, retries: 0, timeoutMs: 200 })
  const services = { db: database.db, payments }
  const faults: Fault[] = ['hangs', 'error_after', 'rate_limited', 'cut_before', 'cut_after', null]
  for (const fault of faults) {
    const accountId = await books.account()
    const form = { mode: 'setup', client_reference_id: accountId, customer_creation: 'always' }
    const { id } = local.vault.createSession(form)
    local.vault.fillIn(id, '4242424242424242', true)
    const card = await payments.describeMethod(id, accountId)
    if (!card.ok) throw new Error(card.detail)
    const { token, brand, last4, expires } = card
    await database.db.asTenant(accountId, (tx) =>
      setPaymentMethod(tx, accountId, { provider: 'stripe', token, brand, last4, expires }),
    )
    const request = { accountId, planCode: 'starter', previewId: null, provider: payments }
    const change = await database.db.asTenant(accountId, (tx) => changePlan(tx, request))
    if (!change.ok || change.status !== 'awaiting_payment') throw new Error('the plan waits for no payment')
    const asked = [fault, fault]
    local.fault = ({ method }) => (method === 'POST' ? (asked.shift() ?? null) : null)
    await sendAttempt(services, accountId, change.attempt)
    // What the sweep does each minute.
    for (let minute = 0; minute < 3; minute += 1) await collectAccount(services, accountId)
    const rows = await database.db.asTenant(accountId, (tx) =>
      tx.query<{ status: string; key: string }>('select status, idempotency_key as key from payments'),
    )
    expect(rows.map(({ status }) => status)).toEqual(['succeeded'])
    const taken = local.vault.captured.filter(({ paymentKey }) => paymentKey === rows[0]!.key)
    expect(taken).toMatchObject([{ amount: 5000, currency: 'usd' }])
    expect((await books.billing(accountId)).balance).toBe(50_000_000n)
  }
  expect(local.vault.captured).toHaveLength(faults.length)
  await database.drop()
  await local.close()
})
