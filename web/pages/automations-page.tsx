/** The account's automations: their steps, what a photo costs, and how many the balance still pays for. */
import type { Automation, Billing, Operation } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Play, Plus, Workflow } from 'lucide-react'
import { imagesAvailable } from '../../billing/mix.ts'
import { faultText } from '../api.ts'
import { amountText, countOf, operationText, readAmount } from '../format.ts'
import { costPerImage, operationsPerImage, priceListOf } from '../prices.ts'
import { automationsQuery, billingQuery, operationsQuery } from '../queries.ts'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useReserved } from './reserved.ts'

const route = getRouteApi('/inside/a/$accountId/automations')

export function AutomationsPage() {
  const { accountId } = route.useParams()
  const automations = useQuery(automationsQuery(accountId))
  const operations = useQuery(operationsQuery())
  const billing = useQuery(billingQuery(accountId))
  const reserved = useReserved(accountId, 'work')
  const create = reserved ? undefined : (
    <Link to="/a/$accountId/automations/new" params={{ accountId }} className={buttonClass('primary')}>
      <Plus aria-hidden size={16} />
      New automation
    </Link>
  )
  return (
    <>
      <PageHeader title="Automations" actions={automations.data?.data.length ? create : undefined}>
        {reserved && `${reserved}: make, change and run automations.`}
      </PageHeader>
      {automations.isPending && <SkeletonRows rows={3} className="h-28" />}
      {automations.isError && <Notice tone="danger">{faultText(automations.error)}</Notice>}
      {automations.data?.data.length === 0 && (
        <EmptyState icon={<Workflow aria-hidden size={28} />} title="No automation yet" action={create}>
          An automation is a list of steps that is run on every photo. Runs, results and receipts follow from
          it.
        </EmptyState>
      )}
      <ul className="grid gap-3">
        {automations.data?.data.map((automation) => (
          <AutomationRow
            key={automation.id}
            accountId={accountId}
            automation={automation}
            operations={operations.data?.data ?? []}
            reserved={reserved !== undefined}
            billing={billing.data}
          />
        ))}
      </ul>
    </>
  )
}

type AutomationRowProps = {
  accountId: string
  automation: Automation
  operations: readonly Operation[]
  billing: Billing | undefined
  /** Somebody who only looks. */
  reserved: boolean
}

function AutomationRow({ accountId, automation, operations, billing, reserved }: AutomationRowProps) {
  const nameOf = (code: string) => operations.find((each) => each.code === code)?.name ?? operationText(code)
  return (
    <li className="grid items-center gap-x-6 gap-y-4 rounded-panel bg-surface p-5 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <h2 className="subheading">
          <Link
            to="/a/$accountId/automations/$automationId"
            params={{ accountId, automationId: automation.id }}
            className="inline-block rounded-small py-0.5 hover:underline hover:underline-offset-4"
          >
            {automation.name}
          </Link>
        </h2>
        <ol className="mt-2 flex flex-wrap gap-1.5">
          {automation.steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an operation may be there twice; its place tells them apart
            <li key={index} className="rounded-small bg-sunken px-2 py-0.5 text-ink-2">
              {nameOf(step.operation)}
            </li>
          ))}
        </ol>
        <p className="mt-2.5 min-h-5.5 text-ink-2">
          {billing && <Reach automation={automation} billing={billing} />}
        </p>
      </div>
      <div className="flex gap-2">
        <Link
          to="/a/$accountId/automations/$automationId"
          params={{ accountId, automationId: automation.id }}
          className={buttonClass('quiet')}
          aria-label={`${reserved ? 'Look at' : 'Edit'} ${automation.name}`}
        >
          {reserved ? 'Look' : 'Edit'}
        </Link>
        {!reserved && (
          <Link
            to="/a/$accountId/run"
            params={{ accountId }}
            search={{ automation: automation.id }}
            className={buttonClass('plain')}
            aria-label={`Run ${automation.name}`}
          >
            <Play aria-hidden size={15} />
            Run
          </Link>
        )}
      </div>
    </li>
  )
}

/** What a photo costs, and how far the balance reaches. */
export function Reach({ automation, billing }: { automation: Pick<Automation, 'steps'>; billing: Billing }) {
  const { credit_unit: unit } = billing
  if (!unit) return <>Its price shows once there is a plan.</>
  const prices = priceListOf(billing.prices)
  const cost = costPerImage(automation, prices)
  const perImage = operationsPerImage(automation)
  const reach = imagesAvailable({ balance: readAmount(billing.balance), prices, perImage })
  if (cost === null || !reach.ok) return <>One of its steps is not part of your plan.</>
  if (reach.images === null) return <>Free. All of its steps are basics.</>
  return (
    <span className="figures whitespace-normal!">
      {amountText(cost, unit)} a photo · your balance still runs {countOf(reach.images, 'photo')}
    </span>
  )
}
