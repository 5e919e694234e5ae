/** Mails as the operator sees them: to whom, what became of them, and trying one again. Called by http/, for the operator. */
import type { Transaction } from '../database/connect.ts'

export type ListedMail = {
  id: string
  template: string
  recipient: string
  aboutAccount: string | null
  toUser: string | null
  status: 'waiting' | 'sent' | 'failed' | 'kept'
  attempts: number
  answer: string | null
  facts: Record<string, unknown>
  nextAttemptAt: Date
  createdAt: Date
  endedAt: Date | null
}

const SELECT = `select mail_id as "id", template, recipient, about_account as "aboutAccount", to_user as "toUser", status,
    attempts, answer, facts, next_attempt_at as "nextAttemptAt", created_at as "createdAt", ended_at as "endedAt"
  from mails`

/** Newest first, those before `before`. */
export function listMails(
  tx: Transaction,
  page: { before: string | null; limit: number },
): Promise<ListedMail[]> {
  return tx.query<ListedMail>(
    `${SELECT} where $1::uuid is null or mail_id < $1 order by mail_id desc limit $2`,
    [page.before, page.limit],
  )
}

export async function readMail(tx: Transaction, mailId: string): Promise<ListedMail | null> {
  return (await tx.query<ListedMail>(`${SELECT} where mail_id = $1`, [mailId]))[0] ?? null
}

/** Has a mail that failed or was kept sent after all. False where there is none that is over. */
export async function retryMail(tx: Transaction, mailId: string): Promise<boolean> {
  const again = await tx.query(
    `update mails set status = 'waiting', attempts = 0, next_attempt_at = now(), ended_at = null, created_at = now()
     where mail_id = $1 and status in ('failed', 'kept') returning enqueue_job('mail', '{}'::jsonb, 'mail')`,
    [mailId],
  )
  return again.length > 0
}

/** Forgets mails that ended longer ago than they are kept for. For jobs/. */
export async function forgetMails(tx: Transaction, keptDays: number): Promise<void> {
  await tx.query(`delete from mails where ended_at < now() - $1 * interval '1 day'`, [keptDays])
}
