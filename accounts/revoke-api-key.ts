/** Revokes an API key for ever: its directory row goes, so the very next request with it is refused. */
import type { Database } from '../database/connect.ts'

export type RevokeApiKeyResult = { ok: true } | { ok: false; refusal: 'api_key_not_found' }

/** Revoking a revoked key changes nothing and is done. */
export function revokeApiKey(
  db: Database,
  request: { accountId: string; apiKeyId: string },
): Promise<RevokeApiKeyResult> {
  const { accountId, apiKeyId } = request
  return db.asTenant(accountId, async (tx): Promise<RevokeApiKeyResult> => {
    const [row] = await tx.query<{ digest: Buffer }>(
      `update api_keys set revoked_at = coalesce(revoked_at, now())
       where account_id = $1 and api_key_id = $2
       returning digest`,
      [accountId, apiKeyId],
    )
    if (row === undefined) return { ok: false, refusal: 'api_key_not_found' }
    await tx.query('delete from api_key_directory where digest = $1', [row.digest])
    return { ok: true }
  })
}
