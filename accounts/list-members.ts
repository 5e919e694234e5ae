/** The members of an account with their names, in the order in which they joined. */
import type { Database } from '../database/connect.ts'
import type { Identity } from './identity.ts'
import type { ListRequest } from './list-api-keys.ts'
import type { Role } from './roles.ts'

export type Member = { userId: string; name: string; email: string; role: Role; createdAt: Date }

type Row = { user_id: string; role: Role; created_at: Date }

/** `after` is the user id of the last member of the page before. */
export async function listMembers(db: Database, identity: Identity, request: ListRequest): Promise<Member[]> {
  const rows = await db.asTenant(request.accountId, (tx) =>
    tx.query<Row>(
      `select user_id, role, created_at
       from memberships
       where account_id = $1
         and ($2::text is null or (created_at, user_id) > (
           select created_at, user_id from memberships where account_id = $1 and user_id = $2))
       order by created_at, user_id
       limit $3`,
      [request.accountId, request.after, request.limit],
    ),
  )
  return withNames(identity, rows)
}

/** The names stand in another schema, which an account's transaction may not read. */
export async function withNames(identity: Identity, rows: readonly Row[]): Promise<Member[]> {
  const users = await identity.readUsers(rows.map((row) => row.user_id))
  return rows.map((row) => {
    const user = users.get(row.user_id)
    return {
      userId: row.user_id,
      name: user?.name ?? '',
      email: user?.email ?? '',
      role: row.role,
      createdAt: row.created_at,
    }
  })
}
