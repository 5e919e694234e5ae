/** Plans, the billing page, the mix planner, changing the plan, the payment method, grants and the journal. */

import { readAutomation } from '../automations/automations.ts'
import { cancelAllRuns } from '../automations/cancel-run.ts'
import { formatAmount } from '../billing/format-amount.ts'
import { availableByOperation, balanceNeeded, imagesAvailable, planMix } from '../billing/mix.ts'
import { feeOf } from '../billing/plan.ts'
import { readOfferedPlans, readOperationNames } from '../ledger/catalogue.ts'
import {
  cancelAtBoundary,
  cancelNow,
  changePlan,
  type PlanPreview,
  previewPlanChange,
  resumePlan,
} from '../ledger/change-plan.ts'
import { readPaymentMethod, removePaymentMethod, setPaymentMethod } from '../ledger/payment-method.ts'
import { viewBilling } from '../ledger/read-billing.ts'
import { addUpDays, readForecast, viewForecast } from '../ledger/read-forecast.ts'
import { listJournal } from '../ledger/read-journal.ts'
import { FORM_TOKEN } from '../payments/provider.ts'
import type { Handlers } from './handlers.ts'
import { encodeId } from './ids.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import { isRefused, refuse } from './problem.ts'
import { shownBilling, shownGrant, shownPlan, shownPlanRef, toCount, toCounts } from './show-billing.ts'

export const handlers = {
  listPlans: ({ services }) =>
    services.db.asService(async (tx) => {
      const names = await readOperationNames(tx)
      const plans = await readOfferedPlans(tx)
      return { data: plans.map((plan) => shownPlan(plan, names)), next_cursor: null }
    }),

  getBilling: ({ services, accountId }) =>
    viewBilling(
      services.db,
      accountId,
      async (state, tx, isLocked) => {
        if (!state) return refuse('account_not_found')
        const [forecast, names] = await Promise.all([
          (isLocked ? readForecast : viewForecast)(tx, state),
          readOperationNames(tx),
        ])
        return forecast === 'due' ? forecast : shownBilling(state, names, forecast)
      },
      () => addUpDays(services.db, accountId),
    ),

  planMix: ({ services, accountId, body }) =>
    viewBilling(services.db, accountId, async (state, tx) => {
      if (!state) return refuse('account_not_found')
      if (!state.plan) return refuse('no_subscription')
      const { prices } = state.plan
      const wanted = new Map(Object.entries(body.fixed ?? body.target ?? {}))
      const mix = planMix({ balance: state.balance, prices, fixed: wanted })
      if (!mix.ok)
        return refuse(mix.refusal, `"${mix.operation}" in the mix: see ${state.plan.name}'s price list.`)
      const answer = {
        ...(body.fixed ? { fixed: body.fixed } : { target: body.target }),
        cost: mix.cost,
        balance: state.balance,
        balance_after: mix.balanceAfter,
        overage: mix.overage,
        overage_credits: mix.overageCredits,
        available: toCounts(availableByOperation(mix.balanceAfter, prices)),
      }
      const needed = body.target ? balanceNeeded({ prices, target: wanted }) : null
      const withNeed = needed?.ok ? { ...answer, balance_needed: needed.balance } : answer
      if (!body.automation_id) return withNeed
      const automation = await readAutomation(tx, accountId, body.automation_id)
      if (!automation) return refuse('automation_not_found')
      const perImage = automation.steps.map(({ operation }) => operation)
      const images = imagesAvailable({ balance: mix.balanceAfter, prices, perImage })
      if (!images.ok)
        return refuse(images.refusal, `${state.plan.name} does not offer "${images.operation}".`)
      return { ...withNeed, automation_images: toCount(images.images) }
    }),

  previewSubscription: async ({ services, accountId, body }) => {
    const preview = await previewPlanChange(services.db, {
      accountId,
      planCode: body.plan,
      provider: services.payments,
    })
    if (!preview.ok) return refuse(preview.refusal, preview.detail)
    return {
      id: preview.id,
      kind: preview.kind,
      plan: shownPlanRef(preview.plan),
      charge: preview.charge,
      taxes: preview.payment.taxes.map(({ name, taxRate, amount }) => ({
        name: name!,
        rate: taxRate!,
        amount,
      })),
      customer_credit_applied: preview.payment.customerCreditApplied,
      amount_today: preview.payment.amountToday,
      credits_today: preview.creditsToday,
      balance_after: preview.balanceAfter,
      effective_at: preview.effectiveAt,
      period: preview.period,
      pinned_at: preview.pinnedAt,
      expires_at: preview.expiresAt,
      summary: summaryOf(preview),
    }
  },

  changeSubscription: async ({ services, accountId, body }) => {
    const change = await services.db.asTenant(accountId, (tx) =>
      changePlan(tx, {
        accountId,
        planCode: body.plan,
        previewId: body.preview_id ?? null,
        provider: services.payments,
      }),
    )
    if (!change.ok) return refuse(change.refusal, change.detail)
    const answer = { kind: change.kind, effective_at: change.effectiveAt, invoice_id: change.invoiceId }
    if (change.status !== 'awaiting_payment') return { ...answer, status: change.status }
    const outcome = await services.sendAttempt(accountId, change.attempt)
    if (outcome.status === 'failed') {
      return refuse(
        'payment_declined',
        `${outcome.message} Nothing was charged and the plan has not changed.`,
      )
    }
    // What was owed before is tried with the card that has just paid.
    if (outcome.status === 'succeeded') await services.collect(accountId)
    return { ...answer, status: outcome.status === 'succeeded' ? 'effective' : 'awaiting_payment' }
  },

  cancelSubscription: async ({ services, accountId, body }) => {
    if (body.at === 'boundary') {
      const cancelled = await services.db.asTenant(accountId, (tx) => cancelAtBoundary(tx, accountId))
      if (!cancelled.ok) return refuse(cancelled.refusal, cancelled.detail)
      return { status: 'scheduled', effective_at: cancelled.effectiveAt }
    }
    const ended = await services.db.asTenant(accountId, async (tx) => {
      const cancelled = await cancelNow(tx, accountId)
      if (cancelled.ok) await cancelAllRuns(tx, accountId)
      return cancelled
    })
    if (!ended.ok) return refuse(ended.refusal, ended.detail)
    await services.collect(accountId)
    return { status: 'cancelled', effective_at: ended.effectiveAt }
  },

  resumeSubscription: async ({ services, accountId }) => {
    const resumed = await services.db.asTenant(accountId, (tx) => resumePlan(tx, accountId))
    return resumed.ok ? { status: 'active' } : refuse(resumed.refusal, resumed.detail)
  },

  putPaymentMethod: async ({ services, accountId, body }) => {
    const described = await services.payments.describeMethod(body.token, accountId)
    if (!described.ok) return refuse(described.refusal, described.detail)
    const { token, brand, last4, expires } = described
    const provider = services.payments.name
    const method = await services.db.asTenant(accountId, (tx) =>
      setPaymentMethod(tx, accountId, { provider, token, brand, last4, expires }),
    )
    await services.collect(accountId)
    return { id: method.id, provider, brand, last4, expires }
  },

  openCardForm: async ({ services, accountId }) => {
    const { config, db, payments } = services
    const method = await db.asTenant(accountId, (tx) => readPaymentMethod(tx, accountId))
    const page = `${config.publicUrl}/a/${encodeId('account', accountId)}/billing?dialog=card`
    const form = await payments.openCardForm({
      accountId,
      token: method?.provider === payments.name ? method.token : null,
      returnUrl: `${page}&form=${FORM_TOKEN}`,
      cancelUrl: page,
    })
    return form.ok ? { url: form.url } : refuse(form.refusal, form.detail)
  },

  deletePaymentMethod: async ({ services, accountId }) => {
    await services.db.asTenant(accountId, (tx) => removePaymentMethod(tx, accountId))
  },

  listGrants: ({ services, accountId, query }) =>
    viewBilling(services.db, accountId, (state) => {
      const after = cursorKey(query.cursor, isUuid)
      if (isRefused(after)) return after
      const grants = state?.grants ?? []
      const start = after === null ? 0 : grants.findIndex(({ id }) => id === after) + 1
      return pageOf(grants.slice(start, start + query.limit + 1).map(shownGrant), query.limit, ({ id }) => id)
    }),

  listEntries: ({ services, accountId, query }) =>
    services.db.asTenant(accountId, async (tx) => {
      const before = cursorKey(query.cursor, (key) => /^\d{1,18}$/.test(key))
      if (isRefused(before)) return before
      const page = { limit: query.limit + 1, before: before === null ? null : BigInt(before) }
      const rows = (await listJournal(tx, accountId, page)).map((row) => ({
        id: `entry_${row.sequence}`,
        sequence: Number(row.sequence),
        booked_at: row.bookedAt,
        cause: row.cause,
        cause_id: row.causeId,
        entries: row.entries,
      }))
      return pageOf(rows, query.limit, ({ sequence }) => String(sequence))
    }),
} satisfies Partial<Handlers>

/** One plain sentence: what happens, when, for how much. */
function summaryOf(preview: PlanPreview): string {
  const { plan, kind } = preview
  const money = (micros: bigint) => formatAmount(micros, plan.currency)
  const credits = formatAmount(preview.creditsToday, plan.creditUnit)
  if (kind === 'start') {
    return `${plan.name} starts now: ${chargedToday(preview)}, and ${credits} of credits are added.`
  }
  if (kind === 'upgrade') {
    return (
      `${plan.name} starts now: ${chargedToday(preview, ' for the rest of the period')}, and ` +
      `${credits} of credits are added on top of what is left.`
    )
  }
  const allowance = formatAmount(plan.credits, plan.creditUnit)
  return (
    `Nothing is charged today. ${plan.name} starts at the end of the period, with ${allowance} of credits for ` +
    `${money(feeOf(plan))} a month. Until then nothing changes, and you can take this back.`
  )
}

/** "$50.00 is charged today", "$50.00 + $10.00 VAT is charged today, $5.00 of it from your customer credit". */
function chargedToday({ plan, charge, payment }: PlanPreview, forWhat = ''): string {
  const money = (micros: bigint) => formatAmount(micros, plan.currency)
  const taxes = payment.taxes.map(({ name, amount, taxRate }) =>
    taxRate === 0n ? ` (${name!.toLowerCase()})` : ` + ${money(amount)} ${name}`,
  )
  const credit = payment.customerCreditApplied
  const fromCredit = credit === 0n ? '' : `, ${money(credit)} of it from your customer credit`
  const carried = payment.carried === 0n ? '' : `, ${money(payment.carried)} of it with the next invoice`
  return `${money(charge)}${taxes.join('')} is charged today${forWhat}${fromCredit}${carried}`
}
