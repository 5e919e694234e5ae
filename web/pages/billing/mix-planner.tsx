/**
 * What the balance still buys: of each operation alone, and beside a mix that is already decided (rule R5).
 *
 * The rule is billing/mix.ts, run here as the server runs it. Sliders keep their ends while others move; the paler part
 * of a track is what is still affordable beside the rest.
 */
import type { Automation, Billing, Price } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useId, useState } from 'react'
import type { Micros } from '../../../billing/micros.ts'
import { imagesAvailable, type PlannedMix, planMix } from '../../../billing/mix.ts'
import { amountText, countText, dayText, readAmount } from '../../format.ts'
import { isPaid, operationsPerImage, priceListOf, readMix, writeMix } from '../../prices.ts'
import { automationsQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { bareInputClass } from '../../ui/field.tsx'
import { Money } from '../../ui/money.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { Segmented } from '../../ui/segmented.tsx'

const route = getRouteApi('/inside/a/$accountId/billing')

export function MixPlanner({ accountId, billing }: { accountId: string; billing: Billing }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const prices = priceListOf(billing.prices)
  const [mix, setMix] = useState(() => readMix(search.mix, prices))
  const mixText = writeMix(mix)

  // The address follows the sliders, a moment behind: browsers limit how often it may change.
  useEffect(() => {
    if (mixText === search.mix) return
    const timer = setTimeout(
      () => navigate({ search: (known) => ({ ...known, mix: mixText }), replace: true, resetScroll: false }),
      300,
    )
    return () => clearTimeout(timer)
  }, [mixText, search.mix, navigate])

  const { credit_unit: unit, currency } = billing
  if (!unit || !currency) return null
  const whole = search.with === 'term'
  const balance = readAmount(whole ? billing.credits_included : billing.balance)
  const planned = planMix({ balance, prices, fixed: mix })
  if (!planned.ok) return null
  const paid = billing.prices.filter(isPaid)
  const free = billing.prices.filter((price) => !isPaid(price))
  return (
    <Section
      title={whole ? 'What a whole term buys' : 'What your balance still buys'}
      hint="Decide on some, and see what is left for the others."
      action={
        <Segmented
          label="Plan with"
          value={whole ? 'term' : 'balance'}
          options={[
            { value: 'balance', label: `Balance ${amountText(billing.balance, unit)}` },
            { value: 'term', label: `A term ${amountText(billing.credits_included, unit)}` },
          ]}
          onChange={(value) =>
            navigate({
              search: (known) => ({ ...known, with: value === 'term' ? 'term' : undefined }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      }
    >
      <Panel>
        <div className="grid gap-6">
          {paid.map((price) => (
            <MixRow
              key={price.operation}
              price={price}
              unit={unit}
              quantity={mix.get(price.operation) ?? 0}
              balance={balance}
              still={planned.available.get(price.operation) ?? null}
              onChange={(quantity) => setMix((known) => new Map(known).set(price.operation, quantity))}
            />
          ))}
          {free.length > 0 && <Basics names={free.map(({ name }) => name.toLowerCase())} />}
        </div>
        <div className="mt-6 grid gap-4 border-t border-line pt-6 sm:grid-cols-[1fr_auto]">
          <MixSentence planned={planned} unit={unit} currency={currency} billing={billing} />
          <Button
            kind="quiet"
            className="-my-2 self-start justify-self-end"
            disabledReason={mixText === undefined ? 'Nothing is decided yet' : undefined}
            onClick={() => setMix(new Map())}
          >
            Start over
          </Button>
        </div>
        <AutomationLine accountId={accountId} balance={planned.balanceAfter} prices={billing.prices} />
      </Panel>
    </Section>
  )
}

type MixRowProps = {
  price: Price
  unit: string
  quantity: number
  balance: Micros
  /** How many more the rest buys; null when free. */
  still: bigint | null
  onChange: (quantity: number) => void
}

function MixRow({ price, unit, quantity, balance, still, onChange }: MixRowProps) {
  const nameId = useId()
  const alone = Number(balance / readAmount(price.unit_price))
  const most = Math.max(alone, quantity, 1)
  const percent = (count: number) => `${Math.min(100, (count / most) * 100)}%`
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 sm:grid-cols-[11rem_minmax(0,1fr)_6rem_7rem]">
      <div>
        <p id={nameId} className="font-medium">
          {price.name}
        </p>
        <p className="text-fine text-ink-3">
          <Money amount={price.unit_price} unit={unit} className="text-ink-3" /> each
        </p>
      </div>
      <input
        type="range"
        aria-labelledby={nameId}
        min={0}
        max={most}
        value={quantity}
        disabled={alone === 0 && quantity === 0}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        className="slider max-sm:order-3 disabled:opacity-40"
        style={{ '--fill': percent(quantity), '--reach': percent(quantity + Number(still ?? 0)) } as object}
      />
      <input
        type="number"
        aria-label={`How many: ${price.name}`}
        min={0}
        max={1_000_000_000}
        value={quantity === 0 ? '' : quantity}
        placeholder="0"
        onChange={(event) =>
          onChange(Math.min(1e9, Math.max(0, Math.trunc(event.target.valueAsNumber || 0))))
        }
        className={`${bareInputClass} figures w-24 text-right max-sm:order-4`}
      />
      <p className="text-right max-sm:order-2">
        <span className="figures heading">{still === null ? '' : countText(still)}</span>
        <span className="block text-fine text-ink-3">{quantity > 0 ? 'more' : 'in all'}</span>
      </p>
    </div>
  )
}

type MixSentenceProps = { planned: PlannedMix; unit: string; currency: string; billing: Billing }

/** What the mix costs, and what is left after it. */
function MixSentence({ planned, unit, currency, billing }: MixSentenceProps) {
  const beyond = planned.overageCredits > 0n
  return (
    <p className="min-h-11 self-start" aria-live="polite">
      This costs <Money amount={planned.cost} unit={unit} className="font-medium" /> and leaves{' '}
      <Money amount={planned.balanceAfter} unit={unit} className="font-medium" />.{' '}
      {beyond && billing.period && (
        <span className="text-ink-2">
          <Money amount={planned.overage} unit={currency} className="font-medium text-ink" /> of it goes
          beyond your credits and is billed on {dayText(billing.period.end, billing.zone)}.
        </span>
      )}
    </p>
  )
}

type AutomationLineProps = { accountId: string; balance: Micros; prices: readonly Price[] }

/** How many photos an automation can be run on with what is left. */
function AutomationLine({ accountId, balance, prices }: AutomationLineProps) {
  const { data } = useQuery(automationsQuery(accountId))
  const [chosen, setChosen] = useState<string>()
  const automation = data?.data.find(({ id }) => id === chosen) ?? data?.data[0]
  if (!data || !automation) return null
  return (
    <p className="mt-4 flex flex-wrap items-center gap-x-2 gap-y-2 text-ink-2">
      What is left runs
      <select
        aria-label="Automation"
        value={automation.id}
        onChange={(event) => setChosen(event.target.value)}
        className={`${bareInputClass} max-w-full`}
      >
        {data.data.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <RunsOf automation={automation} balance={balance} prices={prices} />
    </p>
  )
}

function RunsOf({
  automation,
  balance,
  prices,
}: { automation: Automation } & Omit<AutomationLineProps, 'accountId'>) {
  const list = priceListOf(prices)
  const answer = imagesAvailable({ balance, prices: list, perImage: operationsPerImage(automation) })
  if (!answer.ok) return <span>: a step of it is not part of your plan.</span>
  if (answer.images === null) return <span>on as many photos as you like.</span>
  return (
    <span>
      on <span className="figures font-semibold text-ink">{countText(answer.images)}</span>{' '}
      {answer.images === 1n ? 'photo.' : 'photos.'}
    </span>
  )
}

function Basics({ names }: { names: readonly string[] }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-6 text-ink-2">
      <p className="min-w-0 flex-1 basis-64">
        <span className="font-medium text-ink">Basics</span> {names.join(', ')}
      </p>
      <p>free, as many as you like</p>
    </div>
  )
}
