/**
 * `balance` and `mix`: what the billing page says, in a terminal. The numbers are the server's; this file only lays them out.
 */
import type { Billing, Mix } from '@drawdown/client'
import { formatAmount } from '../billing/format-amount.ts'
import { findAutomation } from './automation-commands.ts'
import type { Globals } from './globals.ts'
import {
  micros,
  printJson,
  printLines,
  showAmount,
  showCount,
  showDay,
  showInstant,
  tableLines,
} from './print.ts'
import { UsedWrongly } from './refusal.ts'
import { asAccount } from './speak.ts'

export async function showBalance({ account, json }: Globals): Promise<void> {
  const billing = await asAccount(account, (api) => api.getBilling())
  if (json) return printJson(billing)
  if (billing.plan === null || billing.period === null) {
    printLines('No plan yet.', 'Choose one with "drawdown plans", then "drawdown plan change <code>".')
    return
  }
  const { plan, currency, zone } = billing
  const credits = (text: string) => showAmount(text, plan.credit_unit)
  printLines(
    ...tableLines([
      ['Plan', `${plan.name}, ${showAmount(plan.fee, plan.currency)} a month${pendingText(billing)}`],
      ['Balance', `${credits(billing.balance)} of ${credits(billing.credits_included)}`],
      ['Overage', `${showAmount(billing.overage, currency)}, billed on ${showDay(billing.period.end, zone)}`],
      ...(billing.overage_invoiced === '0'
        ? []
        : [['of it', `${showAmount(billing.overage_invoiced, currency)} on interim invoices already`]]),
      ['Resets', showInstant(billing.period.end, zone)],
      ...outlookRows(billing),
      ['Card', cardText(billing)],
      ...(billing.amount_due === '0' ? [] : [['Due', showAmount(billing.amount_due, currency)]]),
      ...(billing.customer_credit === '0'
        ? []
        : [['Customer credit', showAmount(billing.customer_credit, currency)]]),
    ]),
    '',
    'Your balance buys',
    ...availableLines(billing, billing.available),
  )
}

export type PlanMix = Globals & {
  fixed?: Record<string, number>
  target?: Record<string, number>
  automation?: string
}

export async function planMix(options: PlanMix): Promise<void> {
  const { fixed, target, json } = options
  if (fixed !== undefined && target !== undefined) {
    throw new UsedWrongly(
      'Both --fixed and --target were given.',
      'Give one: what you have decided on, or what you want to be able to run.',
    )
  }
  const [billing, mix, automation] = await asAccount(options.account, async (api) => {
    const automation =
      options.automation === undefined ? undefined : await findAutomation(api, options.automation)
    const body = {
      ...(target === undefined ? { fixed: fixed ?? {} } : { target }),
      ...(automation === undefined ? {} : { automation_id: automation.id }),
    }
    return [await api.getBilling(), await api.planMix({ body }), automation] as const
  })
  if (json) return printJson(mix)
  printLines(...mixLines(billing, mix, automation?.name))
}

function mixLines(billing: Billing, mix: Mix, automation: string | undefined): string[] {
  const credits = (text: string) => showAmount(text, billing.credit_unit)
  const chosen = Object.entries(mix.fixed ?? mix.target ?? {})
  const images = mix.automation_images
  return [
    ...tableLines([
      ...(chosen.length === 0
        ? []
        : [
            [
              'Mix',
              chosen
                .map(([operation, count]) => `${showCount(count)} × ${nameOf(billing, operation)}`)
                .join(', '),
            ],
          ]),
      ['Cost', credits(mix.cost)],
      ...(mix.balance_needed === undefined ? [] : [['Balance needed', credits(mix.balance_needed)]]),
      ['Balance', `${credits(mix.balance)} now, ${credits(mix.balance_after)} left after`],
      ['Overage', showAmount(mix.overage, billing.currency)],
    ]),
    '',
    'What is left buys',
    ...availableLines(billing, mix.available),
    ...(automation === undefined || images === undefined
      ? []
      : [
          `  ${images === null ? 'any number of images' : `${showCount(images)} images`} through ${automation}`,
        ]),
  ]
}

/** One line a paid operation, one line for all that are free. */
function availableLines(billing: Billing, available: Record<string, number | null>): string[] {
  const paid = billing.prices.filter((price) => available[price.operation] != null)
  const free = billing.prices.filter((price) => available[price.operation] === null)
  return [
    ...tableLines(
      paid.map((price) => [
        `  ${showCount(available[price.operation]!)}`,
        price.name,
        `at ${showAmount(price.unit_price, billing.credit_unit)}`,
      ]),
      [0],
    ),
    ...(free.length === 0 ? [] : [`  ${free.map((price) => price.name).join(', ')}: free`]),
  ]
}

/** How the period is likely to end; nothing while there is too little to say. */
function outlookRows({ forecast, currency, zone }: Billing): string[][] {
  if (forecast === null) return []
  const { low, likely, high } = forecast.overage
  const cents = (text: string) => formatAmount((micros(text) / 10_000n) * 10_000n, currency ?? '')
  return [
    [
      'Credits last',
      forecast.credits_run_out_at
        ? `until ${showDay(forecast.credits_run_out_at, zone)}`
        : 'to the end of the period',
    ],
    ['Forecast', `${cents(likely)} overage by the end, between ${cents(low)} and ${cents(high)}`],
  ]
}

function nameOf(billing: Billing, operation: string): string {
  return billing.prices.find((price) => price.operation === operation)?.name ?? operation
}

function pendingText({ subscription, zone }: Billing): string {
  const pending = subscription?.pending
  if (!pending) return ''
  const day = showDay(pending.effective_at, zone)
  return pending.kind === 'cancel' ? `; ends on ${day}` : `; ${pending.plan?.name} from ${day}`
}

function cardText({ payment_method: card }: Billing): string {
  return card === null ? 'none' : `${card.brand} ending ${card.last4}, expires ${card.expires}`
}
