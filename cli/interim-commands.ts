/**
 * `account interim`: at how much overage on no invoice an interim one is made, and setting it (operator).
 */
import type { InterimInvoicing } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines, showAmount } from './print.ts'
import { UsedWrongly } from './refusal.ts'
import { asOperator, findAccount } from './speak.ts'

export type SetInterim = Globals & { at?: string; off?: boolean }

export async function setInterim({ account, json, at, off }: SetInterim): Promise<void> {
  if (account === undefined) throw new UsedWrongly('Which account is meant?', 'Name it with --account.')
  if (at !== undefined && off) throw new UsedWrongly('These do not go together.', 'Give --at or --off.')
  const interim = await asOperator(async (api) => {
    const { id } = await findAccount(api, account)
    if (at === undefined && !off) return api.getInterimInvoicing({ path: { id } })
    return api.putInterimInvoicing({ path: { id }, body: { amount: at ?? null } })
  })
  if (json) return printJson(interim)
  printLines(...textOf(interim))
}

function textOf({ amount, unbilled, currency }: InterimInvoicing): string[] {
  const open = `On no invoice yet: ${showAmount(unbilled, currency)}.`
  if (amount === null) return ['No interim invoices: overage is billed when its period ends.', open]
  const at = showAmount(amount, currency)
  return [`Overage of ${at} that is on no invoice is billed at once. Runs go on, paid or not.`, open]
}
