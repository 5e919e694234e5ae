/**
 * Joins an account by the token of an invitation.
 *
 * 1. The invitation is good for one acceptance, by the person whose address was invited.
 * 2. A refusal uses nothing up.
 */
import type { Database } from '../database/connect.ts'
import { recordEvents } from '../outbox/record-event.ts'
import { addMember } from './create-account.ts'
import { digestOf } from './secret.ts'

export type AcceptInvitationResult =
  | { ok: true; accountId: string }
  | { ok: false; refusal: 'invitation_dead' | 'invitation_for_another' | 'member_already' }

export async function acceptInvitation(
  db: Database,
  request: { token: string; userId: string; email: string },
): Promise<AcceptInvitationResult> {
  const digest = digestOf(request.token)
  const [found] = await db.asService((tx) =>
    tx.query<{ account_id: string; invitation_id: string }>(
      'select account_id, invitation_id from invitation_directory where token_digest = $1',
      [digest],
    ),
  )
  if (found === undefined) return { ok: false, refusal: 'invitation_dead' }
  const { account_id: accountId, invitation_id: invitationId } = found
  return db.asTenant(accountId, async (tx): Promise<AcceptInvitationResult> => {
    await tx.query('select account_id from accounts where account_id = $1 for update', [accountId])
    const [invitation] = await tx.query<{ email: string; role: string }>(
      `select email, role
       from invitations
       where account_id = $1 and invitation_id = $2 and accepted_at is null and expires_at > now()`,
      [accountId, invitationId],
    )
    if (invitation === undefined) return { ok: false, refusal: 'invitation_dead' }
    if (invitation.email !== request.email.toLowerCase())
      return { ok: false, refusal: 'invitation_for_another' }
    if (!(await addMember(tx, accountId, request.userId, invitation.role)))
      return { ok: false, refusal: 'member_already' }
    await tx.query(
      'update invitations set accepted_at = now() where account_id = $1 and invitation_id = $2',
      [accountId, invitationId],
    )
    await tx.query('delete from invitation_directory where token_digest = $1', [digest])
    const { email, role } = invitation
    await recordEvents(tx, [{ accountId, type: 'member.joined', data: { email, role } }])
    return { ok: true, accountId }
  })
}
