import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Step } from '../images/catalogue.ts'
import { cancelAllRuns, cancelRun } from './cancel-run.ts'
import { type ClaimedItem, claimItem } from './claim-item.ts'
import { failItem, releaseItem } from './fail-item.ts'
import { finishItem } from './finish-item.ts'
import { keepLeases } from './keep-leases.ts'
import { retryRun } from './retry-run.ts'
import { openWorkshop, until, type Workshop, worked } from './test-workshop.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop({ photos: false })
})
afterAll(() => shop.close())
// Claimers serve every account of the database: each test begins with nothing to claim.
beforeEach(() => shop.db.asService((tx) => tx.query('delete from runnable_directory')))

const free: Step[] = [{ operation: 'convert', settings: { format: 'jpeg' } }]
const masked: Step[] = [{ operation: 'smart_crop', settings: { aspect: '1:1' } }]

async function runOf(count: number, steps = free): Promise<{ accountId: string; runId: string }> {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, steps)
  const runId = await shop.start(accountId, automationId, await shop.paperImages(accountId, count))
  return { accountId, runId }
}

const claim = (leaseMs = 30_000, modelsReady = true) => claimItem(shop.db, { modelsReady, leaseMs })

async function claimAll(): Promise<ClaimedItem[]> {
  const claimed: ClaimedItem[] = []
  for (let item = await claim(); item; item = await claim()) claimed.push(item)
  return claimed
}

/** The item again, once its lease has run out. */
const takeOver = () => until('lease runs out', async () => (await claim()) ?? undefined, 5_000)

describe('claiming', () => {
  test('items come in the order of the run, each once, to as many claimers as ask at once', async () => {
    const { accountId, runId } = await runOf(40)
    const claimers = Array.from({ length: 8 }, claimAll)
    const claimed = (await Promise.all(claimers)).flat()
    expect(claimed).toHaveLength(40)
    expect(new Set(claimed.map(({ itemId }) => itemId)).size).toBe(40)
    expect(await shop.run(accountId, runId)).toMatchObject({ working: 40, succeeded: 0 })
  })

  test('five hundred items of one account do not delay the single one of another', async () => {
    await runOf(500)
    const other = await runOf(1)
    const first = [await claim(), await claim(), await claim()]
    expect(first.map((item) => item?.accountId)).toContain(other.accountId)
  })

  test('without models, items that need them wait and others do not', async () => {
    const waiting = await runOf(2, masked)
    const moving = await runOf(2)
    const claimed = [await claim(30_000, false), await claim(30_000, false), await claim(30_000, false)]
    expect(claimed.map((item) => item?.runId)).toEqual([moving.runId, moving.runId, undefined])
    expect((await claim())?.runId).toBe(waiting.runId)
  })

  test('an account with nothing left to claim rests, and is woken by its next run', async () => {
    const { accountId } = await runOf(1)
    const item = (await claim())!
    expect(await claim()).toBeNull()
    await finishItem(shop.db, worked(item))
    const automationId = await shop.automation(accountId, free)
    await shop.start(accountId, automationId, await shop.paperImages(accountId, 1))
    expect((await claim())?.accountId).toBe(accountId)
  })

  test('runs that start while claimers find nothing are never forgotten', async () => {
    const { accountId } = await runOf(1)
    const automationId = await shop.automation(accountId, free)
    const images = await shop.paperImages(accountId, 30)
    let claimed = 0
    let starting = true
    const claimers = Array.from({ length: 4 }, async () => {
      // The last look is after the last start.
      for (let last = false; !last; ) {
        last = !starting
        for (const item of await claimAll()) {
          claimed++
          await finishItem(shop.db, worked(item))
        }
      }
    })
    for (const image of images) await shop.start(accountId, automationId, [image])
    starting = false
    await Promise.all(claimers)
    claimed += (await claimAll()).length
    expect(claimed).toBe(31)
  })
})

describe('leases', () => {
  test('a claimer that dies between work and finish loses its item to another; nothing is lost or doubled', async () => {
    const { accountId, runId } = await runOf(1, masked)
    const dead = (await claim(50))!
    const second = await takeOver()
    expect(second).toMatchObject({ itemId: dead.itemId, lease: dead.lease + 1, interrupted: 1 })
    expect(await finishItem(shop.db, worked(second))).toEqual({ ok: true })
    // The dead one was only slow, and comes back with the same result.
    expect(await finishItem(shop.db, worked(dead))).toEqual({ ok: false, refusal: 'lease_lost' })
    expect(await shop.run(accountId, runId)).toMatchObject({
      status: 'finished',
      succeeded: 1,
      cost: 200_000n,
    })
    expect((await shop.books.billing(accountId)).balance).toBe(49_800_000n)
  })

  test('a claimer whose lease was lost changes nothing, whatever it tries', async () => {
    const { accountId, runId } = await runOf(1, masked)
    const dead = (await claim(50))!
    const second = await takeOver()
    expect(await finishItem(shop.db, worked(dead))).toEqual({ ok: false, refusal: 'lease_lost' })
    expect(await failItem(shop.db, dead, { code: 'x', message: 'x' })).toBe(false)
    await releaseItem(shop.db, dead, { interrupted: true })
    const [item] = await shop.items(accountId, runId)
    expect(item).toMatchObject({ status: 'working', cost: 0n })
    expect((await shop.books.billing(accountId)).balance).toBe(50_000_000n)
    expect(await finishItem(shop.db, worked(second))).toEqual({ ok: true })
  })

  test('the heartbeat keeps what is held and tells what is not', async () => {
    const { accountId, runId } = await runOf(2)
    const kept = (await claim(50))!
    const lost = (await claim(50))!
    expect(await keepLeases(shop.db, [kept], 30_000)).toEqual(new Set([kept.itemId]))
    const taken = await takeOver()
    expect(taken.itemId).toBe(lost.itemId)
    expect(await keepLeases(shop.db, [kept, lost], 30_000)).toEqual(new Set([kept.itemId]))
    await shop.db.asTenant(accountId, (tx) => cancelRun(tx, accountId, runId))
    expect(await keepLeases(shop.db, [kept, taken], 30_000)).toEqual(new Set())
  })

  test('what is released is claimed again, at its place', async () => {
    await runOf(3)
    const first = (await claim())!
    await releaseItem(shop.db, first, { interrupted: false })
    expect(await claim()).toMatchObject({ itemId: first.itemId, lease: 2, interrupted: 0 })
  })
})

describe('cancelling and retrying', () => {
  test('cancelling ends what is queued and what is worked on, and leaves what has ended', async () => {
    const { accountId, runId } = await runOf(5, masked)
    const done = (await claim())!
    const working = (await claim())!
    await finishItem(shop.db, worked(done))
    expect(await shop.db.asTenant(accountId, (tx) => cancelRun(tx, accountId, runId))).toBe(true)
    expect(await finishItem(shop.db, worked(working))).toEqual({ ok: false, refusal: 'lease_lost' })
    expect(await shop.run(accountId, runId)).toMatchObject({
      status: 'cancelled',
      succeeded: 1,
      cancelled: 4,
      working: 0,
      cost: 200_000n,
    })
    expect(await claim()).toBeNull()
    expect((await shop.books.billing(accountId)).balance).toBe(49_800_000n)
    // Again changes nothing.
    const before = await shop.run(accountId, runId)
    await shop.db.asTenant(accountId, (tx) => cancelRun(tx, accountId, runId))
    expect(await shop.run(accountId, runId)).toEqual(before)
  })

  test('cancelling while claimers claim and finish loses and doubles nothing', async () => {
    const { accountId, runId } = await runOf(60, masked)
    const claimers = Array.from({ length: 6 }, async () => {
      for (let item = await claim(); item; item = await claim()) await finishItem(shop.db, worked(item))
    })
    await until('some are done', async () => (await shop.run(accountId, runId)).succeeded >= 5)
    await shop.db.asTenant(accountId, (tx) => cancelRun(tx, accountId, runId))
    await Promise.all(claimers)
    const run = await shop.run(accountId, runId)
    expect(run.succeeded + run.cancelled).toBe(60)
    expect(run).toMatchObject({ status: 'cancelled', working: 0, cost: BigInt(run.succeeded) * 200_000n })
    expect((await shop.books.billing(accountId)).balance).toBe(50_000_000n - run.cost)
    const revisions = (await shop.items(accountId, runId)).map(({ revision }) => revision!)
    expect(revisions.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
  })

  test('all runs of an account end when its plan is cancelled now; others go on', async () => {
    const { accountId, runId } = await runOf(2)
    const automationId = await shop.automation(accountId, free)
    const second = await shop.start(accountId, automationId, await shop.paperImages(accountId, 2))
    const other = await runOf(1)
    expect(await shop.db.asTenant(accountId, (tx) => cancelAllRuns(tx, accountId))).toBe(2)
    for (const id of [runId, second])
      expect(await shop.run(accountId, id)).toMatchObject({ status: 'cancelled', cancelled: 2 })
    expect((await claimAll()).map((item) => item.runId)).toEqual([other.runId])
  })

  test('retrying queues the failed items only, and each is charged once', async () => {
    const { accountId, runId } = await runOf(3, masked)
    const [a, b, c] = await claimAll()
    await finishItem(shop.db, worked(a!))
    await failItem(shop.db, b!, { code: 'damaged', message: 'The file is cut short.' })
    await failItem(shop.db, c!, { code: 'damaged', message: 'The file is cut short.' })
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'finished', failed: 2, cost: 200_000n })
    expect(await shop.db.asTenant(accountId, (tx) => retryRun(tx, accountId, runId))).toBe(2)
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'running', failed: 0, finishedAt: null })
    const again = await claimAll()
    expect(again.map(({ itemId }) => itemId)).toEqual([b!.itemId, c!.itemId])
    for (const item of again) await finishItem(shop.db, worked(item))
    expect(await shop.run(accountId, runId)).toMatchObject({
      status: 'finished',
      succeeded: 3,
      cost: 600_000n,
      revision: 7,
    })
  })
})
