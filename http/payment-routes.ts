/** Payments: what the payment provider tells of them. */
import type { Handlers } from './handlers.ts'
import { refuse } from './problem.ts'

export const handlers = {
  receiveStripeEvent: async ({ services, raw }) => {
    const { 'stripe-signature': signature } = raw.headers
    const body = typeof raw.body === 'string' ? raw.body : ''
    const received = await services.receiveEvent({ body, signature: String(signature ?? '') })
    return received.ok ? { received: true as const } : refuse(received.refusal, received.detail)
  },
} satisfies Partial<Handlers>
