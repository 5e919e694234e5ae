/**
 * What a change of plan would be for opened books: its kind, what is due, what is granted, when (rule R22).
 *
 * Called by change-plan.ts for the preview and for the real thing, so that both come out the same.
 */
import { classifyChange, priceUpgrade } from '../billing/change-plan.ts'
import { type InvoiceLine, settle, taxLines, totalOf } from '../billing/invoice.ts'
import type { Micros } from '../billing/micros.ts'
import { feeOf } from '../billing/plan.ts'
import { type AccountTax, invoicedRates } from '../billing/tax.ts'
import type { Books } from './books.ts'
import type { CataloguePlan } from './catalogue.ts'

export type PricedChange = {
  ok: true
  kind: 'start' | 'upgrade' | 'at_boundary'
  next: CataloguePlan
  /** Currency, whole minor units: what is charged today, before tax. */
  charge: Micros
  /** Currency, exact: what the invoice line says before rounding. */
  due: Micros
  /** Granted today. */
  credits: Micros
  /** The instant that the amounts hold for: a whole second. */
  pinnedAt: Date
  effectiveAt: Date
}

export type ChangeRefusal = 'unit_mismatch' | 'same_plan' | 'plan_not_offered' | 'preview_stale'

export type ChangeRefused = { ok: false; refusal: ChangeRefusal; detail: string }

/** Prices the change to `next` at `pinnedAt`, which a preview has fixed earlier or which is now. */
export function pricePlanChange(
  books: Books,
  next: CataloguePlan,
  pinnedAt: Date,
): PricedChange | ChangeRefused {
  const { subscription, units } = books
  const current = subscription?.plan ?? null
  const change = classifyChange({ account: units, current, next })
  if (!change.ok) return { ok: false, ...refusalOf(change.refusal, books, next) }
  const common = { ok: true as const, next, pinnedAt }
  switch (change.kind) {
    // Leaving a trial is a start: the calendar begins anew, with full fee and credits (rule R22).
    case 'leave_trial':
    case 'start': {
      const fee = feeOf(next)
      return {
        ...common,
        kind: 'start',
        charge: fee,
        due: fee,
        credits: next.credits,
        effectiveAt: books.now,
      }
    }
    case 'upgrade': {
      const period = { start: subscription!.periodStartsAt, end: subscription!.periodEndsAt }
      if (pinnedAt < period.start || pinnedAt >= period.end) {
        const detail = 'A new period has begun since the preview. Look at a new one.'
        return { ok: false, refusal: 'preview_stale', detail }
      }
      const { due, charge, credits } = priceUpgrade({ current: current!, next, period, at: pinnedAt })
      return { ...common, kind: 'upgrade', charge, due, credits, effectiveAt: books.now }
    }
    case 'boundary':
      return {
        ...common,
        kind: 'at_boundary',
        charge: 0n,
        due: 0n,
        credits: 0n,
        effectiveAt: subscription!.periodEndsAt,
      }
  }
}

/** How the charge of a change is paid today. Currency, whole minor units. */
export type ChangePayment = {
  /** One for each rate; of 0 where the account is exempt or the recipient pays the tax. */
  taxes: readonly InvoiceLine[]
  /** Charge and taxes. */
  total: Micros
  customerCreditApplied: Micros
  /** Taken from the payment method. */
  amountToday: Micros
  /** Too little to collect: the next invoice asks for it. */
  carried: Micros
}

/** Adds the account's tax to what a change costs, and uses its customer credit before the payment method. */
export function payForChange(
  { charge, next }: PricedChange,
  terms: { tax: AccountTax; customerCredit: Micros; minimumCharge: Micros; chargeStep: Micros },
): ChangePayment {
  const taxes = charge === 0n ? [] : taxLines(charge, invoicedRates(terms.tax), next.currency)
  const total = charge + totalOf(taxes)
  const { customerCreditApplied, amountDue, carried } = settle({ ...terms, total, openingBalance: 0n })
  const amountToday = carried ? 0n : amountDue - (amountDue % terms.chargeStep)
  return { taxes, total, customerCreditApplied, amountToday, carried: amountDue - amountToday }
}

/** The whole second that `now` lies in: amounts of a change are worked out for it. */
export function wholeSecond(now: Date): Date {
  return new Date(Math.floor(now.getTime() / 1000) * 1000)
}

function refusalOf(
  refusal: 'unit_mismatch' | 'same_plan' | 'trial_only_at_start',
  { units }: Books,
  next: CataloguePlan,
): { refusal: ChangeRefusal; detail: string } {
  switch (refusal) {
    case 'unit_mismatch':
      return {
        refusal,
        detail:
          `${next.name} is in ${next.currency} with credits in ${next.creditUnit}; this account is in ` +
          `${units?.currency} with credits in ${units?.creditUnit}, which never change.`,
      }
    case 'same_plan':
      return { refusal, detail: `${next.name} is this account's plan already.` }
    case 'trial_only_at_start':
      return { refusal: 'plan_not_offered', detail: `${next.name} is a trial, for accounts without a plan.` }
  }
}
