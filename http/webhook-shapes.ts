/** Bodies of the routes of webhooks: endpoints, what was sent there, and the events that can be asked for. */
import { z } from 'zod'
import { idOf } from './ids.ts'
import { instant, listOf } from './shapes.ts'

const url = z.url().max(2000).meta({ description: 'Where events are sent, by POST.' })
const description = z.string().trim().max(200)
const events = z
  .array(z.string())
  .max(100)
  .meta({ description: 'Names of events; none: every event. GET /v1/webhooks/events lists them.' })

export const endpointRequest = z.object({
  url,
  description: description.default(''),
  events: events.default([]),
})
export const endpointPatch = z.object({
  url: url.optional(),
  description: description.optional(),
  events: events.optional(),
  enabled: z.boolean().optional(),
})

export const endpoint = z
  .object({
    id: idOf('endpoint'),
    /** callback: the address of runs that named it as their callback_url. */
    kind: z.enum(['endpoint', 'callback']),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    status: z.enum(['enabled', 'disabled']),
    /** failing: nothing arrived for three days. gone: it answered 410. */
    disabled_because: z.enum(['failing', 'gone', 'person']).nullable(),
    failing_since: instant.nullable(),
    /** Until when the secret before this one signs as well. */
    old_secret_until: instant.nullable(),
    /** Deliveries that wait. */
    waiting: z.number().int(),
    created_at: instant,
    /** Shown once, in the answer that makes it. */
    secret: z.string().optional(),
  })
  .meta({ id: 'WebhookEndpoint' })
export const endpointList = listOf(endpoint)

export const delivery = z
  .object({
    id: idOf('delivery'),
    endpoint_id: idOf('endpoint'),
    event_id: idOf('event'),
    event_type: z.string(),
    url: z.string(),
    status: z.enum(['waiting', 'delivered', 'failed', 'cancelled']),
    attempts: z.number().int(),
    replayed: z.boolean(),
    /** HTTP status of the last answer; null where none came. */
    last_status: z.number().int().nullable(),
    /** Why it has not arrived: not_accepted (the answer was no 2xx), or what stood in the way of an answer. */
    last_failure: z.string().nullable(),
    created_at: instant,
    ended_at: instant.nullable(),
  })
  .meta({ id: 'WebhookDelivery' })
export const deliveryList = listOf(delivery)

export const deliveryDetail = delivery
  .extend({
    body: z.string(),
    tries: z.array(
      z.object({
        attempt: z.number().int(),
        sent_at: instant,
        duration_ms: z.number().int(),
        url: z.string(),
        headers: z.record(z.string(), z.string()),
        status: z.number().int().nullable(),
        failure: z.string().nullable(),
        /** The first four thousand characters; null where none is kept. */
        response: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'WebhookDeliveryDetail' })

export const replayRequest = z.object({
  from: instant,
  to: instant,
})
export const replayed = z.object({ deliveries: z.number().int() })

export const eventTypes = z
  .object({
    data: z.array(
      z.object({
        type: z.string(),
        version: z.number().int(),
        when: z.string(),
        /** JSON Schema of its `data`. */
        schema: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'EventTypes' })
