/**
 * One invoice as a sheet that prints on A4 and Letter: who, for when, the lines that add up to the total, what was paid
 * and how. `upcoming` is the next one as it stands now.
 */
import type { Invoice } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Printer } from 'lucide-react'
import type { ReactNode } from 'react'
import { apiOf, faultText } from '../api.ts'
import { amountText, countText, dateText, momentText, readAmount } from '../format.ts'
import { billingQuery, forgetAccount, invoiceQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { LevelMark } from '../ui/level.tsx'
import { Money } from '../ui/money.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Status } from '../ui/status.tsx'
import { tell } from '../ui/toast.tsx'
import { invoiceWords } from './billing/invoice-list.tsx'
import { EInvoiceFiles } from './e-invoice-files.tsx'
import { FileLink } from './file-link.tsx'

const route = getRouteApi('/inside/a/$accountId/invoices/$invoiceId')

export function InvoicePage() {
  const { accountId, invoiceId } = route.useParams()
  const invoice = useQuery(invoiceQuery(accountId, invoiceId))
  const { data: billing } = useQuery(billingQuery(accountId))
  const { data } = invoice
  return (
    <div className="mx-auto max-w-3xl print:max-w-none">
      <PageHeader
        above={
          <Link to="/a/$accountId/billing" params={{ accountId }} className="hover:text-ink">
            Billing
          </Link>
        }
        title={titleOf(data)}
        name={data?.number ?? 'Next invoice'}
        actions={
          <>
            {data?.id && (
              <FileLink
                accountId={accountId}
                path={`/v1/invoices/${data.id}.pdf`}
                label="Download the invoice as PDF"
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
        {invoiceId === 'upcoming' && 'As it stands now. What is used until then comes on top.'}
      </PageHeader>
      {invoice.isPending && <Skeleton className="h-[44rem]" />}
      {invoice.isError && <Notice tone="danger">{faultText(invoice.error)}</Notice>}
      {data && billing && (
        <>
          {readAmount(data.amount_due) > 0n && data.id !== null && data.status !== 'carried' && (
            <PayNotice accountId={accountId} invoice={data} last4={billing.payment_method?.last4} />
          )}
          <Sheet invoice={data} zone={billing.zone} />
          {data.id && (
            <EInvoiceFiles
              accountId={accountId}
              path={`/v1/invoices/${data.id}`}
              name={data.number ?? 'invoice'}
            />
          )}
        </>
      )}
    </div>
  )
}

function PayNotice({
  accountId,
  invoice,
  last4,
}: {
  accountId: string
  invoice: Invoice
  last4: string | undefined
}) {
  const queryClient = useQueryClient()
  const due = amountText(invoice.amount_due, invoice.currency)
  const pay = useMutation({
    mutationFn: () => apiOf(accountId).payInvoice({ path: { id: invoice.id ?? '' } }),
    onSuccess: async (result) => {
      await forgetAccount(queryClient, accountId)
      tell(
        result.status === 'paid' ? `${due} is paid.` : 'The payment did not succeed. The invoice stays open.',
      )
    },
  })
  return (
    <Notice
      tone="danger"
      className="mb-4 print:hidden"
      action={
        <Button
          kind="primary"
          busy={pay.isPending}
          disabledReason={last4 ? undefined : 'There is no payment method to pay with'}
          onClick={() => pay.mutate()}
        >
          Pay {due} now
        </Button>
      }
    >
      {due} is open{last4 ? ` and would be taken from the card ending in ${last4}` : ''}. Your automations
      keep running.
      {invoice.next_attempt_at && ` It is tried again on ${dateText(invoice.next_attempt_at)}.`}
      {pay.isError && <span className="block">{faultText(pay.error)}</span>}
    </Notice>
  )
}

function Sheet({ invoice, zone }: { invoice: Invoice; zone: string }) {
  const { text, tone } = invoiceWords[invoice.status]
  return (
    <Panel className="grid gap-8 sm:p-10 print:gap-6 print:p-0">
      <header className="flex flex-wrap items-start justify-between gap-6">
        <div>
          <p className="flex items-center gap-2 font-semibold">
            <LevelMark share={0.55} size={20} />
            Drawdown
          </p>
          <p className="heading mt-6 print:mt-3">{invoice.number ?? 'Next invoice'}</p>
          <Status tone={tone}>{text}</Status>
        </div>
        <dl className="grid gap-3 text-right max-sm:text-left">
          <Fact name="Billed to">{invoice.account.name}</Fact>
          <Fact name="Date">{invoice.finalized_at ? dateText(invoice.finalized_at, zone) : 'not yet'}</Fact>
          <Fact name="Period">
            {dateText(invoice.period.start, zone)} to {dateText(invoice.period.end, zone)}
          </Fact>
        </dl>
      </header>
      <Lines invoice={invoice} />
      <Totals invoice={invoice} />
      {invoice.payments.length > 0 && <Payments invoice={invoice} zone={zone} />}
      <InterimNotes invoice={invoice} zone={zone} />
      {invoice.tax_treatment === 'reverse_charge' && (
        <p>Reverse charge: the recipient of the service pays the tax.</p>
      )}
      {invoice.tax_treatment === 'exempt' && <p>This account is exempt from tax.</p>}
      <p className="text-fine text-ink-3">
        Credits are drawn first, to the last one. What goes beyond them is charged at the unit prices of the
        lines.
        {invoice.id && <span className="block break-all">{invoice.id}</span>}
      </p>
    </Panel>
  )
}

function titleOf(invoice: Invoice | undefined): string {
  if (invoice?.kind === 'interim') return 'Interim invoice'
  return invoice && invoice.id === null ? 'Next invoice' : 'Invoice'
}

/** What of the period is on which other invoice. */
function InterimNotes({ invoice, zone }: { invoice: Invoice; zone: string }) {
  if (invoice.kind !== 'interim' && invoice.interim_invoices.length === 0) return null
  return (
    <div className="text-ink-2">
      {invoice.kind === 'interim' && (
        <p>
          This invoice bills overage before its period ends. Later invoices of the period bill what is used
          after it.
        </p>
      )}
      {invoice.interim_invoices.map(({ id, number, period }) => (
        <p key={id}>
          Usage up to {dateText(period.end, zone)} is on interim invoice{' '}
          <Link
            to="/a/$accountId/invoices/$invoiceId"
            params={{ accountId: invoice.account.id, invoiceId: id }}
            className="underline"
          >
            {number ?? 'that is being made'}
          </Link>
          , and not on this one.
        </p>
      ))}
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-fine text-ink-3">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Lines({ invoice }: { invoice: Invoice }) {
  const { currency } = invoice
  return (
    <table className="w-full text-left">
      <caption className="sr-only">Lines of the invoice</caption>
      <thead className="text-ink-2">
        <tr className="[&>th]:py-2 [&>th]:font-normal [&>th:not(:first-child)]:pl-4 [&>th:not(:first-child)]:text-right">
          <th scope="col">Description</th>
          <th scope="col" className="max-sm:hidden">
            Quantity
          </th>
          <th scope="col" className="max-sm:hidden">
            Unit price
          </th>
          <th scope="col">Amount</th>
        </tr>
      </thead>
      <tbody>
        {invoice.lines.map((line, index) => {
          const quantity = line.quantity === null ? '' : countText(line.quantity)
          const price = line.unit_price === null ? '' : amountText(line.unit_price, currency)
          return (
            <tr
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of an invoice have no other name than their place
              key={index}
              className="border-t border-line align-top [&>td]:py-2.5 [&>td]:pl-4 [&>td]:text-right"
            >
              <th scope="row" className="py-2.5 font-normal">
                {line.description}
                {quantity && price && (
                  <span className="figures block text-fine text-ink-3 sm:hidden">
                    {quantity} × {price}
                  </span>
                )}
              </th>
              <td className="figures text-ink-2 max-sm:hidden">{quantity}</td>
              <td className="figures text-ink-2 max-sm:hidden">{price}</td>
              <td>
                <Money amount={line.amount} unit={currency} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Totals({ invoice }: { invoice: Invoice }) {
  const rows: [string, string][] = [['Total', invoice.total]]
  if (readAmount(invoice.tax) !== 0n) rows.push(['Of it tax', invoice.tax])
  if (readAmount(invoice.opening_balance) !== 0n) rows.push(['Carried from earlier', invoice.opening_balance])
  if (readAmount(invoice.customer_credit_applied) !== 0n) {
    rows.push(['Customer credit', negated(invoice.customer_credit_applied)])
  }
  if (readAmount(invoice.paid) !== 0n) rows.push(['Paid', negated(invoice.paid)])
  return (
    <dl className="keep-together ml-auto grid w-full max-w-80 gap-2">
      {rows.map(([name, amount], index) => (
        <div
          key={name}
          className={`flex justify-between gap-6 ${index === 0 ? 'font-medium' : 'text-ink-2'}`}
        >
          <dt>{name}</dt>
          <dd>
            <Money amount={amount} unit={invoice.currency} />
          </dd>
        </div>
      ))}
      <div className="flex items-baseline justify-between gap-6 border-t border-line pt-3">
        <dt className="subheading">Amount due</dt>
        <dd>
          <Money amount={invoice.amount_due} unit={invoice.currency} className="heading" />
        </dd>
      </div>
    </dl>
  )
}

function negated(amount: string): string {
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`
}

const paymentWords: Record<Invoice['payments'][number]['status'], string> = {
  pending: 'under way',
  unknown: 'not yet confirmed by the provider',
  action_required: 'waits for the cardholder',
  succeeded: 'succeeded',
  failed: 'failed',
}

function Payments({ invoice, zone }: { invoice: Invoice; zone: string }) {
  return (
    <section className="keep-together">
      <h2 className="mb-1 font-medium">Payments</h2>
      <ul className="grid gap-1 text-ink-2">
        {invoice.payments.map((payment) => (
          <li key={payment.id} className="flex flex-wrap justify-between gap-x-6">
            <span>
              {momentText(payment.created_at, zone)} · {payment.method} · {paymentWords[payment.status]}
              {payment.failure && `: ${payment.failure}`}
            </span>
            <Money amount={payment.amount} unit={invoice.currency} />
          </li>
        ))}
      </ul>
    </section>
  )
}
