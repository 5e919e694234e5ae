/**
 * Refunds and disputes of the local Stripe, with Stripe's states and its own ledger of what went back.
 *
 *   Refund    succeeded, or pending ─▶ succeeded | failed; one that succeeded may still fail
 *   Dispute   warning_needs_response ─▶ warning_closed
 *             needs_response ─▶ won | lost
 */
import type Stripe from 'stripe'
import { type Emit, type Intent, newId, type Params, Refusal, text } from './test-stripe-parts.ts'

type Refund = Pick<Stripe.Refund, 'id' | 'object' | 'amount' | 'charge' | 'created' | 'currency'> &
  Pick<Stripe.Refund, 'metadata' | 'payment_intent' | 'reason' | 'status'> & { failure_reason?: string }
type Dispute = Pick<Stripe.Dispute, 'id' | 'object' | 'amount' | 'charge' | 'created' | 'currency'> &
  Pick<Stripe.Dispute, 'livemode' | 'metadata' | 'payment_intent' | 'reason' | 'status'>

const REFUND_PARAMS = 'amount metadata payment_intent reason'
const now = () => Math.floor(Date.now() / 1000)

export function openRefunds(emit: Emit, intentOf: (id: string) => Intent | undefined) {
  const refunds = new Map<string, Refund>()
  const disputes = new Map<string, Dispute>()
  /** Money given back, in order. */
  const givenBack: { intent: string; refundKey: string; amount: number }[] = []
  /** How the next refunds begin; Stripe has cards for it. */
  const begins: ('pending' | 'succeeded')[] = []

  const ofIntent = (id: string) => [...refunds.values()].filter((one) => one.payment_intent === id).reverse()

  function createRefund(params: Params): Refund {
    const unknown = Object.keys(params).find((name) => !REFUND_PARAMS.split(' ').includes(name))
    if (unknown)
      throw new Refusal(400, { code: 'parameter_unknown', message: `Unknown parameter ${unknown}` })
    const intent = intentOf(text(params.payment_intent) ?? '')
    if (!intent) throw new Refusal(400, { code: 'resource_missing', message: 'No such payment_intent' })
    if (intent.status !== 'succeeded') {
      throw new Refusal(400, { message: 'This PaymentIntent does not have a successful charge to refund.' })
    }
    if ([...disputes.values()].some((one) => one.payment_intent === intent.id && one.status !== 'won')) {
      throw new Refusal(400, { code: 'charge_disputed', message: 'The charge has been charged back.' })
    }
    const before = ofIntent(intent.id)
      .filter(({ status }) => status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0)
    const amount = params.amount === undefined ? intent.amount - before : Number(params.amount)
    if (before === intent.amount) {
      throw new Refusal(400, { code: 'charge_already_refunded', message: 'It has already been refunded.' })
    }
    if (before + amount > intent.amount) {
      const message = `Refund amount (${amount}) is greater than unrefunded amount on charge (${intent.amount - before})`
      throw new Refusal(400, { message, param: 'amount' })
    }
    const refund: Refund = {
      id: newId('re'),
      object: 'refund',
      amount,
      charge: intent.latest_charge as string,
      created: now(),
      currency: intent.currency,
      metadata: (params.metadata as Stripe.Metadata) ?? {},
      payment_intent: intent.id,
      reason: null,
      status: begins.shift() ?? 'succeeded',
    }
    refunds.set(refund.id, refund)
    if (refund.status === 'succeeded') give(refund)
    emit('refund.created', refund)
    emit('charge.refunded', { id: refund.charge, object: 'charge' })
    return refund
  }

  function give({ payment_intent, metadata, amount }: Refund): void {
    const refundKey = metadata?.refund_key ?? ''
    givenBack.push({ intent: payment_intent as string, refundKey, amount })
  }

  return {
    refunds,
    disputes,
    givenBack,
    begins,
    createRefund,
    refund: (id: string): Refund => refunds.get(id) ?? missing('refund', id),
    refundsOf: ofIntent,
    refundsOfCharge: (id: string) => [...refunds.values()].filter(({ charge }) => charge === id).reverse(),
    /** What becomes of a refund after its answer. */
    endRefund(id: string, status: 'succeeded' | 'failed'): void {
      const refund = refunds.get(id)!
      if (status === 'succeeded') give(refund)
      else if (refund.status === 'succeeded') {
        givenBack.splice(
          givenBack.findIndex(({ refundKey }) => refundKey === refund.metadata?.refund_key),
          1,
        )
      }
      refund.status = status
      if (status === 'failed') refund.failure_reason = 'lost_or_stolen_card'
      emit(status === 'failed' ? 'refund.failed' : 'refund.updated', refund)
    },
    /** The cardholder's bank takes a payment back, or asks about it. */
    dispute(intentId: string, more: { amount?: number; inquiry?: boolean } = {}): Dispute {
      const intent = intentOf(intentId)!
      const dispute: Dispute = {
        id: newId('du'),
        object: 'dispute',
        amount: more.amount ?? intent.amount,
        charge: intent.latest_charge as string,
        created: now(),
        currency: intent.currency,
        livemode: false,
        metadata: {},
        payment_intent: intentId,
        reason: 'fraudulent',
        status: more.inquiry ? 'warning_needs_response' : 'needs_response',
      }
      disputes.set(dispute.id, dispute)
      emit('charge.dispute.created', dispute)
      if (!more.inquiry) emit('charge.dispute.funds_withdrawn', dispute)
      return dispute
    },
    moveDispute(id: string, status: Stripe.Dispute.Status): void {
      const dispute = disputes.get(id)!
      dispute.status = status
      const isOver = ['won', 'lost', 'warning_closed'].includes(status)
      emit(isOver ? 'charge.dispute.closed' : 'charge.dispute.updated', dispute)
      if (status === 'won') emit('charge.dispute.funds_reinstated', dispute)
    },
    /** With its intent, where that is asked for. */
    shownDispute(id: string, expand: readonly string[]): object {
      const dispute = disputes.get(id) ?? missing('dispute', id)
      if (!expand.some((path) => path.endsWith('payment_intent'))) return dispute
      return { ...dispute, payment_intent: intentOf(dispute.payment_intent as string) }
    },
  }
}

function missing(kind: string, id: string): never {
  throw new Refusal(404, { code: 'resource_missing', message: `No such ${kind}: '${id}'` })
}
