/** Payments: what the provider tells of them, and what waits for its payer. */
import type { z } from 'zod'
import { type ListedPayment, listPayments, readPayment } from '../ledger/read-payments.ts'
import { answerBank, readAskedCharge } from '../payments/sandbox-afterwards.ts'
import type { Handlers } from './handlers.ts'
import { encodeId } from './ids.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import type * as shapes from './payment-shapes.ts'
import { isRefused, refuse } from './problem.ts'

export const handlers = {
  receiveStripeEvent: async ({ services, raw }) => {
    const { 'stripe-signature': signature } = raw.headers
    const body = typeof raw.body === 'string' ? raw.body : ''
    const received = await services.receiveEvent({ body, signature: String(signature ?? '') })
    return received.ok ? { received: true as const } : refuse(received.refusal, received.detail)
  },

  listPayments: ({ services, accountId, query }) =>
    services.db.asTenant(accountId, async (tx) => {
      const before = cursorKey(query.cursor, isUuid)
      if (isRefused(before)) return before
      const page = { status: query.status ?? null, limit: query.limit + 1, before }
      return pageOf((await listPayments(tx, accountId, page)).map(shownPayment), query.limit, ({ id }) => id)
    }),

  getPayment: async ({ services, accountId, params }) => {
    // Whoever has come back from the bank wants to know: what has no outcome is looked at now.
    await services.resolvePayment(accountId, { paymentId: params.id })
    const payment = await services.db.asTenant(accountId, (tx) => readPayment(tx, accountId, params.id))
    return payment ? shownPayment(payment) : refuse('payment_not_found')
  },

  confirmPayment: async ({ services, accountId, params }) => {
    const { config, db } = services
    const page = `${config.publicUrl}/a/${encodeId('account', accountId)}/payments/${encodeId('payment', params.id)}`
    const url = await services.confirmPayment(accountId, { paymentId: params.id, returnUrl: page })
    const payment = await db.asTenant(accountId, (tx) => readPayment(tx, accountId, params.id))
    return payment ? { payment: shownPayment(payment), url } : refuse('payment_not_found')
  },

  getBankQuestion: async ({ services, params }) => {
    if (services.payments.name !== 'sandbox') return refuse('not_found')
    const asked = await readAskedCharge(services.db, params.reference)
    if (!asked) return refuse('not_found')
    const { returnUrl, ...charge } = asked
    return { ...charge, return_url: returnUrl }
  },

  answerBank: async ({ services, params, body }) => {
    if (services.payments.name !== 'sandbox') return refuse('not_found')
    await answerBank(services.db, params.reference, body.confirms)
    const asked = await readAskedCharge(services.db, params.reference)
    if (!asked) return refuse('not_found')
    const { returnUrl, ...charge } = asked
    return { ...charge, return_url: returnUrl }
  },
} satisfies Partial<Handlers>

export function shownPayment(payment: ListedPayment): z.output<typeof shapes.payment> {
  return {
    id: payment.id,
    invoice_id: payment.invoiceId,
    invoice_number: payment.invoiceNumber,
    status: payment.status,
    amount: payment.amount,
    currency: payment.currency,
    method: payment.method,
    failure: payment.failure,
    created_at: payment.createdAt,
  }
}
