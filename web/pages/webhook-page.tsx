/** One endpoint: how it stands, what can be done with it, and what was sent to it. */
import type { WebhookEndpoint } from '@drawdown/client'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { apiOf, faultText } from '../api.ts'
import { countOf, momentText } from '../format.ts'
import { deliveriesQuery, endpointQuery, endpointsQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { SelectField } from '../ui/field.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { tell } from '../ui/toast.tsx'
import { useReserved } from './reserved.ts'
import { DeliveryDialog } from './webhooks/delivery-dialog.tsx'
import { EndpointDialog, SecretShown } from './webhooks/endpoint-dialog.tsx'
import { answerText, DeliveryStatus, EndpointStatus } from './webhooks/endpoint-status.tsx'

const route = getRouteApi('/inside/a/$accountId/webhooks/$endpointId')

export function WebhookPage() {
  const { accountId, endpointId } = route.useParams()
  const endpoint = useQuery(endpointQuery(accountId, endpointId))
  const back = (
    <Link to="/a/$accountId/webhooks" params={{ accountId }}>
      Webhooks
    </Link>
  )
  if (endpoint.isError) {
    return (
      <>
        <PageHeader title="Endpoint" above={back} />
        <Notice tone="danger">{faultText(endpoint.error)}</Notice>
      </>
    )
  }
  if (!endpoint.data) return <SkeletonRows rows={4} className="h-16" />
  return (
    <>
      <PageHeader
        title={<span className="break-all">{endpoint.data.url}</span>}
        name="Endpoint"
        above={back}
        actions={<Actions accountId={accountId} endpoint={endpoint.data} />}
      >
        <span className="flex flex-wrap gap-x-6 gap-y-1">
          <EndpointStatus endpoint={endpoint.data} />
          <span>{endpoint.data.events.length === 0 ? 'Every event' : endpoint.data.events.join(', ')}</span>
        </span>
      </PageHeader>
      {endpoint.data.old_secret_until && (
        <Notice className="mb-4">
          The secret before signs as well until {momentText(endpoint.data.old_secret_until)}.
        </Notice>
      )}
      <Deliveries accountId={accountId} endpointId={endpointId} />
    </>
  )
}

type Open = 'change' | 'secret' | 'replay' | 'remove' | null

function Actions({ accountId, endpoint }: { accountId: string; endpoint: WebhookEndpoint }) {
  const queryClient = useQueryClient()
  const [open, setOpen] = useState<Open>(null)
  const reserved = useReserved(accountId, 'work')
  const forget = () => queryClient.invalidateQueries({ queryKey: endpointsQuery(accountId).queryKey })
  const path = { id: endpoint.id }
  const sendTest = useMutation({
    mutationFn: () => apiOf(accountId).testEndpoint({ path }),
    onSuccess: async () => {
      await forget()
      tell('A test event is on its way.')
    },
    onError: (fault) => tell(faultText(fault)),
  })
  const enabled = endpoint.status === 'enabled'
  const turn = useMutation({
    mutationFn: () => apiOf(accountId).updateEndpoint({ path, body: { enabled: !enabled } }),
    onSuccess: forget,
    onError: (fault) => tell(faultText(fault)),
  })
  if (reserved) return null
  const close = () => setOpen(null)
  return (
    <>
      <Button kind="primary" busy={sendTest.isPending} onClick={() => sendTest.mutate()}>
        Send a test event
      </Button>
      <Button busy={turn.isPending} onClick={() => turn.mutate()}>
        {enabled ? 'Switch off' : 'Switch on'}
      </Button>
      <Menu
        trigger="More"
        triggerClass="inline-flex min-h-9 pointer-coarse:min-h-11 items-center rounded-control bg-sunken px-3.5 font-medium hover:bg-line"
      >
        {endpoint.kind === 'endpoint' && <MenuItem onSelect={() => setOpen('change')}>Change…</MenuItem>}
        {endpoint.kind === 'endpoint' && (
          <MenuItem onSelect={() => setOpen('replay')}>Send a span again…</MenuItem>
        )}
        <MenuItem onSelect={() => setOpen('secret')}>New secret…</MenuItem>
        <MenuItem onSelect={() => setOpen('remove')}>Remove…</MenuItem>
      </Menu>
      {open === 'change' && <EndpointDialog accountId={accountId} endpoint={endpoint} onClose={close} />}
      {open === 'secret' && <SecretDialog accountId={accountId} endpoint={endpoint} onClose={close} />}
      {open === 'replay' && <ReplayDialog accountId={accountId} endpoint={endpoint} onClose={close} />}
      {open === 'remove' && <RemoveDialog accountId={accountId} endpoint={endpoint} onClose={close} />}
    </>
  )
}

type EndpointActProps = { accountId: string; endpoint: WebhookEndpoint; onClose: () => void }

function SecretDialog({ accountId, endpoint, onClose }: EndpointActProps) {
  const queryClient = useQueryClient()
  const rotate = useMutation({
    mutationFn: () => apiOf(accountId).rotateEndpointSecret({ path: { id: endpoint.id } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: endpointsQuery(accountId).queryKey }),
  })
  if (rotate.data)
    return <SecretShown url={endpoint.url} secret={rotate.data.secret ?? ''} onClose={onClose} />
  return (
    <ConfirmDialog
      title="New secret"
      action="Make a new secret"
      otherwise="Keep the secret"
      busy={rotate.isPending}
      fault={rotate.isError ? faultText(rotate.error) : null}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    >
      For a day both the new secret and the present one sign, so that your server can change over in peace.
    </ConfirmDialog>
  )
}

function RemoveDialog({ accountId, endpoint, onClose }: EndpointActProps) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => apiOf(accountId).removeEndpoint({ path: { id: endpoint.id } }),
    onSuccess: async () => {
      await navigate({ to: '/a/$accountId/webhooks', params: { accountId } })
      await queryClient.invalidateQueries({ queryKey: endpointsQuery(accountId).queryKey })
      tell('The endpoint is removed.')
    },
  })
  return (
    <ConfirmDialog
      title="Remove endpoint"
      action="Remove endpoint"
      otherwise="Keep endpoint"
      danger
      busy={remove.isPending}
      fault={remove.isError ? faultText(remove.error) : null}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      Nothing more is sent there, and {countOf(endpoint.waiting, 'delivery', 'deliveries')} that wait are not
      sent.
    </ConfirmDialog>
  )
}

const spans = {
  '1': 'the last hour',
  '24': 'the last day',
  '72': 'the last three days',
  '168': 'the last week',
}

function ReplayDialog({ accountId, endpoint, onClose }: EndpointActProps) {
  const queryClient = useQueryClient()
  const [hours, setHours] = useState('24')
  const replay = useMutation({
    mutationFn: () => {
      const to = new Date()
      const from = new Date(to.getTime() - Number(hours) * 3_600_000)
      const body = { from: from.toISOString(), to: to.toISOString() }
      return apiOf(accountId).replayEvents({ path: { id: endpoint.id }, body })
    },
    onSuccess: async ({ deliveries }) => {
      await queryClient.invalidateQueries({ queryKey: endpointsQuery(accountId).queryKey })
      tell(`${countOf(deliveries, 'event')} are sent again.`)
      onClose()
    },
  })
  return (
    <Dialog title="Send a span again" onClose={onClose}>
      <div className="grid gap-5">
        <SelectField label="Every event of" value={hours} onChange={(event) => setHours(event.target.value)}>
          {Object.entries(spans).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <p className="text-ink-2">
          Also those that this endpoint never had. What it had before comes under the id that it had.
        </p>
        {replay.isError && <Notice tone="danger">{faultText(replay.error)}</Notice>}
        <Button kind="primary" busy={replay.isPending} onClick={() => replay.mutate()}>
          Send again
        </Button>
      </div>
    </Dialog>
  )
}

function Deliveries({ accountId, endpointId }: { accountId: string; endpointId: string }) {
  const deliveries = useInfiniteQuery(deliveriesQuery(accountId, endpointId))
  const [open, setOpen] = useState<string | null>(null)
  const rows = deliveries.data?.pages.flatMap(({ data }) => data) ?? []
  return (
    <Section title="Deliveries" hint="Kept for 30 days.">
      {deliveries.isPending && <SkeletonRows rows={4} className="h-12" />}
      {deliveries.isError && <Notice tone="danger">{faultText(deliveries.error)}</Notice>}
      {deliveries.data && (
        <Panel className="py-2!">
          {rows.length === 0 && <p className="py-3 text-ink-2">Nothing was sent yet.</p>}
          <ul className="divide-y divide-line">
            {rows.map((delivery) => (
              <DeliveryRow key={delivery.id} onOpen={() => setOpen(delivery.id)}>
                <span className="min-w-0">
                  <span className="block truncate font-mono text-[0.8125rem]">{delivery.event_type}</span>
                  <span className="block text-ink-2">
                    {momentText(delivery.created_at)}
                    {delivery.replayed && ' · sent again'}
                    {delivery.attempts > 0 && ` · ${answerText(delivery.last_status, delivery.last_failure)}`}
                    {delivery.attempts > 1 && ` · ${countOf(delivery.attempts, 'try', 'tries')}`}
                  </span>
                </span>
                <DeliveryStatus delivery={delivery} />
              </DeliveryRow>
            ))}
          </ul>
        </Panel>
      )}
      {deliveries.hasNextPage && (
        <Button
          className="mt-4"
          busy={deliveries.isFetchingNextPage}
          onClick={() => deliveries.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      {open && <DeliveryDialog accountId={accountId} deliveryId={open} onClose={() => setOpen(null)} />}
    </Section>
  )
}

function DeliveryRow({ onOpen, children }: { onOpen: () => void; children: ReactNode }) {
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full flex-wrap items-center justify-between gap-x-6 gap-y-1 rounded-control py-3 text-left hover:bg-sunken sm:-mx-2 sm:w-[calc(100%+1rem)] sm:px-2"
      >
        {children}
      </button>
    </li>
  )
}
