/**
 * Every event that an account can be told of: its name, when it happens, and the shape of its data.
 *
 * Called by record-event.ts, which writes by it; by http/, which lists it; and by the documentation, which is made from it.
 *
 * 1. A name, once published, means the same for ever. A field is added and never changed; where that is not enough, `version` rises.
 * 2. What is recorded is what is delivered: the schema's input is the JSON on the wire, its output the values that verbs have.
 * 3. Credits of a plan come and go with `subscription.*`; `grant.*` tells of promotions, purchases and adjustments.
 */
import { z } from 'zod'
import { idOf } from '../http/ids.ts'
import { amount, instant } from './wire-values.ts'

const count = z.int().nonnegative()
const currency = z.string()

const plan = z.object({ id: idOf('plan'), code: z.string(), name: z.string() })
/** Half-open: it ends where the next one starts. */
const period = z.object({ start: instant, end: instant })
const subscription = z.object({ subscription_id: idOf('subscription'), plan, period })

const invoice = z.object({
  invoice_id: idOf('invoice'),
  number: z
    .string()
    .nullable()
    .meta({ description: 'Null while a start or an upgrade waits for its payment.' }),
  kind: z.string(),
  currency,
  total: amount,
  amount_due: amount,
  period,
})

const failure = { failure_code: z.string(), failure_message: z.string() }

const grant = z.object({
  grant_id: idOf('grant'),
  source: z.enum(['plan', 'upgrade', 'promotion', 'purchase', 'adjustment']),
  credits: amount,
  credit_unit: z.string(),
  starts_at: instant,
  expires_at: instant.nullable(),
})

const paymentMethod = z.object({ brand: z.string(), last4: z.string(), expires: z.string() })

const alertRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('credits'), percent: z.int() }),
  z.object({ kind: z.enum(['overage', 'forecast']), amount }),
])

const hotFolder = z.object({ hot_folder_id: idOf('hot_folder'), name: z.string() })

const run = z.object({ run_id: idOf('run'), name: z.string() })

function event<Data extends z.ZodType>(when: string, data: Data) {
  return { version: 1, when, data }
}

export const eventCatalogue = {
  'account.created': event(
    'An account was created.',
    z.object({ account_id: idOf('account'), name: z.string(), zone: z.string() }),
  ),
  'member.invited': event(
    'Somebody was invited to the account.',
    z.object({ invitation_id: idOf('invitation'), email: z.string(), role: z.string(), expires_at: instant }),
  ),
  'member.joined': event('An invitation was accepted.', z.object({ email: z.string(), role: z.string() })),
  'member.removed': event(
    'A member was removed from the account, or left it.',
    z.object({ role: z.string() }),
  ),

  'subscription.started': event(
    'A plan started. Its credits are there.',
    subscription.extend({ credits: amount, trial: z.boolean() }),
  ),
  'subscription.change_scheduled': event(
    'A change of plan was asked for that waits for the end of the period.',
    subscription.extend({ next_plan: plan, effective_at: instant }),
  ),
  'subscription.changed': event(
    'Another plan is in force: an upgrade was paid, or a change that waited took effect.',
    subscription.extend({ previous_plan: plan, credits: amount }),
  ),
  'subscription.change_declined': event(
    'The payment of a start or an upgrade failed, or it lapsed. The plan stays as it is.',
    z.object({ plan, ...failure }),
  ),
  'subscription.cancel_scheduled': event(
    'The plan was cancelled; it ends with the period.',
    subscription.extend({ effective_at: instant }),
  ),
  'subscription.resumed': event('A change or cancellation that waited was taken back.', subscription),
  'subscription.cancelled': event('The plan has ended.', subscription.extend({ ended_at: instant })),
  'subscription.renewed': event(
    'A period has ended and the next one has begun, with its credits.',
    subscription.extend({ credits: amount }),
  ),

  'invoice.finalized': event('An invoice has its number and is owed.', invoice),
  'invoice.paid': event(
    'An invoice is paid.',
    invoice.extend({
      payment_id: idOf('payment')
        .nullable()
        .meta({ description: 'Null where nothing was left to pay, or where it was paid otherwise.' }),
    }),
  ),
  'invoice.payment_failed': event(
    'An attempt to collect failed.',
    invoice.extend({
      payment_id: idOf('payment').nullable().meta({ description: 'Null where there was no payment method.' }),
      ...failure,
      next_attempt_at: instant.nullable(),
      first: z.boolean().meta({ description: 'Whether it is the first failure of this invoice.' }),
    }),
  ),
  'invoice.payment_action_required': event(
    'The customer has to confirm a payment with their bank.',
    invoice.extend({ payment_id: idOf('payment') }),
  ),
  'invoice.past_due': event('The first attempt to collect failed. It is tried again.', invoice),
  'invoice.uncollectible': event('Every attempt to collect has failed. It is still owed.', invoice),
  'credit_note.issued': event(
    'Usage was taken back.',
    z.object({
      credit_note_id: idOf('credit_note'),
      number: z.string(),
      reason: z.string(),
      currency,
      credited: amount.meta({ description: 'Money, with tax, that became customer credit.' }),
      credits_returned: amount,
      overage_cancelled: amount,
    }),
  ),
  'refund.succeeded': event(
    'Money went back to the customer.',
    z.object({
      refund_id: idOf('refund'),
      invoice_id: idOf('invoice').nullable(),
      payment_id: idOf('payment').nullable(),
      currency,
      amount,
    }),
  ),
  'refund.failed': event(
    'The bank did not take a refund. Its money is customer credit again.',
    z.object({
      refund_id: idOf('refund'),
      payment_id: idOf('payment'),
      currency,
      amount,
      ...failure,
    }),
  ),
  'dispute.opened': event(
    'The customer’s bank disputes a payment.',
    z.object({
      dispute_id: idOf('dispute'),
      payment_id: idOf('payment'),
      currency,
      amount,
      reason: z.string(),
    }),
  ),
  'dispute.closed': event(
    'A dispute was decided.',
    z.object({
      dispute_id: idOf('dispute'),
      payment_id: idOf('payment'),
      currency,
      amount,
      outcome: z.enum(['won', 'lost']),
    }),
  ),
  'payment_method.changed': event(
    'The payment method was set, replaced or removed.',
    z.object({ payment_method: paymentMethod.nullable() }),
  ),

  'grant.created': event(
    'Credits were granted that are not a plan’s.',
    grant.extend({ reason: z.string().nullable() }),
  ),
  'grant.expired': event(
    'Credits that are not a plan’s have ended unused.',
    grant.extend({ credits_expired: amount }),
  ),
  'grant.voided': event(
    'The operator took back what was left of a grant.',
    grant.extend({ credits_voided: amount }),
  ),

  'alert.raised': event(
    'An alert rule of the account was met. Once for each rule and period.',
    z.object({
      rule: alertRule,
      currency,
      credits_included: amount,
      balance: amount,
      overage: amount,
      forecast: amount.nullable(),
    }),
  ),
  'automations.paused': event(
    'A run waits, because its next item would pass the overage at which the customer has automations pause.',
    run.extend({ currency, pause_at: amount.nullable() }),
  ),
  'automations.resumed': event('A run that waited goes on.', run),
  'run.finished': event(
    'A run has ended: every item succeeded, failed, is held or was cancelled.',
    run.extend({
      callback_url: z
        .string()
        .nullable()
        .meta({ description: 'Where it is delivered to as well, as the run was asked.' }),
      status: z.enum(['finished', 'cancelled']),
      items: count,
      succeeded: count,
      failed: count,
      held: count,
      cancelled: count,
      cost: amount,
      from_credits: amount,
      overage: amount,
      started_at: instant,
      finished_at: instant,
    }),
  ),
  'item.held': event(
    'The result of an item waits for a person’s decision. It is not charged until it is accepted.',
    run.extend({ item_id: idOf('item'), reason: z.string(), message: z.string() }),
  ),
  'hot_folder.stopped': event(
    'A hot folder does not go on: the message says why. It is looked at again by itself.',
    hotFolder.extend({ message: z.string() }),
  ),
  'webhook_endpoint.disabled': event(
    'Nothing is sent to an endpoint any more: for three days nothing arrived, or it answered 410 Gone.',
    z.object({ endpoint_id: idOf('endpoint'), url: z.string(), reason: z.enum(['failing', 'gone']) }),
  ),
  'webhook.test': event(
    'Somebody tries an endpoint. It is sent to that one alone.',
    z.object({ endpoint_id: idOf('endpoint'), message: z.string() }),
  ),
} as const satisfies Record<string, { version: number; when: string; data: z.ZodType }>

export type EventType = keyof typeof eventCatalogue

/** What a verb says of an event: amounts are bigint, instants Date, ids UUIDs. */
export type EventData<Type extends EventType> = z.output<(typeof eventCatalogue)[Type]['data']>

/** Whether a text is the name of an event. */
export function isEventType(text: string): text is EventType {
  return Object.hasOwn(eventCatalogue, text)
}
