/**
 * Where the server is and as whom the command speaks. The only file of this room that reads the environment.
 *
 * 1. DRAWDOWN_URL and DRAWDOWN_API_KEY come first.
 * 2. Else `server.json` in the data folder, which a running server keeps there (0600): its URL and an operator's token. The data
 *    folder is found as the server finds it: DRAWDOWN_DATA, else `data` in the clone; for root, /var/lib/drawdown where the
 *    server had to move there.
 * 3. The operator's token goes to no other server than the one that wrote it.
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export type Settings = {
  url: string
  /** From DRAWDOWN_API_KEY: a key of an account, or of an operator. */
  apiKey: string | undefined
  /** From server.json, when `url` is that server. */
  operatorToken: string | undefined
  /** Where keys are remembered. */
  credentialsFile: string
}

const CLONE = join(import.meta.dirname, '..')
const DEFAULT_URL = 'http://localhost:4000'

export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const server = readServerFile(env)
  const url = (env.DRAWDOWN_URL || server?.url || DEFAULT_URL).replace(/\/+$/, '')
  return {
    url,
    apiKey: env.DRAWDOWN_API_KEY || undefined,
    operatorToken: server !== undefined && isSameServer(url, server.url) ? server.operator_token : undefined,
    credentialsFile: join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'drawdown', 'credentials.json'),
  }
}

type ServerFile = { url: string; operator_token: string }

function readServerFile(env: NodeJS.ProcessEnv): ServerFile | undefined {
  const asked = env.DRAWDOWN_DATA ? resolve(env.DRAWDOWN_DATA) : join(CLONE, 'data')
  const moved = process.getuid?.() === 0 ? ['/var/lib/drawdown'] : []
  for (const folder of [asked, ...moved]) {
    const text = readIfThere(join(folder, 'server.json'))
    if (text !== undefined) return JSON.parse(text) as ServerFile
  }
  return undefined
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (fault) {
    // Absent, in a folder of another user, or below one: then this user speaks with a key.
    const { code } = fault as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return undefined
    throw fault
  }
}

function isSameServer(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)]
  return a.protocol === b.protocol && a.port === b.port && hostOf(a) === hostOf(b)
}

function hostOf(url: URL): string {
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) ? 'loopback' : url.hostname
}
