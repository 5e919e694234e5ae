/** Answers with problem details: for refusals, and for what was thrown, of which only the log is told the inside. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isOverflow, OutcomeUnknown } from '../database/connect.ts'
import { StoreUnavailable } from '../storage/file-store.ts'
import { problemOf, type Refused, refuse } from './problem.ts'

export function sendProblem(reply: FastifyReply, refused: Refused): FastifyReply {
  const problem = problemOf(refused, reply.request.id)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="Drawdown"')
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem))
}

/** The one place where what was thrown during a request ends. */
export function answerFault(fault: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refused = refusalOf(fault)
  // Only where nothing was done: whoever reads this header repeats the request.
  if (refused.refusal === 'unavailable') reply.header('retry-after', '5')
  if (['unavailable', 'outcome_unknown', 'internal_error'].includes(refused.refusal))
    request.log.error({ err: fault, route: request.routeOptions.url }, 'request failed')
  if (reply.sent || reply.raw.headersSent) {
    // The beginning of the answer is on its way: breaking the connection is the only way to say that the rest is not coming.
    reply.raw.destroy()
    return reply
  }
  return sendProblem(reply, refused)
}

/** By the codes of the framework; a status of 4xx on anything else is the framework's too. */
function refusalOf(fault: unknown): Refused {
  if (fault instanceof OutcomeUnknown) return refuse('outcome_unknown')
  if (fault instanceof StoreUnavailable || isOutage(fault)) return refuse('unavailable')
  // Nothing of the transaction holds: a sum that does not fit is refused like an amount that does not.
  if (isOverflow(fault))
    return refuse('amount_overflow', 'A sum would be larger than any amount that can be held.')
  const { code = '', statusCode = 500 } = fault as Partial<FastifyError>
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return refuse('unsupported_media_type')
  if (statusCode === 413) return refuse('body_too_large')
  if (statusCode === 429) return refuse('too_many_requests')
  if (statusCode === 404) return refuse('not_found')
  if (statusCode === 503) return refuse('unavailable')
  if (statusCode >= 400 && statusCode < 500) return refuse('malformed_request', DETAILS[code])
  return refuse('internal_error')
}

const DETAILS: Record<string, string> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
  FST_ERR_BAD_URL: 'The address is not a valid one.',
}

/** The database does not answer, or answers that it is going down or has no room; see also connect.ts. */
function isOutage(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false
  const code = 'code' in fault ? String(fault.code) : ''
  if (/^(57P0[1-3]|53\d{3}|08\w{3}|ECONNREFUSED|ECONNRESET|EPIPE)$/.test(code)) return true
  return /^(Connection terminated|timeout exceeded when trying to connect)/.test(fault.message)
}
