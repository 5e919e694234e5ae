/**
 * `webhook`: endpoints of the account, what was sent to them, and sending it once more.
 */
import type { WebhookDeliveryDetail } from '@drawdown/client'
import type { Globals } from './globals.ts'
import { printJson, printLines, showInstant, showNumberOf, tableLines } from './print.ts'
import { readAll } from './read-all.ts'
import { UsedWrongly } from './refusal.ts'
import { asAccount } from './speak.ts'

export type CreateWebhook = Globals & { event?: string[]; description?: string }
export type ReplaySpan = Globals & { from?: string; to?: string }

export async function listWebhooks({ account, json }: Globals): Promise<void> {
  const endpoints = await asAccount(account, (api) => readAll((query) => api.listEndpoints({ query })))
  if (json) return printJson({ data: endpoints, next_cursor: null })
  if (endpoints.length === 0) return printLines('No endpoint yet.')
  printLines(
    ...tableLines([
      ['endpoint', 'status', 'waiting', 'events', 'address'],
      ...endpoints.map((one) => [
        one.id,
        one.disabled_because ? `${one.status}: ${one.disabled_because}` : one.status,
        String(one.waiting),
        one.events.join(' ') || 'all',
        one.url,
      ]),
    ]),
  )
}

export async function createWebhook(url: string, options: CreateWebhook): Promise<void> {
  const { account, event = [], description = '', json } = options
  const made = await asAccount(account, (api) =>
    api.createEndpoint({ body: { url, events: event, description } }),
  )
  if (json) return printJson(made)
  printLines(
    ...tableLines([
      ['endpoint', made.id],
      ['secret', made.secret!],
    ]),
    'The secret is shown this once. Each event is signed with it.',
  )
}

export async function removeWebhook(id: string, { account, json }: Globals): Promise<void> {
  await asAccount(account, (api) => api.removeEndpoint({ path: { id } }))
  if (json) printJson({ id })
  else printLines('Removed.')
}

export async function testWebhook(id: string, { account, json }: Globals): Promise<void> {
  const sent = await asAccount(account, (api) => api.testEndpoint({ path: { id } }))
  if (json) return printJson(sent)
  printLines(`A test event is on its way. "drawdown webhook delivery ${sent.id}" says what was answered.`)
}

export async function listDeliveries(id: string, { account, json }: Globals): Promise<void> {
  const deliveries = await asAccount(account, (api) =>
    readAll((query) => api.listDeliveries({ path: { id }, query })),
  )
  if (json) return printJson({ data: deliveries, next_cursor: null })
  if (deliveries.length === 0) return printLines('Nothing was sent there.')
  printLines(
    ...tableLines([
      ['delivery', 'event', 'when', 'status', 'answer'],
      ...deliveries.map((one) => [
        one.id,
        one.event_type,
        showInstant(one.created_at, 'UTC'),
        one.status,
        answerText(one.last_status, one.last_failure),
      ]),
    ]),
  )
}

export async function showDelivery(id: string, { account, json }: Globals): Promise<void> {
  const delivery = await asAccount(account, (api) => api.getDelivery({ path: { id } }))
  if (json) return printJson(delivery)
  printLines(...deliveryLines(delivery))
}

/** `id`: a delivery, or with a span an endpoint. */
export async function replay(id: string, { account, json, from, to }: ReplaySpan): Promise<void> {
  if ((from === undefined) !== (to === undefined)) {
    throw new UsedWrongly('A span has two ends.', 'Give both --from and --to, or neither.')
  }
  if (from !== undefined && to !== undefined) {
    const span = { from, to }
    const replayed = await asAccount(account, (api) => api.replayEvents({ path: { id }, body: span }))
    if (json) return printJson(replayed)
    return printLines(`${showNumberOf(replayed.deliveries, 'event')} on the way once more.`)
  }
  const sent = await asAccount(account, (api) => api.replayDelivery({ path: { id } }))
  if (json) return printJson(sent)
  printLines(`It is on its way once more, as ${sent.id}.`)
}

function deliveryLines(delivery: WebhookDeliveryDetail): string[] {
  const tries = delivery.tries.flatMap((one) => [
    `${showInstant(one.sent_at, 'UTC')}: ${answerText(one.status, one.failure)}, after ${one.duration_ms} ms`,
    ...(one.response ? [one.response] : []),
  ])
  return [`${delivery.event_type} to ${delivery.url}: ${delivery.status}`, ...tries, '', delivery.body]
}

function answerText(status: number | null, failure: string | null): string {
  return [status, failure?.replaceAll('_', ' ')].filter((part) => part != null).join(' ') || 'none yet'
}
