/**
 * `alerts` and `pause`: what to be told of, and the overage at which automations pause. Both off unless the customer sets them.
 */
import type { Alerts, Pause } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { micros, printJson, printLines, showAmount, showInstant, showNumberOf } from './print.ts'
import { UsedWrongly } from './refusal.ts'
import { asAccount } from './speak.ts'

export type SetAlerts = Globals & {
  credits?: number[]
  overage?: string[]
  forecast?: string[]
  none?: boolean
}

type Rule = Alerts['rules'][number]

export async function showAlerts({ account, json }: Globals): Promise<void> {
  const [alerts, { zone }] = await asAccount(account, async (api) =>
    Promise.all([api.getAlerts(), api.getBilling()]),
  )
  if (json) return printJson(alerts)
  printLines(...alertLines(alerts, zone))
}

export async function setAlerts(options: SetAlerts): Promise<void> {
  const { credits = [], overage = [], forecast = [], none } = options
  const rules: Rule[] = [
    ...credits.map((percent) => ({ kind: 'credits' as const, percent })),
    ...overage.map((amount) => ({ kind: 'overage' as const, amount })),
    ...forecast.map((amount) => ({ kind: 'forecast' as const, amount })),
  ]
  if ((rules.length === 0) !== (none === true)) {
    throw new UsedWrongly(
      'What do you want to be told of?',
      'Name it with --credits, --overage or --forecast, or say --none.',
    )
  }
  const [alerts, { zone }] = await asAccount(options.account, async (api) => {
    const answer = await api.putAlerts({ body: { rules } })
    return [answer, await api.getBilling()] as const
  })
  if (options.json) return printJson(alerts)
  printLines(...alertLines(alerts, zone))
}

export async function showPause({ account, json }: Globals): Promise<void> {
  const pause = await asAccount(account, (api) => api.getPause())
  if (json) return printJson(pause)
  printLines(...pauseLines(pause))
}

/** `amount` as on the wire; null takes the limit away. */
export async function setPause(amount: string | null, { account, json }: Globals): Promise<void> {
  const pause = await asAccount(account, (api) => api.putPause({ body: { overage_limit: amount } }))
  if (json) return printJson(pause)
  printLines(...pauseLines(pause))
}

function alertLines({ rules, told, currency }: Alerts, zone: string): string[] {
  if (rules.length === 0) return ['You are told of nothing. Set it with "drawdown alerts set".']
  const when = (rule: Rule) => told.find((one) => JSON.stringify(one.rule) === JSON.stringify(rule))?.told_at
  return rules.map((rule) => {
    const at = when(rule)
    return `${ruleText(rule, currency)}: ${at === undefined ? 'not yet this period' : `told on ${showInstant(at, zone)}`}`
  })
}

function ruleText(rule: Rule, currency: string | null): string {
  if (rule.kind === 'credits') return `${rule.percent} % of the credits used`
  const amount = showAmount(rule.amount, currency)
  return rule.kind === 'overage'
    ? `${amount} of overage`
    : `${amount} of overage forecast for the period’s end`
}

function pauseLines({ overage_limit: limit, overage, paused_runs: runs, currency }: Pause): string[] {
  if (limit === null) return ['Automations never pause: what goes beyond your credits is billed as overage.']
  const state = `Automations pause at ${showAmount(limit, currency)} of overage; ${showAmount(overage, currency)} has accrued.`
  if (runs > 0) return [state, `${showNumberOf(runs, 'run is', 'runs are')} paused.`]
  return [state, ...(micros(overage) >= micros(limit) ? ['The limit is reached.'] : [])]
}
