/** Bodies of the routes about work: automations, operations, images, quotes, runs, items and receipts. */
import { z } from 'zod'
import { planRef } from './billing-shapes.ts'
import { count, name, operationCode } from './fields.ts'
import { idOf } from './ids.ts'
import { amount, instant, listOf } from './shapes.ts'

const settings = z.record(z.string(), z.unknown())
export const step = z.object({ operation: operationCode, settings: settings.optional() }).strict()
const steps = z.array(step).min(1).max(20)

export const automationRequest = z.object({ name, steps }).strict()
export const automationPatch = z.object({ name: name.optional(), steps: steps.optional() }).strict()
export const automation = z
  .object({
    id: idOf('automation'),
    name: z.string(),
    steps: z.array(step),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Automation' })
export const automationList = listOf(automation)

/** The catalogue of image operations with the JSON Schema of their settings: what an editor is drawn from. */
export const operation = z
  .object({ code: operationCode, name: z.string(), description: z.string(), settings_schema: settings })
  .meta({ id: 'Operation' })
export const operationList = listOf(operation)

export const image = z
  .object({
    id: idOf('image'),
    name: z.string(),
    sha256: z.string(),
    bytes: count,
    format: z.string(),
    width: count,
    height: count,
    created_at: instant,
    /** Already there: the same bytes were uploaded before. */
    known: z.boolean().optional(),
  })
  .meta({ id: 'Image' })
export const imageList = listOf(image)
/** Where a photo is fetched from, in place of an upload. */
export const imageAddress = z.object({ url: z.string().min(1).max(2_048) }).strict()
/** One answer per uploaded file, in order; a refused file tells why and stops no other. */
export const uploadAnswer = z.object({
  images: z.array(image),
  refused: z.array(z.object({ name: z.string(), refusal: z.string(), detail: z.string() })),
})

export const quoteRequest = z
  .object({
    automation_id: idOf('automation'),
    image_ids: z.array(idOf('image')).min(1).max(100_000).optional(),
    image_count: z.number().int().min(1).max(1_000_000).optional(),
  })
  .refine((body) => (body.image_ids === undefined) !== (body.image_count === undefined), {
    message: 'give either "image_ids" or "image_count"',
  })
export const quote = z
  .object({
    id: idOf('quote'),
    automation_id: idOf('automation'),
    image_count: count,
    /** A maximum: work already paid for is free. Unit prices are bound; the split is at today's balance. */
    cost: amount,
    from_credits: amount,
    overage: amount,
    overage_credits: amount,
    balance: amount,
    balance_after: amount,
    operations: z.array(
      z.object({
        operation: operationCode,
        name: z.string(),
        quantity: count,
        unit_price: amount,
        cost: amount,
      }),
    ),
    /** Images whose whole work is already paid for and costs nothing again. */
    already_paid_images: count,
    plan: planRef,
    plan_version: z.number(),
    credit_unit: z.string(),
    currency: z.string(),
    expires_at: instant,
    summary: z.string(),
  })
  .meta({ id: 'Quote' })

const share = z.number().min(-2).max(2)
/** Where a person cuts a photo, in shares of the upright photo; it may reach beyond a cut-out. */
export const photoBox = z
  .object({ x: share, y: share, width: z.number().positive().max(4), height: z.number().positive().max(4) })
  .strict()
export const redoQuoteRequest = z.object({ photo_box: photoBox }).strict()
export const redoRequest = z.object({ photo_box: photoBox, quote_id: idOf('quote').optional() }).strict()

export const runRequest = z.object({
  automation_id: idOf('automation'),
  image_ids: z.array(idOf('image')).min(1).max(100_000),
  quote_id: idOf('quote').optional(),
  name: name.optional(),
  /** The event run.finished is sent there, signed like a webhook. */
  callback_url: z.url().max(2000).optional(),
})
export const run = z
  .object({
    id: idOf('run'),
    name: z.string(),
    automation_id: idOf('automation'),
    /** paused_by_budget: the limit of overage that the customer has set holds what is left of it. */
    status: z.enum(['running', 'paused_by_budget', 'finished', 'cancelled']),
    items: z.object({
      total: count,
      queued: count,
      working: count,
      succeeded: count,
      failed: count,
      held: count,
      cancelled: count,
    }),
    cost: amount,
    from_credits: amount,
    overage: amount,
    currency: z.string(),
    credit_unit: z.string(),
    /** Why nothing moves, if nothing does: the models are still being fetched, for example. */
    waiting_for: z.string().nullable(),
    /** Seconds, from the pace so far; null before the first item. */
    remaining_seconds: count.nullable(),
    created_at: instant,
    finished_at: instant.nullable(),
  })
  .meta({ id: 'Run' })
export const runList = listOf(run)

export const itemFile = z.object({
  bytes: count,
  format: z.string(),
  width: count,
  height: count,
  url: z.string(),
  preview_url: z.string(),
})
export const item = z
  .object({
    id: idOf('item'),
    position: count,
    status: z.enum(['queued', 'working', 'succeeded', 'failed', 'held', 'cancelled']),
    image: z.object({ id: idOf('image'), name: z.string(), preview_url: z.string() }),
    output: itemFile.nullable(),
    /** When its photo was removed, and with it what was made of it; null while both are there. */
    removed_at: instant.nullable(),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    report: z.array(settings),
    cost: amount,
    from_credits: amount,
    overage: amount,
    /** Of a held item: what accepting it would cost. */
    cost_if_accepted: amount.nullable(),
    finished_at: instant.nullable(),
  })
  .meta({ id: 'Item' })
export const itemList = listOf(item)

/** Server-sent events of a run: `item` (an Item), `run` (a Run), `balance` (below); the id of an event resumes after it. */
export const balanceEvent = z.object({ balance: amount, overage: amount })

export const receipt = z
  .object({
    run: run,
    automation: z.object({ name: z.string(), steps: z.array(step) }),
    plan: planRef,
    operations: z.array(
      z.object({
        operation: operationCode,
        name: z.string(),
        charged: count,
        /** Done before in this account and already paid for: free. */
        already_paid: count,
        unit_price: amount,
        cost: amount,
        from_credits: amount,
        overage: amount,
      }),
    ),
    images: z.array(
      z.object({
        item_id: idOf('item'),
        name: z.string(),
        status: z.string(),
        failure: z.string().nullable(),
        cost: amount,
        from_credits: amount,
        overage: amount,
        steps: z.array(
          z.object({
            operation: operationCode,
            usage_id: idOf('usage').nullable(),
            already_paid: z.boolean(),
            cost: amount,
            from_credits: amount,
            overage: amount,
          }),
        ),
      }),
    ),
    cost: amount,
    from_credits: amount,
    overage: amount,
    currency: z.string(),
    credit_unit: z.string(),
  })
  .meta({ id: 'Receipt' })
