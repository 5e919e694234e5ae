/** What all files of the local Stripe have in common: names, parameters, errors as Stripe answers them. */
import { randomBytes } from 'node:crypto'
import type Stripe from 'stripe'

export type Intent = Pick<
  Stripe.PaymentIntent,
  | 'id'
  | 'object'
  | 'allowed_payment_method_types'
  | 'amount'
  | 'amount_received'
  | 'canceled_at'
  | 'client_secret'
  | 'created'
  | 'currency'
  | 'customer'
  | 'description'
  | 'last_payment_error'
  | 'latest_charge'
  | 'livemode'
  | 'metadata'
  | 'next_action'
  | 'payment_method'
  | 'status'
>

export type Params = { [name: string]: string | Params }
export type Emit = (type: Stripe.Event['type'], object: object) => void

/** An error as Stripe answers it. */
export class Refusal extends Error {
  readonly status: number
  readonly body: { error: { type: string; code?: string; message: string; [field: string]: unknown } }
  constructor(
    status: number,
    error: { type?: string; code?: string; message: string; [field: string]: unknown },
  ) {
    super(error.message)
    this.status = status
    this.body = { error: { type: 'invalid_request_error', ...error } }
  }
}

export const newId = (prefix: string) => `${prefix}_${randomBytes(12).toString('hex')}`

export function text(value: string | Params | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
