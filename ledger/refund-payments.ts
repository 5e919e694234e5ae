/**
 * Refunds to the card: an explicit act of the operator, in two steps around the call to the provider (rules R26, R27, R29).
 *
 *   requestRefund: what is paid out is customer credit, which is set aside, and the refund stored with its key
 *        ──▶ provider.refund, outside any transaction ──▶ settleRefund
 *
 *   pending ──answer──▶ succeeded ──the bank sends it back──▶ failed
 *      ╰──no answer──▶ unknown ──the provider is read──▶ succeeded | failed
 *
 * What is paid out is customer credit that is there, or is made in the same transaction by a credit note: of a part of the
 * payment's invoice, or of what is left of the grant that it bought.
 *
 * Called by http/ for the operator and by jobs/settle-refunds.ts.
 *
 * Invariants:
 *   1. No more of a payment is refunded than came in, less what is disputed of it.
 *   2. Customer credit that is set aside is used for nothing else; a refund that fails is customer credit again.
 *   3. The same key of whoever asks is one refund, for ever. Settling the same outcome again changes nothing.
 */

import { minorDecimals, minorUnit } from '../billing/currency.ts'
import { refundFailed, refundPaid, refundRequested } from '../billing/entries.ts'
import { formatAmount } from '../billing/format-amount.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type Allowance, type AllowanceRefused, allowOfInvoice, refundGrant } from './allow-invoice.ts'
import { type Books, post, unitsOf } from './books.ts'
import { readSpendableCredit } from './finalize-invoices.ts'
import { openBook } from './open-books.ts'
import { REFUNDABLE } from './refundable.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'
import { tellEvent } from './tell-event.ts'

export type RefundSource = 'customer_credit' | 'invoice' | 'grant'

export type RefundRequest = {
  accountId: string
  /** Null for a grant: the payment that bought it. */
  paymentId: string | null
  source: RefundSource
  /** Of `grant`: whose rest is given back. */
  grantId: string | null
  /** Whole minor units; null for all that can be. Of a grant always null. */
  amount: Micros | null
  reason: string
  /** The caller's key for this refund; null: each call is one. */
  key: string | null
}

export type RefundRefused = {
  ok: false
  refusal:
    | 'account_not_found'
    | 'payment_not_found'
    | 'payment_not_refundable'
    | 'grant_not_found'
    | 'grant_not_paid'
    | 'nothing_to_refund'
    | 'amount_not_minor'
    | 'idempotency_conflict'
    | AllowanceRefused['refusal']
  detail: string
}

/** What the provider is asked for. */
export type RefundToSend = {
  refundId: string
  accountId: string
  idempotencyKey: string
  /** The provider's name of the charge. */
  charge: string
  /** The provider's name of the refund, where it has told one. */
  reference: string | null
  /** Whole minor units. */
  amount: Micros
  currency: string
}

/** What became of a refund, as the provider told it. */
export type RefundOutcome =
  | { status: 'succeeded'; reference: string }
  | { status: 'pending'; reference: string }
  | { status: 'failed'; reference: string | null; code: string; message: string }
  | { status: 'unknown' }

type PaymentRow = { id: string; invoiceId: string; charge: string; currency: string; refundable: bigint }

/** Stores a refund and sets its money aside. `replayed` where the key was known. */
export async function requestRefund(
  tx: Transaction,
  request: RefundRequest,
  provider: { name: string; chargeStep(currency: string): Micros },
): Promise<{ ok: true; refundId: string; replayed: boolean; send: RefundToSend | null } | RefundRefused> {
  const { accountId, source, reason } = request
  const books = await openBook(tx, accountId)
  if (!books) return refuse('account_not_found', `No account has the id ${accountId}.`)
  await saveBooks(tx, [books])
  const naturalKey = `operator:${request.key ?? newId()}`
  const earlier = await readByKey(tx, accountId, naturalKey)
  if (earlier) return answerAgain(earlier, request)

  const paid = await readPayment(tx, request, provider.name)
  if (!paid.ok) return paid
  const { payment } = paid
  const step = provider.chargeStep(payment.currency)
  if (request.amount !== null && request.amount % minorUnit(minorDecimals(payment.currency)!) !== 0n) {
    return refuse('amount_not_minor', 'A refund has no more decimals than the currency.')
  }
  const wanted = request.amount ?? payment.refundable
  if (wanted > payment.refundable || wanted < step) {
    const [left, least] = [payment.refundable, step].map((one) => formatAmount(one, payment.currency))
    return refuse('refund_too_large', `Between ${least} and ${left} of this payment can still be refunded.`)
  }
  // Last, because it writes: what refuses has refused by now.
  const made = await makeCredit(tx, books, request, { ...payment, wanted: wanted - (wanted % step) })
  if (!made.ok) return made
  const amount = made.gross - (made.gross % step)
  const { charge, currency } = payment
  const { creditNoteId } = made
  const { grantId } = request
  const facts = { source, creditNoteId, grantId, amount, currency, reason, naturalKey }
  const refundId = await setAside(tx, books, { ...facts, paymentId: payment.id })
  const send = { refundId, accountId, idempotencyKey: refundId, charge, reference: null, amount, currency }
  return { ok: true, refundId, replayed: false, send }
}

/** Stores a refund and sets the customer credit aside that it pays out; saves the books. Answers its id, which is its key. */
export async function setAside(
  tx: Transaction,
  books: Books,
  refund: Pick<RefundRequest, 'source' | 'grantId' | 'reason'> & {
    paymentId: string
    creditNoteId: string | null
    amount: Micros
    currency: string
    naturalKey: string
  },
): Promise<string> {
  const { accountId, now } = books
  const { paymentId, source, creditNoteId, grantId, amount, currency, reason, naturalKey } = refund
  const refundId = newId()
  books.customerCredit -= amount
  post(books, {
    cause: 'refund_requested',
    causeId: refundId,
    bookedAt: now,
    entries: refundRequested(unitsOf(books), amount),
  })
  await saveBooks(tx, [books])
  await tx.query(
    `insert into refunds (account_id, refund_id, payment_id, source, credit_note_id, grant_id, amount_micros, currency, reason,
       natural_key, idempotency_key, status, created_at)
     values ($1, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $2::uuid::text, 'pending', $11)`,
    [
      ...[accountId, refundId, paymentId, source, creditNoteId, grantId, amount],
      ...[currency, reason, naturalKey, now],
    ],
  )
  await scheduleAccounts(tx, [accountId])
  return refundId
}

/** The refund that was sent under a key; null where there is none. */
export async function findRefund(tx: Transaction, accountId: string, key: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    'select refund_id as "id" from refunds where account_id = $1 and idempotency_key = $2',
    [accountId, key],
  )
  return row?.id ?? null
}

/** Refunds without an outcome: the provider is read before any of them is sent again. */
export function readUnresolvedRefunds(tx: Transaction, accountId: string): Promise<RefundToSend[]> {
  return tx.query<RefundToSend>(
    `select r.refund_id as "refundId", r.account_id as "accountId", r.idempotency_key as "idempotencyKey",
       p.provider_reference as "charge", r.provider_reference as "reference", r.amount_micros as "amount", r.currency
     from refunds r join payments p using (account_id, payment_id)
     where r.account_id = $1 and r.status in ('pending', 'unknown') order by r.created_at, r.refund_id`,
    [accountId],
  )
}

type SettledRefund = {
  status: string
  amount: bigint
  currency: string
  paymentId: string
  invoiceId: string
}

/** Books what became of a refund. Answers false where nothing is new. */
export async function settleRefund(
  tx: Transaction,
  accountId: string,
  refundId: string,
  outcome: RefundOutcome,
): Promise<boolean> {
  const books = await openBook(tx, accountId)
  if (!books) return false
  const [refund] = await tx.query<SettledRefund>(
    `select r.status, r.amount_micros as "amount", r.currency, r.payment_id as "paymentId", p.invoice_id as "invoiceId"
     from refunds r join payments p using (account_id, payment_id)
     where r.account_id = $1 and r.refund_id = $2 for update of r`,
    [accountId, refundId],
  )
  if (!refund || refund.status === 'failed') return false
  const { status } = outcome
  const wasPaid = refund.status === 'succeeded'
  // What has left can still come back; it cannot become unsent.
  if (wasPaid && status !== 'failed') return false
  if (status === 'succeeded') {
    const entries = refundPaid(unitsOf(books), refund.amount)
    post(books, { cause: 'refund_paid', causeId: refundId, bookedAt: books.now, entries })
    const { paymentId: payment_id, invoiceId: invoice_id, currency, amount } = refund
    const data = { refund_id: refundId, invoice_id, payment_id, currency, amount }
    tellEvent(books, 'refund.succeeded', { data })
  } else if (status === 'failed') {
    books.customerCredit += refund.amount
    const entries = refundFailed(unitsOf(books), refund.amount, wasPaid)
    post(books, { cause: 'refund_failed', causeId: refundId, bookedAt: books.now, entries })
    const { paymentId: payment_id, currency, amount } = refund
    const failure = { failure_code: outcome.code, failure_message: outcome.message }
    tellEvent(books, 'refund.failed', {
      data: { refund_id: refundId, payment_id, currency, amount, ...failure },
    })
  }
  await tx.query(
    `update refunds set status = $3, provider_reference = coalesce($4, provider_reference), failure_code = $5,
       failure_message = $6, paid_at = case when $3 = 'succeeded' then $7 else paid_at end,
       failed_at = case when $3 = 'failed' then $7::timestamptz end
     where account_id = $1 and refund_id = $2`,
    [
      accountId,
      refundId,
      status,
      status === 'unknown' ? null : outcome.reference,
      status === 'failed' ? outcome.code : null,
      status === 'failed' ? outcome.message : null,
      books.now,
    ],
  )
  await saveBooks(tx, [books])
  await scheduleAccounts(tx, [accountId])
  return true
}

/** The customer credit that is paid out: what is there, or what a credit note makes of the invoice or the grant. */
function makeCredit(
  tx: Transaction,
  books: Books,
  { source, reason, grantId }: RefundRequest,
  { invoiceId, refundable, wanted }: PaymentRow & { wanted: Micros },
): Promise<{ ok: true; creditNoteId: string | null; gross: Micros } | Exclude<Allowance, { ok: true }>> {
  if (source === 'invoice') {
    return allowOfInvoice(tx, books, { invoiceId, gross: wanted, reason })
  }
  const grant = source === 'grant' ? books.grants.find(({ id }) => id === grantId) : undefined
  if (grant) return refundGrant(tx, books, { grant, invoiceId, reason, most: refundable })
  return payOut(tx, books, wanted)
}

export async function payOut(tx: Transaction, books: Books, wanted: Micros) {
  const there = await readSpendableCredit(tx, books)
  if (wanted <= there) return { ok: true as const, creditNoteId: null, gross: wanted }
  const left = formatAmount(there, unitsOf(books).currency)
  const detail = `The account has ${left} of customer credit that can be paid out.`
  return { ok: false as const, refusal: 'refund_too_large' as const, detail }
}

/** The payment by card that is refunded, with how much of it can be. */
async function readPayment(
  tx: Transaction,
  { accountId, paymentId, source, grantId }: RefundRequest,
  provider: string,
): Promise<{ ok: true; payment: PaymentRow } | RefundRefused> {
  const bought = source === 'grant' ? await readPaymentOfGrant(tx, accountId, grantId) : null
  if (bought && !bought.ok) return bought
  const [payment] = await tx.query<PaymentRow & { status: string; provider: string }>(
    `select p.payment_id as "id", p.invoice_id as "invoiceId", p.provider_reference as "charge", p.currency, p.status, p.provider,
       ${REFUNDABLE} as "refundable"
     from payments p where p.account_id = $1 and p.payment_id = $2`,
    [accountId, bought?.paymentId ?? paymentId],
  )
  if (!payment) return refuse('payment_not_found', 'No payment of this account has this id.')
  if (payment.status !== 'succeeded' || payment.provider !== provider) {
    const why = payment.status === 'succeeded' ? `was made by ${payment.provider}` : `is ${payment.status}`
    return refuse('payment_not_refundable', `This payment ${why}: there is no card to refund it to.`)
  }
  if (payment.refundable <= 0n)
    return refuse('nothing_to_refund', 'All of this payment has gone back already.')
  return { ok: true, payment }
}

async function readPaymentOfGrant(
  tx: Transaction,
  accountId: string,
  grantId: string | null,
): Promise<{ ok: true; paymentId: string } | RefundRefused> {
  const [grant] = await tx.query<{ source: string; endedAt: Date | null; paymentId: string | null }>(
    `select g.source, g.ended_at as "endedAt", (select p.payment_id from payments p where p.account_id = g.account_id
         and p.invoice_id = g.invoice_id and p.status = 'succeeded' limit 1) as "paymentId"
     from credit_grants g where g.account_id = $1 and g.grant_id = $2`,
    [accountId, grantId],
  )
  if (!grant) return refuse('grant_not_found', 'No grant of this account has this id.')
  if (grant.source !== 'purchase') {
    return refuse(
      'payment_not_refundable',
      `Only a purchase is refunded; this grant is of source ${grant.source}.`,
    )
  }
  if (grant.endedAt) return refuse('nothing_to_refund', 'Nothing is left of this grant.')
  if (!grant.paymentId) return refuse('grant_not_paid', 'No card has paid for this grant.')
  return { ok: true, paymentId: grant.paymentId }
}

type Earlier = {
  refundId: string
  paymentId: string
  source: RefundSource
  grantId: string | null
  amount: bigint
  reason: string
}

async function readByKey(tx: Transaction, accountId: string, naturalKey: string): Promise<Earlier | null> {
  const [row] = await tx.query<Earlier>(
    `select refund_id as "refundId", payment_id as "paymentId", source, grant_id as "grantId", amount_micros as "amount", reason
     from refunds where account_id = $1 and natural_key = $2`,
    [accountId, naturalKey],
  )
  return row ?? null
}

function answerAgain(earlier: Earlier, { paymentId, source, grantId, amount, reason }: RefundRequest) {
  const isSame =
    earlier.source === source &&
    earlier.grantId === grantId &&
    earlier.reason === reason &&
    (paymentId === null || paymentId === earlier.paymentId) &&
    (amount === null || amount === earlier.amount)
  if (isSame) return { ok: true as const, refundId: earlier.refundId, replayed: true, send: null }
  return refuse('idempotency_conflict', 'This key refunded something else. Use a key of its own.')
}

function refuse(refusal: RefundRefused['refusal'], detail: string): RefundRefused {
  return { ok: false, refusal, detail }
}
