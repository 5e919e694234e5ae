/**
 * Clients for the commands: one that speaks for an account, one that speaks as the operator.
 *
 *   DRAWDOWN_API_KEY ─────────────────────────────▶ that account
 *   a remembered key (--account picks) ───────────▶ that account
 *   neither, but the server runs on this machine ─▶ a key is made by the operator's token, and remembered
 *
 * 1. A remembered key that the server no longer knows is forgotten and the way is gone once more.
 */
import { hostname } from 'node:os'
import { createClient, type DrawdownClient, DrawdownProblem, type OperatorAccount } from '@drawdown/client'
import { readAll } from './read-all.ts'
import { CommandRefused } from './refusal.ts'
import { forgetKey, type RememberedKey, rememberedKeys, rememberKey } from './remembered-keys.ts'
import { readSettings } from './settings.ts'

/** Runs `work` with a client of the account that is meant. */
export async function asAccount<T>(
  account: string | undefined,
  work: (api: DrawdownClient) => Promise<T>,
): Promise<T> {
  const settings = readSettings()
  if (settings.apiKey !== undefined) {
    return work(createClient({ url: settings.url, apiKey: settings.apiKey }))
  }
  const key = pickRemembered(rememberedKeys(settings.credentialsFile, settings.url), account)
  if (key !== undefined) {
    try {
      return await work(createClient({ url: settings.url, apiKey: key.apiKey }))
    } catch (fault) {
      if (!(fault instanceof DrawdownProblem) || fault.refusal !== 'invalid_key') throw fault
      forgetKey(settings.credentialsFile, settings.url, key.accountId)
    }
  }
  const made = await makeKey(account)
  return work(createClient({ url: settings.url, apiKey: made.apiKey }))
}

/** Runs `work` with a client of the operator: the token of the server on this machine, else DRAWDOWN_API_KEY. */
export async function asOperator<T>(work: (api: DrawdownClient) => Promise<T>): Promise<T> {
  const { url, operatorToken, apiKey } = readSettings()
  const token = operatorToken ?? apiKey
  if (token === undefined) {
    throw new CommandRefused(
      'This needs the operator.',
      'Run it on the machine of the server, while it runs and as the user who started it, or set DRAWDOWN_URL and DRAWDOWN_API_KEY to the operator’s.',
    )
  }
  return work(createClient({ url, apiKey: token }))
}

/** Lets later commands speak for the account without a key at hand. */
export function remember(key: RememberedKey): void {
  const { credentialsFile, url } = readSettings()
  rememberKey(credentialsFile, url, key)
}

function pickRemembered(keys: RememberedKey[], account: string | undefined): RememberedKey | undefined {
  if (account !== undefined) return keys.find((key) => key.accountId === account || key.name === account)
  if (keys.length <= 1) return keys[0]
  throw new CommandRefused(
    'Which account is meant?',
    `Name one with --account: ${keys.map((key) => `${key.accountId} (${key.name})`).join(', ')}.`,
  )
}

async function makeKey(account: string | undefined): Promise<RememberedKey> {
  if (readSettings().operatorToken === undefined) {
    throw new CommandRefused(
      'This needs an API key.',
      'Set DRAWDOWN_API_KEY to a key of the account, or run this on the machine of the server while it runs.',
    )
  }
  return asOperator(async (api) => {
    const { id, name } = await findAccount(api, account)
    const made = await api.createOperatorKey({
      path: { id },
      body: { name: `Command line on ${hostname()}` },
    })
    const key = { accountId: id, name, apiKey: made.key! }
    remember(key)
    return key
  })
}

/** The account that an operator means, by id or name. */
export async function findAccount(
  api: DrawdownClient,
  account: string | undefined,
): Promise<OperatorAccount> {
  return pickAccount(await readAll((query) => api.listAccounts({ query })), account)
}

function pickAccount(accounts: OperatorAccount[], account: string | undefined): OperatorAccount {
  if (accounts.length === 0) {
    throw new CommandRefused(
      'There is no account yet.',
      'Make one: drawdown account create --name … --email … --plan starter.',
    )
  }
  const meant =
    account === undefined
      ? accounts
      : accounts.filter((one) => one.id === account || one.name.toLowerCase() === account.toLowerCase())
  if (meant.length === 1) return meant[0]!
  const names = accounts
    .slice(0, 10)
    .map((one) => `${one.id} (${one.name})`)
    .join(', ')
  throw new CommandRefused(
    account === undefined ? 'Which account is meant?' : `There is no one account "${account}".`,
    `Name one with --account: ${names}.`,
  )
}
