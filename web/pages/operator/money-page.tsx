/** What is owed and what was earned: exposure by account, revenue month by month as bars and as a table. */
import type { Exposure, GetRevenueResponse } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { faultText } from '../../api.ts'
import {
  amountText,
  countOf,
  dateText,
  monthText,
  readAmount,
  shareOf,
  shortMonthText,
} from '../../format.ts'
import { exposureQuery, revenueQuery } from '../../operator-queries.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../../ui/panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Table } from '../../ui/table.tsx'

export function MoneyPage() {
  const exposure = useQuery(exposureQuery())
  const revenue = useQuery(revenueQuery())
  return (
    <>
      <PageHeader title="Money">
        What customers owe, and what was earned, from the books of all accounts.
      </PageHeader>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-10">
        <Section
          title="Exposure"
          hint="What is lost if nobody pays any more: accrued overage, and invoices that are asked for."
        >
          {exposure.isPending && <Skeleton className="h-40" />}
          {exposure.isError && <Notice tone="danger">{faultText(exposure.error)}</Notice>}
          {exposure.data && <ExposurePanel exposure={exposure.data} />}
        </Section>
        <Section title="Revenue" hint="Months in UTC. Deferred, unbilled and receivable at the end of each.">
          {revenue.isPending && <Skeleton className="h-72" />}
          {revenue.isError && <Notice tone="danger">{faultText(revenue.error)}</Notice>}
          {revenue.data && <Revenue months={revenue.data.data} />}
        </Section>
      </div>
    </>
  )
}

function ExposurePanel({ exposure }: { exposure: Exposure }) {
  if (exposure.sums.length === 0) return <Panel className="text-ink-2">Nobody owes anything.</Panel>
  return (
    <Panel className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {exposure.sums.map((sum) => (
        <dl key={sum.currency} className="grid gap-5 sm:grid-cols-4">
          <Figure name={sum.currency} value={countOf(sum.accounts, 'account')} />
          <Figure name="Accruing" value={amountText(sum.accruing, sum.currency)} />
          <Figure name="On open invoices" value={amountText(sum.open, sum.currency)} />
          <Figure name="Of it past due" value={amountText(sum.past_due, sum.currency)} />
        </dl>
      ))}
      <Table
        label="Accounts by exposure"
        columns={[
          { name: 'Account' },
          { name: 'Accruing', right: true },
          { name: 'Open', right: true },
          { name: 'Past due', right: true },
          { name: 'Unpaid since' },
        ]}
        rows={exposure.accounts.map((account) => ({
          key: account.account_id,
          cells: [
            <Link
              key="name"
              to="/operator/accounts/$customerId"
              params={{ customerId: account.account_id }}
              className="hover:underline"
            >
              {account.name}
            </Link>,
            <Money key="accruing" amount={account.accruing} unit={account.currency} />,
            <Money key="open" amount={account.open} unit={account.currency} />,
            <Money
              key="late"
              amount={account.past_due}
              unit={account.currency}
              className={readAmount(account.past_due) > 0n ? 'text-danger' : ''}
            />,
            account.since ? dateText(account.since) : '–',
          ],
        }))}
      />
    </Panel>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-ink-2">{name}</dt>
      <dd className="figures text-lead font-semibold">{value}</dd>
    </div>
  )
}

type Month = GetRevenueResponse['data'][number]

function Revenue({ months }: { months: readonly Month[] }) {
  const currencies = [...new Set(months.map(({ currency }) => currency))]
  if (currencies.length === 0) return <Panel className="text-ink-2">Nothing has been booked yet.</Panel>
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {currencies.map((currency) => (
        <RevenueOf
          key={currency}
          currency={currency}
          months={months.filter((month) => month.currency === currency)}
        />
      ))}
    </div>
  )
}

/** So many months are drawn; the table has all. */
const DRAWN = 24

function RevenueOf({ currency, months }: { currency: string; months: readonly Month[] }) {
  const drawn = months.slice(-DRAWN)
  const earned = (month: Month) => readAmount(month.recognised) + readAmount(month.breakage)
  let highest = 0n
  for (const month of drawn) if (earned(month) > highest) highest = earned(month)
  const money = (text: string) => <Money amount={text} unit={currency} />
  return (
    <Panel className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <figure>
        <figcaption className="mb-3 flex flex-wrap gap-x-5 gap-y-1">
          <span className="font-medium">Earned, {currency}</span>
          <Legend shade="bg-accent">recognised</Legend>
          <Legend shade="bg-accent-soft">breakage: paid credits that ended unused</Legend>
        </figcaption>
        <ol className="grid h-44 auto-cols-[minmax(0,6rem)] grid-flow-col gap-1">
          {drawn.map((month, index) => (
            <li key={month.month} className="grid grid-rows-[minmax(0,1fr)_2.25rem] text-center">
              <span className="flex flex-col-reverse" aria-hidden>
                <Part amount={month.recognised} highest={highest} shade="bg-accent" />
                <Part amount={month.breakage} highest={highest} shade="bg-accent-soft" />
              </span>
              <MonthLabel month={month.month} index={index} />
              <span className="sr-only">
                {amountText(month.recognised, currency)} recognised, {amountText(month.breakage, currency)}{' '}
                breakage
              </span>
            </li>
          ))}
        </ol>
      </figure>
      <Table
        label={`Revenue in ${currency}`}
        width="min-w-3xl"
        columns={[
          'Month',
          'Recognised',
          'Breakage',
          'Rounding',
          'Bad debt',
          'Deferred',
          'Unbilled',
          'Receivable',
        ].map((name, index) => ({ name, right: index > 0 }))}
        rows={[...months].reverse().map((month) => ({
          key: month.month,
          cells: [
            monthText(month.month),
            money(month.recognised),
            money(month.breakage),
            money(month.rounding),
            money(month.bad_debt),
            money(month.deferred),
            money(month.unbilled),
            money(month.receivable),
          ],
        }))}
      />
    </Panel>
  )
}

/** "Nov", and below it the year where one begins or the drawing does. On a phone there is room for every third. */
function MonthLabel({ month, index }: { month: string; index: number }) {
  const isNewYear = index === 0 || month.endsWith('-01')
  return (
    <span className={`text-fine whitespace-nowrap text-ink-3 ${index % 3 === 0 ? '' : 'max-sm:invisible'}`}>
      {shortMonthText(month)}
      {isNewYear && <span className="block">{month.slice(0, 4)}</span>}
    </span>
  )
}

function Part({ amount, highest, shade }: { amount: string; highest: bigint; shade: string }) {
  const share = shareOf(readAmount(amount), highest)
  if (share === 0) return null
  return <span className={`block last:rounded-t-[3px] ${shade}`} style={{ height: `${share * 100}%` }} />
}

function Legend({ shade, children }: { shade: string; children: string }) {
  return (
    <span className="flex items-center gap-2 text-ink-2">
      <span aria-hidden className={`size-2.5 rounded-[3px] ${shade}`} />
      {children}
    </span>
  )
}
