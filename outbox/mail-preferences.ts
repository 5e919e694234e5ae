/**
 * Which mails a member wants from an account, and the link in a mail that stops them without signing in.
 *
 * Called by http/, in a transaction of the account; for the link, once it is proven.
 */
import type { Transaction } from '../database/connect.ts'
import type { MailKind } from './mails/mail-template.ts'
import type { Sealer } from './seal-secret.ts'

export type MailPreferences = {
  /** Invoices and changes of plan. Payments that failed are told in any case. */
  billing: boolean
  alerts: boolean
  /** Receipts of runs that this person started: none, those that took ten minutes or more, or all. */
  runs: 'none' | 'long' | 'all'
  weekly: boolean
}

export const DEFAULT_PREFERENCES: MailPreferences = {
  billing: true,
  alerts: true,
  runs: 'long',
  weekly: true,
}

type Member = { accountId: string; userId: string }

export async function readMailPreferences(tx: Transaction, member: Member): Promise<MailPreferences> {
  const [row] = await tx.query<MailPreferences>(
    'select billing, alerts, runs, weekly from mail_preferences where account_id = $1 and user_id = $2',
    [member.accountId, member.userId],
  )
  return row ?? DEFAULT_PREFERENCES
}

export async function setMailPreferences(
  tx: Transaction,
  { accountId, userId }: Member,
  preferences: MailPreferences,
): Promise<void> {
  const { billing, alerts, runs, weekly } = preferences
  await tx.query(
    `insert into mail_preferences (account_id, user_id, billing, alerts, runs, weekly) values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, user_id) do update set billing = excluded.billing, alerts = excluded.alerts,
       runs = excluded.runs, weekly = excluded.weekly`,
    [accountId, userId, billing, alerts, runs, weekly],
  )
}

export type Unsubscription = Member & { kind: MailKind }

/** Stops mails of one kind. Again: nothing more happens. */
export async function stopMails(tx: Transaction, { kind, ...member }: Unsubscription): Promise<void> {
  const now = await readMailPreferences(tx, member)
  await setMailPreferences(tx, member, { ...now, [kind]: kind === 'runs' ? 'none' : false })
}

/** The text that proves which mails its holder may stop. It opens nothing else and does not end. */
export function unsubscribeToken(sealer: Sealer, { accountId, userId, kind }: Unsubscription): string {
  const said = [accountId, userId, kind].join(' ')
  return `${Buffer.from(said).toString('base64url')}.${sealer.prove(said)}`
}

/** What a token stands for; null where none of ours says it. */
export function readUnsubscribeToken(sealer: Sealer, token: string): Unsubscription | null {
  const [said = '', proof = ''] = token.split('.')
  const text = Buffer.from(said, 'base64url').toString()
  if (!sealer.isProven(text, proof)) return null
  const [accountId, userId, kind] = text.split(' ')
  return { accountId: accountId!, userId: userId!, kind: kind as MailKind }
}
