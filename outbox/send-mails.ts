/**
 * Sends the mails that are due.
 *
 * Called by jobs/ whenever one was queued, and once a minute.
 *
 *   waiting ──claim: lease, fencing number──▶ rendered and sent, outside any transaction ──settle──▶ sent
 *      ▲                                                                                 ├─▶ failed: refused for good, or three days over
 *      ╰── not taken now: later (back-off.ts) ───────────────────────────────────────────┴─▶ kept: there is no mail server
 *
 * 1. Whoever lost the lease writes nothing. What was sent and not marked is sent again under the same Message-ID.
 * 2. A link that is a secret is made for each try and stored nowhere.
 * 3. Without a mail server nothing fails: mails are kept to be looked at, and are not sent later.
 */
import { createTransport, type Transporter } from 'nodemailer'
import type { Database, Transaction } from '../database/connect.ts'
import { encodeId, idOf } from '../http/ids.ts'
import { nextTry } from './back-off.ts'
import { unsubscribeToken } from './mail-preferences.ts'
import type { MailKind } from './mails/mail-template.ts'
import { type RenderedMail, renderMail } from './render-mail.tsx'
import type { Sealer } from './seal-secret.ts'

export type Mailing = {
  db: Database
  sealer: Sealer
  publicUrl: string
  /** Null: there is no mail server. */
  mailServer: MailServer | null
  /** The secret links, made by whoever keeps what they open. */
  links: {
    invitation(accountId: string, invitationId: string): Promise<string>
    passwordReset(userId: string): Promise<string>
  }
  /** The PDF that goes with the mail of an invoice; null where there is none. */
  invoicePdf(accountId: string, invoiceId: string): Promise<PaperFile | null>
  /** A set clock, for tests. */
  now?: () => Date
}

type PaperFile = { name: string; type: string; bytes: Uint8Array }

export type MailServer = { transport: Transporter; from: string }

export type DueMail = {
  id: string
  template: string
  aboutAccount: string | null
  toUser: string | null
  recipient: string
  facts: Record<string, unknown>
  lease: number
  attempts: number
  createdAt: Date
}

/** Longer than a mail server may take, so that nobody else sends meanwhile. */
const LEASE_SECONDS = 120
const AT_ONCE = 3
const KEPT_CHARACTERS = 500

/** `smtpUrl` is SMTP_URL; `from` is what stands in From. */
export function openMailServer(smtpUrl: string, from: string): MailServer {
  const timeouts = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000 }
  return {
    transport: createTransport({ url: smtpUrl, pool: true, maxConnections: AT_ONCE, ...timeouts }),
    from,
  }
}

/** Sends everything that is due now; answers how many mails it tried. */
export async function sendMails(mailing: Mailing): Promise<number> {
  let tried = 0
  const lane = async () => {
    for (;;) {
      const mail = await mailing.db.asService((tx) => claim(tx, clock(mailing)))
      if (!mail) return
      tried++
      const outcome = mailing.mailServer ? await send(mailing, mailing.mailServer, mail) : KEPT
      await mailing.db.asService((tx) => settle(tx, mail, outcome, clock(mailing)))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return tried
}

const clock = ({ now }: Pick<Mailing, 'now'>) => now?.() ?? new Date()

type Outcome = { status: 'sent' | 'failed' | 'waiting' | 'kept'; answer: string | null }

const KEPT: Outcome = { status: 'kept', answer: null }

async function claim(tx: Transaction, now: Date): Promise<DueMail | null> {
  const [mail] = await tx.query<DueMail>(
    `update mails set lease = lease + 1, attempts = attempts + 1,
       lease_expires_at = now() + $2 * interval '1 second'
     where mail_id = (
       select mail_id from mails
       where status = 'waiting' and next_attempt_at <= greatest(now(), $1)
         and (lease_expires_at is null or lease_expires_at < now())
       order by next_attempt_at, mail_id limit 1 for update skip locked)
     returning mail_id as "id", template, about_account as "aboutAccount", to_user as "toUser", recipient, facts, lease,
       attempts, created_at as "createdAt"`,
    [now, LEASE_SECONDS],
  )
  return mail ?? null
}

async function send(mailing: Mailing, { transport, from }: MailServer, mail: DueMail): Promise<Outcome> {
  try {
    const rendered = await renderDue(mailing, mail, await secretLink(mailing, mail))
    const attachment = await attachmentOf(mailing, mail)
    const host = new URL(mailing.publicUrl).hostname
    const sent = await transport.sendMail({
      from,
      to: mail.recipient,
      subject: rendered.subject,
      html: rendered.html,
      text: rendered.text,
      messageId: `<${mail.id}@${host}>`,
      date: mail.createdAt,
      headers: { 'Auto-Submitted': 'auto-generated', ...stopHeaders(mailing, mail, rendered.kind) },
      ...(attachment && { attachments: [attachment] }),
    })
    return { status: 'sent', answer: sent.response ?? null }
  } catch (fault) {
    return outcomeOf(fault)
  }
}

/** What a mail server says of a recipient or a mail with 5xx is said for good; everything else may pass. */
function outcomeOf(fault: unknown): Outcome {
  const { code, responseCode, message } = fault as { code?: string; responseCode?: number; message?: string }
  const forGood = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH'
  return { status: forGood ? 'failed' : 'waiting', answer: message ?? String(fault) }
}

async function settle(tx: Transaction, mail: DueMail, outcome: Outcome, now: Date): Promise<void> {
  const again =
    outcome.status === 'waiting' ? nextTry({ failures: mail.attempts, since: mail.createdAt, now }) : null
  const status = outcome.status === 'waiting' && again === null ? 'failed' : outcome.status
  await tx.query(
    `update mails set status = $3, answer = $4, lease_expires_at = null, next_attempt_at = coalesce($5, next_attempt_at),
       ended_at = case when $3 <> 'waiting' then now() end
     where mail_id = $1 and lease = $2`,
    [mail.id, mail.lease, status, outcome.answer?.slice(0, KEPT_CHARACTERS) ?? null, again],
  )
}

/** A mail as it is sent; to look at it, `secret` is anything. */
export function renderDue(
  mailing: Pick<Mailing, 'publicUrl' | 'sealer'>,
  mail: Pick<DueMail, 'template' | 'facts' | 'aboutAccount' | 'toUser'>,
  secret: string,
): Promise<RenderedMail> {
  const account = mail.aboutAccount === null ? '' : `/a/${encodeId('account', mail.aboutAccount)}`
  const page = (path: string) => `${mailing.publicUrl}${account}${path}`
  return renderMail({
    template: mail.template,
    facts: mail.facts,
    links: { page, secret },
    stop: stopLinks(mailing, mail, page('/mail')),
  })
}

const KINDS: Record<string, MailKind> = {
  invoice: 'billing',
  plan_change: 'billing',
  alert: 'alerts',
  pause: 'alerts',
  hot_folder_stopped: 'alerts',
  endpoint_disabled: 'alerts',
  receipt: 'runs',
  weekly_summary: 'weekly',
}

type Stoppable = Pick<DueMail, 'template' | 'aboutAccount' | 'toUser'>

function stopToken({ sealer }: Pick<Mailing, 'sealer'>, mail: Stoppable): string | null {
  const kind = KINDS[mail.template]
  if (!kind || mail.aboutAccount === null || mail.toUser === null) return null
  return unsubscribeToken(sealer, { accountId: mail.aboutAccount, userId: mail.toUser, kind })
}

function stopLinks(
  mailing: Pick<Mailing, 'sealer' | 'publicUrl'>,
  mail: Stoppable,
  preferencesUrl: string,
): { unsubscribeUrl: string; preferencesUrl: string } | null {
  const token = stopToken(mailing, mail)
  return token === null
    ? null
    : { unsubscribeUrl: `${mailing.publicUrl}/unsubscribe/${token}`, preferencesUrl }
}

/** One click in the reader's own program stops mails of this kind (RFC 8058). */
function stopHeaders(mailing: Mailing, mail: DueMail, kind: MailKind | null): Record<string, string> {
  const token = kind === null ? null : stopToken(mailing, mail)
  if (token === null) return {}
  return {
    'List-Unsubscribe': `<${mailing.publicUrl}/v1/unsubscribe/${token}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}

async function secretLink({ links }: Mailing, mail: DueMail): Promise<string> {
  if (mail.template === 'password_reset') return links.passwordReset(mail.toUser!)
  if (mail.template !== 'invitation') return ''
  return links.invitation(mail.aboutAccount!, idOf('invitation').parse(mail.facts.invitation_id))
}

async function attachmentOf(mailing: Mailing, mail: DueMail) {
  if (mail.template !== 'invoice') return null
  const file = await mailing.invoicePdf(mail.aboutAccount!, idOf('invoice').parse(mail.facts.invoice_id))
  return file && { filename: file.name, contentType: file.type, content: Buffer.from(file.bytes) }
}
