/** Bodies of the routes about invoices and credit notes. */
import { z } from 'zod'
import { period } from './billing-shapes.ts'
import { count, operationCode, taxRate } from './fields.ts'
import { idOf } from './ids.ts'
import { amount, instant, listOf } from './shapes.ts'

export const invoiceLine = z
  .object({
    kind: z.enum([
      'plan_fee',
      'discount',
      'plan_change',
      'purchase',
      'usage',
      'late_usage',
      'credits_applied',
      'tax',
    ]),
    operation: operationCode.nullable(),
    quantity: count.nullable(),
    unit_price: amount.nullable(),
    amount,
    exact_amount: amount,
    /** Of a tax line. */
    tax_rate: taxRate.nullable(),
    description: z.string(),
  })
  .meta({ id: 'InvoiceLine' })

const invoiceHead = z.object({
  id: idOf('invoice'),
  number: z.string().nullable(),
  /** `interim`: overage billed before its period ends. */
  kind: z.enum(['start', 'upgrade', 'boundary', 'cancel', 'purchase', 'interim', 'upcoming']),
  status: z.enum([
    'draft',
    'open',
    'past_due',
    'uncollectible',
    'paid',
    'carried',
    'void',
    'written_off',
    'upcoming',
  ]),
  currency: z.string(),
  period,
  /** With tax. */
  total: amount,
  tax: amount,
  /** Null while it is a draft. */
  tax_treatment: z.enum(['standard', 'exempt', 'reverse_charge']).nullable(),
  opening_balance: amount,
  customer_credit_applied: amount,
  paid: amount,
  amount_due: amount,
  finalized_at: instant.nullable(),
  paid_at: instant.nullable(),
  next_attempt_at: instant.nullable(),
})
export const invoiceSummary = invoiceHead.meta({ id: 'InvoiceSummary' })
export const invoiceList = listOf(invoiceSummary)
export const invoice = invoiceHead
  .extend({
    id: idOf('invoice').nullable(),
    account: z.object({ id: idOf('account'), name: z.string() }),
    lines: z.array(invoiceLine),
    /** What billed earlier usage of the same period, which is not on this invoice. */
    interim_invoices: z.array(z.object({ id: idOf('invoice'), number: z.string().nullable(), period })),
    payments: z.array(
      z.object({
        id: idOf('payment'),
        status: z.enum(['pending', 'unknown', 'action_required', 'succeeded', 'failed']),
        amount,
        method: z.string(),
        failure: z.string().nullable(),
        created_at: instant,
      }),
    ),
  })
  .meta({ id: 'Invoice' })

/** Usage to take back: exactly one of `usage_ids`, `run_id` and `item_ids`. */
export const creditNoteRequest = z
  .object({
    account_id: idOf('account'),
    usage_ids: z.array(idOf('usage')).min(1).max(10_000).optional(),
    run_id: idOf('run').optional(),
    item_ids: z.array(idOf('item')).min(1).max(10_000).optional(),
    reason: z.string().trim().min(1).max(500),
  })
  .strict()
  .refine(
    (body) => [body.usage_ids, body.run_id, body.item_ids].filter((one) => one !== undefined).length === 1,
    { message: 'give one of "usage_ids", "run_id" and "item_ids"' },
  )
const creditNoteHead = z.object({
  id: idOf('credit_note'),
  number: z.string(),
  reason: z.string(),
  currency: z.string(),
  credit_unit: z.string(),
  /** Overage of invoices, before tax, and its tax; both have become customer credit. */
  net: amount,
  tax: amount,
  customer_credit: amount,
  /** How much of that went back to a payment method, or is on its way. */
  refunded: amount,
  /** Currency: overage of the open period that no invoice asks for any more. */
  overage_cancelled: amount,
  /** Credits that went back to the grants they came from, and those that came back as a grant of their own. */
  credits_returned: amount,
  credits_adjusted: amount,
  created_at: instant,
})
export const creditNoteSummary = creditNoteHead.meta({ id: 'CreditNoteSummary' })
export const creditNoteList = listOf(creditNoteSummary)
export const creditNote = creditNoteHead
  .extend({
    account: z.object({ id: idOf('account'), name: z.string() }),
    lines: z.array(
      z.object({
        kind: z.enum(['overage', 'tax', 'allowance', 'grant', 'allowance_tax']),
        invoice_id: idOf('invoice'),
        amount,
        description: z.string(),
      }),
    ),
    /** What was taken back, newest first. */
    usage: z.array(
      z.object({
        id: idOf('usage'),
        operation: operationCode,
        quantity: count,
        cost: amount,
        from_credits: amount,
        overage: amount,
        booked_at: instant,
      }),
    ),
  })
  .meta({ id: 'CreditNote' })
