/** Quotes, runs, items, receipts and results. */
import { Readable } from 'node:stream'
import { archiveResults } from '../automations/archive-results.ts'
import { cancelRun } from '../automations/cancel-run.ts'
import { createQuote } from '../automations/create-quote.ts'
import { acceptHeldItem, discardHeldItem } from '../automations/decide-held-item.ts'
import { readReceipt } from '../automations/read-receipt.ts'
import { listItems, listRuns, readItem, readRun } from '../automations/read-run.ts'
import { quoteRedo, redoItem } from '../automations/redo-item.ts'
import { resultName } from '../automations/result-names.ts'
import { retryRun } from '../automations/retry-run.ts'
import { startRun } from '../automations/start-run.ts'
import { unfoldRun } from '../automations/unfold-run.ts'
import { prepareCallback } from '../outbox/endpoints.ts'
import type { Handlers } from './handlers.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import type { AnyPrincipal } from './principal.ts'
import { isRefused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'
import { revisionOf, runEvents } from './run-events.ts'
import { attachment, protect, sendImage } from './send-file.ts'
import { shownItem, shownQuote, shownReceipt, shownRun } from './show-work.ts'

const isPosition = (key: string) => /^\d{1,9}$/.test(key)

export const handlers = {
  createQuote: async ({ services, accountId, body }) => {
    // The schema asks for exactly one of the two.
    const images = body.image_ids ?? body.image_count!
    const quoted = await createQuote(services, accountId, { automationId: body.automation_id, images })
    return quoted.ok ? shownQuote(quoted.quote) : refuse(quoted.refusal, quoted.detail)
  },

  createRun: async ({ services, accountId, body, principal, idempotencyKey, reply }) => {
    const request = {
      automationId: body.automation_id,
      imageIds: body.image_ids,
      quoteId: body.quote_id,
      name: body.name,
      callbackUrl: body.callback_url === undefined ? undefined : new URL(body.callback_url).href,
      idempotencyKey,
      createdBy: nameOf(principal),
    }
    const { callbackUrl: url } = request
    const unreachable = url ? services.outside.refuse(url) : null
    if (unreachable) return refuse(unreachable.refusal, unreachable.detail)
    const started = await services.db.asTenant(accountId, async (tx) => {
      const ready = url ? await prepareCallback(tx, accountId, { url, sealer: services.sealer }) : null
      return ready?.ok === false ? ready : startRun(tx, accountId, request)
    })
    if (!started.ok) return refuse(started.refusal, started.detail)
    if (started.replayed) reply.code(200)
    await unfoldRun(services.db, accountId, started.runId)
    return answerRun(services, accountId, started.runId)
  },

  listRuns: async ({ services, accountId, query }) => {
    const after = cursorKey(query.cursor, isUuid)
    if (isRefused(after)) return after
    const rows = await services.db.asTenant(accountId, (tx) =>
      listRuns(tx, accountId, { after, limit: query.limit + 1 }),
    )
    const awaited = services.models.waitingFor()
    return pageOf(
      rows.map((run) => shownRun(run, awaited)),
      query.limit,
      ({ id }) => id,
    )
  },

  getRun: ({ services, accountId, params }) => answerRun(services, accountId, params.id),

  listItems: async ({ services, accountId, params, query }) => {
    const key = cursorKey(query.cursor, isPosition)
    if (isRefused(key)) return key
    const page = { after: key === null ? null : Number(key), limit: query.limit + 1 }
    const run = { accountId, runId: params.id }
    const rows = await services.db.asTenant(accountId, async (tx) =>
      (await readRun(tx, accountId, params.id)) ? listItems(tx, run, page) : null,
    )
    if (!rows) return refuse('run_not_found')
    return pageOf(rows.map(shownItem), query.limit, ({ position }) => String(position))
  },

  streamRun: async ({ services, accountId, params, raw, reply, closing }) => {
    const run = await services.db.asTenant(accountId, (tx) => readRun(tx, accountId, params.id))
    if (!run) return refuse('run_not_found')
    const left = new AbortController()
    const leave = () => left.abort()
    const { socket } = raw.raw
    socket.once('close', leave)
    // The connection may outlive the stream, and carry many more.
    reply.raw.once('close', () => {
      socket.off('close', leave)
      leave()
    })
    const events = runEvents(services, {
      accountId,
      runId: params.id,
      after: revisionOf(raw.headers['last-event-id']),
      signal: AbortSignal.any([left.signal, closing]),
    })
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(Readable.from(events, { objectMode: false }))
  },

  getReceipt: async ({ services, accountId, params }) => {
    const receipt = await services.db.asTenant(accountId, (tx) => readReceipt(tx, accountId, params.id))
    return receipt ? shownReceipt(receipt, services.models.waitingFor()) : refuse('run_not_found')
  },

  downloadResults: async ({ services, accountId, params, reply }) => {
    const run = await services.db.asTenant(accountId, (tx) => readRun(tx, accountId, params.id))
    if (!run) return refuse('run_not_found')
    const archive = await archiveResults(services, accountId, params.id)
    return protect(reply)
      .type('application/zip')
      .header('content-disposition', attachment(resultName(run.name, 'zip')))
      .send(archive)
  },

  cancelRun: async ({ services, accountId, params }) => {
    const found = await services.db.asTenant(accountId, (tx) => cancelRun(tx, accountId, params.id))
    return found ? answerRun(services, accountId, params.id) : refuse('run_not_found')
  },

  retryRun: async ({ services, accountId, params }) => {
    const queued = await services.db.asTenant(accountId, (tx) => retryRun(tx, accountId, params.id))
    return queued === undefined ? refuse('run_not_found') : answerRun(services, accountId, params.id)
  },

  getItem: ({ services, accountId, params }) => answerItem(services, accountId, params.id),

  acceptItem: async ({ services, accountId, params }) => {
    const accepted = await acceptHeldItem(services.db, accountId, params.id)
    if (!accepted.ok) return refuse(accepted.refusal, accepted.detail)
    return answerItem(services, accountId, params.id)
  },

  discardItem: async ({ services, accountId, params }) => {
    const discarded = await discardHeldItem(services.db, accountId, params.id)
    if (!discarded.ok) return refuse(discarded.refusal, discarded.detail)
    return answerItem(services, accountId, params.id)
  },

  quoteRedo: async ({ services, accountId, params, body }) => {
    const correction = { itemId: params.id, box: body.photo_box }
    const quoted = await quoteRedo(services, accountId, correction)
    return quoted.ok ? shownQuote(quoted.quote) : refuse(quoted.refusal, quoted.detail)
  },

  redoItem: async ({ services, accountId, params, body, principal, idempotencyKey, reply }) => {
    const request = { itemId: params.id, box: body.photo_box, quoteId: body.quote_id }
    const by = { idempotencyKey, createdBy: nameOf(principal) }
    const started = await services.db.asTenant(accountId, (tx) =>
      redoItem(tx, accountId, { ...request, ...by }),
    )
    if (!started.ok) return refuse(started.refusal, started.detail)
    if (started.replayed) reply.code(200)
    return answerRun(services, accountId, started.runId)
  },

  getItemFile: async ({ services, accountId, params, raw, reply }) => {
    const item = await services.db.asTenant(accountId, (tx) => readItem(tx, accountId, params.id))
    if (!item) return refuse('item_not_found')
    if (item.status === 'held') return refuse('item_held')
    if (item.outputSha256 === null) return refuse('no_result')
    const format = item.outputFormat!
    return sendImage(
      { raw, reply, files: services.files, accountId },
      {
        sha256: item.outputSha256,
        bytes: Number(item.outputBytes),
        format,
        name: resultName(item.imageName, format),
      },
    )
  },

  getItemPreview: async ({ services, accountId, params, raw, reply }) => {
    const item = await services.db.asTenant(accountId, (tx) => readItem(tx, accountId, params.id))
    if (!item) return refuse('item_not_found')
    if (item.previewSha256 === null) return refuse('no_result')
    return sendImage(
      { raw, reply, files: services.files, accountId },
      { sha256: item.previewSha256, bytes: null, format: 'webp', name: resultName(item.imageName, 'webp') },
    )
  },
} satisfies Partial<Handlers>

async function answerRun(services: Services, accountId: string, runId: string) {
  const run = await services.db.asTenant(accountId, (tx) => readRun(tx, accountId, runId))
  return run ? shownRun(run, services.models.waitingFor()) : refuse('run_not_found')
}

async function answerItem(services: Services, accountId: string, itemId: string) {
  const item = await services.db.asTenant(accountId, (tx) => readItem(tx, accountId, itemId))
  return item ? shownItem(item) : refuse('item_not_found')
}

/** Who started it, to show: a user's id or a key's. */
export function nameOf(principal: AnyPrincipal): string | null {
  if (principal.kind === 'user') return principal.userId
  return principal.kind === 'key' ? principal.apiKeyId : null
}
