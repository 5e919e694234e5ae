/**
 * The HTTP server: every row of routes.ts bound to its handler, the documents made from the same rows, and the web app.
 *
 * server.ts calls buildApp once and listens; tests call it and inject.
 *
 * 1. It refuses to start when a row has no handler, or a handler no row.
 * 2. Whatever is refused is refused with problem details, also before a route is found.
 * 3. Closing ends streams, takes no new work and waits for what is under way.
 */

import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { newId } from '../database/new-id.ts'
import { bindRoute } from './bind-route.ts'
import { serveDocumentation } from './documentation.ts'
import type { Handlers } from './handlers.ts'
import { refuse } from './problem.ts'
import type { Services } from './rooms.ts'
import { type Route, type RouteName, routes } from './routes.ts'
import { answerFault, sendProblem } from './send-problem.ts'
import { NDJSON } from './usage-lines.ts'
import { serveWebFiles, webPage } from './web-files.ts'

export type AppOptions = {
  /** Most requests of one address in ten seconds. */
  requestsPerTenSeconds?: number
  /** Where the built web app is; `web/dist` when absent. */
  webFolder?: string
}

const MEGABYTE = 1_048_576
const MINUTE_MS = 60_000

/** Ready to listen or to inject. */
export async function buildApp(
  services: Services,
  handlers: Handlers,
  options: AppOptions = {},
): Promise<FastifyInstance> {
  requireEveryHandler(handlers)
  const https = services.config.publicUrl.startsWith('https:')
  const app = fastify({
    loggerInstance: services.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: () => `request_${newId().replaceAll('-', '')}`,
    trustProxy: false,
    bodyLimit: MEGABYTE,
    exposeHeadRoutes: false,
    // As long as a large upload over a slow line may take; a sender who trickles is cut off.
    requestTimeout: 15 * MINUTE_MS,
    http: { maxHeaderSize: 16_384, headersTimeout: MINUTE_MS },
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (fault, request, reply) => answerFault(fault, request, reply as FastifyReply),
    clientErrorHandler: (_, socket) => {
      if (!socket.writable) return
      const body = JSON.stringify({
        type: '/problems/malformed_request',
        title: 'The request could not be read',
        status: 400,
        detail: 'Send valid HTTP.',
      })
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    },
  })
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  app.setErrorHandler(answerFault)
  acceptJson(app)
  await app.register(rateLimit, {
    max: options.requestsPerTenSeconds ?? 20_000,
    timeWindow: 10_000,
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  })
  await app.register(helmet, securityHeaders(https))
  await app.register(multipart, { throwFileSizeLimit: true })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (/^\/(v1|auth)\//.test(request.url)) reply.header('cache-control', 'no-store')
  })
  app.addHook('onResponse', async (request, reply) => {
    // The route, not the address: one-time links stand in addresses.
    const { method, routeOptions } = request
    const took = Math.round(reply.elapsedTime * 10) / 10
    request.log.info({ method, route: routeOptions.url ?? null, status: reply.statusCode, ms: took })
  })

  const methods = collectMethods(app)
  for (const [name, row] of Object.entries(routes) as [RouteName, Route][])
    bindRoute(app, name, row, handlers, { services, closing: closing.signal })
  await serveDocumentation(app)
  await serveWebFiles(app, options.webFolder)
  app.setNotFoundHandler((request, reply) => answerUnknown(methods, request, reply))
  await app.ready()
  return app
}

function requireEveryHandler(handlers: Handlers): void {
  const missing = Object.keys(routes).filter((name) => !Object.hasOwn(handlers, name))
  const extra = Object.keys(handlers).filter((name) => !Object.hasOwn(routes, name))
  if (missing.length + extra.length === 0) return
  throw new Error(
    `Routes without a handler: ${missing.join(', ') || 'none'}; handlers without a route: ${extra.join(', ') || 'none'}`,
  )
}

/** An empty body is no body, also under `Content-Type: application/json`; `__proto__` and `constructor` are refused. */
function acceptJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(jsonTypes(), { parseAs: 'string' }, (request, text, done) => {
    const { unread } = request.routeOptions.config as { unread?: true }
    if (unread) done(null, text)
    else if (text === '') done(null, undefined)
    else parse(request, text as string, done)
  })
  // What one click in a mail program sends says nothing that its address does not.
  app.addContentTypeParser('application/x-www-form-urlencoded', (_, payload, done) => {
    payload.resume()
    done(null, undefined)
  })
  // Read by the handlers of rows that take streams; all others refuse it before this.
  app.addContentTypeParser([NDJSON, 'application/zip'], (_, payload, done) => done(null, payload))
}

function jsonTypes(): string[] {
  const others = Object.values<Route>(routes).flatMap(({ bodies }) => Object.keys(bodies ?? {}))
  return ['application/json', ...new Set(others)]
}

/** Scripts, styles, fonts and connections of this origin only. Styles set by script (pop-ups that lock scrolling) need `unsafe-inline`. */
function securityHeaders(https: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        fontSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        scriptSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' as const },
    frameguard: { action: 'deny' as const },
    // A year, and only where the address is https: otherwise a browser would lock itself out of http.
    hsts: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  }
}

/** Path patterns with the methods that are bound to them, collected as they are bound. */
function collectMethods(app: FastifyInstance): Map<string, Set<string>> {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set()
    for (const one of [method].flat()) known.add(one)
    methods.set(url, known)
  })
  return methods
}

/** A page of the web app for a browser that asks for one; else 405 with what the address takes, or 404. */
function answerUnknown(
  methods: Map<string, Set<string>>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const path = request.url.split('?')[0]!
  const allowed = new Set<string>()
  for (const [pattern, known] of methods) {
    const expression = new RegExp(
      `^${pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`,
    )
    if (expression.test(path)) for (const method of known) allowed.add(method)
  }
  if (allowed.size > 0 && !allowed.has(request.method)) {
    const list = [...allowed].sort().join(', ')
    return sendProblem(reply.header('allow', list), refuse('method_not_allowed', `Takes ${list}.`))
  }
  return webPage(request, path, reply) ?? sendProblem(reply, refuse('not_found'))
}
