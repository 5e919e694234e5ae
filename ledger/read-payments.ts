/**
 * Payments, refunds, disputes and unpaid invoices as they are shown, to the customer and to the operator.
 *
 * Called by http/. Nothing here changes anything, and nothing that is due is processed: that is the sweeper's.
 */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import { DISPUTED, REFUNDABLE } from './refundable.ts'

export type ListedPayment = {
  id: string
  invoiceId: string
  /** Null while a start or an upgrade waits for its payment. */
  invoiceNumber: string | null
  status: 'pending' | 'unknown' | 'action_required' | 'succeeded' | 'failed'
  provider: string
  amount: Micros
  currency: string
  /** "Visa ending in 4242", or what the operator has noted. */
  method: string
  failure: string | null
  /** How much of it can still go back to the card; 0 where it did not pay by one. */
  refundable: Micros
  /** How much of it its bank holds or has taken back in disputes. */
  disputed: Micros
  createdAt: Date
}

/** Payments before the given one, newest first; `status` null for all. */
export function listPayments(
  tx: Transaction,
  accountId: string,
  page: { status: ListedPayment['status'] | null; limit: number; before: string | null },
): Promise<ListedPayment[]> {
  return tx.query<ListedPayment>(
    `${SELECT_PAYMENT} where p.account_id = $1 and ($2::text is null or p.status = $2)
       and ($3::uuid is null or p.payment_id < $3) order by p.payment_id desc limit $4`,
    [accountId, page.status, page.before, page.limit],
  )
}

export async function readPayment(
  tx: Transaction,
  accountId: string,
  paymentId: string,
): Promise<ListedPayment | null> {
  const key = [accountId, paymentId]
  return (
    (
      await tx.query<ListedPayment>(`${SELECT_PAYMENT} where p.account_id = $1 and p.payment_id = $2`, key)
    )[0] ?? null
  )
}

const SELECT_PAYMENT = `select p.payment_id as "id", p.invoice_id as "invoiceId", i.number as "invoiceNumber", p.status, p.provider,
    p.amount_micros as "amount", p.currency,
    coalesce(m.brand || ' ending in ' || m.last4, 'By hand: ' || p.provider_reference) as "method",
    p.failure_message as "failure", p.created_at as "createdAt",
    case when p.status = 'succeeded' and p.provider <> 'by_hand' then ${REFUNDABLE} else 0 end as "refundable",
    ${DISPUTED} as "disputed"
  from payments p join invoices i using (account_id, invoice_id)
  left join payment_methods m using (account_id, payment_method_id)`

export type ListedRefund = {
  id: string
  paymentId: string
  invoiceId: string
  invoiceNumber: string | null
  source: 'customer_credit' | 'invoice' | 'grant'
  creditNoteId: string | null
  grantId: string | null
  amount: Micros
  currency: string
  reason: string
  status: 'pending' | 'unknown' | 'succeeded' | 'failed'
  failure: string | null
  createdAt: Date
}

/** Refunds of an account before the given one, newest first. */
export function listRefunds(
  tx: Transaction,
  accountId: string,
  page: { limit: number; before: string | null },
): Promise<ListedRefund[]> {
  return tx.query<ListedRefund>(
    `${SELECT_REFUND} where r.account_id = $1 and ($2::uuid is null or r.refund_id < $2) order by r.refund_id desc limit $3`,
    [accountId, page.before, page.limit],
  )
}

export async function readRefund(
  tx: Transaction,
  accountId: string,
  refundId: string,
): Promise<ListedRefund> {
  const key = [accountId, refundId]
  return (
    await tx.query<ListedRefund>(`${SELECT_REFUND} where r.account_id = $1 and r.refund_id = $2`, key)
  )[0]!
}

const SELECT_REFUND = `select r.refund_id as "id", r.payment_id as "paymentId", i.invoice_id as "invoiceId",
    i.number as "invoiceNumber", r.source, r.credit_note_id as "creditNoteId", r.grant_id as "grantId", r.amount_micros as "amount",
    r.currency, r.reason, r.status, r.failure_message as "failure", r.created_at as "createdAt"
  from refunds r join payments p using (account_id, payment_id) join invoices i using (account_id, invoice_id)`

export type ListedDispute = {
  id: string
  accountId: string
  accountName: string
  paymentId: string
  invoiceId: string
  invoiceNumber: string | null
  reference: string
  amount: Micros
  currency: string
  reason: string
  status: 'inquiry' | 'open' | 'won' | 'lost' | 'dropped'
  createdAt: Date
  closedAt: Date | null
}

/** Disputes of all accounts before the given one, newest first. For the service role. */
export function listDisputes(
  tx: Transaction,
  page: { limit: number; before: string | null },
): Promise<ListedDispute[]> {
  return tx.query<ListedDispute>(
    `${SELECT_DISPUTE} where $1::uuid is null or d.dispute_id < $1 order by d.dispute_id desc limit $2`,
    [page.before, page.limit],
  )
}

export async function readDispute(
  tx: Transaction,
  accountId: string,
  disputeId: string,
): Promise<ListedDispute | null> {
  const key = [accountId, disputeId]
  return (
    (
      await tx.query<ListedDispute>(`${SELECT_DISPUTE} where d.account_id = $1 and d.dispute_id = $2`, key)
    )[0] ?? null
  )
}

const SELECT_DISPUTE = `select d.dispute_id as "id", d.account_id as "accountId", a.name as "accountName",
    d.payment_id as "paymentId", i.invoice_id as "invoiceId", i.number as "invoiceNumber", d.provider_reference as "reference",
    d.amount_micros as "amount", d.currency, d.reason, d.status, d.created_at as "createdAt", d.closed_at as "closedAt"
  from disputes d join accounts a using (account_id) join payments p using (account_id, payment_id)
  join invoices i using (account_id, invoice_id)`

export type UnpaidStatus = 'open' | 'past_due' | 'uncollectible' | 'written_off'

export type UnpaidInvoice = {
  id: string
  accountId: string
  accountName: string
  number: string
  status: UnpaidStatus
  currency: string
  total: Micros
  /** Of one that was given up: what was. */
  amountDue: Micros
  finalizedAt: Date
  firstFailedAt: Date | null
  nextAttemptAt: Date | null
  /** What became of the last attempt; null where there was none. */
  lastFailure: string | null
  /** Whether an attempt has no outcome yet. */
  underWay: boolean
  method: string | null
  /** Currency, of the whole account: what its invoices ask for, and what it has used beyond that. */
  owed: Micros
  unbilled: Micros
}

/** Invoices that nobody has paid, of all accounts, oldest first, after the given one. For the service role. */
export function listUnpaid(
  tx: Transaction,
  page: { statuses: readonly UnpaidStatus[]; limit: number; after: string | null },
): Promise<UnpaidInvoice[]> {
  return tx.query<UnpaidInvoice>(
    `${SELECT_UNPAID} where i.status = any($1) and ($2::uuid is null or i.invoice_id > $2) order by i.invoice_id limit $3`,
    [page.statuses, page.after, page.limit],
  )
}

/** One invoice as the operator sees it among the unpaid; null where it has no number. */
export async function readUnpaid(
  tx: Transaction,
  accountId: string,
  invoiceId: string,
): Promise<(Omit<UnpaidInvoice, 'status'> & { status: string }) | null> {
  const key = [accountId, invoiceId]
  const where = 'where i.account_id = $1 and i.invoice_id = $2 and i.number is not null'
  return (await tx.query<UnpaidInvoice>(`${SELECT_UNPAID} ${where}`, key))[0] ?? null
}

const SELECT_UNPAID = `select i.invoice_id as "id", i.account_id as "accountId", a.name as "accountName", i.number, i.status,
    i.currency, i.total_micros as "total", case when i.status = 'written_off' then i.written_off_micros
      else i.total_micros + i.opening_balance_micros - i.customer_credit_micros - i.paid_micros end as "amountDue",
    i.finalized_at as "finalizedAt", i.first_failed_at as "firstFailedAt", i.next_attempt_at as "nextAttemptAt",
    (select coalesce(p.failure_message, p.status) from payments p where p.account_id = i.account_id
       and p.invoice_id = i.invoice_id and p.status <> 'succeeded' order by p.attempt desc limit 1) as "lastFailure",
    exists (select from payments p where p.account_id = i.account_id and p.invoice_id = i.invoice_id
       and p.status in ('pending', 'unknown', 'action_required')) as "underWay",
    (select m.brand || ' ending in ' || m.last4 from payment_methods m
     where m.account_id = i.account_id and m.removed_at is null) as "method",
    (select coalesce(sum(o.total_micros + o.opening_balance_micros - o.customer_credit_micros - o.paid_micros), 0)::bigint
     from invoices o where o.account_id = i.account_id and (o.status in ('open', 'past_due', 'uncollectible')
       or (o.status = 'carried' and o.carried_to is null))) as "owed",
    (select coalesce(sum(o.overage_micros - o.billed_micros), 0)::bigint from periods o
     where o.account_id = i.account_id and o.closed_at is null) as "unbilled"
  from invoices i join accounts a using (account_id)`
