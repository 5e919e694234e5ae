/** Queries and answers of the routes about the journal and revenue. */
import { z } from 'zod'
import { idOf } from './ids.ts'
import { amount, instant } from './shapes.ts'

export const journalQuery = z.object({
  format: z.enum(['hledger', 'beancount', 'csv']).default('hledger'),
  /** Absent: of all accounts. */
  account_id: idOf('account').optional(),
})

export const revenueQuery = z.object({
  /** What was booked before this instant. Absent: everything. */
  until: instant.optional(),
})

export const revenue = z
  .object({
    data: z.array(
      z.object({
        /** "2026-11", in UTC. */
        month: z.string(),
        currency: z.string(),
        /** Earned in the month, without breakage and rounding. */
        recognised: amount,
        /** Credits that were paid for and ended unused. */
        breakage: amount,
        rounding: amount,
        bad_debt: amount,
        /** At the end of the month: billed and not yet earned. */
        deferred: amount,
        /** At the end of the month: accrued and not yet on a finalized invoice. */
        unbilled: amount,
        /** At the end of the month: on finalized invoices and not yet paid. */
        receivable: amount,
      }),
    ),
  })
  .meta({ id: 'Revenue' })
