/**
 * A further secret for an invitation that is open, for the mail that carries it: the one that was shown to whoever invited is kept nowhere.
 *
 * Called as the mail is sent. Either secret opens the invitation, which is good for one acceptance.
 */
import type { Database } from '../database/connect.ts'
import { digestOf, newSecret } from './secret.ts'

export async function makeInvitationToken(
  db: Database,
  { accountId, invitationId }: { accountId: string; invitationId: string },
): Promise<string> {
  const token = newSecret('')
  await db.asTenant(accountId, (tx) =>
    tx.query(
      'insert into invitation_directory (token_digest, account_id, invitation_id) values ($1, $2, $3)',
      [digestOf(token), accountId, invitationId],
    ),
  )
  return token
}
