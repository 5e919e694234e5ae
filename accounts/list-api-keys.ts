/** The keys of an account, newest first, without anything that opens a door. */
import type { Database } from '../database/connect.ts'
import type { ApiKey } from './create-api-key.ts'
import type { Scope } from './roles.ts'

export type ListRequest = {
  accountId: string
  /** Most rows. */
  limit: number
  /** The key of the row that the page starts after; null for the first page. */
  after: string | null
}

type Row = {
  api_key_id: string
  name: string
  prefix: string
  scopes: Scope[]
  created_at: Date
  revoked_at: Date | null
}

export async function listApiKeys(db: Database, request: ListRequest): Promise<ApiKey[]> {
  const rows = await db.asTenant(request.accountId, (tx) =>
    tx.query<Row>(
      `select api_key_id, name, prefix, scopes, created_at, revoked_at
       from api_keys
       where account_id = $1 and ($2::uuid is null or api_key_id < $2)
       order by api_key_id desc
       limit $3`,
      [request.accountId, request.after, request.limit],
    ),
  )
  return rows.map((row) => ({
    apiKeyId: row.api_key_id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  }))
}
