import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { posted } from '../payments/test-stripe.ts'
import { openTill, type Till } from '../payments/test-till.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { handleEvents, receiveEvent } from './provider-events.ts'

const PAYS = '4242424242424242'

let till: Till
beforeAll(async () => {
  till = await openTill()
})
beforeEach(() => {
  till.local.fault = () => null
})
afterAll(() => till.close())

/** Makes events due that wait for their next try. */
const tryAgain = () => till.books.db.asService((tx) => tx.query('update provider_events set try_at = now()'))
const stored = () =>
  till.books.db.asService((tx) =>
    tx.query<{ type: string; tries: number; handled: boolean; fault: string | null }>(
      'select type, tries, handled_at is not null as handled, fault from provider_events order by received_at',
    ),
  )

test('a payment whose answer was lost is settled by its event, once, however often and in whichever order it is told', async () => {
  const accountId = await till.account(PAYS)
  till.local.fault = ({ method, path }) =>
    method === 'POST' && path === '/v1/payment_intents' ? 'cut_after' : null
  expect(await till.books.choose(accountId, 'starter')).toMatchObject({ outcome: { status: 'unknown' } })
  expect((await till.books.billing(accountId)).plan).toBeNull()
  await till.tell((events) => [...events].reverse().flatMap((event) => [event, event]))
  expect(await till.payments(accountId)).toMatchObject([{ status: 'succeeded', amount: 50_000_000n }])
  expect((await till.books.billing(accountId)).balance).toBe(50_000_000n)
  const before = await stored()
  expect(before.every(({ handled }) => handled)).toBe(true)
  expect(before.filter(({ type }) => type === 'payment_intent.succeeded')).toHaveLength(1)

  // Told once more, days later.
  const again = till.local.events.at(-1)!
  expect(await receiveEvent(till.services, posted(again, till.local.webhookSecret))).toMatchObject({
    ok: true,
  })
  await handleEvents(till.services)
  expect(await stored()).toEqual(before)
  expect((await till.books.billing(accountId)).balance).toBe(50_000_000n)
  expect(await till.books.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
})

test('an event that comes before the answer is the one that books', async () => {
  const accountId = await till.account(PAYS)
  till.local.beforeAnswer = async (events) => {
    for (const event of events) {
      if (event.type !== 'payment_intent.succeeded') continue
      await receiveEvent(till.services, posted(event, till.local.webhookSecret))
      await handleEvents(till.services)
    }
  }
  const change = await till.books.choose(accountId, 'starter')
  till.local.beforeAnswer = async () => {}
  expect(change).toMatchObject({ outcome: { status: 'succeeded' } })
  expect(await till.payments(accountId)).toMatchObject([{ status: 'succeeded' }])
  expect((await till.books.billing(accountId)).balance).toBe(50_000_000n)
})

test('what a crash has left between storing and handling is handled by the next sweep', async () => {
  const accountId = await till.account(PAYS)
  till.local.fault = ({ method, path }) =>
    method === 'POST' && path === '/v1/payment_intents' ? 'cut_after' : null
  await till.books.choose(accountId, 'starter')
  await receiveEvent(till.services, posted(till.local.events.at(-1)!, till.local.webhookSecret))
  expect(await till.payments(accountId)).toMatchObject([{ status: 'unknown' }])
  await handleEvents(till.services)
  expect(await till.payments(accountId)).toMatchObject([{ status: 'succeeded' }])
})

test('while Stripe does not answer an event waits, and stops no other', async () => {
  const accountId = await till.account(PAYS)
  await till.books.choose(accountId, 'starter')
  till.local.fault = () => 'error_before'
  await till.tell()
  const waiting = (await stored()).filter(({ handled }) => !handled)
  expect(waiting.length).toBeGreaterThan(0)
  expect(waiting[0]).toMatchObject({ tries: 1, fault: 'The provider did not answer.' })
  till.local.fault = () => null
  await handleEvents(till.services)
  expect((await stored()).some(({ handled }) => !handled)).toBe(true)
  await tryAgain()
  await handleEvents(till.services)
  expect((await stored()).every(({ handled }) => handled)).toBe(true)
})

test('what is not signed by Stripe, and what is of another service, changes nothing', async () => {
  const before = await stored()
  const event = till.local.events.at(-1)!
  const { body, signature } = posted(event, till.local.webhookSecret)
  const forged = [{ body: `${body} `, signature }, { body, signature: '' }, posted(event, 'whsec_another')]
  for (const one of forged) {
    expect(await receiveEvent(till.services, one)).toMatchObject({ ok: false, refusal: 'event_not_signed' })
  }
  expect(await stored()).toEqual(before)
  till.local.vault.createIntent({ amount: '1000', currency: 'usd', metadata: { order: '7' } })
  await till.tell()
  expect((await stored()).slice(before.length)).toMatchObject([{ handled: true, tries: 1, fault: null }])
})
