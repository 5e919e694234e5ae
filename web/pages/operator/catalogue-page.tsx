/** The catalogue: every plan with its newest version, who has it, and the ways to change it. */
import type { CataloguePlan } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { countOf, countText, dateText, momentText } from '../../format.ts'
import { operatorPlansQuery, rehearsalsQuery } from '../../operator-queries.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../../ui/panel.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Status } from '../../ui/status.tsx'
import { Table } from '../../ui/table.tsx'
import { tell } from '../../ui/toast.tsx'
import { changeText } from './rehearsal-panel.tsx'

export function CataloguePage() {
  const plans = useQuery(operatorPlansQuery())
  return (
    <>
      <PageHeader
        title="Plans"
        actions={
          <Link to="/operator/plans/$code" params={{ code: 'new' }} className={buttonClass('primary')}>
            New plan
          </Link>
        }
      >
        A published version never changes. A new one is drafted, rehearsed over what customers really used,
        and published with a notice.
      </PageHeader>
      {plans.isPending && <SkeletonRows rows={3} className="h-32" />}
      {plans.isError && <Notice tone="danger">{faultText(plans.error)}</Notice>}
      <ul className="grid gap-3">
        {plans.data?.data.map((plan) => (
          <li key={plan.code}>
            <PlanPanel plan={plan} />
          </li>
        ))}
      </ul>
      <Rehearsals />
    </>
  )
}

/** The last rehearsals: each leads back to its draft and what was found. */
function Rehearsals() {
  const { data } = useQuery(rehearsalsQuery())
  const codes = new Set(useQuery(operatorPlansQuery()).data?.data.map(({ code }) => code))
  if (!data || data.data.length === 0) return null
  return (
    <Section title="Last rehearsals" className="mt-10">
      <Panel className="py-2!">
        <ul className="divide-y divide-line">
          {data.data.map((rehearsal) => (
            <li key={rehearsal.id} className="flex flex-wrap items-baseline justify-between gap-x-6 py-2.5">
              <Link
                to="/operator/plans/$code"
                params={{ code: codes.has(rehearsal.draft.code) ? rehearsal.draft.code : 'new' }}
                search={{ rehearsal: rehearsal.id }}
                className="font-medium hover:underline"
              >
                {rehearsal.draft.name}, {momentText(rehearsal.created_at)}
              </Link>
              <span className="figures text-ink-2">
                {rehearsal.status === 'done'
                  ? `${changeText(rehearsal.change, rehearsal.currency)}, ${countOf(rehearsal.done, 'account')}`
                  : rehearsal.status}
              </span>
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  )
}

function PlanPanel({ plan }: { plan: CataloguePlan }) {
  const [newest, ...earlier] = plan.versions
  const [asking, setAsking] = useState(false)
  if (!newest) return null
  const paid = newest.prices.filter(({ credits_buy: buys }) => buys !== null)
  const free = newest.prices.length - paid.length
  return (
    <Panel className="grid gap-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div>
          <h2 className="subheading">{plan.name}</h2>
          <p className="text-ink-2">
            {plan.code}, version {newest.version}, {subscribersText(plan)}
          </p>
        </div>
        <Status tone={plan.offered ? 'good' : 'quiet'}>{plan.offered ? 'On offer' : 'Withdrawn'}</Status>
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 [&_dt]:text-ink-2">
        <Fact name="A month">
          <Money amount={newest.fee} unit={newest.currency} />
        </Fact>
        <Fact name="Credits">
          <Money amount={newest.credits} unit={newest.credit_unit} />
        </Fact>
        {paid.map((price) => (
          <Fact key={price.operation} name={price.name}>
            <Money amount={price.unit_price} unit={newest.credit_unit} />
          </Fact>
        ))}
        {free > 0 && <Fact name="Free">{countOf(free, 'operation')}</Fact>}
      </dl>
      {earlier.length > 0 && <Earlier plan={plan} />}
      <div className="flex flex-wrap gap-2">
        <Link to="/operator/plans/$code" params={{ code: plan.code }} className={buttonClass()}>
          Draft a new version<span className="sr-only"> of {plan.name}</span>
        </Link>
        <Button kind="quiet" onClick={() => setAsking(true)}>
          {plan.offered ? 'Withdraw' : 'Put on offer'}
          <span className="sr-only"> {plan.name}</span>
        </Button>
      </div>
      {asking && <OfferDialog plan={plan} onClose={() => setAsking(false)} />}
    </Panel>
  )
}

/** "14 subscribers", and how many of them are on the newest version, where not all are. */
function subscribersText({ subscribers, versions }: CataloguePlan): string {
  const onNewest = versions[0]?.subscribers ?? 0
  const all = countOf(subscribers, 'subscriber')
  return onNewest === subscribers ? all : `${all}, ${countText(onNewest)} of them on this version`
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Versions before the newest, and who is still on them. */
function Earlier({ plan }: { plan: CataloguePlan }) {
  return (
    <details>
      <summary className="w-fit rounded-small py-0.5 text-ink-2 hover:text-ink">All versions</summary>
      <div className="mt-2">
        <Table
          label={`Versions of ${plan.name}`}
          width="min-w-lg"
          columns={[
            { name: 'Version' },
            { name: 'Published' },
            { name: 'Notice' },
            { name: 'A month', right: true },
            { name: 'Subscribers', right: true },
          ]}
          rows={plan.versions.map((version) => ({
            key: String(version.version),
            cells: [
              version.version,
              dateText(version.published_at),
              noticeText(version),
              <Money key="fee" amount={version.fee} unit={version.currency} />,
              countText(version.subscribers),
            ],
          }))}
        />
      </div>
    </details>
  )
}

function noticeText({ version, notice_days: days }: CataloguePlan['versions'][number]): string {
  if (days !== null) return countOf(days, 'day')
  return version === 1 ? '–' : 'subscribers stay'
}

function OfferDialog({ plan, onClose }: { plan: CataloguePlan; onClose: () => void }) {
  const queryClient = useQueryClient()
  const offered = !plan.offered
  const change = useMutation({
    mutationFn: () => apiOf('').updateOperatorPlan({ path: { code: plan.code }, body: { offered } }),
    onSuccess: async () => {
      onClose()
      tell(offered ? `${plan.name} is on offer.` : `${plan.name} is withdrawn.`)
      await queryClient.invalidateQueries()
    },
  })
  return (
    <ConfirmDialog
      title={offered ? `Put ${plan.name} on offer?` : `Withdraw ${plan.name}?`}
      action={offered ? 'Put on offer' : 'Withdraw'}
      busy={change.isPending}
      fault={change.isError ? faultText(change.error) : null}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      {offered
        ? 'Customers can choose it again, in its newest version.'
        : `Nobody can choose it any more. It goes on for the ${countOf(plan.subscribers, 'subscriber')} that have it, and trials that lead to it still do.`}
    </ConfirmDialog>
  )
}
