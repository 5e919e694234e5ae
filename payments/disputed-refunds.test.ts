/** A bank may take back all of a payment of which a part was refunded before: what the books then say. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendRefund } from '../jobs/collect-account.ts'
import { readPayment } from '../ledger/read-payments.ts'
import { requestRefund } from '../ledger/refund-payments.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { openTill, type Till } from './test-till.ts'

const DOLLAR = 1_000_000n

let till: Till
beforeAll(async () => {
  till = await openTill()
})
afterAll(() => till.close())

test('the dispute is booked whole, nothing more can be refunded, and the books verify', async () => {
  const id = await till.account('4242424242424242')
  await till.books.choose(id, 'starter')
  const [payment] = await till.payments(id)
  const tenant = till.books.db.asTenant
  const refund = async (amount: bigint | null) => {
    const what = { source: 'invoice', grantId: null, amount, reason: 'Asked for it', key: null } as const
    const asked = await tenant(id, (tx) =>
      requestRefund(tx, { accountId: id, paymentId: payment!.id, ...what }, till.services.payments),
    )
    if (asked.ok && asked.send) await sendRefund(till.services, asked.send)
    return asked
  }
  expect(await refund(10n * DOLLAR)).toMatchObject({ ok: true })
  const dispute = till.local.vault.dispute(payment!.reference!)
  await till.tell()
  expect(await refund(null)).toMatchObject({ refusal: 'nothing_to_refund' })
  expect(await tenant(id, (tx) => readPayment(tx, id, payment!.id))).toMatchObject({
    refundable: 0n,
    disputed: 50n * DOLLAR,
  })
  till.local.vault.moveDispute(dispute.id, 'lost')
  await till.tell()
  expect((await till.books.invoices(id))[0]).toMatchObject({
    status: 'uncollectible',
    amountDue: 50n * DOLLAR,
  })
  expect(await tenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
})
