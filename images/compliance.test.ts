import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkSteps } from './catalogue.ts'
import { checkCompliance } from './compliance.ts'
import { presets } from './presets.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawdown-compliance-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const preset = (code: string) => presets.find((each) => each.code === code)!

/** A red block of `block` pixels in the middle of a square, on `ground`. */
async function picture(
  side: number,
  block: number,
  ground = '#ffffff',
  format: 'jpeg' | 'webp' = 'jpeg',
): Promise<string> {
  const file = join(folder, `${side}-${block}-${ground.slice(1)}.${format}`)
  const input = await sharp({ create: { width: block, height: block, channels: 3, background: '#cc2222' } })
    .png()
    .toBuffer()
  await sharp({ create: { width: side, height: side, channels: 3, background: ground } })
    .composite([{ input }])
    .toFormat(format, { quality: 92 })
    .toFile(file)
  return file
}

const table: { about: string; make: () => Promise<string>; missed: string[]; compliant: boolean }[] = [
  { about: 'all met', make: () => picture(2000, 1760), missed: [], compliant: true },
  {
    about: 'advice missed is no miss',
    make: () => picture(1200, 1080),
    missed: ['long_side'],
    compliant: true,
  },
  { about: 'too small', make: () => picture(900, 800), missed: ['long_side', 'long_side'], compliant: false },
  { about: 'too much air', make: () => picture(2000, 1600), missed: ['fill'], compliant: false },
  {
    about: 'nearly white is not white',
    make: () => picture(2000, 1760, '#fdfdfd'),
    missed: ['white_background'],
    compliant: false,
  },
  {
    about: 'a format it does not take',
    make: () => picture(2000, 1760, '#ffffff', 'webp'),
    missed: ['format'],
    compliant: false,
  },
]

test.each(table)('Amazon: $about', async ({ make, missed, compliant }) => {
  const report = await checkCompliance(await make(), preset('amazon_main'))
  expect(report.rules.filter(({ met }) => !met).map(({ rule }) => rule)).toEqual(missed)
  expect(report.compliant).toBe(compliant)
})

test('what was measured is said as people say it', async () => {
  const report = await checkCompliance(await picture(2000, 1600), preset('amazon_main'))
  expect(report.rules.find(({ rule }) => rule === 'fill')).toMatchObject({
    // JPEG smears an edge by a few pixels.
    measured: expect.stringMatching(/^80\.[0-4] %$/),
    wanted: '≥ 85.0 %',
  })
})

test('every preset has steps that check, and says where its numbers come from or that they come from nowhere', () => {
  for (const each of presets) {
    expect(checkSteps(each.steps), each.code).toMatchObject({ ok: true })
    expect(each.sources.length > 0 || each.note !== undefined, each.code).toBe(true)
  }
  expect(new Set(presets.map(({ code }) => code)).size).toBe(presets.length)
})
