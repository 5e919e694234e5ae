/** Where the account's events are sent: endpoints, and making one. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Webhook } from 'lucide-react'
import { useState } from 'react'
import { faultText } from '../api.ts'
import { countOf } from '../format.ts'
import { endpointsQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useReserved } from './reserved.ts'
import { EndpointDialog } from './webhooks/endpoint-dialog.tsx'
import { EndpointStatus } from './webhooks/endpoint-status.tsx'

const route = getRouteApi('/inside/a/$accountId/webhooks')

export function WebhooksPage() {
  const { accountId } = route.useParams()
  const endpoints = useQuery(endpointsQuery(accountId))
  const [making, setMaking] = useState(false)
  const reserved = useReserved(accountId, 'work')
  const make = (
    <Button kind="primary" onClick={() => setMaking(true)} disabledReason={reserved}>
      New endpoint
    </Button>
  )
  const rows = endpoints.data?.data ?? []
  return (
    <>
      <PageHeader title="Webhooks" actions={rows.length > 0 ? make : undefined}>
        Addresses of your own servers that are told what happens here.
      </PageHeader>
      {endpoints.isPending && <SkeletonRows rows={3} className="h-16" />}
      {endpoints.isError && <Notice tone="danger">{faultText(endpoints.error)}</Notice>}
      {endpoints.data && rows.length === 0 && (
        <EmptyState icon={<Webhook aria-hidden size={28} />} title="No endpoint yet" action={make}>
          An endpoint gets a signed message for each event that it asks for: a run has ended, an invoice was
          paid, an alert was raised.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <Panel className="py-2!">
          <ul className="divide-y divide-line">
            {rows.map((endpoint) => (
              <li
                key={endpoint.id}
                className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 py-3"
              >
                <div className="min-w-0">
                  <Link
                    to="/a/$accountId/webhooks/$endpointId"
                    params={{ accountId, endpointId: endpoint.id }}
                    className="block truncate font-medium underline-offset-2 hover:underline"
                  >
                    {endpoint.url}
                  </Link>
                  <p className="truncate text-ink-2">
                    {endpoint.description || (endpoint.kind === 'callback' ? 'Callback of runs' : '')}
                    {endpoint.description || endpoint.kind === 'callback' ? ' · ' : ''}
                    {endpoint.events.length === 0 ? 'every event' : countOf(endpoint.events.length, 'event')}
                  </p>
                </div>
                <EndpointStatus endpoint={endpoint} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {making && <EndpointDialog accountId={accountId} onClose={() => setMaking(false)} />}
    </>
  )
}
