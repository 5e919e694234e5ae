/** Bodies of the routes by which the operator looks at one account, and at what all of them owe. */
import { z } from 'zod'
import { billing, grant } from './billing-shapes.ts'
import { count, name } from './fields.ts'
import { idOf } from './ids.ts'
import { creditNoteSummary, invoiceSummary } from './invoice-shapes.ts'
import { amount, instant, listOf, listQuery } from './shapes.ts'
import { verifiedAccount } from './verify-shapes.ts'

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

export const accountQuery = listQuery.extend({
  /** A part of the name, or an account's id. */
  search: z.string().trim().max(200).optional(),
})

/** `amount`: overage on no invoice, in the account's currency, at which an interim invoice is made; null is never. */
export const interimRequest = z.object({ amount: amount.nullable() }).strict()
export const interim = z
  .object({
    amount: amount.nullable(),
    /** Overage of the open period that is on no invoice yet. */
    unbilled: amount,
    currency: z.string().nullable(),
  })
  .meta({ id: 'InterimInvoicing' })

export const accountView = z
  .object({
    id: idOf('account'),
    name: z.string(),
    billing,
    interim,
    /** How its books are verified, and what was found. */
    verification: verifiedAccount,
    /** The newest of each. */
    invoices: z.array(invoiceSummary),
    credit_notes: z.array(creditNoteSummary),
  })
  .meta({ id: 'AccountView' })

/** What accounts owe and will owe, one row a currency. Without tax where no invoice has been made yet. */
const exposureSum = z.object({
  currency: z.string(),
  accounts: count,
  /** Overage of open periods, on no invoice yet. */
  accruing: amount,
  /** On invoices that are asked for. */
  open: amount,
  /** Of `open`: those that were tried and not paid. */
  past_due: amount,
})
export const exposure = z
  .object({
    sums: z.array(exposureSum),
    /** Accounts by what they owe and have accrued, most first. */
    accounts: z.array(
      z.object({
        account_id: idOf('account'),
        name: z.string(),
        currency: z.string(),
        accruing: amount,
        open: amount,
        past_due: amount,
        /** The oldest unpaid invoice; null where all are paid. */
        since: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'Exposure' })
