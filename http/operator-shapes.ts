/** Bodies of the routes by which the operator looks at one account, and at what all of them owe. */
import { z } from 'zod'
import { idOf } from './ids.ts'
import { amount, billing, creditNoteSummary, instant, invoiceSummary, listQuery } from './shapes.ts'
import { verifiedAccount } from './verify-shapes.ts'

const count = z.number().int().nonnegative()

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
