/** A crop that a person corrects: what it costs, what it makes, and that it is remembered. */
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { seededCrop } from '../images/test-photos.ts'
import { createQuote } from './create-quote.ts'
import { withBox } from './photo-crops.ts'
import { quoteRedo, redoItem } from './redo-item.ts'
import { startRun } from './start-run.ts'
import { openWorkshop, until, type Workshop } from './test-workshop.ts'

vi.setConfig({ testTimeout: 120_000 })

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop()
}, 240_000)
afterAll(() => shop.close())

/** A square in the upper left corner of a photo of 480 × 320, say. */
const squareOf = (width: number, height: number) => ({
  x: 0,
  y: 0,
  width: 0.3,
  height: (0.3 * width) / height,
})

test('it costs what changed, once; the next run over the photo takes it', async () => {
  const accountId = await shop.account()
  const steps = [
    { operation: 'remove_background', settings: { hold_uncertain: false } },
    { operation: 'smart_crop', settings: { width: 120, height: 120 } },
    { operation: 'convert', settings: { format: 'png' } },
  ]
  const automationId = await shop.automation(accountId, steps)
  const photo = await seededCrop(shop.photos.coffee, {
    seed: 77,
    folder: join(shop.folder, 'photos'),
    longSide: 320,
  })
  const imageId = await shop.upload(accountId, photo)
  const { width, height } = await sharp(photo).metadata()
  const workers = shop.workers()
  const ended = (runId: string) =>
    until('the run ends', async () => {
      const run = await shop.run(accountId, runId)
      return run.status === 'finished' && run
    })
  const outputOf = async (runId: string) => (await shop.items(accountId, runId))[0]!

  const first = await ended(await shop.start(accountId, automationId, [imageId]))
  const item = await outputOf(first.id)
  expect(item.status).toBe('succeeded')
  const correction = { itemId: item.id, box: squareOf(width, height) }

  const before = await createQuote(shop, accountId, { automationId, images: [imageId] })
  if (!before.ok) throw new Error(before.detail)

  // The background was removed and paid for; only the crop is other work.
  const quoted = await quoteRedo(shop, accountId, correction)
  if (!quoted.ok) throw new Error(quoted.detail)
  const redo = { ...correction, quoteId: quoted.quote.id }
  const started = await shop.db.asTenant(accountId, (tx) => redoItem(tx, accountId, redo))
  if (!started.ok) throw new Error(started.detail)
  const second = await ended(started.runId)
  expect(second.cost).toBe(quoted.quote.cost)
  expect([second.cost, first.cost > second.cost]).toEqual([200_000n, true])
  const corrected = await outputOf(started.runId)
  expect(corrected.report?.[1]).toMatchObject({ operation: 'smart_crop', method: 'person' })
  expect(corrected.outputSha256).not.toBe(item.outputSha256)
  const picture = await buffer(await shop.files.open(accountId, corrected.outputSha256!))
  expect(await sharp(picture).metadata()).toMatchObject({ width: 120, height: 120 })

  // A quote of before no longer speaks of the run.
  const stale = { automationId, imageIds: [imageId], quoteId: before.quote.id }
  expect(await shop.db.asTenant(accountId, (tx) => startRun(tx, accountId, stale))).toMatchObject({
    refusal: 'quote_mismatch',
    detail: 'The quote is not for this run: the crop of a photo was corrected since. Ask for a new one.',
  })

  // From now on the automation crops this photo there, and both quote and run know that it is paid for.
  const again = await createQuote(shop, accountId, { automationId, images: [imageId] })
  expect(again.ok && again.quote.cost).toBe(0n)
  const third = await ended(await shop.start(accountId, automationId, [imageId]))
  expect(third.cost).toBe(0n)
  expect((await outputOf(third.id)).outputSha256).toBe(corrected.outputSha256)

  // Another shape is another crop.
  const wide = await shop.automation(accountId, [
    { operation: 'smart_crop', settings: { width: 160, height: 90 } },
  ])
  const other = await ended(await shop.start(accountId, wide, [imageId]))
  expect((await outputOf(other.id)).report?.[0]).not.toMatchObject({ method: 'person' })
  await workers.stop()
})

test('what is not done, or cuts nothing, is not corrected', async () => {
  const accountId = await shop.account()
  const [imageId] = await shop.paperImages(accountId, 1)
  const redo = async (steps: { operation: string; settings?: Record<string, unknown> }[], done: boolean) => {
    const runId = await shop.start(accountId, await shop.automation(accountId, steps), [imageId!])
    const [item] = await shop.items(accountId, runId)
    if (done)
      await shop.db.asTenant(accountId, (tx) =>
        tx.query(`update run_items set status = 'cancelled' where item_id = $1`, [item!.id]),
      )
    const box = { x: 0, y: 0, width: 1, height: 1 }
    return shop.db.asTenant(accountId, (tx) => redoItem(tx, accountId, { itemId: item!.id, box }))
  }
  const crop = { operation: 'smart_crop', settings: { width: 10, height: 10 } }
  expect(await redo([crop], false)).toMatchObject({ refusal: 'item_under_way' })
  expect(await redo([{ operation: 'sharpen' }], true)).toMatchObject({ refusal: 'item_not_cropped' })
  const kept = await shop.db.asTenant(accountId, (tx) =>
    tx.query('select 1 from photo_crops where account_id = $1', [accountId]),
  )
  expect(kept).toEqual([])
})

test.each([
  { about: 'asks for nothing, which is a square', settings: {}, aspect: '1:1' },
  { about: 'asks for an aspect', settings: { aspect: '4:5' }, aspect: '4:5' },
  { about: 'asks for a size', settings: { width: 40, height: 20 }, aspect: undefined },
])('a corrected crop keeps the shape of a step that $about', ({ settings, aspect }) => {
  const box = { x: 0, y: 0, width: 1, height: 0.2 }
  const step = withBox({ operation: 'smart_crop', settings }, box)
  expect(step.settings).toEqual({ ...settings, ...(aspect ? { aspect } : {}), photo_box: box })
})
