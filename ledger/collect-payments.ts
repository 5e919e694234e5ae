/**
 * Collecting what is owed, in two steps around the call to the provider (rules R27 to R29).
 *
 * Called by collect-due.ts and jobs/collect-account.ts: `startAll` stores attempts, each with its own idempotency key, and its
 * transaction commits; the provider is called outside any transaction; `settlePayment` books what it answered.
 *
 *   pending ──answer──▶ succeeded | failed | action_required
 *      ╰──no answer──▶ unknown ──the provider is read──▶ succeeded | failed | action_required
 *
 * Invariants:
 *   1. At most one attempt of an invoice is unresolved (unique index one_attempt_at_a_time): time-out is not failure.
 *   2. Settling the same attempt again changes nothing.
 *   3. Nothing here touches runs, grants or accrual.
 */

import { afterFailure } from '../billing/dunning.ts'
import { paymentCredited, paymentReceived } from '../billing/entries.ts'
import type { Micros } from '../billing/micros.ts'
import { onItsNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type Books, post, unitsOf } from './books.ts'
import { readBusinessTime } from './clock.ts'
import { columns } from './columns.ts'
import { settleTakenUp } from './finalize-invoices.ts'
import { insertRows } from './insert-rows.ts'
import { openBook } from './open-books.ts'
import { readPaymentMethods } from './payment-method.ts'
import { settlePlanChange } from './plan-change-effect.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'
import { recoverWriteOff } from './settle-by-hand.ts'
import { INVOICE_FACTS, type InvoiceRow, tellInvoice, tellOfInvoice } from './tell-event.ts'

/** What the provider is asked for. */
export type Attempt = {
  paymentId: string
  accountId: string
  invoiceId: string
  idempotencyKey: string
  /** Whole minor units. */
  amount: Micros
  currency: string
  token: string
  description: string
}

/** Who is asked for money. */
export type AskedProvider = {
  name: string
  /** What is asked for is a multiple of this; the rest of an invoice is carried to the next one. */
  chargeStep(currency: string): Micros
}

/** What became of an attempt, as the provider told it. */
export type AttemptOutcome =
  | { status: 'succeeded'; reference: string }
  | { status: 'failed'; reference: string | null; code: string; message: string }
  | { status: 'action_required'; reference: string }
  | { status: 'unknown' }

type DueInvoice = { id: string; number: string | null; amountDue: bigint; currency: string; attempt: number }

/** Whose money an attempt asks for. */
type Payer = { accountId: string; now: Date; method: { id: string; token: string } }

/** An unpaid start or upgrade is given up after this (rule R22). */
const CHANGE_LAPSES_AFTER_HOURS = 24

/** Of one that is given up: what it asks for again when it is paid after all. */
const AMOUNT_DUE = 'i.total_micros + i.opening_balance_micros - i.customer_credit_micros - i.paid_micros'

/**
 * Stores an attempt for each invoice whose next step is due, in opened books of any number of accounts with no unsaved change, which the
 * caller saves and schedules. Without a payment method the step has failed already.
 */
export async function startAll(
  tx: Transaction,
  opened: readonly Books[],
  provider: AskedProvider,
): Promise<Attempt[]> {
  const due = await tx.query<DueInvoice & { accountId: string }>(
    `select i.account_id as "accountId", i.invoice_id as "id", i.number, ${AMOUNT_DUE} as "amountDue", i.currency,
       (select count(*)::integer + 1 from payments p
        where p.account_id = i.account_id and p.invoice_id = i.invoice_id ${onItsNode(tx, 'p.account_id')}) as attempt
     from unnest($1::uuid[], $2::timestamptz[]) as given (account_id, now)
     join accounts a using (account_id) join invoices i using (account_id)
     where i.status in ('open', 'past_due', 'uncollectible', 'written_off') and i.next_attempt_at <= given.now ${onItsNode(tx, 'a.account_id')} ${onItsNode(tx, 'i.account_id')}
       and a.parked_at is null and not exists (
         select 1 from payments p where p.account_id = i.account_id and p.invoice_id = i.invoice_id ${onItsNode(tx, 'p.account_id')}
           and p.status in ('pending', 'unknown', 'action_required'))
     order by i.finalized_at, i.number`,
    [opened.map(({ accountId }) => accountId), opened.map(({ now }) => now)],
  )
  if (due.length === 0) return []
  const methods = await readPaymentMethods(
    tx,
    due.map(({ accountId }) => accountId),
  )
  const booksOf = new Map(opened.map((books) => [books.accountId, books]))
  const asked: { payer: Payer; invoice: DueInvoice }[] = []
  const failed: FailedStep[] = []
  for (const { accountId, ...invoice } of due) {
    const books = booksOf.get(accountId)!
    const method = methods.get(accountId)
    // A card that was put in under another provider is none here.
    if (method?.provider === provider.name) {
      const { amountDue, currency } = invoice
      const payable = { ...invoice, amountDue: amountDue - (amountDue % provider.chargeStep(currency)) }
      asked.push({ payer: { accountId, now: books.now, method }, invoice: payable })
    } else failed.push({ books, invoiceId: invoice.id, failure: NO_METHOD })
  }
  await bookFailures(tx, failed)
  return storeAttempts(tx, provider.name, asked)
}

/** Stores attempts, each with the idempotency key it will be sent under. */
export async function storeAttempts(
  tx: Transaction,
  provider: string,
  asked: readonly { payer: Payer; invoice: DueInvoice }[],
): Promise<Attempt[]> {
  const attempts = asked.map(({ payer, invoice }) => {
    const paymentId = newId()
    return {
      paymentId,
      accountId: payer.accountId,
      invoiceId: invoice.id,
      idempotencyKey: paymentId,
      amount: invoice.amountDue,
      currency: invoice.currency,
      token: payer.method.token,
      description: invoice.number === null ? 'Plan change' : `Invoice ${invoice.number}`,
    }
  })
  await insertRows(
    tx,
    'payments',
    columns.payments,
    asked.map(({ payer, invoice }, index) => {
      const { paymentId, idempotencyKey, amount, currency } = attempts[index]!
      const what = [invoice.id, invoice.attempt, idempotencyKey, provider, payer.method.id, amount, currency]
      return [payer.accountId, paymentId, ...what, 'pending', payer.now]
    }),
  )
  return attempts
}

/** An attempt without an outcome. */
export type UnresolvedAttempt = Attempt & {
  /** What the provider called the charge, where it has said so. */
  reference: string | null
  /** It need not be waited for any longer: another payment method has taken its place, or its change has lapsed. */
  givenUp: boolean
}

/** Attempts whose outcome is not known: the provider must be read before anything else is tried. */
export async function readUnresolvedAttempts(
  tx: Transaction,
  accountId: string,
): Promise<UnresolvedAttempt[]> {
  const now = await readBusinessTime(tx, accountId)
  return tx.query<UnresolvedAttempt>(
    `select p.payment_id as "paymentId", p.account_id as "accountId", p.invoice_id as "invoiceId",
       p.idempotency_key as "idempotencyKey", p.provider_reference as "reference",
       p.amount_micros as "amount", p.currency, m.token, coalesce('Invoice ' || i.number, 'Plan change') as "description",
       m.removed_at is not null
         or (i.status = 'draft' and p.created_at + $2 * interval '1 hour' <= $3) as "givenUp"
     from payments p
     join payment_methods m using (account_id, payment_method_id)
     join invoices i using (account_id, invoice_id)
     where p.account_id = $1 and p.status in ('pending', 'unknown', 'action_required')
     order by p.created_at, p.payment_id`,
    [accountId, CHANGE_LAPSES_AFTER_HOURS, now],
  )
}

type PaymentRow = { id: string; invoiceId: string; status: string; amount: bigint; invoiceStatus: string }

/** Books what became of an attempt. Answers false where it was settled before. */
export async function settlePayment(
  tx: Transaction,
  accountId: string,
  paymentId: string,
  outcome: AttemptOutcome,
): Promise<boolean> {
  const books = await openBook(tx, accountId)
  if (!books) return false
  const [payment] = await tx.query<PaymentRow>(
    `select p.payment_id as "id", p.invoice_id as "invoiceId", p.status, p.amount_micros as "amount",
       i.status as "invoiceStatus"
     from payments p join invoices i using (account_id, invoice_id)
     where p.account_id = $1 and p.payment_id = $2 for update of p`,
    [accountId, paymentId],
  )
  if (!payment || payment.status === 'succeeded' || payment.status === 'failed') return false

  const settled = outcome.status === 'succeeded' || outcome.status === 'failed'
  await tx.query(
    `update payments set status = $3, provider_reference = coalesce($4, provider_reference), failure_code = $5, failure_message = $6,
       settled_at = $7 where account_id = $1 and payment_id = $2`,
    [
      accountId,
      paymentId,
      outcome.status,
      outcome.status === 'unknown' ? null : outcome.reference,
      outcome.status === 'failed' ? outcome.code : null,
      outcome.status === 'failed' ? outcome.message : null,
      settled ? books.now : null,
    ],
  )
  const isOver =
    payment.invoiceStatus === 'draft' &&
    !(await settlePlanChange(tx, books, payment.invoiceId, outcome)).tookEffect
  // A card that pays for a plan is tried for what is still owed, such as a debt from before a cancellation.
  if (outcome.status === 'succeeded' && payment.invoiceStatus === 'draft')
    await tryAllAt(tx, accountId, books.now)
  if (outcome.status === 'succeeded' && isOver) await keepAsCredit(tx, books, payment)
  else if (outcome.status === 'succeeded') await bookPayment(tx, books, payment)
  else if (outcome.status === 'failed' && payment.invoiceStatus !== 'draft') {
    // What was given up for another payment method has not failed: the other one is tried at once.
    if (outcome.code === 'cancelled') await tryAt(tx, accountId, payment.invoiceId, books.now)
    else {
      const failure = { payment_id: paymentId, ...failureOf(outcome) }
      await bookFailures(tx, [{ books, invoiceId: payment.invoiceId, failure }])
    }
  }
  if (outcome.status === 'action_required' && payment.status !== 'action_required') {
    const more = { payment_id: paymentId }
    await tellInvoice(tx, books, payment.invoiceId, { type: 'invoice.payment_action_required', more })
  }
  await saveBooks(tx, [books])
  await scheduleAccounts(tx, [accountId])
  return true
}

async function bookPayment(tx: Transaction, books: Books, payment: PaymentRow): Promise<void> {
  if (payment.invoiceStatus === 'written_off') await recoverWriteOff(tx, books, payment.invoiceId)
  post(books, {
    cause: 'payment_received',
    causeId: payment.id,
    bookedAt: books.now,
    entries: paymentReceived(unitsOf(books), payment.amount),
  })
  // What the provider could not take to the last coin is carried, as what is too little to collect.
  const [invoice] = await tx.query<{ status: string }>(
    `update invoices i set paid_micros = paid_micros + $4, next_attempt_at = null,
       status = case when ${AMOUNT_DUE} = $4 then 'paid' else 'carried' end,
       paid_at = case when ${AMOUNT_DUE} = $4 then $3::timestamptz end
     where account_id = $1 and invoice_id = $2 returning status`,
    [books.accountId, payment.invoiceId, books.now, payment.amount],
  )
  const more = { payment_id: payment.id }
  await tellInvoice(tx, books, payment.invoiceId, { type: 'invoice.paid', more })
  if (invoice!.status === 'paid') await settleTakenUp(tx, books, { invoiceId: payment.invoiceId, as: 'paid' })
}

/** Money for an upgrade whose period was over when it came: it is used before the card from now on. */
async function keepAsCredit(tx: Transaction, books: Books, payment: PaymentRow): Promise<void> {
  books.customerCredit += payment.amount
  post(books, {
    cause: 'payment_received',
    causeId: payment.id,
    bookedAt: books.now,
    entries: paymentCredited(unitsOf(books), payment.amount),
  })
  await tx.query(
    'update invoices set paid_micros = paid_micros + $3 where account_id = $1 and invoice_id = $2',
    [books.accountId, payment.invoiceId, payment.amount],
  )
}

type Failure = { payment_id: string | null; failure_code: string; failure_message: string }

const NO_METHOD: Failure = {
  payment_id: null,
  failure_code: 'payment_method_missing',
  failure_message: 'There is no payment method.',
}

function failureOf({ code, message }: { code: string; message: string }) {
  return { failure_code: code, failure_message: message }
}

type FailedStep = { books: Books; invoiceId: string; failure: Failure }

/** The invoices wait for their next attempts, which is told; and that one is past due, or given up, once each. */
async function bookFailures(tx: Transaction, failed: readonly FailedStep[]): Promise<void> {
  if (failed.length === 0) return
  const ids = [failed.map(({ books }) => books.accountId), failed.map(({ invoiceId }) => invoiceId)]
  const rows = await tx.query<InvoiceRow & { id: string; firstFailedAt: Date | null; status: string }>(
    `select i.invoice_id as "id", i.first_failed_at as "firstFailedAt", i.status, ${INVOICE_FACTS}
     from unnest($1::uuid[], $2::uuid[]) as given (account_id, invoice_id) join invoices i using (account_id, invoice_id)
     where true ${onItsNode(tx, 'i.account_id')}`,
    ids,
  )
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  const steps = failed.map(({ books, invoiceId, failure }) => {
    const row = rowOf.get(invoiceId)!
    const firstFailedAt = row.firstFailedAt ?? books.now
    // What is given up stays so until it is paid, and is tried only when somebody asks for it.
    const isGivenUp = row.status === 'written_off'
    const step = afterFailure({ firstFailedAt, failedAt: books.now })
    return { books, failure, row, firstFailedAt, isGivenUp, step }
  })
  await tx.query(
    `update invoices i set first_failed_at = given.first_failed_at, status = given.status, next_attempt_at = given.retry_at
     from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::timestamptz[])
       as given (account_id, invoice_id, first_failed_at, status, retry_at)
     where i.account_id = given.account_id and i.invoice_id = given.invoice_id ${onItsNode(tx, 'i.account_id')}`,
    [
      ...ids,
      steps.map(({ firstFailedAt }) => firstFailedAt),
      steps.map(({ step, row, isGivenUp }) => (isGivenUp ? row.status : step.state)),
      steps.map(({ step, isGivenUp }) => (isGivenUp ? null : step.retryAt)),
    ],
  )
  for (const { books, failure, row, step, isGivenUp } of steps) {
    if (isGivenUp) continue
    const more = { ...failure, next_attempt_at: step.retryAt, first: step.isFirst }
    tellOfInvoice(books, row, { type: 'invoice.payment_failed', more })
    if (row.status !== step.state) tellOfInvoice(books, row, { type: `invoice.${step.state}`, more: {} })
  }
}

/** Makes an unsettled invoice due at this instant, for "pay now"; also one that was given up, which is then paid after all. */
export async function makeDueNow(
  tx: Transaction,
  accountId: string,
  invoiceId: string,
): Promise<
  { ok: true } | { ok: false; refusal: 'invoice_not_found' | 'invoice_not_payable'; detail: string }
> {
  const books = await openBook(tx, accountId)
  if (books) await saveBooks(tx, [books])
  const [invoice] = await tx.query<{ status: string }>(
    'select status from invoices where account_id = $1 and invoice_id = $2',
    [accountId, invoiceId],
  )
  if (!books || !invoice)
    return { ok: false, refusal: 'invoice_not_found', detail: 'No invoice has this id.' }
  if (!['open', 'past_due', 'uncollectible', 'written_off'].includes(invoice.status)) {
    const detail = `The invoice is ${invoice.status}: there is nothing to collect.`
    return { ok: false, refusal: 'invoice_not_payable', detail }
  }
  await tryAt(tx, accountId, invoiceId, books.now)
  await scheduleAccounts(tx, [accountId])
  return { ok: true }
}

async function tryAllAt(tx: Transaction, accountId: string, at: Date): Promise<void> {
  await tx.query(
    `update invoices set next_attempt_at = $2 where account_id = $1 and status in ('open', 'past_due', 'uncollectible')`,
    [accountId, at],
  )
}

async function tryAt(tx: Transaction, accountId: string, invoiceId: string, at: Date): Promise<void> {
  await tx.query('update invoices set next_attempt_at = $3 where account_id = $1 and invoice_id = $2', [
    accountId,
    invoiceId,
    at,
  ])
}
