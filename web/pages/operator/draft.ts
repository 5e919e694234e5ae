/**
 * A draft of a plan while it is written: texts of fields, and how they become what the server takes.
 *
 * Called by the draft page. What a draft may say is billing's rule, which the server asks too; here it is asked as somebody types.
 */
import type { CataloguePlan, PlanRequest } from '@drawdown/client'
import { minorDecimals } from '../../../billing/currency.ts'
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
    creditPrice: isMoney ? '' : written(newest.credit_price, newest.currency),
    listPrice: written(newest.list_price, newest.currency),
    discount: newest.discount === '0' ? '' : written(newest.discount, newest.currency),
    credits: written(newest.credits, newest.credit_unit),
    prices: newest.prices.map((price) => ({
      operation: price.operation,
      unitPrice: written(price.unit_price, newest.credit_unit),
      overageUnitPrice:
        price.overage_unit_price === price.unit_price && isMoney
          ? ''
          : written(price.overage_unit_price, newest.currency),
    })),
    rolloverPeriods: newest.rollover ? String(newest.rollover.periods) : '',
    rolloverCap: written(newest.rollover?.cap, newest.credit_unit),
    trial: newest.trial ?? undefined,
  }
}

/** An amount of the wire as it stands in a field: "0.20" for "0.2" USD, with all of its digits and at least those of its currency. */
function written(amount: string | null | undefined, unit: string): string {
  if (!amount) return ''
  const [whole = '', fraction = ''] = amount.split('.')
  const digits = fraction.padEnd(minorDecimals(unit) ?? 0, '0')
  return digits === '' ? whole : `${whole}.${digits}`
}

/** What a draft begins with that was rehearsed before. */
export function draftOfRequest(request: PlanRequest): Draft {
  return {
    code: request.code,
    name: request.name,
    currency: request.currency,
    creditUnit: request.credit_unit,
    creditPrice: written(request.credit_price, request.currency),
    listPrice: written(request.list_price, request.currency),
    discount: written(request.discount, request.currency),
    credits: written(request.credits, request.credit_unit),
    prices: request.prices.map((price) => ({
      operation: price.operation,
      unitPrice: written(price.unit_price, request.credit_unit),
      overageUnitPrice: written(price.overage_unit_price, request.currency),
    })),
    rolloverPeriods: request.rollover ? String(request.rollover.periods) : '',
    rolloverCap: written(request.rollover?.cap, request.credit_unit),
    trial: request.trial,
  }
}

/** Whether two drafts say the same, however their amounts are written. */
export function isSameDraft(one: PlanRequest, other: PlanRequest): boolean {
  const [first, second] = [one, other].map((request) => JSON.stringify(requestOf(draftOfRequest(request))))
  return first === second
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
