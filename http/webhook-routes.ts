/** Webhooks: endpoints, what was sent to them, sending it again, and the events that can be asked for. */
import { z } from 'zod'
import {
  createEndpoint,
  type Endpoint,
  listEndpoints,
  readEndpoint,
  removeEndpoint,
  rotateSecret,
  testEndpoint,
  updateEndpoint,
} from '../outbox/endpoints.ts'
import { eventCatalogue } from '../outbox/event-catalogue.ts'
import {
  type Delivery,
  type DeliveryDetail,
  listDeliveries,
  MOST_REPLAYED,
  readDelivery,
  replayDelivery,
  replaySpan,
} from '../outbox/read-deliveries.ts'
import type { Handlers } from './handlers.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import { isRefused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'
import type * as shapes from './webhook-shapes.ts'

export const handlers = {
  listEventTypes: () => ({ data: eventTypes }),

  listEndpoints: async ({ services, accountId, query: { limit, cursor } }) => {
    const after = cursorKey(cursor, isUuid)
    if (isRefused(after)) return after
    const all = await services.db.asTenant(accountId, (tx) => listEndpoints(tx, accountId))
    const rows = all.filter(({ id }) => after === null || id < after).slice(0, limit + 1)
    const page = pageOf(rows, limit, ({ id }) => id)
    return { ...page, data: page.data.map(shownEndpoint) }
  },

  createEndpoint: async ({ services: { db, sealer, outside }, accountId, body: draft }) => {
    // What no delivery would ever reach is refused while somebody looks.
    const unreachable = outside.refuse(draft.url)
    if (unreachable) return refuse(unreachable.refusal, unreachable.detail)
    const made = await db.asTenant(accountId, (tx) => createEndpoint(tx, accountId, { draft, sealer }))
    return made.ok ? { ...shownEndpoint(made.endpoint), secret: made.secret } : made
  },

  getEndpoint: async ({ services, accountId, params }) => {
    const found = await services.db.asTenant(accountId, (tx) => readEndpoint(tx, accountId, params.id))
    return found ? shownEndpoint(found) : refuse('endpoint_not_found')
  },

  updateEndpoint: async ({ services, accountId, params, body }) => {
    const patch = { endpointId: params.id, ...body }
    const unreachable = body.url === undefined ? null : services.outside.refuse(body.url)
    if (unreachable) return refuse(unreachable.refusal, unreachable.detail)
    const changed = await services.db.asTenant(accountId, (tx) => updateEndpoint(tx, accountId, patch))
    return changed.ok ? shownEndpoint(changed.endpoint) : changed
  },

  removeEndpoint: async ({ services, accountId, params }) => {
    const removed = await services.db.asTenant(accountId, (tx) => removeEndpoint(tx, accountId, params.id))
    return removed.ok ? undefined : removed
  },

  rotateEndpointSecret: async ({ services: { db, sealer }, accountId, params }) => {
    const request = { endpointId: params.id, sealer }
    const rotated = await db.asTenant(accountId, (tx) => rotateSecret(tx, accountId, request))
    return rotated.ok ? { ...shownEndpoint(rotated.endpoint), secret: rotated.secret } : rotated
  },

  testEndpoint: async ({ services, accountId, params }) => {
    const sent = await services.db.asTenant(accountId, (tx) => testEndpoint(tx, accountId, params.id))
    return sent.ok ? answerDelivery(services, accountId, sent.deliveryId) : sent
  },

  listDeliveries: async ({ services, accountId, params, query: { limit, cursor } }) => {
    const before = cursorKey(cursor, isUuid)
    if (isRefused(before)) return before
    return services.db.asTenant(accountId, async (tx) => {
      if (!(await readEndpoint(tx, accountId, params.id))) return refuse('endpoint_not_found')
      const request = { endpointId: params.id, before, limit: limit + 1 }
      const page = pageOf(await listDeliveries(tx, accountId, request), limit, ({ id }) => id)
      return { ...page, data: page.data.map(shownDelivery) }
    })
  },

  getDelivery: ({ services, accountId, params }) => answerDelivery(services, accountId, params.id),

  replayDelivery: async ({ services, accountId, params }) => {
    const id = await services.db.asTenant(accountId, (tx) => replayDelivery(tx, accountId, params.id))
    return id === null ? refuse('delivery_not_found') : answerDelivery(services, accountId, id)
  },

  replayEvents: async ({ services, accountId, params, body }) => {
    const span = { endpointId: params.id, ...body }
    const count = await services.db.asTenant(accountId, (tx) => replaySpan(tx, accountId, span))
    if (count === null) return refuse('endpoint_not_found')
    if (count === 'too_many') {
      return refuse('span_too_long', `These are more than ${MOST_REPLAYED} events. Name a shorter span.`)
    }
    return { deliveries: count }
  },
} satisfies Partial<Handlers>

const eventTypes = Object.entries(eventCatalogue).map(([type, { version, when, data }]) => ({
  type,
  version,
  when,
  schema: z.toJSONSchema(data, { io: 'input' }) as Record<string, unknown>,
}))

async function answerDelivery(services: Services, accountId: string, id: string) {
  const found = await services.db.asTenant(accountId, (tx) => readDelivery(tx, accountId, id))
  return found ? shownDetail(found) : refuse('delivery_not_found')
}

function shownEndpoint(endpoint: Endpoint): z.output<typeof shapes.endpoint> {
  const { disabledBecause, failingSince, oldSecretUntil, createdAt, ...rest } = endpoint
  return {
    ...rest,
    disabled_because: disabledBecause,
    failing_since: failingSince,
    old_secret_until: oldSecretUntil,
    created_at: createdAt,
  }
}

function shownDelivery(delivery: Delivery): z.output<typeof shapes.delivery> {
  return {
    id: delivery.id,
    endpoint_id: delivery.endpointId,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    url: delivery.url,
    status: delivery.status,
    attempts: delivery.attempts,
    replayed: delivery.replayed,
    last_status: delivery.lastStatus,
    last_failure: delivery.lastFailure,
    created_at: delivery.createdAt,
    ended_at: delivery.endedAt,
  }
}

function shownDetail(delivery: DeliveryDetail): z.output<typeof shapes.deliveryDetail> {
  const tries = delivery.tries.map(({ sentAt, durationMs, ...rest }) => ({
    ...rest,
    sent_at: sentAt,
    duration_ms: durationMs,
  }))
  return { ...shownDelivery(delivery), body: delivery.body, tries }
}
