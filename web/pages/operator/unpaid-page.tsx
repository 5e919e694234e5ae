/** Invoices that nobody has paid, with what is at stake, when each is tried next, and what can be done; below them, disputes. */
import type { Dispute, UnpaidInvoice } from '@drawdown/client'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { amountText, dateText, momentText } from '../../format.ts'
import { disputesQuery, meQuery, unpaidQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../../ui/panel.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Status, type Tone } from '../../ui/status.tsx'
import { invoiceWords } from '../billing/invoice-list.tsx'
import { SettleDialog, type Settling } from './settle-dialog.tsx'

const route = getRouteApi('/inside/operator/unpaid')

export function UnpaidPage() {
  const { show } = route.useSearch()
  const navigate = route.useNavigate()
  const unpaid = useInfiniteQuery(unpaidQuery(show))
  const [settling, setSettling] = useState<Settling>()
  const rows = unpaid.data?.pages.flatMap(({ data }) => data)
  return (
    <>
      <PageHeader
        title="Unpaid"
        actions={
          <Segmented
            label="Which invoices"
            value={show ?? 'unpaid'}
            options={[
              { value: 'unpaid', label: 'Owed' },
              { value: 'written_off', label: 'Written off' },
            ]}
            onChange={(value) =>
              navigate({ search: value === 'written_off' ? { show: value } : {}, resetScroll: false })
            }
          />
        }
      >
        Oldest first. An unpaid invoice is tried again after 1, 3, 5 and 7 days, and stops nothing that runs.
      </PageHeader>
      {unpaid.isPending && <SkeletonRows rows={4} className="h-14" />}
      {unpaid.isError && <Notice tone="danger">{faultText(unpaid.error)}</Notice>}
      {rows?.length === 0 && (
        <EmptyState title={show ? 'Nothing was written off' : 'No invoice is unpaid'}>
          {show
            ? 'Invoices that you give up will stand here, and can still be paid.'
            : 'Invoices whose payment fails will stand here, with what their account owes and when each is tried again.'}
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <ul className="grid gap-3">
          {rows.map((invoice) => (
            <UnpaidRow key={invoice.id} invoice={invoice} onSettle={setSettling} />
          ))}
        </ul>
      )}
      {unpaid.hasNextPage && (
        <Button className="mt-4" busy={unpaid.isFetchingNextPage} onClick={() => unpaid.fetchNextPage()}>
          Show more
        </Button>
      )}
      <Disputes />
      {settling && <SettleDialog {...settling} onClose={() => setSettling(undefined)} />}
    </>
  )
}

function UnpaidRow({
  invoice,
  onSettle,
}: {
  invoice: UnpaidInvoice
  onSettle: (settling: Settling) => void
}) {
  const { currency, exposure, account } = invoice
  const known = invoiceWords[invoice.status as keyof typeof invoiceWords]
  const given = invoice.status === 'written_off'
  return (
    <li>
      <Panel className="grid gap-x-6 gap-y-3 sm:grid-cols-[minmax(0,1fr)_auto]">
        <div className="min-w-0">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <Link
              to="/operator/accounts/$customerId/payments"
              params={{ customerId: account.id }}
              className="font-medium underline-offset-4 hover:underline"
            >
              {account.name}
            </Link>
            <span className="text-ink-2">{invoice.number}</span>
            <Status tone={known?.tone ?? 'quiet'}>{known?.text ?? invoice.status}</Status>
          </p>
          <p className="mt-1 text-ink-2">
            From {dateText(invoice.finalized_at)}. {nextStep(invoice)}
          </p>
          <p className="mt-1 text-fine text-ink-2">
            {account.name} owes {amountText(exposure.owed, currency)} in all, and has used{' '}
            {amountText(exposure.unbilled, currency)} beyond its credits since.
          </p>
        </div>
        <div className="flex items-center justify-between gap-4 sm:justify-end">
          <Money amount={invoice.amount_due} unit={currency} className="subheading" />
          <Menu
            label={`What to do about ${invoice.number}`}
            triggerClass="grid size-9 place-items-center rounded-control text-ink-2 hover:bg-sunken hover:text-ink pointer-coarse:size-11"
            trigger={<MoreHorizontal aria-hidden size={18} />}
          >
            <MenuItem onSelect={() => onSettle({ act: 'collect', invoice })}>Try now</MenuItem>
            <MenuItem onSelect={() => onSettle({ act: 'paid', invoice })}>Paid otherwise</MenuItem>
            {!given && (
              <MenuItem onSelect={() => onSettle({ act: 'write_off', invoice })}>Write off</MenuItem>
            )}
          </Menu>
        </div>
      </Panel>
    </li>
  )
}

/** What happens next by itself, in a sentence or two. */
function nextStep(invoice: UnpaidInvoice): string {
  const card = invoice.payment_method ?? 'no card'
  const failure = invoice.last_failure ? `Last try: ${invoice.last_failure} ` : ''
  if (invoice.status === 'written_off')
    return 'Given up; it can still be paid, by card when you try it, or otherwise.'
  if (invoice.under_way) return 'A payment is under way: nothing is tried before its outcome is known.'
  if (invoice.next_attempt_at) {
    return `${failure}Tried again on ${momentText(invoice.next_attempt_at)}, with ${card}.`
  }
  return `${failure}Not tried again by itself: with a new card it is at once, or when you try it.`
}

const disputeWords: Record<Dispute['status'], { text: string; tone: Tone }> = {
  inquiry: { text: 'The bank asks', tone: 'busy' },
  open: { text: 'Open', tone: 'danger' },
  won: { text: 'Won', tone: 'good' },
  lost: { text: 'Lost', tone: 'danger' },
  dropped: { text: 'Dropped', tone: 'quiet' },
}

function Disputes() {
  const { data: me } = useQuery(meQuery())
  const disputes = useQuery(disputesQuery())
  const queryClient = useQueryClient()
  const decide = useMutation({
    mutationFn: ({ dispute, won }: { dispute: Dispute; won: boolean }) =>
      apiOf('').decideDispute({ path: { id: dispute.id }, body: { account_id: dispute.account.id, won } }),
    onSuccess: () => queryClient.invalidateQueries(),
  })
  const rows = disputes.data?.data ?? []
  if (rows.length === 0) return null
  return (
    <Section
      title="Disputes"
      className="mt-10"
      hint="Payments that their cardholder’s bank has taken back. They are answered at the payment provider."
    >
      {decide.isError && <Notice tone="danger">{faultText(decide.error)}</Notice>}
      <ul className="grid gap-3">
        {rows.map((dispute) => (
          <li key={dispute.id}>
            <Panel className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
              <div>
                <p className="flex flex-wrap items-baseline gap-x-3">
                  <span className="font-medium">{dispute.account.name}</span>
                  <span className="text-ink-2">{dispute.invoice_number}</span>
                  <Status tone={disputeWords[dispute.status].tone}>
                    {disputeWords[dispute.status].text}
                  </Status>
                </p>
                <p className="mt-1 text-fine text-ink-2">
                  Since {dateText(dispute.created_at)}. Reason given: {dispute.reason}. {dispute.reference}
                </p>
              </div>
              <div className="flex flex-wrap items-center gap-2">
                {me?.sandbox && dispute.status === 'open' && (
                  <>
                    <Button kind="quiet" onClick={() => decide.mutate({ dispute, won: true })}>
                      Play bank: won
                    </Button>
                    <Button kind="quiet" onClick={() => decide.mutate({ dispute, won: false })}>
                      Play bank: lost
                    </Button>
                  </>
                )}
                <Money amount={dispute.amount} unit={dispute.currency} className="subheading" />
              </div>
            </Panel>
          </li>
        ))}
      </ul>
    </Section>
  )
}
