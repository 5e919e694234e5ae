/**
 * Requests to addresses that somebody outside named: photos by URL, webhooks. The only way out for such a request.
 *
 * Called by automations (import of a photo) and by whoever delivers to a customer's own address.
 *
 *      url ──▶ http or https, no password in it ──▶ name resolved once ──▶ every address public, or listed by the operator
 *                ▲                                                                   │
 *                ╰───────────── a redirect, while some are left ◀── connected to an address that was checked
 *
 * 1. A name is resolved once a hop, all its addresses are checked, and the connection goes to those and no other: a name that
 *    points elsewhere a moment later changes nothing.
 * 2. One address that is not public refuses the name, whichever else it has.
 * 3. A redirect is a new request with the same checks. It carries none of the caller's headers to another origin.
 * 4. Nothing waits longer than the caller said, from the first look-up to the last byte of the answer. No connection is kept or
 *    shared, no cookie is, and no proxy of the environment is used.
 *
 * Not here: what may be sent or is worth keeping (the callers), how often one tries (the callers).
 */
import { lookup } from 'node:dns/promises'
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type AddressRanges, isPublicUnicast } from './address-ranges.ts'

export type OutsideRequest = {
  url: string
  method: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** How many redirects of a GET are followed; 0: the redirect is the answer. */
  redirects?: number
  /** From now to the last byte of the answer. */
  timeoutMs: number
}

export type OutsideRefusal =
  | 'url_invalid'
  | 'address_not_public'
  | 'host_unknown'
  | 'host_unreachable'
  | 'host_too_slow'
  | 'too_many_redirects'

export type OutsideRefused = { ok: false; refusal: OutsideRefusal; detail: string }

export type OutsideAnswer = {
  ok: true
  status: number
  headers: IncomingHttpHeaders
  /** Where the answer came from, after redirects. */
  url: string
  /** Throws BrokenOff when the line breaks or the time is over. Left early, it closes the connection. */
  body: AsyncIterable<Uint8Array>
  /** For a caller who does not read the body to its end. */
  close(): void
}

export type Outside = {
  request(request: OutsideRequest): Promise<OutsideAnswer | OutsideRefused>
  /** Why no request to this address would ever be made, as far as the address itself says; null where its name must be asked. */
  refuse(url: string): OutsideRefused | null
}

/** An answer that ended before its end. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff'
}

export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>

/** A host that does not take a connection within this will not soon. */
const CONNECT_MS = 5_000

const REDIRECTS = [301, 302, 303, 307, 308]

/** `allowed`: what the operator listed beside the public addresses. `resolve` is the system's own unless a test gives one. */
export function openOutside({
  allowed,
  resolve = (hostname) => lookup(hostname, { all: true }),
}: {
  allowed: AddressRanges | null
  resolve?: Resolve
}): Outside {
  const mayConnect = (address: string) => isPublicUnicast(address) || (allowed?.has(address) ?? false)
  return {
    refuse(text) {
      const target = readTarget(text)
      if (!('hostname' in target)) return target
      const host = target.hostname.replace(/^\[|\]$/g, '')
      // The name of this very machine, which no resolver is asked for.
      const address = /(^|\.)localhost\.?$/.test(host) ? '127.0.0.1' : host
      return isIP(address) === 0 || mayConnect(address) ? null : notPublic(target.hostname)
    },
    async request(request) {
      const over = AbortSignal.timeout(request.timeoutMs)
      let hop: OutsideRequest = request
      for (let left = request.redirects ?? 0; ; left--) {
        const target = readTarget(hop.url)
        if (!('hostname' in target)) return target
        const addresses = await checkedAddresses(target.hostname, { resolve, mayConnect, over })
        if (!Array.isArray(addresses)) return addresses
        const answer = await send(target, hop, { addresses, over })
        if (!answer.ok) return answer
        const location = answer.headers.location
        if (request.method !== 'GET' || !REDIRECTS.includes(answer.status) || !location) return answer
        if (!request.redirects) return answer
        answer.close()
        if (left === 0)
          return refused('too_many_redirects', `${request.url} leads from one address to the next.`)
        hop = redirected(request, answer.url, location)
      }
    },
  }
}

/** The hop after a redirect. A location that is no address is refused when the hop begins. */
function redirected(request: OutsideRequest, from: string, location: string): OutsideRequest {
  const url = URL.canParse(location, from) ? new URL(location, from).href : location
  const isSameOrigin = URL.canParse(url) && new URL(url).origin === new URL(request.url).origin
  return isSameOrigin ? { ...request, url } : { ...request, url, headers: {} }
}

function readTarget(text: string): URL | OutsideRefused {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    return refused(
      'url_invalid',
      `Expected an address that begins with http:// or https://; came ${quoted(text)}.`,
    )
  }
  if (url.username || url.password) {
    return refused('url_invalid', 'The address holds a name or a password. Leave them out.')
  }
  return url
}

type Checking = { resolve: Resolve; mayConnect: (address: string) => boolean; over: AbortSignal }
type Address = { address: string; family: number }

/** All addresses of a host, each of which may be connected to. The URL parser has normalised how an address is spelt. */
async function checkedAddresses(
  hostname: string,
  { resolve, mayConnect, over }: Checking,
): Promise<Address[] | OutsideRefused> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host)
    ? [{ address: host, family: isIP(host) }]
    : await resolveInTime(resolve, host, over)
  if (!Array.isArray(found)) return found
  if (found.length === 0) return refused('host_unknown', `The host ${host} has no address.`)
  const closed = found.find(({ address }) => !mayConnect(address))
  if (!closed) return found
  return notPublic(host)
}

function notPublic(host: string): OutsideRefused {
  const detail = `The host ${host} is not on the public internet. Only public addresses are connected to, and those that the operator of this service has listed.`
  return refused('address_not_public', detail)
}

async function resolveInTime(resolve: Resolve, host: string, over: AbortSignal) {
  const late = Symbol('late')
  const wait = AbortSignal.any([over, AbortSignal.timeout(CONNECT_MS)])
  const lateness = new Promise<typeof late>((tell) => {
    if (wait.aborted) tell(late)
    else wait.addEventListener('abort', () => tell(late), { once: true })
  })
  try {
    const found = await Promise.race([resolve(host), lateness])
    return found === late
      ? refused('host_too_slow', `The address of ${host} could not be found in time.`)
      : [...found]
  } catch {
    return refused('host_unknown', `The host ${host} is not known.`)
  }
}

/** Sends to one of the checked addresses and answers when the head of the answer is there. */
function send(
  url: URL,
  { method, headers, body }: OutsideRequest,
  { addresses, over }: { addresses: readonly Address[]; over: AbortSignal },
): Promise<OutsideAnswer | OutsideRefused> {
  const controller = new AbortController()
  const connecting = setTimeout(() => controller.abort(), CONNECT_MS)
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)({
    method,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || undefined,
    path: `${url.pathname}${url.search}`,
    headers: { 'user-agent': 'Drawdown', 'accept-encoding': 'identity', ...headers },
    lookup: onlyTo(addresses),
    agent: false,
    signal: AbortSignal.any([controller.signal, over]),
  })
  request.once('socket', (socket) => {
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting))
  })
  return new Promise((answer) => {
    request.on('error', () => {
      clearTimeout(connecting)
      const late = over.aborted || controller.signal.aborted
      const detail = late ? `${url.host} did not answer in time.` : `${url.host} could not be reached.`
      answer(refused(late ? 'host_too_slow' : 'host_unreachable', detail))
    })
    request.once('response', (message) => {
      clearTimeout(connecting)
      // Whoever reads the body is told; who does not read it need not know.
      message.on('error', () => {})
      answer({
        ok: true,
        status: message.statusCode ?? 0,
        headers: message.headers,
        url: url.href,
        body: bodyOf(message, url.host),
        close: () => message.destroy(),
      })
    })
    request.end(body)
  })
}

/** In place of a second look-up: the answer of the first. An address written out is not looked up at all. */
function onlyTo(addresses: readonly Address[]): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all) callback(null, [...addresses])
    else callback(null, addresses[0]!.address, addresses[0]!.family)
  }
}

async function* bodyOf(message: IncomingMessage, host: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of message) yield chunk
  } catch (cause) {
    throw new BrokenOff(`The answer of ${host} broke off.`, { cause })
  }
}

/** Whatever was sent is shown back, in one short line. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}

function refused(refusal: OutsideRefusal, detail: string): OutsideRefused {
  return { ok: false, refusal, detail }
}
