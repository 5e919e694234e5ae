/** How an endpoint and a delivery stand, in a few words. */
import type { WebhookDelivery, WebhookEndpoint } from '@drawdown/client'
import { countOf } from '../../format.ts'
import { Status, type Tone } from '../../ui/status.tsx'

const because = {
  failing: 'Off: nothing arrived for three days',
  gone: 'Off: it answered that it is gone',
  person: 'Switched off',
}

export function EndpointStatus({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { disabled_because: reason, failing_since: failing, waiting } = endpoint
  if (reason) return <Status tone={reason === 'person' ? 'quiet' : 'danger'}>{because[reason]}</Status>
  if (failing)
    return <Status tone="danger">Failing, {countOf(waiting, 'delivery', 'deliveries')} waiting</Status>
  if (waiting > 0) return <Status tone="busy">Sending</Status>
  return <Status tone="good">On</Status>
}

const failures: Record<string, string> = {
  address_not_public: 'address is not public',
  host_unknown: 'host is not known',
  host_unreachable: 'host could not be reached',
  host_too_slow: 'no answer in time',
  url_invalid: 'address cannot be used',
}

/** What came of an attempt: "204", "500", "no answer in time". */
export function answerText(status: number | null, failure: string | null): string {
  return status === null ? (failures[failure ?? ''] ?? 'not tried yet') : `answered ${status}`
}

const tones: Record<WebhookDelivery['status'], Tone> = {
  waiting: 'busy',
  delivered: 'good',
  failed: 'danger',
  cancelled: 'quiet',
}
const words = { waiting: 'Waiting', delivered: 'Delivered', failed: 'Given up', cancelled: 'Not sent' }

export function DeliveryStatus({ delivery }: { delivery: WebhookDelivery }) {
  const failing = delivery.status === 'waiting' && delivery.attempts > 0
  return (
    <Status tone={failing ? 'danger' : tones[delivery.status]}>
      {failing ? 'To be tried again' : words[delivery.status]}
    </Status>
  )
}
