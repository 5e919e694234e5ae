/** Bodies of the routes of mails: which ones a member wants, and what the operator sees of those that were sent. */
import { z } from 'zod'
import { idOf } from './ids.ts'
import { instant, listOf } from './shapes.ts'

export const mailPreferences = z
  .object({
    /** Invoices and changes of plan. Payments that failed are told in any case. */
    billing: z.boolean(),
    alerts: z.boolean(),
    /** Receipts of runs that this person started: none, those that took ten minutes or more, or all. */
    runs: z.enum(['none', 'long', 'all']),
    weekly: z.boolean(),
  })
  .meta({ id: 'MailPreferences' })

export const unsubscribed = z.object({ kind: z.enum(['billing', 'alerts', 'runs', 'weekly']) })

export const mail = z
  .object({
    id: idOf('mail'),
    template: z.string(),
    recipient: z.string(),
    account_id: idOf('account').nullable(),
    /** kept: there was no mail server. failed: refused for good, or not taken for three days. */
    status: z.enum(['waiting', 'sent', 'failed', 'kept']),
    attempts: z.number().int(),
    /** What the mail server last said. */
    answer: z.string().nullable(),
    next_attempt_at: instant,
    created_at: instant,
    ended_at: instant.nullable(),
  })
  .meta({ id: 'Mail' })
export const mailList = listOf(mail).extend({
  /** Whether there is a mail server to send with. */
  sending: z.boolean(),
})

export const renderedMail = z
  .object({ subject: z.string(), html: z.string(), text: z.string() })
  .meta({ id: 'RenderedMail' })
export const mailDetail = mail.extend({ rendered: renderedMail }).meta({ id: 'MailDetail' })

export const mailTemplates = z.object({
  data: z.array(z.object({ name: z.string(), when: z.string(), can_be_stopped: z.boolean() })),
})
