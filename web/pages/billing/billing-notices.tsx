/** What a person should know before the numbers: a change that is due, an invoice that is open, a card that is missing. */
import type { Billing } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { apiOf, faultText } from '../../api.ts'
import { amountText, dateText, readAmount } from '../../format.ts'
import { forgetAccount, waitingPaymentsQuery } from '../../queries.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { tell } from '../../ui/toast.tsx'
import { useReserved } from '../reserved.ts'

export function BillingNotices({ accountId, billing }: { accountId: string; billing: Billing }) {
  const { currency } = billing
  const waiting = useQuery(waitingPaymentsQuery(accountId))
  // What the bank asks about is told above, and is no debt beside it.
  const asked = (waiting.data?.data ?? []).reduce(
    (sum, payment) => sum + (payment.invoice_number ? readAmount(payment.amount) : 0n),
    0n,
  )
  const unpaid = readAmount(billing.amount_due) - asked
  const reserved = useReserved(accountId, 'billing')
  return (
    <>
      <WaitingPayments accountId={accountId} />
      {billing.subscription?.pending && <PendingChange accountId={accountId} billing={billing} />}
      {currency && unpaid > 0n && (
        <Notice
          tone="danger"
          action={
            reserved ? undefined : <CardLink text={billing.payment_method ? 'Change card' : 'Add card'} />
          }
        >
          {amountText(unpaid, currency)} of an earlier invoice has not been paid. Your automations keep
          running; a new card is tried at once.
        </Notice>
      )}
      {billing.plan && !billing.payment_method && readAmount(billing.amount_due) === 0n && (
        <Notice action={reserved ? undefined : <CardLink text="Add card" />}>
          There is no payment method yet. The next invoice will stay open until there is one; your automations
          keep running.
        </Notice>
      )}
    </>
  )
}

/** Payments that the bank asks about: whatever they are for, they wait for nothing but the payer's word. */
function WaitingPayments({ accountId }: { accountId: string }) {
  const waiting = useQuery(waitingPaymentsQuery(accountId))
  return waiting.data?.data.map(({ id, amount, currency, invoice_number: number }) => (
    <Notice
      key={id}
      action={
        <Link
          to="/a/$accountId/payments/$paymentId"
          params={{ accountId, paymentId: id }}
          className={buttonClass('primary')}
        >
          Confirm
        </Link>
      }
    >
      Your bank wants you to confirm {amountText(amount, currency)}{' '}
      {number ? `for invoice ${number}` : 'for your change of plan'}. Your automations keep running.
    </Notice>
  ))
}

function CardLink({ text }: { text: string }) {
  return (
    <Link
      to="."
      search={(search: object) => ({ ...search, dialog: 'card' as const })}
      resetScroll={false}
      className={buttonClass('plain', 'bg-surface')}
    >
      {text}
    </Link>
  )
}

function PendingChange({ accountId, billing }: { accountId: string; billing: Billing }) {
  const queryClient = useQueryClient()
  const { plan, subscription, zone } = billing
  const reserved = useReserved(accountId, 'billing')
  const pending = subscription?.pending
  const resume = useMutation({
    mutationFn: () => apiOf(accountId).resumeSubscription(),
    onSuccess: async () => {
      await forgetAccount(queryClient, accountId)
      tell(`You stay on ${plan?.name}.`)
    },
  })
  if (!pending || !plan) return null
  const day = dateText(pending.effective_at, zone)
  return (
    <Notice
      action={
        reserved ? undefined : (
          <Button className="bg-surface" busy={resume.isPending} onClick={() => resume.mutate()}>
            Keep {plan.name}
          </Button>
        )
      }
    >
      {pending.kind === 'cancel'
        ? `${plan.name} ends on ${day}. Credits can be used until then; the last invoice carries only what went beyond them.`
        : `${pending.plan?.name} starts on ${day}. Until then everything stays as it is.`}
      {resume.isError && <span className="block text-danger">{faultText(resume.error)}</span>}
    </Notice>
  )
}
