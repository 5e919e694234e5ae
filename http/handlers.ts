/**
 * What a handler of the API is given and what it answers, derived from its row in routes.ts.
 *
 * Every *-routes.ts file exports `handlers` and says `satisfies Partial<Handlers>`:
 *
 *     export const handlers = {
 *       getRun: async ({ services, accountId, params }) => {
 *         const run = await services.db.asTenant(accountId, (tx) => readRun(tx, params.id))
 *         return run ?? refuse('not_found')
 *       },
 *     } satisfies Partial<Handlers>
 *
 * 1. Input is decoded before the handler runs: amounts are bigint micros, instants Date, ids plain UUIDs.
 * 2. The caller may do what the row's access says before the handler runs; `accountId` is an account it may act for.
 * 3. The answer is encoded by the row's schema: what the schema does not declare never leaves. Where it has thousands of records the
 *    handler may write it itself (write-usage.ts).
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { AnyPrincipal, UserPrincipal } from './principal.ts'
import type { Refused } from './problem.ts'
import type { Services } from './rooms.ts'
import type { Access, RouteName, routes } from './routes.ts'
import type { WrittenAnswer } from './write-usage.ts'

type Rows = typeof routes
type Decoded<Row, Part extends string> = Row extends { [P in Part]: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined

/** The account that the request is about; null where a route is about none, or (usage:write by an operator) about many. */
type AccountIdOf<RowAccess extends Access> = RowAccess extends `account:${string}`
  ? string
  : RowAccess extends 'usage:write'
    ? string | null
    : null

type PrincipalOf<RowAccess extends Access> = RowAccess extends 'public'
  ? AnyPrincipal | null
  : RowAccess extends 'signed_in'
    ? UserPrincipal
    : AnyPrincipal

export type HandlerRequest<Name extends RouteName> = {
  services: Services
  principal: PrincipalOf<Rows[Name]['access']>
  accountId: AccountIdOf<Rows[Name]['access']>
  params: Decoded<Rows[Name], 'params'>
  query: Decoded<Rows[Name], 'query'>
  body: Decoded<Rows[Name], 'body'>
  /** The header Idempotency-Key, if it was sent: 1 to 200 visible characters. */
  idempotencyKey: string | null
  /** Aborted when the server stops: whoever streams ends the stream then. */
  closing: AbortSignal
  raw: FastifyRequest
  /** Its status is the row's already; `reply.code(200)` changes it. */
  reply: FastifyReply
}

/** The row's answer; with `produces`, the reply after it was sent; with 204, nothing. */
export type Answer<Name extends RouteName> = Rows[Name] extends { response: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : Rows[Name] extends { produces: string }
    ? FastifyReply
    : undefined

export type Handler<Name extends RouteName> = (
  request: HandlerRequest<Name>,
) => Promise<Answer<Name> | WrittenAnswer | Refused> | Answer<Name> | Refused

export type Handlers = { [Name in RouteName]: Handler<Name> }
