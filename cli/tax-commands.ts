/**
 * `account tax`: how an account is taxed, and setting it (operator).
 */
import type { AccountTax } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines } from './print.ts'
import { UsedWrongly } from './refusal.ts'
import { asOperator, findAccount } from './speak.ts'

export type SetTax = Globals & {
  rate?: AccountTax['rates']
  exempt?: boolean
  reverseCharge?: boolean
  none?: boolean
}

export async function setTax(options: SetTax): Promise<void> {
  const { account, json } = options
  if (account === undefined) throw new UsedWrongly('Whose tax is meant?', 'Name the account with --account.')
  const wish = wishOf(options)
  const tax = await asOperator(async (api) => {
    const { id } = await findAccount(api, account)
    return wish ? api.putAccountTax({ path: { id }, body: wish }) : api.getAccountTax({ path: { id } })
  })
  if (json) return printJson(tax)
  printLines(textOf(tax))
}

/** What is to be set, or undefined where nothing was said. */
function wishOf({ rate, exempt, reverseCharge, none }: SetTax): AccountTax | undefined {
  const said = [exempt, reverseCharge, none].filter((one) => one === true).length
  if (said > 1 || (none && rate)) {
    throw new UsedWrongly('These do not go together.', 'Give --rate, --exempt, --reverse-charge or --none.')
  }
  if (said === 0 && rate === undefined) return undefined
  const treatment = exempt ? 'exempt' : reverseCharge ? 'reverse_charge' : 'standard'
  return { treatment, rates: rate ?? [] }
}

function textOf({ treatment, rates }: AccountTax): string {
  const names = rates.map(({ name, rate }) => `${name} at ${rate} of the net amount`).join(', ')
  if (treatment === 'exempt') return 'Exempt: no tax is asked for.'
  if (treatment === 'reverse_charge') return 'Reverse charge: the recipient pays the tax.'
  return names === '' ? 'No tax.' : `${names}.`
}
