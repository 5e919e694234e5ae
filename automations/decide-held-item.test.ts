import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyAccount } from '../verify/verify-account.ts'
import { claimItem } from './claim-item.ts'
import { acceptHeldItem, discardHeldItem } from './decide-held-item.ts'
import { holdItem } from './fail-item.ts'
import { finishItem } from './finish-item.ts'
import { readReceipt } from './read-receipt.ts'
import { readItem } from './read-run.ts'
import { openWorkshop, until, type Workshop, worked } from './test-workshop.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop({ photos: false })
})
afterAll(() => shop.close())

const square = [
  { operation: 'remove_background' },
  { operation: 'smart_crop', settings: { width: 2000, height: 2000 } },
  { operation: 'convert', settings: { format: 'jpeg' } },
]
const reason = { reason: 'low_confidence', message: 'The edges are uncertain.' }

/** A run of one item, claimed; all of the same content unless said. */
async function claimed(accountId: string, content?: string) {
  const automationId = await shop.automation(accountId, square)
  const runId = await shop.start(accountId, automationId, await shop.paperImages(accountId, 1))
  const item = await until(
    'the item is claimed',
    async () => (await claimItem(shop.db, { modelsReady: true })) ?? undefined,
  )
  expect(item).toMatchObject({ accountId, runId })
  return { runId, itemId: item.itemId, work: worked(item, content) }
}

async function held(accountId: string, content?: string) {
  const { work, ...ids } = await claimed(accountId, content)
  expect(await holdItem(shop.db, work.item, { ...work, ...reason })).toBe(true)
  return ids
}

const itemOf = (accountId: string, itemId: string) =>
  shop.db.asTenant(accountId, (tx) => readItem(tx, accountId, itemId))

async function inOrder(accountId: string) {
  expect(await shop.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
}

async function endPlan(accountId: string) {
  await shop.db.asTenant(accountId, (tx) =>
    tx.query(
      `update subscriptions set status = 'cancelled', ended_at = clock_timestamp() where account_id = $1`,
      [accountId],
    ),
  )
}

test('accepted it is paid for, succeeded and remembered; the receipt says so', async () => {
  const accountId = await shop.account()
  const { runId, itemId } = await held(accountId)
  expect(await shop.run(accountId, runId)).toMatchObject({ status: 'finished', held: 1, cost: 0n })
  expect(await itemOf(accountId, itemId)).toMatchObject({
    costIfAccepted: 700_000n,
    failure: 'low_confidence',
  })
  expect(await shop.books.billing(accountId)).toMatchObject({ balance: 50_000_000n })

  expect(await acceptHeldItem(shop.db, accountId, itemId)).toEqual({ ok: true })
  const run = await shop.run(accountId, runId)
  expect(run).toMatchObject({ status: 'finished', held: 0, succeeded: 1, cost: 700_000n, drawn: 700_000n })
  const item = await itemOf(accountId, itemId)
  expect(item).toMatchObject({ status: 'succeeded', failure: null, cost: 700_000n, costIfAccepted: null })
  expect(item!.outputSha256).not.toBeNull()
  expect(item!.revision).toBe(run.revision)
  expect(await shop.books.billing(accountId)).toMatchObject({ balance: 49_300_000n })
  const receipt = await shop.db.asTenant(accountId, (tx) => readReceipt(tx, accountId, runId))
  expect(receipt!.operations.map(({ charged, cost }) => [charged, cost])).toEqual([
    [1, 500_000n],
    [1, 200_000n],
    [1, 0n],
  ])
  await inOrder(accountId)
})

test('many people who accept at once pay once', async () => {
  const accountId = await shop.account()
  const { runId, itemId } = await held(accountId)
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => acceptHeldItem(shop.db, accountId, itemId)),
  )
  expect(answers).toEqual(answers.map(() => ({ ok: true })))
  expect(await shop.run(accountId, runId)).toMatchObject({
    held: 0,
    succeeded: 1,
    cost: 700_000n,
    revision: 2,
  })
  expect(await shop.books.billing(accountId)).toMatchObject({ balance: 49_300_000n })
  await inOrder(accountId)
})

test('of two who decide differently at once one is refused, and the books follow the other', async () => {
  for (let round = 0; round < 6; round++) {
    const accountId = await shop.account()
    const { runId, itemId } = await held(accountId)
    const accept = () => acceptHeldItem(shop.db, accountId, itemId)
    const discard = () => discardHeldItem(shop.db, accountId, itemId)
    const answers = await Promise.all(round % 2 ? [accept(), discard()] : [discard(), accept()])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: 'item_not_held' })
    const { succeeded, cancelled, held: left, cost } = await shop.run(accountId, runId)
    expect([succeeded + cancelled, left, cost]).toEqual([1, 0, succeeded ? 700_000n : 0n])
    await inOrder(accountId)
  }
})

test('discarded it costs nothing, has no output, and stays discarded', async () => {
  const accountId = await shop.account()
  const { runId, itemId } = await held(accountId)
  for (let time = 0; time < 2; time++)
    expect(await discardHeldItem(shop.db, accountId, itemId)).toEqual({ ok: true })
  expect(await acceptHeldItem(shop.db, accountId, itemId)).toMatchObject({ refusal: 'item_not_held' })
  expect(await shop.run(accountId, runId)).toMatchObject({ held: 0, cancelled: 1, cost: 0n, revision: 2 })
  expect(await itemOf(accountId, itemId)).toMatchObject({
    status: 'cancelled',
    failure: 'discarded',
    outputSha256: null,
    previewSha256: null,
    costIfAccepted: null,
  })
  expect(await shop.books.billing(accountId)).toMatchObject({ balance: 50_000_000n })
})

test('a change of plan ends the pin: then the price is the new plan’s, as it was shown', async () => {
  const accountId = await shop.account()
  const { itemId } = await held(accountId)
  expect(await shop.books.choose(accountId, 'growth')).toMatchObject({ ok: true })
  expect(await itemOf(accountId, itemId)).toMatchObject({ costIfAccepted: 630_000n })
  expect(await acceptHeldItem(shop.db, accountId, itemId)).toEqual({ ok: true })
  expect(await itemOf(accountId, itemId)).toMatchObject({ status: 'succeeded', cost: 630_000n })
  await inOrder(accountId)
})

test('of two held items of the same content the second is free once the first is accepted', async () => {
  const accountId = await shop.account()
  const first = await held(accountId, 'same')
  const second = await held(accountId, 'same')
  await acceptHeldItem(shop.db, accountId, first.itemId)
  expect(await itemOf(accountId, second.itemId)).toMatchObject({ costIfAccepted: 0n })
  expect(await acceptHeldItem(shop.db, accountId, second.itemId)).toEqual({ ok: true })
  expect(await itemOf(accountId, second.itemId)).toMatchObject({ status: 'succeeded', cost: 0n })
  await inOrder(accountId)
})

test('without a plan the books refuse, and the item stays held', async () => {
  const accountId = await shop.account()
  const { runId, itemId } = await held(accountId)
  await endPlan(accountId)
  expect(await acceptHeldItem(shop.db, accountId, itemId)).toMatchObject({ refusal: 'no_subscription' })
  expect(await shop.run(accountId, runId)).toMatchObject({ held: 1, succeeded: 0, cost: 0n, revision: 1 })
  expect(await discardHeldItem(shop.db, accountId, itemId)).toEqual({ ok: true })
})

test('what was never held, or is not of this account, cannot be decided', async () => {
  const accountId = await shop.account()
  const { itemId, work } = await claimed(accountId)
  const decisions = (account: string) =>
    Promise.all([acceptHeldItem(shop.db, account, itemId), discardHeldItem(shop.db, account, itemId)])
  const both = (refusal: string) => [
    { ok: false, refusal },
    { ok: false, refusal },
  ]
  expect(await decisions(accountId)).toMatchObject(both('item_not_held'))
  expect(await finishItem(shop.db, work)).toEqual({ ok: true })
  expect(await decisions(accountId)).toMatchObject(both('item_not_held'))
  expect(await decisions(await shop.account())).toMatchObject(both('item_not_found'))
})

test('a claim that comes back after the item was held changes nothing', async () => {
  const accountId = await shop.account()
  const { itemId, work } = await claimed(accountId)
  await holdItem(shop.db, work.item, { ...work, ...reason })
  expect(await finishItem(shop.db, work)).toEqual({ ok: false, refusal: 'lease_lost' })
  await acceptHeldItem(shop.db, accountId, itemId)
  expect(await finishItem(shop.db, work)).toEqual({ ok: false, refusal: 'lease_lost' })
  expect(await itemOf(accountId, itemId)).toMatchObject({ status: 'succeeded', cost: 700_000n })
})

test('the price is the one the run was accepted under, whatever the operator has published since', async () => {
  const accountId = await shop.account()
  const { itemId } = await held(accountId)
  const priceNow = await doublePrices(accountId)
  expect(priceNow).toBe(1_000_000n)
  expect(await itemOf(accountId, itemId)).toMatchObject({ costIfAccepted: 700_000n })
  expect(await acceptHeldItem(shop.db, accountId, itemId)).toEqual({ ok: true })
  expect(await itemOf(accountId, itemId)).toMatchObject({ status: 'succeeded', cost: 700_000n })
})

/** A second version of the account's plan, which it is on from now; answers what a background removal costs there. */
async function doublePrices(accountId: string) {
  await shop.db.asService(async (tx) => {
    const [version] = await tx.query<{ id: string }>(
      `insert into plan_versions (plan_version_id, plan_id, version, currency, credit_unit, credit_price_micros,
         list_price_micros, discount_micros, credits_micros)
       select gen_random_uuid(), v.plan_id, 2, v.currency, v.credit_unit, v.credit_price_micros, v.list_price_micros,
         v.discount_micros, v.credits_micros
       from subscriptions s join plan_versions v using (plan_version_id) where s.account_id = $1
       returning plan_version_id as "id"`,
      [accountId],
    )
    await tx.query(
      `insert into plan_prices (plan_version_id, operation, unit_price_micros, overage_unit_price_micros, position)
       select $2, p.operation, 2 * p.unit_price_micros, 2 * p.overage_unit_price_micros, p.position
       from subscriptions s join plan_prices p using (plan_version_id) where s.account_id = $1`,
      [accountId, version!.id],
    )
    await tx.query('update subscriptions set plan_version_id = $2 where account_id = $1', [
      accountId,
      version!.id,
    ])
  })
  return (await shop.books.billing(accountId)).plan!.prices.get('remove_background')!.unitPrice
}
