/** Plans, prices and subscriptions as they are shown: from the ledger's values to the shapes of the API. */
import type { z } from 'zod'
import type { Forecast } from '../billing/forecast.ts'
import { availableByOperation } from '../billing/mix.ts'
import { feeOf, type PriceList } from '../billing/plan.ts'
import type { BookedGrant } from '../ledger/books.ts'
import type { CataloguePlan } from '../ledger/catalogue.ts'
import type { BillingState } from '../ledger/read-billing.ts'
import type * as billingShapes from './billing-shapes.ts'

export function shownPlanRef(plan: CataloguePlan): z.output<typeof billingShapes.planRef> {
  return {
    id: plan.planId,
    code: plan.code,
    name: plan.name,
    fee: feeOf(plan),
    currency: plan.currency,
    credit_unit: plan.creditUnit,
  }
}

export function shownPlan(
  plan: CataloguePlan,
  names: Map<string, string>,
): z.output<typeof billingShapes.plan> {
  return {
    ...shownPlanRef(plan),
    version: plan.version,
    list_price: plan.listPrice,
    discount: plan.discount,
    credits: plan.credits,
    rollover: plan.rollover,
    trial: plan.trial,
    prices: shownPrices(plan, names),
  }
}

export function shownPrices(
  plan: CataloguePlan,
  names: Map<string, string>,
): z.output<typeof billingShapes.price>[] {
  const buys = availableByOperation(plan.credits, plan.prices)
  return [...plan.prices].map(([operation, price]) => ({
    operation,
    name: names.get(operation) ?? operation,
    unit_price: price.unitPrice,
    overage_unit_price: price.overageUnitPrice,
    credits_buy: toCount(buys.get(operation) ?? null),
  }))
}

/** What a balance buys of each operation alone. */
export function shownAvailable(balance: bigint, prices: PriceList): Record<string, number | null> {
  return toCounts(availableByOperation(balance, prices))
}

export function toCounts(available: Map<string, bigint | null>): Record<string, number | null> {
  return Object.fromEntries([...available].map(([operation, number]) => [operation, toCount(number)]))
}

/** A count on the wire is a JSON number; none that is shown to anybody needs more than it holds exactly. */
export function toCount(number: bigint | null): number | null {
  if (number === null) return null
  return number > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(number)
}

export function shownBilling(
  state: BillingState,
  names: Map<string, string>,
  forecast: Forecast | null,
): z.output<typeof billingShapes.billing> {
  const { subscription, plan, paymentMethod } = state
  return {
    plan: plan && shownPlanRef(plan),
    subscription: subscription && {
      id: subscription.id,
      status: subscription.status,
      pending: subscription.pending && {
        kind: subscription.pending.kind,
        plan: subscription.pending.kind === 'change' ? shownPlanRef(subscription.pending.plan) : null,
        effective_at: subscription.periodEndsAt,
      },
      succession: state.succession && {
        kind: state.succession.kind,
        plan: shownPlan(state.succession.plan, names),
        effective_at: state.succession.effectiveAt,
      },
    },
    period: state.period,
    prices: plan ? shownPrices(plan, names) : [],
    credits_included: plan?.credits ?? 0n,
    balance: state.balance,
    rolled_over: state.rolledOver,
    overage: state.overage,
    overage_invoiced: state.overageInvoiced,
    overage_credits: state.overageCredits,
    available: plan ? shownAvailable(state.balance, plan.prices) : {},
    currency: state.units?.currency ?? null,
    credit_unit: state.units?.creditUnit ?? null,
    zone: state.zone,
    now: state.now,
    payment_method: paymentMethod && {
      id: paymentMethod.id,
      provider: paymentMethod.provider,
      brand: paymentMethod.brand,
      last4: paymentMethod.last4,
      expires: paymentMethod.expires,
    },
    amount_due: state.amountDue,
    customer_credit: state.customerCredit,
    tax: { treatment: state.tax.treatment, rates: [...state.tax.rates] },
    forecast: forecast && {
      credits_run_out_at: forecast.creditsRunOutAt,
      overage: forecast.overage,
      days: forecast.days,
    },
    verified_at: state.verifiedAt,
  }
}

export function shownGrant(grant: BookedGrant): z.output<typeof billingShapes.grant> {
  return {
    id: grant.id,
    source: grant.source,
    granted: grant.granted,
    remaining: grant.remaining,
    starts_at: grant.startsAt,
    expires_at: grant.expiresAt,
    priority: grant.priority,
    reason: grant.reason,
    rolled_over: grant.rolled,
  }
}
