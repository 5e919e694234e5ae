/** Bodies of the routes about the catalogue, rehearsals of a draft, and advice. */
import { z } from 'zod'
import { period, plan } from './billing-shapes.ts'
import { idOf } from './ids.ts'
import { planRequest } from './operator-shapes.ts'
import { amount, instant, listOf, listQuery } from './shapes.ts'

const count = z.number().int().nonnegative()

/** A plan as the operator sees it: on offer or withdrawn, with all its versions. */
export const cataloguePlan = z
  .object({
    code: z.string(),
    name: z.string(),
    /** Whether it can be chosen. Withdrawn, it goes on for those who have it. */
    offered: z.boolean(),
    /** Accounts that have it now, whichever version. */
    subscribers: count,
    /** Newest first. */
    versions: z.array(
      plan.extend({
        /** Currency for one credit in overage. */
        credit_price: amount,
        published_at: instant,
        /** How long subscribers of earlier versions were told before; null: they stay on theirs. */
        notice_days: z.number().nullable(),
        subscribers: count,
      }),
    ),
  })
  .meta({ id: 'CataloguePlan' })
export const catalogue = z.object({ data: z.array(cataloguePlan), next_cursor: z.null() })

export const planPatch = z.object({ offered: z.boolean() }).strict()

const among = z.enum(['subscribers', 'everyone'])

/** A draft as for publishing, and over which terms of which accounts it is tried. */
export const rehearsalRequest = planRequest
  .extend({
    /** The newest closed terms of each account. */
    terms: z.number().int().min(1).max(24).default(3),
    /** Terms under this plan, or, for a new one, under whatever plan in its currency and credit unit. */
    among: among.default('subscribers'),
  })
  .strict()

export const rehearsal = z
  .object({
    id: idOf('rehearsal'),
    status: z.enum(['waiting', 'running', 'done', 'failed']),
    fault: z.string().nullable(),
    draft: planRequest,
    currency: z.string(),
    credit_unit: z.string(),
    terms: count,
    among,
    created_at: instant,
    finished_at: instant.nullable(),
    /** How many are replayed; null until they are counted. */
    accounts: count.nullable(),
    done: count,
    /** Of those done. Accounts that would have paid less, more, and the same. */
    winners: count,
    losers: count,
    unchanged: count,
    /** Currency, without tax: what the terms did cost, and would have. */
    paid: amount,
    rehearsed: amount,
    change: amount,
    paid_overage: amount,
    rehearsed_overage: amount,
    /** Terms that were not replayed, because the plan changed within them. */
    left_out: count,
    /** Operations that were used and that the draft does not offer. */
    not_offered: z.array(z.string()),
    /** Accounts by their change in percent: above the limit before, up to `up_to`; null has no limit. */
    spread: z.array(z.object({ up_to: z.number().nullable(), accounts: count })),
  })
  .meta({ id: 'Rehearsal' })
export const rehearsalList = z.object({ data: z.array(rehearsal), next_cursor: z.null() })

export const rehearsedAccountQuery = listQuery.extend({
  /** Those who would have paid most more, or most less. */
  first: z.enum(['losers', 'winners']).default('losers'),
})
export const rehearsedAccount = z
  .object({
    account_id: idOf('account'),
    name: z.string(),
    terms: count,
    left_out: count,
    paid: amount,
    rehearsed: amount,
    change: amount,
    paid_overage: amount,
    rehearsed_overage: amount,
    not_offered: z.array(z.string()),
  })
  .meta({ id: 'RehearsedAccount' })
export const rehearsedAccountList = listOf(rehearsedAccount)

export const adviceQuery = z.object({
  /** How many of the last terms, if their usage is not too much to be replayed at once. */
  terms: z.coerce.number().int().min(1).max(12).default(3),
})
export const advice = z
  .object({
    currency: z.string(),
    /** The terms that were replayed, oldest first, with what was paid for them, without tax. */
    terms: z.array(z.object({ period, plan: z.string(), fee: amount, overage: amount })),
    /** What these terms would have cost on each plan on offer, the present one first. */
    plans: z.array(
      z.object({
        code: z.string(),
        name: z.string(),
        is_current: z.boolean(),
        fee: amount,
        overage: amount,
        total: amount,
        /** Operations that were used and that the plan does not offer. */
        not_offered: z.array(z.string()),
      }),
    ),
    /** The cheapest of them, where it is cheaper than the present one. */
    recommendation: z.object({ code: z.string(), saves: amount }).nullable(),
  })
  .meta({ id: 'Advice' })
