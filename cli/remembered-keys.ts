/**
 * API keys that this user let the command line remember, by server and account, in one file that only this user can read.
 *
 * 1. The file is 0600 in a folder 0700, and replaced whole.
 * 2. It holds account keys only, never an operator's token.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export type RememberedKey = { accountId: string; name: string; apiKey: string }

type Stored = Record<string, Record<string, { name: string; api_key: string }>>

/** Keys for one server, those remembered first first. */
export function rememberedKeys(file: string, url: string): RememberedKey[] {
  return Object.entries(read(file)[url] ?? {}).map(([accountId, { name, api_key }]) => ({
    accountId,
    name,
    apiKey: api_key,
  }))
}

export function rememberKey(file: string, url: string, key: RememberedKey): void {
  const stored = read(file)
  stored[url] = { ...stored[url], [key.accountId]: { name: key.name, api_key: key.apiKey } }
  write(file, stored)
}

export function forgetKey(file: string, url: string, accountId: string): void {
  const stored = read(file)
  if (stored[url]) delete stored[url][accountId]
  write(file, stored)
}

function read(file: string): Stored {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Stored
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new Error(`${file} cannot be read; remove it and the keys are asked for again`, { cause: fault })
  }
}

function write(file: string, stored: Stored): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const next = `${file}.${process.pid}`
  writeFileSync(next, `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600 })
  chmodSync(next, 0o600)
  renameSync(next, file)
}
