/**
 * What a run over many like images would cost at most, before it is started (rules R11, R13, R17).
 *
 * Called for quotes and for the browser's estimate. A quote is a maximum: what fails, is cancelled
 * or was paid for before costs nothing.
 *
 * Invariants:
 *   1. The totals are those of rating every step of every image one after another, though the time
 *      taken does not grow with the number of images (law in quote-run.test.ts).
 *   2. fromCredits + uncovered = cost, for each operation and in total.
 *
 * The split holds at the balance of the purse given; it changes as soon as anything else is drawn.
 */
import { drawFrom, type Purse } from './draw-down.ts'
import { MAX_MICROS, type Micros } from './micros.ts'
import type { PriceList } from './plan.ts'
import { MOST_OVERAGE, type OperationPrice, rateUsage } from './rate-usage.ts'

export type QuotedTotals = {
  /** In credits: fromCredits + uncovered. */
  cost: Micros
  fromCredits: Micros
  uncovered: Micros
  /** In currency. */
  overage: Micros
}

export type QuotedOperation = QuotedTotals & {
  operation: string
  quantity: bigint
  /** In credits. */
  unitPrice: Micros
  /** In currency. */
  overageUnitPrice: Micros
}

export type RunQuote = QuotedTotals & {
  ok: true
  images: number
  /** In credits. */
  balanceAfter: Micros
  /** One for each operation, in the order of first use. */
  operations: QuotedOperation[]
}

export type QuoteRefused = {
  ok: false
  refusal: 'operation_not_offered' | 'quantity_invalid' | 'amount_overflow'
  operation: string | null
}

/**
 * Quotes `images` images of `perImage` steps (an operation may be there twice) and draws their cost
 * from the purse. Refuses operations without a price, and a number that is not whole and positive.
 */
export function quoteRun(run: {
  perImage: readonly string[]
  images: number
  prices: PriceList
  purse: Purse
}): RunQuote | QuoteRefused {
  if (!Number.isSafeInteger(run.images) || run.images < 1) return refused('quantity_invalid')
  const steps: Step[] = []
  for (const operation of run.perImage) {
    const price = run.prices.get(operation)
    if (!price) return { ok: false, refusal: 'operation_not_offered', operation }
    steps.push({ operation, price })
  }

  const images = BigInt(run.images)
  const perImage = steps.reduce((sum, { price }) => sum + price.unitPrice, 0n)
  const overagePerImage = steps.reduce((sum, { price }) => sum + price.overageUnitPrice, 0n)
  if (perImage * images > MAX_MICROS || overagePerImage * images > MOST_OVERAGE) {
    return refused('amount_overflow')
  }

  const totals = new Map<string, QuotedOperation>()
  const covered = imagesCovered(run.purse.balance, perImage, images)
  drawFrom(run.purse, perImage * covered)
  for (const step of steps) addWholly(totals, step, covered, 'fromCredits')
  if (covered < images) {
    // The image in which the balance ends. It is drawn step by step, and empties the purse.
    for (const step of steps) addSplit(totals, step, run.purse)
    for (const step of steps) addWholly(totals, step, images - covered - 1n, 'uncovered')
  }
  const operations = [...totals.values()]
  const { balance: balanceAfter } = run.purse
  return { ok: true, images: run.images, balanceAfter, operations, ...sumOf(operations) }
}

type Step = { operation: string; price: OperationPrice }

function imagesCovered(balance: Micros, perImage: Micros, images: bigint): bigint {
  if (perImage === 0n || balance / perImage >= images) return images
  return balance / perImage
}

function addWholly(
  totals: Map<string, QuotedOperation>,
  step: Step,
  quantity: bigint,
  paid: 'fromCredits' | 'uncovered',
) {
  const total = totalOf(totals, step)
  const cost = step.price.unitPrice * quantity
  total.quantity += quantity
  total.cost += cost
  total[paid] += cost
  if (paid === 'uncovered') total.overage += step.price.overageUnitPrice * quantity
}

function addSplit(totals: Map<string, QuotedOperation>, step: Step, purse: Purse) {
  const total = totalOf(totals, step)
  const use = rateUsage({ quantity: 1, price: step.price }, purse)
  if (!use.ok) throw new Error('one step of an image is always a whole, storable use')
  total.quantity += 1n
  total.cost += use.cost
  total.fromCredits += use.fromCredits
  total.uncovered += use.uncovered
  total.overage += use.overage
}

function totalOf(totals: Map<string, QuotedOperation>, { operation, price }: Step): QuotedOperation {
  const known = totals.get(operation)
  if (known) return known
  const zero = { quantity: 0n, cost: 0n, fromCredits: 0n, uncovered: 0n, overage: 0n }
  const total = { operation, ...price, ...zero }
  totals.set(operation, total)
  return total
}

function sumOf(operations: readonly QuotedTotals[]): QuotedTotals {
  const sum = { cost: 0n, fromCredits: 0n, uncovered: 0n, overage: 0n }
  for (const { cost, fromCredits, uncovered, overage } of operations) {
    sum.cost += cost
    sum.fromCredits += fromCredits
    sum.uncovered += uncovered
    sum.overage += overage
  }
  return sum
}

function refused(refusal: 'quantity_invalid' | 'amount_overflow'): QuoteRefused {
  return { ok: false, refusal, operation: null }
}
