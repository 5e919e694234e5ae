/**
 * Price lists and mixes between the wire, the address of a page and the billing rules.
 *
 * The rules themselves (`billing/mix.ts`) run in the browser as they run on the server: what a slider shows is what
 * would be booked.
 */
import type { Automation, Price } from '@drawdown/client'
import type { Mix } from '../billing/mix.ts'
import type { PriceList } from '../billing/plan.ts'
import { readAmount } from './format.ts'

/** A price list of the wire for the billing rules. */
export function priceListOf(prices: readonly Price[]): PriceList {
  return new Map(
    prices.map((price) => [
      price.operation,
      { unitPrice: readAmount(price.unit_price), overageUnitPrice: readAmount(price.overage_unit_price) },
    ]),
  )
}

/** Whether an operation costs something. */
export function isPaid(price: Price): boolean {
  return readAmount(price.unit_price) > 0n
}

/** One entry a step, as `imagesAvailable` and `quoteRun` take them. */
export function operationsPerImage(automation: Pick<Automation, 'steps'>): string[] {
  return automation.steps.map((step) => step.operation)
}

/** What one photo of an automation costs in credits, or null where a step is not offered. */
export function costPerImage(automation: Pick<Automation, 'steps'>, prices: PriceList): bigint | null {
  let cost = 0n
  for (const operation of operationsPerImage(automation)) {
    const price = prices.get(operation)
    if (!price) return null
    cost += price.unitPrice
  }
  return cost
}

const MOST = 1_000_000_000

/** Reads `smart_crop:100,remove_background:3`. What is not offered or no whole number is left out. */
export function readMix(text: string | undefined, prices: PriceList): Map<string, number> {
  const mix = new Map<string, number>()
  for (const part of (text ?? '').split(',')) {
    const [operation = '', quantity = ''] = part.split(':')
    if (prices.has(operation) && /^\d{1,10}$/.test(quantity))
      mix.set(operation, Math.min(MOST, Number(quantity)))
  }
  return mix
}

/** Writes a mix for the address; undefined for one that decides nothing. */
export function writeMix(mix: Mix): string | undefined {
  const parts = [...mix]
    .filter(([, quantity]) => quantity > 0)
    .map(([operation, quantity]) => `${operation}:${quantity}`)
  return parts.length === 0 ? undefined : parts.join(',')
}
