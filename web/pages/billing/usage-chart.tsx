/**
 * What was used this term, by day and operation: bars, a line of text that says what the bar under the pointer or the
 * focus is, and the totals as a table.
 */
import type { Billing, Price, UsageSummary } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type KeyboardEvent, useState } from 'react'
import { faultText } from '../../api.ts'
import {
  amountText,
  countText,
  daysOfPeriod,
  dayText,
  operationText,
  readAmount,
  shareOf,
} from '../../format.ts'
import { usageSummaryQuery } from '../../queries.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Table } from '../../ui/table.tsx'
import { FileLink } from '../file-link.tsx'
import { type Bar, barsOf, type Measure } from './usage-series.ts'

const route = getRouteApi('/inside/a/$accountId/billing')

/** Shades by rank: the operation used most is the strongest. */
const shades = ['bg-accent', 'bg-accent-soft', 'bg-ink-3', 'bg-edge/60', 'bg-line']
const shadeOf = (rank: number) => shades[Math.min(rank, shades.length - 1)] ?? 'bg-line'

export function UsageChart({ accountId, billing }: { accountId: string; billing: Billing }) {
  const usage = useQuery(usageSummaryQuery(accountId))
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const money = billing.credit_unit === billing.currency
  const measure: Measure = search.usage ?? (money ? 'cost' : 'credits')
  const options: { value: Measure; label: string }[] = money
    ? [{ value: 'cost', label: 'Cost' }]
    : [{ value: 'credits', label: 'Credits' }]
  options.push({ value: 'overage', label: 'Overage' }, { value: 'operations', label: 'Operations' })
  return (
    <Section
      title="Usage this term"
      action={
        <div className="flex flex-wrap items-center gap-2">
          <FileLink
            accountId={accountId}
            path={`/v1/usage.csv?from=${billing.period?.start ?? ''}`}
            label="Download the usage of this term as CSV"
          >
            CSV
          </FileLink>
          <Segmented
            label="Measure"
            value={measure}
            options={options}
            onChange={(value) =>
              navigate({
                search: (known) => ({
                  ...known,
                  usage: value === 'overage' || value === 'operations' ? value : undefined,
                }),
                replace: true,
                resetScroll: false,
              })
            }
          />
        </div>
      }
    >
      <Panel>
        {usage.isPending && <Skeleton className="h-72" />}
        {usage.isError && <Notice tone="danger">{faultText(usage.error)}</Notice>}
        {usage.data && <Chart usage={usage.data} billing={billing} measure={measure} />}
      </Panel>
    </Section>
  )
}

function Chart({ usage, billing, measure }: { usage: UsageSummary; billing: Billing; measure: Measure }) {
  const [day, setDay] = useState<string>()
  const days = daysOfPeriod(usage.period, billing.zone)
  const { bars, operations, highest, totals } = barsOf(usage, days, measure)
  const nameOf = (operation: string) => operationName(billing.prices, operation)
  const unit = measure === 'overage' ? billing.currency : billing.credit_unit
  const write = (value: bigint) =>
    measure === 'operations' || !unit ? countText(value) : amountText(value, unit)
  const chosen = bars.find((bar) => bar.day === day)
  if (usage.days.length === 0) {
    return <p className="grid h-40 place-items-center text-ink-2">Each day’s work will be drawn here.</p>
  }
  return (
    <>
      <p className="min-h-11 text-ink-2" aria-live="polite">
        {chosen ? (
          <BarText bar={chosen} write={write} nameOf={nameOf} />
        ) : (
          <>
            <span className="font-medium text-ink">The whole term</span>{' '}
            <span className="figures">{write(bars.reduce((sum, bar) => sum + bar.total, 0n))}</span>
            {' · '}
            {operations.length === 0
              ? 'nothing'
              : operations
                  .map((operation) => `${nameOf(operation)} ${write(totals.get(operation) ?? 0n)}`)
                  .join(' · ')}
          </>
        )}
      </p>
      <Bars bars={bars} highest={highest} operations={operations} day={day} onDay={setDay} write={write} />
      <ul className="mt-4 flex flex-wrap gap-x-5 gap-y-1 text-ink-2">
        {operations.map((operation, rank) => (
          <li key={operation} className="flex items-center gap-2">
            <span aria-hidden className={`size-2.5 rounded-[3px] ${shadeOf(rank)}`} />
            {nameOf(operation)}
          </li>
        ))}
      </ul>
      <UsageTable usage={usage} billing={billing} />
    </>
  )
}

function operationName(prices: readonly Price[], operation: string): string {
  return prices.find((price) => price.operation === operation)?.name ?? operationText(operation)
}

function BarText(props: {
  bar: Bar
  write: (value: bigint) => string
  nameOf: (operation: string) => string
}) {
  const { bar, write, nameOf } = props
  const parts = bar.parts.map(({ operation, value }) => `${nameOf(operation)} ${write(value)}`)
  return (
    <>
      <span className="font-medium text-ink">{dayText(bar.day, 'UTC')}</span>{' '}
      <span className="figures">{write(bar.total)}</span>
      {parts.length > 1 && <> · {parts.join(' · ')}</>}
    </>
  )
}

type BarsProps = {
  bars: readonly Bar[]
  highest: bigint
  operations: readonly string[]
  day: string | undefined
  onDay: (day: string | undefined) => void
  write: (value: bigint) => string
}

function Bars({ bars, highest, operations, day, onDay, write }: BarsProps) {
  const move = (event: KeyboardEvent) => {
    const at = bars.findIndex((bar) => bar.day === day)
    const next = event.key === 'ArrowRight' ? at + 1 : event.key === 'ArrowLeft' ? at - 1 : -1
    const bar = bars[next]
    if (!bar) return
    event.preventDefault()
    onDay(bar.day)
    const frame = event.currentTarget
    frame.querySelector<HTMLElement>(`[data-day="${bar.day}"]`)?.focus()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be announced as a form
    <div
      role="group"
      aria-label="Usage by day"
      className="grid h-44 auto-cols-fr grid-flow-col gap-px sm:gap-1"
      onKeyDown={move}
      onPointerLeave={() => onDay(undefined)}
    >
      {bars.map((bar, index) => (
        <button
          type="button"
          key={bar.day}
          data-day={bar.day}
          tabIndex={bar.day === day || (day === undefined && index === 0) ? 0 : -1}
          aria-label={`${dayText(bar.day, 'UTC')}: ${write(bar.total)}`}
          onPointerEnter={() => onDay(bar.day)}
          onFocus={() => onDay(bar.day)}
          className="group grid grid-rows-[minmax(0,1fr)_1.25rem] rounded-small text-center"
        >
          <span
            className={`flex flex-col-reverse rounded-small px-px transition-colors ${bar.day === day ? 'bg-sunken' : ''}`}
          >
            {bar.parts.map(({ operation, value }) => (
              <span
                key={operation}
                className={`block last:rounded-t-[3px] ${shadeOf(operations.indexOf(operation))}`}
                style={{ height: `${shareOf(value, highest) * 100}%` }}
              />
            ))}
            {bar.total === 0n && <span className="block h-0.5 rounded-full bg-line" />}
          </span>
          <span className="text-fine leading-5 text-ink-3 max-sm:text-[0.625rem]">
            {index % 7 === 0 || bar.day === day ? Number(bar.day.slice(8)) : ''}
          </span>
        </button>
      ))}
    </div>
  )
}

function UsageTable({ usage, billing }: { usage: UsageSummary; billing: Billing }) {
  const { credit_unit: unit, currency } = billing
  if (!unit || !currency || usage.operations.length === 0) return null
  return (
    <details className="mt-6">
      <summary className="w-fit rounded-small py-0.5 text-ink-2 hover:text-ink">The term as a table</summary>
      <div className="mt-3">
        <Table
          label="Usage this term by operation"
          width="min-w-md"
          columns={['Operation', 'Times', 'Cost', 'From credits', 'Overage'].map((name, index) => ({
            name,
            right: index > 0,
          }))}
          rows={usage.operations.map((row) => ({
            key: row.operation,
            cells: [
              operationName(billing.prices, row.operation),
              countText(row.quantity),
              readAmount(row.cost) === 0n ? 'free' : <Money key="cost" amount={row.cost} unit={unit} />,
              <Money key="credits" amount={row.from_credits} unit={unit} />,
              <Money key="overage" amount={row.overage} unit={currency} />,
            ],
          }))}
        />
      </div>
    </details>
  )
}
