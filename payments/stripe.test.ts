import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { micros } from '../billing/micros.ts'
import { newId } from '../database/new-id.ts'
import type { ChargeRequest, PaymentProvider } from './provider.ts'
import { openStripe } from './stripe.ts'
import { type Fault, type LocalStripe, openLocalStripe, signatureOf } from './test-stripe.ts'

const PAYS = '4242424242424242'
const NEEDS_ACTION = '4000002760003184'

let local: LocalStripe
let stripe: PaymentProvider

beforeAll(async () => {
  local = await openLocalStripe()
  stripe = open()
})
afterEach(() => {
  local.fault = () => null
})
afterAll(() => local.close())

function open(more: { retries?: number; timeoutMs?: number; secretKey?: string } = {}): PaymentProvider {
  return openStripe({ secretKey: local.secretKey, url: local.url, retries: 0, timeoutMs: 300, ...more })
}

/** What a customer does with the card form; answers the token to charge. */
async function putCard(number: string): Promise<string> {
  const accountId = newId()
  const { id } = local.vault.createSession({
    mode: 'setup',
    client_reference_id: accountId,
    customer_creation: 'always',
    success_url: 'http://localhost/{CHECKOUT_SESSION_ID}',
  })
  expect(local.vault.fillIn(id, number, true)).toEqual({ sentTo: `http://localhost/${id}` })
  const described = await stripe.describeMethod(id, accountId)
  if (!described.ok) throw new Error(described.detail)
  return described.token
}

async function request(number: string, more: Partial<ChargeRequest> = {}): Promise<ChargeRequest> {
  return {
    idempotencyKey: newId(),
    accountId: 'account',
    invoiceId: 'invoice',
    amount: micros('65.00'),
    currency: 'USD',
    token: await putCard(number),
    description: 'Invoice T-1',
    ...more,
  }
}

const captured = (key: string) => local.vault.captured.filter(({ paymentKey }) => paymentKey === key)
const sent = (one: ChargeRequest, reference: string | null = null) => ({ ...one, reference })
/** The fault at the first so many requests that make an intent, then none. */
function failing(fault: Fault, times = 1) {
  let left = times
  local.fault = ({ method, path }) =>
    method === 'POST' && path === '/v1/payment_intents' && left-- > 0 ? fault : null
}

describe('a card form', () => {
  test('is described for the account that it was opened for, and for no other', async () => {
    const accountId = newId()
    const form = { mode: 'setup', client_reference_id: accountId, customer_creation: 'always' }
    const { id } = local.vault.createSession(form)
    expect(await stripe.describeMethod(id, accountId)).toMatchObject({ ok: false })
    local.vault.fillIn(id, PAYS, true)
    expect(await stripe.describeMethod(id, accountId)).toEqual({
      ok: true,
      token: expect.stringMatching(/^cus_\w+\/pm_\w+$/),
      brand: 'Visa',
      last4: '4242',
      expires: '09/2031',
    })
    for (const other of [newId(), null]) {
      expect(await stripe.describeMethod(id, other)).toMatchObject({ refusal: 'payment_token_unknown' })
    }
  })

  test.each(['cs_test_none', 'sandbox_card_pays', 'pm_1/../x'])('%s is no form', async (token) => {
    expect(await stripe.describeMethod(token, newId())).toMatchObject({ refusal: 'payment_token_unknown' })
  })
})

describe('a charge', () => {
  test('takes the amount once, and says for what', async () => {
    const one = await request(PAYS)
    const outcome = await stripe.charge(one)
    expect(outcome).toEqual({ status: 'succeeded', reference: expect.stringMatching(/^pi_/) })
    expect(await stripe.charge(one)).toEqual(outcome)
    expect(captured(one.idempotencyKey)).toMatchObject([{ amount: 6500, currency: 'usd' }])
    const intent = [...local.vault.intents.values()].at(-1)
    expect(intent).toMatchObject({
      description: 'Invoice T-1',
      metadata: { payment_key: one.idempotencyKey, account: 'account', invoice: 'invoice' },
      allowed_payment_method_types: ['card'],
    })
    expect(await stripe.read(sent(one))).toEqual(outcome)
  })

  test.each([
    ['4000000000000341', 'generic_decline'],
    ['4000000000009995', 'insufficient_funds'],
    ['4000000000009987', 'lost_card'],
    ['4000000000000069', 'expired_card'],
    ['4000000000000119', 'processing_error'],
  ])('of card %s fails with %s, as it is read again', async (number, code) => {
    const one = await request(number)
    const outcome = await stripe.charge(one)
    expect(outcome).toMatchObject({ status: 'failed', code, reference: expect.stringMatching(/^pi_/) })
    expect(await stripe.read(sent(one))).toEqual(outcome)
    expect(captured(one.idempotencyKey)).toEqual([])
  })

  test('that Stripe refuses has failed, and nothing was made', async () => {
    const small = await request(PAYS, { amount: micros('0.30') })
    expect(await stripe.charge(small)).toMatchObject({ status: 'failed', code: 'amount_too_small' })
    const gone = await request(PAYS)
    local.vault.detach(gone.token.split('/')[1]!)
    expect(await stripe.charge(gone)).toMatchObject({ status: 'failed' })
    expect(await stripe.read(sent(gone))).toEqual({ status: 'none' })
  })

  test('of an odd fils, or with a card of another provider, is not sent at all', async () => {
    const asked = local.asked.length
    const odd = await request(PAYS, { amount: micros('1.234'), currency: 'KWD' })
    const before = local.asked.length
    expect(await stripe.charge(odd)).toMatchObject({ status: 'failed', code: 'amount_not_payable' })
    const other = { ...odd, token: 'sandbox_card_pays' }
    expect(await stripe.charge(other)).toMatchObject({ status: 'failed', code: 'payment_method_unusable' })
    expect(await stripe.read(sent(other))).toEqual({ status: 'none' })
    expect(local.asked.length).toBe(before)
    expect(before).toBeGreaterThan(asked)
  })

  test('under a used key with another amount is a bug, and takes nothing', async () => {
    const one = await request(PAYS)
    await stripe.charge(one)
    await expect(stripe.charge({ ...one, amount: micros('66.00') })).rejects.toThrow('Keys for idempotent')
    expect(captured(one.idempotencyKey)).toHaveLength(1)
  })

  test('with a wrong secret key throws and is no fault of the card', async () => {
    const one = await request(PAYS)
    await expect(open({ secretKey: 'rk_test_other' }).charge(one)).rejects.toThrow('Invalid API Key')
  })
})

describe('what was confirmed by nobody', () => {
  test('waits, and pays once the cardholder confirms', async () => {
    const one = await request(NEEDS_ACTION)
    const outcome = await stripe.charge(one)
    expect(outcome).toMatchObject({ status: 'action_required' })
    const { reference } = outcome as { reference: string }
    local.vault.confirm(local.vault.intent(reference), { payment_method: one.token.split('/')[1]! })
    expect(await stripe.read(sent(one, reference))).toMatchObject({ status: 'action_required' })
    local.vault.answerBank(reference, true)
    expect(await stripe.read(sent(one, reference))).toEqual({ status: 'succeeded', reference })
    // Given up too late: it has paid, and that is the answer.
    expect(await stripe.cancel(sent(one, reference))).toEqual({ status: 'succeeded', reference })
    expect(captured(one.idempotencyKey)).toHaveLength(1)
  })

  test('fails where the cardholder says no', async () => {
    const one = await request(NEEDS_ACTION)
    const { reference } = (await stripe.charge(one)) as { reference: string }
    local.vault.confirm(local.vault.intent(reference), { payment_method: one.token.split('/')[1]! })
    local.vault.answerBank(reference, false)
    const code = 'payment_intent_authentication_failure'
    expect(await stripe.read(sent(one, reference))).toMatchObject({ status: 'failed', code })
  })

  test('is given up, for good', async () => {
    const one = await request(NEEDS_ACTION)
    await stripe.charge(one)
    expect(await stripe.cancel(sent(one))).toMatchObject({ status: 'failed', code: 'cancelled' })
    expect(await stripe.cancel(sent(one))).toMatchObject({ status: 'failed', code: 'cancelled' })
    expect(await stripe.cancel(sent(await request(PAYS)))).toEqual({ status: 'none' })
  })
})

describe('a charge without an answer', () => {
  test.each<[Fault, number, boolean]>([
    ['hangs', 1, true],
    // The SDK sends once more after a cut; the second cut is one too many.
    ['cut_after', 2, true],
    ['cut_before', 2, false],
    ['error_after', 1, true],
    ['error_before', 1, false],
    ['rate_limited', 1, false],
  ])('(%s) is unknown; reading tells; sending again takes nothing twice', async (fault, times, done) => {
    const one = await request(PAYS)
    failing(fault, times)
    expect(await stripe.charge(one)).toEqual({ status: 'unknown' })
    expect(captured(one.idempotencyKey)).toHaveLength(done ? 1 : 0)
    expect(await stripe.read(sent(one))).toMatchObject({ status: done ? 'succeeded' : 'none' })
    // A 500 is answered again until Stripe forgets the key.
    if (fault === 'error_before') {
      expect(await stripe.charge(one)).toEqual({ status: 'unknown' })
      local.forgetKeys()
    }
    if (!done) await stripe.charge(one)
    expect(await stripe.read(sent(one))).toMatchObject({ status: 'succeeded' })
    expect(captured(one.idempotencyKey)).toHaveLength(1)
  })

  test('heals within the SDK, under the same key', async () => {
    const one = await request(PAYS)
    failing('cut_after')
    expect(await open({ retries: 2 }).charge(one)).toMatchObject({ status: 'succeeded' })
    expect(captured(one.idempotencyKey)).toHaveLength(1)
  })

  test('while the same key is under way elsewhere, 409 is no answer either', async () => {
    const one = await request(PAYS)
    let go: (fault: Fault) => void = () => {}
    const held = new Promise<Fault>((resolve) => {
      go = resolve
    })
    const faults: (Fault | Promise<Fault>)[] = [held]
    local.fault = () => faults.shift() ?? null
    const first = open({ timeoutMs: 5000 }).charge(one)
    await expect.poll(() => local.asked.at(-1)?.key).toBe(one.idempotencyKey)
    expect(await stripe.charge(one)).toEqual({ status: 'unknown' })
    go(null)
    expect(await first).toMatchObject({ status: 'succeeded' })
    expect(captured(one.idempotencyKey)).toHaveLength(1)
  })

  test('is found among hundreds of the same customer', async () => {
    const one = await request(PAYS)
    await stripe.charge(one)
    for (let index = 0; index < 120; index += 1) {
      await stripe.charge({ ...one, idempotencyKey: newId() })
    }
    expect(await stripe.read(sent(one))).toMatchObject({ status: 'succeeded' })
  })

  test('stays unknown while Stripe is away', async () => {
    const one = await request(PAYS)
    local.fault = () => 'error_before'
    expect(await stripe.read(sent(one))).toEqual({ status: 'unknown' })
    expect(await stripe.cancel(sent(one))).toEqual({ status: 'unknown' })
  })
})

test('events of the local Stripe are signed as the SDK wants them', async () => {
  await stripe.charge(await request(PAYS))
  const payload = JSON.stringify(local.events.at(-1))
  const { webhooks } = new Stripe(local.secretKey)
  const signature = signatureOf(payload, { secret: local.webhookSecret })
  expect(webhooks.constructEvent(payload, signature, local.webhookSecret).type).toBe(
    'payment_intent.succeeded',
  )
  expect(() => webhooks.constructEvent(`${payload} `, signature, local.webhookSecret)).toThrow()
})
