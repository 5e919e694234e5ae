import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Micros, micros } from '../billing/micros.ts'
import type { Step } from '../images/catalogue.ts'
import { cancelRun } from './cancel-run.ts'
import { type ClaimedItem, claimItem } from './claim-item.ts'
import { failItem, releaseItem } from './fail-item.ts'
import { finishItem } from './finish-item.ts'
import { readPause, setPause } from './set-pause.ts'
import { openWorkshop, until, type Workshop, worked } from './test-workshop.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop({ photos: false })
})
afterAll(() => shop.close())
// Claimers serve every account of the database: each test begins with nothing to claim.
beforeEach(() => shop.db.asService((tx) => tx.query('delete from runnable_directory')))

/** $0.20 an image, for Starter, whose credits pay for 250. */
const crop: Step[] = [{ operation: 'smart_crop', settings: { aspect: '1:1' } }]

async function spent(): Promise<string> {
  const accountId = await shop.account()
  await shop.books.use(accountId, 'smart_crop', 250)
  return accountId
}

async function start(accountId: string, count: number): Promise<string> {
  const automationId = await shop.automation(accountId, crop)
  return shop.start(accountId, automationId, await shop.paperImages(accountId, count))
}

const limit = (accountId: string, amount: Micros | null) =>
  shop.db.asTenant(accountId, (tx) => setPause(tx, accountId, amount))
const paused = (accountId: string) => shop.db.asTenant(accountId, (tx) => readPause(tx, accountId))
const claim = (leaseMs = 30_000) => claimItem(shop.db, { modelsReady: true, leaseMs })
const overage = async (accountId: string) => (await shop.books.billing(accountId)).overage

async function claimAll(): Promise<ClaimedItem[]> {
  const claimed: ClaimedItem[] = []
  for (let item = await claim(); item; item = await claim()) claimed.push(item)
  return claimed
}

async function workAll(): Promise<number> {
  let done = 0
  for (let item = await claim(); item; item = await claim()) {
    expect(await finishItem(shop.db, worked(item))).toEqual({ ok: true })
    done++
  }
  return done
}

describe('the customer’s own limit', () => {
  test('64 claimers at once do not overshoot it, and reach it', async () => {
    const accountId = await spent()
    await limit(accountId, micros('5'))
    const runId = await start(accountId, 100)
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let item = await claim(); item; item = await claim()) await finishItem(shop.db, worked(item))
      }),
    )
    // What one claimer's end has made room for after the last of them looked.
    await workAll()
    expect(await overage(accountId)).toBe(micros('5'))
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'paused_by_budget', succeeded: 25 })
  })

  test('64 claimers that finish nothing hold no more than it allows', async () => {
    const accountId = await spent()
    await limit(accountId, micros('5'))
    const runId = await start(accountId, 100)
    const claimed = (await Promise.all(Array.from({ length: 64 }, claimAll))).flat()
    expect(claimed).toHaveLength(25)
    // The others wait for them: one may fail, and cost nothing.
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'running', working: 25 })
    await failItem(shop.db, claimed[0]!, { code: 'damaged', message: 'The file is cut short.' })
    expect(await claimAll()).toHaveLength(1)
    await releaseItem(shop.db, claimed[1]!, { interrupted: false })
    expect(await claimAll()).toHaveLength(1)
  })

  test('a limit set while claimers are at work holds from its commit on', async () => {
    const accountId = await spent()
    const runId = await start(accountId, 300)
    let working = true
    const claimers = Array.from({ length: 16 }, async () => {
      while (working) {
        const item = await claim()
        if (item) await finishItem(shop.db, worked(item))
      }
    })
    await until('some are done', async () => (await shop.run(accountId, runId)).succeeded >= 20)
    const already = (await limit(accountId, 0n))!.accrued
    await until('it pauses', async () => (await shop.run(accountId, runId)).status === 'paused_by_budget')
    working = false
    await Promise.all(claimers)
    const { succeeded, working: atWork } = await shop.run(accountId, runId)
    // At most what the claimers held at that moment.
    expect(await overage(accountId)).toBeLessThanOrEqual(already + 16n * micros('0.2'))
    expect(BigInt(succeeded) * micros('0.2')).toBe(await overage(accountId))
    expect(atWork).toBe(0)
  })

  test('is off by default, and credits are never held by it', async () => {
    const free = await spent()
    await start(free, 3)
    expect(await workAll()).toBe(3)
    const accountId = await shop.account()
    await limit(accountId, 0n)
    const runId = await start(accountId, 3)
    expect(await workAll()).toBe(3)
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'finished', succeeded: 3 })
  })

  test('usage from outside is always booked', async () => {
    const accountId = await spent()
    await limit(accountId, 0n)
    expect(await shop.books.use(accountId, 'smart_crop', 10)).toMatchObject({ ok: true })
    expect(await overage(accountId)).toBe(micros('2'))
  })

  test('a dead claimer’s item is counted once, and claimed again within the limit', async () => {
    const accountId = await spent()
    await limit(accountId, micros('0.2'))
    await start(accountId, 3)
    const dead = (await claim(50))!
    const second = await until('lease runs out', async () => (await claim()) ?? undefined, 5_000)
    expect(second).toMatchObject({ itemId: dead.itemId, interrupted: 1 })
    expect(await claim()).toBeNull()
    expect(await finishItem(shop.db, worked(dead))).toEqual({ ok: false, refusal: 'lease_lost' })
    expect(await finishItem(shop.db, worked(second))).toEqual({ ok: true })
    expect(await claim()).toBeNull()
  })

  test('a run that it holds can be cancelled', async () => {
    const accountId = await spent()
    await limit(accountId, 0n)
    const runId = await start(accountId, 2)
    expect(await workAll()).toBe(0)
    await shop.db.asTenant(accountId, (tx) => cancelRun(tx, accountId, runId))
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'cancelled', cancelled: 2 })
  })

  test('nothing of another account waits for it', async () => {
    const accountId = await spent()
    await limit(accountId, 0n)
    await start(accountId, 2)
    const other = await spent()
    await start(other, 2)
    expect(await workAll()).toBe(2)
    expect(await overage(other)).toBe(micros('0.4'))
  })
})

describe('a paused run goes on', () => {
  async function held(): Promise<{ accountId: string; runId: string }> {
    const accountId = await spent()
    await limit(accountId, micros('0.2'))
    const runId = await start(accountId, 3)
    expect(await workAll()).toBe(1)
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'paused_by_budget', succeeded: 1 })
    expect(await paused(accountId)).toMatchObject({ pausedRuns: 1, limit: micros('0.2') })
    expect(await workAll()).toBe(0)
    return { accountId, runId }
  }

  test('when the limit rises', async () => {
    const { accountId, runId } = await held()
    await limit(accountId, micros('0.4'))
    expect(await workAll()).toBe(1)
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'paused_by_budget', succeeded: 2 })
  })

  test('when the limit is taken away', async () => {
    const { accountId, runId } = await held()
    expect(await limit(accountId, null)).toMatchObject({ pausedRuns: 0 })
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'running' })
    expect(await workAll()).toBe(2)
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'finished', succeeded: 3 })
  })

  test('when the balance rises', async () => {
    const { accountId, runId } = await held()
    expect(await shop.books.choose(accountId, 'growth')).toMatchObject({ ok: true })
    expect(await workAll()).toBe(2)
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'finished', succeeded: 3 })
  })

  test('when a period opens', async () => {
    const { accountId, runId } = await held()
    await shop.books.moveTo(accountId, (await shop.books.billing(accountId)).period!.end)
    expect(await workAll()).toBe(2)
    expect(await shop.run(accountId, runId)).toMatchObject({ status: 'finished', succeeded: 3 })
  })
})
