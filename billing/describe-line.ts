/**
 * An invoice line in one plain English sentence, from its data.
 *
 * Called when an invoice is drafted, so that a line keeps the words it was issued with. A reader in
 * another language gets the data of the line instead.
 */
import { assert } from './assert.ts'
import { formatAmount, formatPercentage } from './format-amount.ts'
import type { GrantSource } from './grant.ts'
import type { CreditsUsed, InvoiceLine } from './invoice.ts'

const FROM: Record<GrantSource, string> = {
  plan: 'the plan',
  upgrade: 'an upgrade',
  promotion: 'a promotion',
  purchase: 'a purchase',
  adjustment: 'an adjustment',
}

/** "Smart crop on Starter, 300 × $0.20"; "4,570 credits from the plan". Amounts are not repeated. */
export function describeLine(line: InvoiceLine, currency: string): string {
  switch (line.kind) {
    case 'plan_fee':
      return `${line.name} plan`
    case 'discount':
      return `Discount on the ${line.name} plan`
    case 'plan_change':
      return `Change to the ${line.name} plan, for the rest of the period`
    case 'purchase':
      return `${line.name}`
    case 'usage':
      return describeUsage(line, currency)
    case 'late_usage':
      return `${describeUsage(line, currency)}, used before this period`
    case 'credits_applied':
      return describeCredits(line)
    case 'tax':
      return `${line.name} ${formatPercentage(line.taxRate!)}`
  }
}

/** "Smart crop" for smart_crop. */
export function operationName(operation: string): string {
  return operation.charAt(0).toUpperCase() + operation.slice(1).replaceAll('_', ' ')
}

function describeUsage(line: InvoiceLine, currency: string): string {
  assert(line.operation !== null && line.quantity !== null, 'a usage line has an operation')
  const use = `${operationName(line.operation)} on ${line.name}, ${line.quantity.toLocaleString('en')}`
  if (line.unitPrice === 0n) return `${use}, free`
  return `${use} × ${formatAmount(line.unitPrice!, currency)}`
}

function describeCredits({ credits, creditUnit }: InvoiceLine): string {
  assert(creditUnit !== null, 'credits are counted in a unit')
  if (credits.length === 0) return 'Credits applied'
  const part = (used: CreditsUsed) => `${formatAmount(used.credits, creditUnit)} from ${FROM[used.source]}`
  return `Credits applied: ${credits.map(part).join(', ')}`
}
