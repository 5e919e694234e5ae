/**
 * `item accept` and `item discard`: a person's word on a photo that was held.
 *
 * 1. What accepting costs, and what is left after it, is shown and asked for, unless --yes.
 */
import type { Billing, Item } from '@drawdown/client'
import { formatMicros } from '../billing/micros.ts'
import { askToGoOn } from './ask.ts'
import type { Globals } from './globals.ts'
import { micros, printJson, printLines, showAmount } from './print.ts'
import { asAccount } from './speak.ts'

export type AcceptItem = Globals & { yes?: boolean }

export async function acceptItem(id: string, options: AcceptItem): Promise<void> {
  await asAccount(options.account, async (api) => {
    const held = await api.getItem({ path: { id } })
    if (held.status === 'held') {
      if (!options.json) printLines(priceLine(held, await api.getBilling()))
      if (!(await askToGoOn('Accept it?', options))) return printLines('Nothing was accepted.')
    }
    // The server tells what was accepted before, which is no fault, from what cannot be.
    const item = await api.acceptItem({ path: { id } })
    if (options.json) return printJson(item)
    const { credit_unit, balance } = await api.getBilling()
    printLines(
      `${item.image.name} is accepted for ${showAmount(item.cost, credit_unit)}. ${showAmount(balance, credit_unit)} left.`,
    )
  })
}

export async function discardItem(id: string, { account, json }: Globals): Promise<void> {
  const item = await asAccount(account, (api) => api.discardItem({ path: { id } }))
  if (json) return printJson(item)
  printLines(`${item.image.name} is discarded. It cost nothing.`)
}

function priceLine(item: Item, { balance, credit_unit: unit }: Billing): string {
  const cost = item.cost_if_accepted ?? '0'
  const isCovered = micros(balance) >= micros(cost)
  const after = isCovered
    ? `${showAmount(formatMicros(micros(balance) - micros(cost)), unit)} left after`
    : `more than the ${showAmount(balance, unit)} that is left: the rest is overage`
  return `${item.image.name} (${item.failure?.message ?? 'held'}): ${showAmount(cost, unit)}, ${after}`
}
