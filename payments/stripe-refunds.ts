/**
 * Refunds at Stripe: one for each key, found again by it (rules R26 and R27).
 *
 * Called by stripe.ts. The key stands in the refund's metadata, so that one without an answer is found among the refunds of its
 * intent, a list that is consistent at once. Stripe itself refuses to give back more than was charged.
 *
 *   pending, requires_action ──▶ succeeded ──the bank sends it back──▶ failed
 */
import Stripe from 'stripe'
import type { RefundOutcome, RefundRequest, SentRefund } from './provider.ts'
import { asStripeAmount } from './stripe-amounts.ts'
import { isWithoutAnswer } from './stripe-outcomes.ts'

export async function refund(stripe: Stripe, request: RefundRequest): Promise<RefundOutcome> {
  const given = asStripeAmount(request.amount, request.currency)
  if (!given)
    return refused('amount_not_payable', `Stripe cannot give this amount back in ${request.currency}.`)
  // A refund is in the currency of its charge and takes none.
  const { currency: _, ...sent } = given
  try {
    const made = await stripe.refunds.create(
      {
        payment_intent: request.charge,
        ...sent,
        metadata: { refund_key: request.idempotencyKey, account: request.accountId },
      },
      { idempotencyKey: request.idempotencyKey },
    )
    return refundOutcomeOf(made)
  } catch (fault) {
    if (isWithoutAnswer(fault)) return { status: 'unknown' }
    // Refused before anything was made: given back already, disputed, or too much.
    if (fault instanceof Stripe.errors.StripeInvalidRequestError) {
      return refused(fault.code ?? 'invalid_request', fault.message)
    }
    throw fault
  }
}

export async function readRefund(
  stripe: Stripe,
  sent: SentRefund,
): Promise<RefundOutcome | { status: 'none' }> {
  try {
    if (sent.reference !== null) return refundOutcomeOf(await stripe.refunds.retrieve(sent.reference))
    for await (const one of stripe.refunds.list({ payment_intent: sent.charge, limit: 100 })) {
      if (one.metadata?.refund_key === sent.idempotencyKey) return refundOutcomeOf(one)
    }
    return { status: 'none' }
  } catch (fault) {
    if (isWithoutAnswer(fault)) return { status: 'unknown' }
    throw fault
  }
}

/** What a refund says of the money. */
export function refundOutcomeOf({ id: reference, status, failure_reason }: Stripe.Refund): RefundOutcome {
  if (status === 'succeeded') return { status, reference }
  if (status === 'failed' || status === 'canceled') {
    const code = failure_reason ?? status
    return { status: 'failed', reference, code, message: 'The bank did not take the refund.' }
  }
  return { status: 'pending', reference }
}

function refused(code: string, message: string): RefundOutcome {
  return { status: 'failed', reference: null, code, message }
}
