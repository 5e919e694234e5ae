/**
 * What a plan version says, and whether a draft of one may be published (rules R1, R8, R10, R22).
 *
 * Called by the operator's catalogue, which keeps what `publishPlan` returns as an immutable
 * version, and by whoever shows a plan. Drafts carry decimal strings: this is the edge at which a
 * price becomes an amount.
 *
 * Invariants of published terms:
 *   1. Fee, discount and list price are whole minor units, and 0 ≤ discount ≤ list price.
 *   2. Every price is exact to the micro: unit price × price of a credit never needs rounding, or
 *      the overage unit price was given by hand.
 *   3. A free operation (unit price 0) has overage unit price 0.
 *   4. One credit of a money unit costs 1.
 */
import { isWholeMinor, type MinorDecimals, minorDecimals } from './currency.ts'
import { MICROS_PER_UNIT, type Micros, parseMicros } from './micros.ts'
import type { OperationPrice } from './rate-usage.ts'

/** Prices by operation, in the order in which screens list them. An absent one is not offered. */
export type PriceList = ReadonlyMap<string, OperationPrice>

/** How much of an unused plan grant lives on, and for how many periods. A null cap is no cap. */
export type Rollover = { cap: Micros | null; periods: number }

/** How long a trial runs and the code of the plan that follows it. */
export type Trial = { days: number; successor: string }

export type PlanTerms = {
  code: string
  name: string
  /** ISO 4217, three capitals. */
  currency: string
  /** The plan's currency, for a catalogue in money, or a word such as "credits". */
  creditUnit: string
  /** Currency for one credit in overage; 1 (1_000_000n) when the unit is money. */
  creditPrice: Micros
  /** A month's price before the discount, whole minor units. */
  listPrice: Micros
  /** Taken off the list price, whole minor units. */
  discount: Micros
  /** Granted each period, in credits. */
  credits: Micros
  prices: PriceList
  rollover: Rollover | null
  trial: Trial | null
}

/** Published terms under the id of their version. */
export type PlanVersion = PlanTerms & { id: string }

/** What an operator writes. Amounts are decimal strings. */
export type PlanDraft = {
  code: string
  name: string
  currency: string
  creditUnit: string
  /** Needed unless the unit is money. */
  creditPrice?: string | undefined
  listPrice: string
  discount?: string | undefined
  credits: string
  prices: readonly { operation: string; unitPrice: string; overageUnitPrice?: string | undefined }[]
  rollover?: { cap?: string | undefined; periods: number } | null | undefined
  trial?: Trial | null | undefined
}

export type PlanRefusal =
  | 'code_invalid'
  | 'name_invalid'
  | 'currency_unknown'
  | 'credit_unit_invalid'
  | 'credit_price_missing'
  | 'credit_price_not_one'
  | 'amount_invalid'
  | 'amount_negative'
  | 'amount_absurd'
  | 'amount_not_minor'
  | 'discount_exceeds_list_price'
  | 'operation_invalid'
  | 'operation_repeated'
  | 'free_operation_has_overage_price'
  | 'price_not_exact'
  | 'rollover_invalid'
  | 'trial_invalid'
  | 'trial_not_free'

/** `field` is the field of the draft at fault; `operation` says which, if it is one of the prices. */
export type PlanRefused = {
  ok: false
  refusal: PlanRefusal
  field: keyof PlanDraft | 'unitPrice' | 'overageUnitPrice'
  operation?: string
}

// A slipped decimal point should not reach a customer: no plan costs or grants a billion a month,
// and no single operation costs a million.
const MOST_A_MONTH = 1_000_000_000n * MICROS_PER_UNIT
const MOST_A_UNIT = 1_000_000n * MICROS_PER_UNIT

const CODE = /^[a-z][a-z0-9_]{0,62}$/

/** Turns a draft into terms, filling in default overage unit prices, or says what is wrong with it. */
export function publishPlan(draft: PlanDraft): { ok: true; terms: PlanTerms } | PlanRefused {
  const named = refuseNames(draft)
  if (named) return named
  const decimals = minorDecimals(draft.currency)
  if (decimals === undefined) return refused('currency_unknown', 'currency')

  const fee = readFee(draft, decimals)
  if (!fee.ok) return fee
  const credits = readAmount(draft.credits, 'credits', MOST_A_MONTH)
  if (!credits.ok) return credits
  const creditPrice = readCreditPrice(draft)
  if (!creditPrice.ok) return creditPrice
  const prices = readPrices(draft, creditPrice.amount)
  if (!prices.ok) return prices
  const rollover = readRollover(draft)
  if (!rollover.ok) return rollover
  const trial = refuseTrial(draft, fee.listPrice - fee.discount)
  if (trial) return trial

  return {
    ok: true,
    terms: {
      code: draft.code,
      name: draft.name,
      currency: draft.currency,
      creditUnit: draft.creditUnit,
      creditPrice: creditPrice.amount,
      listPrice: fee.listPrice,
      discount: fee.discount,
      credits: credits.amount,
      prices: prices.prices,
      rollover: rollover.rollover,
      trial: draft.trial ? { days: draft.trial.days, successor: draft.trial.successor } : null,
    },
  }
}

/** What a month of the plan costs, after its discount and before tax. */
export function feeOf(plan: Pick<PlanTerms, 'listPrice' | 'discount'>): Micros {
  return plan.listPrice - plan.discount
}

/** Whether credits of this unit are money: then one credit is one of the currency. */
export function isMoneyUnit(plan: Pick<PlanTerms, 'currency' | 'creditUnit'>): boolean {
  return plan.creditUnit === plan.currency
}

function refuseNames(draft: PlanDraft): PlanRefused | null {
  if (!CODE.test(draft.code)) return refused('code_invalid', 'code')
  if (draft.name.trim() === '' || draft.name.length > 100) return refused('name_invalid', 'name')
  const unit = draft.creditUnit
  if (unit !== draft.currency && !CODE.test(unit)) return refused('credit_unit_invalid', 'creditUnit')
  return null
}

function readFee(draft: PlanDraft, decimals: MinorDecimals) {
  const listPrice = readAmount(draft.listPrice, 'listPrice', MOST_A_MONTH)
  if (!listPrice.ok) return listPrice
  if (!isWholeMinor(listPrice.amount, decimals)) return refused('amount_not_minor', 'listPrice')
  const discount = readAmount(draft.discount ?? '0', 'discount', MOST_A_MONTH)
  if (!discount.ok) return discount
  if (!isWholeMinor(discount.amount, decimals)) return refused('amount_not_minor', 'discount')
  if (discount.amount > listPrice.amount) return refused('discount_exceeds_list_price', 'discount')
  return { ok: true as const, listPrice: listPrice.amount, discount: discount.amount }
}

function readCreditPrice(draft: PlanDraft) {
  const text = draft.creditPrice ?? (isMoneyUnit(draft) ? '1' : undefined)
  if (text === undefined) return refused('credit_price_missing', 'creditPrice')
  const price = readAmount(text, 'creditPrice', MOST_A_UNIT)
  if (!price.ok) return price
  if (isMoneyUnit(draft) && price.amount !== MICROS_PER_UNIT) {
    return refused('credit_price_not_one', 'creditPrice')
  }
  return price
}

function readPrices(draft: PlanDraft, creditPrice: Micros) {
  const prices = new Map<string, OperationPrice>()
  for (const { operation, unitPrice, overageUnitPrice } of draft.prices) {
    if (!CODE.test(operation)) return refused('operation_invalid', 'prices', operation)
    if (prices.has(operation)) return refused('operation_repeated', 'prices', operation)
    const unit = readAmount(unitPrice, 'unitPrice', MOST_A_UNIT, operation)
    if (!unit.ok) return unit
    const overage =
      overageUnitPrice === undefined
        ? defaultOveragePrice(unit.amount, creditPrice, operation)
        : readAmount(overageUnitPrice, 'overageUnitPrice', MOST_A_UNIT, operation)
    if (!overage.ok) return overage
    if (unit.amount === 0n && overage.amount !== 0n) {
      return refused('free_operation_has_overage_price', 'overageUnitPrice', operation)
    }
    prices.set(operation, { unitPrice: unit.amount, overageUnitPrice: overage.amount })
  }
  return { ok: true as const, prices }
}

// Rule R10: never rounded. A price that needs a seventh decimal has to be given by hand.
function defaultOveragePrice(unitPrice: Micros, creditPrice: Micros, operation: string) {
  const product = unitPrice * creditPrice
  if (product % MICROS_PER_UNIT !== 0n) return refused('price_not_exact', 'unitPrice', operation)
  if (product > MOST_A_UNIT * MICROS_PER_UNIT) return refused('amount_absurd', 'unitPrice', operation)
  return { ok: true as const, amount: product / MICROS_PER_UNIT }
}

function readRollover(draft: PlanDraft) {
  if (!draft.rollover) return { ok: true as const, rollover: null }
  const { cap: text, periods } = draft.rollover
  if (!Number.isInteger(periods) || periods < 1 || periods > 120) {
    return refused('rollover_invalid', 'rollover')
  }
  if (text === undefined) return { ok: true as const, rollover: { cap: null, periods } }
  const cap = readAmount(text, 'rollover', MOST_A_MONTH)
  if (!cap.ok) return cap
  if (cap.amount === 0n) return refused('rollover_invalid', 'rollover')
  return { ok: true as const, rollover: { cap: cap.amount, periods } }
}

function refuseTrial(draft: PlanDraft, fee: Micros): PlanRefused | null {
  if (!draft.trial) return null
  const { days, successor } = draft.trial
  if (!Number.isInteger(days) || days < 1 || days > 366) return refused('trial_invalid', 'trial')
  if (!CODE.test(successor) || successor === draft.code) return refused('trial_invalid', 'trial')
  return fee === 0n ? null : refused('trial_not_free', 'listPrice')
}

function readAmount(text: string, field: PlanRefused['field'], most: Micros, operation?: string) {
  const amount = parseMicros(text)
  if (amount === undefined) return refused('amount_invalid', field, operation)
  if (amount < 0n) return refused('amount_negative', field, operation)
  if (amount > most) return refused('amount_absurd', field, operation)
  return { ok: true as const, amount }
}

function refused(refusal: PlanRefusal, field: PlanRefused['field'], operation?: string): PlanRefused {
  return operation === undefined ? { ok: false, refusal, field } : { ok: false, refusal, field, operation }
}
