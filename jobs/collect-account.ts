/**
 * Collects what an account owes: finalizes drafts, starts attempts, calls the provider, books what it answered.
 *
 * Called after a boundary, after a payment method is added, by "pay now", by the sweeper and by the clock walk. Each
 * step is a transaction of its own with at most one outside call between two (rule R29); whoever comes second, after
 * a crash or beside another collector, reads the provider before sending anything again (rule R27).
 */
import type { Database } from '../database/connect.ts'
import { collectDue } from '../ledger/collect-due.ts'
import {
  type Attempt,
  readUnresolvedAttempts,
  settlePayment,
  type UnresolvedAttempt,
} from '../ledger/collect-payments.ts'
import { type RefundToSend, readUnresolvedRefunds, settleRefund } from '../ledger/refund-payments.ts'
import type { ChargeOutcome, PaymentProvider, RefundOutcome } from '../payments/provider.ts'

export type Collecting = { db: Database; payments: PaymentProvider }

/** Does everything that can be done now for one account. Repeatable. */
export async function collectAccount({ db, payments }: Collecting, accountId: string): Promise<void> {
  for (const refund of await db.asTenant(accountId, (tx) => readUnresolvedRefunds(tx, accountId))) {
    await resolveRefund({ db, payments }, refund)
  }
  for (const attempt of await db.asTenant(accountId, (tx) => readUnresolvedAttempts(tx, accountId))) {
    await resolveAttempt({ db, payments }, accountId, attempt)
  }
  const attempts = await db.asTenant(accountId, (tx) => collectDue(tx, [accountId], payments))
  for (const attempt of attempts) await sendAttempt({ db, payments }, accountId, attempt)
}

/** Sends a stored attempt to the provider and books the outcome, which it answers. */
export async function sendAttempt(
  { db, payments }: Collecting,
  accountId: string,
  attempt: Attempt,
): Promise<ChargeOutcome> {
  const outcome = await payments.charge(attempt)
  await db.asTenant(accountId, (tx) => settlePayment(tx, accountId, attempt.paymentId, outcome))
  return outcome
}

/** Sends a stored refund to the provider and books the outcome, which it answers. */
export async function sendRefund({ db, payments }: Collecting, refund: RefundToSend): Promise<RefundOutcome> {
  const outcome = await payments.refund(refund)
  await db.asTenant(refund.accountId, (tx) => settleRefund(tx, refund.accountId, refund.refundId, outcome))
  return outcome
}

async function resolveRefund({ db, payments }: Collecting, refund: RefundToSend): Promise<void> {
  const { accountId, refundId } = refund
  const outcome = await payments.readRefund(refund)
  // Never seen there: the process died before it was sent, and the same key may be sent now.
  if (outcome.status === 'none') await sendRefund({ db, payments }, refund)
  else await db.asTenant(accountId, (tx) => settleRefund(tx, accountId, refundId, outcome))
}

/**
 * Looks what became of one attempt without an outcome, for somebody who waits for it. `giveUp`: what waits for its payer is given
 * up at the provider, so that the invoice can be settled otherwise.
 */
export async function resolvePayment(
  collecting: Collecting,
  accountId: string,
  { paymentId, giveUp = false }: { paymentId: string; giveUp?: boolean },
): Promise<void> {
  const attempts = await collecting.db.asTenant(accountId, (tx) => readUnresolvedAttempts(tx, accountId))
  const attempt = attempts.find((one) => one.paymentId === paymentId)
  if (attempt) await resolveAttempt(collecting, accountId, { ...attempt, givenUp: attempt.givenUp || giveUp })
}

/**
 * Opens the page on which the payer confirms a payment that waits for them; null where it does not wait, or no longer. What it has
 * come to meanwhile is booked.
 */
export async function confirmPayment(
  collecting: Collecting,
  accountId: string,
  { paymentId, returnUrl }: { paymentId: string; returnUrl: string },
): Promise<string | null> {
  const { db, payments } = collecting
  const attempts = await db.asTenant(accountId, (tx) => readUnresolvedAttempts(tx, accountId))
  const attempt = attempts.find((one) => one.paymentId === paymentId)
  if (!attempt) return null
  const confirmation = await payments.confirm(attempt, returnUrl)
  if (confirmation.status === 'redirect') return confirmation.url
  if (confirmation.status !== 'none')
    await db.asTenant(accountId, (tx) => settlePayment(tx, accountId, paymentId, confirmation))
  return null
}

async function resolveAttempt(
  { db, payments }: Collecting,
  accountId: string,
  attempt: UnresolvedAttempt,
): Promise<void> {
  let outcome = await payments.read(attempt)
  // What nobody will confirm any more is given up at the provider first: it may have been confirmed just now.
  if (outcome.status === 'action_required' && attempt.givenUp) {
    outcome = await payments.cancel(attempt)
  }
  // Never seen there: the process died before it was sent, and the same key may be sent now.
  if (outcome.status === 'none') await sendAttempt({ db, payments }, accountId, attempt)
  else await db.asTenant(accountId, (tx) => settlePayment(tx, accountId, attempt.paymentId, outcome))
}
