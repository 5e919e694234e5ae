/** What a rehearsal has found: who would have paid less and who more, by how much, and each account. */
import type { Rehearsal } from '@drawdown/client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { faultText } from '../../api.ts'
import { amountText, countOf, countText, operationText, readAmount, shareOf } from '../../format.ts'
import { rehearsedAccountsQuery } from '../../operator-queries.ts'
import { Button } from '../../ui/button.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Table } from '../../ui/table.tsx'

export function RehearsalPanel({ rehearsal }: { rehearsal: Rehearsal }) {
  const { status, done, accounts } = rehearsal
  if (status === 'failed') {
    return (
      <Notice tone="danger" className="mt-4">
        The rehearsal failed: {rehearsal.fault}
      </Notice>
    )
  }
  if (status !== 'done') {
    const share = accounts ? Math.floor((done / accounts) * 100) : 0
    const words =
      accounts === null ? 'Waiting for its turn' : `${countText(done)} of ${countOf(accounts, 'account')}`
    return (
      <Panel className="mt-4 grid gap-2">
        <p aria-live="polite">{words}</p>
        <progress className="h-1.5 w-full" max={100} value={share} aria-label="Rehearsed" />
      </Panel>
    )
  }
  if (done === 0)
    return <Notice className="mt-4">No account has had a term that this could be tried on.</Notice>
  return (
    <Panel className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-8">
      <Figures rehearsal={rehearsal} />
      <Spread rehearsal={rehearsal} />
      <Accounts rehearsal={rehearsal} />
    </Panel>
  )
}

/** "+$12.00", "−$3.50", "$0.00". */
export function changeText(change: string, unit: string): string {
  return `${readAmount(change) > 0n ? '+' : ''}${amountText(change, unit)}`
}

function Figures({ rehearsal }: { rehearsal: Rehearsal }) {
  const { currency, winners, losers, unchanged, left_out: leftOut, not_offered: missing } = rehearsal
  const figures: [string, React.ReactNode, string][] = [
    [
      'Paid',
      <Money key="paid" amount={rehearsal.paid} unit={currency} />,
      `${amountText(rehearsal.paid_overage, currency)} of it overage`,
    ],
    [
      'Would have been',
      <Money key="would" amount={rehearsal.rehearsed} unit={currency} />,
      `${amountText(rehearsal.rehearsed_overage, currency)} of it overage`,
    ],
    [
      'Change',
      changeText(rehearsal.change, currency),
      `over the last ${countOf(rehearsal.terms, 'term')} of each`,
    ],
    [
      'Accounts',
      countText(rehearsal.done),
      `${countText(winners)} less, ${countText(losers)} more, ${countText(unchanged)} the same`,
    ],
  ]
  return (
    <div>
      <dl className="grid gap-5 sm:grid-cols-2 lg:grid-cols-4">
        {figures.map(([name, figure, more]) => (
          <div key={name}>
            <dt className="text-ink-2">{name}</dt>
            <dd className="figures text-title font-semibold">{figure}</dd>
            <dd className="text-fine text-ink-2">{more}</dd>
          </div>
        ))}
      </dl>
      {leftOut > 0 && (
        <p className="mt-4 text-ink-2">
          {countOf(leftOut, 'term')} left out, because the plan changed within.
        </p>
      )}
      {missing.length > 0 && (
        <Notice className="mt-4">Used, and not in the draft: {missing.map(operationText).join(', ')}.</Notice>
      )}
    </div>
  )
}

function Spread({ rehearsal }: { rehearsal: Rehearsal }) {
  const { spread } = rehearsal
  const highest = BigInt(Math.max(...spread.map(({ accounts }) => accounts)))
  const nameOf = (index: number) => {
    const from = spread[index - 1]?.up_to
    const to = spread[index]!.up_to
    if (from === undefined) return `less by more than ${Math.abs(to!)} %`
    if (to === null) return `more by more than ${from} %`
    if (to === 1) return 'about the same'
    return to <= 0 ? `${Math.abs(to)} to ${Math.abs(from!)} % less` : `${from} to ${to} % more`
  }
  const short = (index: number) => {
    const [from, to] = [spread[index - 1]?.up_to, spread[index]!.up_to]
    if (to === 1) return '±1'
    if (from === undefined || to === null) return `>${Math.abs(from ?? to ?? 0)}`
    return to < 0 ? `${-to}–${-from!}` : `${from}–${to}`
  }
  return (
    <figure>
      <figcaption className="mb-2 font-medium">
        Accounts by how much more or less they would have paid, in percent
      </figcaption>
      <ol className="grid h-36 auto-cols-fr grid-flow-col gap-1">
        {spread.map(({ accounts }, index) => (
          <li key={nameOf(index)} className="grid grid-rows-[1.25rem_minmax(0,1fr)_1.25rem] text-center">
            <span className="figures text-fine text-ink-2" aria-hidden>
              {accounts > 0 ? countText(accounts) : ''}
            </span>
            <span className="flex items-end" aria-hidden>
              <span
                className={`w-full rounded-t-[3px] ${accounts === 0 ? 'h-0.5 bg-line' : index < 5 ? 'bg-accent' : index === 5 ? 'bg-edge' : 'bg-danger'}`}
                style={
                  accounts === 0 ? undefined : { height: `${shareOf(BigInt(accounts), highest) * 100}%` }
                }
              />
            </span>
            <span className="text-fine text-ink-3 whitespace-nowrap max-sm:text-[0.5625rem]" aria-hidden>
              {short(index)}
            </span>
            <span className="sr-only">
              {nameOf(index)}: {countOf(accounts, 'account')}
            </span>
          </li>
        ))}
      </ol>
      <p className="mt-1 grid grid-cols-3 text-fine text-ink-2" aria-hidden>
        <span>← less</span>
        <span className="text-center">about the same</span>
        <span className="text-right">more →</span>
      </p>
    </figure>
  )
}

function Accounts({ rehearsal }: { rehearsal: Rehearsal }) {
  const [first, setFirst] = useState<'losers' | 'winners'>('losers')
  const accounts = useInfiniteQuery(rehearsedAccountsQuery(rehearsal.id, first))
  const { currency } = rehearsal
  const rows = accounts.data?.pages.flatMap(({ data }) => data)
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-medium">Each account</h3>
        <Segmented
          label="Order"
          value={first}
          options={[
            { value: 'losers', label: 'Most more first' },
            { value: 'winners', label: 'Most less first' },
          ]}
          onChange={setFirst}
        />
      </div>
      {accounts.isPending && <SkeletonRows rows={3} className="h-10" />}
      {accounts.isError && <Notice tone="danger">{faultText(accounts.error)}</Notice>}
      {rows && (
        <Table
          label="Accounts of the rehearsal"
          columns={['Account', 'Terms', 'Paid', 'Would have paid', 'Change'].map((name, index) => ({
            name,
            right: index > 0,
          }))}
          rows={rows.map((row) => ({
            key: row.account_id,
            cells: [
              row.name,
              countText(row.terms),
              <Money key="paid" amount={row.paid} unit={currency} />,
              <Money key="rehearsed" amount={row.rehearsed} unit={currency} />,
              <span key="change" className={readAmount(row.change) > 0n ? 'text-danger' : ''}>
                {changeText(row.change, currency)}
              </span>,
            ],
          }))}
        />
      )}
      {accounts.hasNextPage && (
        <Button className="mt-4" busy={accounts.isFetchingNextPage} onClick={() => accounts.fetchNextPage()}>
          Show more accounts
        </Button>
      )}
    </div>
  )
}
