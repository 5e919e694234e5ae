import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueCreditNote } from '../ledger/issue-credit-note.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { type ClaimedItem, claimItem } from './claim-item.ts'
import { finishItem } from './finish-item.ts'
import { forgetPaidContents } from './paid-contents.ts'
import { readReceipt } from './read-receipt.ts'
import { openWorkshop, type Workshop, worked } from './test-workshop.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop({ photos: false })
})
afterAll(() => shop.close())

const square = [
  { operation: 'remove_background' },
  { operation: 'smart_crop', settings: { width: 2000, height: 2000 } },
  { operation: 'background' },
  { operation: 'convert', settings: { format: 'jpeg' } },
]

async function runOf(accountId: string, images: string[]) {
  const automationId = await shop.automation(accountId, square)
  const runId = await shop.start(accountId, automationId, images)
  const claimed: ClaimedItem[] = []
  for (;;) {
    const item = await claimItem(shop.db, { modelsReady: true })
    if (!item) break
    claimed.push(item)
  }
  return { runId, claimed }
}

async function receiptOf(accountId: string, runId: string) {
  return (await shop.db.asTenant(accountId, (tx) => readReceipt(tx, accountId, runId)))!
}

test('64 claimers finish items of one account at the same moment: the balance ends in one of them, to the cent', async () => {
  const accountId = await shop.account()
  const { runId, claimed } = await runOf(accountId, await shop.paperImages(accountId, 100))
  expect(claimed).toHaveLength(100)
  // 64 at once, and whoever is done takes the next.
  const queue = [...claimed]
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      for (let item = queue.pop(); item; item = queue.pop())
        expect(await finishItem(shop.db, worked(item))).toEqual({ ok: true })
    }),
  )

  const run = await shop.run(accountId, runId)
  expect(run).toMatchObject({
    status: 'finished',
    succeeded: 100,
    cost: 70_000_000n,
    drawn: 50_000_000n,
    overage: 20_000_000n,
  })
  expect(await shop.books.billing(accountId)).toMatchObject({ balance: 0n, overage: 20_000_000n })
  const items = await shop.items(accountId, runId)
  const splits = items.filter(({ drawn, overage }) => drawn > 0n && overage > 0n)
  expect(splits.map(({ drawn, overage }) => [drawn, overage])).toEqual([[300_000n, 400_000n]])
  expect(new Set(items.map(({ revision }) => revision)).size).toBe(100)
  expect(await shop.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
})

test('the receipt adds up, from step to image to operation to run', async () => {
  const accountId = await shop.account()
  const { runId, claimed } = await runOf(accountId, await shop.paperImages(accountId, 3))
  for (const item of claimed) await finishItem(shop.db, worked(item))
  const receipt = await receiptOf(accountId, runId)
  const shown = receipt.operations.map((o) => [o.operation, o.charged, o.alreadyPaid, o.unitPrice, o.cost])
  expect(shown).toEqual([
    ['remove_background', 3, 0, 500_000n, 1_500_000n],
    ['smart_crop', 3, 0, 200_000n, 600_000n],
    ['background', 3, 0, 0n, 0n],
    ['convert', 3, 0, 0n, 0n],
  ])
  for (const image of receipt.images) {
    expect(image.steps.map(({ operation }) => operation)).toEqual(square.map(({ operation }) => operation))
    expect(image.steps.reduce((sum, { cost }) => sum + cost, 0n)).toBe(image.cost)
    for (const step of image.steps) expect(step.usageRecordId).not.toBeNull()
  }
  expect(receipt.images.reduce((sum, { cost }) => sum + cost, 0n)).toBe(receipt.run.cost)
  expect(receipt.operations.reduce((sum, { drawn }) => sum + drawn, 0n)).toBe(receipt.run.drawn)
  expect(receipt.run.cost).toBe(2_100_000n)
})

test('the same image twenty times at once is paid once; free steps are booked each time', async () => {
  const accountId = await shop.account()
  const [image] = await shop.paperImages(accountId, 1)
  const { runId, claimed } = await runOf(
    accountId,
    Array.from({ length: 20 }, () => image!),
  )
  await Promise.all(claimed.map((item) => finishItem(shop.db, worked(item))))
  const receipt = await receiptOf(accountId, runId)
  expect(receipt.run).toMatchObject({ succeeded: 20, cost: 700_000n })
  expect(receipt.operations.map((o) => [o.charged, o.alreadyPaid])).toEqual([
    [1, 19],
    [1, 19],
    [20, 0],
    [20, 0],
  ])
  // And in a run of its own.
  const again = await runOf(accountId, [image!])
  await finishItem(shop.db, worked(again.claimed[0]!))
  expect(await shop.run(accountId, again.runId)).toMatchObject({ succeeded: 1, cost: 0n })
})

test('crops, credited, crops: what was credited back is paid again when it is done again, and then free', async () => {
  const accountId = await shop.account()
  const [image] = await shop.paperImages(accountId, 1)
  const costs: bigint[] = []
  for (const credited of [false, true, false]) {
    const { runId, claimed } = await runOf(accountId, [image!])
    await finishItem(shop.db, worked(claimed[0]!))
    costs.push((await shop.run(accountId, runId)).cost)
    if (credited) continue
    if (costs.length > 1) break
    // As the operator's route does it: the note and the forgetting are one transaction.
    await shop.db.asTenant(accountId, async (tx) => {
      const note = await issueCreditNote(tx, {
        accountId,
        selection: { usageIds: [], runId, itemIds: [] },
        reason: 'The crops were wrong',
        minimumCharge: () => 0n,
      })
      if (!note.ok) throw new Error(note.detail)
      await forgetPaidContents(tx, accountId, note.usageIds)
    })
    expect((await shop.books.billing(accountId)).balance).toBe(50_000_000n)
  }
  expect(costs).toEqual([700_000n, 700_000n, 0n])
  expect((await shop.books.billing(accountId)).balance).toBe(49_300_000n)
  expect(await shop.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
})

test('what one account has paid for is not free for another', async () => {
  const [first, second] = [await shop.account(), await shop.account()]
  for (const accountId of [first, second]) {
    const { runId, claimed } = await runOf(accountId, await shop.paperImages(accountId, 1))
    await finishItem(shop.db, worked(claimed[0]!, 'the same photo'))
    expect(await shop.run(accountId, runId)).toMatchObject({ cost: 700_000n })
  }
})

test('without a plan an item cannot be charged: refused, and nothing has happened', async () => {
  const accountId = await shop.account()
  const { runId, claimed } = await runOf(accountId, await shop.paperImages(accountId, 1))
  await shop.db.asTenant(accountId, (tx) =>
    tx.query(
      `update subscriptions set status = 'cancelled', ended_at = clock_timestamp() where account_id = $1`,
      [accountId],
    ),
  )
  expect(await finishItem(shop.db, worked(claimed[0]!))).toMatchObject({
    ok: false,
    refusal: 'charge_refused',
    code: 'no_subscription',
  })
  expect(await shop.items(accountId, runId)).toMatchObject([{ status: 'working', cost: 0n }])
})
