/**
 * Books a refund that somebody made at the provider, in its dashboard, as what they could have asked for here (rules R26 and R27).
 *
 * Called by jobs/ with the refund as it is read from the provider, in a transaction of the account.
 *
 * What left is a part of the payment's invoice, given back by a credit note with its tax. Where the invoice has not that much left to give back, because
 * credit notes have done so, it is the customer credit that they made.
 *
 * Invariants:
 *   1. The provider's name of the refund is its key, so it is booked once, however often and from wherever it is told.
 *   2. What neither covers is not booked: it is refused, and told again later.
 */
import { formatAmount } from '../billing/format-amount.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { allowOfInvoice } from './allow-invoice.ts'
import type { Books } from './books.ts'
import { openBook } from './open-books.ts'
import { payOut, type RefundOutcome, setAside, settleRefund } from './refund-payments.ts'
import { REFUNDABLE } from './refundable.ts'
import { saveBooks } from './save-books.ts'

/** A refund as the provider has it. `charge` is the provider's name of the payment; the amount is in whole minor units. */
export type MadeRefund = {
  reference: string
  charge: string
  amount: Micros
  reason: string | null
  outcome: RefundOutcome
}

type Refused = { ok: false; detail: string }
type Refunded = {
  paymentId: string
  invoiceId: string
  number: string | null
  currency: string
  refundable: bigint
}

/** `booked`: whether anything was new. */
export async function bookMadeRefund(
  tx: Transaction,
  accountId: string,
  made: MadeRefund,
  provider: { name: string },
): Promise<{ ok: true; booked: boolean } | Refused> {
  const books = await openBook(tx, accountId)
  if (!books) return { ok: true, booked: false }
  await saveBooks(tx, [books])
  const naturalKey = `${provider.name}:${made.reference}`
  const known = await readKnown(tx, accountId, { naturalKey, reference: made.reference })
  if (known !== null) return { ok: true, booked: await settleRefund(tx, accountId, known, made.outcome) }
  // Nothing has left.
  if (made.outcome.status === 'failed') return { ok: true, booked: false }
  const payment = await readRefunded(tx, accountId, made.charge)
  if (!payment) return { ok: true, booked: false }
  const { amount } = made
  const { paymentId, currency } = payment
  if (amount > payment.refundable) {
    const left = formatAmount(payment.refundable, currency)
    return { ok: false, detail: `Of its payment ${left} is left that has not gone back.` }
  }
  const reason = `Refunded at ${provider.name}${made.reason === null ? '' : `: ${made.reason}`}`
  const source = await makeCredit(tx, books, payment, { amount, reason })
  if (!source.ok) return source
  const { creditNoteId } = source
  const facts = { ...source, creditNoteId, grantId: null, amount, currency, reason, naturalKey }
  const refundId = await setAside(tx, books, { ...facts, paymentId })
  await settleRefund(tx, accountId, refundId, made.outcome)
  return { ok: true, booked: true }
}

async function makeCredit(
  tx: Transaction,
  books: Books,
  { invoiceId, number }: Refunded,
  { amount, reason }: { amount: Micros; reason: string },
): Promise<{ ok: true; source: 'invoice' | 'customer_credit'; creditNoteId: string | null } | Refused> {
  // A start or an upgrade that lapsed has no number: its money is customer credit.
  const allowed =
    number === null ? null : await allowOfInvoice(tx, books, { invoiceId, gross: amount, reason })
  if (allowed?.ok) return { ok: true, source: 'invoice', creditNoteId: allowed.creditNoteId }
  const paid = await payOut(tx, books, amount)
  if (paid.ok) return { ok: true, source: 'customer_credit', creditNoteId: null }
  return { ok: false, detail: [allowed?.detail, paid.detail].filter(Boolean).join(' ') }
}

async function readKnown(
  tx: Transaction,
  accountId: string,
  { naturalKey, reference }: { naturalKey: string; reference: string },
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `select refund_id as "id" from refunds where account_id = $1 and (natural_key = $2 or provider_reference = $3)`,
    [accountId, naturalKey, reference],
  )
  return row?.id ?? null
}

async function readRefunded(tx: Transaction, accountId: string, charge: string): Promise<Refunded | null> {
  const [payment] = await tx.query<Refunded>(
    `select p.payment_id as "paymentId", p.invoice_id as "invoiceId", i.number, p.currency,
       ${REFUNDABLE} as "refundable"
     from payments p join invoices i using (account_id, invoice_id)
     where p.account_id = $1 and p.provider_reference = $2 and p.status = 'succeeded'`,
    [accountId, charge],
  )
  return payment ?? null
}
