/** Claimers of two processes on one database and one bucket, each with a folder of its own: as on two machines. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { seededCrop } from '../images/test-photos.ts'
import { openStore } from '../storage/open-store.ts'
import { bucketUrl } from '../storage/test-bucket.ts'
import type { ClaimerOrders } from './test-claimer.ts'
import { openWorkshop, until, type Workshop } from './test-workshop.ts'

// Inference is seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

let server: FauxqsServer
let shop: Workshop
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false })
  server.createBucket('photos')
  shop = await openWorkshop({ storageUrl: bucketUrl(server) })
}, 240_000)
afterAll(async () => {
  await shop.close()
  await server.stop()
})

/** Another machine: it shares the database and the bucket. */
async function openMachine(name: string) {
  const folder = join(shop.folder, name)
  await mkdir(folder)
  const claimer = fork(new URL('test-claimer.ts', import.meta.url), { execArgv: ['--import', 'tsx'] })
  const orders: ClaimerOrders = {
    databaseUrl: shop.database.url,
    folder,
    storageUrl: shop.storageUrl,
    models: shop.models.current()!,
    leaseMs: 500,
  }
  claimer.send(orders)
  await once(claimer, 'message')
  return {
    async kill() {
      const exited = once(claimer, 'exit')
      claimer.kill('SIGKILL')
      await exited
    },
  }
}

test('two machines share a run; one is killed, and every item is done and paid once', async () => {
  const accountId = await shop.account()
  const automationId = await shop.automation(accountId, [
    { operation: 'smart_crop', settings: { width: 200, height: 200 } },
    { operation: 'convert', settings: { format: 'jpeg' } },
  ])
  const folder = join(shop.folder, 'photos')
  const images: string[] = []
  for (let seed = 0; seed < 6; seed++) {
    const photo = await seededCrop(shop.photos.coffee, { seed: 900 + seed, folder, longSide: 480 })
    images.push(await shop.upload(accountId, photo))
  }
  const [one, other] = await Promise.all([openMachine('one'), openMachine('other')])
  const runId = await shop.start(accountId, automationId, images)
  await until('both work', async () => (await shop.run(accountId, runId)).working > 2)
  await one.kill()
  const run = await until('the run ends', async () => {
    const now = await shop.run(accountId, runId)
    return now.status === 'finished' && now
  })
  await other.kill()
  expect(run).toMatchObject({ succeeded: 6, failed: 0, cost: 1_200_000n })
  expect((await shop.books.billing(accountId)).balance).toBe(48_800_000n)

  const reader = await openStore(shop.storageUrl, join(shop.folder, 'reader'))
  for (const { outputSha256 } of await shop.items(accountId, runId)) {
    const { width, height } = await sharp(
      await buffer(await reader.open(accountId, outputSha256!)),
    ).metadata()
    expect([width, height]).toEqual([200, 200])
  }
  await reader.close()
})
