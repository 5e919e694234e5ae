/**
 * Turns what a period has added up to into the lines of its invoice (rules R9 and R21).
 *
 * Called at a boundary, for the preview of the next invoice, and for what is billed at once (a
 * start, an upgrade, a purchase). The ledger keeps per-operation totals as it books, so no usage
 * row is read here.
 *
 * The order of the lines: plan fee, discount, plan change, purchases, usage in the order given,
 * late usage, credits applied; then tax, which is added when the draft is finalized.
 *
 * Invariants (laws in invoice.test.ts):
 *   1. Σ amount = total, and Σ exact amount of all but tax, rounded once, is the net total.
 *   2. |amount − exact amount| < one minor unit, on every line.
 *   3. Usage, late usage and credits applied add up to exactly the overage accrued.
 *   4. No line holds an opening balance, customer credit or a payment: those stand below.
 */
import { assert } from './assert.ts'
import { type MinorDecimals, minorDecimals, minorUnit } from './currency.ts'
import type { GrantSource } from './grant.ts'
import { divideRounded, lesser, MICROS_PER_UNIT, type Micros } from './micros.ts'
import type { Period } from './period.ts'
import { spreadRounding } from './spread-rounding.ts'
import type { TaxRate } from './tax.ts'

/** All use of one operation under one plan version that was booked in a period. */
export type UsageTotal = {
  planVersionId: string
  planName: string
  operation: string
  /** Whole units. */
  quantity: bigint
  /** In currency. */
  overageUnitPrice: Micros
  /** In currency: what the records of this total left uncovered, priced record by record. */
  overage: Micros
}

/** Credits of one source that a period's usage has drawn. */
export type CreditsUsed = { source: GrantSource; credits: Micros }

/** A plan's fee for one term, or an upgrade's for the rest of one. Whole minor units. */
export type Fee = {
  planVersionId: string
  planName: string
  listPrice: Micros
  /** 0n or more; shown as a line of its own. */
  discount: Micros
  /** The term that is paid for. */
  period: Period
}

export type PlanChangeFee = {
  planVersionId: string
  planName: string
  /** In currency, exact to the micro: `due` of priceUpgrade. */
  due: Micros
  /** From the upgrade to the boundary. */
  period: Period
}

export type Purchase = { name: string; price: Micros }

/** Everything that one invoice is made from. Leave empty what does not occur. */
export type InvoiceFacts = {
  currency: string
  creditUnit: string
  fee: Fee | null
  planChange: PlanChangeFee | null
  purchases: readonly Purchase[]
  /** One for each operation and plan version, in the order in which they are to be read. */
  usage: readonly UsageTotal[]
  /** The same for usage that happened before the period (rule R18). */
  lateUsage: readonly UsageTotal[]
  /** What usage and late usage drew, by source. */
  creditsUsed: readonly CreditsUsed[]
}

export type LineKind =
  | 'plan_fee'
  | 'discount'
  | 'plan_change'
  | 'purchase'
  | 'usage'
  | 'late_usage'
  | 'credits_applied'
  | 'tax'

/** One line. What does not apply to its kind is null or empty. */
export type InvoiceLine = {
  kind: LineKind
  /** In currency, to the micro. */
  exactAmount: Micros
  /** In currency, whole minor units. */
  amount: Micros
  planVersionId: string | null
  /** Name of the plan, the purchase or the tax. */
  name: string | null
  operation: string | null
  quantity: bigint | null
  /** In currency: the overage unit price. */
  unitPrice: Micros | null
  /** What a fee pays for. */
  period: Period | null
  /** Of a credits_applied line: how many of which source. */
  credits: readonly CreditsUsed[]
  /** Of a credits_applied line: what the credits are counted in. */
  creditUnit: string | null
  /** Of a tax line: 0.19 is 190_000n. */
  taxRate: Micros | null
}

/** What stands below the lines. `carried`: too little to collect, taken up by a later invoice. */
export type Settlement = {
  customerCreditApplied: Micros
  amountDue: Micros
  carried: boolean
}

/**
 * The lines before tax, rounded to the currency's minor unit. Empty if there is nothing to bill:
 * then there is no invoice. Throws if the totals contradict each other or the currency is unknown.
 */
export function invoiceLines(facts: InvoiceFacts): InvoiceLine[] {
  const lines = [
    ...feeLines(facts),
    ...facts.usage.map((total) => usageLine('usage', total)),
    ...facts.lateUsage.map((total) => usageLine('late_usage', total)),
    ...creditsAppliedLine(facts),
  ]
  const exact = lines.map(({ exactAmount }) => exactAmount)
  const rounded = spreadRounding(exact, decimalsOf(facts.currency))
  return lines.map((line, index) => ({ ...line, amount: rounded[index]! }))
}

/** One tax line for each rate on a net total in whole minor units. */
export function taxLines(base: Micros, rates: readonly TaxRate[], currency: string): InvoiceLine[] {
  return rates.map(({ name, rate }) => {
    const amount = taxOn(base, rate, currency)
    return { ...emptyLine, kind: 'tax' as const, name, taxRate: rate, exactAmount: amount, amount }
  })
}

/** round(rounded taxable base × rate), in whole minor units. Throws on a rate that is no share of one. */
export function taxOn(base: Micros, rate: Micros, currency: string): Micros {
  assert(rate >= 0n && rate <= MICROS_PER_UNIT, 'a tax rate lies between 0 and 1')
  const unit = minorUnit(decimalsOf(currency))
  return divideRounded(base * rate, unit * MICROS_PER_UNIT) * unit
}

/** What the lines add up to, in whole minor units. */
export function totalOf(lines: readonly InvoiceLine[]): Micros {
  return lines.reduce((sum, { amount }) => sum + amount, 0n)
}

/**
 * What is left to pay: total + opening balance − customer credit. An amount under the provider's
 * minimum is carried. All amounts are whole minor units and none is negative.
 */
export function settle(invoice: {
  total: Micros
  openingBalance: Micros
  /** What the account has; as much of it is used as the invoice takes. */
  customerCredit: Micros
  minimumCharge: Micros
}): Settlement {
  const { total, openingBalance, customerCredit, minimumCharge } = invoice
  for (const amount of [total, openingBalance, customerCredit, minimumCharge]) {
    assert(amount >= 0n, 'an invoice asks for money and never gives it')
  }
  const owed = total + openingBalance
  const customerCreditApplied = lesser(owed, customerCredit)
  const amountDue = owed - customerCreditApplied
  return { customerCreditApplied, amountDue, carried: amountDue > 0n && amountDue < minimumCharge }
}

const emptyLine = {
  planVersionId: null,
  name: null,
  operation: null,
  quantity: null,
  unitPrice: null,
  period: null,
  credits: [],
  creditUnit: null,
  taxRate: null,
  amount: 0n,
}

function feeLines({ fee, planChange, purchases }: InvoiceFacts): InvoiceLine[] {
  const lines: InvoiceLine[] = []
  if (fee) {
    const plan = { planVersionId: fee.planVersionId, name: fee.planName, period: fee.period }
    lines.push({ ...emptyLine, ...plan, kind: 'plan_fee', exactAmount: fee.listPrice })
    if (fee.discount !== 0n) {
      lines.push({ ...emptyLine, ...plan, kind: 'discount', exactAmount: -fee.discount })
    }
  }
  if (planChange) {
    const { planVersionId, planName: name, period, due: exactAmount } = planChange
    lines.push({ ...emptyLine, kind: 'plan_change', planVersionId, name, period, exactAmount })
  }
  for (const { name, price } of purchases) {
    lines.push({ ...emptyLine, kind: 'purchase', name, exactAmount: price })
  }
  return lines
}

// Quantities stay whole: the line is the whole use at the overage unit price, and one line below
// takes off what credits have paid.
function usageLine(kind: 'usage' | 'late_usage', total: UsageTotal): InvoiceLine {
  assert(total.quantity > 0n, 'a usage line has a quantity')
  return {
    ...emptyLine,
    kind,
    planVersionId: total.planVersionId,
    name: total.planName,
    operation: total.operation,
    quantity: total.quantity,
    unitPrice: total.overageUnitPrice,
    exactAmount: total.overageUnitPrice * total.quantity,
  }
}

function creditsAppliedLine({ usage, lateUsage, creditsUsed, creditUnit }: InvoiceFacts): InvoiceLine[] {
  let [atFullPrice, accrued] = [0n, 0n]
  for (const { quantity, overageUnitPrice, overage } of [...usage, ...lateUsage]) {
    assert(overage >= 0n && overage <= overageUnitPrice * quantity, 'overage is a part of the usage')
    atFullPrice += overageUnitPrice * quantity
    accrued += overage
  }
  const credits = creditsUsed.filter((used) => used.credits !== 0n)
  if (credits.length === 0 && accrued === atFullPrice) return []
  const exactAmount = accrued - atFullPrice
  return [{ ...emptyLine, kind: 'credits_applied', credits, creditUnit, exactAmount }]
}

function decimalsOf(currency: string): MinorDecimals {
  const decimals = minorDecimals(currency)
  assert(decimals !== undefined, 'an invoice is in a known currency')
  return decimals
}
