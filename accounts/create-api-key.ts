/**
 * Makes an API key. The key is in the answer and nowhere else: what is stored is its digest.
 *
 * Called by http for owners and admins of an account, and for the operator.
 */

import type { Database } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import type { Scope } from './roles.ts'
import { digestOf, newSecret } from './secret.ts'

export type ApiKey = {
  apiKeyId: string
  name: string
  /** The first characters of the key, to tell keys apart. */
  prefix: string
  scopes: Scope[]
  createdAt: Date
  revokedAt: Date | null
}

export type CreateApiKey = {
  accountId: string
  name: string
  scopes: readonly Scope[]
  /** The user who makes it; absent for the operator. */
  createdBy?: string | null | undefined
}

export type CreateApiKeyResult =
  | { ok: true; apiKey: ApiKey; key: string }
  | { ok: false; refusal: 'account_not_found' }

export const API_KEY_PREFIX = 'dd_'
const SHOWN_CHARACTERS = API_KEY_PREFIX.length + 5

export function createApiKey(db: Database, request: CreateApiKey): Promise<CreateApiKeyResult> {
  const { accountId, name } = request
  const scopes = [...new Set(request.scopes)]
  const key = newSecret(API_KEY_PREFIX)
  const prefix = key.slice(0, SHOWN_CHARACTERS)
  const digest = digestOf(key)
  const apiKeyId = newId()
  return db.asTenant(accountId, async (tx): Promise<CreateApiKeyResult> => {
    const [account] = await tx.query('select account_id from accounts where account_id = $1', [accountId])
    if (account === undefined) return { ok: false, refusal: 'account_not_found' }
    const [row] = await tx.query<{ created_at: Date }>(
      `insert into api_keys (account_id, api_key_id, name, prefix, digest, scopes, created_by)
       values ($1, $2, $3, $4, $5, $6, $7)
       returning created_at`,
      [accountId, apiKeyId, name, prefix, digest, scopes, request.createdBy ?? null],
    )
    await tx.query(
      'insert into api_key_directory (digest, account_id, api_key_id, scopes) values ($1, $2, $3, $4)',
      [digest, accountId, apiKeyId, scopes],
    )
    const apiKey = { apiKeyId, name, prefix, scopes, createdAt: row!.created_at, revokedAt: null }
    return { ok: true, apiKey, key }
  })
}
