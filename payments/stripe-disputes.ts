/**
 * Disputes at Stripe, as facts about a payment of this service (rule R26).
 *
 * Called by stripe-events.ts for an event, and by a job that looks for those of which no event came. A dispute does not say whose it
 * is; its payment does.
 */
import type Stripe from 'stripe'
import type { Dispute } from './provider.ts'
import { ofStripeAmount } from './stripe-amounts.ts'
import { isWithoutAnswer } from './stripe-outcomes.ts'

/** A dispute with its payment; null where that was not made here. */
export function disputeOf(found: Stripe.Dispute): Dispute | null {
  const intent = found.payment_intent
  if (intent === null || typeof intent === 'string') return null
  const { account, payment_key: key } = intent.metadata
  if (account === undefined || key === undefined) return null
  return {
    accountId: account,
    reference: found.id,
    charge: intent.id,
    amount: ofStripeAmount(found.amount, found.currency),
    reason: found.reason,
    status: STATUSES[found.status] ?? 'open',
  }
}

export async function listDisputes(stripe: Stripe, since: Date): Promise<Dispute[] | null> {
  const disputes: Dispute[] = []
  const created = { gte: Math.floor(since.getTime() / 1000) }
  try {
    const expand = ['data.payment_intent']
    for await (const one of stripe.disputes.list({ created, limit: 100, expand })) {
      const dispute = disputeOf(one)
      if (dispute) disputes.push(dispute)
    }
    return disputes
  } catch (fault) {
    if (isWithoutAnswer(fault)) return null
    throw fault
  }
}

/** What a status says of the money. Those that are not here, appeals among them, leave it with the bank. */
const STATUSES: Readonly<Record<string, Dispute['status']>> = {
  warning_needs_response: 'inquiry',
  warning_under_review: 'inquiry',
  warning_closed: 'dropped',
  prevented: 'dropped',
  won: 'won',
  lost: 'lost',
}
