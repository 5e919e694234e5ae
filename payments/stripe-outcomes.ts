/**
 * What Stripe's answers and errors say of the money (rule R27).
 *
 * Called by stripe.ts and the files beside it. No answer, 409, 429 and 5xx say nothing: the money may have moved.
 */
import Stripe from 'stripe'
import type { ChargeOutcome } from './provider.ts'

/** What an intent says of the money. */
export function outcomeOf(intent: Stripe.PaymentIntent): ChargeOutcome {
  const reference = intent.id
  if (intent.status === 'succeeded') return { status: 'succeeded', reference }
  if (intent.status === 'canceled') {
    return { status: 'failed', reference, code: 'cancelled', message: 'It was never confirmed.' }
  }
  if (intent.status === 'requires_action' || intent.status === 'requires_confirmation') {
    return { status: 'action_required', reference }
  }
  if (intent.status !== 'requires_payment_method') return { status: 'unknown' }
  const { code, decline_code: decline, message } = intent.last_payment_error ?? {}
  // Off-session, a bank that wants its customer to confirm declines with this code.
  if (code === 'authentication_required' || decline === 'authentication_required') {
    return { status: 'action_required', reference }
  }
  return {
    status: 'failed',
    reference,
    code: decline ?? code ?? 'card_declined',
    message: message ?? 'The card was declined.',
  }
}

/** What is known of the money when a charge was answered by an error. Throws what says nothing of it. */
export function outcomeOfFault(fault: unknown): ChargeOutcome {
  if (isWithoutAnswer(fault)) return { status: 'unknown' }
  if (!(fault instanceof Stripe.errors.StripeError)) throw fault
  if (fault.payment_intent) return outcomeOf(fault.payment_intent)
  if (fault instanceof Stripe.errors.StripeCardError) {
    return failed(fault.decline_code || fault.code || 'card_declined', fault.message)
  }
  // Refused before anything was made: a card that was removed at Stripe, an amount below its least.
  if (fault instanceof Stripe.errors.StripeInvalidRequestError) {
    return failed(fault.code ?? 'invalid_request', 'The payment provider refused the payment.')
  }
  throw fault
}

/** The request may have been done, or may still be under way. */
export function isWithoutAnswer(fault: unknown): boolean {
  if (!(fault instanceof Stripe.errors.StripeError)) return false
  if (fault instanceof Stripe.errors.StripeConnectionError) return true
  const status = fault.statusCode ?? 500
  return status === 409 || status === 429 || status >= 500
}

export function failed(code: string, message: string): ChargeOutcome {
  return { status: 'failed', reference: null, code, message }
}
