/** What a plan is: its fee and list price, its credits, its unit prices, and what the credits buy of each operation. */
import type { Plan } from '@drawdown/client'
import { amountText, countText, readAmount } from '../../format.ts'
import { isPaid } from '../../prices.ts'
import { Money } from '../../ui/money.tsx'

export function PlanFacts({ plan, heading: Heading = 'p' }: { plan: Plan; heading?: 'h3' | 'p' }) {
  const { currency, credit_unit: unit } = plan
  const discounted = readAmount(plan.discount) > 0n
  const paid = plan.prices.filter(isPaid)
  const free = plan.prices.length - paid.length
  return (
    <div className="grid content-start">
      <Heading className="font-medium">{plan.name}</Heading>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-2">
        <Money amount={plan.fee} unit={currency} className="heading" />
        <span className="text-ink-2">a month</span>
        {discounted && (
          <span className="text-ink-3">
            <s>
              <span className="sr-only">instead of </span>
              <Money amount={plan.list_price} unit={currency} />
            </s>
          </span>
        )}
      </p>
      <p className="mt-1 text-ink-2">
        {amountText(plan.credits, unit)} {unit === currency ? 'of credits' : ''} every month
      </p>
      <dl className="mt-5 grid gap-3">
        {paid.map((price, place) => (
          <div key={price.operation} className="grid grid-cols-[1fr_auto] gap-x-4">
            <dt className="font-medium">{price.name}</dt>
            <dd className="row-span-2 text-right">
              {place > 0 && <span className="text-ink-3">or </span>}
              <span className="figures subheading">
                {price.credits_buy === null ? '' : countText(price.credits_buy)}
              </span>
              <span className="block text-fine text-ink-3">a month</span>
            </dd>
            <dd className="text-ink-2">
              <Money amount={price.unit_price} unit={unit} /> each
            </dd>
          </div>
        ))}
        {free > 0 && (
          <div className="flex justify-between gap-4">
            <dt className="font-medium">Basics</dt>
            <dd className="text-ink-2">free</dd>
          </div>
        )}
      </dl>
    </div>
  )
}
