/**
 * The billing page: the plan, what is left of it and what that still buys, what was used, what is owed and paid.
 *
 * Its dialogs, the mix of the planner and the measure of the chart stand in the address.
 */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { faultText } from '../api.ts'
import { dateText, dayText } from '../format.ts'
import { billingQuery, meQuery } from '../queries.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { BalanceCard } from './billing/balance-card.tsx'
import { BillingNotices } from './billing/billing-notices.tsx'
import { CancelDialog } from './billing/cancel-dialog.tsx'
import { ChangePlanDialog } from './billing/change-plan-dialog.tsx'
import { DetailsDialog } from './billing/details-dialog.tsx'
import { DetailsSection } from './billing/details-section.tsx'
import { InvoiceList } from './billing/invoice-list.tsx'
import { LimitsDialog } from './billing/limits-dialog.tsx'
import { LimitsSection } from './billing/limits-section.tsx'
import { MixPlanner } from './billing/mix-planner.tsx'
import { PaymentCard } from './billing/payment-card.tsx'
import { PaymentDialog } from './billing/payment-dialog.tsx'
import { PlanCard } from './billing/plan-card.tsx'
import { PlanChoice } from './billing/plan-choice.tsx'
import { ReceiptList } from './billing/receipt-list.tsx'
import { UsageChart } from './billing/usage-chart.tsx'
import { useReserved } from './reserved.ts'

const route = getRouteApi('/inside/a/$accountId/billing')

export function BillingPage() {
  const { accountId } = route.useParams()
  const billing = useQuery(billingQuery(accountId))
  const { data } = billing
  if (billing.isError) {
    return (
      <>
        <PageHeader title="Billing" />
        <Notice tone="danger">{faultText(billing.error)}</Notice>
      </>
    )
  }
  return (
    <>
      <PageHeader title="Billing">
        {data?.period ? (
          <>
            {dayText(data.period.start, data.zone)} to {dateText(data.period.end, data.zone)}
            <SandboxToday accountId={accountId} now={data.now} zone={data.zone} />
          </>
        ) : (
          <span>{data ? 'No plan yet' : ' '}</span>
        )}
      </PageHeader>
      {data ? <BillingBody accountId={accountId} billing={data} /> : <BillingSkeleton />}
      {data && <BillingDialog accountId={accountId} billing={data} />}
    </>
  )
}

/** The dialog that the address names; to those who may not do what it does, why. */
function BillingDialog({ accountId, billing }: { accountId: string; billing: BillingData }) {
  const { dialog } = route.useSearch()
  const navigate = route.useNavigate()
  const reserved = useReserved(accountId, 'billing')
  if (!dialog) return null
  if (reserved) {
    const leave = () =>
      navigate({ search: (known) => ({ ...known, dialog: undefined, plan: undefined }), resetScroll: false })
    return (
      <Dialog title={reservedTitles[dialog]} onClose={leave}>
        <p className="text-ink-2">{reserved}.</p>
      </Dialog>
    )
  }
  if (dialog === 'plan') return <ChangePlanDialog accountId={accountId} billing={billing} />
  if (dialog === 'limits') return <LimitsDialog accountId={accountId} />
  if (dialog === 'details') return <DetailsDialog accountId={accountId} />
  if (dialog === 'card') return <PaymentDialog accountId={accountId} billing={billing} />
  return <CancelDialog accountId={accountId} billing={billing} />
}

const reservedTitles = {
  plan: 'Change plan',
  card: 'Payment method',
  limits: 'Alerts and limit',
  details: 'Billing details',
  cancel: 'Cancel plan',
}

type BillingData = Parameters<typeof BalanceCard>[0]['billing']

function BillingBody({ accountId, billing }: { accountId: string; billing: BillingData }) {
  if (!billing.plan || !billing.period) {
    return (
      <div className="grid gap-12">
        <div className="grid gap-4 empty:hidden">
          <BillingNotices accountId={accountId} billing={billing} />
        </div>
        <PlanChoice accountId={accountId} />
        <PaymentAndInvoices accountId={accountId} billing={billing} />
      </div>
    )
  }
  return (
    <div className="grid gap-12">
      <div className="grid gap-4">
        <BillingNotices accountId={accountId} billing={billing} />
        <div className="grid gap-4 lg:grid-cols-[minmax(0,1.9fr)_minmax(0,1fr)]">
          <BalanceCard accountId={accountId} billing={billing} />
          <PlanCard accountId={accountId} billing={billing} />
        </div>
      </div>
      <MixPlanner accountId={accountId} billing={billing} />
      <UsageChart accountId={accountId} billing={billing} />
      <ReceiptList accountId={accountId} />
      <LimitsSection accountId={accountId} billing={billing} />
      <PaymentAndInvoices accountId={accountId} billing={billing} />
    </div>
  )
}

function PaymentAndInvoices({ accountId, billing }: { accountId: string; billing: BillingData }) {
  return (
    <div className="grid gap-x-4 gap-y-12 lg:grid-cols-[minmax(0,1.9fr)_minmax(0,1fr)]">
      <InvoiceList accountId={accountId} billing={billing} />
      <div className="grid content-start gap-12">
        <PaymentCard accountId={accountId} billing={billing} />
        <DetailsSection accountId={accountId} />
      </div>
    </div>
  )
}

const A_DAY_MS = 86_400_000

/** Where the sandbox clock has been moved, the account lives on another day than the person. */
function SandboxToday({ accountId, now, zone }: { accountId: string; now: string; zone: string }) {
  const { data: me } = useQuery(meQuery())
  if (!me?.sandbox || Math.abs(Date.parse(now) - Date.now()) < A_DAY_MS) return null
  const text = `the sandbox clock says ${dateText(now, zone)}`
  return (
    <>
      {' · '}
      {me.operator ? (
        <Link to="/operator" search={{ clock: accountId }} className="underline underline-offset-2">
          {text}
        </Link>
      ) : (
        text
      )}
    </>
  )
}

function BillingSkeleton() {
  return (
    <div role="status" className="grid gap-12">
      <span className="sr-only">Loading</span>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1.9fr)_minmax(0,1fr)]">
        <Panel>
          <Skeleton className="mb-4 h-4 w-20" />
          <Skeleton className="mb-5 h-12 w-64" />
          <Skeleton className="mb-8 h-2" />
          <Skeleton className="mb-12 h-10" />
          <Skeleton className="h-12" />
        </Panel>
        <Panel>
          <Skeleton className="mb-4 h-7 w-32" />
          <Skeleton className="h-44" />
        </Panel>
      </div>
      <Skeleton className="h-72" />
      <Skeleton className="h-80" />
    </div>
  )
}
