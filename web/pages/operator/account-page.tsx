/**
 * One account as the operator sees it: plan and balance, credits given and taken back, invoices, usage and what of it was credited, tax,
 * and how its books are verified.
 */
import type { AccountView } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Clock } from 'lucide-react'
import type { ReactNode } from 'react'
import { faultText, isRefusal } from '../../api.ts'
import { agoText, amountText, dateText, readAmount } from '../../format.ts'
import { accountViewQuery } from '../../operator-queries.ts'
import { meQuery } from '../../queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../../ui/panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Status, type Tone } from '../../ui/status.tsx'
import { Table } from '../../ui/table.tsx'
import { AccountGrants } from './account-grants.tsx'
import { AccountUsage } from './account-usage.tsx'
import { InterimInvoices } from './interim-invoices.tsx'
import { NoSuchAccount } from './no-such-account.tsx'
import { ParkedAccount } from './parked-account.tsx'

const route = getRouteApi('/inside/operator/accounts/$customerId')

export function OperatorAccountPage() {
  const { customerId: accountId } = route.useParams()
  const { data: me } = useQuery(meQuery())
  const view = useQuery(accountViewQuery(accountId))
  const { data } = view
  const isMember = me?.accounts.some(({ id }) => id === accountId)
  if (isRefusal(view.error, 'account_not_found', 'not_found')) return <NoSuchAccount />
  return (
    <>
      <PageHeader
        title={data?.name ?? 'Account'}
        above={<Link to="/operator">Accounts</Link>}
        actions={
          <>
            <Link
              to="/operator/accounts/$customerId/payments"
              params={{ customerId: accountId }}
              className={buttonClass('quiet')}
            >
              Payments and refunds
            </Link>
            {isMember && (
              <Link to="/a/$accountId/billing" params={{ accountId }} className={buttonClass()}>
                Open as a member
              </Link>
            )}
            {me?.sandbox && (
              <Link to="/operator" search={{ clock: accountId }} className={buttonClass('quiet')}>
                <Clock aria-hidden size={16} />
                Move its clock
              </Link>
            )}
          </>
        }
      >
        <span className="break-all">{accountId}</span>
      </PageHeader>
      {view.isPending && <Skeleton className="h-96" />}
      {view.isError && <Notice tone="danger">{faultText(view.error)}</Notice>}
      {data && (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-10">
          <ParkedAccount account={data.verification} />
          <Figures view={data} />
          <AccountGrants view={data} />
          <InterimInvoices view={data} />
          <Invoices view={data} />
          <AccountUsage view={data} />
          <CreditNotes view={data} />
        </div>
      )}
    </>
  )
}

function Figures({ view }: { view: AccountView }) {
  const { billing, verification } = view
  const { currency, credit_unit: credits, period, plan, zone } = billing
  const money = (amount: string, unit: string | null) => (unit ? <Money amount={amount} unit={unit} /> : '–')
  const facts: [string, ReactNode, ReactNode?][] = [
    [
      'Plan',
      plan?.name ?? 'none',
      plan && `${amountText(plan.fee, plan.currency)} a month${pendingText(view)}`,
    ],
    [
      'Balance',
      money(billing.balance, credits),
      credits && `of ${amountText(billing.credits_included, credits)} a term`,
    ],
    [
      'Overage',
      money(billing.overage, currency),
      period &&
        (readAmount(billing.overage_invoiced) > 0n && currency
          ? `${amountText(billing.overage_invoiced, currency)} of it invoiced, the rest on ${dateText(period.end, zone)}`
          : `billed on ${dateText(period.end, zone)}`),
    ],
    [
      'Owed',
      money(billing.amount_due, currency),
      readAmount(billing.amount_due) > 0n ? 'on invoices below' : '',
    ],
    ['Customer credit', money(billing.customer_credit, currency), 'used before the card'],
    [
      'Card',
      billing.payment_method ? `${billing.payment_method.brand} ${billing.payment_method.last4}` : 'none',
    ],
    ['Tax', taxText(billing.tax)],
    ['Its time', dateText(billing.now, zone), zone],
    [
      'Books',
      verification.failed_at ? 'at fault' : verification.verified_at ? 'in order' : 'not verified yet',
      verification.verified_at && `verified ${agoText(verification.verified_at, new Date())}`,
    ],
  ]
  return (
    <Panel>
      <dl className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        {facts.map(([name, value, more]) => (
          <div key={name}>
            <dt className="text-ink-2">{name}</dt>
            <dd className="figures text-lead font-semibold">{value}</dd>
            {more && <dd className="text-fine text-ink-2">{more}</dd>}
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function pendingText({ billing }: AccountView): string {
  const pending = billing.subscription?.pending
  if (!pending) return ''
  return pending.kind === 'cancel' ? ', being cancelled' : `, ${pending.plan?.name} next`
}

function taxText({ treatment, rates }: AccountView['billing']['tax']): string {
  if (treatment === 'exempt') return 'exempt'
  if (treatment === 'reverse_charge') return 'reverse charge'
  // A share of one with six decimals at most; shown in percent.
  const percent = ({ rate }: { rate: string }) => `${amountText(readAmount(rate) * 100n, '%')}`
  return rates.length === 0 ? 'none' : rates.map((rate) => `${rate.name} ${percent(rate)}`).join(', ')
}

const tones: Record<string, Tone> = {
  paid: 'good',
  open: 'busy',
  past_due: 'danger',
  uncollectible: 'danger',
}

/** Invoices, newest first. What is done about an unpaid one has its place in the last column. */
function Invoices({ view }: { view: AccountView }) {
  return (
    <Section title="Invoices">
      <Panel className="py-2!">
        {view.invoices.length === 0 ? (
          <p className="py-2 text-ink-2">None yet.</p>
        ) : (
          <Table
            label="Invoices"
            columns={[
              { name: 'Number' },
              { name: 'Date' },
              { name: 'Status' },
              { name: 'Total', right: true },
              { name: 'Owed', right: true },
            ]}
            rows={view.invoices.map((invoice) => ({
              key: invoice.id ?? '',
              cells: [
                invoice.kind === 'interim' ? `${invoice.number} (interim)` : invoice.number,
                invoice.finalized_at ? dateText(invoice.finalized_at, view.billing.zone) : '–',
                <Status key="status" tone={tones[invoice.status] ?? 'quiet'}>
                  {invoice.status.replace('_', ' ')}
                </Status>,
                <Money key="total" amount={invoice.total} unit={invoice.currency} />,
                <Money key="due" amount={invoice.amount_due} unit={invoice.currency} />,
              ],
            }))}
          />
        )}
      </Panel>
    </Section>
  )
}

function CreditNotes({ view }: { view: AccountView }) {
  if (view.credit_notes.length === 0) return null
  return (
    <Section title="Credit notes">
      <Panel className="py-2!">
        <Table
          label="Credit notes"
          columns={[
            { name: 'Number' },
            { name: 'Date' },
            { name: 'Reason' },
            { name: 'Customer credit', right: true },
            { name: 'Credits back', right: true },
            { name: 'Overage cancelled', right: true },
          ]}
          rows={view.credit_notes.map((note) => ({
            key: note.id,
            cells: [
              note.number,
              dateText(note.created_at, view.billing.zone),
              note.reason,
              <Money key="credit" amount={note.customer_credit} unit={note.currency} />,
              <Money
                key="credits"
                amount={readAmount(note.credits_returned) + readAmount(note.credits_adjusted)}
                unit={note.credit_unit}
              />,
              <Money key="overage" amount={note.overage_cancelled} unit={note.currency} />,
            ],
          }))}
        />
      </Panel>
    </Section>
  )
}
