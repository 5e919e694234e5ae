/**
 * Files made to hurt: each must be refused, or finished, within the limits, with a sentence for the sender, and leave the next job unharmed. All are generated here; a seeded mutator adds real
 * photos with bytes changed.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { checkSteps } from './catalogue.ts'
import { type ImageWork, startImageWork } from './image-work.ts'
import { limits } from './limits.ts'
import { bombs, honestFiles, mutated } from './test-hostile-files.ts'
import { seededCrop, testPhotos } from './test-photos.ts'

vi.setConfig({ testTimeout: 120_000 })

let folder: string
let work: ImageWork
const events: { event: string }[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawdown-hostile-'))
  work = startImageWork({ folder, models: () => undefined, decoders: 1, log: (event) => events.push(event) })
}, 240_000)

afterAll(async () => {
  await work.close()
  await rm(folder, { recursive: true, force: true })
})

const steps = (() => {
  const checked = checkSteps([{ operation: 'resize', settings: { long_side: 200 } }])
  if (!checked.ok) throw new Error(checked.detail)
  return checked.steps
})()

async function verdictOn(file: string): Promise<{ verdict: string; message: string; ms: number }> {
  const start = performance.now()
  const paths = { maskFile: `${file}.mask`, facesFile: `${file}.faces`, output: `${file}.out` }
  const result = await work.process({ input: file, steps, ...paths })
  return {
    verdict: result.ok ? 'done' : result.failure,
    message: result.ok ? '' : result.message,
    ms: performance.now() - start,
  }
}

test.each(bombs)('$about', async ({ about, make, expected }) => {
  const file = join(folder, createHash('sha256').update(about).digest('hex').slice(0, 8))
  await writeFile(file, await make())
  const { verdict, message, ms } = await verdictOn(file)
  expect(expected).toContain(verdict)
  if (verdict !== 'done') expect(message).toMatch(/[.)]$/)
  expect(ms).toBeLessThan(limits.decodeMs + limits.workMs)
})

test('a truncated photo is damaged, and says so', async () => {
  const whole = await readFile(await seededCrop((await testPhotos()).coffee, { seed: 30, folder }))
  const file = join(folder, 'truncated.jpg')
  await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)))
  expect((await verdictOn(file)).verdict).toBe('damaged')
})

test('no tail of a polyglot survives', async () => {
  const photo = await readFile(await seededCrop((await testPhotos()).coffee, { seed: 31, folder }))
  const file = join(folder, 'polyglot.jpg')
  await writeFile(file, Buffer.concat([photo, Buffer.from('<script>alert(1)</script>PK\x03\x04')]))
  expect((await verdictOn(file)).verdict).toBe('done')
  expect((await readFile(`${file}.out`)).includes('<script>')).toBe(false)
})

test('photos with bytes changed are done or refused, and never take a decoder with them', async () => {
  const photo = await sharp(
    await seededCrop((await testPhotos()).motorcycle, { seed: 32, folder, longSide: 120 }),
  ).toBuffer()
  const seeds = await honestFiles(photo)
  const before = events.length
  const verdicts = new Map<string, number>()
  for (let seed = 0; seed < 180; seed++) {
    const file = join(folder, 'mutant')
    await writeFile(file, mutated(seeds[seed % seeds.length]!, seed))
    const { verdict } = await verdictOn(file)
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
  }
  expect(
    [...verdicts.keys()].filter(
      (verdict) => !['done', 'damaged', 'unsupported_format', 'too_large'].includes(verdict),
    ),
  ).toEqual([])
  expect(verdicts.get('done')).toBeGreaterThan(5)
  expect(verdicts.get('damaged')).toBeGreaterThan(20)
  expect(events.slice(before).map(({ event }) => event)).toEqual([])
})

test('after all of them, an honest photo is worked on as ever', async () => {
  expect((await verdictOn(await seededCrop((await testPhotos()).coffee, { seed: 33, folder }))).verdict).toBe(
    'done',
  )
})
