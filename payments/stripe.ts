/**
 * Stripe behind the port, through its own SDK and pinned to one version of its API.
 *
 * Opened by server.ts where `PAYMENTS=stripe`. An attempt is one PaymentIntent, made and confirmed off-session in one call
 * under the attempt's own idempotency key, with the key, the account and the invoice in its metadata. Cards are typed into
 * Stripe's hosted page: what comes here is the page's session, which names the account it was opened for.
 *
 * Invariants:
 *   1. No answer, 409, 429 and 5xx are `unknown`: the money may have moved.
 *   2. An intent is found again by its id, else among its customer's intents by the key in the metadata. That list is
 *      consistent at once, which Stripe's search is not. An intent that is not there was never made; should its making be under
 *      way at that instant, the same key keeps the charge from being made twice.
 *   3. Stripe forgets keys after a day at the earliest. By then the list has had that day to tell, so the memory of keys and
 *      the list together leave no gap.
 *   4. A wrong key or a missing permission throws: it is the operator's to mend and no fault of the card.
 *
 * A token of a stored payment method is `<customer>/<payment method>`.
 */
import Stripe from 'stripe'
import type {
  CardForm,
  CardFormRequest,
  ChargeOutcome,
  ChargeRequest,
  Confirmation,
  MethodDescription,
  PaymentProvider,
  SentCharge,
} from './provider.ts'
import { asStripeAmount, chargeStep, leastCharge } from './stripe-amounts.ts'
import { listDisputes } from './stripe-disputes.ts'
import { readEvent, readNews } from './stripe-events.ts'
import { failed, isWithoutAnswer, outcomeOf, outcomeOfFault } from './stripe-outcomes.ts'
import { readRefund, refund } from './stripe-refunds.ts'

/** Objects are written and read as of this version, whatever the Stripe account's own default is. */
const API_VERSION = '2026-10-28.endive'
const TIMEOUT_MS = 30_000
/** Under the same idempotency key, so that a blink of the network leaves nothing unknown. */
const RETRIES = 2

export type StripeOptions = {
  secretKey: string
  /** Secrets that events may be signed with; none where no endpoint is set up. */
  webhookSecrets?: readonly string[]
  /** Another address than Stripe's: a local one, in tests. */
  url?: string | undefined
  timeoutMs?: number
  retries?: number
}

export function openStripe(options: StripeOptions): PaymentProvider {
  const stripe = connect(options)
  return {
    name: 'stripe',
    minimumCharge: leastCharge,
    chargeStep,
    describeMethod: (token, accountId) => describeMethod(stripe, token, accountId),
    openCardForm: (request) => openCardForm(stripe, request),
    charge: (request) => charge(stripe, request),
    cancel: (sent) => cancel(stripe, sent),
    read: (sent) => read(stripe, sent),
    confirm: (sent, returnUrl) => confirm(stripe, sent, returnUrl),
    refund: (request) => refund(stripe, request),
    readRefund: (sent) => readRefund(stripe, sent),
    listDisputes: (since) => listDisputes(stripe, since),
    readEvent: (body, signature) => readEvent(stripe, options.webhookSecrets ?? [], { body, signature }),
    readNews: (event) => readNews(stripe, event),
  }
}

function connect({ secretKey, url, timeoutMs = TIMEOUT_MS, retries = RETRIES }: StripeOptions): Stripe {
  const local = url === undefined ? null : new URL(url)
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    timeout: timeoutMs,
    maxNetworkRetries: retries,
    telemetry: false,
    ...(local && { host: local.hostname, port: local.port, protocol: 'http' as const }),
  })
}

/** A session of the hosted page in setup mode: it stores a card for charges without its holder, and charges nothing. */
async function openCardForm(stripe: Stripe, request: CardFormRequest): Promise<CardForm> {
  const { accountId, token, returnUrl, cancelUrl } = request
  const named = token === null ? null : partsOf(token)
  try {
    const session = await stripe.checkout.sessions.create({
      mode: 'setup',
      allowed_payment_method_types: ['card'],
      client_reference_id: accountId,
      ...(named ? { customer: named.customer } : { customer_creation: 'always' as const }),
      success_url: returnUrl,
      cancel_url: cancelUrl,
      setup_intent_data: { metadata: { account: accountId } },
    })
    return { ok: true, url: session.url! }
  } catch (fault) {
    if (isWithoutAnswer(fault)) return AWAY
    throw fault
  }
}

const AWAY = {
  ok: false,
  refusal: 'payment_provider_away',
  detail: 'Stripe did not answer.',
} as const

/** A finished session of the hosted page: the card it has stored, if it was opened for this account. */
async function describeMethod(
  stripe: Stripe,
  token: string,
  accountId: string | null,
): Promise<MethodDescription> {
  const unknown = (detail: string): MethodDescription => ({
    ok: false,
    refusal: 'payment_token_unknown',
    detail,
  })
  const nothing = 'Stripe has no finished card form of this account under this token.'
  if (accountId === null || !/^cs_\w+$/.test(token)) return unknown(nothing)
  const session = await readSession(stripe, token)
  if (session === 'away') return AWAY
  const setup = session?.setup_intent
  if (!setup || typeof setup === 'string' || session.client_reference_id !== accountId)
    return unknown(nothing)
  const method = setup.payment_method
  if (setup.status !== 'succeeded' || !method || typeof method === 'string')
    return unknown('The card was not confirmed in the form.')
  if (!method.card || !session.customer) return unknown('What was put in is no card.')
  const { brand, last4, exp_month, exp_year } = method.card
  return {
    ok: true,
    token: `${idOf(session.customer)}/${method.id}`,
    brand: `${brand.slice(0, 1).toUpperCase()}${brand.slice(1)}`,
    last4,
    expires: `${String(exp_month).padStart(2, '0')}/${exp_year}`,
  }
}

async function charge(stripe: Stripe, request: ChargeRequest): Promise<ChargeOutcome> {
  const named = partsOf(request.token)
  if (!named) return failed('payment_method_unusable', 'This payment method is not one of Stripe.')
  const charged = asStripeAmount(request.amount, request.currency)
  if (!charged) return failed('amount_not_payable', `Stripe cannot take this amount in ${request.currency}.`)
  try {
    const intent = await stripe.paymentIntents.create(
      {
        ...charged,
        customer: named.customer,
        payment_method: named.method,
        allowed_payment_method_types: ['card'],
        confirm: true,
        off_session: true,
        description: request.description,
        metadata: {
          payment_key: request.idempotencyKey,
          account: request.accountId,
          invoice: request.invoiceId,
        },
      },
      { idempotencyKey: request.idempotencyKey },
    )
    return outcomeOf(intent)
  } catch (fault) {
    return outcomeOfFault(fault)
  }
}

async function read(stripe: Stripe, sent: SentCharge): Promise<ChargeOutcome | { status: 'none' }> {
  try {
    const intent = await find(stripe, sent)
    return intent ? outcomeOf(intent) : { status: 'none' }
  } catch (fault) {
    if (isWithoutAnswer(fault)) return { status: 'unknown' }
    throw fault
  }
}

async function cancel(stripe: Stripe, sent: SentCharge): Promise<ChargeOutcome | { status: 'none' }> {
  try {
    const intent = await find(stripe, sent)
    if (!intent) return { status: 'none' }
    return outcomeOf(await stripe.paymentIntents.cancel(intent.id))
  } catch (fault) {
    if (isWithoutAnswer(fault)) return { status: 'unknown' }
    // It has come to an end by itself in the meantime.
    if (fault instanceof Stripe.errors.StripeInvalidRequestError) return read(stripe, sent)
    throw fault
  }
}

/**
 * The bank wants the cardholder: the intent is confirmed again with them present, and answers the address of the page on which the
 * bank asks. An intent that waits there already answers the same address.
 */
async function confirm(stripe: Stripe, sent: SentCharge, returnUrl: string): Promise<Confirmation> {
  try {
    const intent = await find(stripe, sent)
    if (!intent) return { status: 'none' }
    if (outcomeOf(intent).status !== 'action_required') return outcomeOf(intent)
    if (intent.status === 'requires_action') return pageOf(intent)
    const method = partsOf(sent.token)?.method
    return pageOf(
      await stripe.paymentIntents.confirm(intent.id, {
        return_url: returnUrl,
        ...(method && { payment_method: method }),
      }),
    )
  } catch (fault) {
    return outcomeOfFault(fault)
  }
}

/** Where the bank asks. A way of asking that is no page would need a script of Stripe's in ours, and is not offered. */
function pageOf(intent: Stripe.PaymentIntent): Confirmation {
  const url = intent.next_action?.redirect_to_url?.url
  return url ? { status: 'redirect', url } : outcomeOf(intent)
}

async function find(stripe: Stripe, sent: SentCharge): Promise<Stripe.PaymentIntent | null> {
  if (sent.reference !== null) return stripe.paymentIntents.retrieve(sent.reference)
  const named = partsOf(sent.token)
  if (!named) return null
  for await (const intent of stripe.paymentIntents.list({ customer: named.customer, limit: 100 })) {
    if (intent.metadata.payment_key === sent.idempotencyKey) return intent
  }
  return null
}

async function readSession(stripe: Stripe, id: string): Promise<Stripe.Checkout.Session | 'away' | null> {
  try {
    return await stripe.checkout.sessions.retrieve(id, { expand: ['setup_intent.payment_method'] })
  } catch (fault) {
    if (isWithoutAnswer(fault)) return 'away'
    if (fault instanceof Stripe.errors.StripeInvalidRequestError) return null
    throw fault
  }
}

function partsOf(token: string): { customer: string; method: string } | null {
  const [customer, method] = token.split('/')
  return customer?.startsWith('cus_') && method ? { customer, method } : null
}

function idOf(named: string | { id: string }): string {
  return typeof named === 'string' ? named : named.id
}
