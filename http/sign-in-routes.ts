/** /auth: signing up, in and out, and how the first operator gets in. The cookie is set by accounts/identity.ts. */
import { createHash, randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { becomeFirstOperator } from '../accounts/first-operator.ts'
import type { Client, User } from '../accounts/identity.ts'
import { type QueuedMail, queueMails } from '../outbox/queue-mails.ts'
import { Attempts, BY_EMAIL, BY_SENDER } from './attempts.ts'
import type { Handlers } from './handlers.ts'
import { refuse } from './problem.ts'

/** With a memory of failed attempts of its own. */
export function createSignInHandlers() {
  const byEmail = new Attempts(BY_EMAIL)
  const bySender = new Attempts(BY_SENDER)
  const links = new Attempts(BY_EMAIL)

  return {
    signUp: async ({ services, body, raw, reply }) => {
      const result = await services.identity.signUp({ ...body, client: clientOf(raw) })
      if (!result.ok) return result
      reply.header('set-cookie', result.cookies)
      return { user: result.user }
    },

    signIn: async ({ services, body, raw, reply }) => {
      const email = body.email.toLowerCase()
      const wait = Math.max(byEmail.waitSeconds(email), bySender.waitSeconds(raw.ip))
      if (wait > 0) {
        reply.header('retry-after', wait)
        return refuse('too_many_requests', `Too many failed attempts. Try again in ${wait} seconds.`)
      }
      const result = await services.identity.signIn({ ...body, client: clientOf(raw) })
      if (!result.ok) {
        byEmail.failed(email)
        bySender.failed(raw.ip)
        return result
      }
      byEmail.succeeded(email)
      await services.db.asService((tx) =>
        queueMails(tx, [signInMail(result.user, clientOf(raw), new Date())]),
      )
      reply.header('set-cookie', result.cookies)
      return { user: result.user }
    },

    signOut: async ({ services, raw, reply }) => {
      reply.header('set-cookie', await services.identity.signOut(raw.headers.cookie ?? ''))
      return undefined
    },

    // Answers the same whether somebody is known by this address or not.
    sendPasswordLink: async ({ services, body, reply }) => {
      const email = body.email.toLowerCase()
      const wait = links.waitSeconds(email)
      if (wait > 0) {
        reply.header('retry-after', wait)
        return refuse('too_many_requests', `Too many links were asked for. Try again in ${wait} seconds.`)
      }
      links.failed(email)
      const user = await services.identity.findUser(email)
      if (user) await services.db.asService((tx) => queueMails(tx, [passwordMail(user)]))
      return undefined
    },

    setPassword: async ({ services, body }) => {
      const set = await services.identity.setPassword(body)
      return set.ok ? undefined : set
    },

    becomeFirstOperator: async ({ services, body, raw, reply }) => {
      const request = { ...body, client: clientOf(raw) }
      const result = await becomeFirstOperator(services.db, services.identity, request)
      if (!result.ok) return result
      reply.header('set-cookie', result.cookies)
      return { user: result.user }
    },
  } satisfies Partial<Handlers>
}

function passwordMail({ id, name, email }: User): QueuedMail {
  return {
    naturalKey: `password link ${randomUUID()}`,
    template: 'password_reset',
    aboutAccount: null,
    toUser: id,
    recipient: email,
    facts: { name },
  }
}

/** Its natural key has it sent once for each browser and address of a person. */
function signInMail({ id, name, email }: User, { address, userAgent = '' }: Client, at: Date): QueuedMail {
  const seen = createHash('sha256').update(`${userAgent} ${address}`).digest('hex')
  return {
    naturalKey: `sign-in ${id} ${seen}`,
    template: 'sign_in',
    aboutAccount: null,
    toUser: id,
    recipient: email,
    facts: { name, browser: browserOf(userAgent), address, at: at.toISOString() },
  }
}

/** Marks of browsers and systems, the telling ones first: most call themselves Chrome, Safari and Linux too. */
const BROWSERS = {
  'Firefox/': 'Firefox',
  'Edg/': 'Edge',
  'OPR/': 'Opera',
  'Chrome/': 'Chrome',
  'Safari/': 'Safari',
}
const SYSTEMS = {
  iPhone: 'an iPhone',
  iPad: 'an iPad',
  Android: 'Android',
  Windows: 'Windows',
  Mac: 'a Mac',
  Linux: 'Linux',
}

/** "Firefox on Linux", of what a browser calls itself. */
function browserOf(userAgent: string): string {
  const named = (marks: Record<string, string>) =>
    Object.entries(marks).find(([mark]) => userAgent.includes(mark))?.[1]
  return `${named(BROWSERS) ?? 'A program'} on ${named(SYSTEMS) ?? 'an unknown system'}`
}

/** Of this process. */
export const handlers = createSignInHandlers()

function clientOf(request: FastifyRequest): Client {
  return { address: request.ip, userAgent: request.headers['user-agent'] }
}
