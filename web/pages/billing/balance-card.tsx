/** How much is left, of how much, until when; what has gone beyond; and what the next invoice will be. */
import type { Billing } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { agoText, amountText, dayText, readAmount, shareOf } from '../../format.ts'
import { invoiceQuery, usageSummaryQuery } from '../../queries.ts'
import { LevelBar } from '../../ui/level.tsx'
import { Money, TickingMoney } from '../../ui/money.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

export function BalanceCard({ accountId, billing }: { accountId: string; billing: Billing }) {
  const { credit_unit: unit, currency, period, zone, subscription } = billing
  if (!unit || !currency || !period) return null
  const included = readAmount(billing.credits_included)
  const balance = readAmount(billing.balance)
  const overage = readAmount(billing.overage)
  const boundary = dayText(period.end, zone)
  const pending = subscription?.pending
  return (
    <Panel className="flex flex-col">
      <h2 className="text-ink-2">Balance</h2>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-3">
        <TickingMoney amount={balance} unit={unit} className="display" />
        {/* Credits from elsewhere may lift the balance above what the plan includes. */}
        {balance <= included && (
          <span className="text-lead text-ink-2">
            of <Money amount={included} unit={unit} />
          </span>
        )}
      </p>
      <LevelBar share={shareOf(balance, included)} className="mt-4 h-2" />
      <p className="mt-4 max-w-prose text-ink-2">
        {pending?.kind === 'cancel' ? (
          <>
            Your plan ends on {boundary}; the credits can be used until then. What goes beyond them is billed
            on that day.
          </>
        ) : (
          <>
            {pending
              ? `${pending.plan?.name ?? 'Your new plan'} and its credits start on ${boundary}.`
              : `${amountText(included, unit)} of new credits on ${boundary}.`}{' '}
            Your automations keep running. What goes beyond your credits is billed on {boundary}.
          </>
        )}
      </p>
      <Outlook billing={billing} />
      <dl className="mt-auto grid grid-cols-2 gap-x-6 gap-y-4 pt-8 sm:grid-cols-3">
        <Figure name="Overage so far">
          <TickingMoney amount={overage} unit={currency} />
          {readAmount(billing.overage_invoiced) > 0n && (
            <span className="block text-fine font-normal whitespace-normal text-ink-2">
              {amountText(billing.overage_invoiced, currency)} of it invoiced
            </span>
          )}
        </Figure>
        <NextInvoice accountId={accountId} on={boundary} />
        <UsedCredits accountId={accountId} unit={unit} />
      </dl>
      {billing.verified_at !== null && (
        <p className="mt-6 text-ink-2">Every amount verified {agoText(billing.verified_at, new Date())}.</p>
      )}
    </Panel>
  )
}

/** How the period is likely to end, in one line; nothing while there is too little to say. */
function Outlook({ billing }: { billing: Billing }) {
  const { forecast, currency, zone } = billing
  if (!forecast || !currency) return null
  const { low, likely, high } = forecast.overage
  const [least, most] = [amountText(wholeCents(low), currency), amountText(wholeCents(high), currency)]
  return (
    <p className="mt-2 max-w-prose text-ink-2">
      {forecast.credits_run_out_at === null
        ? 'At this pace your credits last to the end of the period.'
        : readAmount(billing.balance) === 0n
          ? 'Your credits are used up.'
          : `At this pace your credits last until ${dayText(forecast.credits_run_out_at, zone)}.`}
      {readAmount(high) > 0n &&
        ` Overage by the end: likely ${amountText(wholeCents(likely), currency)}, between ${least} and ${most}.`}
    </p>
  )
}

// A forecast is not exact to a millionth, and should not look as if it were.
function wholeCents(amount: string): bigint {
  return (readAmount(amount) / 10_000n) * 10_000n
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-ink-2">{name}</dt>
      <dd className="subheading figures mt-0.5">{children}</dd>
    </div>
  )
}

/** From whichever grant they came. */
function UsedCredits({ accountId, unit }: { accountId: string; unit: string }) {
  const usage = useQuery(usageSummaryQuery(accountId))
  const drawn = usage.data?.operations.reduce((sum, { from_credits }) => sum + readAmount(from_credits), 0n)
  return (
    <Figure name="Credits used this term">
      {drawn === undefined ? <Skeleton className="h-6 w-20" /> : <Money amount={drawn} unit={unit} />}
    </Figure>
  )
}

function NextInvoice({ accountId, on }: { accountId: string; on: string }) {
  const upcoming = useQuery({ ...invoiceQuery(accountId, 'upcoming'), retry: false })
  return (
    <Figure name={`Invoice on ${on}`}>
      {upcoming.isPending ? (
        <Skeleton className="h-6 w-20" />
      ) : upcoming.data ? (
        <Link
          to="/a/$accountId/invoices/$invoiceId"
          params={{ accountId, invoiceId: 'upcoming' }}
          className="underline decoration-line decoration-2 underline-offset-4 hover:decoration-accent"
        >
          <Money amount={upcoming.data.amount_due} unit={upcoming.data.currency} />
        </Link>
      ) : (
        'None'
      )}
    </Figure>
  )
}
