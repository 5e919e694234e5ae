/**
 * All bodies of the HTTP API, in one place: what validates requests, serializes answers and makes the OpenAPI
 * document is the same schema.
 *
 * Snake case. Amounts are decimal strings of the credit unit or the currency ("49.8"); inside they are bigint
 * micros. Instants are RFC 3339 UTC; inside they are Date. Ids carry their kind; inside they are UUIDs.
 */
import { z } from 'zod'
import { PASSWORD_LENGTH } from '../accounts/password-length.ts'
import { formatMicros, MAX_MICROS, type Micros, parseMicros } from '../billing/micros.ts'
import { idOf } from './ids.ts'

// ------------------------------------------------------------------------------------------------ building blocks

const decimal = z
  .string()
  .regex(/^-?(0|[1-9]\d{0,12})(\.\d{1,6})?$/, 'a decimal number with at most 6 decimals, such as "49.8"')
  .refine((text) => parseMicros(text) !== undefined, 'an amount beyond the largest that can be held')

/** An amount in the credit unit or the currency. */
export const amount = z
  .codec(decimal, z.custom<Micros>(isMicros), {
    decode: (text): Micros => parseMicros(text)!,
    encode: (micros: Micros): string => formatMicros(micros),
  })
  .meta({ description: 'Decimal string in the credit unit or the currency, without trailing zeros.' })

/** A share of one: 19 % is "0.19". */
const taxRate = amount.meta({ description: 'A share of one as a decimal string: 19 % is "0.19".' })

function isMicros(value: unknown): value is Micros {
  return typeof value === 'bigint' && value >= -MAX_MICROS && value <= MAX_MICROS
}

export const instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})

const operationCode = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/)
const name = z.string().trim().min(1).max(200)
/** Counts come from bigint columns; every count that this service can hold is a safe integer. */
const count = z.number().int().nonnegative()
const quantity = z.number().int().positive().max(1_000_000_000)

export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() })
}

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .loose()
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })

// ------------------------------------------------------------------------------------------------ plans and balance

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

// ------------------------------------------------------------------------------------------------ changing the plan

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

// ------------------------------------------------------------------------------------------------ usage

export const usageInput = z
  .object({
    key: z.string().min(1).max(200),
    operation: operationCode,
    quantity: quantity.default(1),
    occurred_at: instant.optional(),
    /** Only with an operator key: whose usage this is. */
    account_id: idOf('account').optional(),
  })
  .strict()
export const usageRequest = z.union([usageInput, z.array(usageInput).min(1).max(1000)])

export const usageRecord = z
  .object({
    id: idOf('usage'),
    key: z.string(),
    operation: operationCode,
    quantity: count,
    cost: amount,
    from_credits: amount,
    overage: amount,
    /** Credits that no grant covered; what overage is the money for. */
    overage_credits: amount,
    balance_after: amount,
  })
  .meta({ id: 'UsageRecord' })
export const usageAnswer = z.union([usageRecord, z.array(usageRecord)])

export const usageListed = z
  .object({
    id: idOf('usage'),
    key: z.string(),
    source: z.enum(['api', 'run']),
    operation: operationCode,
    quantity: count,
    unit_price: amount,
    cost: amount,
    from_credits: amount,
    overage: amount,
    booked_at: instant,
    occurred_at: instant,
    late: z.boolean(),
    run_id: idOf('run').nullable(),
    /** Number of the credit note that took it back; null while it stands. */
    credited_by: z.string().nullable(),
  })
  .meta({ id: 'UsageListed' })
export const usageList = listOf(usageListed)

export const usageSummary = z
  .object({
    period,
    /** One row a day (in the account's zone) and operation; days without usage are absent. */
    days: z.array(
      z.object({
        day: z.iso.date(),
        operation: operationCode,
        quantity: count,
        from_credits: amount,
        overage: amount,
      }),
    ),
    operations: z.array(
      z.object({
        operation: operationCode,
        quantity: count,
        cost: amount,
        from_credits: amount,
        overage: amount,
      }),
    ),
  })
  .meta({ id: 'UsageSummary' })

// ------------------------------------------------------------------------------------------------ automations

const settings = z.record(z.string(), z.unknown())
export const step = z.object({ operation: operationCode, settings: settings.optional() }).strict()
const steps = z.array(step).min(1).max(20)

export const automationRequest = z.object({ name, steps }).strict()
export const automationPatch = z.object({ name: name.optional(), steps: steps.optional() }).strict()
export const automation = z
  .object({
    id: idOf('automation'),
    name: z.string(),
    steps: z.array(step),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Automation' })
export const automationList = listOf(automation)

/** The catalogue of image operations with the JSON Schema of their settings: what an editor is drawn from. */
export const operation = z
  .object({ code: operationCode, name: z.string(), description: z.string(), settings_schema: settings })
  .meta({ id: 'Operation' })
export const operationList = listOf(operation)

export const image = z
  .object({
    id: idOf('image'),
    name: z.string(),
    sha256: z.string(),
    bytes: count,
    format: z.string(),
    width: count,
    height: count,
    created_at: instant,
    /** Already there: the same bytes were uploaded before. */
    known: z.boolean().optional(),
  })
  .meta({ id: 'Image' })
export const imageList = listOf(image)
/** Where a photo is fetched from, in place of an upload. */
export const imageAddress = z.object({ url: z.string().min(1).max(2_048) }).strict()
/** One answer per uploaded file, in order; a refused file tells why and stops no other. */
export const uploadAnswer = z.object({
  images: z.array(image),
  refused: z.array(z.object({ name: z.string(), refusal: z.string(), detail: z.string() })),
})

export const quoteRequest = z
  .object({
    automation_id: idOf('automation'),
    image_ids: z.array(idOf('image')).min(1).max(100_000).optional(),
    image_count: z.number().int().min(1).max(1_000_000).optional(),
  })
  .refine((body) => (body.image_ids === undefined) !== (body.image_count === undefined), {
    message: 'give either "image_ids" or "image_count"',
  })
export const quote = z
  .object({
    id: idOf('quote'),
    automation_id: idOf('automation'),
    image_count: count,
    /** A maximum: work already paid for is free. Unit prices are bound; the split is at today's balance. */
    cost: amount,
    from_credits: amount,
    overage: amount,
    overage_credits: amount,
    balance: amount,
    balance_after: amount,
    operations: z.array(
      z.object({
        operation: operationCode,
        name: z.string(),
        quantity: count,
        unit_price: amount,
        cost: amount,
      }),
    ),
    /** Images whose whole work is already paid for and costs nothing again. */
    already_paid_images: count,
    plan: planRef,
    plan_version: z.number(),
    credit_unit: z.string(),
    currency: z.string(),
    expires_at: instant,
    summary: z.string(),
  })
  .meta({ id: 'Quote' })

const share = z.number().min(-2).max(2)
/** Where a person cuts a photo, in shares of the upright photo; it may reach beyond a cut-out. */
export const photoBox = z
  .object({ x: share, y: share, width: z.number().positive().max(4), height: z.number().positive().max(4) })
  .strict()
export const redoQuoteRequest = z.object({ photo_box: photoBox }).strict()
export const redoRequest = z.object({ photo_box: photoBox, quote_id: idOf('quote').optional() }).strict()

export const runRequest = z.object({
  automation_id: idOf('automation'),
  image_ids: z.array(idOf('image')).min(1).max(100_000),
  quote_id: idOf('quote').optional(),
  name: name.optional(),
  /** The event run.finished is sent there, signed like a webhook. */
  callback_url: z.url().max(2000).optional(),
})
export const run = z
  .object({
    id: idOf('run'),
    name: z.string(),
    automation_id: idOf('automation'),
    /** paused_by_budget: the limit of overage that the customer has set holds what is left of it. */
    status: z.enum(['running', 'paused_by_budget', 'finished', 'cancelled']),
    items: z.object({
      total: count,
      queued: count,
      working: count,
      succeeded: count,
      failed: count,
      held: count,
      cancelled: count,
    }),
    cost: amount,
    from_credits: amount,
    overage: amount,
    currency: z.string(),
    credit_unit: z.string(),
    /** Why nothing moves, if nothing does: the models are still being fetched, for example. */
    waiting_for: z.string().nullable(),
    /** Seconds, from the pace so far; null before the first item. */
    remaining_seconds: count.nullable(),
    created_at: instant,
    finished_at: instant.nullable(),
  })
  .meta({ id: 'Run' })
export const runList = listOf(run)

export const itemFile = z.object({
  bytes: count,
  format: z.string(),
  width: count,
  height: count,
  url: z.string(),
  preview_url: z.string(),
})
export const item = z
  .object({
    id: idOf('item'),
    position: count,
    status: z.enum(['queued', 'working', 'succeeded', 'failed', 'held', 'cancelled']),
    image: z.object({ id: idOf('image'), name: z.string(), preview_url: z.string() }),
    output: itemFile.nullable(),
    /** When its photo was removed, and with it what was made of it; null while both are there. */
    removed_at: instant.nullable(),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    report: z.array(settings),
    cost: amount,
    from_credits: amount,
    overage: amount,
    /** Of a held item: what accepting it would cost. */
    cost_if_accepted: amount.nullable(),
    finished_at: instant.nullable(),
  })
  .meta({ id: 'Item' })
export const itemList = listOf(item)

/** Server-sent events of a run: `item` (an Item), `run` (a Run), `balance` (below); the id of an event resumes after it. */
export const balanceEvent = z.object({ balance: amount, overage: amount })

export const receipt = z
  .object({
    run: run,
    automation: z.object({ name: z.string(), steps: z.array(step) }),
    plan: planRef,
    operations: z.array(
      z.object({
        operation: operationCode,
        name: z.string(),
        charged: count,
        /** Done before in this account and already paid for: free. */
        already_paid: count,
        unit_price: amount,
        cost: amount,
        from_credits: amount,
        overage: amount,
      }),
    ),
    images: z.array(
      z.object({
        item_id: idOf('item'),
        name: z.string(),
        status: z.string(),
        failure: z.string().nullable(),
        cost: amount,
        from_credits: amount,
        overage: amount,
        steps: z.array(
          z.object({
            operation: operationCode,
            usage_id: idOf('usage').nullable(),
            already_paid: z.boolean(),
            cost: amount,
            from_credits: amount,
            overage: amount,
          }),
        ),
      }),
    ),
    cost: amount,
    from_credits: amount,
    overage: amount,
    currency: z.string(),
    credit_unit: z.string(),
  })
  .meta({ id: 'Receipt' })

// ------------------------------------------------------------------------------------------------ invoices

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

// ------------------------------------------------------------------------------------------------ accounts

const email = z.email().max(320)
const password = z.string().min(PASSWORD_LENGTH.least).max(PASSWORD_LENGTH.most)

export const signUpRequest = z.object({ name, email, password }).strict()
/** A password of a length that nobody can have is refused like any wrong one. */
export const signInRequest = z.object({ email: z.string().max(320), password: z.string().max(1000) }).strict()
export const firstOperatorRequest = z.object({ token: z.string().max(200), name, email, password }).strict()
export const passwordLinkRequest = z.object({ email: z.email().max(320) }).strict()
export const newPasswordRequest = z.object({ token: z.string().max(200), password }).strict()
export const signedIn = z.object({ user: z.object({ id: z.string(), name: z.string(), email: z.string() }) })

const role = z.enum(['owner', 'admin', 'billing', 'editor', 'viewer'])
export const scope = z.enum(['read', 'write', 'usage:write', 'billing:write'])

export const me = z
  .object({
    user: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
    operator: z.boolean(),
    /** Whether this installation's clock can be moved and cards are play money. */
    sandbox: z.boolean(),
    accounts: z.array(z.object({ id: idOf('account'), name: z.string(), role })),
  })
  .meta({ id: 'Me' })

export const accountRequest = z.object({ name, zone: z.string().max(100).optional() })
export const account = z
  .object({
    id: idOf('account'),
    name: z.string(),
    zone: z.string(),
    invoice_prefix: z.string(),
    created_at: instant,
  })
  .meta({ id: 'Account' })

export const member = z
  .object({ user_id: z.string(), name: z.string(), email: z.string(), role, created_at: instant })
  .meta({ id: 'Member' })
export const memberList = listOf(member)
export const invitationRequest = z.object({ email: z.email().max(320), role })
/** The link is shown once, to the member who invites. */
export const invitation = z
  .object({
    id: idOf('invitation'),
    email: z.string(),
    role,
    link: z.string().optional(),
    created_at: instant,
    expires_at: instant,
    accepted_at: instant.nullable(),
  })
  .meta({ id: 'Invitation' })
export const invitationList = listOf(invitation)
export const acceptInvitationRequest = z.object({ token: z.string().min(1).max(200) })
export const memberPatch = z.object({ role })

export const apiKeyRequest = z.object({
  name,
  scopes: z.array(scope).min(1).default(['read', 'write', 'usage:write', 'billing:write']),
})
export const apiKey = z
  .object({
    id: idOf('api_key'),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(scope),
    created_at: instant,
    revoked_at: instant.nullable(),
    /** Shown once, in the answer that makes the key. */
    key: z.string().optional(),
  })
  .meta({ id: 'ApiKey' })
export const apiKeyList = listOf(apiKey)

// ------------------------------------------------------------------------------------------------ operator

export const operatorAccount = z
  .object({
    id: idOf('account'),
    name: z.string(),
    plan: z.string().nullable(),
    balance: amount,
    overage: amount,
    amount_due: amount,
    currency: z.string().nullable(),
    credit_unit: z.string().nullable(),
    /** The next boundary; null without a plan. */
    period_end: instant.nullable(),
    now: instant,
    created_at: instant,
  })
  .meta({ id: 'OperatorAccount' })
export const operatorAccountList = listOf(operatorAccount)

/** Under the sandbox payment provider, `card` adds a test card, with which the plan starts at once. */
export const operatorAccountRequest = z.object({
  name,
  email: z.email().max(320).optional(),
  plan: z.string().optional(),
  zone: z.string().max(100).optional(),
  /** Civil date-time of the anchor in the zone; only in sandbox mode. */
  card: z.string().max(200).optional(),
})
export const operatorAccountCreated = z.object({
  account_id: idOf('account'),
  /** Shown this once. */
  api_key: z.string(),
  /** With "email": what that person opens to become the owner. Shown this once. */
  invitation_link: z.string().nullable(),
  /** Whether "plan" has started; with a card that was declined, or that must be confirmed, it has not. */
  plan_started: z.boolean(),
  /** Why the plan has not started, in a sentence. */
  plan_detail: z.string().nullable(),
})

export const clockRequest = z
  .object({ to: instant, account_id: idOf('account').optional(), all: z.literal(true).optional() })
  .refine((body) => (body.account_id === undefined) !== (body.all === undefined), {
    message: 'give either "account_id" or "all": true',
  })
export const clockAnswer = z.object({
  accounts: z.array(
    z.object({ account_id: idOf('account'), now: instant, boundaries: count, invoices: z.array(z.string()) }),
  ),
})

const versionTerms = z.object({
  currency: z.string().max(3),
  credit_unit: z.string().max(63),
  /** Currency for one credit in overage; 1 where the unit is money. */
  credit_price: z.string().max(40).optional(),
  list_price: z.string().max(40),
  discount: z.string().max(40).optional(),
  /** Granted each period. */
  credits: z.string().max(40),
  prices: z
    .array(
      z
        .object({
          operation: z.string().max(64),
          unit_price: z.string().max(40),
          /** Unit price × price of a credit, unless said. */
          overage_unit_price: z.string().max(40).optional(),
        })
        .strict(),
    )
    .min(1)
    .max(500),
  rollover: z
    .object({ cap: z.string().max(40).optional(), periods: z.number() })
    .strict()
    .optional(),
  trial: z
    .object({ days: z.number(), successor: z.string().max(64) })
    .strict()
    .optional(),
})
export const planRequest = versionTerms
  .extend({ code: z.string().max(64), name: z.string().max(100) })
  .strict()
export const planVersionRequest = versionTerms
  .extend({
    /** How long subscribers are told before a boundary makes it theirs; null leaves them on the version they have. */
    notice_days: z.number().nullable().default(null),
  })
  .strict()

export const operatorGrantRequest = z
  .object({
    account_id: idOf('account'),
    source: z.enum(['promotion', 'purchase', 'adjustment']),
    /** In the account's credit unit. */
    credits: amount,
    /** Of a purchase, without tax, in the account's currency: falls due at once, on an invoice of its own. */
    price: amount.optional(),
    /** What the account is taken to count in; refused where it does not. Needed only before its first plan. */
    units: z
      .object({ currency: z.string().max(3), credit_unit: z.string().max(63) })
      .strict()
      .optional(),
    /** At once, unless said. */
    starts_at: instant.optional(),
    /** Exclusive. Never, unless said. */
    expires_at: instant.nullable().optional(),
    /** 0 is drawn first, 100 last, among grants that expire together; plan credits have 50. */
    priority: z.number().int().min(0).max(100).default(50),
    reason: z.string().trim().min(1).max(500),
  })
  .strict()
  .meta({ id: 'OperatorGrantRequest' })
export const operatorGrant = grant
  .extend({
    account_id: idOf('account'),
    /** What was paid for it, without tax. */
    price: amount,
    /** When it was used up by time or taken back. */
    ended_at: instant.nullable(),
    void_reason: z.string().nullable(),
    /** What a purchase was billed with. */
    invoice_id: idOf('invoice').nullable(),
    created_at: instant,
  })
  .meta({ id: 'OperatorGrant' })
export const operatorGrantList = listOf(operatorGrant)
export const operatorGrantQuery = listQuery.extend({ account_id: idOf('account') })
export const voidGrantRequest = z
  .object({ account_id: idOf('account'), reason: z.string().trim().min(1).max(500) })
  .strict()

// ------------------------------------------------------------------------------------------------ health

export const health = z.object({ status: z.literal('ok'), version: z.string() })
export const readiness = z.object({
  status: z.enum(['ready', 'starting']),
  database: z.boolean(),
  models: z.object({
    state: z.enum(['ready', 'checking', 'fetching', 'waiting', 'refused']),
    detail: z.string(),
    done: count.nullable(),
    total: count.nullable(),
  }),
})
