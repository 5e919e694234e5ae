/** Bodies of the routes about usage: what is recorded, what was, and its sums. */
import { z } from 'zod'
import { period } from './billing-shapes.ts'
import { count, operationCode, quantity } from './fields.ts'
import { idOf } from './ids.ts'
import { amount, instant, listOf } from './shapes.ts'

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
