/** Usage from outside: recording it, listing it, adding it up. */
import { Readable } from 'node:stream'
import type { z } from 'zod'
import type { UsageRequest } from '../ledger/book-usage.ts'
import { viewBilling } from '../ledger/read-billing.ts'
import { listUsage, summarizeUsage } from '../ledger/read-journal.ts'
import { recordUsage } from '../ledger/record-usage.ts'
import { cloudEvent, isCloudEvent } from './cloud-events.ts'
import type { Handlers } from './handlers.ts'
import { cursorKey, pageOf } from './paging.ts'
import { type FieldError, isRefused, type Refused, refuse, refuseFields } from './problem.ts'
import { readInput } from './read-input.ts'
import type { Services } from './rooms.ts'
import type * as shapes from './shapes.ts'
import { toCount } from './show-billing.ts'
import { answerLines, type LineBooked, NDJSON } from './usage-lines.ts'
import * as usageShapes from './usage-shapes.ts'
import { WrittenAnswer, writeUsage } from './write-usage.ts'

type Input = z.output<typeof usageShapes.usageInput>

export const handlers = {
  recordUsage: async ({ services, accountId, body, reply, raw }) => {
    if (raw.body instanceof Readable) {
      const answers = answerLines(raw.body, (line) => recordLine(services, accountId, line), raw.id)
      return reply.code(200).type(NDJSON).send(Readable.from(answers)) as never
    }
    const isArray = Array.isArray(body)
    const inputs = isArray ? body : [body]
    const faults = accountFaults(inputs, accountId, isArray)
    if (faults.length > 0) return refuseFields(faults)
    // A batch of events may hold none.
    if (inputs.length === 0) {
      reply.code(200)
      return []
    }
    const requests = inputs.map((input) => toRequest(input, accountId))
    const results = await recordUsage(services.db, requests, accountId === null ? 'operator' : { accountId })
    for (const [index, result] of results.entries()) {
      if (result.ok) continue
      const extra = isArray ? { index } : {}
      const note = isArray ? ` (record ${index}; none of the ${results.length} was booked)` : ''
      return refuse(result.refusal, `${result.detail}${note}`, extra)
    }
    const booked = results.flatMap((result) => (result.ok ? [result] : []))
    if (booked.every(({ replayed }) => replayed)) reply.code(200)
    const written = booked.map(({ record }) => writeUsage(record))
    return new WrittenAnswer(isArray ? `[${written.join(',')}]` : written[0]!)
  },

  listUsage: ({ services, accountId, query }) => shownUsagePage(services, accountId, query),

  summarizeUsage: ({ services, accountId }) =>
    viewBilling(services.db, accountId, async (state, tx) => {
      if (!state?.period) return refuse('no_subscription')
      const { days, operations } = await summarizeUsage(tx, accountId, { ...state.period, zone: state.zone })
      return {
        period: state.period,
        days: days.map(({ day, operation, quantity, fromCredits, overage }) => ({
          day,
          operation,
          quantity: toCount(quantity)!,
          from_credits: fromCredits,
          overage,
        })),
        operations: operations.map(({ operation, quantity, cost, fromCredits, overage }) => ({
          operation,
          quantity: toCount(quantity)!,
          cost,
          from_credits: fromCredits,
          overage,
        })),
      }
    }),
} satisfies Partial<Handlers>

/** A page of the account's usage records, newest first. */
export function shownUsagePage(
  { db }: Pick<Services, 'db'>,
  accountId: string,
  query: z.output<typeof shapes.listQuery>,
) {
  return db.asTenant(accountId, async (tx) => {
    const key = cursorKey(query.cursor, (text) => /^\d{1,15} [0-9a-f-]{36}$/.test(text))
    if (isRefused(key)) return key
    const [time, id] = key?.split(' ') ?? []
    const before = time && id ? { bookedAt: new Date(Number(time)), id } : null
    const rows = await listUsage(tx, accountId, { limit: query.limit + 1, before })
    const shown = rows.map((row) => ({
      id: row.id,
      key: row.key,
      source: row.source,
      operation: row.operation,
      quantity: Number(row.quantity),
      unit_price: row.unitPrice,
      cost: row.cost,
      from_credits: row.fromCredits,
      overage: row.overage,
      booked_at: row.bookedAt,
      occurred_at: row.occurredAt,
      late: row.late,
      run_id: row.runId,
      credited_by: row.creditedBy,
    }))
    return pageOf(shown, query.limit, (row) => `${row.booked_at.getTime()} ${row.id}`)
  })
}

/** Books what one line says, for itself. */
async function recordLine(
  services: Pick<Services, 'db'>,
  accountId: string | null,
  line: unknown,
): Promise<LineBooked | Refused> {
  const body = isCloudEvent(line) ? cloudEvent : usageShapes.usageInput
  const read = readInput({ body }, { params: undefined, query: undefined, body: line })
  if (!read.ok) return read
  const input = read.input.body as Input
  const faults = accountFaults([input], accountId, false)
  if (faults.length > 0) return refuseFields(faults)
  const caller = accountId === null ? 'operator' : { accountId }
  const [result] = await recordUsage(services.db, [toRequest(input, accountId)], caller)
  if (!result!.ok) return refuse(result!.refusal, result!.detail)
  return { status: result!.replayed ? 200 : 201, json: writeUsage(result!.record) }
}

/** A key speaks for its own account; an operator says whose usage each record is. */
function accountFaults(inputs: readonly Input[], accountId: string | null, isArray: boolean): FieldError[] {
  return inputs.flatMap((input, index) => {
    const field = isArray ? `[${index}].account_id` : 'account_id'
    if (accountId === null && input.account_id === undefined) {
      return [
        { field, message: 'an operator names the account of each record; an event also by its subject' },
      ]
    }
    if (accountId !== null && input.account_id !== undefined && input.account_id !== accountId) {
      return [{ field, message: 'a key records usage of its own account only; leave this out' }]
    }
    return []
  })
}

function toRequest(input: Input, accountId: string | null): UsageRequest {
  return {
    accountId: accountId ?? input.account_id!,
    source: 'api',
    key: input.key,
    operation: input.operation,
    quantity: input.quantity,
    occurredAt: input.occurred_at,
  }
}
