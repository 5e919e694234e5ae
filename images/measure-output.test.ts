/** Where a result lies in its photo, by its pixels: what the photo shows there is what the result shows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSteps, type Step } from './catalogue.ts'
import { type ImageWork, startImageWork } from './image-work.ts'
import { testModels, testPhotos } from './test-photos.ts'

let folder: string
let photo: string
let work: ImageWork

/** The photo, upright, 360 × 240, within a white border: 400 × 300 in all, for trimming. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawdown-places-'))
  photo = join(folder, 'photo.png')
  await sharp((await testPhotos()).chelsea)
    .resize(360, 240, { fit: 'fill' })
    .extend({ left: 10, right: 30, top: 20, bottom: 40, background: '#ffffff' })
    .png()
    .toFile(photo)
  const models = await testModels()
  work = startImageWork({ folder, models: () => models, decoders: 1, log() {} })
}, 240_000)

afterAll(async () => {
  await work.close()
  await rm(folder, { recursive: true, force: true })
})

const crop: Step = { operation: 'smart_crop', settings: { box: { x: 100, y: 40, width: 200, height: 160 } } }
const within = { x: 0.25, y: 40 / 300, width: 0.5, height: 160 / 300 }
const whole = { x: 0, y: 0, width: 1, height: 1 }

test.each<{ about: string; steps: Step[]; box: typeof whole | undefined }>([
  { about: 'nothing is cut', steps: [{ operation: 'sharpen', settings: { amount: 'light' } }], box: whole },
  { about: 'a crop', steps: [crop], box: within },
  {
    about: 'a crop made smaller',
    steps: [crop, { operation: 'resize', settings: { width: 100 } }],
    box: within,
  },
  {
    about: 'a square cut out of it by covering',
    steps: [{ operation: 'resize', settings: { width: 150, height: 150, fit: 'cover' } }],
    box: { x: 0.125, y: 0, width: 0.75, height: 1 },
  },
  {
    about: 'stretched',
    steps: [{ operation: 'resize', settings: { width: 200, height: 250, fit: 'exact' } }],
    box: whole,
  },
  {
    about: 'trimmed',
    steps: [{ operation: 'trim' }],
    box: { x: 10 / 400, y: 20 / 300, width: 360 / 400, height: 240 / 300 },
  },
  {
    about: 'room added to a square',
    steps: [{ operation: 'pad', settings: { aspect: '1:1' } }],
    box: { x: 0, y: -50 / 300, width: 1, height: 400 / 300 },
  },
  { about: 'turned', steps: [{ operation: 'rotate', settings: { angle: 10 } }], box: undefined },
  { about: 'mirrored', steps: [{ operation: 'rotate', settings: { mirror: 'left_right' } }], box: undefined },
])('a result says where in its photo it lies: $about', async ({ steps, box }) => {
  const checked = checkSteps(steps)
  if (!checked.ok) throw new Error(checked.detail)
  const file = (name: string) => join(folder, `${name}-${JSON.stringify(steps).length}`)
  const made = await work.process({
    input: photo,
    steps: checked.steps,
    maskFile: file('mask'),
    facesFile: file('faces'),
    output: file('output'),
  })
  if (!made.ok) throw new Error(made.message)
  const found = made.steps.at(-1)!.output!.photoBox
  if (box === undefined) {
    expect(found).toBeUndefined()
    return
  }
  for (const side of ['x', 'y', 'width', 'height'] as const) expect(found?.[side]).toBeCloseTo(box[side], 2)
  expect(await differenceFrom(file('output'), found!)).toBeLessThan(6)
})

/** Mean steps of 255 by which a result differs from the photo as it is at that place, white around it. */
async function differenceFrom(output: string, place: typeof whole): Promise<number> {
  const { data, info } = await sharp(output).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const room = 400
  const roomy = await sharp(photo)
    .removeAlpha()
    .extend({ left: room, right: room, top: room, bottom: room, background: '#ffffff' })
    .png()
    .toBuffer()
  const there = await sharp(roomy)
    .extract({
      left: Math.round(room + place.x * 400),
      top: Math.round(room + place.y * 300),
      width: Math.round(place.width * 400),
      height: Math.round(place.height * 300),
    })
    .resize(info.width, info.height, { fit: 'fill' })
    .raw()
    .toBuffer()
  return data.reduce((sum, value, at) => sum + Math.abs(value - there[at]!), 0) / data.length
}
