/** Photos that keep their profile, and those that have none to keep. No model is asked. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSteps, type Step } from './catalogue.ts'
import { readProfile } from './colour-profile.ts'
import { type ImageWork, startImageWork } from './image-work.ts'

let folder: string
let work: ImageWork

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawdown-profiles-'))
  work = startImageWork({ folder, models: () => undefined, decoders: 1, log() {} })
})
afterAll(async () => {
  await work.close()
  await rm(folder, { recursive: true, force: true })
})

/** A green that only a wide gamut has, left; a middle grey, right. In the numbers of Display P3. */
const numbers = Buffer.from(
  Array.from({ length: 16 * 8 }, (_, i) => (i % 16 < 8 ? [0, 255, 0] : [119, 119, 119])).flat(),
)
const raw = { width: 16, height: 8, channels: 3 as const }

/** A PNG of `numbers` that says they are Display P3. */
async function wide(change: (image: Sharp) => Sharp = (image) => image): Promise<string> {
  const tagged = await sharp({ create: { ...raw, background: '#fff' } })
    .withIccProfile('p3')
    .tiff({ compression: 'none' })
    .toBuffer()
  // The pixels of an uncompressed TIFF lie in it as they are.
  const at = tagged.indexOf(Buffer.alloc(numbers.length, 255))
  numbers.copy(tagged, at)
  const path = join(folder, `wide-${counter++}`)
  await change(sharp(tagged).keepIccProfile()).toFile(path)
  return path
}
let counter = 0

async function run(input: string, steps: Step[], assets: Record<string, string> = {}) {
  const checked = checkSteps(steps)
  if (!checked.ok) throw new Error(checked.detail)
  const name = join(folder, `job-${counter++}`)
  const preview = `${name}.webp`
  const done = await work.process({
    input,
    steps: checked.steps,
    maskFile: `${name}.mask`,
    facesFile: `${name}.faces`,
    output: `${name}.out`,
    preview,
    assets,
  })
  if (!done.ok) throw new Error(done.message)
  return { path: done.output.path, preview, output: done.steps.at(-1)!.output! }
}

const keep = (format: string): Step => ({
  operation: 'convert',
  settings: { format, quality: 100, colour_profile: 'keep' },
})

/** One pixel of the picture, as its numbers or as sRGB. */
async function pixel(file: string, x: number, as: 'numbers' | 'srgb' = 'numbers'): Promise<number[]> {
  const image = sharp(file, { ignoreIcc: as === 'numbers' })
    .removeAlpha()
    .toColourspace('srgb')
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  const at = (Math.floor(info.height / 2) * info.width + x) * 3
  return [...data.subarray(at, at + 3)]
}

const near = (found: number[], wanted: number[], most = 3) =>
  expect(Math.max(...found.map((value, i) => Math.abs(value - wanted[i]!))), `${found}`).toBeLessThanOrEqual(
    most,
  )

test.each(['png', 'jpeg', 'webp', 'avif'])('a wide-gamut photo stays wide as %s', async (format) => {
  const made = await run(await wide(), [keep(format)])
  const profile = readProfile((await sharp(made.path).metadata()).icc)
  expect(profile).toMatchObject({ isSrgb: false })
  expect(made.output.profile).toBe(profile!.name)
  near(await pixel(made.path, 2), [0, 255, 0])
  near(await pixel(made.path, 13), [119, 119, 119])
  // Lists show it without one.
  expect((await sharp(made.preview).metadata()).icc).toBeUndefined()
})

test('unless told to keep it, the same photo becomes sRGB and carries nothing', async () => {
  const made = await run(await wide(), [{ operation: 'convert', settings: { format: 'png' } }])
  expect((await sharp(made.path).metadata()).icc).toBeUndefined()
  expect(made.output.profile).toBeUndefined()
  near(await pixel(made.path, 13), [119, 119, 119])
})

test('16 bits and alpha come in, turned by EXIF, and keep their profile', async () => {
  const deep = await wide((image) => image.ensureAlpha(0.5).toColourspace('rgb16').png())
  expect((await sharp(deep).metadata()).depth).toBe('ushort')
  const made = await run(deep, [keep('png')])
  expect(await sharp(made.path).metadata()).toMatchObject({ depth: 'uchar', hasAlpha: true })
  near(await pixel(made.path, 2), [0, 255, 0])
  const turned = await wide((image) => image.withMetadata({ orientation: 6 }).jpeg({ quality: 100 }))
  const upright = await run(turned, [keep('png')])
  expect(await sharp(upright.path).metadata()).toMatchObject({ width: 8, height: 16 })
})

test('colours of settings and images that they name look as they do in sRGB', async () => {
  const logo = join(folder, 'logo.png')
  await sharp({ create: { width: 4, height: 4, channels: 4, background: '#ff0000' } })
    .png()
    .toFile(logo)
  const steps: Step[] = [
    { operation: 'pad', settings: { width: 48, height: 8, colour: '#ff8000' } },
    { operation: 'watermark', settings: { image: 'logo', align: 'centre', size: 0.1, opacity: 1 } },
    keep('png'),
  ]
  const made = await run(await wide(), steps, { logo })
  near(await pixel(made.path, 2), [240, 136, 52], 8)
  near(await pixel(made.path, 2, 'srgb'), [255, 128, 0])
  near(await pixel(made.path, 24, 'srgb'), [255, 0, 0])
})

test('grey and CMYK photos, and a profile that is damaged, become sRGB', async () => {
  const cmyk = join(folder, 'cmyk.jpg')
  await sharp(numbers, { raw })
    .toColourspace('cmyk')
    .withIccProfile('cmyk')
    .jpeg({ quality: 100 })
    .toFile(cmyk)
  expect((await sharp(cmyk).metadata()).icc).toBeDefined()
  const damaged = join(folder, 'damaged.png')
  const bytes = await sharp(await wide())
    .keepIccProfile()
    .tiff({ compression: 'none' })
    .toBuffer()
  const icc = (await sharp(bytes).metadata()).icc!
  // Its header is left, which says that it is RGB; of its tables nothing.
  bytes.fill(0xff, bytes.indexOf(icc) + 132, bytes.indexOf(icc) + icc.length)
  await sharp(bytes)
    .keepIccProfile()
    .tiff()
    .toFile(damaged)
    .catch(() => undefined)
  const grey = join(folder, 'grey.png')
  await sharp(numbers, { raw }).toColourspace('b-w').png().toFile(grey)
  for (const input of [cmyk, damaged, grey]) {
    const made = await run(input, [keep('png')])
    expect((await sharp(made.path).metadata()).icc, input).toBeUndefined()
    expect(made.output.profile).toBeUndefined()
  }
})

test('nothing is left beside the results', async () => {
  expect(
    (await readdir(folder)).filter((name) => name.includes('.profile') || name.includes('.part')),
  ).toEqual([])
})
