/**
 * `automation list`, and finding an automation by its name or id for the commands that take one.
 */
import type { Automation, DrawdownClient } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines, tableLines } from './print.ts'
import { readAll } from './read-all.ts'
import { CommandRefused } from './refusal.ts'
import { asAccount } from './speak.ts'

export async function listAutomations({ account, json }: Globals): Promise<void> {
  const automations = await asAccount(account, readAutomations)
  if (json) return printJson({ data: automations, next_cursor: null })
  if (automations.length === 0) return printLines('No automation yet.')
  printLines(
    ...tableLines(
      automations.map((one) => [one.name, one.id, one.steps.map((step) => step.operation).join(' → ')]),
    ),
  )
}

/** Throws CommandRefused with the names there are when none, or more than one, has this name. */
export async function findAutomation(api: DrawdownClient, which: string): Promise<Automation> {
  const automations = await readAutomations(api)
  const found = automations.filter(
    (one) => one.id === which || one.name.toLowerCase() === which.trim().toLowerCase(),
  )
  if (found.length === 1) return found[0]!
  if (found.length > 1) {
    throw new CommandRefused(
      `${found.length} automations are called "${which}".`,
      `Say which by its id: ${found.map((one) => one.id).join(', ')}.`,
    )
  }
  throw new CommandRefused(
    `There is no automation "${which}".`,
    automations.length === 0
      ? 'There is none yet.'
      : `There are ${automations.map((one) => `"${one.name}"`).join(', ')}.`,
  )
}

function readAutomations(api: DrawdownClient): Promise<Automation[]> {
  return readAll((query) => api.listAutomations({ query }))
}
