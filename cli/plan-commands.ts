/**
 * `plans` and `plan change`: every plan's details, and the change with its exact amount or date before it happens.
 */
import type { Plan } from '@drawdown/client'
import { createClient } from '@drawdown/client'
import { askToGoOn } from './ask.ts'
import type { Globals } from './globals.ts'
import { printJson, printLines, showAmount, showCount, showDay, tableLines } from './print.ts'
import { readSettings } from './settings.ts'
import { asAccount } from './speak.ts'

export async function listPlans({ json }: Globals): Promise<void> {
  const { url } = readSettings()
  const plans = await createClient({ url }).listPlans()
  if (json) return printJson(plans)
  printLines(...plans.data.flatMap((plan, index) => [...(index === 0 ? [] : ['']), ...planLines(plan)]))
}

export type ChangePlan = Globals & { yes?: boolean }

export async function changePlan(code: string, options: ChangePlan): Promise<void> {
  await asAccount(options.account, async (api) => {
    const preview = await api.previewSubscription({ body: { plan: code } })
    if (!options.json) printLines(preview.summary)
    if (!(await askToGoOn('Go on?', options))) return printLines('Nothing was changed.')
    const result = await api.changeSubscription({ body: { plan: code, preview_id: preview.id } })
    if (options.json) return printJson(result)
    const { zone } = await api.getBilling()
    const done = {
      effective: `You are on ${preview.plan.name} now.`,
      scheduled: `${preview.plan.name} begins on ${showDay(result.effective_at, zone)}. Until then you can take it back.`,
      awaiting_payment: 'The payment has not come through yet. The change takes effect when it does.',
    }
    printLines(done[result.status])
  })
}

function planLines(plan: Plan): string[] {
  const discount = plan.discount === '0' ? '' : ` (list price ${showAmount(plan.list_price, plan.currency)})`
  const paid = plan.prices.filter((price) => price.credits_buy !== null)
  const free = plan.prices.filter((price) => price.credits_buy === null)
  return [
    `${plan.name} (${plan.code}): ${showAmount(plan.fee, plan.currency)} a month${discount}, ${showAmount(plan.credits, plan.credit_unit)} of credits`,
    ...tableLines(
      paid.map((price) => [
        `  ${price.name}`,
        showAmount(price.unit_price, plan.credit_unit),
        `${showCount(price.credits_buy!)} with the plan’s credits`,
        `then ${showAmount(price.overage_unit_price, plan.currency)}`,
      ]),
      [1],
    ),
    ...(free.length === 0 ? [] : [`  ${free.map((price) => price.name).join(', ')}: free`]),
  ]
}
