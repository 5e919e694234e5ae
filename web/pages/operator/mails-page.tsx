/** The operator's view of mail: every template with a sample, and what was sent, failed or is kept. */
import type { Mail, RenderedMail } from '@drawdown/client'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { momentText } from '../../format.ts'
import { mailQuery, mailsQuery, mailTemplateQuery, mailTemplatesQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../../ui/panel.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Status, type Tone } from '../../ui/status.tsx'
import { tell } from '../../ui/toast.tsx'

export function MailsPage() {
  const mails = useInfiniteQuery(mailsQuery())
  const rows = mails.data?.pages.flatMap(({ data }) => data) ?? []
  const [open, setOpen] = useState<string | null>(null)
  return (
    <>
      <PageHeader title="Mail">What is sent to people, and what became of it.</PageHeader>
      {mails.data?.pages[0]?.sending === false && (
        <Notice className="mb-6">
          There is no mail server: mails are kept here and not sent. Name one with SMTP_URL and start again.
        </Notice>
      )}
      <Templates />
      <Section title="Sent and waiting" hint="Kept for 30 days.">
        {mails.isPending && <SkeletonRows rows={4} className="h-12" />}
        {mails.isError && <Notice tone="danger">{faultText(mails.error)}</Notice>}
        {mails.data && (
          <Panel className="py-2!">
            {rows.length === 0 && <p className="py-3 text-ink-2">Nothing yet.</p>}
            <ul className="divide-y divide-line">
              {rows.map((mail) => (
                <li key={mail.id}>
                  <button
                    type="button"
                    onClick={() => setOpen(mail.id)}
                    className="flex w-full flex-wrap items-center justify-between gap-x-6 gap-y-1 rounded-control py-3 text-left hover:bg-sunken sm:-mx-2 sm:w-[calc(100%+1rem)] sm:px-2"
                  >
                    <span className="min-w-0">
                      <span className="block truncate font-medium">{mail.recipient}</span>
                      <span className="block text-ink-2">
                        {nameOf(mail.template)} · {momentText(mail.created_at)}
                      </span>
                    </span>
                    <MailStatus mail={mail} />
                  </button>
                </li>
              ))}
            </ul>
          </Panel>
        )}
        {mails.hasNextPage && (
          <Button className="mt-4" busy={mails.isFetchingNextPage} onClick={() => mails.fetchNextPage()}>
            Show more
          </Button>
        )}
      </Section>
      {open && <MailDialog mailId={open} onClose={() => setOpen(null)} />}
    </>
  )
}

const tones: Record<Mail['status'], Tone> = { waiting: 'busy', sent: 'good', failed: 'danger', kept: 'quiet' }
const words = { waiting: 'Waiting', sent: 'Sent', failed: 'Not taken', kept: 'Kept' }

function MailStatus({ mail }: { mail: Mail }) {
  const late = mail.status === 'waiting' && mail.attempts > 0
  return (
    <Status tone={late ? 'danger' : tones[mail.status]}>
      {late ? 'To be tried again' : words[mail.status]}
    </Status>
  )
}

/** "payment failed" of `payment_failed`. */
function nameOf(template: string): string {
  return template.replaceAll('_', ' ')
}

function Templates() {
  const templates = useQuery(mailTemplatesQuery())
  const [open, setOpen] = useState<string | null>(null)
  return (
    <Section title="Templates" hint="Each with a sample, as it is sent." className="mb-8">
      {templates.isPending && <SkeletonRows rows={4} className="h-12" />}
      {templates.isError && <Notice tone="danger">{faultText(templates.error)}</Notice>}
      {templates.data && (
        <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
          {templates.data.data.map(({ name, when }) => (
            <li key={name}>
              <button
                type="button"
                onClick={() => setOpen(name)}
                className="grid size-full content-start gap-1 rounded-panel bg-surface p-4 text-left hover:bg-sunken"
              >
                <span className="font-medium first-letter:uppercase">{nameOf(name)}</span>
                <span className="text-fine text-ink-3">{when}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {open && <TemplateDialog name={open} onClose={() => setOpen(null)} />}
    </Section>
  )
}

function TemplateDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const template = useQuery(mailTemplateQuery(name))
  return (
    <Dialog title={template.data?.subject ?? nameOf(name)} width="medium" onClose={onClose}>
      {template.isError && <Notice tone="danger">{faultText(template.error)}</Notice>}
      {template.data && <Rendered mail={template.data} />}
    </Dialog>
  )
}

function MailDialog({ mailId, onClose }: { mailId: string; onClose: () => void }) {
  const queryClient = useQueryClient()
  const mail = useQuery(mailQuery(mailId))
  const retry = useMutation({
    mutationFn: () => apiOf('').retryMail({ path: { id: mailId } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['operator', 'mails'] })
      tell('It is tried again.')
      onClose()
    },
  })
  const over = mail.data && (mail.data.status === 'failed' || mail.data.status === 'kept')
  return (
    <Dialog
      title={mail.data?.rendered.subject ?? 'Mail'}
      width="medium"
      onClose={onClose}
      footer={
        over && (
          <div className="flex justify-end">
            <Button kind="primary" busy={retry.isPending} onClick={() => retry.mutate()}>
              Send after all
            </Button>
          </div>
        )
      }
    >
      {mail.isError && <Notice tone="danger">{faultText(mail.error)}</Notice>}
      {retry.isError && <Notice tone="danger">{faultText(retry.error)}</Notice>}
      {mail.data && (
        <div className="grid gap-4">
          <p className="flex flex-wrap gap-x-6 gap-y-1 text-ink-2">
            <MailStatus mail={mail.data} />
            <span className="break-all">to {mail.data.recipient}</span>
          </p>
          {mail.data.answer && (
            <p className="text-ink-2">
              The mail server said: <span className="break-words text-ink">{mail.data.answer}</span>
            </p>
          )}
          <Rendered mail={mail.data.rendered} />
        </div>
      )}
    </Dialog>
  )
}

/** As a mail program in that scheme shows it, whatever the scheme of this browser is. */
function inScheme(html: string, scheme: 'light' | 'dark'): string {
  return html
    .replaceAll('(prefers-color-scheme: dark)', scheme === 'dark' ? 'all' : 'not all')
    .replaceAll('(prefers-color-scheme:dark)', scheme === 'dark' ? 'all' : 'not all')
}

function Rendered({ mail }: { mail: RenderedMail }) {
  const [form, setForm] = useState<'light' | 'dark' | 'text'>('light')
  return (
    <div className="grid justify-items-start gap-3">
      <Segmented
        label="Form"
        value={form}
        options={[
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
          { value: 'text', label: 'Plain text' },
        ]}
        onChange={setForm}
      />
      {form !== 'text' ? (
        // A frame without rights: what is in a mail runs nothing and leads nowhere by itself.
        <iframe
          title={mail.subject}
          srcDoc={inScheme(mail.html, form)}
          sandbox=""
          className={`h-[34rem] w-full rounded-control ${form === 'dark' ? 'bg-black' : 'bg-white'}`}
        />
      ) : (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
          tabIndex={0}
          className="max-h-[34rem] w-full overflow-auto rounded-control bg-sunken p-4 font-mono text-[0.8125rem] whitespace-pre-wrap"
        >
          {mail.text}
        </pre>
      )}
    </div>
  )
}
