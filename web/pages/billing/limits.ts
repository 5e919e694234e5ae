/** The fields of the dialog "Alerts and limit": from rules to texts and back, or what is wrong with them. */
import type { Alerts } from '@drawdown/client'
import { formatMicros, parseMicros } from '../../../billing/micros.ts'

type Rule = Alerts['rules'][number]
export type LimitFields = { credits: string; overage: string; forecast: string; limit: string }

export type LimitsRead =
  | { ok: true; rules: Rule[]; limit: string | null }
  | { ok: false; faults: Partial<Record<keyof LimitFields, string>> }

export function writeLimits(rules: readonly Rule[], limit: string | null): LimitFields {
  const amounts = (kind: 'overage' | 'forecast') =>
    rules.flatMap((rule) => (rule.kind === kind ? [rule.amount] : [])).join(', ')
  return {
    credits: rules.flatMap((rule) => (rule.kind === 'credits' ? [rule.percent] : [])).join(', '),
    overage: amounts('overage'),
    forecast: amounts('forecast'),
    limit: limit ?? '',
  }
}

export function readLimits(fields: LimitFields): LimitsRead {
  const faults: Partial<Record<keyof LimitFields, string>> = {}
  const rules: Rule[] = []
  for (const text of partsOf(fields.credits)) {
    if (/^([1-9]\d?|100)%?$/.test(text)) rules.push({ kind: 'credits', percent: Number.parseInt(text, 10) })
    else faults.credits = `“${text}” is no whole percentage from 1 to 100.`
  }
  for (const kind of ['overage', 'forecast'] as const) {
    for (const text of partsOf(fields[kind])) {
      const amount = amountOf(text)
      if (amount === undefined || amount === '0') faults[kind] = `“${text}” is no amount above 0.`
      else rules.push({ kind, amount })
    }
  }
  const limit = fields.limit.trim() === '' ? null : amountOf(fields.limit.trim())
  if (limit === undefined) faults.limit = `“${fields.limit.trim()}” is no amount.`
  if (limit === undefined || Object.keys(faults).length > 0) return { ok: false, faults }
  return { ok: true, rules, limit }
}

function partsOf(text: string): string[] {
  return text.split(/[,;\s]+/).filter((part) => part !== '')
}

/** As on the wire; undefined for anything else than an amount of 0 or more. */
function amountOf(text: string): string | undefined {
  const amount = parseMicros(text.replace(/^\$/, ''))
  return amount === undefined || amount < 0n ? undefined : formatMicros(amount)
}
