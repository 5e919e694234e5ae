/**
 * The sandbox payment provider: play cards for every outcome, and a memory of its own.
 *
 * The default (`PAYMENTS=sandbox`). It behaves like a service outside: it remembers charges by idempotency key in
 * transactions of its own, answers a repeated key with the first outcome, and refuses the key with another request.
 * A charge that `times_out` succeeds and its answer is lost, which is how the hard case looks in life.
 */

import { createHash } from 'node:crypto'
import { minorDecimals, minorUnit } from '../billing/currency.ts'
import type { Database } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import type { ChargeOutcome, ChargeRequest, PaymentProvider } from './provider.ts'
import { askBank, giveBack, readDisputes, readGivenBack } from './sandbox-afterwards.ts'

type Card = {
  brand: string
  last4: string
  outcome: 'succeeded' | 'failed' | 'action_required' | 'lost'
  /** What comes after it was paid. */
  afterwards?: 'disputed' | 'takes_nothing_back'
  code?: string
  message?: string
}

/** Tokens of the play cards. Any of them can be put in as a payment method. */
export const SANDBOX_CARDS: Readonly<Record<string, Card>> = {
  sandbox_card_pays: { brand: 'Play card', last4: '4242', outcome: 'succeeded' },
  sandbox_card_declines: {
    brand: 'Play card',
    last4: '0002',
    outcome: 'failed',
    code: 'card_declined',
    message: 'The card was declined.',
  },
  sandbox_card_insufficient_funds: {
    brand: 'Play card',
    last4: '9995',
    outcome: 'failed',
    code: 'insufficient_funds',
    message: 'The card has not enough funds.',
  },
  sandbox_card_requires_action: { brand: 'Play card', last4: '3155', outcome: 'action_required' },
  sandbox_card_times_out: { brand: 'Play card', last4: '0119', outcome: 'lost' },
  sandbox_card_disputes: { brand: 'Play card', last4: '0259', outcome: 'succeeded', afterwards: 'disputed' },
  sandbox_card_refund_fails: {
    brand: 'Play card',
    last4: '5126',
    outcome: 'succeeded',
    afterwards: 'takes_nothing_back',
  },
}

type ChargeRow = {
  requestDigest: string
  reference: string
  status: 'succeeded' | 'failed' | 'action_required'
  failureCode: string | null
  token: string
}

/** `publicUrl`: where the page that stands for the bank is. */
export function openSandbox(db: Database, publicUrl = 'http://localhost:4000'): PaymentProvider {
  return {
    name: 'sandbox',
    minimumCharge: (currency) => 50n * minorUnit(minorDecimals(currency) ?? 2),
    chargeStep: (currency) => minorUnit(minorDecimals(currency) ?? 2),

    async describeMethod(token) {
      const card = SANDBOX_CARDS[token]
      if (!card) {
        const known = Object.keys(SANDBOX_CARDS).join(', ')
        const detail = `The sandbox knows no card "${token}". Its cards are ${known}.`
        return { ok: false, refusal: 'payment_token_unknown', detail }
      }
      return { ok: true, token, brand: card.brand, last4: card.last4, expires: '12/2099' }
    },

    async openCardForm() {
      const detail = 'The sandbox has play cards instead: PUT /v1/payment-method takes their names.'
      return { ok: false, refusal: 'card_form_missing', detail }
    },

    async charge(request) {
      const row = await db.asService((tx) => remember(tx, request))
      if (row.requestDigest !== digestOf(request)) {
        throw new Error(`the idempotency key ${request.idempotencyKey} was used for another charge`)
      }
      if (SANDBOX_CARDS[row.token]!.outcome === 'lost') return { status: 'unknown' }
      return outcomeOf(row)
    },

    async cancel({ idempotencyKey }) {
      const [row] = await db.asService(async (tx) => {
        await tx.query(
          `update sandbox.charges set status = 'failed', failure_code = 'cancelled'
           where idempotency_key = $1 and status = 'action_required'`,
          [idempotencyKey],
        )
        return tx.query<ChargeRow>(`${SELECT} where idempotency_key = $1`, [idempotencyKey])
      })
      return row ? outcomeOf(row) : { status: 'none' }
    },

    async confirm(sent, returnUrl) {
      const reference = await askBank(db, sent.idempotencyKey, returnUrl)
      return reference === null
        ? this.read(sent)
        : { status: 'redirect', url: `${publicUrl}/sandbox-bank/${reference}` }
    },

    refund: (request) => giveBack(db, request, takesNothingBack),
    readRefund: (sent) => readGivenBack(db, sent),
    listDisputes: (since) => readDisputes(db, since),

    readEvent() {
      return { ok: false, refusal: 'events_not_set_up', detail: 'The sandbox posts no events.' }
    },

    async readNews() {
      return { about: 'nothing' }
    },

    async read({ idempotencyKey }) {
      const [row] = await db.asService((tx) =>
        tx.query<ChargeRow>(`${SELECT} where idempotency_key = $1`, [idempotencyKey]),
      )
      return row ? outcomeOf(row) : { status: 'none' }
    },
  }
}

const SELECT = `select request_digest as "requestDigest", reference, status, failure_code as "failureCode", token
  from sandbox.charges`

async function remember(
  tx: Parameters<Parameters<Database['asService']>[0]>[0],
  request: ChargeRequest,
): Promise<ChargeRow> {
  const card = SANDBOX_CARDS[request.token]
  if (!card) throw new Error(`the sandbox knows no card ${request.token}`)
  const status = card.outcome === 'lost' ? 'succeeded' : card.outcome
  await tx.query(
    `insert into sandbox.charges
       (idempotency_key, request_digest, reference, status, failure_code, amount_micros, currency, token, account_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (idempotency_key) do nothing`,
    [
      request.idempotencyKey,
      digestOf(request),
      `charge_${newId().replaceAll('-', '')}`,
      status,
      card.code ?? null,
      request.amount,
      request.currency,
      request.token,
      // Of a test that charges without an account, nobody's.
      UUID.test(request.accountId) ? request.accountId : null,
    ],
  )
  const [row] = await tx.query<ChargeRow>(`${SELECT} where idempotency_key = $1`, [request.idempotencyKey])
  if (card.afterwards === 'disputed') {
    await tx.query(
      `insert into sandbox.disputes (reference, charge, status, amount_micros) values ($1, $2, 'open', $3)
       on conflict (charge) do nothing`,
      [`dispute_${newId().replaceAll('-', '')}`, row!.reference, request.amount],
    )
  }
  return row!
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function takesNothingBack(token: string): boolean {
  return SANDBOX_CARDS[token]?.afterwards === 'takes_nothing_back'
}

function outcomeOf({ status, reference, failureCode, token }: ChargeRow): ChargeOutcome {
  if (status !== 'failed') return { status, reference }
  const given = SANDBOX_CARDS[token]?.message
  const message = given ?? WHY[failureCode ?? ''] ?? 'The payment was refused.'
  return { status, reference, code: failureCode ?? 'card_declined', message }
}

/** Why a play card that would have paid has not. */
const WHY: Readonly<Record<string, string>> = {
  cancelled: 'It was never confirmed.',
  authentication_failed: 'It was not confirmed at the bank.',
}

function digestOf({ amount, currency, token }: ChargeRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([String(amount), currency, token]))
    .digest('hex')
}
