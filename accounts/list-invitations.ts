/** Invitations that can still be accepted, newest first. */
import type { Database } from '../database/connect.ts'
import type { Invitation } from './create-invitation.ts'
import type { ListRequest } from './list-api-keys.ts'
import type { Role } from './roles.ts'

type Row = { invitation_id: string; email: string; role: Role; created_at: Date; expires_at: Date }

export async function listInvitations(db: Database, request: ListRequest): Promise<Invitation[]> {
  const rows = await db.asTenant(request.accountId, (tx) =>
    tx.query<Row>(
      `select invitation_id, email, role, created_at, expires_at
       from invitations
       where account_id = $1 and accepted_at is null and expires_at > now()
         and ($2::uuid is null or invitation_id < $2)
       order by invitation_id desc
       limit $3`,
      [request.accountId, request.after, request.limit],
    ),
  )
  return rows.map((row) => ({
    invitationId: row.invitation_id,
    email: row.email,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    acceptedAt: null,
  }))
}
