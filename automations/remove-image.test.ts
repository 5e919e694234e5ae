/** A photo that is removed: its files go, what was paid stays, and what needs it keeps it. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyAccount } from '../verify/verify-account.ts'
import { claimItem } from './claim-item.ts'
import { createQuote } from './create-quote.ts'
import { finishItem } from './finish-item.ts'
import { readReceipt } from './read-receipt.ts'
import { removeImage } from './remove-image.ts'
import { openWorkshop, type Workshop, worked } from './test-workshop.ts'

const CROP = [{ operation: 'smart_crop', settings: { width: 10, height: 10 } }]

let shop: Workshop
let accountId: string
beforeAll(async () => {
  shop = await openWorkshop({ photos: false })
})
afterAll(() => shop.close())

const remove = (imageId: string) => removeImage(shop, accountId, { imageId, modelHash: undefined })
const store = async () => (await shop.files.put(accountId, randomBytes(64))).sha256
const there = async (sha256: string) => (await shop.files.stat(accountId, sha256)) !== undefined

/** A photo whose files are in the store. */
async function photo(): Promise<{ imageId: string; sha256: string; preview: string }> {
  const [imageId] = await shop.paperImages(accountId, 1)
  const [sha256, preview] = [await store(), await store()]
  await shop.db.asTenant(accountId, (tx) =>
    tx.query('update images set sha256 = $2, preview_sha256 = $3 where image_id = $1', [
      imageId,
      sha256,
      preview,
    ]),
  )
  return { imageId: imageId!, sha256, preview }
}

/** Runs it to its end; answers the run and the result's files. */
async function done(imageId: string, output: string, preview: string): Promise<string> {
  const runId = await shop.start(accountId, await shop.automation(accountId, CROP), [imageId])
  const item = await claimItem(shop.db, { modelsReady: true })
  const work = worked(item!)
  const made = { ...work.output, sha256: output, previewSha256: preview }
  expect(await finishItem(shop.db, { ...work, output: made })).toMatchObject({ ok: true })
  return runId
}

test('its files go, and what was paid stays', async () => {
  accountId = await shop.account()
  const first = await photo()
  const other = await photo()
  const [output, shown, common] = [await store(), await store(), await store()]
  const runId = await done(first.imageId, output, shown)
  // Two photos may come to the same picture.
  await done(first.imageId, common, shown)
  await done(other.imageId, common, shown)
  const before = await shop.books.billing(accountId)
  const receipt = await shop.db.asTenant(accountId, (tx) => readReceipt(tx, accountId, runId))

  expect(await remove(first.imageId)).toEqual({ ok: true })
  for (const gone of [first.sha256, first.preview, output]) expect(await there(gone)).toBe(false)
  for (const kept of [other.sha256, other.preview, common, shown]) expect(await there(kept)).toBe(true)
  expect(await shop.books.billing(accountId)).toEqual({ ...before, now: expect.any(Date) })
  expect(await shop.db.asTenant(accountId, (tx) => readReceipt(tx, accountId, runId))).toEqual(receipt)
  expect(await shop.items(accountId, runId)).toMatchObject([
    { status: 'succeeded', outputSha256: null, previewSha256: null, imageName: receipt!.images[0]!.name },
  ])
  expect(await shop.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])

  expect(await remove(first.imageId)).toMatchObject({ refusal: 'image_not_found' })
  const automationId = await shop.automation(accountId, CROP)
  expect(await createQuote(shop, accountId, { automationId, images: [first.imageId] })).toMatchObject({
    refusal: 'image_not_found',
  })
})

test('what is still needed stays', async () => {
  accountId = await shop.account()
  const queued = await photo()
  await shop.start(accountId, await shop.automation(accountId, CROP), [queued.imageId])
  expect(await remove(queued.imageId)).toMatchObject({
    refusal: 'image_in_use',
    detail: expect.stringContaining('is not done with it'),
  })
  const logo = await photo()
  const image = `image_${logo.imageId.replaceAll('-', '')}`
  await shop.automation(accountId, [{ operation: 'watermark', settings: { image } }])
  expect(await remove(logo.imageId)).toMatchObject({
    refusal: 'image_in_use',
    detail: expect.stringContaining('lays it under or over photos'),
  })
  for (const kept of [queued.sha256, logo.sha256]) expect(await there(kept)).toBe(true)
  const stranger = await photo()
  accountId = await shop.account()
  expect(await remove(stranger.imageId)).toMatchObject({ refusal: 'image_not_found' })
})
