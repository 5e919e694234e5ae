/** Some months of an account in which everything happens that can be tampered with. For the test of tampering, and for its figure. */
import { collectAccount, sendRefund } from '../jobs/collect-account.ts'
import { bookDispute } from '../ledger/book-disputes.ts'
import { setInterimAmount } from '../ledger/interim-amount.ts'
import { recordUsage } from '../ledger/record-usage.ts'
import { requestRefund } from '../ledger/refund-payments.ts'
import { payByHand, writeOff } from '../ledger/settle-by-hand.ts'
import type { TestBooks } from '../ledger/test-account.ts'

const DOLLAR = 1_000_000n

/** Answers its id. `turn`: how much of everything. */
export async function liveSomeMonths(books: TestBooks, turn: number): Promise<string> {
  const { db, payments } = books
  const accountId = await books.account({ card: 'sandbox_card_refund_fails' })
  await books.choose(accountId, 'starter')
  const interim = { accountId, amount: 12n * DOLLAR, minimumCharge: payments.minimumCharge }
  await db.asTenant(accountId, (tx) => setInterimAmount(tx, interim))
  await giveBack(books, accountId, 5n * DOLLAR)
  for (const month of [1, 2, 3]) {
    await books.use(accountId, 'remove_background', 50 * turn)
    const batch = ['smart_crop', 'resize', 'smart_crop'].map((operation, index) => ({
      accountId,
      source: 'api' as const,
      key: `${month}-${index}`,
      operation,
      quantity: 60 + month,
    }))
    await recordUsage(db, batch, { accountId })
    if (month === 2) await books.choose(accountId, 'growth')
    // A use that is an interim invoice's, and one that is the period's own.
    await books.use(accountId, 'smart_crop', 200)
    await books.use(accountId, 'smart_crop', 90)
    await books.use(accountId, 'smart_crop', 3)
    await books.putCard(accountId, month === 1 ? 'sandbox_card_declines' : 'sandbox_card_pays')
    const { period, now } = await books.billing(accountId)
    await books.moveTo(accountId, new Date(period!.end.getTime() + 3_600_000))
    await books.use(accountId, 'smart_crop', 1, { occurredAt: now })
  }
  await giveBack(books, accountId, 3n * DOLLAR)
  await disputeTwo(books, accountId)
  await giveUpTwo(books, accountId)
  return accountId
}

/** To the card of the first payment that can take it: one that takes nothing back, or one that does. */
async function giveBack({ db, payments, services }: TestBooks, accountId: string, amount: bigint) {
  const [payment] = await db.asTenant(accountId, (tx) =>
    tx.query<{ id: string }>(
      `select payment_id as "id" from payments where status = 'succeeded' order by created_at desc, payment_id desc limit 1`,
    ),
  )
  const request = { accountId, paymentId: payment!.id, source: 'invoice', grantId: null, amount } as const
  const asked = await db.asTenant(accountId, (tx) =>
    requestRefund(tx, { ...request, reason: 'Late', key: null }, payments),
  )
  if (!asked.ok) throw new Error(asked.detail)
  await sendRefund(services, asked.send!)
}

/** One is won, and one is open. */
async function disputeTwo({ db }: TestBooks, accountId: string): Promise<void> {
  const charges = await db.asTenant(accountId, (tx) =>
    tx.query<{ charge: string; amount: bigint }>(
      `select provider_reference as "charge", amount_micros as "amount" from payments
       where status = 'succeeded' order by created_at limit 2`,
    ),
  )
  for (const [index, { charge, amount }] of charges.entries()) {
    const fact = { reference: `dispute ${index}`, charge, amount: amount / 2n, reason: 'fraudulent' }
    for (const status of index === 0 ? (['open', 'won'] as const) : (['open'] as const)) {
      await db.asTenant(accountId, (tx) => bookDispute(tx, accountId, { ...fact, status }))
    }
  }
}

/** Two boundaries that nobody pays: one is given up, and one is paid after that. */
async function giveUpTwo(books: TestBooks, accountId: string): Promise<void> {
  await books.putCard(accountId, 'sandbox_card_declines')
  for (const turn of [0, 1]) {
    const { period } = await books.billing(accountId)
    await books.moveTo(accountId, new Date(period!.end.getTime() + 3_600_000))
    await collectAccount(books.services, accountId)
    const unpaid = (await books.invoices(accountId)).find(({ status }) => status === 'past_due')!
    const given = { accountId, invoiceId: unpaid.id }
    await books.db.asTenant(accountId, (tx) => writeOff(tx, { ...given, reason: 'Gone' }))
    if (turn === 0) continue
    const paid = { ...given, reference: 'Transfer 7', receivedAt: null }
    await books.db.asTenant(accountId, (tx) => payByHand(tx, paid))
  }
}
