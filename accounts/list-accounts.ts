/** The accounts that a user belongs to: what is looked up before an account is known. */
import type { Database } from '../database/connect.ts'
import type { Role } from './roles.ts'

export type Membership = { accountId: string; name: string; role: Role }

/** In the order in which the user joined them. */
export async function listAccountsOf(db: Database, userId: string): Promise<Membership[]> {
  const rows = await db.asService((tx) =>
    tx.query<{ account_id: string; name: string; role: Role }>(
      `select account_id, accounts.name, memberships.role
       from member_directory
       join memberships using (account_id, user_id)
       join accounts using (account_id)
       where user_id = $1
       order by memberships.created_at, account_id`,
      [userId],
    ),
  )
  return rows.map((row) => ({ accountId: row.account_id, name: row.name, role: row.role }))
}
