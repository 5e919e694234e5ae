/** The plan in force: fee, credits and unit prices. */
import type { Billing, Price } from '@drawdown/client'
import { Link } from '@tanstack/react-router'
import { amountText } from '../../format.ts'
import { isPaid } from '../../prices.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Money } from '../../ui/money.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useReserved } from '../reserved.ts'

export function PlanCard({ accountId, billing }: { accountId: string; billing: Billing }) {
  const reserved = useReserved(accountId, 'billing')
  const { plan, credit_unit: unit, currency, subscription } = billing
  if (!plan || !unit || !currency) return null
  return (
    <Panel className="flex flex-col">
      <h2 className="text-ink-2">Plan</h2>
      <p className="heading mt-1">{plan.name}</p>
      <p className="text-ink-2">
        <Money amount={plan.fee} unit={currency} /> a month with {amountText(billing.credits_included, unit)}
        {unit === currency ? ' of credits' : ''}
      </p>
      <PriceLines prices={billing.prices} unit={unit} className="mt-5" />
      {reserved ? (
        <p className="mt-auto pt-6 text-ink-2">{reserved}: change or cancel the plan.</p>
      ) : (
        <div className="mt-auto flex flex-wrap gap-1 pt-6">
          <Link
            to="."
            search={(search) => ({ ...search, dialog: 'plan' as const })}
            resetScroll={false}
            className={buttonClass('plain')}
          >
            Change plan
          </Link>
          {!subscription?.pending && (
            <Link
              to="."
              search={(search) => ({ ...search, dialog: 'cancel' as const })}
              resetScroll={false}
              className={buttonClass('quiet')}
            >
              Cancel plan
            </Link>
          )}
        </div>
      )}
    </Panel>
  )
}

/** The unit prices of a plan; what is free is told in one line. */
export function PriceLines({
  prices,
  unit,
  className = '',
}: {
  prices: readonly Price[]
  unit: string
  className?: string
}) {
  const free = prices.filter((price) => !isPaid(price))
  return (
    <dl className={`grid gap-1.5 ${className}`}>
      {prices.filter(isPaid).map((price) => (
        <div key={price.operation} className="flex justify-between gap-4">
          <dt>{price.name}</dt>
          <dd>
            <Money amount={price.unit_price} unit={unit} />
          </dd>
        </div>
      ))}
      {free.length > 0 && (
        <div className="flex justify-between gap-4">
          <dt title={free.map(({ name }) => name).join(', ')}>
            {free.length === 1 ? free[0]?.name : 'Basics'}
            {free.length > 1 && <span className="text-ink-3"> · {free.length} operations</span>}
          </dt>
          <dd className="text-ink-2">free</dd>
        </div>
      )}
    </dl>
  )
}
