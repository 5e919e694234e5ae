/**
 * `account create`, `account list`, `key create`: what the operator does for accounts.
 */
import type { ApiKeyRequest, OperatorAccountRequest } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines, showAmount, tableLines } from './print.ts'
import { readAll } from './read-all.ts'
import { UsedWrongly } from './refusal.ts'
import { asOperator, remember } from './speak.ts'

export type CreateAccount = Globals & {
  name: string
  email?: string
  plan?: string
  card?: string
  zone?: string
  remember?: boolean
}

export type CreateKey = Globals & { name: string; scope?: NonNullable<ApiKeyRequest['scopes']> }

export async function createAccount(options: CreateAccount): Promise<void> {
  const { name, email, plan, card, zone, json } = options
  const body: OperatorAccountRequest = {
    name,
    ...(email === undefined ? {} : { email }),
    ...(plan === undefined ? {} : { plan }),
    ...(card === undefined ? {} : { card }),
    ...(zone === undefined ? {} : { zone }),
  }
  const created = await asOperator((api) => api.createOperatorAccount({ body }))
  if (json) printJson(created)
  else {
    printLines(
      ...tableLines([
        ['account_id', created.account_id],
        ['api_key', created.api_key],
        ...(created.invitation_link === null ? [] : [['owner_link', created.invitation_link]]),
      ]),
      created.invitation_link === null ? 'The key is shown this once.' : 'Key and link are shown this once.',
    )
  }
  if (plan !== undefined && !created.plan_started) {
    // The account is there all the same, so what was asked for is told as far as it was done.
    process.stderr.write(`The plan has not started. ${created.plan_detail ?? ''}\n`)
    process.exitCode = 1
  }
  if (options.remember || (await isToBeRemembered(options))) {
    remember({ accountId: created.account_id, name, apiKey: created.api_key })
  }
}

export async function listAccounts({ json }: Globals): Promise<void> {
  const accounts = await asOperator((api) => readAll((query) => api.listAccounts({ query })))
  if (json) return printJson({ data: accounts, next_cursor: null })
  if (accounts.length === 0) return printLines('There is no account yet.')
  printLines(
    ...tableLines(
      [
        ['account', 'name', 'plan', 'balance', 'overage', 'due'],
        ...accounts.map((one) => [
          one.id,
          one.name,
          one.plan ?? '–',
          showAmount(one.balance, one.currency),
          showAmount(one.overage, one.currency),
          showAmount(one.amount_due, one.currency),
        ]),
      ],
      [3, 4, 5],
    ),
  )
}

export async function createKey(options: CreateKey): Promise<void> {
  const { account, name, scope, json } = options
  if (account === undefined)
    throw new UsedWrongly('Whose key is it to be?', 'Name the account with --account.')
  const made = await asOperator((api) =>
    api.createOperatorKey({
      path: { id: account },
      body: { name, ...(scope === undefined ? {} : { scopes: scope }) },
    }),
  )
  if (json) return printJson(made)
  printLines(...tableLines([['api_key', made.key ?? '']]), 'The key is shown this once.')
}

async function isToBeRemembered({ json }: Globals): Promise<boolean> {
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) return false
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({
    message: 'Remember the key, so that your next commands speak for this account?',
  })
  return !isCancel(answer) && answer
}
