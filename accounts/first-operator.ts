/**
 * How the first operator gets in: a link that is printed when the server starts, instead of a default password.
 *
 * server.ts makes a link at each start while there is no operator; http/sign-in-routes.ts takes what the person who opens it enters.
 *
 * 1. A link works once, for 24 hours, and only while there is no operator: when one has come in, every link is dead.
 * 2. Whoever claims a link first takes it away from everybody else before the slow work of making a user begins; when that is
 *    refused, the link is given back. A crash in between leaves it dead, and the next start prints a fresh one.
 * 3. Only the digest of the link's token is stored.
 */
import type { Database } from '../database/connect.ts'
import type { Cookies, Identity, SignUp, User } from './identity.ts'
import { digestOf, newSecret } from './secret.ts'

/** The token of a fresh link, or null when there is an operator already. */
export function createFirstOperatorLink(db: Database): Promise<string | null> {
  const token = newSecret('')
  return db.asService(async (tx) => {
    await tx.query('delete from auth.sign_in_links where expires_at < now()')
    const made = await tx.query(
      `insert into auth.sign_in_links (digest, purpose, expires_at)
       select $1, 'first_operator', now() + interval '24 hours'
       where not exists (select from operators)
       returning digest`,
      [digestOf(token)],
    )
    return made.length > 0 ? token : null
  })
}

export type BecomeFirstOperatorResult =
  | { ok: true; user: User; cookies: Cookies }
  | { ok: false; refusal: 'sign_in_link_dead' | 'email_taken' }

/**
 * Makes the bearer of the token an operator, signed in: a new user, or one who is here already and gives their password.
 * Refuses sign_in_link_dead, and email_taken when the password is not that of the user with this address.
 */
export async function becomeFirstOperator(
  db: Database,
  identity: Identity,
  request: SignUp & { token: string },
): Promise<BecomeFirstOperatorResult> {
  const digest = digestOf(request.token)
  if (!(await claimLink(db, digest))) return { ok: false, refusal: 'sign_in_link_dead' }
  try {
    const { name, email, password, client } = request
    const signedUp = await identity.signUp({ name, email, password, client })
    const signedIn = signedUp.ok ? signedUp : await identity.signIn({ email, password, client })
    if (!signedIn.ok) {
      await giveBackLink(db, digest)
      return { ok: false, refusal: 'email_taken' }
    }
    await db.asService(async (tx) => {
      await tx.query('insert into operators (user_id) values ($1)', [signedIn.user.id])
      await tx.query('delete from auth.sign_in_links where digest <> $1', [digest])
    })
    return { ok: true, user: signedIn.user, cookies: signedIn.cookies }
  } catch (fault) {
    await giveBackLink(db, digest)
    throw fault
  }
}

/** One claim at a time over all links, so that two links of two starts cannot both bring somebody in. */
function claimLink(db: Database, digest: Buffer): Promise<boolean> {
  return db.asService(async (tx) => {
    await tx.query('lock table auth.sign_in_links in share row exclusive mode')
    const claimed = await tx.query(
      `update auth.sign_in_links set used_at = now()
       where digest = $1 and used_at is null and expires_at > now()
         and not exists (select from operators)
         and not exists (select from auth.sign_in_links where used_at > now() - interval '1 minute')
       returning digest`,
      [digest],
    )
    return claimed.length > 0
  })
}

async function giveBackLink(db: Database, digest: Buffer): Promise<void> {
  await db.asService((tx) =>
    tx.query('update auth.sign_in_links set used_at = null where digest = $1', [digest]),
  )
}
