/** Credit notes: the operator issues them, the account reads them. */
import type { z } from 'zod'
import { forgetPaidContents } from '../automations/paid-contents.ts'
import { issueCreditNote } from '../ledger/issue-credit-note.ts'
import { type CreditNoteHead, listCreditNotes, readCreditNote } from '../ledger/read-credit-notes.ts'
import type { Handlers } from './handlers.ts'
import type * as invoiceShapes from './invoice-shapes.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import { isRefused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'
import { toCount } from './show-billing.ts'

export const handlers = {
  createCreditNote: async ({ services, body }) => {
    const { account_id: accountId, usage_ids: usageIds, run_id: runId, item_ids: itemIds, reason } = body
    const selection = { usageIds: usageIds ?? [], runId: runId ?? null, itemIds: itemIds ?? [] }
    const { minimumCharge } = services.payments
    const issued = await services.db.asTenant(accountId, async (tx) => {
      const note = await issueCreditNote(tx, { accountId, selection, reason, minimumCharge })
      if (note.ok) await forgetPaidContents(tx, accountId, note.usageIds)
      return note
    })
    if (!issued.ok) return refuse(issued.refusal, issued.detail)
    return (await shownNote(services, accountId, issued.id)) ?? refuse('credit_note_not_found')
  },

  listCreditNotes: ({ services, accountId, query }) =>
    services.db.asTenant(accountId, async (tx) => {
      const before = cursorKey(query.cursor, isUuid)
      if (isRefused(before)) return before
      const rows = await listCreditNotes(tx, accountId, { limit: query.limit + 1, before })
      return pageOf(rows.map(shownHead), query.limit, ({ id }) => id)
    }),

  getCreditNote: async ({ services, accountId, params }) =>
    (await shownNote(services, accountId, params.id)) ?? refuse('credit_note_not_found'),
} satisfies Partial<Handlers>

async function shownNote(
  { db }: Services,
  accountId: string,
  creditNoteId: string,
): Promise<z.output<typeof invoiceShapes.creditNote> | null> {
  const note = await db.asTenant(accountId, (tx) => readCreditNote(tx, accountId, creditNoteId))
  if (!note) return null
  return {
    ...shownHead(note),
    account: { id: accountId, name: note.accountName },
    lines: note.lines.map(({ kind, invoiceId, amount, description }) => ({
      kind,
      invoice_id: invoiceId,
      amount,
      description,
    })),
    usage: note.usage.map((record) => ({
      id: record.id,
      operation: record.operation,
      quantity: toCount(record.quantity)!,
      cost: record.cost,
      from_credits: record.fromCredits,
      overage: record.overage,
      booked_at: record.bookedAt,
    })),
  }
}

/** One credit note of a list. */
export function shownHead(note: CreditNoteHead): z.output<typeof invoiceShapes.creditNoteSummary> {
  return {
    id: note.id,
    number: note.number,
    reason: note.reason,
    currency: note.currency,
    credit_unit: note.creditUnit,
    net: note.net,
    tax: note.tax,
    customer_credit: note.customerCredit,
    refunded: note.refunded,
    overage_cancelled: note.overageCancelled,
    credits_returned: note.creditsReturned,
    credits_adjusted: note.creditsAdjusted,
    created_at: note.createdAt,
  }
}
