import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { seededCrop } from '../images/test-photos.ts'
import { openWorkshop, until, type Workshop } from './test-workshop.ts'
import { unfoldRun } from './unfold-run.ts'

// Inference is seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop()
}, 240_000)
afterAll(() => shop.close())

/** How long one account may wait for another's work. */
const MOST_DELAY_MS = 5_000

test('ten thousand items of one account delay the single one of another by less than five seconds', async () => {
  const folder = join(shop.folder, 'photos')
  const steps = [{ operation: 'smart_crop', settings: { aspect: '1:1' } }]
  const photo = async (seed: number) => seededCrop(shop.photos.coffee, { seed, folder, longSide: 640 })
  const [many, one] = [await shop.account(), await shop.account()]
  const photos = await Promise.all([8300, 8301, 8302, 8303].map(photo))
  const images: string[] = []
  for (const path of photos) images.push(await shop.upload(many, path))
  // The same four photos again and again: what makes a queue long is its length.
  const long = Array.from({ length: 10_000 }, (_, n) => images[n % images.length]!)
  const longRun = await shop.start(many, await shop.automation(many, steps), long)
  await unfoldRun(shop.db, many, longRun)
  const single = await shop.upload(one, await photo(8304))
  const automationId = await shop.automation(one, steps)

  const workers = shop.workers({ count: 1 })
  await until('the long run is under way', async () => (await shop.run(many, longRun)).succeeded >= 4)
  const startedAt = performance.now()
  const runId = await shop.start(one, automationId, [single])
  const claimed = await until('it is worked on', async () => {
    const { working, succeeded } = await shop.run(one, runId)
    return working + succeeded > 0 && performance.now() - startedAt
  })
  await until('it is done', async () => (await shop.run(one, runId)).status === 'finished')
  await workers.stop()
  expect((await shop.run(many, longRun)).succeeded).toBeLessThan(10_000)
  expect(claimed).toBeLessThan(MOST_DELAY_MS)
})
