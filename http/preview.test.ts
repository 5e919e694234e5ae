/** Previews as the editor asks for them: what they show, what they cost (nothing), and whether a run then makes the same. */
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { itemCompliance } from '../automations/item-compliance.ts'
import { openWorkshop, until, type Workshop } from '../automations/test-workshop.ts'
import { seededCrop } from '../images/test-photos.ts'
import { handlers as automationHandlers } from './automation-routes.ts'
import { encodeId } from './ids.ts'
import { handlers } from './preview-routes.ts'
import { createTestApp, type TestApp } from './test-app.ts'

// Inference is seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

type Preview = {
  held: { reason: string } | null
  place_in_photo: { x: number; y: number; width: number; height: number }
  picture: { media_type: string; base64: string; width: number; height: number }
  output: { format: string; width: number; height: number }
  compliance: { preset: string; rules: { rule: string; met: boolean; measured: string }[] }[]
  mask_reused: boolean
  sketched: boolean
}

let app: TestApp
let shop: Workshop
let accountId: string
let key: string

beforeAll(async () => {
  app = await createTestApp({ handlers: { ...automationHandlers, ...handlers } })
  shop = await openWorkshop({ database: app.database })
  const { files, imageWork, models } = shop
  const state = { state: 'ready' as const, progress: null, ...models }
  Object.assign(app.services, { files, previewWork: imageWork, models: state })
  accountId = await shop.account()
  key = (await app.createKey(accountId, ['read', 'write'])).key
}, 240_000)
afterAll(async () => {
  await app.app.close()
  await shop.close()
})

const square = [
  { operation: 'remove_background', settings: { hold_uncertain: false } },
  { operation: 'smart_crop', settings: { width: 2000, height: 2000 } },
  { operation: 'background', settings: { colour: '#ffffff' } },
  { operation: 'convert', settings: { format: 'jpeg' } },
]

let seed = 7000
/** Of `longSide` pixels; the account's unless told otherwise. */
async function photo(longSide: number, of = accountId): Promise<string> {
  const path = await seededCrop(shop.photos.coffee, {
    seed: seed++,
    folder: join(shop.folder, 'photos'),
    longSide,
  })
  return shop.upload(of, path)
}

async function ask(imageId: string, steps: unknown[] = square, sketch?: boolean) {
  const body = { steps, image_id: encodeId('image', imageId), ...(sketch === undefined ? {} : { sketch }) }
  const answer = await app.call({ method: 'POST', path: '/v1/automations/preview', key, body })
  return { status: answer.status, body: answer.body as Preview & { type: string; failure: string } }
}

const rowsOf = (table: string) =>
  app.database.db.asService(async (tx) => {
    const [row] = await tx.query<{ count: bigint }>(`select count(*) as count from ${table}`)
    return Number(row!.count)
  })

test('a preview shows the result at screen size, marked, and leaves nothing behind', async () => {
  const imageId = await photo(1800)
  const first = await ask(imageId)
  expect(first).toMatchObject({
    status: 200,
    body: { output: { format: 'jpeg', width: 2000, height: 2000 }, mask_reused: false, held: null },
  })
  const second = await ask(imageId)
  expect(second.body.mask_reused).toBe(true)
  const { picture } = second.body
  const file = Buffer.from(picture.base64, 'base64')
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  expect([info.format, info.width, info.height]).toEqual(['raw', picture.width, picture.height])
  expect((await sharp(file).metadata()).format).toBe('webp')
  expect(Math.max(picture.width, picture.height)).toBeLessThanOrEqual(1200)
  // The square reaches beyond the photo or lies within it; the subject is in both.
  const { x, y, width, height } = first.body.place_in_photo
  expect(x + width / 2).toBeGreaterThan(0)
  expect(x + width / 2).toBeLessThan(1)
  expect(y + height / 2).toBeGreaterThan(0)
  expect(y + height / 2).toBeLessThan(1)
  // The upper tenth is white background: what is not white there is the mark.
  const top = data.subarray(0, info.width * 3 * Math.floor(info.height / 10))
  const marked = top.filter((value) => value < 235).length / top.length
  expect(marked).toBeGreaterThan(0.005)
  expect(marked).toBeLessThan(0.5)
  for (const table of ['usage_records', 'step_results', 'charged_contents', 'runs', 'kept_answers']) {
    expect([table, await rowsOf(table)]).toEqual([table, 0])
  }
})

test('a sketch is asked for, told as one, and is nothing that a run or another preview uses', async () => {
  const imageId = await photo(1200)
  const sketch = await ask(imageId, square, true)
  expect(sketch.body).toMatchObject({
    sketched: true,
    mask_reused: false,
    output: { width: 2000, height: 2000 },
  })
  const whole = await ask(imageId)
  expect(whole.body).toMatchObject({ sketched: false, mask_reused: false })
  // Now the subject is known, and there is nothing to sketch.
  expect((await ask(imageId, square, true)).body).toMatchObject({ sketched: false, mask_reused: true })
})

test('a sketch does not say that a run would wait for a person: it cannot know', async () => {
  const folder = join(shop.folder, 'photos')
  const imageId = await shop.upload(
    accountId,
    await seededCrop(shop.photos.people6, { seed: seed++, folder, longSide: 700 }),
  )
  const unsure = [{ operation: 'remove_background' }]
  expect((await ask(imageId, unsure, true)).body).toMatchObject({ sketched: true, held: null })
  expect((await ask(imageId, unsure)).body).toMatchObject({ held: { reason: 'low_confidence' } })
})

test('a run makes what the preview showed, and the same bytes as one that nobody previewed', async () => {
  const folder = join(shop.folder, 'photos')
  const path = await seededCrop(shop.photos.chelsea, { seed: 6999, folder, longSide: 1500 })
  const outputs: (string | null)[] = []
  const workers = shop.workers()
  for (const previewed of [true, false]) {
    const customer = previewed ? accountId : await shop.account()
    const imageId = await shop.upload(customer, path)
    const previews = previewed ? [await ask(imageId), await ask(imageId)] : []
    const runId = await shop.start(customer, await shop.automation(customer, square), [imageId])
    await until('the run ends', async () => (await shop.run(customer, runId)).status === 'finished')
    const [item] = await shop.items(customer, runId)
    outputs.push(item!.outputSha256)
    for (const { body } of previews) {
      expect(body.output).toEqual({ format: 'jpeg', width: item!.outputWidth, height: item!.outputHeight })
      expect(body.compliance.map(verdictsOf)).toEqual(itemCompliance(item!)!.map(verdictsOf))
    }
  }
  await workers.stop()
  expect(outputs[0]).not.toBeNull()
  expect(outputs[0]).toBe(outputs[1])
})

/** What is met and missed, and how large the result is. The weight of a file is not known before it is made. */
function verdictsOf({ preset, rules }: Preview['compliance'][number]) {
  const told = rules.filter(({ rule }) => rule !== 'file_size')
  const sides = told.filter(({ rule }) => rule.endsWith('_side')).map(({ measured }) => measured)
  return { preset, met: told.map(({ rule, met }) => [rule, met]), sides }
}

test('previews are refused as runs would be, and beyond three at a time', async () => {
  const imageId = await photo(300)
  const foreign = await photo(300, await shop.account())
  const refusals: [imageId: string, steps: unknown[], status: number, refusal: string][] = [
    [foreign, square, 404, 'image_not_found'],
    [imageId, [{ operation: 'paint' }], 422, 'unknown_operation'],
    [imageId, [{ operation: 'resize', settings: {} }], 422, 'settings_invalid'],
    [
      imageId,
      [{ operation: 'background', settings: { fill: 'image', image: `image_${'0'.repeat(32)}` } }],
      404,
      'image_not_found',
    ],
    [
      imageId,
      [
        { operation: 'resize', settings: { width: 200, height: 8000, fit: 'exact', enlarge: true } },
        { operation: 'pad', settings: { width: 20000 } },
      ],
      422,
      'settings_invalid',
    ],
    [imageId, [], 422, 'invalid_input'],
  ]
  for (const [image, steps, status, refusal] of refusals) {
    expect(await ask(image, steps)).toMatchObject({ status, body: { type: `/problems/${refusal}` } })
  }
  const many = await Promise.all(Array.from({ length: 6 }, () => ask(imageId)))
  const statuses = many.map(({ status }) => status).sort()
  expect(statuses).toEqual([200, 200, 200, 429, 429, 429])
  shop.models.setHere(false)
  expect(await ask(imageId)).toMatchObject({ status: 409, body: { type: '/problems/models_awaited' } })
  expect((await ask(imageId, [{ operation: 'rotate', settings: { angle: 90 } }])).status).toBe(200)
  shop.models.setHere(true)
})
