/** Mails about money: invoices, payments that failed or wait, and changes of plan. */
import { Facts, Paragraph } from './mail-frame.tsx'
import { day, money, template } from './mail-template.ts'

const BILLING = 'You have this because you look after the billing of this account.'

type Invoice = {
  account: string
  invoice_id: string
  number: string
  total: string
  amount_due: string
  currency: string
}

const sampleInvoice: Invoice = {
  account: 'Harbour Studio',
  invoice_id: 'upcoming',
  number: 'HARBOU-0007',
  total: '79.2',
  amount_due: '79.2',
  currency: 'USD',
}

export const invoice = template<Invoice>({
  when: 'An invoice was finalized.',
  kind: 'billing',
  link: null,
  sample: sampleInvoice,
  words: ({ account, invoice_id, number, total, amount_due, currency }, { page }) => ({
    subject: `Invoice ${number}: ${money(total, currency)}`,
    preview: `${account}, ${money(amount_due, currency)} to be paid.`,
    title: `Invoice ${number}`,
    action: { label: 'See the invoice', url: page(`/invoices/${invoice_id}`) },
    body: (
      <>
        <Facts
          rows={[
            ['Account', account],
            ['Total', money(total, currency)],
            ['To be paid', money(amount_due, currency)],
          ]}
        />
        <Paragraph>
          {amount_due === '0'
            ? 'There is nothing left to pay.'
            : 'It is collected from the payment method of the account by itself.'}
        </Paragraph>
      </>
    ),
    reason: BILLING,
  }),
})

export const paymentFailed = template<Invoice & { reason: string; next_attempt_at: string | null }>({
  when: 'The first attempt to collect an invoice failed, or the last one.',
  kind: null,
  link: null,
  sample: {
    ...sampleInvoice,
    reason: 'The card was declined.',
    next_attempt_at: '2026-12-03T09:00:00.000Z',
  },
  words: ({ account, number, amount_due, currency, reason, next_attempt_at }, { page }) => ({
    subject: `Payment of invoice ${number} failed`,
    preview: `${money(amount_due, currency)} could not be collected. ${reason}`,
    title: `${money(amount_due, currency)} could not be collected`,
    action: { label: 'Change the payment method', url: page('/billing?dialog=card') },
    body: (
      <>
        <Facts
          rows={[
            ['Account', account],
            ['Invoice', number],
            ['Why', reason],
          ]}
        />
        <Paragraph>
          {next_attempt_at === null
            ? 'It is not tried again by itself. A new payment method is tried at once.'
            : `It is tried again on ${day(next_attempt_at)}. A new payment method is tried at once.`}
        </Paragraph>
        <Paragraph>Your automations keep running.</Paragraph>
      </>
    ),
    reason: BILLING,
  }),
})

type ConfirmedAtBank = Omit<Invoice, 'number'> & { number: string | null; payment_id: string }

export const actionRequired = template<ConfirmedAtBank>({
  when: 'The customer’s bank wants a payment confirmed.',
  kind: null,
  link: null,
  sample: { ...sampleInvoice, payment_id: 'sample' },
  words: ({ account, number, amount_due, currency, payment_id }, { page }) => ({
    subject: 'Your bank wants you to confirm a payment',
    preview: `${money(amount_due, currency)} for ${account}.`,
    title: 'Please confirm a payment',
    action: { label: 'Confirm the payment', url: page(`/payments/${payment_id}`) },
    body: (
      <>
        <Facts
          rows={[
            ['Account', account],
            ['For', number === null ? 'a change of plan' : `invoice ${number}`],
            ['Amount', money(amount_due, currency)],
          ]}
        />
        <Paragraph>The bank asks the holder of the card. Until then nothing is charged.</Paragraph>
      </>
    ),
    reason: BILLING,
  }),
})

export const planChange = template<{ account: string; plan: string; what: PlanChangeWhat; at: string }>({
  when: 'A plan started, changed, was cancelled or ended.',
  kind: 'billing',
  link: null,
  sample: { account: 'Harbour Studio', plan: 'Growth', what: 'changed', at: '2026-12-01T09:00:00.000Z' },
  words: ({ account, plan, what, at }, { page }) => ({
    subject: `${account}: ${planSentence[what](plan, day(at))}`,
    preview: planSentence[what](plan, day(at)),
    title: planSentence[what](plan, day(at)),
    action: { label: 'See the plan', url: page('/billing') },
    body: <Paragraph>{planFollows[what]}</Paragraph>,
    reason: BILLING,
  }),
})

export type PlanChangeWhat =
  | 'started'
  | 'changed'
  | 'change_scheduled'
  | 'cancel_scheduled'
  | 'cancelled'
  | 'declined'

const planSentence: Record<PlanChangeWhat, (plan: string, at: string) => string> = {
  started: (plan) => `${plan} has started`,
  changed: (plan) => `The plan is ${plan} now`,
  change_scheduled: (plan, at) => `${plan} follows on ${at}`,
  cancel_scheduled: (plan, at) => `${plan} ends on ${at}`,
  cancelled: (plan) => `${plan} has ended`,
  declined: (plan) => `${plan} could not be paid`,
}

const planFollows: Record<PlanChangeWhat, string> = {
  started: 'Its credits are there, and come anew with each period.',
  changed:
    'Its prices hold from now on. Runs that were accepted before keep the prices that they were accepted at.',
  change_scheduled: 'Until then the present plan stays as it is. The change can be taken back.',
  cancel_scheduled: 'Its credits can be used until then. The cancellation can be taken back.',
  cancelled:
    'Nothing runs without a plan. What is owed is on the last invoice. You can start a plan at any time.',
  declined: 'The plan stays as it was, and nothing was charged. Try another payment method.',
}
