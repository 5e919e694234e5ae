/**
 * A story's refunds and disputes, told to the product's verbs: the provider and the bank are what the story says they are.
 *
 * Called by tell-in-postgres.ts. Both are of the card payment of the last invoice that has one; not of what sold credits.
 */
import { lesser, micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { bookDispute } from '../ledger/book-disputes.ts'
import { readBilling } from '../ledger/read-billing.ts'
import { requestRefund, settleRefund } from '../ledger/refund-payments.ts'
import { REFUNDABLE } from '../ledger/refundable.ts'
import type { StoryCommand } from './story.ts'

export async function refund(
  tx: Transaction,
  accountId: string,
  { source, amount, paid }: StoryCommand & { do: 'refund' },
): Promise<string> {
  await readBilling(tx, accountId)
  const payment = await lastPayment(tx, accountId)
  if (!payment) return 'none'
  const request = {
    ...{ accountId, paymentId: payment.id, source, grantId: null, reason: 'Asked for it', key: null },
    amount: amount === null ? null : micros(amount),
  }
  const asked = await requestRefund(tx, request, { name: 'story', chargeStep: () => 1n })
  if (!asked.ok) return asked.refusal
  const outcome = paid
    ? { status: 'succeeded' as const, reference: newId() }
    : {
        status: 'failed' as const,
        reference: newId(),
        code: 'card_closed',
        message: 'The card takes nothing.',
      }
  await settleRefund(tx, accountId, asked.refundId, outcome)
  return `${asked.send!.amount} ${outcome.status}`
}

export async function dispute(
  tx: Transaction,
  accountId: string,
  { amount, outcome }: StoryCommand & { do: 'dispute' },
): Promise<string> {
  await readBilling(tx, accountId)
  const payment = await lastPayment(tx, accountId)
  if (!payment) return 'none'
  const reference = `dispute of ${payment.id}`
  const [known] = await tx.query('select 1 from disputes where account_id = $1 and provider_reference = $2', [
    accountId,
    reference,
  ])
  if (!known && payment.left <= 0n) return 'none'
  const fact = {
    reference,
    charge: payment.charge,
    amount: known ? micros(amount) : lesser(micros(amount), payment.left),
    reason: 'fraudulent',
    status: outcome,
  }
  if (!(await bookDispute(tx, accountId, fact))) return 'again'
  const [row] = await tx.query<{ amount: bigint; status: string }>(
    'select amount_micros as "amount", status from disputes where account_id = $1 and provider_reference = $2',
    [accountId, reference],
  )
  return `${row!.amount} ${row!.status}`
}

/** `left`: what neither went back nor is disputed; no bank takes back more. */
type Payment = { id: string; charge: string; left: bigint }

async function lastPayment(tx: Transaction, accountId: string): Promise<Payment | undefined> {
  const [payment] = await tx.query<Payment>(
    `select p.payment_id as "id", p.provider_reference as "charge", ${REFUNDABLE} as "left"
     from payments p join invoices i using (account_id, invoice_id)
     where p.account_id = $1 and p.status = 'succeeded' and p.provider = 'story' and i.number is not null and i.kind <> 'purchase'
     order by length(i.number) desc, i.number desc, p.payment_id desc limit 1`,
    [accountId],
  )
  return payment
}
