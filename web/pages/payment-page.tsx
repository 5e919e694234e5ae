/**
 * One payment: what became of it, and where the bank asks about it, the way to the bank's page. The bank leads back here, so opening
 * the page asks the provider anew.
 */
import type { Payment } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { apiOf, faultText } from '../api.ts'
import { amountText } from '../format.ts'
import { forgetAccount, paymentQuery } from '../queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Status, type Tone } from '../ui/status.tsx'
import { useReserved } from './reserved.ts'

const route = getRouteApi('/inside/a/$accountId/payments/$paymentId')

export function PaymentPage() {
  const { accountId, paymentId } = route.useParams()
  const payment = useQuery(paymentQuery(accountId, paymentId))
  return (
    <div className="mx-auto max-w-xl">
      <PageHeader
        above={
          <Link to="/a/$accountId/billing" params={{ accountId }} className="hover:text-ink">
            Billing
          </Link>
        }
        title="Payment"
      />
      {payment.isPending && <Skeleton className="h-56" />}
      {payment.isError && <Notice tone="danger">{faultText(payment.error)}</Notice>}
      {payment.data && <Sheet accountId={accountId} payment={payment.data} />}
    </div>
  )
}

const words: Record<Payment['status'], { text: string; tone: Tone; sentence: string }> = {
  pending: { text: 'Under way', tone: 'busy', sentence: 'The payment is under way.' },
  unknown: {
    text: 'Not yet known',
    tone: 'busy',
    sentence: 'The provider has not said yet what became of it. It is never charged twice.',
  },
  action_required: {
    text: 'Waits for you',
    tone: 'danger',
    sentence:
      'Your bank wants you to confirm this payment. You do so on the bank’s own page, which leads back here. Your automations keep running meanwhile.',
  },
  succeeded: { text: 'Paid', tone: 'good', sentence: 'Thank you. Nothing is left to do.' },
  failed: {
    text: 'Not paid',
    tone: 'danger',
    sentence:
      'Nothing was charged. You can try another card; what is open is tried with it at once. Your automations keep running.',
  },
}

function Sheet({ accountId, payment }: { accountId: string; payment: Payment }) {
  const queryClient = useQueryClient()
  const reserved = useReserved(accountId, 'billing')
  const confirm = useMutation({
    mutationFn: () => apiOf(accountId).confirmPayment({ path: { id: payment.id } }),
    onSuccess: async ({ url }) => {
      if (url === null) await forgetAccount(queryClient, accountId)
      else window.location.assign(url)
    },
  })
  const { text, tone, sentence } = words[payment.status]
  const amount = amountText(payment.amount, payment.currency)
  return (
    <Panel className="grid gap-5">
      <div className="flex flex-wrap items-baseline justify-between gap-4">
        <p className="figures heading">{amount}</p>
        <Status tone={tone}>{text}</Status>
      </div>
      <p className="text-ink-2">
        {payment.invoice_number ? `Invoice ${payment.invoice_number}` : 'Your change of plan'}, from{' '}
        {payment.method}.
      </p>
      <p>{sentence}</p>
      {payment.status === 'failed' && payment.failure && <p className="text-ink-2">{payment.failure}</p>}
      {confirm.isError && <Notice tone="danger">{faultText(confirm.error)}</Notice>}
      <div className="flex flex-wrap gap-2">
        {payment.status === 'action_required' && (
          <Button
            kind="primary"
            busy={confirm.isPending || Boolean(confirm.data?.url)}
            disabledReason={reserved ? `${reserved}: confirm a payment` : undefined}
            onClick={() => confirm.mutate()}
          >
            Confirm {amount} at your bank
          </Button>
        )}
        <Link
          to="/a/$accountId/billing"
          params={{ accountId }}
          search={payment.status === 'failed' ? { dialog: 'card' } : {}}
          className={buttonClass('plain')}
        >
          {payment.status === 'failed' ? 'Try another card' : 'Back to billing'}
        </Link>
      </div>
    </Panel>
  )
}
