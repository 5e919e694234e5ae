/**
 * Changes what a member may do.
 *
 * 1. An account always has an owner. The account's row is locked first, so two owners cannot step down at the same moment.
 * 2. Only an owner makes somebody an owner or takes that away.
 */
import type { Database, Transaction } from '../database/connect.ts'
import type { Identity } from './identity.ts'
import { type Member, withNames } from './list-members.ts'
import type { Role } from './roles.ts'

export type MemberRefusal = { ok: false; refusal: 'member_not_found' | 'last_owner' | 'owner_only' }
export type ChangeRoleResult = { ok: true; member: Member } | MemberRefusal

export async function changeRole(
  db: Database,
  identity: Identity,
  request: { accountId: string; userId: string; role: Role; by: Role },
): Promise<ChangeRoleResult> {
  const { accountId, userId, role, by } = request
  const result = await db.asTenant(accountId, async (tx) => {
    const present = await lockMember(tx, accountId, userId)
    const refusal = refusalOf(present, by, role === 'owner')
    if (refusal !== null) return refusal
    const [row] = await tx.query<{ user_id: string; role: Role; created_at: Date }>(
      `update memberships set role = $3
       where account_id = $1 and user_id = $2
       returning user_id, role, created_at`,
      [accountId, userId, role],
    )
    return row!
  })
  if ('ok' in result) return result
  const [member] = await withNames(identity, [result])
  return { ok: true, member: member! }
}

export type PresentMember = { role: Role; otherOwners: boolean }

/** The member as they are, with the account locked against other changes of members. */
export async function lockMember(
  tx: Transaction,
  accountId: string,
  userId: string,
): Promise<PresentMember | undefined> {
  await tx.query('select account_id from accounts where account_id = $1 for update', [accountId])
  const [row] = await tx.query<{ role: Role; other_owners: boolean }>(
    `select role,
       exists (select from memberships where account_id = $1 and role = 'owner' and user_id <> $2) as other_owners
     from memberships
     where account_id = $1 and user_id = $2`,
    [accountId, userId],
  )
  return row === undefined ? undefined : { role: row.role, otherOwners: row.other_owners }
}

/** Why this member may not be changed or removed; `staysOwner` when they would be an owner afterwards. */
export function refusalOf(
  present: PresentMember | undefined,
  by: Role,
  staysOwner: boolean,
): MemberRefusal | null {
  if (present === undefined) return { ok: false, refusal: 'member_not_found' }
  if (by !== 'owner' && (present.role === 'owner' || staysOwner)) return { ok: false, refusal: 'owner_only' }
  if (present.role === 'owner' && !staysOwner && !present.otherOwners)
    return { ok: false, refusal: 'last_owner' }
  return null
}
