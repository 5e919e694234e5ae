/** One delivery: the event, each request, and what was answered; and sending it once more. */
import type { WebhookDeliveryDetail } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { apiOf, faultText } from '../../api.ts'
import { momentText } from '../../format.ts'
import { deliveriesQuery, deliveryQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { tell } from '../../ui/toast.tsx'
import { useReserved } from '../reserved.ts'
import { answerText, DeliveryStatus } from './endpoint-status.tsx'

type DeliveryDialogProps = { accountId: string; deliveryId: string; onClose: () => void }

export function DeliveryDialog({ accountId, deliveryId, onClose }: DeliveryDialogProps) {
  const queryClient = useQueryClient()
  const delivery = useQuery(deliveryQuery(accountId, deliveryId))
  const reserved = useReserved(accountId, 'work')
  const replay = useMutation({
    mutationFn: () => apiOf(accountId).replayDelivery({ path: { id: deliveryId } }),
    onSuccess: async ({ endpoint_id: endpointId }) => {
      await queryClient.invalidateQueries({ queryKey: deliveriesQuery(accountId, endpointId).queryKey })
      tell('It is sent once more.')
      onClose()
    },
  })
  return (
    <Dialog
      title={delivery.data?.event_type ?? 'Delivery'}
      width="large"
      onClose={onClose}
      footer={
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-ink-2">
            Sent again, it has the same id: a receiver that keeps ids does nothing twice.
          </p>
          <Button
            kind="primary"
            busy={replay.isPending}
            disabledReason={reserved}
            onClick={() => replay.mutate()}
          >
            Send again
          </Button>
        </div>
      }
    >
      {delivery.isPending && <SkeletonRows rows={3} className="h-16" />}
      {delivery.isError && <Notice tone="danger">{faultText(delivery.error)}</Notice>}
      {replay.isError && (
        <Notice tone="danger" className="mb-4">
          {faultText(replay.error)}
        </Notice>
      )}
      {delivery.data && <Requests delivery={delivery.data} />}
    </Dialog>
  )
}

function Requests({ delivery }: { delivery: WebhookDeliveryDetail }) {
  return (
    <div className="grid gap-6">
      <p className="flex flex-wrap gap-x-6 gap-y-1 text-ink-2">
        <DeliveryStatus delivery={delivery} />
        <span className="font-mono text-[0.8125rem] break-all">{delivery.event_id}</span>
      </p>
      <Text title="What is sent" text={pretty(delivery.body)} />
      {delivery.tries.map((one) => (
        <section key={one.attempt} aria-label={`Try ${one.attempt}`} className="grid gap-3">
          <h3 className="subheading">
            Try {one.attempt}: {answerText(one.status, one.failure)}
          </h3>
          <p className="text-ink-2">
            {momentText(one.sent_at)} · {one.duration_ms} ms · <span className="break-all">{one.url}</span>
          </p>
          <Text
            title="Headers of the request"
            text={Object.entries(one.headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join('\n')}
          />
          {one.response !== null && one.response !== '' && (
            <Text title="What was answered" text={one.response} />
          )}
        </section>
      ))}
    </div>
  )
}

function Text({ title, text }: { title: string; text: string }) {
  return (
    <div className="grid gap-1">
      <p className="text-fine text-ink-3">{title}</p>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
        tabIndex={0}
        className="max-h-72 overflow-auto rounded-control bg-sunken p-3 font-mono text-[0.8125rem]"
      >
        {text}
      </pre>
    </div>
  )
}

function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2)
}
