/** Rehearsals of a draft, for the operator; and the same replay for a customer, as advice. */
import type { z } from 'zod'
import type { Transaction } from '../database/connect.ts'
import { readAdvice } from '../ledger/read-advice.ts'
import { viewBilling } from '../ledger/read-billing.ts'
import {
  listRehearsals,
  listRehearsedAccounts,
  type Rehearsal,
  readRehearsal,
  SPREAD,
  startRehearsal,
  sumRehearsal,
} from '../ledger/rehearse-plan.ts'
import type { Handlers } from './handlers.ts'
import { cursorKey, pageOf } from './paging.ts'
import { draftOf } from './plan-routes.ts'
import { isRefused, refuse } from './problem.ts'
import type * as rehearsals from './rehearsal-shapes.ts'

export const handlers = {
  createRehearsal: ({ services, body }) =>
    services.db.asService(async (tx) => {
      const { terms, among, code, name, ...version } = body
      const draft = { ...draftOf(version), code, name }
      const started = await startRehearsal(tx, { draft, terms, among })
      return started.ok ? shown(tx, started.rehearsal) : refuse(started.refusal, started.detail)
    }),

  listRehearsals: ({ services }) =>
    services.db.asService(async (tx) => {
      const data = []
      for (const rehearsal of await listRehearsals(tx)) data.push(await shown(tx, rehearsal))
      return { data, next_cursor: null }
    }),

  getRehearsal: ({ services, params }) =>
    services.db.asService(async (tx) => {
      const rehearsal = await readRehearsal(tx, params.id)
      return rehearsal ? shown(tx, rehearsal) : refuse('rehearsal_not_found')
    }),

  listRehearsedAccounts: ({ services, params, query }) =>
    services.db.asService(async (tx) => {
      const key = cursorKey(query.cursor, (text) => /^-?\d{1,19} [0-9a-f-]{36}$/.test(text))
      if (isRefused(key)) return key
      if (!(await readRehearsal(tx, params.id))) return refuse('rehearsal_not_found')
      const [change, accountId] = key?.split(' ') ?? []
      const after = change && accountId ? { change: BigInt(change), accountId } : null
      const page = { first: query.first, limit: query.limit + 1, after }
      const rows = await listRehearsedAccounts(tx, params.id, page)
      const data = rows.map((row) => ({
        account_id: row.accountId,
        name: row.name,
        terms: row.terms,
        left_out: row.leftOut,
        paid: row.paid,
        rehearsed: row.rehearsed,
        change: row.rehearsed - row.paid,
        paid_overage: row.paidOverage,
        rehearsed_overage: row.rehearsedOverage,
        not_offered: row.notOffered,
      }))
      return pageOf(data, query.limit, (row) => `${row.change} ${row.account_id}`)
    }),

  getAdvice: async ({ services, accountId, query }) => {
    const current = await viewBilling(services.db, accountId, (state) => state?.plan ?? null)
    if (!current) return refuse('no_subscription')
    const { terms, plans, recommendation } = await readAdvice(services.db, accountId, {
      current,
      limit: query.terms,
    })
    return {
      currency: current.currency,
      terms: terms.map(({ period, planName, paidFee, paidOverage }) => ({
        period,
        plan: planName,
        fee: paidFee,
        overage: paidOverage,
      })),
      plans: plans.map(({ plan, isCurrent, cost }) => ({
        code: plan.code,
        name: plan.name,
        is_current: isCurrent,
        fee: cost.fee,
        overage: cost.overage,
        total: cost.total,
        not_offered: cost.notOffered,
      })),
      recommendation,
    }
  },
} satisfies Partial<Handlers>

async function shown(tx: Transaction, rehearsal: Rehearsal): Promise<z.output<typeof rehearsals.rehearsal>> {
  const sums = await sumRehearsal(tx, rehearsal.id)
  const { draft } = rehearsal
  return {
    id: rehearsal.id,
    status: rehearsal.status,
    fault: rehearsal.fault,
    draft: {
      code: draft.code,
      name: draft.name,
      currency: draft.currency,
      credit_unit: draft.creditUnit,
      credit_price: draft.creditPrice,
      list_price: draft.listPrice,
      discount: draft.discount,
      credits: draft.credits,
      prices: draft.prices.map(({ operation, unitPrice, overageUnitPrice }) => ({
        operation,
        unit_price: unitPrice,
        overage_unit_price: overageUnitPrice,
      })),
      rollover: draft.rollover ?? undefined,
      trial: draft.trial ?? undefined,
    },
    currency: rehearsal.currency,
    credit_unit: rehearsal.creditUnit,
    terms: rehearsal.terms,
    among: rehearsal.among,
    created_at: rehearsal.createdAt,
    finished_at: rehearsal.finishedAt,
    accounts: rehearsal.accounts,
    done: sums.done,
    winners: sums.winners,
    losers: sums.losers,
    unchanged: sums.unchanged,
    paid: sums.paid,
    rehearsed: sums.rehearsed,
    change: sums.rehearsed - sums.paid,
    paid_overage: sums.paidOverage,
    rehearsed_overage: sums.rehearsedOverage,
    left_out: sums.leftOut,
    not_offered: sums.notOffered,
    spread: sums.spread.map((accounts, index) => ({ up_to: SPREAD[index] ?? null, accounts })),
  }
}
