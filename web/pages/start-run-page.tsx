/**
 * Starting a run: photos, an automation, the quote, go. The quote stands beside the choice all the time, and what is
 * left after it stands beside the cost.
 */
import type { Automation, Billing } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Workflow } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { faultText } from '../api.ts'
import { amountText, operationText } from '../format.ts'
import { costPerImage, priceListOf } from '../prices.ts'
import { automationsQuery, billingQuery, operationsQuery } from '../queries.ts'
import { buttonClass } from '../ui/button.tsx'
import { DropZone } from '../ui/drop-zone.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Section } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useReserved } from './reserved.ts'
import { AddressForm } from './run/address-form.tsx'
import { QuotePanel } from './run/quote-panel.tsx'
import { UploadList } from './run/upload-list.tsx'
import { createUploadQueue } from './run/uploads.ts'

const route = getRouteApi('/inside/a/$accountId/run')

export function StartRunPage() {
  const { accountId } = route.useParams()
  const { automation: inAddress } = route.useSearch()
  const reserved = useReserved(accountId, 'work')
  const [queue] = useState(() => createUploadQueue(accountId))
  const uploads = useSyncExternalStore(queue.subscribe, queue.read)
  const billing = useQuery(billingQuery(accountId))
  const automations = useQuery(automationsQuery(accountId))
  const automation = automations.data?.data.find(({ id }) => id === inAddress) ?? automations.data?.data[0]
  return (
    <>
      <PageHeader title="Run photos">
        Drop photos, choose what is done to them, and see the price before anything runs.
      </PageHeader>
      <div className="grid grid-cols-1 items-start gap-x-8 gap-y-12 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid grid-cols-1 gap-12">
          <Section title="Photos">
            {reserved ? (
              <Notice>{reserved}. You see the runs and their results.</Notice>
            ) : (
              <>
                <DropZone onFiles={queue.add} compact={uploads.all.length > 0} />
                <AddressForm onFetch={queue.fetch} />
              </>
            )}
            {uploads.all.length > 0 && (
              <UploadList uploads={uploads} onRemove={queue.remove} onClear={queue.clear} />
            )}
          </Section>
          <Section title="Automation">
            {automations.isPending && <SkeletonRows rows={2} className="h-16" />}
            {automations.isError && <Notice tone="danger">{faultText(automations.error)}</Notice>}
            {automations.data && (
              <AutomationChoice
                accountId={accountId}
                automations={automations.data.data}
                chosen={automation?.id}
                billing={billing.data}
              />
            )}
          </Section>
        </div>
        <QuotePanel
          accountId={accountId}
          billing={billing.data}
          automation={automation}
          uploads={uploads}
          onStarted={queue.clear}
        />
      </div>
    </>
  )
}

type AutomationChoiceProps = {
  accountId: string
  automations: readonly Automation[]
  chosen: string | undefined
  billing: Billing | undefined
}

function AutomationChoice({ accountId, automations, chosen, billing }: AutomationChoiceProps) {
  const navigate = route.useNavigate()
  const operations = useQuery(operationsQuery())
  if (automations.length === 0) {
    return (
      <EmptyState
        icon={<Workflow aria-hidden size={28} />}
        title="No automation yet"
        action={
          <Link to="/a/$accountId/automations/new" params={{ accountId }} className={buttonClass('primary')}>
            Create an automation
          </Link>
        }
      >
        An automation is a list of steps that is run on every photo, such as: remove the background, crop to a
        square, write a JPEG.
      </EmptyState>
    )
  }
  const prices = priceListOf(billing?.prices ?? [])
  const nameOf = (code: string) =>
    operations.data?.data.find((operation) => operation.code === code)?.name ?? operationText(code)
  return (
    <fieldset className="grid grid-cols-1 gap-2">
      <legend className="sr-only">Automation</legend>
      {automations.map((automation) => {
        const cost = costPerImage(automation, prices)
        return (
          <label
            key={automation.id}
            className="relative flex items-center justify-between gap-6 rounded-panel bg-surface px-5 py-3.5 ring-2 ring-transparent hover:bg-sunken has-checked:bg-surface has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-4 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="automation"
              value={automation.id}
              checked={automation.id === chosen}
              onChange={() =>
                navigate({ search: { automation: automation.id }, replace: true, resetScroll: false })
              }
              aria-label={automation.name}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            <span className="min-w-0">
              <span className="block truncate font-medium">{automation.name}</span>
              <span className="block text-ink-2">
                {automation.steps.map(({ operation }) => nameOf(operation)).join(' → ')}
              </span>
            </span>
            {billing?.credit_unit && (
              <span className="shrink-0 text-right text-ink-2">
                {cost === null
                  ? 'not in your plan'
                  : cost === 0n
                    ? 'free'
                    : `${amountText(cost, billing.credit_unit)} a photo`}
              </span>
            )}
          </label>
        )
      })}
    </fieldset>
  )
}
