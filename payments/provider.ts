/**
 * What a payment provider is to this service: it describes payment methods, takes money once per idempotency key, and
 * can be asked afterwards what became of a key.
 *
 * Called by jobs/collect-account.ts, which has the ledger book the facts returned here. A provider writes no books.
 *
 * Invariants:
 *   1. The same idempotency key never takes money twice, however often it is sent.
 *   2. A call that ended without an answer is `unknown`, never `failed`: only `read` or an event resolves it (R27).
 */
import type { Micros } from '../billing/micros.ts'

export type ChargeRequest = {
  /** Stored before the call; one for each attempt. */
  idempotencyKey: string
  accountId: string
  invoiceId: string
  /** Whole minor units. */
  amount: Micros
  currency: string
  /** The payment method's name at the provider. */
  token: string
  /** What the payer sees: the invoice. */
  description: string
}

/** A charge that was sent, or may have been. */
export type SentCharge = Pick<ChargeRequest, 'idempotencyKey' | 'token'> & {
  /** The charge's name at the provider, where an answer has told it. */
  reference: string | null
}

export type ChargeOutcome =
  | { status: 'succeeded'; reference: string }
  | { status: 'failed'; reference: string | null; code: string; message: string }
  | { status: 'action_required'; reference: string }
  | { status: 'unknown' }

export type MethodDescription =
  /** `token` is what charges are to name: not always the one that was described. */
  | { ok: true; token: string; brand: string; last4: string; expires: string }
  | { ok: false; refusal: 'payment_token_unknown' | 'payment_provider_away'; detail: string }

export type CardFormRequest = {
  accountId: string
  /** The payment method in force, to keep its customer; null where there is none. */
  token: string | null
  /** Where the browser comes back to; the form's token stands in for FORM_TOKEN. */
  returnUrl: string
  cancelUrl: string
}

/** In the address that a finished card form leads back to, this is replaced by the token to be described. */
export const FORM_TOKEN = '{CHECKOUT_SESSION_ID}'

export type CardForm =
  | { ok: true; url: string }
  | { ok: false; refusal: 'card_form_missing' | 'payment_provider_away'; detail: string }

/** Where the payer confirms what their bank asks about, or what the charge has come to meanwhile. */
export type Confirmation = { status: 'redirect'; url: string } | ChargeOutcome | { status: 'none' }

export type RefundRequest = {
  /** Stored before the call; one for each refund. */
  idempotencyKey: string
  accountId: string
  /** The charge's name at the provider. */
  charge: string
  /** Whole minor units. */
  amount: Micros
  currency: string
}

/** A refund that was sent, or may have been. `reference`: its name at the provider, where an answer has told it. */
export type SentRefund = RefundRequest & { reference: string | null }

export type RefundOutcome =
  | { status: 'succeeded'; reference: string }
  | { status: 'pending'; reference: string }
  | { status: 'failed'; reference: string | null; code: string; message: string }
  | { status: 'unknown' }

/** A payment that its cardholder disputes, as it stands. */
export type Dispute = {
  accountId: string
  reference: string
  charge: string
  /** Whole minor units. */
  amount: Micros
  /** In the provider's word. */
  reason: string
  /** inquiry: the bank asks, and has moved no money. dropped: it never came to a dispute, or was taken back. */
  status: 'inquiry' | 'open' | 'won' | 'lost' | 'dropped'
}

/** That something has happened to an object of the provider's. What it is now is read again, never taken from the event (R27). */
export type ProviderEvent = {
  /** One for each event, however often it is told. */
  id: string
  type: string
  objectId: string
}

/** What an event is about, as the provider's object stands when it is read again. */
export type News =
  | { about: 'payment'; accountId: string }
  /** Of one charge, oldest first. */
  | { about: 'refunds'; accountId: string; refunds: MadeRefund[] }
  | { about: 'dispute'; dispute: Dispute }
  /** Nothing of this service, or nothing that it books. */
  | { about: 'nothing' }
  /** No answer: it is read again later. */
  | { about: 'unknown' }

/** A refund as the provider has it. */
export type MadeRefund = {
  /** Of one that was asked for here; null: somebody made it at the provider. */
  idempotencyKey: string | null
  /** The provider's names of the refund and of the charge. */
  reference: string
  charge: string
  /** Whole minor units. */
  amount: Micros
  /** Why, in the provider's words; null where nobody said. */
  reason: string | null
  outcome: RefundOutcome
}

export type EventReading =
  | { ok: true; event: ProviderEvent }
  | { ok: false; refusal: 'event_not_signed' | 'events_not_set_up'; detail: string }

export type PaymentProvider = {
  name: 'sandbox' | 'stripe'
  /** The least that can be charged; less is carried to the next invoice. */
  minimumCharge(currency: string): Micros
  /** Charges are multiples of this, and the least charge is one: a minor unit, or more where the provider takes no smaller coin. */
  chargeStep(currency: string): Micros
  /** Refuses a token that the provider does not know, or that is another account's. Null: an account yet to be made. */
  describeMethod(token: string, accountId: string | null): Promise<MethodDescription>
  /** Opens the provider's own page, where a card is put in; none of it passes through here. */
  openCardForm(request: CardFormRequest): Promise<CardForm>
  charge(request: ChargeRequest): Promise<ChargeOutcome>
  /**
   * Gives up a charge that waits for the payer's action, and answers what it came to: `failed`, or whatever it had
   * become by then.
   */
  cancel(charge: SentCharge): Promise<ChargeOutcome | { status: 'none' }>
  /** What became of a charge. `none`: the provider never saw its key, so sending it again is safe. */
  read(charge: SentCharge): Promise<ChargeOutcome | { status: 'none' }>
  /**
   * Opens the page on which the payer confirms a charge that waits for it, with the card of the charge. It leads back to
   * `returnUrl` whatever comes of it.
   */
  confirm(charge: SentCharge, returnUrl: string): Promise<Confirmation>
  /** Gives a charge back, once for each idempotency key. */
  refund(request: RefundRequest): Promise<RefundOutcome>
  /** What became of a refund. `none`: the provider never saw its key, so sending it again is safe. */
  readRefund(refund: SentRefund): Promise<RefundOutcome | { status: 'none' }>
  /** Disputes of this service that were opened since an instant, newest first; null without an answer. */
  listDisputes(since: Date): Promise<Dispute[] | null>
  /** An event as it was posted, byte for byte, if its signature is the provider's. */
  readEvent(body: string, signature: string): EventReading
  /** What the object of an event is now. */
  readNews(event: ProviderEvent): Promise<News>
}
