/** Payments on the wire: what the provider tells, what waits for its payer, what goes back, and what nobody has paid. */
import { z } from 'zod'
import { idOf } from './ids.ts'
import { amount, instant, listOf, listQuery } from './shapes.ts'

/** What Stripe wants to hear; it tells an event again until it does. */
export const eventReceived = z.object({ received: z.literal(true) }).meta({ id: 'EventReceived' })

const status = z.enum(['pending', 'unknown', 'action_required', 'succeeded', 'failed'])
const currency = z.string()
const reason = z.string().trim().min(1).max(500)
const ofAccount = { account_id: idOf('account') }

export const payment = z
  .object({
    id: idOf('payment'),
    invoice_id: idOf('invoice'),
    /** Null while a start or an upgrade waits for its payment. */
    invoice_number: z.string().nullable(),
    status,
    amount,
    currency,
    method: z.string(),
    failure: z.string().nullable(),
    created_at: instant,
  })
  .meta({ id: 'Payment' })
export const paymentList = listOf(payment)
export const paymentQuery = listQuery.extend({ status: status.optional() })

/** `url`: where the payer confirms. Null where nothing waits for them any more: the status says what became of it. */
export const confirmation = z.object({ payment, url: z.string().nullable() }).meta({ id: 'Confirmation' })

// Operator

export const operatorPayment = payment
  .extend({ refundable: amount, disputed: amount })
  .meta({ id: 'OperatorPayment' })
export const operatorPaymentList = listOf(operatorPayment)
export const ofAccountQuery = listQuery.extend(ofAccount)

const unpaidStatus = z.enum(['open', 'past_due', 'uncollectible', 'written_off'])

/** An invoice that nobody has paid, with how much is at stake with its account. */
export const unpaidInvoice = z
  .object({
    id: idOf('invoice'),
    account: z.object({ id: idOf('account'), name: z.string() }),
    number: z.string(),
    status: z.string(),
    currency,
    total: amount,
    /** What is asked for; of one that was written off, what was given up. */
    amount_due: amount,
    finalized_at: instant,
    first_failed_at: instant.nullable(),
    next_attempt_at: instant.nullable(),
    last_failure: z.string().nullable(),
    /** An attempt has no outcome yet: nothing else is done before it has one. */
    under_way: z.boolean(),
    payment_method: z.string().nullable(),
    /** Of the whole account: what its invoices ask for, and its overage that no invoice asks for yet. */
    exposure: z.object({ owed: amount, unbilled: amount }),
  })
  .meta({ id: 'UnpaidInvoice' })
export const unpaidList = listOf(unpaidInvoice)
export const unpaidQuery = listQuery.extend({ status: unpaidStatus.optional() })

export const collectRequest = z.object(ofAccount)
export const settleRequest = z.object({
  ...ofAccount,
  /** What the payment can be found by: a transfer, a cheque. */
  reference: z.string().trim().min(1).max(200),
  /** When it arrived; now, where it is left out. */
  received_at: instant.optional(),
})
export const writeOffRequest = z.object({ ...ofAccount, reason })

const source = z.enum(['customer_credit', 'invoice', 'grant'])

/**
 * customer_credit: pays out customer credit that is there. invoice: gives back a part of the payment's invoice, by a credit note with its
 * tax. grant: ends a purchased grant and gives back what was paid for its rest.
 */
export const refundRequest = z
  .object({
    ...ofAccount,
    source,
    payment_id: idOf('payment').optional(),
    grant_id: idOf('grant').optional(),
    /** Left out: all that can be. Of a grant, always all that is left. */
    amount: amount.optional(),
    reason,
  })
  .refine(({ source: of, payment_id, grant_id }) => (of === 'grant' ? grant_id : payment_id) !== undefined, {
    message: 'expected "grant_id" with the source "grant", else "payment_id"',
  })

export const refund = z
  .object({
    id: idOf('refund'),
    payment_id: idOf('payment'),
    invoice_id: idOf('invoice'),
    invoice_number: z.string().nullable(),
    source,
    credit_note_id: idOf('credit_note').nullable(),
    grant_id: idOf('grant').nullable(),
    amount,
    currency,
    reason: z.string(),
    status: z.enum(['pending', 'unknown', 'succeeded', 'failed']),
    failure: z.string().nullable(),
    created_at: instant,
  })
  .meta({ id: 'Refund' })
export const refundList = listOf(refund)

export const dispute = z
  .object({
    id: idOf('dispute'),
    account: z.object({ id: idOf('account'), name: z.string() }),
    payment_id: idOf('payment'),
    invoice_id: idOf('invoice'),
    invoice_number: z.string().nullable(),
    /** The provider's name of it. */
    reference: z.string(),
    amount,
    currency,
    reason: z.string(),
    /** inquiry: the bank asks, no money has moved. dropped: it never came to a dispute. */
    status: z.enum(['inquiry', 'open', 'won', 'lost', 'dropped']),
    created_at: instant,
    closed_at: instant.nullable(),
  })
  .meta({ id: 'Dispute' })
export const disputeList = listOf(dispute)

// The sandbox, which stands for a bank

export const decideRequest = z.object({ ...ofAccount, won: z.boolean() })
export const bankParams = z.object({ reference: z.string().regex(/^charge_[0-9a-f]{32}$/) })
export const bankQuestion = z
  .object({ amount, currency, status: z.string(), return_url: z.string() })
  .meta({ id: 'BankQuestion' })
export const bankAnswer = z.object({ confirms: z.boolean() })
