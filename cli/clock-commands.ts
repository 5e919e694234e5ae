/**
 * `clock advance`: moves the sandbox clock, and tells what fell due on the way.
 */
import type { Globals } from './globals.ts'
import { printJson, printLines, showInstant, tableLines } from './print.ts'
import { UsedWrongly } from './refusal.ts'
import { asOperator, findAccount } from './speak.ts'

export type AdvanceClock = Globals & { to: string; all?: boolean }

export async function advanceClock(options: AdvanceClock): Promise<void> {
  const { account, all, json } = options
  if ((account === undefined) === (all === undefined)) {
    throw new UsedWrongly('Whose clock is to be moved?', 'Name one account with --account, or say --all.')
  }
  const to = instantOf(options.to)
  const answer = await asOperator(async (api) => {
    if (account === undefined) return api.advanceClock({ body: { to, all: true } })
    return api.advanceClock({ body: { to, account_id: (await findAccount(api, account)).id } })
  })
  if (json) return printJson(answer)
  printLines(
    ...tableLines(
      answer.accounts.map((one) => [
        one.account_id,
        showInstant(one.now, 'UTC'),
        one.invoices.length === 0 ? 'no invoice' : one.invoices.join(', '),
      ]),
    ),
  )
}

/** The instant that somebody wrote, as the wire has it; a date is its midnight in UTC. */
export function instantOf(text: string): string {
  const instant = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)
  if (Number.isNaN(instant.getTime())) {
    throw new UsedWrongly(`"${text}" is not an instant.`, 'Write it like 2026-12-22 or 2026-12-22T09:00:00Z.')
  }
  return instant.toISOString()
}
