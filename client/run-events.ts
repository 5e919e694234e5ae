/**
 * Reads the server-sent events of a run: items as they end, progress, balance.
 *
 * Not an EventSource, which can neither carry a key or an account header nor tell a refusal from a broken line.
 *
 * 1. Events come in order, none twice: a broken connection is taken up after the last event that was seen.
 * 2. It ends after the event that says the run has ended, or on the caller's signal.
 * 3. A refusal is thrown. A broken connection, or a server that is just stopping or starting, is asked again, for a minute
 *    without an event or as long as the caller says.
 */
import type { Client } from './generated/client/index.ts'
import type { Item, Run } from './generated/types.gen.ts'
import { DrawdownProblem, DrawdownUnreachable } from './problem.ts'

export type RunEvent =
  | { event: 'item'; id: string; data: Item }
  | { event: 'run'; id: string; data: Run }
  | { event: 'balance'; id: string; data: { balance: string; overage: string } }

export type WatchOptions = {
  /** The id of the last event that is known. */
  after?: string
  signal?: AbortSignal
  /** How long to ask again without hearing anything; a minute unless said, Infinity for as long as somebody looks. */
  giveUpAfterMs?: number
}

const GIVE_UP_AFTER_MS = 60_000
/** Twice as long after each try that was in vain, up to the last. */
const RECONNECT_AFTER_MS = { first: 500, last: 5000 }

/** See DrawdownClient.watchRun. */
export async function* readRunEvents(
  client: Client,
  runId: string,
  options: WatchOptions,
): AsyncGenerator<RunEvent> {
  let last = options.after
  let quietSince = performance.now()
  let wait = RECONNECT_AFTER_MS.first
  const giveUpAfterMs = options.giveUpAfterMs ?? GIVE_UP_AFTER_MS
  for (;;) {
    try {
      for await (const event of openStream(client, runId, last, options.signal)) {
        quietSince = performance.now()
        wait = RECONNECT_AFTER_MS.first
        last = event.id === '' ? last : event.id
        yield event
        if (event.event === 'run' && event.data.finished_at !== null) return
      }
    } catch (fault) {
      if (options.signal?.aborted) return
      if (!isBrokenLine(fault) || performance.now() - quietSince > giveUpAfterMs) throw fault
    }
    if (options.signal?.aborted) return
    await new Promise((resolve) => setTimeout(resolve, wait))
    wait = Math.min(wait * 2, RECONNECT_AFTER_MS.last)
  }
}

function isBrokenLine(fault: unknown): boolean {
  // What fetch throws while a body is read is a TypeError, in browsers as in Node.
  if (fault instanceof DrawdownUnreachable || fault instanceof TypeError) return true
  return fault instanceof DrawdownProblem && (fault.status >= 500 || fault.status === 429)
}

async function* openStream(
  client: Client,
  runId: string,
  last: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent> {
  const body = (await client.get({
    url: '/v1/runs/{id}/events',
    path: { id: runId },
    responseStyle: 'data',
    parseAs: 'stream',
    headers: { accept: 'text/event-stream', 'last-event-id': last ?? null },
    signal: signal ?? null,
  })) as unknown as ReadableStream<Uint8Array>
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += decoder.decode(value, { stream: true })
      const blocks = text.split(/\r?\n\r?\n/)
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = parseEvent(block)
        if (event) yield event
      }
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** One block of the stream; undefined for comments, such as the heartbeat, and for events this client does not know. */
export function parseEvent(block: string): RunEvent | undefined {
  const fields = new Map<string, string>()
  for (const line of block.split(/\r?\n/)) {
    const match = /^(\w+):\s?(.*)$/.exec(line)
    if (!match) continue
    const [, field = '', value = ''] = match
    fields.set(field, fields.has(field) ? `${fields.get(field)}\n${value}` : value)
  }
  const event = fields.get('event')
  const data = fields.get('data')
  if (data === undefined || (event !== 'item' && event !== 'run' && event !== 'balance')) return undefined
  return { event, id: fields.get('id') ?? '', data: JSON.parse(data) } as RunEvent
}
