/**
 * Stripe's events: whether one is Stripe's, and what its object is now (rule R27).
 *
 * Called by stripe.ts. Events come late, twice and in any order, so that nothing but the name of their object is taken from
 * them: it is read again, and what it is now is booked, once.
 *
 * Invariants:
 *   1. What is not signed with one of the endpoint's secrets, byte for byte and within five minutes, is not read.
 *   2. An object of somebody else's, who uses the same Stripe account, is nothing.
 */
import Stripe from 'stripe'
import type { EventReading, News, ProviderEvent } from './provider.ts'
import { ofStripeAmount } from './stripe-amounts.ts'
import { disputeOf } from './stripe-disputes.ts'
import { isWithoutAnswer } from './stripe-outcomes.ts'
import { refundOutcomeOf } from './stripe-refunds.ts'

/** The event as it was posted. Several secrets, because an endpoint has two while its secret is exchanged. */
export function readEvent(
  stripe: Stripe,
  secrets: readonly string[],
  { body, signature }: { body: string; signature: string },
): EventReading {
  if (secrets.length === 0) {
    const detail = 'STRIPE_WEBHOOK_SECRET is not set, so no event can be told from a forged one.'
    return { ok: false, refusal: 'events_not_set_up', detail }
  }
  for (const secret of secrets) {
    try {
      const { id, type, data } = stripe.webhooks.constructEvent(body, signature, secret)
      return { ok: true, event: { id, type, objectId: (data.object as { id?: string }).id ?? '' } }
    } catch (fault) {
      if (!(fault instanceof Stripe.errors.StripeSignatureVerificationError)) throw fault
    }
  }
  const detail = 'The signature is not one of this endpoint, or is older than five minutes.'
  return { ok: false, refusal: 'event_not_signed', detail }
}

export async function readNews(stripe: Stripe, { type, objectId }: ProviderEvent): Promise<News> {
  try {
    if (type.startsWith('payment_intent.')) {
      const { metadata } = await stripe.paymentIntents.retrieve(objectId)
      return ofAccount(metadata, (accountId) => ({ about: 'payment', accountId }))
    }
    if (type.startsWith('refund.')) return newsOfRefunds(stripe, [await stripe.refunds.retrieve(objectId)])
    if (type === 'charge.refunded') {
      const found = await stripe.refunds.list({ charge: objectId, limit: 100 })
      return newsOfRefunds(stripe, found.data.reverse())
    }
    if (type.startsWith('charge.dispute.')) {
      const dispute = disputeOf(await stripe.disputes.retrieve(objectId, { expand: ['payment_intent'] }))
      return dispute && UUID.test(dispute.accountId) ? { about: 'dispute', dispute } : { about: 'nothing' }
    }
    return { about: 'nothing' }
  } catch (fault) {
    if (isWithoutAnswer(fault)) return { about: 'unknown' }
    // Another mode's, or gone.
    if (fault instanceof Stripe.errors.StripeInvalidRequestError) return { about: 'nothing' }
    throw fault
  }
}

/** Whose they are, says their payment: one that somebody makes in the dashboard says nothing. */
async function newsOfRefunds(stripe: Stripe, found: readonly Stripe.Refund[]): Promise<News> {
  const intent = found[0]?.payment_intent
  if (!intent) return { about: 'nothing' }
  const charge = typeof intent === 'string' ? intent : intent.id
  const { metadata } = await stripe.paymentIntents.retrieve(charge)
  const refunds = found.map((one) => ({
    idempotencyKey: one.metadata?.refund_key ?? null,
    reference: one.id,
    charge,
    amount: ofStripeAmount(one.amount, one.currency),
    reason: one.reason?.replaceAll('_', ' ') ?? null,
    outcome: refundOutcomeOf(one),
  }))
  return ofAccount(metadata, (accountId) => ({ about: 'refunds', accountId, refunds }))
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What was made here says whose it is in its metadata. */
function ofAccount(metadata: Stripe.Metadata, news: (accountId: string) => News): News {
  const { account } = metadata
  return account !== undefined && UUID.test(account) ? news(account) : { about: 'nothing' }
}
