/**
 * From what fills a mail to what is sent: subject, HTML and plain text.
 *
 * Called by send-mails.ts and, for the operator who looks at a mail, by http/.
 *
 * React and its renderer are loaded with the first mail: they take longer than the rest of the server's start.
 */
import type { MailKind, MailLinks, MailTemplate } from './mails/mail-template.ts'
import type { MailName } from './mails/templates.ts'

export type RenderedMail = { subject: string; html: string; text: string; kind: MailKind | null }

export type MailToRender = {
  template: string
  facts: unknown
  links: MailLinks
  /** Where mails of this kind are stopped, and where they are chosen; null for mails that have to be sent. */
  stop: { unsubscribeUrl: string; preferencesUrl: string } | null
}

/** Throws where no template has this name: then it was queued by a newer version. */
export async function renderMail({ template, facts, links, stop }: MailToRender): Promise<RenderedMail> {
  const [{ mailTemplates }, { MailFrame, PlainLink }, { render }] = await Promise.all([
    import('./mails/templates.ts'),
    import('./mails/mail-frame.tsx'),
    import('@react-email/render'),
  ])
  const found = mailTemplates[template as MailName] as MailTemplate<unknown> | undefined
  if (!found) throw new Error(`There is no template "${template}" of mails`)
  const { subject, preview, title, action, body, reason } = found.words(facts, links)
  const foot =
    stop === null || found.kind === null ? (
      reason
    ) : (
      <>
        {reason} <PlainLink href={stop.unsubscribeUrl}>Stop these mails</PlainLink> or{' '}
        <PlainLink href={stop.preferencesUrl}>choose which you get</PlainLink>.
      </>
    )
  const whole = (
    <MailFrame preview={preview} title={title} action={action} foot={foot}>
      {body}
    </MailFrame>
  )
  const html = await render(whole)
  const text = await render(whole, { plainText: true })
  return { subject, html, text, kind: found.kind }
}

/** What the operator is shown of each template, filled with its sample. */
export async function listTemplates(): Promise<{ name: MailName; when: string; kind: MailKind | null }[]> {
  const { mailTemplates } = await import('./mails/templates.ts')
  return Object.entries(mailTemplates).map(([name, { when, kind }]) => ({
    name: name as MailName,
    when,
    kind,
  }))
}

/** A template filled with its sample; null where there is none of this name. */
export async function renderSample(name: string, publicUrl: string): Promise<RenderedMail | null> {
  const { mailTemplates } = await import('./mails/templates.ts')
  if (!Object.hasOwn(mailTemplates, name)) return null
  const { sample } = mailTemplates[name as MailName]
  const links = { page: (path: string) => `${publicUrl}/a/sample${path}`, secret: `${publicUrl}/join/sample` }
  const stop = {
    unsubscribeUrl: `${publicUrl}/unsubscribe/sample`,
    preferencesUrl: `${publicUrl}/a/sample/mail`,
  }
  return renderMail({ template: name, facts: sample, links, stop })
}
