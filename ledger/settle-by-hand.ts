/**
 * What the operator does with an unpaid invoice: it was paid past the provider, or it is given up; and one that was given up stands
 * again when it is paid after all.
 *
 * Called by http/ for the operator, in a transaction of the account, and by collect-payments.ts.
 *
 *   open, past_due, uncollectible ──payByHand──▶ paid
 *                │                                 ▲
 *                ╰──writeOff──▶ written_off ──payByHand, or collected after all──╯
 *
 * Invariants:
 *   1. While an attempt of the invoice has no outcome nothing is settled by hand: the money may be on its way.
 *   2. A write-off is booked once, and its recovery once, each in the transaction that changes the invoice.
 */

import { invoiceWrittenOff, paymentReceived, writeOffRecovered } from '../billing/entries.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type Books, post, unitsOf } from './books.ts'
import { settleTakenUp } from './finalize-invoices.ts'
import { openBook } from './open-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'
import { tellInvoice } from './tell-event.ts'

export type SettleRefused = {
  ok: false
  refusal:
    | 'account_not_found'
    | 'invoice_not_found'
    | 'invoice_not_payable'
    | 'payment_under_way'
    | 'payment_in_future'
  detail: string
}

type UnpaidInvoice = {
  number: string
  status: string
  currency: string
  amountDue: Micros
  attempts: number
  unresolved: boolean
}

/** States in which an invoice asks for money that can be collected or given up. */
export const UNPAID = ['open', 'past_due', 'uncollectible'] as const

/** The invoice was paid past the provider, whole. Processes what is due first. */
export async function payByHand(
  tx: Transaction,
  /** `receivedAt` null: now. */
  request: { accountId: string; invoiceId: string; reference: string; receivedAt: Date | null },
): Promise<{ ok: true } | SettleRefused> {
  const { accountId, invoiceId, reference } = request
  const opened = await openUnpaid(tx, accountId, invoiceId, [...UNPAID, 'written_off'])
  if (!opened.ok) return opened
  const { books, invoice } = opened
  const receivedAt = request.receivedAt ?? books.now
  if (receivedAt > books.now) {
    const detail = `The account's time is ${books.now.toISOString()}; a payment that comes later has not come.`
    return { ok: false, refusal: 'payment_in_future', detail }
  }
  const amount = invoice.amountDue + (await recoverWriteOff(tx, books, invoiceId))
  const paymentId = newId()
  await tx.query(
    `insert into payments (account_id, payment_id, invoice_id, attempt, idempotency_key, provider, amount_micros, currency,
       status, provider_reference, received_at, created_at, settled_at)
     values ($1, $2::uuid, $3, $4, $2::uuid::text, 'by_hand', $5, $6, 'succeeded', $7, $8, $9, $9)`,
    [
      accountId,
      paymentId,
      invoiceId,
      invoice.attempts + 1,
      amount,
      invoice.currency,
      reference,
      receivedAt,
      books.now,
    ],
  )
  post(books, {
    cause: 'payment_received',
    causeId: paymentId,
    bookedAt: books.now,
    entries: paymentReceived(unitsOf(books), amount),
  })
  await tx.query(
    `update invoices set status = 'paid', paid_at = $3, next_attempt_at = null, paid_micros = paid_micros + $4
     where account_id = $1 and invoice_id = $2`,
    [accountId, invoiceId, books.now, amount],
  )
  await tellInvoice(tx, books, invoiceId, { type: 'invoice.paid', more: { payment_id: paymentId } })
  await settleTakenUp(tx, books, { invoiceId, as: 'paid' })
  await saveBooks(tx, [books])
  await scheduleAccounts(tx, [accountId])
  return { ok: true }
}

/** Gives the invoice up: what it asks for, its tax included, is bad debt. It can still be paid. */
export async function writeOff(
  tx: Transaction,
  request: { accountId: string; invoiceId: string; reason: string },
): Promise<{ ok: true; amount: Micros } | SettleRefused> {
  const { accountId, invoiceId, reason } = request
  const opened = await openUnpaid(tx, accountId, invoiceId, UNPAID)
  if (!opened.ok) return opened
  const { books, invoice } = opened
  const id = newId()
  await tx.query(
    `insert into write_offs (account_id, write_off_id, invoice_id, amount_micros, reason, created_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [accountId, id, invoiceId, invoice.amountDue, reason, books.now],
  )
  post(books, {
    cause: 'invoice_written_off',
    causeId: id,
    bookedAt: books.now,
    entries: invoiceWrittenOff(unitsOf(books), invoice.amountDue),
  })
  await tx.query(
    `update invoices set status = 'written_off', written_off_micros = $3, next_attempt_at = null
     where account_id = $1 and invoice_id = $2`,
    [accountId, invoiceId, invoice.amountDue],
  )
  await settleTakenUp(tx, books, { invoiceId, as: 'written_off' })
  await saveBooks(tx, [books])
  await scheduleAccounts(tx, [accountId])
  return { ok: true, amount: invoice.amountDue }
}

/** Takes the write-off of an invoice back in opened books, because it is paid after all; answers how much it was, or 0. */
export async function recoverWriteOff(tx: Transaction, books: Books, invoiceId: string): Promise<Micros> {
  const { accountId, now } = books
  const [recovered] = await tx.query<{ id: string; amount: bigint }>(
    `update write_offs set recovered_at = $3 where account_id = $1 and invoice_id = $2 and recovered_at is null
     returning write_off_id as "id", amount_micros as "amount"`,
    [accountId, invoiceId, now],
  )
  if (!recovered) return 0n
  post(books, {
    cause: 'write_off_recovered',
    causeId: recovered.id,
    bookedAt: now,
    entries: writeOffRecovered(unitsOf(books), recovered.amount),
  })
  await tx.query(
    `update invoices set status = 'uncollectible', written_off_micros = 0 where account_id = $1 and invoice_id = $2`,
    [accountId, invoiceId],
  )
  return recovered.amount
}

async function openUnpaid(
  tx: Transaction,
  accountId: string,
  invoiceId: string,
  payable: readonly string[],
): Promise<{ ok: true; books: Books; invoice: UnpaidInvoice } | SettleRefused> {
  const books = await openBook(tx, accountId)
  if (!books) {
    return { ok: false, refusal: 'account_not_found', detail: `No account has the id ${accountId}.` }
  }
  await saveBooks(tx, [books])
  const [invoice] = await tx.query<UnpaidInvoice>(
    `select i.number, i.status, i.currency, i.total_micros + i.opening_balance_micros - i.customer_credit_micros
         - i.paid_micros - i.written_off_micros as "amountDue",
       (select count(*)::integer from payments p where p.account_id = $1 and p.invoice_id = $2) as attempts,
       exists (select from payments p where p.account_id = $1 and p.invoice_id = $2
         and p.status in ('pending', 'unknown', 'action_required')) as unresolved
     from invoices i where i.account_id = $1 and i.invoice_id = $2 and i.number is not null`,
    [accountId, invoiceId],
  )
  if (!invoice) {
    return {
      ok: false,
      refusal: 'invoice_not_found',
      detail: 'No final invoice of this account has this id.',
    }
  }
  if (!payable.includes(invoice.status)) {
    const detail = `Invoice ${invoice.number} is ${invoice.status}: it asks for nothing.`
    return { ok: false, refusal: 'invoice_not_payable', detail }
  }
  if (invoice.unresolved) {
    const detail = `A payment of invoice ${invoice.number} is under way. Try again when its outcome is known.`
    return { ok: false, refusal: 'payment_under_way', detail }
  }
  return { ok: true, books, invoice }
}
