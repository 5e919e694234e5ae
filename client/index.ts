/**
 * The typed client of the Drawdown API, for browsers and Node. Used by the web app, the command line and the scenarios.
 *
 * 1. Everything in generated/ is made from http/openapi.json by `npm run client`; what is written by hand adds no route of its own.
 * 2. Amounts stay the decimal strings of the wire. Whoever computes with them parses them exactly.
 * 3. A call answers the body of a success and throws for everything else (problem.ts).
 * 4. Every write carries an Idempotency-Key, so that a call that came too fast, or met a database that was away, is repeated after the
 *    time the server named and still done once.
 */
import { createClient as createTransport } from './generated/client/index.ts'
import { GeneratedClient } from './generated/sdk.gen.ts'
import type {
  ImageAddress,
  Run,
  UploadAnswer,
  UploadImagesErrors,
  UploadImagesResponses,
} from './generated/types.gen.ts'
import { toThrown } from './problem.ts'
import { type RunEvent, readRunEvents, type WatchOptions } from './run-events.ts'
import { type ArchiveLine, readArchiveLines } from './unpack-archive.ts'
import { sendUsageLines, type UsageLine } from './usage-lines.ts'

export type * from './generated/types.gen.ts'
export { DrawdownProblem, DrawdownUnreachable, type FieldError } from './problem.ts'
export type { RunEvent } from './run-events.ts'
export type { UsageLine } from './usage-lines.ts'

export type ClientSettings = {
  /** Where the server is: `http://localhost:4000`. In a browser, '' is the page's own origin. */
  url: string
  /** An API key of an account (`dd_…`) or an operator's token. Without it the session cookie speaks. */
  apiKey?: string | undefined
  /** Which account is meant, for a session of a user with several. */
  accountId?: string | undefined
}

/** One method a route, named as in the API document. */
export class DrawdownClient extends GeneratedClient {
  /**
   * Events of a run, beginning with every item that has changed since the run's start, or since the event `after`; ends when the
   * run has ended. A broken connection is taken up again where it broke. Throws a DrawdownProblem when the server refuses, and
   * what broke the connection when that lasts longer than `giveUpAfterMs`.
   */
  watchRun(id: Run['id'], options: WatchOptions = {}): AsyncGenerator<RunEvent> {
    return readRunEvents(this.client, id, options)
  }

  /**
   * Sends a ZIP archive of photos and yields a line for each of its files as it is taken in. A line that broke in the middle is
   * thrown; sent again, what is in is known.
   */
  unpackArchive(archive: Blob | ReadableStream): AsyncGenerator<ArchiveLine> {
    return readArchiveLines(this.client, archive)
  }

  /** Has the server fetch a photo from an address on the internet: the JSON form of uploadImages. */
  fetchImage(body: ImageAddress): Promise<UploadAnswer> {
    const headers = { 'Content-Type': 'application/json' }
    return this.client.post<UploadImagesResponses, UploadImagesErrors, true, 'data'>({
      responseStyle: 'data',
      url: '/v1/images',
      body,
      headers,
    }) as Promise<UploadAnswer>
  }

  /**
   * Records usage as lines of JSON, each booked or refused for itself; answers what became of each, in order. A call that got no
   * whole answer may be repeated: what was booked is answered again. A hundred to a thousand lines a call go fastest.
   */
  recordUsageLines(lines: readonly string[]): Promise<UsageLine[]> {
    return sendUsageLines(this.client, lines)
  }
}

/** Opens no connection: the first call does. */
export function createClient(settings: ClientSettings): DrawdownClient {
  const url = settings.url.replace(/\/+$/, '')
  const transport = createTransport({
    baseUrl: url,
    throwOnError: true,
    fetch: fetchPatiently,
    headers: {
      authorization: settings.apiKey === undefined ? null : `Bearer ${settings.apiKey}`,
      'drawdown-account': settings.accountId ?? null,
    },
  })
  transport.interceptors.error.use((fault, response) =>
    toThrown(fault, response as Response | undefined, url),
  )
  return new DrawdownClient({ client: transport })
}

const MOST_ATTEMPTS = 5
/** Too many requests; not available at this moment, or its outcome unknown. */
const REPEATABLE = [429, 503]
const MOST_SECONDS_TO_WAIT = 60

async function fetchPatiently(input: Request | string | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  if (request.method !== 'GET' && !request.headers.has('idempotency-key')) {
    request.headers.set('idempotency-key', randomKey())
  }
  for (let attempt = 1; ; attempt++) {
    const response = await globalThis.fetch(request.clone())
    if (!REPEATABLE.includes(response.status) || attempt === MOST_ATTEMPTS) return response
    await response.body?.cancel()
    await waitSeconds(Number.parseInt(response.headers.get('retry-after') ?? '1', 10))
  }
}

/** Not randomUUID, which browsers offer to secure origins only, and an installation in a local network is none. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function waitSeconds(seconds: number): Promise<void> {
  const bounded = Number.isNaN(seconds) ? 1 : Math.min(seconds, MOST_SECONDS_TO_WAIT)
  return new Promise((resolve) => setTimeout(resolve, bounded * 1000))
}
