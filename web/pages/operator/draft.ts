/**
 * A draft of a plan while it is written: texts of fields, and how they become what the server takes.
 *
 * Called by the draft page. What a draft may say is billing's rule, which the server asks too; here it is asked as somebody types.
 */
import type { CataloguePlan, PlanRequest } from '@drawdown/client'
import { type PlanRefused, type PlanTerms, publishPlan } from '../../../billing/plan.ts'

export type DraftPrice = { operation: string; unitPrice: string; overageUnitPrice: string }

export type Draft = {
  code: string
  name: string
  currency: string
  creditUnit: string
  creditPrice: string
  listPrice: string
  discount: string
  credits: string
  prices: DraftPrice[]
  /** Empty: nothing rolls over. An empty cap is no cap. */
  rolloverPeriods: string
  rolloverCap: string
  trial: PlanRequest['trial']
}

const NEW: Draft = {
  code: '',
  name: '',
  currency: 'USD',
  creditUnit: 'USD',
  creditPrice: '',
  listPrice: '',
  discount: '',
  credits: '',
  prices: [{ operation: '', unitPrice: '', overageUnitPrice: '' }],
  rolloverPeriods: '',
  rolloverCap: '',
  trial: undefined,
}

/** What a draft begins with: the newest version of the plan, or nothing. */
export function draftOfPlan(plan: CataloguePlan | undefined): Draft {
  const newest = plan?.versions[0]
  if (!plan || !newest) return NEW
  const isMoney = newest.credit_unit === newest.currency
  return {
    code: plan.code,
    name: plan.name,
    currency: newest.currency,
    creditUnit: newest.credit_unit,
    creditPrice: isMoney ? '' : newest.credit_price,
    listPrice: newest.list_price,
    discount: newest.discount === '0' ? '' : newest.discount,
    credits: newest.credits,
    prices: newest.prices.map((price) => ({
      operation: price.operation,
      unitPrice: price.unit_price,
      overageUnitPrice:
        price.overage_unit_price === price.unit_price && isMoney ? '' : price.overage_unit_price,
    })),
    rolloverPeriods: newest.rollover ? String(newest.rollover.periods) : '',
    rolloverCap: newest.rollover?.cap ?? '',
    trial: newest.trial ?? undefined,
  }
}

/** What a draft begins with that was rehearsed before. */
export function draftOfRequest(request: PlanRequest): Draft {
  return {
    code: request.code,
    name: request.name,
    currency: request.currency,
    creditUnit: request.credit_unit,
    creditPrice: request.credit_price ?? '',
    listPrice: request.list_price,
    discount: request.discount ?? '',
    credits: request.credits,
    prices: request.prices.map((price) => ({
      operation: price.operation,
      unitPrice: price.unit_price,
      overageUnitPrice: price.overage_unit_price ?? '',
    })),
    rolloverPeriods: request.rollover ? String(request.rollover.periods) : '',
    rolloverCap: request.rollover?.cap ?? '',
    trial: request.trial,
  }
}

/** As the server takes it. Rows of prices without an operation are left out. */
export function requestOf(draft: Draft): PlanRequest {
  const given = (text: string) => (text.trim() === '' ? undefined : text.trim())
  const only = <Name extends string>(name: Name, text: string) =>
    (given(text) === undefined ? {} : { [name]: given(text) }) as { [Key in Name]?: string }
  return {
    code: draft.code.trim(),
    name: draft.name.trim(),
    currency: draft.currency.trim(),
    credit_unit: draft.creditUnit.trim(),
    ...only('credit_price', draft.creditPrice),
    list_price: draft.listPrice.trim(),
    ...only('discount', draft.discount),
    credits: draft.credits.trim(),
    prices: draft.prices
      .filter(({ operation }) => operation.trim() !== '')
      .map((price) => ({
        operation: price.operation.trim(),
        unit_price: price.unitPrice.trim(),
        ...only('overage_unit_price', price.overageUnitPrice),
      })),
    ...(given(draft.rolloverPeriods) === undefined
      ? {}
      : { rollover: { periods: Number(draft.rolloverPeriods), ...only('cap', draft.rolloverCap) } }),
    ...(draft.trial ? { trial: draft.trial } : {}),
  }
}

/** The terms that the draft would have, or the first thing that is wrong with it. */
export function termsOf(draft: Draft): { ok: true; terms: PlanTerms } | PlanRefused {
  const request = requestOf(draft)
  return publishPlan({
    code: request.code,
    name: request.name,
    currency: request.currency,
    creditUnit: request.credit_unit,
    creditPrice: request.credit_price,
    listPrice: request.list_price,
    discount: request.discount,
    credits: request.credits,
    prices: request.prices.map((price) => ({
      operation: price.operation,
      unitPrice: price.unit_price,
      overageUnitPrice: price.overage_unit_price,
    })),
    rollover: request.rollover,
    trial: request.trial,
  })
}

const FAULTS: Partial<Record<PlanRefused['refusal'], string>> = {
  code_invalid: 'Lower-case letters, digits and underscores, a letter first.',
  name_invalid: '1 to 100 characters.',
  currency_unknown: 'Three letters of ISO 4217, such as USD.',
  credit_unit_invalid: 'The currency itself, or a word such as "credits".',
  credit_price_missing: 'Where credits are not money, one has a price in overage.',
  credit_price_not_one: 'Where credits are money, leave this empty.',
  amount_invalid: 'A decimal number with at most 6 decimals.',
  amount_negative: '0 or more.',
  amount_absurd: 'Larger than any price: look for a slipped decimal point.',
  amount_not_minor: 'No more decimals than the currency has.',
  discount_exceeds_list_price: 'No more than the list price.',
  operation_invalid: 'Lower-case letters, digits and underscores, a letter first.',
  operation_repeated: 'Named twice.',
  free_operation_has_overage_price: 'A free operation has no price in overage.',
  price_not_exact: 'Would need a seventh decimal: set the overage price by hand.',
  rollover_invalid: '1 to 120 periods, and a cap above 0 or none.',
}

/** What to tell of a fault, beside the field that it is in. */
export function faultOf(refused: PlanRefused): string {
  return FAULTS[refused.refusal] ?? 'This cannot be published.'
}
