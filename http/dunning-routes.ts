/** What the operator sees of invoices that nobody has paid, of refunds and of disputes, and does about them. */
import type { z } from 'zod'
import { bookDispute } from '../ledger/book-disputes.ts'
import { makeDueNow } from '../ledger/collect-payments.ts'
import {
  type ListedDispute,
  type ListedRefund,
  listDisputes,
  listPayments,
  listRefunds,
  listUnpaid,
  readDispute,
  readRefund,
  readUnpaid,
  type UnpaidInvoice,
} from '../ledger/read-payments.ts'
import { requestRefund } from '../ledger/refund-payments.ts'
import { payByHand, writeOff } from '../ledger/settle-by-hand.ts'
import { decideDispute } from '../payments/sandbox-afterwards.ts'
import type { Handlers } from './handlers.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import { shownPayment } from './payment-routes.ts'
import type * as shapes from './payment-shapes.ts'
import { isRefused, type Refused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'

const UNPAID = ['open', 'past_due', 'uncollectible'] as const

export const handlers = {
  listUnpaid: ({ services, query }) =>
    services.db.asService(async (tx) => {
      const after = cursorKey(query.cursor, isUuid)
      if (isRefused(after)) return after
      const statuses = query.status ? [query.status] : UNPAID
      const rows = await listUnpaid(tx, { statuses, limit: query.limit + 1, after })
      return pageOf(rows.map(shownUnpaid), query.limit, ({ id }) => id)
    }),

  collectInvoice: async ({ services, params, body }) => {
    const accountId = body.account_id
    const due = await services.db.asTenant(accountId, (tx) => makeDueNow(tx, accountId, params.id))
    if (!due.ok) return refuse(due.refusal, due.detail)
    await services.collect(accountId)
    return answerInvoice(services, accountId, params.id)
  },

  settleInvoice: async ({ services, params, body }) => {
    const { account_id: accountId, reference, received_at: receivedAt } = body
    await giveUpWaiting(services, accountId, params.id)
    const settled = await services.db.asTenant(accountId, (tx) =>
      payByHand(tx, { accountId, invoiceId: params.id, reference, receivedAt: receivedAt ?? null }),
    )
    return settled.ok
      ? answerInvoice(services, accountId, params.id)
      : refuse(settled.refusal, settled.detail)
  },

  writeOffInvoice: async ({ services, params, body }) => {
    const { account_id: accountId, reason } = body
    await giveUpWaiting(services, accountId, params.id)
    const given = await services.db.asTenant(accountId, (tx) =>
      writeOff(tx, { accountId, invoiceId: params.id, reason }),
    )
    return given.ok ? answerInvoice(services, accountId, params.id) : refuse(given.refusal, given.detail)
  },

  listOperatorPayments: ({ services, query }) => {
    const { account_id: accountId, cursor, limit } = query
    return services.db.asTenant(accountId, async (tx) => {
      const before = cursorKey(cursor, isUuid)
      if (isRefused(before)) return before
      const rows = await listPayments(tx, accountId, { status: null, limit: limit + 1, before })
      return pageOf(
        rows.map((row) => ({ ...shownPayment(row), refundable: row.refundable, disputed: row.disputed })),
        limit,
        ({ id }) => id,
      )
    })
  },

  createRefund: async ({ services, body, idempotencyKey, reply }) => {
    const { account_id: accountId, source, reason } = body
    const asked = await services.db.asTenant(accountId, (tx) =>
      requestRefund(
        tx,
        {
          ...{ accountId, source, reason, key: idempotencyKey },
          paymentId: body.payment_id ?? null,
          grantId: body.grant_id ?? null,
          amount: body.amount ?? null,
        },
        services.payments,
      ),
    )
    if (!asked.ok) return refuse(asked.refusal, asked.detail)
    if (asked.replayed) reply.code(200)
    if (asked.send) await services.sendRefund(asked.send)
    const { refundId } = asked
    return shownRefund(await services.db.asTenant(accountId, (tx) => readRefund(tx, accountId, refundId)))
  },

  listRefunds: ({ services, query }) => {
    const { account_id: accountId, cursor, limit } = query
    return services.db.asTenant(accountId, async (tx) => {
      const before = cursorKey(cursor, isUuid)
      if (isRefused(before)) return before
      const rows = await listRefunds(tx, accountId, { limit: limit + 1, before })
      return pageOf(rows.map(shownRefund), limit, ({ id }) => id)
    })
  },

  listDisputes: ({ services, query }) =>
    services.db.asService(async (tx) => {
      const before = cursorKey(query.cursor, isUuid)
      if (isRefused(before)) return before
      const rows = await listDisputes(tx, { limit: query.limit + 1, before })
      return pageOf(rows.map(shownDispute), query.limit, ({ id }) => id)
    }),

  decideDispute: async ({ services, params, body }) => {
    const { db, payments } = services
    if (payments.name !== 'sandbox') return refuse('not_found')
    const accountId = body.account_id
    const found = await db.asTenant(accountId, (tx) => readDispute(tx, accountId, params.id))
    if (!found) return refuse('dispute_not_found')
    const decided = await decideDispute(db, found.reference, body.won)
    if (decided) await db.asTenant(accountId, (tx) => bookDispute(tx, accountId, decided))
    return shownDispute((await db.asTenant(accountId, (tx) => readDispute(tx, accountId, params.id)))!)
  },
} satisfies Partial<Handlers>

/** What waits for its payer is given up at the provider, so that the invoice can be settled otherwise. */
async function giveUpWaiting(services: Services, accountId: string, invoiceId: string): Promise<void> {
  const waiting = await services.db.asTenant(accountId, (tx) =>
    listPayments(tx, accountId, { status: 'action_required', limit: 10, before: null }),
  )
  for (const payment of waiting.filter((one) => one.invoiceId === invoiceId)) {
    await services.resolvePayment(accountId, { paymentId: payment.id, giveUp: true })
  }
}

async function answerInvoice(
  { db }: Services,
  accountId: string,
  invoiceId: string,
): Promise<z.output<typeof shapes.unpaidInvoice> | Refused> {
  const invoice = await db.asTenant(accountId, (tx) => readUnpaid(tx, accountId, invoiceId))
  return invoice ? shownUnpaid(invoice) : refuse('invoice_not_found')
}

function shownUnpaid(
  invoice: Omit<UnpaidInvoice, 'status'> & { status: string },
): z.output<typeof shapes.unpaidInvoice> {
  return {
    id: invoice.id,
    account: { id: invoice.accountId, name: invoice.accountName },
    number: invoice.number,
    status: invoice.status,
    currency: invoice.currency,
    total: invoice.total,
    amount_due: invoice.amountDue,
    finalized_at: invoice.finalizedAt,
    first_failed_at: invoice.firstFailedAt,
    next_attempt_at: invoice.nextAttemptAt,
    last_failure: invoice.lastFailure,
    under_way: invoice.underWay,
    payment_method: invoice.method,
    exposure: { owed: invoice.owed, unbilled: invoice.unbilled },
  }
}

function shownRefund(refund: ListedRefund): z.output<typeof shapes.refund> {
  const { paymentId, invoiceId, invoiceNumber, creditNoteId, grantId, createdAt, ...rest } = refund
  return {
    ...rest,
    payment_id: paymentId,
    invoice_id: invoiceId,
    invoice_number: invoiceNumber,
    credit_note_id: creditNoteId,
    grant_id: grantId,
    created_at: createdAt,
  }
}

function shownDispute(dispute: ListedDispute): z.output<typeof shapes.dispute> {
  return {
    id: dispute.id,
    account: { id: dispute.accountId, name: dispute.accountName },
    payment_id: dispute.paymentId,
    invoice_id: dispute.invoiceId,
    invoice_number: dispute.invoiceNumber,
    reference: dispute.reference,
    amount: dispute.amount,
    currency: dispute.currency,
    reason: dispute.reason,
    status: dispute.status,
    created_at: dispute.createdAt,
    closed_at: dispute.closedAt,
  }
}
