/** Invoices: the list, one, the next one, and paying now. */
import type { z } from 'zod'
import { makeDueNow } from '../ledger/collect-payments.ts'
import {
  type InterimBefore,
  type InvoiceHead,
  listInvoices,
  readInvoice,
  readUpcomingInvoice,
  type ShownLine,
} from '../ledger/read-invoices.ts'
import { readProof } from '../verify/read-proof.ts'
import type { Handlers } from './handlers.ts'
import type * as invoiceShapes from './invoice-shapes.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import { isRefused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'
import { toCount } from './show-billing.ts'

export const handlers = {
  listInvoices: ({ services, accountId, query }) =>
    services.db.asTenant(accountId, async (tx) => {
      const before = cursorKey(query.cursor, isUuid)
      if (isRefused(before)) return before
      const rows = await listInvoices(tx, accountId, { limit: query.limit + 1, before })
      return pageOf(rows.map(shownHead), query.limit, ({ id }) => id)
    }),

  getUpcomingInvoice: ({ services, accountId }) =>
    services.db.asTenant(accountId, async (tx) => {
      const upcoming = await readUpcomingInvoice(tx, accountId)
      if (!upcoming) return refuse('no_subscription')
      return {
        id: null,
        number: null,
        kind: 'upcoming',
        status: 'upcoming',
        currency: upcoming.currency,
        period: { start: upcoming.periodStartsAt, end: upcoming.periodEndsAt },
        total: upcoming.total,
        tax: upcoming.tax,
        tax_treatment: upcoming.treatment,
        opening_balance: upcoming.openingBalance,
        customer_credit_applied: upcoming.customerCreditApplied,
        paid: 0n,
        amount_due: upcoming.amountDue,
        finalized_at: null,
        paid_at: null,
        next_attempt_at: upcoming.periodEndsAt,
        account: { id: accountId, name: upcoming.accountName },
        lines: upcoming.lines.map(shownLine),
        interim_invoices: upcoming.interims.map(shownInterim),
        payments: [],
      }
    }),

  getInvoice: async ({ services, accountId, params }) =>
    (await shownInvoice(services, accountId, params.id)) ?? refuse('invoice_not_found'),

  getInvoiceProof: async ({ services, accountId, params }) =>
    (await services.db.asTenant(accountId, (tx) => readProof(tx, accountId, params.id))) ??
    refuse('invoice_not_found'),

  payInvoice: async ({ services, accountId, params }) => {
    const due = await services.db.asTenant(accountId, (tx) => makeDueNow(tx, accountId, params.id))
    if (!due.ok) return refuse(due.refusal, due.detail)
    await services.collect(accountId)
    return (await shownInvoice(services, accountId, params.id)) ?? refuse('invoice_not_found')
  },
} satisfies Partial<Handlers>

async function shownInvoice(
  { db }: Services,
  accountId: string,
  invoiceId: string,
): Promise<z.output<typeof invoiceShapes.invoice> | null> {
  const invoice = await db.asTenant(accountId, (tx) => readInvoice(tx, accountId, invoiceId))
  if (!invoice) return null
  return {
    ...shownHead(invoice),
    account: { id: accountId, name: invoice.accountName },
    lines: invoice.lines.map(shownLine),
    interim_invoices: invoice.interims.map(shownInterim),
    payments: invoice.payments.map(({ id, status, amount, method, failure, createdAt }) => ({
      id,
      status,
      amount,
      method,
      failure,
      created_at: createdAt,
    })),
  }
}

function shownInterim({ id, number, periodStartsAt: start, periodEndsAt: end }: InterimBefore) {
  return { id, number, period: { start, end } }
}

/** One invoice of a list. */
export function shownHead(invoice: InvoiceHead): z.output<typeof invoiceShapes.invoiceSummary> {
  return {
    id: invoice.id,
    number: invoice.number,
    kind: invoice.kind,
    status: invoice.status,
    currency: invoice.currency,
    period: { start: invoice.periodStartsAt, end: invoice.periodEndsAt },
    total: invoice.total,
    tax: invoice.tax,
    tax_treatment: invoice.treatment,
    opening_balance: invoice.openingBalance,
    customer_credit_applied: invoice.customerCreditApplied,
    paid: invoice.paid,
    amount_due: invoice.amountDue,
    finalized_at: invoice.finalizedAt,
    paid_at: invoice.paidAt,
    next_attempt_at: invoice.nextAttemptAt,
  }
}

function shownLine(line: ShownLine): z.output<typeof invoiceShapes.invoiceLine> {
  return {
    kind: line.kind,
    operation: line.operation,
    quantity: toCount(line.quantity),
    unit_price: line.unitPrice,
    amount: line.amount,
    exact_amount: line.exactAmount,
    tax_rate: line.taxRate,
    description: line.description,
  }
}
