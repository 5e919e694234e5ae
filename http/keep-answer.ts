/**
 * Does a write once for each Idempotency-Key: the same request under the same key again gets the first answer.
 *
 * Called by bind-route.ts around the handlers of writes, but for the rows that keep keys in the books (`idempotent` in routes.ts, and
 * usage, whose keys stand in its body): those are exactly once for ever, these are remembered for 30 days
 * (jobs/schedule.ts).
 *
 *   no key ──▶ done as ever          begin ──▶ handler ──▶ done: answer kept
 *                                      │          ╰──▶ refused, or an outage: forgotten, the key is free
 *                                      ╰──▶ known: the kept answer · under way · another body: refused
 *
 * Invariants:
 *   1. The key is taken, and committed, before the handler runs: of two requests at once one is done.
 *   2. A key belongs to its caller: an account, a user or the operator.
 *   3. A secret that is shown once is not kept: the second request is told so, and nothing is done.
 *   4. Where the process died in between, nobody knows whether it was done, and the answer says so.
 */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Database, OutcomeUnknown } from '../database/connect.ts'
import { type AnyPrincipal, changesState } from './principal.ts'
import { isRefused, type Refused, refuse } from './problem.ts'
import type { Route } from './routes.ts'

/** A write that takes longer than this has died. */
const UNDER_WAY_SECONDS = 120

type Kept = { same: boolean; status: number | null; body: string | null; recent: boolean }

/** What was written to the client under a key: a status and a JSON text, or null where there is no body. */
export type Answer = { status: number; body: string | null }

export type OnceRequest = {
  db: Database
  caller: string
  key: string
  raw: FastifyRequest
  /** The answer holds a secret that is shown once. */
  secret: boolean
}

/** Writes whose key is not kept in the books. What reads is done again, and a file is known by its content. */
export function keepsAnswer(row: Route): boolean {
  const writes = changesState(row.method) && row.access !== 'account:read' && row.access !== 'usage:write'
  return (
    writes && !row.idempotent && !row.repeatable && row.consumes === undefined && row.produces === undefined
  )
}

/** Whose keys these are: an account's, or else the caller's own. */
export function callerOf(principal: AnyPrincipal | null, accountId: string | null): string | null {
  if (accountId !== null) return `account ${accountId}`
  if (principal?.kind === 'user') return `user ${principal.userId}`
  return principal?.kind === 'operator' ? 'operator' : null
}

/** Runs `work` unless it was run under this key before; answers what it answered then. Throws what `work` throws. */
export async function doOnce(
  request: OnceRequest,
  reply: FastifyReply,
  work: () => Promise<Answer | Refused>,
): Promise<Answer | Refused> {
  const known = await begin(request)
  if (known) {
    const answer = answerAgain(known)
    if (!isRefused(answer)) reply.header('idempotent-replayed', 'true')
    return answer
  }
  try {
    const answer = await work()
    if (isRefused(answer)) await forget(request)
    else await keep(request, answer)
    return answer
  } catch (fault) {
    if (!(fault instanceof OutcomeUnknown)) await forget(request).catch(() => {})
    throw fault
  }
}

/** Takes the key, or answers what is known of it. */
async function begin({ db, caller, key, raw }: OnceRequest): Promise<Kept | null> {
  const digest = digestOf(raw)
  const [known] = await db.asService(async (tx) => {
    const taken = await tx.query(
      `insert into kept_answers (caller, key, digest) values ($1, $2, $3) on conflict (caller, key) do nothing returning 1`,
      [caller, key, digest],
    )
    if (taken.length > 0) return []
    return tx.query<Kept>(
      `select digest = $3 as same, status, body, started_at > now() - $4 * interval '1 second' as recent
       from kept_answers where caller = $1 and key = $2`,
      [caller, key, digest, UNDER_WAY_SECONDS],
    )
  })
  return known ?? null
}

function digestOf({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest()
}

function answerAgain({ same, status, body, recent }: Kept): Answer | Refused {
  if (!same) return refuse('idempotency_conflict')
  if (status === null) return refuse(recent ? 'request_under_way' : 'request_unresolved')
  if (body === null && status !== 204) return refuse('answer_not_kept')
  return { status, body }
}

async function keep({ db, caller, key, secret }: OnceRequest, { status, body }: Answer): Promise<void> {
  await db.asService((tx) =>
    tx.query('update kept_answers set status = $3, body = $4 where caller = $1 and key = $2', [
      caller,
      key,
      status,
      secret ? null : body,
    ]),
  )
}

async function forget({ db, caller, key }: OnceRequest): Promise<void> {
  await db.asService((tx) =>
    tx.query('delete from kept_answers where caller = $1 and key = $2 and status is null', [caller, key]),
  )
}
