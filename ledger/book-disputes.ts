/**
 * Books what the provider says of a disputed payment: the money is taken back while the bank decides, comes back if it is decided for
 * us, and else the invoice stands unpaid again and what was bought with it is revoked as far as it is left (rule R26).
 *
 *   inquiry ──▶ open ──▶ won      nothing has changed
 *      │          ╰────▶ lost     the claim stands again; min(remaining, disputed share) of a purchased grant is revoked
 *      ╰──▶ dropped
 *
 * Called by jobs/ with the dispute as it is read from the provider, in a transaction of the account.
 *
 * Invariants:
 *   1. Each state is booked once; a dispute that has come to its end stays there. Repeats and disorder change nothing.
 *   2. Nothing that runs is stopped for it, and the card is not tried again by itself.
 */

import { disputeLost, disputeOpened, disputeWon } from '../billing/entries.ts'
import { divideFloor, lesser, type Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type Books, post, unitsOf } from './books.ts'
import { settleTakenUp } from './finalize-invoices.ts'
import { revokeCredits } from './grants.ts'
import { openBook } from './open-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'
import { tellEvent, tellInvoice } from './tell-event.ts'

export type DisputeStatus = 'inquiry' | 'open' | 'won' | 'lost' | 'dropped'

/** A dispute as the provider tells of it. */
export type DisputeFact = {
  /** The provider's names of the dispute and of the charge. */
  reference: string
  charge: string
  /** Whole minor units. */
  amount: Micros
  reason: string
  status: DisputeStatus
}

type DisputedPayment = {
  id: string
  invoiceId: string
  invoiceStatus: string
  carriedTo: string | null
  amount: bigint
  currency: string
  total: bigint
}

type Dispute = { id: string; status: DisputeStatus; openedAt: Date | null; amount: bigint }

/** Answers false where nothing is new, or the payment is not this account's. */
export async function bookDispute(tx: Transaction, accountId: string, fact: DisputeFact): Promise<boolean> {
  if (await isBooked(tx, accountId, fact)) return false
  const books = await openBook(tx, accountId)
  if (!books) return false
  await saveBooks(tx, [books])
  const payment = await readDisputed(tx, accountId, fact.charge)
  if (!payment) return false
  const dispute = await readOrStore(tx, books, payment, fact)
  // Another has booked it before this one had the lock.
  if (dispute.openedAt !== null && (fact.status === dispute.status || fact.status === 'inquiry')) return false
  if (ENDS.includes(dispute.status)) return false
  const takes = fact.status === 'open' || fact.status === 'won' || fact.status === 'lost'
  if (takes && dispute.openedAt === null)
    await openDispute(tx, books, { dispute, payment, reason: fact.reason })
  if (fact.status === 'lost') await loseDispute(tx, books, { dispute, payment })
  if (fact.status === 'won' || (fact.status === 'dropped' && dispute.openedAt !== null)) {
    winDispute(books, dispute, payment)
  }
  const isOver = fact.status !== 'inquiry' && fact.status !== 'open'
  // What was opened and then taken back has come to the same as what is won.
  const status = fact.status === 'dropped' && dispute.openedAt !== null ? 'won' : fact.status
  await tx.query(
    `update disputes set status = $3, closed_at = $4 where account_id = $1 and dispute_id = $2`,
    [accountId, dispute.id, status, isOver ? books.now : null],
  )
  await saveBooks(tx, [books])
  await scheduleAccounts(tx, [accountId])
  return true
}

const ENDS: readonly DisputeStatus[] = ['won', 'lost', 'dropped']

/**
 * Whether nothing is new, asked without the account's lock: the provider's whole list is gone through again and again. Of an account's
 * dispute no state comes back that it has left.
 */
async function isBooked(
  tx: Transaction,
  accountId: string,
  { reference, status }: DisputeFact,
): Promise<boolean> {
  const found = await tx.query(
    `select 1 from disputes where account_id = $1 and provider_reference = $2
       and (status = $3 or $3 = 'inquiry' or status = any ($4))`,
    [accountId, reference, status, ENDS],
  )
  return found.length > 0
}

async function readDisputed(
  tx: Transaction,
  accountId: string,
  charge: string,
): Promise<DisputedPayment | null> {
  const [payment] = await tx.query<DisputedPayment>(
    `select p.payment_id as "id", p.invoice_id as "invoiceId", i.status as "invoiceStatus", i.carried_to as "carriedTo",
       p.amount_micros as "amount", p.currency, i.total_micros as "total"
     from payments p join invoices i using (account_id, invoice_id)
     where p.account_id = $1 and p.provider_reference = $2 and p.status = 'succeeded'`,
    [accountId, charge],
  )
  return payment ?? null
}

async function readOrStore(
  tx: Transaction,
  { accountId, now }: Books,
  payment: DisputedPayment,
  { reference, amount, reason }: DisputeFact,
): Promise<Dispute> {
  await tx.query(
    `insert into disputes (account_id, dispute_id, payment_id, provider_reference, amount_micros, currency, reason, status,
       created_at) values ($1, $2, $3, $4, $5, $6, $7, 'inquiry', $8)
     on conflict (account_id, provider_reference) do nothing`,
    [
      ...[accountId, newId(), payment.id, reference, lesser(amount, payment.amount)],
      ...[payment.currency, reason, now],
    ],
  )
  const [dispute] = await tx.query<Dispute>(
    `select dispute_id as "id", status, opened_at as "openedAt", amount_micros as "amount"
     from disputes where account_id = $1 and provider_reference = $2 for update`,
    [accountId, reference],
  )
  return dispute!
}

async function openDispute(
  tx: Transaction,
  books: Books,
  { dispute, payment, reason }: { dispute: Dispute; payment: DisputedPayment; reason: string },
): Promise<void> {
  dispute.openedAt = books.now
  const entries = disputeOpened(unitsOf(books), dispute.amount)
  post(books, { cause: 'dispute_opened', causeId: dispute.id, bookedAt: books.now, entries })
  tellEvent(books, 'dispute.opened', { data: { ...factsOf(dispute, payment), reason } })
  await tx.query(
    `update disputes set status = 'open', opened_at = $3 where account_id = $1 and dispute_id = $2`,
    [books.accountId, dispute.id, books.now],
  )
}

function factsOf({ id, amount }: Dispute, { id: paymentId, currency }: DisputedPayment) {
  return { dispute_id: id, payment_id: paymentId, currency, amount }
}

function winDispute(books: Books, dispute: Dispute, payment: DisputedPayment): void {
  const entries = disputeWon(unitsOf(books), dispute.amount)
  post(books, { cause: 'dispute_won', causeId: dispute.id, bookedAt: books.now, entries })
  tellEvent(books, 'dispute.closed', { data: { ...factsOf(dispute, payment), outcome: 'won' } })
}

async function loseDispute(
  tx: Transaction,
  books: Books,
  { dispute, payment }: { dispute: Dispute; payment: DisputedPayment },
): Promise<void> {
  const { amount } = dispute
  const lost = splitLoss(books, payment, amount)
  books.customerCredit -= lost.customerCredit
  const entries = disputeLost(unitsOf(books), lost)
  post(books, { cause: 'dispute_lost', causeId: dispute.id, bookedAt: books.now, entries })
  tellEvent(books, 'dispute.closed', { data: { ...factsOf(dispute, payment), outcome: 'lost' } })
  if (lost.claim > 0n) {
    await tx.query(
      `update invoices set status = 'uncollectible', paid_at = null, next_attempt_at = null, paid_micros = paid_micros - $3,
         first_failed_at = coalesce(first_failed_at, $4) where account_id = $1 and invoice_id = $2`,
      [books.accountId, payment.invoiceId, lost.claim, books.now],
    )
    await settleTakenUp(tx, books, { invoiceId: payment.invoiceId, as: 'carried' })
    await tellInvoice(tx, books, payment.invoiceId, { type: 'invoice.uncollectible', more: {} })
  }
  const [bought] = await tx.query<{ id: string }>(
    `select grant_id as "id" from credit_grants where account_id = $1 and invoice_id = $2 and ended_at is null`,
    [books.accountId, payment.invoiceId],
  )
  const grant = books.grants.find(({ id }) => id === bought?.id)
  if (!grant) return
  const share = divideFloor(grant.granted * lesser(amount, payment.total), payment.total)
  const credits = lesser(grant.remaining, share)
  if (credits > 0n) revokeCredits(books, grant, { credits, causeId: dispute.id })
}

/**
 * Where a lost payment comes from now: from the claim that it had paid; where that never was an invoice, from the customer credit that
 * the payment became. What neither covers is lost for good; so is what belongs to an invoice whose rest another has taken up.
 */
function splitLoss(
  books: Books,
  { invoiceStatus, carriedTo }: DisputedPayment,
  amount: Micros,
): { claim: Micros; customerCredit: Micros; badDebt: Micros } {
  if (invoiceStatus === 'void') {
    const customerCredit = lesser(books.customerCredit, amount)
    return { claim: 0n, customerCredit, badDebt: amount - customerCredit }
  }
  if (carriedTo !== null) return { claim: 0n, customerCredit: 0n, badDebt: amount }
  return { claim: amount, customerCredit: 0n, badDebt: 0n }
}
