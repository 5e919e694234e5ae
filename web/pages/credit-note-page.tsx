/** One credit note: why, what it gives back of invoices, what became of the credits, and the usage that it took back. */
import type { CreditNote } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Printer } from 'lucide-react'
import type { Micros } from '../../billing/micros.ts'
import { faultText } from '../api.ts'
import { countText, dateText, momentText, readAmount } from '../format.ts'
import { billingQuery, creditNoteQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { EInvoiceFiles } from './e-invoice-files.tsx'
import { FileLink } from './file-link.tsx'

const route = getRouteApi('/inside/a/$accountId/credit-notes/$creditNoteId')

export function CreditNotePage() {
  const { accountId, creditNoteId } = route.useParams()
  const note = useQuery(creditNoteQuery(accountId, creditNoteId))
  const { data: billing } = useQuery(billingQuery(accountId))
  return (
    <div className="mx-auto max-w-3xl print:max-w-none">
      <PageHeader
        above={
          <Link to="/a/$accountId/billing" params={{ accountId }} className="hover:text-ink">
            Billing
          </Link>
        }
        title="Credit note"
        name={note.data?.number ?? 'Credit note'}
        actions={
          <>
            {note.data && (
              <FileLink
                accountId={accountId}
                path={`/v1/credit-notes/${note.data.id}.pdf`}
                label="Download the credit note as PDF"
              >
                PDF
              </FileLink>
            )}
            <Button icon={<Printer aria-hidden size={16} />} onClick={() => window.print()}>
              Print
            </Button>
          </>
        }
      >
        {note.data?.reason}
      </PageHeader>
      {note.isPending && <Skeleton className="h-96" />}
      {note.isError && <Notice tone="danger">{faultText(note.error)}</Notice>}
      {note.data && billing && <Sheet note={note.data} zone={billing.zone} />}
      {note.data && readAmount(note.data.customer_credit) > 0n && (
        <EInvoiceFiles
          accountId={accountId}
          path={`/v1/credit-notes/${note.data.id}`}
          name={note.data.number}
        />
      )}
    </div>
  )
}

function Sheet({ note, zone }: { note: CreditNote; zone: string }) {
  return (
    <Panel className="grid gap-8 sm:p-10 print:gap-6 print:p-0">
      <header className="flex flex-wrap items-start justify-between gap-6">
        <p className="heading">{note.number}</p>
        <p className="text-ink-2">
          {note.account.name}, {dateText(note.created_at, zone)}
        </p>
      </header>
      <Outcome note={note} />
      {note.usage.length > 0 && <Usage note={note} zone={zone} />}
      <p className="text-fine break-all text-ink-3">{note.id}</p>
    </Panel>
  )
}

function Outcome({ note }: { note: CreditNote }) {
  const { currency, credit_unit: credits } = note
  const refunded = readAmount(note.refunded)
  const kept = readAmount(note.customer_credit) - refunded
  const rows: [string, Micros, string][] = [
    ['Back to the payment method', refunded, currency],
    ['Customer credit, used before the card', kept, currency],
    ['Overage that no invoice asks for', readAmount(note.overage_cancelled), currency],
    ['Credits that went back', readAmount(note.credits_returned), credits],
    ['Credits as a grant until the end of the next period', readAmount(note.credits_adjusted), credits],
  ]
  return (
    <dl className="grid gap-2">
      {note.lines.map((line) => (
        <div key={line.description} className="flex justify-between gap-6 text-ink-2">
          <dt>{line.description}</dt>
          <dd>
            <Money amount={line.amount} unit={currency} />
          </dd>
        </div>
      ))}
      {rows
        .filter(([, amount]) => amount !== 0n)
        .map(([name, amount, unit]) => (
          <div key={name} className="flex justify-between gap-6 border-t border-line pt-2 font-medium">
            <dt>{name}</dt>
            <dd>
              <Money amount={amount} unit={unit} />
            </dd>
          </div>
        ))}
    </dl>
  )
}

function Usage({ note, zone }: { note: CreditNote; zone: string }) {
  return (
    <table className="w-full text-left">
      <caption className="mb-1 text-left font-medium">Usage that was taken back</caption>
      <thead className="text-ink-2">
        <tr className="[&>th]:py-2 [&>th]:font-normal [&>th:not(:first-child)]:pl-4 [&>th:not(:first-child)]:text-right">
          <th scope="col">Operation</th>
          <th scope="col">Quantity</th>
          <th scope="col">From credits</th>
          <th scope="col">Overage</th>
        </tr>
      </thead>
      <tbody>
        {note.usage.map((record) => (
          <tr
            key={record.id}
            className="border-t border-line align-top [&>td]:py-2 [&>td]:pl-4 [&>td]:text-right"
          >
            <th scope="row" className="py-2 font-normal">
              {record.operation}
              <span className="block text-fine text-ink-3">{momentText(record.booked_at, zone)}</span>
            </th>
            <td className="figures">{countText(record.quantity)}</td>
            <td>
              <Money amount={record.from_credits} unit={note.credit_unit} />
            </td>
            <td>
              <Money amount={record.overage} unit={note.currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
