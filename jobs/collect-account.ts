/**
 * Collects what an account owes: finalizes drafts, starts attempts, calls the provider, books what it answered.
 *
 * Called after a boundary, after a payment method is added, by "pay now", by the sweeper and by the clock walk. Each
 * step is a transaction of its own with at most one outside call between two (rule R29); whoever comes second, after
 * a crash or beside another collector, reads the provider before sending anything again (rule R27).
 */
import type { Database } from '../database/connect.ts'
import {
  type Attempt,
  readUnresolvedAttempts,
  settlePayment,
  startPayments,
  type UnresolvedAttempt,
} from '../ledger/collect-payments.ts'
import { finalizeDrafts } from '../ledger/finalize-invoices.ts'
import type { ChargeOutcome, PaymentProvider } from '../payments/provider.ts'

export type Collecting = { db: Database; payments: PaymentProvider }

/** Does everything that can be done now for one account. Repeatable. */
export async function collectAccount({ db, payments }: Collecting, accountId: string): Promise<void> {
  for (const attempt of await db.asTenant(accountId, (tx) => readUnresolvedAttempts(tx, accountId))) {
    await resolveAttempt({ db, payments }, accountId, attempt)
  }
  await db.asTenant(accountId, (tx) => finalizeDrafts(tx, accountId, payments.minimumCharge))
  const attempts = await db.asTenant(accountId, (tx) => startPayments(tx, accountId, payments))
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
