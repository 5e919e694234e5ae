/** Mails: which ones a member wants, stopping them by a link, and what the operator sees of those that were sent. */
import type { z } from 'zod'
import {
  readMailPreferences,
  readUnsubscribeToken,
  setMailPreferences,
  stopMails,
} from '../outbox/mail-preferences.ts'
import { type ListedMail, listMails, readMail, retryMail } from '../outbox/read-mails.ts'
import { listTemplates, renderSample } from '../outbox/render-mail.tsx'
import { renderDue } from '../outbox/send-mails.ts'
import type { Handlers } from './handlers.ts'
import type * as shapes from './mail-shapes.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import type { AnyPrincipal } from './principal.ts'
import { isRefused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'

export const handlers = {
  getMailPreferences: async ({ services, accountId, principal }) => {
    const userId = userOf(principal)
    if (userId === null) return refuse('key_not_accepted')
    return services.db.asTenant(accountId, (tx) => readMailPreferences(tx, { accountId, userId }))
  },

  putMailPreferences: async ({ services, accountId, principal, body }) => {
    const userId = userOf(principal)
    if (userId === null) return refuse('key_not_accepted')
    await services.db.asTenant(accountId, (tx) => setMailPreferences(tx, { accountId, userId }, body))
    return body
  },

  unsubscribe: async ({ services, params }) => {
    const said = readUnsubscribeToken(services.sealer, params.token)
    if (!said) return refuse('not_found')
    await services.db.asTenant(said.accountId, (tx) => stopMails(tx, said))
    return { kind: said.kind }
  },

  listMailTemplates: async () => ({
    data: (await listTemplates()).map(({ kind, ...rest }) => ({ ...rest, can_be_stopped: kind !== null })),
  }),

  getMailTemplate: async ({ services, params }) => {
    const sample = await renderSample(params.name, services.config.publicUrl)
    return sample ?? refuse('not_found')
  },

  listMails: async ({ services, query: { limit, cursor } }) => {
    const before = cursorKey(cursor, isUuid)
    if (isRefused(before)) return before
    const rows = await services.db.asService((tx) => listMails(tx, { before, limit: limit + 1 }))
    const page = pageOf(rows, limit, ({ id }) => id)
    return { ...page, data: page.data.map(shownMail), sending: services.config.smtpUrl !== null }
  },

  getMail: ({ services, params }) => answerMail(services, params.id),

  retryMail: async ({ services, params }) => {
    const again = await services.db.asService((tx) => retryMail(tx, params.id))
    return again ? answerMail(services, params.id) : refuse('mail_not_over')
  },
} satisfies Partial<Handlers>

function userOf(principal: AnyPrincipal): string | null {
  return principal.kind === 'user' ? principal.userId : null
}

/** A secret link is made when a mail is sent: here it leads nowhere. */
async function answerMail(services: Services, id: string) {
  const found = await services.db.asService((tx) => readMail(tx, id))
  if (!found) return refuse('not_found')
  const { sealer, config } = services
  const secret = `${config.publicUrl}/#made-when-it-is-sent`
  const { subject, html, text } = await renderDue({ sealer, publicUrl: config.publicUrl }, found, secret)
  return { ...shownMail(found), rendered: { subject, html: withoutToken(html), text: withoutToken(text) } }
}

/** Whoever looks at another person's mail is not handed what stops it. */
function withoutToken(text: string): string {
  return text.replaceAll(/\/unsubscribe\/[\w.-]+/g, '/unsubscribe/…')
}

function shownMail(mail: ListedMail): z.output<typeof shapes.mail> {
  return {
    id: mail.id,
    template: mail.template,
    recipient: mail.recipient,
    account_id: mail.aboutAccount,
    status: mail.status,
    attempts: mail.attempts,
    answer: mail.answer,
    next_attempt_at: mail.nextAttemptAt,
    created_at: mail.createdAt,
    ended_at: mail.endedAt,
  }
}
