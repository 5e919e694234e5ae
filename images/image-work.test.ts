import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type CheckedStep, checkSteps, type Step } from './catalogue.ts'
import { type ImageDone, type ImageJob, type ImageWork, startImageWork } from './image-work.ts'
import type { Models } from './models.ts'
import { type PhotoName, seededCrop, testModels, testPhotos } from './test-photos.ts'

// Inference is seconds on a busy machine, and several tests wait for several.
vi.setConfig({ testTimeout: 180_000 })

let folder: string
let photos: Record<PhotoName, string>
let models: Models
let work: ImageWork
const events: { event: string }[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawdown-images-'))
  photos = await testPhotos()
  models = await testModels()
  work = startImageWork({ folder, models: () => models, decoders: 2, log: (event) => events.push(event) })
}, 240_000)

afterAll(async () => {
  await work.close()
  await rm(folder, { recursive: true, force: true })
})

let jobs = 0

/** A job with files of its own; `more` overrides. */
function job(input: string, steps: Step[], more: Partial<ImageJob> = {}): ImageJob {
  const name = join(folder, `job-${jobs++}`)
  return {
    input,
    steps: checked(steps),
    maskFile: `${name}.mask`,
    facesFile: `${name}.faces`,
    output: `${name}.out`,
    ...more,
  }
}

function checked(steps: Step[]): CheckedStep[] {
  const result = checkSteps(steps)
  if (!result.ok) throw new Error(result.detail)
  return result.steps
}

async function done(it: ImageJob): Promise<ImageDone> {
  const result = await work.process(it)
  if (!result.ok) throw new Error(`${result.failure}: ${result.message}`)
  return result
}

async function until(condition: () => boolean | undefined, what: string): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const square: Step[] = [
  { operation: 'remove_background', settings: { hold_uncertain: false } },
  { operation: 'smart_crop', settings: { width: 600, height: 600 } },
  { operation: 'background' },
  { operation: 'convert', settings: { format: 'jpeg' } },
]

test('the marketplace square: one inference for both paid steps, and none for the same photo again', async () => {
  const input = await seededCrop(photos.coffee, { seed: 1, folder })
  const first = job(input, square, { preview: join(folder, 'preview.webp') })
  const made = await done(first)
  expect(made.output).toMatchObject({
    width: 600,
    height: 600,
    format: 'jpeg',
    mediaType: 'image/jpeg',
    path: first.output,
  })
  expect(made.steps.map(({ operation, maskReused }) => [operation, maskReused])).toEqual([
    ['remove_background', false],
    ['smart_crop', true],
    ['background', undefined],
    ['convert', undefined],
  ])
  expect(made.looks).toBeGreaterThan(0)
  const { data, info } = await sharp(first.output).raw().toBuffer({ resolveWithObject: true })
  expect([...data.subarray(0, 3)]).toEqual([255, 255, 255])
  expect(info).toMatchObject({ width: 600, height: 600, channels: 3 })
  expect((await sharp(join(folder, 'preview.webp')).metadata()).width).toBe(600)

  const again = await done({ ...first, output: `${first.output}2` })
  expect([again.looks, again.ms.inference]).toEqual([0, 0])
  expect(again.steps[0]?.maskReused).toBe(true)
  expect(again.output.sha256).toBe(made.output.sha256)
})

test('a cut-out hides nothing: transparent pixels have no colour', async () => {
  const input = await seededCrop(photos.chelsea, { seed: 2, folder })
  const made = await done(
    job(input, [{ operation: 'remove_background', settings: { hold_uncertain: false } }]),
  )
  expect(made.output.format).toBe('png')
  const { data } = await sharp(made.output.path).raw().toBuffer({ resolveWithObject: true })
  let clear = 0
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] !== 0) continue
    clear++
    if (data[at]! + data[at + 1]! + data[at + 2]! !== 0) throw new Error(`colour under transparency at ${at}`)
  }
  expect(clear).toBeGreaterThan(data.length / 4 / 20)
})

test('faces stay whole in a narrow crop, and are found once', async () => {
  const it = job(photos.people2, [{ operation: 'smart_crop', settings: { aspect: '9:16' } }])
  const made = await done(it)
  expect(made.steps[0]).toMatchObject({ method: 'faces', maskReused: false })
  expect(made.steps[0]!.faces).toBeGreaterThan(0)
  const { width, height } = made.output
  expect(width / height).toBeCloseTo(9 / 16, 2)
})

test('a window chosen by a person is taken as it is', async () => {
  const input = await seededCrop(photos.coffee, { seed: 3, folder })
  const made = await done(
    job(input, [
      {
        operation: 'smart_crop',
        settings: { width: 50, height: 50, box: { x: 10, y: 20, width: 100, height: 100 } },
      },
    ]),
  )
  expect(made.steps[0]).toMatchObject({ method: 'person', box: { x: 10, y: 20, width: 100, height: 100 } })
  expect(made.ms.inference).toBe(0)
})

test('an input with transparency is its own mask', async () => {
  const input = join(folder, 'own-alpha.png')
  const disc = Buffer.from(
    '<svg width="300" height="200"><circle cx="150" cy="100" r="60" fill="red"/></svg>',
  )
  await sharp(disc).png().toFile(input)
  const made = await done(
    job(input, [
      { operation: 'remove_background' },
      { operation: 'smart_crop', settings: { aspect: '1:1', margin: 0.1 } },
    ]),
  )
  expect(made.steps[0]).toMatchObject({ method: 'own_alpha', confidence: 1, maskReused: true })
  expect(made.steps[1]!.box!.width).toBeGreaterThan(145)
  expect(made.steps[1]!.box!.width).toBeLessThan(156)
})

const formats: { about: string; write: (photo: string, to: string) => Promise<unknown>; turned?: boolean }[] =
  [
    { about: 'JPEG', write: (from, to) => sharp(from).jpeg({ quality: 95 }).toFile(to) },
    {
      about: 'progressive JPEG',
      write: (from, to) => sharp(from).jpeg({ quality: 95, progressive: true }).toFile(to),
    },
    {
      about: 'CMYK JPEG',
      write: (from, to) => sharp(from).toColourspace('cmyk').jpeg({ quality: 95 }).toFile(to),
    },
    {
      about: 'Display P3 with its profile',
      write: (from, to) => sharp(from).withIccProfile('p3').jpeg({ quality: 95 }).toFile(to),
    },
    { about: '16-bit PNG', write: (from, to) => sharp(from).toColourspace('rgb16').png().toFile(to) },
    { about: 'interlaced PNG', write: (from, to) => sharp(from).png({ progressive: true }).toFile(to) },
    { about: 'palette PNG', write: (from, to) => sharp(from).png({ palette: true }).toFile(to) },
    {
      about: 'PNG with an opaque alpha channel',
      write: (from, to) => sharp(from).ensureAlpha().png().toFile(to),
    },
    { about: 'WebP', write: (from, to) => sharp(from).webp({ quality: 95 }).toFile(to) },
    { about: 'AVIF', write: (from, to) => sharp(from).avif({ quality: 90, effort: 0 }).toFile(to) },
    { about: 'TIFF', write: (from, to) => sharp(from).tiff({ compression: 'lzw' }).toFile(to) },
    { about: 'GIF', write: (from, to) => sharp(from).gif().toFile(to) },
    {
      about: 'turned by EXIF',
      write: (from, to) =>
        sharp(from).rotate(90).withExif({}).withMetadata({ orientation: 8 }).jpeg({ quality: 95 }).toFile(to),
      turned: true,
    },
  ]

test.each(formats)('reads $about: upright, sRGB, the same picture', async ({ write, turned }) => {
  const upright = await seededCrop(photos.motorcycle, { seed: 4, folder, longSide: 400 })
  const input = join(folder, `format-${jobs}`)
  await write(upright, input)
  const header = await work.inspect(input)
  const { width, height } = await sharp(upright).metadata()
  expect(header).toMatchObject({ ok: true, width, height, pages: 1 })
  const stored = await sharp(input).metadata()
  if (turned) expect(stored.width).toBe(height)
  const made = await done(
    job(input, [
      { operation: 'resize', settings: { long_side: 64 } },
      { operation: 'convert', settings: { format: 'png' } },
    ]),
  )
  const look = async (file: string) =>
    sharp(file).removeAlpha().toColourspace('srgb').resize(24, 16, { fit: 'fill' }).raw().toBuffer()
  const [found, wanted] = [await look(made.output.path), await look(upright)]
  expect((await sharp(made.output.path).metadata()).channels).toBe(3)
  const difference = found.reduce((sum, value, at) => sum + Math.abs(value - wanted[at]!), 0) / found.length
  expect(difference).toBeLessThan(10)
})

test('grey, with and without alpha, in 8 and 16 bit', async () => {
  const upright = await seededCrop(photos.coffee, { seed: 5, folder, longSide: 200 })
  for (const space of ['b-w', 'grey16']) {
    const input = join(folder, `grey-${space}.png`)
    await sharp(upright).toColourspace(space).png().toFile(input)
    const made = await done(job(input, [{ operation: 'convert', settings: { format: 'png' } }]))
    const stats = await sharp(made.output.path).stats()
    const grey = await sharp(upright).toColourspace('b-w').raw().toBuffer()
    const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length
    for (const channel of stats.channels.slice(0, 3)) expect(Math.abs(channel.mean - mean)).toBeLessThan(6)
  }
})

test('nothing of the camera leaves with the picture, unless the copyright was to be kept', async () => {
  const input = join(folder, 'located.jpg')
  const upright = await seededCrop(photos.coffee, { seed: 6, folder })
  await sharp(upright)
    .withExif({
      IFD0: { Copyright: 'Ada Example', Artist: 'Ada', Make: 'Camera' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 30/1 0/1' },
    })
    .jpeg()
    .toFile(input)
  const bare = await done(job(input, [{ operation: 'strip_metadata' }]))
  expect(bare.steps[0]?.removed).toEqual(expect.arrayContaining(['exif', 'location']))
  expect((await sharp(bare.output.path).metadata()).exif).toBeUndefined()
  const kept = await done(job(input, [{ operation: 'strip_metadata', settings: { keep_copyright: true } }]))
  const exif = (await sharp(kept.output.path).metadata()).exif!.toString('latin1')
  expect(exif).toContain('Ada Example')
  expect(exif).not.toContain('Camera')
})

test('a file size to reach is reached, or refused with a sentence', async () => {
  const input = await seededCrop(photos.motorcycle, { seed: 7, folder, longSide: 600 })
  for (const format of ['jpeg', 'webp', 'avif']) {
    const made = await done(job(input, [{ operation: 'convert', settings: { format, max_bytes: 20_000 } }]))
    expect(made.output.bytes).toBeLessThanOrEqual(20_000)
    expect(made.output.bytes).toBeGreaterThan(10_000)
  }
  const refused = await work.process(
    job(input, [{ operation: 'convert', settings: { format: 'jpeg', max_bytes: 2_000 } }]),
  )
  expect(refused).toMatchObject({ ok: false, failure: 'too_large' })
})

test('without models, work that needs them waits, and the rest goes on', async () => {
  const own = startImageWork({ folder, models: () => undefined, decoders: 1, log() {} })
  const input = await seededCrop(photos.coffee, { seed: 8, folder })
  expect(await own.process(job(input, square))).toMatchObject({ ok: false, failure: 'models_missing' })
  expect(await own.process(job(input, [{ operation: 'resize', settings: { width: 50 } }]))).toMatchObject({
    ok: true,
  })
  await own.close()
})

test('an image that settings name comes from the assets, and its absence is a failure', async () => {
  const input = await seededCrop(photos.coffee, { seed: 9, folder })
  const steps: Step[] = [
    { operation: 'watermark', settings: { image: 'logo', align: 'centre', size: 1, opacity: 1 } },
    { operation: 'convert', settings: { format: 'png' } },
  ]
  expect(await work.process(job(input, steps))).toMatchObject({ ok: false, failure: 'asset_missing' })
  const logo = join(folder, 'logo.png')
  await sharp({ create: { width: 10, height: 10, channels: 4, background: '#00ff00' } })
    .png()
    .toFile(logo)
  const made = await done(job(input, steps, { assets: { logo } }))
  const { data, info } = await sharp(made.output.path).raw().toBuffer({ resolveWithObject: true })
  const middle = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels
  expect([...data.subarray(middle, middle + 3)]).toEqual([0, 255, 0])
})

test('a decoder that is killed costs its own job only, and leaves nothing', async () => {
  const input = await seededCrop(photos.astronaut, { seed: 10, folder })
  const doomed = job(input, square)
  const before = new Set(work.childPids().decoders)
  const busy = work.process(doomed)
  await until(() => work.childPids().decoders.length > 0, 'a decoder')
  // Both children are killed as often as it takes to hit the one at work.
  let settled = false
  void busy.finally(() => {
    settled = true
  })
  while (!settled) {
    for (const pid of work.childPids().decoders) process.kill(pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(await busy).toMatchObject({ ok: false, failure: 'crashed' })
  expect(existsSync(doomed.output)).toBe(false)
  expect(await work.process(doomed)).toMatchObject({ ok: true })
  expect(work.childPids().decoders.some((pid) => before.has(pid))).toBe(false)
  expect(
    (await readdir(folder)).filter((name) => name.startsWith(`${doomed.output}.`) && name.endsWith('.part')),
  ).toEqual([])
})

test('an inference child that is killed is replaced, and the job does not notice', async () => {
  await done(job(await seededCrop(photos.coffee, { seed: 11, folder }), square))
  const killed = work.childPids().inference!
  const inputs = await Promise.all([12, 13].map((seed) => seededCrop(photos.coffee, { seed, folder })))
  const results = inputs.map((input) => work.process(job(input, square)))
  process.kill(killed, 'SIGKILL')
  for (const result of await Promise.all(results)) expect(result).toMatchObject({ ok: true })
  expect(work.childPids().inference).not.toBe(killed)
})

test('two processes’ worth of image work share one inference child, also when both start it at once', async () => {
  const shared = await mkdtemp(join(tmpdir(), 'drawdown-shared-'))
  const both = [1, 2].map(() =>
    startImageWork({ folder: shared, models: () => models, decoders: 1, log() {} }),
  )
  const inputs = await Promise.all([14, 15].map((seed) => seededCrop(photos.coffee, { seed, folder })))
  const results = await Promise.all(both.map((each, index) => each.process(job(inputs[index]!, square))))
  for (const result of results) expect(result).toMatchObject({ ok: true })
  const [one, two] = both.map((each) => each.childPids().inference)
  expect(one).toBe(two)
  await Promise.all(both.map((each) => each.close()))
  await until(() => !isAlive(one!), 'the end of the inference child')
  expect((await readdir(shared)).filter((name) => name.includes('.sock'))).toEqual([])
  await rm(shared, { recursive: true, force: true })
})

test('a folder whose name is too long for a socket works all the same', async () => {
  const deep = join(folder, 'd'.repeat(100))
  const own = startImageWork({ folder: deep, models: () => models, decoders: 1, log() {} })
  expect(await own.process(job(await seededCrop(photos.coffee, { seed: 16, folder }), square))).toMatchObject(
    { ok: true },
  )
  await own.close()
})

test('cancelling ends a job at once and leaves nothing', async () => {
  const input = await seededCrop(photos.astronaut, { seed: 17, folder })
  const stop = new AbortController()
  const it = job(input, square, { signal: stop.signal })
  const running = work.process(it)
  setImmediate(() => stop.abort())
  const start = performance.now()
  expect(await running).toMatchObject({ ok: false, failure: 'cancelled' })
  expect(performance.now() - start).toBeLessThan(2_000)
  expect(existsSync(it.output)).toBe(false)
})

test('a sketch is one look of the smaller model: the one that is sold is not even loaded', async () => {
  const own = startImageWork({
    folder: join(folder, 'sketches'),
    models: () => ({
      ...models,
      segmentation: { ...models.segmentation, path: join(folder, 'not-there.onnx') },
      sketch: models.segmentation,
    }),
    decoders: 1,
    log() {},
  })
  const input = await seededCrop(photos.people1, { seed: 19, folder, longSide: 640 })
  expect(await own.process(job(input, square, { sketch: true }))).toMatchObject({ ok: true, looks: 1 })
  expect(await own.process(job(input, square))).toMatchObject({ ok: false, failure: 'crashed' })
  await own.close()
})

test('a model file that was altered is refused', async () => {
  const path = join(folder, 'altered.onnx')
  await writeFile(path, 'no model')
  const altered = { ...models, segmentation: { ...models.segmentation, path } }
  const own = startImageWork({
    folder,
    models: () => altered,
    decoders: 1,
    log: (event) => events.push(event),
  })
  const result = await own.process(job(await seededCrop(photos.coffee, { seed: 18, folder }), square))
  expect(result).toMatchObject({ ok: false, failure: 'crashed' })
  expect(JSON.stringify(events)).toContain('is not the model that was installed')
  await own.close()
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
