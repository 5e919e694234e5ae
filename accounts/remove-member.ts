/** Removes a member: from their next request on the account is not there for them. An account always has an owner. */
import type { Database } from '../database/connect.ts'
import { recordEvents } from '../outbox/record-event.ts'
import { lockMember, type MemberRefusal, refusalOf } from './change-role.ts'
import type { Role } from './roles.ts'

export type RemoveMemberResult = { ok: true } | MemberRefusal

export function removeMember(
  db: Database,
  request: { accountId: string; userId: string; by: Role },
): Promise<RemoveMemberResult> {
  const { accountId, userId, by } = request
  return db.asTenant(accountId, async (tx): Promise<RemoveMemberResult> => {
    const member = await lockMember(tx, accountId, userId)
    const refusal = refusalOf(member, by, false)
    if (refusal !== null) return refusal
    await tx.query('delete from memberships where account_id = $1 and user_id = $2', [accountId, userId])
    await tx.query('delete from member_directory where account_id = $1 and user_id = $2', [accountId, userId])
    await recordEvents(tx, [{ accountId, type: 'member.removed', data: { role: member!.role } }])
    return { ok: true }
  })
}
