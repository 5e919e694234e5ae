/** The payments of an account, as its operator sees them, and refunds: whole or in part, each with its reason. */
import type { OperatorPayment, Refund } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { minorDecimals } from '../../../billing/currency.ts'
import { apiOf, faultText, isRefusal } from '../../api.ts'
import { amountText, momentText, readAmount } from '../../format.ts'
import { accountViewQuery } from '../../operator-queries.ts'
import { accountPaymentsQuery, accountRefundsQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../../ui/panel.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Status, type Tone } from '../../ui/status.tsx'
import { tell } from '../../ui/toast.tsx'
import { NoSuchAccount } from './no-such-account.tsx'

const route = getRouteApi('/inside/operator/accounts/$customerId/payments')

export function AccountPaymentsPage() {
  const { customerId: accountId } = route.useParams()
  const payments = useQuery(accountPaymentsQuery(accountId))
  const refunds = useQuery(accountRefundsQuery(accountId))
  const [refunding, setRefunding] = useState<OperatorPayment>()
  const { data: view } = useQuery(accountViewQuery(accountId))
  const name = view?.name ?? 'the account'
  const rows = payments.data?.data
  if (isRefusal(payments.error, 'account_not_found', 'not_found', 'invalid_input')) return <NoSuchAccount />
  return (
    <>
      <PageHeader
        above={
          <Link
            to="/operator/accounts/$customerId"
            params={{ customerId: accountId }}
            className="hover:text-ink"
          >
            {name}
          </Link>
        }
        title={`Payments of ${name}`}
      >
        What was paid, newest first, and what went back.
      </PageHeader>
      {payments.isPending && <SkeletonRows rows={4} className="h-14" />}
      {payments.isError && <Notice tone="danger">{faultText(payments.error)}</Notice>}
      {rows?.length === 0 && (
        <EmptyState title="No payments yet">Each attempt to collect will stand here.</EmptyState>
      )}
      {rows && rows.length > 0 && (
        <ul className="grid gap-3">
          {rows.map((payment) => (
            <PaymentRow key={payment.id} payment={payment} onRefund={() => setRefunding(payment)} />
          ))}
        </ul>
      )}
      {refunds.data && refunds.data.data.length > 0 && (
        <Section title="Refunds" className="mt-10">
          <ul className="grid gap-3">
            {refunds.data.data.map((refund) => (
              <RefundRow key={refund.id} refund={refund} />
            ))}
          </ul>
        </Section>
      )}
      {refunding && (
        <RefundDialog accountId={accountId} payment={refunding} onClose={() => setRefunding(undefined)} />
      )}
    </>
  )
}

const tones: Record<string, Tone> = { succeeded: 'good', failed: 'danger', pending: 'busy', unknown: 'busy' }
const texts: Record<string, string> = {
  ...{ succeeded: 'Paid', failed: 'Failed', pending: 'Under way', unknown: 'Not yet known' },
  action_required: 'Waits for the payer',
}

function PaymentRow({ payment, onRefund }: { payment: OperatorPayment; onRefund: () => void }) {
  const { currency, refundable, amount } = payment
  const left = readAmount(refundable)
  return (
    <li>
      <Panel className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div>
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className="font-medium">{payment.invoice_number ?? 'Change of plan'}</span>
            <Status tone={tones[payment.status] ?? 'quiet'}>{texts[payment.status]}</Status>
            {readAmount(payment.disputed) > 0n && (
              <Status tone="danger">{amountText(payment.disputed, currency)} disputed</Status>
            )}
          </p>
          <p className="mt-1 text-fine text-ink-2">
            {momentText(payment.created_at)}, {payment.method}
            {payment.failure && `: ${payment.failure}`}
            {payment.status === 'succeeded' &&
              left < readAmount(amount) &&
              `. ${amountText(left, currency)} of it can still go back to the card.`}
          </p>
        </div>
        <div className="flex items-center justify-between gap-4 max-sm:w-full max-sm:flex-row-reverse">
          {left > 0n && (
            <Button kind="quiet" onClick={onRefund} aria-label={`Refund ${amountText(amount, currency)}`}>
              Refund
            </Button>
          )}
          <Money amount={amount} unit={currency} className="subheading" />
        </div>
      </Panel>
    </li>
  )
}

function RefundRow({ refund }: { refund: Refund }) {
  return (
    <li>
      <Panel className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div>
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className="font-medium">{refund.invoice_number ?? 'Change of plan'}</span>
            <Status tone={tones[refund.status] ?? 'quiet'}>
              {refund.status === 'succeeded' ? 'Refunded' : texts[refund.status]}
            </Status>
          </p>
          <p className="mt-1 text-fine text-ink-2">
            {momentText(refund.created_at)}: {refund.reason}
            {refund.failure && `. ${refund.failure} It is customer credit again.`}
          </p>
        </div>
        <Money amount={refund.amount} unit={refund.currency} className="subheading" />
      </Panel>
    </li>
  )
}

/** Why this amount cannot be asked for. The server has the last word. */
function refusalOf(amount: string, { refundable, currency }: OperatorPayment): string | undefined {
  const decimals = minorDecimals(currency) ?? 2
  const pattern = decimals === 0 ? /^\d+$/ : new RegExp(`^\\d+(\\.\\d{1,${decimals}})?$`)
  if (!pattern.test(amount)) return `Write an amount such as ${decimals === 0 ? '12' : '12.50'}`
  const wanted = readAmount(amount)
  if (wanted > 0n && wanted <= readAmount(refundable)) return undefined
  return `Write an amount up to ${amountText(refundable, currency)}`
}

type RefundDialogProps = { accountId: string; payment: OperatorPayment; onClose: () => void }

function RefundDialog({ accountId, payment, onClose }: RefundDialogProps) {
  const queryClient = useQueryClient()
  const [source, setSource] = useState<'invoice' | 'customer_credit'>('invoice')
  const [amount, setAmount] = useState(payment.refundable)
  const [reason, setReason] = useState('')
  // One key for this dialog, so that pressing twice refunds once.
  const [key] = useState(() => crypto.randomUUID())
  const { currency } = payment
  const refund = useMutation({
    mutationFn: () =>
      apiOf('').createRefund({
        headers: { 'Idempotency-Key': key },
        body: { account_id: accountId, source, payment_id: payment.id, amount, reason },
      }),
    onSuccess: async (done) => {
      await queryClient.invalidateQueries()
      tell(
        done.status === 'failed'
          ? `The card did not take the refund: ${done.failure}`
          : `${amountText(done.amount, done.currency)} goes back to the card.`,
      )
      onClose()
    },
  })
  const refused = refusalOf(amount, payment)
  const shown = refused ? 'A part' : amountText(amount, currency)
  const sentence =
    source === 'invoice'
      ? `A credit note gives ${shown} of ${payment.invoice_number ?? 'the invoice'} back, its tax included, and the card gets it. The invoice itself stays as it is.`
      : `${shown} of customer credit goes to the card, and is used for no invoice any more.`
  const missing = refused ?? (reason.trim() === '' ? 'Say why' : undefined)
  return (
    <ConfirmDialog
      title="Refund"
      action={refused ? 'Refund' : `Refund ${shown}`}
      danger
      busy={refund.isPending}
      fault={refund.isError ? faultText(refund.error) : null}
      disabledReason={missing}
      onConfirm={() => refund.mutate()}
      onClose={onClose}
    >
      <p>{sentence}</p>
      <div className="mt-4 grid gap-4">
        <SelectField
          label="What goes back"
          value={source}
          onChange={(event) => setSource(event.target.value as typeof source)}
        >
          <option value="invoice">A part of the invoice, by a credit note</option>
          <option value="customer_credit">Customer credit that is there</option>
        </SelectField>
        <TextField
          label={`Amount in ${currency}`}
          inputMode="decimal"
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
          hint={`At most ${amountText(payment.refundable, currency)}.`}
          fault={amount === '' ? undefined : refused}
        />
        <TextField
          label="Reason"
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </ConfirmDialog>
  )
}
