/**
 * From a key to its account: one indexed select for each request, never cached, so that revoking takes effect at once.
 *
 * Called by http/principal.ts before an account is known, hence in the directory.
 */
import type { Database } from '../database/connect.ts'
import type { Scope } from './roles.ts'
import { digestOf } from './secret.ts'

export type FoundApiKey = { apiKeyId: string; accountId: string; scopes: readonly Scope[] }

/** Null for a key that is unknown or revoked. */
export async function findApiKey(db: Database, key: string): Promise<FoundApiKey | null> {
  const [row] = await db.asService((tx) =>
    tx.query<{ api_key_id: string; account_id: string; scopes: Scope[] }>(
      'select api_key_id, account_id, scopes from api_key_directory where digest = $1',
      [digestOf(key)],
    ),
  )
  if (row === undefined) return null
  return { apiKeyId: row.api_key_id, accountId: row.account_id, scopes: row.scopes }
}
