/** One account, as its members see it; and what a user may do in it. */
import type { Database } from '../database/connect.ts'
import type { Account } from './create-account.ts'
import type { Role } from './roles.ts'

type Row = { account_id: string; name: string; zone: string; invoice_prefix: string; created_at: Date }

export async function readAccount(db: Database, accountId: string): Promise<Account | null> {
  const [row] = await db.asTenant(accountId, (tx) =>
    tx.query<Row>(
      'select account_id, name, zone, invoice_prefix, created_at from accounts where account_id = $1',
      [accountId],
    ),
  )
  if (row === undefined) return null
  return {
    accountId: row.account_id,
    name: row.name,
    zone: row.zone,
    invoicePrefix: row.invoice_prefix,
    createdAt: row.created_at,
  }
}

/** The user's role in the account; null for who is no member, and for an account that does not exist. */
export async function readRole(db: Database, accountId: string, userId: string): Promise<Role | null> {
  const [row] = await db.asTenant(accountId, (tx) =>
    tx.query<{ role: Role }>('select role from memberships where account_id = $1 and user_id = $2', [
      accountId,
      userId,
    ]),
  )
  return row?.role ?? null
}
