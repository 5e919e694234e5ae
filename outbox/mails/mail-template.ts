/**
 * What a template of a mail is: whom it is for, what fills it, and its words.
 *
 * Called by the templates beside it and by render-mail.ts.
 */
import type { ReactNode } from 'react'
import { formatAmount } from '../../billing/format-amount.ts'
import { parseMicros } from '../../billing/micros.ts'

/** What a member may switch off; null: what has to be sent, such as a failed payment or a link that was asked for. */
export type MailKind = 'billing' | 'alerts' | 'runs' | 'weekly'

export type MailWords = {
  subject: string
  /** What the list of mails shows behind the subject. */
  preview: string
  title: string
  action?: { label: string; url: string }
  body: ReactNode
  /** Why this person has it: one sentence. */
  reason: string
}

export type MailTemplate<Facts> = {
  /** For the operator who looks at it. */
  when: string
  kind: MailKind | null
  /** `link` is made when the mail is sent, where the template asks for one. */
  link: 'invitation' | 'password_reset' | null
  sample: Facts
  words(facts: Facts, links: MailLinks): MailWords
}

export type MailLinks = {
  /** A page of the account: `page('/invoices/…')`. */
  page(path: string): string
  /** The secret link, where the template asks for one. */
  secret: string
}

/** "$79.20" of "79.2" and "USD". */
export function money(amount: string, unit: string): string {
  return formatAmount(parseMicros(amount)!, unit)
}

/** "2 December 2026", in UTC. */
export function day(instant: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
  return format.format(new Date(instant))
}

/** "28 November 2026, 09:30 UTC". */
export function moment(instant: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' })
  return `${day(instant)}, ${format.format(new Date(instant))} UTC`
}

export function template<Facts>(made: MailTemplate<Facts>): MailTemplate<Facts> {
  return made
}
