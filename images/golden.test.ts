/**
 * The two paid operations with the model that is sold, on a photo each, against pictures that were looked at; and every operation against its picture in the docs. When a change moves a hash on
 * purpose: look at the new output (`npm run quality`), raise the operation's `codeVersion`, and write the new hash here, or the new pictures (`npx tsx images/write-operations-page.ts`).
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { beforeAndAfter } from './before-and-after.ts'
import { checkSteps, type Step } from './catalogue.ts'
import { type ImageDone, type ImageWork, startImageWork } from './image-work.ts'
import { operationCodes } from './operation.ts'
import { examples, pictureOf } from './operations-page.ts'
import { hashDistance, perceptualHash } from './perceptual-hash.ts'
import { type PhotoName, testModels, testPhotos } from './test-photos.ts'

vi.setConfig({ testTimeout: 300_000 })

let folder: string
let photos: Record<PhotoName, string>
let work: ImageWork

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawdown-golden-'))
  photos = await testPhotos()
  const models = await testModels(1024)
  work = startImageWork({ folder, models: () => models, decoders: 1, log() {} })
}, 240_000)

afterAll(async () => {
  await work.close()
  await rm(folder, { recursive: true, force: true })
})

/** Bits of 256 that another libvips or another CPU may turn; another picture turns about 80. */
const mostBits = 12

const table: {
  about: string
  photo: PhotoName
  steps: Step[]
  hash: string
  coverage: number
  faces?: number
}[] = [
  {
    about: 'remove_background: cup, saucer and spoon, nothing of the table',
    photo: 'coffee',
    steps: [{ operation: 'remove_background' }],
    hash: '00f8007c007c007c803cc078e070e060f000f800fc00fe00fe00fe007e007e00',
    coverage: 0.474,
  },
  {
    about: 'smart_crop: three faces do not fit; two are whole and none is cut',
    photo: 'people3',
    steps: [{ operation: 'smart_crop', settings: { aspect: '4:5' } }],
    hash: 'ff00ff00ff80ff80ff80ff81ff03ff03fe07fc07fc07f807f803f003e1c1c3c0',
    coverage: 0.64,
    faces: 2,
  },
]

test.each(table)('$about', async ({ photo, steps, hash, coverage, faces }) => {
  const output = join(folder, `${photo}.out`)
  const result = await made(photo, steps, output)
  expect(result.held).toBeUndefined()
  expect(result.steps[0]!.coverage).toBeCloseTo(coverage, 1)
  expect(result.steps.at(-1)!.output!.faces).toBe(faces)
  const found = await perceptualHash(output)
  expect(hashDistance(found, hash), `hash ${found}`).toBeLessThanOrEqual(mostBits)
})

test.each(operationCodes)('%s makes what its picture in the docs shows', async (code) => {
  const { photo, steps } = examples[code]
  const output = join(folder, `${code}.out`)
  await made(photo, steps, output)
  const picture = join(folder, `${code}.png`)
  await writeFile(picture, await beforeAndAfter(photos[photo], output))
  const shown = join(import.meta.dirname, '..', 'docs', 'pictures', pictureOf(code))
  expect(hashDistance(await perceptualHash(picture), await perceptualHash(shown))).toBeLessThanOrEqual(
    mostBits,
  )
})

/** Mask and faces of a photo are found once. */
async function made(photo: PhotoName, steps: Step[], output: string): Promise<ImageDone> {
  const checked = checkSteps(steps)
  if (!checked.ok) throw new Error(checked.detail)
  const result = await work.process({
    input: photos[photo],
    steps: checked.steps,
    maskFile: join(folder, `${photo}.mask`),
    facesFile: join(folder, `${photo}.faces`),
    output,
  })
  if (!result.ok) throw new Error(result.message)
  return result
}
