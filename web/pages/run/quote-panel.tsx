/**
 * The quote: what the run costs at most, how it splits into credits and overage, and what is left after it.
 *
 * While photos are still on their way an estimate stands here, made by the same rule (billing/quote-run.ts); the
 * server's quote, which binds the unit prices and knows what was already paid for, takes its place.
 */
import type { Automation, Billing, Quote } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { purseHolding } from '../../../billing/draw-down.ts'
import { quoteRun } from '../../../billing/quote-run.ts'
import { apiOf, faultText, isRefusal } from '../../api.ts'
import { amountText, countOf, countText, dayText, operationText, readAmount } from '../../format.ts'
import { operationsPerImage, priceListOf } from '../../prices.ts'
import { billingQuery, putRun, quoteQuery, runsQuery } from '../../queries.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Uploads } from './uploads.ts'

type QuotePanelProps = {
  accountId: string
  billing: Billing | undefined
  automation: Automation | undefined
  uploads: Uploads
  onStarted: () => void
}

export function QuotePanel(props: QuotePanelProps) {
  const { accountId, billing, automation, uploads } = props
  const settled = !uploads.busy && uploads.imageIds.length > 0 && billing?.plan != null
  const quote = useQuery({
    ...quoteQuery(accountId, automation?.id ?? '', [...uploads.imageIds]),
    enabled: settled && automation !== undefined,
  })
  const shown = quote.data ?? estimate(billing, automation, uploads)
  return (
    <section aria-labelledby="quote" className="rounded-panel bg-surface p-6 lg:sticky lg:top-16">
      <h2 id="quote" className="subheading">
        Quote
      </h2>
      {billing && !billing.plan ? (
        <NoPlan accountId={accountId} />
      ) : shown && billing ? (
        <>
          <QuoteFigures shown={shown} billing={billing} />
          {quote.isError && (
            <Notice tone="danger" className="mt-4">
              {faultText(quote.error)}
            </Notice>
          )}
          <StartButton {...props} billing={billing} quote={quote.data} />
        </>
      ) : (
        <p className="mt-2 text-ink-2">
          Here you will see what the run costs, how much of it your credits pay, and what is left after it.
        </p>
      )}
    </section>
  )
}

function NoPlan({ accountId }: { accountId: string }) {
  return (
    <>
      <p className="mt-2 text-ink-2">
        A plan gives the unit prices and the credits. Choose one, then come back here.
      </p>
      <Link
        to="/a/$accountId/billing"
        params={{ accountId }}
        className={buttonClass('primary', 'mt-4 w-full')}
      >
        Choose a plan
      </Link>
    </>
  )
}

/** What both the server's quote and the estimate show. */
type Shown = {
  images: number
  binding: boolean
  summary: string
  cost: bigint
  fromCredits: bigint
  overage: bigint
  balanceAfter: bigint
  alreadyPaid: number
  operations: { operation: string; name: string; quantity: number; unitPrice: bigint; cost: bigint }[]
}

function estimate(
  billing: Billing | undefined,
  automation: Automation | undefined,
  uploads: Uploads,
): Shown | undefined {
  const images = uploads.total
  if (!billing?.credit_unit || !automation || images === 0) return undefined
  const prices = priceListOf(billing.prices)
  const purse = purseHolding(readAmount(billing.balance))
  const quote = quoteRun({ perImage: operationsPerImage(automation), images, prices, purse })
  if (!quote.ok) return undefined
  const nameOf = (code: string) =>
    billing.prices.find(({ operation }) => operation === code)?.name ?? operationText(code)
  return {
    ...quote,
    binding: false,
    summary: '',
    alreadyPaid: 0,
    operations: quote.operations.map((each) => ({
      ...each,
      name: nameOf(each.operation),
      quantity: Number(each.quantity),
    })),
  }
}

function shownOf(quote: Quote): Shown {
  return {
    images: quote.image_count,
    binding: true,
    summary: quote.summary,
    cost: readAmount(quote.cost),
    fromCredits: readAmount(quote.from_credits),
    overage: readAmount(quote.overage),
    balanceAfter: readAmount(quote.balance_after),
    alreadyPaid: quote.already_paid_images,
    operations: quote.operations.map((each) => ({
      ...each,
      unitPrice: readAmount(each.unit_price),
      cost: readAmount(each.cost),
    })),
  }
}

function QuoteFigures({ shown: given, billing }: { shown: Shown | Quote; billing: Billing }) {
  const shown = 'image_count' in given ? shownOf(given) : given
  const { credit_unit: unit, currency, period, zone } = billing
  if (!unit || !currency) return null
  const free = shown.operations.filter(({ unitPrice }) => unitPrice === 0n)
  return (
    <>
      <p className="mt-1 min-h-11 text-ink-2" aria-live="polite">
        {shown.binding
          ? shown.summary
          : `An estimate for ${countOf(shown.images, 'photo')}, until all are here.`}
      </p>
      <dl className="mt-4 grid gap-2">
        {shown.operations
          .filter(({ unitPrice }) => unitPrice > 0n)
          .map(({ operation, name, quantity, unitPrice, cost }) => (
            <Row
              key={operation}
              name={
                <>
                  {name}
                  <span className="figures block text-fine text-ink-3">
                    {countText(quantity)} × {amountText(unitPrice, unit)}
                  </span>
                </>
              }
            >
              <Money amount={cost} unit={unit} />
            </Row>
          ))}
        {free.length > 0 && <Row name={free.map(({ name }) => name).join(', ')}>free</Row>}
      </dl>
      <dl className="mt-4 grid gap-2 border-t border-line pt-4">
        <Row name="Cost at most">
          <Money amount={shown.cost} unit={unit} className="font-medium" />
        </Row>
        <Row name="From credits">
          <Money amount={shown.fromCredits} unit={unit} />
        </Row>
        <Row name="Overage">
          <Money amount={shown.overage} unit={currency} />
        </Row>
        <Row name={<span className="subheading">Left after</span>}>
          <Money amount={shown.balanceAfter} unit={unit} className="subheading" />
        </Row>
      </dl>
      {shown.alreadyPaid > 0 && (
        <p className="mt-4 text-ink-2">
          {countOf(shown.alreadyPaid, 'photo')} of them {shown.alreadyPaid === 1 ? 'was' : 'were'} already
          paid for and cost nothing again.
        </p>
      )}
      {shown.overage > 0n && period && (
        <p className="mt-4 text-ink-2">
          Your automations keep running. What goes beyond your credits is billed on{' '}
          {dayText(period.end, zone)}.
        </p>
      )}
    </>
  )
}

function Row({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="text-ink-2">{name}</dt>
      <dd className="shrink-0">{children}</dd>
    </div>
  )
}

type StartButtonProps = QuotePanelProps & { billing: Billing; quote: Quote | undefined }

function StartButton({ accountId, billing, automation, uploads, quote, onStarted }: StartButtonProps) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const start = useMutation({
    mutationFn: (bound: Quote) =>
      apiOf(accountId).createRun({
        body: { automation_id: bound.automation_id, image_ids: [...uploads.imageIds], quote_id: bound.id },
      }),
    onSuccess: async (run) => {
      putRun(queryClient, accountId, run)
      void queryClient.invalidateQueries({ queryKey: runsQuery(accountId).queryKey, exact: true })
      onStarted()
      await navigate({ to: '/a/$accountId/runs/$runId', params: { accountId, runId: run.id } })
    },
    onError: (fault) => {
      if (!isRefusal(fault, 'quote_expired', 'quote_stale')) return
      void queryClient.invalidateQueries({ queryKey: [accountId, 'quote'] })
      void queryClient.invalidateQueries({ queryKey: billingQuery(accountId).queryKey })
    },
  })
  const reason = uploads.busy
    ? 'The photos are still being uploaded'
    : !automation
      ? 'Choose an automation first'
      : quote
        ? undefined
        : 'The quote is on its way'
  const cost = quote && billing.credit_unit ? ` for ${amountText(quote.cost, billing.credit_unit)}` : ''
  return (
    <>
      <Button
        kind="primary"
        className="mt-6 w-full"
        busy={start.isPending}
        disabledReason={reason}
        onClick={() => quote && start.mutate(quote)}
      >
        {`Run ${countOf(quote?.image_count ?? uploads.total, 'photo')}${cost}`}
      </Button>
      <p className="mt-3 text-fine text-ink-3">
        Photos that fail cost nothing. The unit prices hold for this run; what your credits pay is as of now.
      </p>
      {start.isError && (
        <Notice tone="danger" className="mt-4">
          {isRefusal(start.error, 'quote_expired', 'quote_stale')
            ? 'The quote had expired. A new one stands above; please look at it again.'
            : faultText(start.error)}
        </Notice>
      )}
    </>
  )
}
