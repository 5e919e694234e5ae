/**
 * Usage as CloudEvents 1.0: how an event says what ran, and how it is told in the words of a usage record.
 *
 * Called by routes.ts for the two media types of events, and by usage-routes.ts for lines of JSON that are events. What comes out is what a
 * usage record decodes to, so that behind the edge there is one kind of usage.
 *
 *   source + id ─▶ key · data.operation, else the last word of type ─▶ operation · data.quantity ─▶ quantity · time ─▶ occurred_at
 *   data.account_id, else a subject that is an account's id ─▶ account_id
 *
 * 1. An event is known by its source and its id together, as the specification says: sent again, it is booked once.
 * 2. Attributes and data that are not named above are another's and are left alone.
 */
import { z } from 'zod'
import { idOf } from './ids.ts'
import { instant } from './shapes.ts'
import type { usageInput } from './usage-shapes.ts'

export const CLOUD_EVENT = 'application/cloudevents+json'
export const CLOUD_EVENT_BATCH = 'application/cloudevents-batch+json'

/** As long as any key. */
const MOST_CHARACTERS = 200
const OPERATION = /^[a-z][a-z0-9_]{0,63}$/

const accountId = idOf('account')
const wireAccountId = /^account_[0-9a-f]{32}$/
const JSON_TYPE = /^(application|text)\/([^;]+\+)?json\s*(;|$)/i

const attributes = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  source: z.string().regex(/^\S+$/, 'a URI reference without spaces, such as "/cameras/7"'),
  type: z.string().min(1),
  subject: z.string().nullish(),
  time: instant.nullish(),
  datacontenttype: z.string().regex(JSON_TYPE, '"application/json": the data of usage is JSON').nullish(),
  data: z
    .looseObject({
      operation: z.string().regex(OPERATION).optional(),
      quantity: z.number().int().positive().max(1_000_000_000).optional(),
      account_id: accountId.optional(),
    })
    .nullish(),
})

/** One event, decoded to a usage record. */
export const cloudEvent = attributes.transform((event, context): z.output<typeof usageInput> => {
  const { id, source, type, time, subject, data } = event
  // No space is in a source, so the first one ends it: two events never share a key.
  const key = `${source} ${id}`
  if (key.length > MOST_CHARACTERS) {
    const message = `expected at most ${MOST_CHARACTERS - 1} characters in "source" and "id" together, got ${key.length - 1}`
    context.addIssue({ code: 'custom', path: ['id'], message })
  }
  if (event.data_base64 != null) {
    const message = 'expected the data as JSON, under "data"'
    context.addIssue({ code: 'custom', path: ['data_base64'], message })
  }
  const operation = data?.operation ?? type.slice(type.lastIndexOf('.') + 1)
  if (!OPERATION.test(operation)) {
    const message = `expected "data.operation", or a type that ends in the code of an operation, such as "com.example.smart_crop"`
    context.addIssue({ code: 'custom', path: ['type'], message })
  }
  const named = subject != null && wireAccountId.test(subject) ? accountId.decode(subject) : undefined
  return {
    key,
    operation,
    quantity: data?.quantity ?? 1,
    ...(time == null ? {} : { occurred_at: time }),
    ...((data?.account_id ?? named) === undefined ? {} : { account_id: data?.account_id ?? named }),
  }
})

/** A batch, booked all or nothing. It may be empty, as the specification wants it. */
export const cloudEventBatch = z.array(cloudEvent).max(1000)

/** Whether a line of JSON is meant as an event. */
export function isCloudEvent(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'specversion' in line
}
