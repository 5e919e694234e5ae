/** Bodies about plans, the balance and what follows from it: mixes, grants, entries, alerts, a limit, changing the plan, paying. */
import { z } from 'zod'
import { count, operationCode, taxRate } from './fields.ts'
import { idOf } from './ids.ts'
import { amount, instant, listOf } from './shapes.ts'

export const planRef = z.object({
  id: idOf('plan'),
  code: z.string(),
  name: z.string(),
  fee: amount,
  currency: z.string(),
  credit_unit: z.string(),
})

export const price = z
  .object({
    operation: operationCode,
    name: z.string(),
    unit_price: amount,
    overage_unit_price: amount,
    /** How many the plan's credits buy alone; null when free. */
    credits_buy: count.nullable(),
  })
  .meta({ id: 'Price' })

export const plan = planRef
  .extend({
    version: z.number(),
    list_price: amount,
    discount: amount,
    credits: amount,
    /** How much of unused credits lives on at a boundary, and for how many periods; a null cap is no cap. */
    rollover: z.object({ cap: amount.nullable(), periods: count }).nullable(),
    /** How long a trial runs, and the code of the plan that follows it. */
    trial: z.object({ days: count, successor: z.string() }).nullable(),
    prices: z.array(price),
  })
  .meta({ id: 'Plan' })
export const planList = listOf(plan)

export const period = z.object({ start: instant, end: instant })

/** How an account is taxed, from its next invoice on. Exempt and reverse charge ask for no tax and say so. */
export const accountTax = z
  .object({
    treatment: z.enum(['standard', 'exempt', 'reverse_charge']).default('standard'),
    rates: z.array(z.object({ name: z.string().trim().min(1).max(100), rate: taxRate })).max(20),
  })
  .meta({ id: 'AccountTax' })

/** Per operation: how many the balance still buys alone; null when the operation is free. */
const available = z.record(operationCode, count.nullable())

/** What to be told of: a percentage of the credits, an amount of overage, or one that the period is likely to end with. */
export const alertRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('credits'), percent: z.number().int().min(1).max(100) }),
  z.object({
    kind: z.enum(['overage', 'forecast']),
    amount: amount.refine((micros) => micros > 0n, 'an amount above 0'),
  }),
])
export const alertRequest = z.object({ rules: z.array(alertRule).max(20) })
export const alerts = z
  .object({
    rules: z.array(alertRule),
    /** In the open period, newest first; with how the account stood then. */
    told: z.array(
      z.object({
        id: idOf('alert'),
        rule: alertRule,
        told_at: instant,
        credits_included: amount,
        balance: amount,
        overage: amount,
        forecast: amount.nullable(),
      }),
    ),
    currency: z.string().nullable(),
  })
  .meta({ id: 'Alerts' })

/** In currency; null is no limit. */
const overageLimit = amount.refine((micros) => micros >= 0n, 'an amount, 0 or more').nullable()
export const pauseRequest = z.object({ overage_limit: overageLimit })
export const pause = z
  .object({
    overage_limit: overageLimit,
    /** Accrued in the open period. */
    overage: amount,
    paused_runs: count,
    currency: z.string().nullable(),
  })
  .meta({ id: 'Pause' })

/** What follows at a boundary without the customer's doing. */
const succession = z.object({ kind: z.enum(['trial_end', 'new_version']), plan, effective_at: instant })

export const billing = z
  .object({
    plan: planRef.nullable(),
    subscription: z
      .object({
        id: idOf('subscription'),
        status: z.enum(['active', 'cancelled']),
        pending: z
          .object({
            kind: z.enum(['change', 'cancel']),
            plan: planRef.nullable(),
            effective_at: instant,
          })
          .nullable(),
        /** What follows without your doing: the plan after a trial, or a new version of yours. */
        succession: succession.nullable(),
      })
      .nullable(),
    period: period.nullable(),
    prices: z.array(price),
    credits_included: amount,
    balance: amount,
    /** The part of the balance that has rolled over from earlier periods. */
    rolled_over: amount,
    overage: amount,
    /** The part of the overage that interim invoices have billed already. */
    overage_invoiced: amount,
    overage_credits: amount,
    available,
    currency: z.string().nullable(),
    credit_unit: z.string().nullable(),
    zone: z.string(),
    /** The account's business time: the present, ahead of it by what a sandbox clock was moved. */
    now: instant,
    payment_method: z
      .object({
        id: idOf('payment_method'),
        provider: z.string(),
        brand: z.string(),
        last4: z.string(),
        expires: z.string(),
      })
      .nullable(),
    /** What is owed on finalized invoices. */
    amount_due: amount,
    /** Currency that this account has with us: used before the payment method. */
    customer_credit: amount,
    tax: accountTax,
    /** How the period is likely to end; null while there is too little to say. */
    forecast: z
      .object({
        /** Null when they last to the period's end. */
        credits_run_out_at: instant.nullable(),
        overage: z.object({ low: amount, likely: amount, high: amount }),
        /** How many whole days it rests on. */
        days: count,
      })
      .nullable(),
    verified_at: instant.nullable(),
  })
  .meta({ id: 'Billing' })

export const mixRequest = z
  .object({
    fixed: z.record(operationCode, count.max(1_000_000_000)).optional(),
    target: z.record(operationCode, count.max(1_000_000_000)).optional(),
    automation_id: idOf('automation').optional(),
  })
  .refine((body) => (body.fixed === undefined) !== (body.target === undefined), {
    message: 'give either "fixed" (what you have decided on) or "target" (what you want to be able to run)',
  })

export const mix = z
  .object({
    fixed: z.record(operationCode, count).optional(),
    target: z.record(operationCode, count).optional(),
    cost: amount,
    balance: amount,
    balance_after: amount,
    /** Currency: what this would cost beyond the balance. */
    overage: amount,
    overage_credits: amount,
    /** With "target": the balance that it needs; equal to cost. */
    balance_needed: amount.optional(),
    available,
    /** With "automation_id": how many images of that automation the rest still pays for; null when free. */
    automation_images: count.nullable().optional(),
  })
  .meta({ id: 'Mix' })

export const grant = z
  .object({
    id: idOf('grant'),
    source: z.enum(['plan', 'upgrade', 'promotion', 'purchase', 'adjustment']),
    granted: amount,
    remaining: amount,
    starts_at: instant,
    expires_at: instant.nullable(),
    priority: z.number(),
    reason: z.string().nullable(),
    /** How often these credits have rolled over from a period to the next; 0 for those that never did. */
    rolled_over: count,
  })
  .meta({ id: 'Grant' })
export const grantList = listOf(grant)

export const entry = z
  .object({
    id: z.string(),
    sequence: z.number(),
    booked_at: instant,
    cause: z.string(),
    cause_id: z.string(),
    entries: z.array(z.object({ account: z.string(), commodity: z.string(), amount })),
  })
  .meta({
    id: 'LedgerTransaction',
    description: 'One double-entry transaction: its entries sum to zero per commodity.',
  })
export const entryList = listOf(entry)

export const subscriptionRequest = z.object({ plan: z.string(), preview_id: idOf('preview').optional() })
export const subscriptionPreview = z
  .object({
    id: idOf('preview'),
    kind: z.enum(['start', 'upgrade', 'at_boundary']),
    plan: planRef,
    /** Before tax. */
    charge: amount,
    taxes: z.array(z.object({ name: z.string(), rate: taxRate, amount })),
    customer_credit_applied: amount,
    /** Taken from the payment method on confirming: charge and taxes, less customer credit. */
    amount_today: amount,
    /** Credits granted on confirming. */
    credits_today: amount,
    balance_after: amount,
    effective_at: instant,
    period: period,
    pinned_at: instant,
    expires_at: instant,
    /** One plain sentence: what happens, when, for how much. */
    summary: z.string(),
  })
  .meta({ id: 'SubscriptionPreview' })

export const subscriptionResult = z
  .object({
    kind: z.enum(['start', 'upgrade', 'at_boundary']),
    status: z.enum(['effective', 'scheduled', 'awaiting_payment']),
    effective_at: instant,
    invoice_id: idOf('invoice').nullable(),
  })
  .meta({ id: 'SubscriptionResult' })

export const cancelRequest = z.object({ at: z.enum(['boundary', 'now']).default('boundary') })
export const cancelResult = z.object({ status: z.enum(['scheduled', 'cancelled']), effective_at: instant })
export const resumeResult = z.object({ status: z.literal('active') })

export const paymentMethodRequest = z.object({ token: z.string().min(1).max(200) })
/** The payment provider's own page, where a card is put in. It leads back to the billing page. */
export const cardForm = z.object({ url: z.url() })
export const paymentMethod = billing.shape.payment_method.unwrap().meta({ id: 'PaymentMethod' })
