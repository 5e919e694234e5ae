/**
 * Starts the product's HTTP server beside the bench, and speaks to it as a customer's program does: over connections that stay open.
 *
 * Called by the benches that go over HTTP.
 */
import { fork } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createApiKey } from '../accounts/create-api-key.ts'
import type { Scope } from '../accounts/roles.ts'
import type { Stand } from './stand.ts'

export type Served = {
  /** Sends a request; answers the text of a success. Throws on any other status. */
  call(call: { method: string; path: string; key: string; type?: string; body?: string }): Promise<string>
  /** An API key of the account. */
  keyOf(accountId: string, scopes: readonly Scope[]): Promise<string>
}

/** The server ends with the stand. */
export async function serve(stand: Stand): Promise<Served> {
  const child = fork(join(import.meta.dirname, 'server-child.ts'), [stand.url])
  stand.atEnd(async () => {
    child.removeAllListeners('exit').kill()
  }, child.pid)
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url))
    child.once('exit', (code) => reject(new Error(`The server ended at its start (${code}).`)))
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  stand.atEnd(async () => agent.destroy())
  return {
    call: ({ method, path, key, type, body }) =>
      new Promise((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${key}`,
          ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
        }
        const sent = request(new URL(path, url), { method, agent, headers }, (answer) => {
          const pieces: Buffer[] = []
          answer.on('data', (piece: Buffer) => pieces.push(piece))
          answer.on('error', reject)
          answer.on('end', () => {
            const text = Buffer.concat(pieces).toString()
            if (answer.statusCode! < 300) resolve(text)
            else reject(new Error(`${method} ${path} answered ${answer.statusCode}: ${text}`))
          })
        })
        sent.on('error', reject)
        sent.end(body)
      }),
    async keyOf(accountId, scopes) {
      const made = await createApiKey(stand.db, { accountId, name: 'bench', scopes })
      if (!made.ok) throw new Error(made.refusal)
      return made.key
    },
  }
}
