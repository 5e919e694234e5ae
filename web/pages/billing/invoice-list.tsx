/** The invoices, newest first, above them the one that the next boundary would make now. */
import type { Billing, CreditNoteSummary, InvoiceSummary } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { dateText, readAmount } from '../../format.ts'
import { creditNotesQuery, invoiceQuery, invoicesQuery } from '../../queries.ts'
import { Money } from '../../ui/money.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Status, type Tone } from '../../ui/status.tsx'
import { FileLink } from '../file-link.tsx'

export const invoiceWords: Record<InvoiceSummary['status'], { text: string; tone: Tone }> = {
  draft: { text: 'Draft', tone: 'quiet' },
  open: { text: 'Open', tone: 'danger' },
  past_due: { text: 'Past due', tone: 'danger' },
  uncollectible: { text: 'Uncollectible', tone: 'danger' },
  paid: { text: 'Paid', tone: 'good' },
  carried: { text: 'Carried to the next', tone: 'quiet' },
  void: { text: 'Void', tone: 'quiet' },
  written_off: { text: 'Written off', tone: 'quiet' },
  upcoming: { text: 'Upcoming', tone: 'quiet' },
}

const rowClass =
  '-mx-3 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 rounded-control px-3 py-3 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_9rem_7rem]'

export function InvoiceList({ accountId, billing }: { accountId: string; billing: Billing }) {
  const invoices = useQuery(invoicesQuery(accountId))
  const upcoming = useQuery({
    ...invoiceQuery(accountId, 'upcoming'),
    retry: false,
    enabled: billing.period !== null,
  })
  return (
    <Section
      title="Invoices"
      action={
        invoices.data && invoices.data.data.length > 0 ? (
          <div className="flex flex-wrap gap-2">
            <FileLink
              accountId={accountId}
              path="/v1/invoices.zip"
              label="All PDFs of the invoices, as one ZIP"
            >
              All PDFs
            </FileLink>
            <FileLink accountId={accountId} path="/v1/invoices.csv" label="The list of invoices as CSV">
              CSV
            </FileLink>
          </div>
        ) : undefined
      }
    >
      <Panel className="py-2!">
        {invoices.isPending && <SkeletonRows rows={3} className="my-1 h-12" />}
        {invoices.data?.data.length === 0 && !upcoming.data && (
          <p className="py-6 text-ink-2">
            One invoice a month will stand here, the first when a plan starts.
          </p>
        )}
        <ul className="divide-y divide-line">
          {upcoming.data && billing.period && (
            <li>
              <Link
                to="/a/$accountId/invoices/$invoiceId"
                params={{ accountId, invoiceId: 'upcoming' }}
                className={rowClass}
              >
                <span>
                  <span className="block font-medium">Next invoice</span>
                  <span className="block text-ink-2">{dateText(billing.period.end, billing.zone)}</span>
                </span>
                <span className="text-ink-2 max-sm:hidden">as it stands now</span>
                <Money
                  amount={upcoming.data.amount_due}
                  unit={upcoming.data.currency}
                  className="text-right text-ink-2"
                />
              </Link>
            </li>
          )}
          {invoices.data?.data.map((invoice) => (
            <InvoiceRow key={invoice.id} accountId={accountId} invoice={invoice} zone={billing.zone} />
          ))}
        </ul>
      </Panel>
      <CreditNotes accountId={accountId} zone={billing.zone} />
    </Section>
  )
}

/** What a credit note came to: customer credit, else credits that came back, else overage that fell away. */
function NoteWorth({ note }: { note: CreditNoteSummary }) {
  const { currency, credit_unit: unit } = note
  const credits = readAmount(note.credits_returned) + readAmount(note.credits_adjusted)
  const [amount, what] =
    readAmount(note.customer_credit) > 0n
      ? [note.customer_credit, '']
      : credits > 0n
        ? [credits, 'in credits']
        : [note.overage_cancelled, 'of overage']
  return (
    <span className="text-right">
      <Money amount={amount} unit={what === 'in credits' ? unit : currency} className="font-medium" />
      {what && <span className="block text-fine text-ink-2">{what}</span>}
    </span>
  )
}

/** Nothing at all while there is none. */
function CreditNotes({ accountId, zone }: { accountId: string; zone: string }) {
  const notes = useQuery(creditNotesQuery(accountId))
  if (!notes.data || notes.data.data.length === 0) return null
  return (
    <Panel className="mt-4 py-2!">
      <ul className="divide-y divide-line" aria-label="Credit notes">
        {notes.data.data.map((note) => (
          <li key={note.id}>
            <Link
              to="/a/$accountId/credit-notes/$creditNoteId"
              params={{ accountId, creditNoteId: note.id }}
              className={rowClass}
            >
              <span>
                <span className="block font-medium">Credit note {note.number}</span>
                <span className="block text-ink-2">{dateText(note.created_at, zone)}</span>
              </span>
              <span className="text-ink-2 max-sm:hidden">{note.reason}</span>
              <NoteWorth note={note} />
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function InvoiceRow({
  accountId,
  invoice,
  zone,
}: {
  accountId: string
  invoice: InvoiceSummary
  zone: string
}) {
  const { text, tone } = invoiceWords[invoice.status]
  return (
    <li>
      <Link
        to="/a/$accountId/invoices/$invoiceId"
        params={{ accountId, invoiceId: invoice.id }}
        className={rowClass}
      >
        <span>
          <span className="block font-medium">{invoice.number ?? 'Draft'}</span>
          {invoice.kind === 'interim' && <span className="block text-fine text-ink-2">Interim invoice</span>}
          <span className="block text-ink-2">
            {invoice.finalized_at ? dateText(invoice.finalized_at, zone) : dateText(invoice.period.end, zone)}
          </span>
        </span>
        <span className="max-sm:col-start-1 max-sm:row-start-2 max-sm:text-fine">
          <Status tone={tone}>{text}</Status>
        </span>
        <Money amount={invoice.total} unit={invoice.currency} className="text-right font-medium" />
      </Link>
    </li>
  )
}
