/**
 * Invites somebody by e-mail address. The token is in the answer and nowhere else; whoever invites passes the link on.
 *
 * An invitation is good for seven days and one acceptance. Only an owner invites an owner.
 */

import type { Database } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { recordEvents } from '../outbox/record-event.ts'
import type { Role } from './roles.ts'
import { digestOf, newSecret } from './secret.ts'

export type Invitation = {
  invitationId: string
  /** Lower case. */
  email: string
  role: Role
  createdAt: Date
  expiresAt: Date
  acceptedAt: Date | null
}

export type CreateInvitationResult =
  | { ok: true; invitation: Invitation; token: string }
  | { ok: false; refusal: 'owner_only' }

export async function createInvitation(
  db: Database,
  request: { accountId: string; email: string; role: Role; by: Role },
): Promise<CreateInvitationResult> {
  const { accountId, role } = request
  if (role === 'owner' && request.by !== 'owner') return { ok: false, refusal: 'owner_only' }
  const email = request.email.toLowerCase()
  const invitationId = newId()
  const token = newSecret('')
  const digest = digestOf(token)
  const { created_at: createdAt, expires_at: expiresAt } = await db.asTenant(accountId, async (tx) => {
    const [row] = await tx.query<{ created_at: Date; expires_at: Date }>(
      `insert into invitations (account_id, invitation_id, email, role, token_digest, expires_at)
       values ($1, $2, $3, $4, $5, now() + interval '7 days')
       returning created_at, expires_at`,
      [accountId, invitationId, email, role, digest],
    )
    await tx.query(
      'insert into invitation_directory (token_digest, account_id, invitation_id) values ($1, $2, $3)',
      [digest, accountId, invitationId],
    )
    const data = { invitation_id: invitationId, email, role, expires_at: row!.expires_at }
    await recordEvents(tx, [{ accountId, type: 'member.invited', data }])
    return row!
  })
  return {
    ok: true,
    invitation: { invitationId, email, role, createdAt, expiresAt, acceptedAt: null },
    token,
  }
}
