/**
 * What the local Stripe keeps: customers, cards, card forms and intents, with the states of Stripe's and its own ledger of
 * captured money, which is the judge of double charges.
 *
 *   PaymentIntent   requires_confirmation ─confirm─▶ succeeded
 *                            │ declined, or off-session where the bank asks ─▶ requires_payment_method ─confirm─▶ …
 *                            │ on-session where the bank asks ─▶ requires_action ─▶ succeeded | requires_payment_method
 *                            ╰ cancel, from every state but succeeded and canceled ─▶ canceled
 *   SetupIntent     requires_payment_method ─▶ succeeded, through requires_action where the bank asks
 *
 * Objects have the fields of the SDK's types that anything reads. HTTP, keys and faults are in test-stripe.ts.
 */
import type Stripe from 'stripe'
import { type Decline, LOCAL_CARDS, type LocalCard } from './test-stripe-cards.ts'
import { type Emit, type Intent, newId, type Params, Refusal, text } from './test-stripe-parts.ts'
import { openRefunds } from './test-stripe-refunds.ts'

type Setup = Pick<Stripe.SetupIntent, 'id' | 'object' | 'created' | 'customer' | 'livemode' | 'metadata'> &
  Pick<Stripe.SetupIntent, 'last_setup_error' | 'payment_method' | 'status' | 'usage'>
type Session = Pick<
  Stripe.Checkout.Session,
  'id' | 'object' | 'client_reference_id' | 'created' | 'customer'
> &
  Pick<Stripe.Checkout.Session, 'livemode' | 'metadata' | 'mode' | 'setup_intent' | 'status' | 'url'> &
  Pick<Stripe.Checkout.Session, 'cancel_url' | 'customer_creation' | 'success_url'>
type Method = Pick<Stripe.PaymentMethod, 'id' | 'object' | 'created' | 'customer' | 'livemode' | 'type'> & {
  card: Pick<Stripe.PaymentMethod.Card, 'brand' | 'exp_month' | 'exp_year' | 'last4'>
}

const now = () => Math.floor(Date.now() / 1000)

const INTENT_PARAMS =
  'amount currency allowed_payment_method_types confirm customer description metadata off_session payment_method return_url'
const SESSION_PARAMS =
  'allowed_payment_method_types cancel_url client_reference_id currency customer customer_creation metadata mode setup_intent_data success_url'
const LEAST: Record<string, number> = { usd: 50, eur: 50, gbp: 30, jpy: 50 }
const THREE_DECIMALS = ['bhd', 'jod', 'kwd', 'omr', 'tnd']

export type Vault = ReturnType<typeof openVault>

const CONFIRM_PARAMS = 'payment_method off_session return_url'

export function openVault(emit: Emit, address: () => string) {
  const customers = new Map<string, { id: string; object: 'customer' }>()
  const methods = new Map<string, Method & { local: LocalCard }>()
  const setups = new Map<string, Setup>()
  const sessions = new Map<string, Session>()
  const intents = new Map<string, Intent>()
  /** Money taken, in order. */
  const captured: { intent: string; paymentKey: string; amount: number; currency: string }[] = []

  function createIntent(params: Params): Intent {
    refuseUnknown(params, INTENT_PARAMS)
    const amount = readAmount(params)
    const customer = text(params.customer)
    if (customer !== null && !customers.has(customer)) throw missing(400, 'customer', customer)
    const intent: Intent = {
      id: newId('pi'),
      object: 'payment_intent',
      allowed_payment_method_types: Object.values(
        (params.allowed_payment_method_types as Params) ?? {},
      ) as string[],
      amount,
      amount_received: 0,
      canceled_at: null,
      client_secret: newId('secret'),
      created: now(),
      currency: params.currency as string,
      customer,
      description: text(params.description),
      last_payment_error: null,
      latest_charge: null,
      livemode: false,
      metadata: (params.metadata as Stripe.Metadata) ?? {},
      next_action: null,
      payment_method: null,
      status: 'requires_payment_method',
    }
    const method = text(params.payment_method)
    if (method !== null) useMethod(intent, method)
    intents.set(intent.id, intent)
    emit('payment_intent.created', intent)
    if (params.confirm === 'true') confirm(intent, params)
    return intent
  }

  function useMethod(intent: Intent, name: string): void {
    const method = methods.get(name)
    if (!method) throw missing(400, 'PaymentMethod', name)
    if (method.customer !== intent.customer) {
      throw new Refusal(400, {
        message: `The PaymentMethod ${name} does not belong to the customer of this payment.`,
      })
    }
    intent.payment_method = name
    intent.status = 'requires_confirmation'
  }

  function confirm(intent: Intent, params: Params): void {
    if (params.amount === undefined) refuseUnknown(params, CONFIRM_PARAMS)
    const named = text(params.payment_method)
    if (!['requires_payment_method', 'requires_confirmation'].includes(intent.status))
      throw unexpected(intent)
    if (named !== null) useMethod(intent, named)
    if (typeof intent.payment_method !== 'string') throw unexpected(intent)
    const { local } = methods.get(intent.payment_method)!
    if (local.confirms === 'always' && params.off_session === 'true') {
      const message = 'Your card was declined. This transaction requires authentication.'
      decline(intent, { code: 'authentication_required', decline_code: 'authentication_required', message })
    }
    if (local.confirms === 'always') {
      intent.status = 'requires_action'
      intent.next_action = {
        type: 'redirect_to_url',
        redirect_to_url: { url: `${address()}/confirm/${intent.id}`, return_url: text(params.return_url) },
      }
      emit('payment_intent.requires_action', intent)
    } else if (local.atCharge) decline(intent, local.atCharge)
    else capture(intent)
  }

  function capture(intent: Intent): void {
    intent.status = 'succeeded'
    intent.next_action = null
    intent.amount_received = intent.amount
    intent.latest_charge = newId('ch')
    const { id, amount, currency, metadata } = intent
    captured.push({ intent: id, paymentKey: metadata.payment_key ?? '', amount, currency })
    emit('payment_intent.succeeded', intent)
  }

  /** Answers 402, and the intent wants another card. */
  function decline(intent: Intent, { code, decline_code, message }: Decline): never {
    fall(intent, { type: 'card_error', code, ...(decline_code && { decline_code }), message })
    throw new Refusal(402, { type: 'card_error', code, decline_code, message, payment_intent: intent })
  }

  function fall(intent: Intent, error: Stripe.PaymentIntent.LastPaymentError): void {
    intent.status = 'requires_payment_method'
    intent.last_payment_error = error
    intent.next_action = null
    intent.payment_method = null
    emit('payment_intent.payment_failed', intent)
  }

  function cancel(intent: Intent): Intent {
    if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpected(intent)
    intent.status = 'canceled'
    intent.canceled_at = now()
    intent.next_action = null
    emit('payment_intent.canceled', intent)
    return intent
  }

  function createSession(params: Params): Session {
    refuseUnknown(params, SESSION_PARAMS)
    if (params.mode !== 'setup')
      throw new Refusal(400, { message: 'Only mode=setup is known here.', param: 'mode' })
    const customer = text(params.customer)
    if (customer !== null && !customers.has(customer)) throw missing(400, 'customer', customer)
    const setup: Setup = {
      id: newId('seti'),
      object: 'setup_intent',
      created: now(),
      customer,
      last_setup_error: null,
      livemode: false,
      metadata: ((params.setup_intent_data as Params)?.metadata as Stripe.Metadata) ?? {},
      payment_method: null,
      status: 'requires_payment_method',
      usage: 'off_session',
    }
    setups.set(setup.id, setup)
    const id = newId('cs_test')
    const session: Session = {
      id,
      object: 'checkout.session',
      cancel_url: text(params.cancel_url),
      client_reference_id: text(params.client_reference_id),
      created: now(),
      customer,
      customer_creation: text(params.customer_creation),
      livemode: false,
      metadata: (params.metadata as Stripe.Metadata) ?? {},
      mode: 'setup',
      setup_intent: setup.id,
      status: 'open',
      success_url: text(params.success_url),
      url: `${address()}/c/pay/${id}`,
    }
    sessions.set(id, session)
    return session
  }

  /** What the person at the card form does. Answers where the browser is sent, or why the form says no. */
  function fillIn(
    sessionId: string,
    number: string,
    cardholderConfirms: boolean,
  ): { sentTo: string } | { refused: string } {
    const session = sessions.get(sessionId)
    const local = LOCAL_CARDS[number]
    if (session?.status !== 'open') return { refused: 'This form is not open.' }
    if (!local) return { refused: 'Your card number is invalid.' }
    const setup = setups.get(session.setup_intent as string)!
    if (local.confirms) setup.status = 'requires_action'
    const fault =
      local.confirms && !cardholderConfirms
        ? { code: 'setup_intent_authentication_failure', message: 'The card was not confirmed.' }
        : local.atSetup
    if (fault) {
      setup.status = 'requires_payment_method'
      setup.last_setup_error = { type: 'card_error', ...fault }
      emit('setup_intent.setup_failed', setup)
      return { refused: fault.message }
    }
    const customer = (setup.customer as string | null) ?? newId('cus')
    customers.set(customer, { id: customer, object: 'customer' })
    const method: Method & { local: LocalCard } = {
      id: newId('pm'),
      object: 'payment_method',
      card: { brand: local.brand, exp_month: 9, exp_year: 2031, last4: number.slice(-4) },
      created: now(),
      customer,
      livemode: false,
      type: 'card',
      local,
    }
    methods.set(method.id, method)
    Object.assign(setup, { status: 'succeeded', customer, payment_method: method.id, last_setup_error: null })
    Object.assign(session, { status: 'complete', customer, url: null })
    emit('setup_intent.succeeded', setup)
    emit('checkout.session.completed', session)
    return { sentTo: (session.success_url ?? '').replace('{CHECKOUT_SESSION_ID}', session.id) }
  }

  function retrieveSession(id: string, expand: readonly string[]): object {
    const session = sessions.get(id) ?? throwMissing('checkout.session', id)
    const setup = setups.get(session.setup_intent as string)!
    if (!expand.some((path) => path.startsWith('setup_intent'))) return session
    const method = methods.get((setup.payment_method as string | null) ?? '')
    const shown =
      expand.includes('setup_intent.payment_method') && method ? publicMethod(method) : setup.payment_method
    return { ...session, setup_intent: { ...setup, payment_method: shown } }
  }

  const money = openRefunds(emit, (id) => intents.get(id))

  return {
    ...money,
    captured,
    intents,
    createIntent,
    confirm,
    cancel,
    createSession,
    fillIn,
    retrieveSession,
    intent: (id: string) => intents.get(id) ?? throwMissing('payment_intent', id),
    /** Newest first, as Stripe lists. */
    intentsOf: (customer: string) =>
      [...intents.values()].filter((one) => one.customer === customer).reverse(),
    /** What the cardholder does at the bank's page. */
    answerBank(id: string, confirms: boolean): void {
      const intent = intents.get(id)!
      if (intent.status !== 'requires_action') throw new Error(`${id} is ${intent.status}`)
      const message = 'The provided PaymentMethod has failed authentication.'
      if (confirms) capture(intent)
      else
        fall(intent, {
          type: 'invalid_request_error',
          code: 'payment_intent_authentication_failure',
          message,
        })
    },
    /** The cardholder, or the operator in the dashboard, takes the card away. */
    detach(method: string): void {
      methods.get(method)!.customer = null
    },
  }
}

function publicMethod({ local: _, ...method }: Method & { local: LocalCard }): Method {
  return method
}

function readAmount(params: Params): number {
  const { amount, currency } = params
  if (typeof amount !== 'string' || typeof currency !== 'string') {
    throw new Refusal(400, {
      code: 'parameter_missing',
      message: 'Missing required param: amount or currency.',
    })
  }
  if (!/^[1-9]\d*$/.test(amount)) {
    throw new Refusal(400, { code: 'parameter_invalid_integer', message: `Invalid integer: ${amount}` })
  }
  if (THREE_DECIMALS.includes(currency) && !amount.endsWith('0')) {
    throw new Refusal(400, { message: `The last digit of an amount in ${currency} must be 0.` })
  }
  if (Number(amount) < (LEAST[currency] ?? 1)) {
    throw new Refusal(400, {
      code: 'amount_too_small',
      message: `Amount must be at least ${LEAST[currency]}.`,
    })
  }
  return Number(amount)
}

function refuseUnknown(params: Params, known: string): void {
  const unknown = Object.keys(params).find((name) => !known.split(' ').includes(name))
  if (unknown === undefined) return
  const message = `Received unknown parameter: ${unknown}`
  throw new Refusal(400, { code: 'parameter_unknown', param: unknown, message })
}

function unexpected(intent: Intent): Refusal {
  const message = `This PaymentIntent has a status of ${intent.status}, which does not allow this.`
  return new Refusal(400, { code: 'payment_intent_unexpected_state', message, payment_intent: intent })
}

function missing(status: number, kind: string, id: string): Refusal {
  return new Refusal(status, { code: 'resource_missing', message: `No such ${kind}: '${id}'` })
}

function throwMissing(kind: string, id: string): never {
  throw missing(404, kind, id)
}
