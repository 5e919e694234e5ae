/**
 * Starting and changing the plan: every plan side by side, then what choosing it does, to the cent or with its date,
 * and the one button that does it.
 *
 * What is confirmed is the preview that is shown (rule R23): its id goes with the confirmation, and one that has
 * expired or no longer holds is replaced by a new one before anything happens.
 */
import type { Advice, Billing, Plan, SubscriptionPreview, UsageSummary } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { planMix } from '../../../billing/mix.ts'
import { feeOf } from '../../../billing/plan.ts'
import { apiOf, faultText, isRefusal } from '../../api.ts'
import { amountText, dateText, operationText, readAmount } from '../../format.ts'
import { priceListOf } from '../../prices.ts'
import { adviceQuery, forgetAccount, plansQuery, previewQuery, usageSummaryQuery } from '../../queries.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { tell } from '../../ui/toast.tsx'
import { PlanFacts } from './plan-facts.tsx'

const route = getRouteApi('/inside/a/$accountId/billing')

export function ChangePlanDialog({ accountId, billing }: { accountId: string; billing: Billing }) {
  const plans = useQuery(plansQuery(accountId))
  const usage = useQuery({ ...usageSummaryQuery(accountId), enabled: billing.plan !== null })
  const advice = useQuery({ ...adviceQuery(accountId), enabled: billing.plan !== null })
  const navigate = route.useNavigate()
  const { plan: chosen } = route.useSearch()
  const leave = () =>
    navigate({ search: (known) => ({ ...known, dialog: undefined, plan: undefined }), resetScroll: false })
  const current = billing.plan?.code
  const choice = plans.data?.data.find(({ code }) => code === chosen && code !== current)
  return (
    <Dialog
      title={current ? 'Change plan' : 'Start a plan'}
      width="large"
      onClose={leave}
      footer={
        choice ? (
          <Effect key={choice.code} accountId={accountId} billing={billing} plan={choice} onDone={leave} />
        ) : (
          <p className="flex min-h-16 items-center text-ink-2">
            Choose a plan to see what it costs today. Nothing is charged before you confirm.
          </p>
        )
      }
    >
      {plans.isError && <Notice tone="danger">{faultText(plans.error)}</Notice>}
      <fieldset className="grid gap-3 md:grid-cols-3">
        <legend className="sr-only">Plans</legend>
        {plans.isPending && [0, 1, 2].map((key) => <Skeleton key={key} className="h-96" />)}
        {plans.data?.data.map((plan) => (
          <PlanOption
            key={plan.id}
            plan={plan}
            current={plan.code === current}
            checked={plan.code === (choice?.code ?? current)}
            usage={usage.data}
            advice={advice.data}
            onChoose={() =>
              navigate({
                search: (known) => ({ ...known, plan: plan.code }),
                replace: true,
                resetScroll: false,
              })
            }
          />
        ))}
      </fieldset>
    </Dialog>
  )
}

type PlanOptionProps = {
  plan: Plan
  current: boolean
  checked: boolean
  usage: UsageSummary | undefined
  advice: Advice | undefined
  onChoose: () => void
}

function PlanOption({ plan, current, checked, usage, advice, onChoose }: PlanOptionProps) {
  const total = usage && usage.operations.length > 0 ? termOn(plan, usage) : null
  const advised = !current && advice?.recommendation?.code === plan.code
  return (
    <label className="relative flex flex-col rounded-panel bg-canvas p-5 ring-2 ring-transparent transition-shadow has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-4 has-focus-visible:outline-accent hover:bg-sunken has-checked:hover:bg-canvas">
      <input
        type="radio"
        name="plan"
        value={plan.code}
        checked={checked}
        onChange={onChoose}
        aria-label={current ? `${plan.name}, your plan` : plan.name}
        className="absolute inset-0 cursor-pointer opacity-0"
      />
      {current && (
        <span className="absolute top-5 right-5 rounded-full bg-accent-tint px-2.5 py-0.5 text-fine font-medium text-accent">
          Your plan
        </span>
      )}
      {advised && (
        <span className="absolute top-5 right-5 rounded-full bg-accent px-2.5 py-0.5 text-fine font-medium text-on-accent">
          Fits your usage
        </span>
      )}
      <PlanFacts plan={plan} />
      {advice && <PastTerms plan={plan} advice={advice} className={total === null ? 'mt-auto' : 'mb-auto'} />}
      {total !== null && (
        <p className={advice?.terms.length ? 'pt-3 text-ink-2' : 'mt-auto pt-5 text-ink-2'}>
          This term’s usage so far would come to{' '}
          <Money amount={total} unit={plan.currency} className="text-ink" /> here.
        </p>
      )}
    </label>
  )
}

/** What the terms that have passed would have cost here: the server's replay, use by use. */
function PastTerms({ plan, advice, className }: { plan: Plan; advice: Advice; className: string }) {
  const cost = advice.plans.find(({ code }) => code === plan.code)
  if (!cost || advice.terms.length === 0) return null
  const { recommendation } = advice
  return (
    <p className={`pt-5 text-ink-2 ${className}`}>
      {advice.terms.length === 1 ? 'Your last term' : `Your last ${advice.terms.length} terms`}{' '}
      {cost.is_current ? 'come to' : 'would have come to'}{' '}
      <Money amount={cost.total} unit={advice.currency} className="text-ink" /> here
      {recommendation?.code === plan.code && (
        <>
          , <Money amount={recommendation.saves} unit={advice.currency} className="text-ink" /> less than on
          your plan
        </>
      )}
      .
      {cost.not_offered.length > 0 &&
        ` Without ${cost.not_offered.map(operationText).join(', ')}, which it does not offer.`}
    </p>
  )
}

/** Fee and overage of this term's usage so far, had it begun on this plan; null where it does not offer all of it. */
function termOn(plan: Plan, usage: UsageSummary): bigint | null {
  const fixed = new Map(usage.operations.map(({ operation, quantity }) => [operation, quantity]))
  const mix = planMix({ balance: readAmount(plan.credits), prices: priceListOf(plan.prices), fixed })
  if (!mix.ok) return null
  return feeOf({ listPrice: readAmount(plan.list_price), discount: readAmount(plan.discount) }) + mix.overage
}

type EffectProps = { accountId: string; billing: Billing; plan: Plan; onDone: () => Promise<void> }

/** What choosing the plan does, and the button that does it. */
function Effect({ accountId, billing, plan, onDone }: EffectProps) {
  const queryClient = useQueryClient()
  const preview = useQuery(previewQuery(accountId, plan.code))
  const confirm = useMutation({
    mutationFn: (previewId: string) =>
      apiOf(accountId).changeSubscription({ body: { plan: plan.code, preview_id: previewId } }),
    onSuccess: async (result) => {
      // First the dialog goes, and with it the preview: asked again, it would find the change made.
      await onDone()
      tell(doneText(result.status, plan, dateText(result.effective_at, billing.zone)))
      await forgetAccount(queryClient, accountId)
    },
    onError: (fault) => {
      if (isRefusal(fault, 'preview_expired', 'preview_stale')) void preview.refetch()
    },
  })
  if (preview.isError) return <Notice tone="danger">{faultText(preview.error)}</Notice>
  if (!preview.data) {
    return (
      <EffectFrame>
        <Skeleton className="h-11 max-w-lg" />
      </EffectFrame>
    )
  }
  const shown = preview.data
  const declined = isRefusal(confirm.error, 'payment_declined')
  const cardFirst = readAmount(shown.amount_today) > 0n && billing.payment_method === null
  return (
    <EffectFrame
      button={
        cardFirst ? (
          <CardLink>Add payment method</CardLink>
        ) : (
          <div className="flex flex-wrap gap-2">
            <Button
              kind={declined ? 'plain' : 'primary'}
              busy={confirm.isPending || preview.isFetching}
              onClick={() => confirm.mutate(shown.id)}
            >
              {confirmText(shown, plan, billing.zone)}
            </Button>
            {declined && <CardLink>Use another card</CardLink>}
          </div>
        )
      }
    >
      <p className="font-medium">{shown.summary}</p>
      <p className="text-ink-2">
        {cardFirst && 'Add a payment method first; you come back here before anything is charged. '}
        Balance after: <Money amount={shown.balance_after} unit={plan.credit_unit} className="text-ink" />
        {shown.kind !== 'at_boundary' && ` until ${dateText(shown.period.end, billing.zone)}`}
      </p>
      {confirm.isError && (
        <p role="alert" className="mt-1 text-danger">
          {isRefusal(confirm.error, 'preview_expired', 'preview_stale')
            ? 'Something has changed since this was shown. The figures above are the new ones; please look again.'
            : faultText(confirm.error)}
        </p>
      )}
    </EffectFrame>
  )
}

/** To the cards, and from there back here. */
function CardLink({ children }: { children: string }) {
  return (
    <Link
      to="."
      search={(search: object) => ({ ...search, dialog: 'card' as const })}
      resetScroll={false}
      className={buttonClass('primary')}
    >
      {children}
    </Link>
  )
}

function EffectFrame({ button, children }: { button?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-16 flex-wrap items-center justify-between gap-x-8 gap-y-3">
      <div className="min-w-0 flex-1 basis-72" aria-live="polite">
        {children}
      </div>
      {button}
    </div>
  )
}

/** The act, with its price or its day. */
function confirmText(preview: SubscriptionPreview, plan: Plan, zone: string): string {
  if (preview.kind === 'at_boundary')
    return `Change to ${plan.name} on ${dateText(preview.effective_at, zone)}`
  const amount = readAmount(preview.amount_today)
  const act = preview.kind === 'start' ? `start ${plan.name}` : `change to ${plan.name}`
  if (amount === 0n) return act.charAt(0).toUpperCase() + act.slice(1)
  return `Pay ${amountText(amount, plan.currency)} and ${act}`
}

function doneText(status: 'effective' | 'scheduled' | 'awaiting_payment', plan: Plan, day: string): string {
  if (status === 'effective') return `You are on ${plan.name} now.`
  if (status === 'scheduled') return `${plan.name} starts on ${day}.`
  return `${plan.name} starts as soon as the payment is confirmed. Unpaid after 24 hours, nothing changes.`
}
