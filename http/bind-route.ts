/**
 * Binds a row of routes.ts to its handler: admits the caller, decodes the input, encodes the answer.
 *
 * Called by app.ts for every row.
 *
 * 1. The order is: same site (sign-in routes), who and may, body, params, query, body's fields, handler. So nobody who may not
 *    do something learns what its fields are, and no body is read for them.
 * 2. A write with an Idempotency-Key is done once (keep-answer.ts).
 * 3. The answer is encoded by the row's schema; one that does not fit is a bug of ours and answers 500. The one that its handler has
 *    written (write-usage.ts) is held to the schema by a test.
 */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isFromThisSite, isNoBrowser } from './cross-site.ts'
import type { Handlers } from './handlers.ts'
import { callerOf, doOnce, keepsAnswer } from './keep-answer.ts'
import { type Admitted, admit, changesState } from './principal.ts'
import { isRefused, type Refused, refuse, refuseFields } from './problem.ts'
import { readInput } from './read-input.ts'
import type { Services } from './rooms.ts'
import type { Route, RouteName } from './routes.ts'
import { sendProblem } from './send-problem.ts'
import { WrittenAnswer } from './write-usage.ts'

export type Binding = { services: Services; closing: AbortSignal }

/** The handlers' common shape: what is decoded for one row is of that row's types, which handlers.ts derives. */
type AnyHandler = (request: Record<string, unknown>) => unknown

export function bindRoute(
  app: FastifyInstance,
  name: RouteName,
  row: Route,
  handlers: Handlers,
  binding: Binding,
): void {
  const { services, closing } = binding
  const handler = handlers[name] as AnyHandler
  const admitted = new WeakMap<FastifyRequest, Admitted>()
  app.route({
    method: row.method,
    url: row.path,
    ...(row.unread && { config: { unread: true } }),
    ...(row.bodyLimitBytes === undefined ? {} : { bodyLimit: row.bodyLimitBytes }),
    preParsing: async (request, reply, payload) => {
      const refusal = refuseTransport(services, row, request)
      const answer = refusal ?? (await admit(services, row, request, reply))
      if (answer.ok) admitted.set(request, answer)
      else sendProblem(reply, answer)
      return payload
    },
    handler: async (request, reply) => {
      const { principal, accountId } = admitted.get(request)!
      const idempotencyKey = readIdempotencyKey(request)
      if (isRefused(idempotencyKey)) return sendProblem(reply, idempotencyKey)
      const isOther = row.unread === true || request.body instanceof Readable || isConsumed(row, request)
      const { params, query, body } = request
      const expected = { ...row, body: isOther ? undefined : bodyOf(row, request) }
      const read = readInput(expected, { params, query, body: isOther ? null : body })
      if (!read.ok) return sendProblem(reply, read)
      reply.code(row.status ?? 200)
      const handle = () => {
        const common = { services, principal, accountId, idempotencyKey, closing, raw: request, reply }
        return handler({ ...read.input, ...common })
      }
      const caller = keepsAnswer(row) ? callerOf(principal, accountId) : null
      if (idempotencyKey === null || caller === null) {
        const answer = await handle()
        if (answer === reply) return reply
        return isRefused(answer) ? sendProblem(reply, answer) : send(reply, encode(row, answer, reply))
      }
      const secret = row.secret === true
      const once = { db: services.db, caller, key: idempotencyKey, raw: request, secret }
      const answer = await doOnce(once, reply, async () => {
        const done = await handle()
        return isRefused(done) ? done : { status: reply.statusCode, body: encode(row, done, reply) }
      })
      return isRefused(answer) ? sendProblem(reply, answer) : send(reply.code(answer.status), answer.body)
    },
  })
}

/** What is refused before anybody is asked for: pages of other sites at the sign-in routes, and bodies of another kind. */
function refuseTransport(services: Services, row: Route, request: FastifyRequest): Refused | null {
  const signsIn = row.path.startsWith('/auth/') && changesState(row.method)
  if (signsIn && !isNoBrowser(request) && !isFromThisSite(services.config.publicUrl, request))
    return refuse('cross_site')
  const type = mediaTypeOf(request)
  const json = row.consumes === undefined || row.body !== undefined ? 'application/json' : undefined
  const others = Object.keys(row.bodies ?? {})
  const accepted = [row.consumes, json, ...others, row.streams].filter((each) => each !== undefined)
  if (type === undefined || accepted.includes(type) || !changesState(row.method)) return null
  const expected = `Expected "Content-Type: ${accepted.join('" or "')}", got "${type.slice(0, 100)}".`
  return refuse('unsupported_media_type', expected)
}

/** A body that is not JSON: the handler reads it from the request. */
function isConsumed(row: Route, request: FastifyRequest): boolean {
  return row.consumes !== undefined && mediaTypeOf(request) === row.consumes
}

function mediaTypeOf(request: FastifyRequest): string | undefined {
  return request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
}

/** The schema of the body by the media type that it came with. */
function bodyOf(row: Route, request: FastifyRequest): Route['body'] {
  return row.bodies?.[mediaTypeOf(request) ?? ''] ?? row.body
}

function readIdempotencyKey(request: FastifyRequest): string | null | Refused {
  const { 'idempotency-key': key } = request.headers
  if (key === undefined) return null
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key
  return refuseFields([{ field: 'Idempotency-Key', message: 'expected 1 to 200 visible ASCII characters' }])
}

/** The JSON text of an answer; null where the row has none, or the handler has sent it. */
function encode(row: Route, answer: unknown, reply: FastifyReply): string | null {
  if (answer instanceof WrittenAnswer) return answer.json
  if (row.produces !== undefined || row.response === undefined || reply.sent) return null
  return JSON.stringify(z.encode(row.response, answer))
}

function send(reply: FastifyReply, body: string | null): FastifyReply {
  if (reply.sent) return reply
  if (body === null) return reply.statusCode === 204 ? reply.send() : reply
  return reply.type('application/json; charset=utf-8').send(body)
}
