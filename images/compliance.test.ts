import { expect, test } from 'vitest'
import { checkSteps } from './catalogue.ts'
import { checkCompliance, type FinishedOutput, type Verdict } from './compliance.ts'
import { measureFrame, type OutputMeasures } from './measure-output.ts'
import type { Frame } from './pixels.ts'
import { presets } from './presets.ts'

const preset = (code: string) => presets.find((each) => each.code === code)!

/** A red block of `block` pixels in the middle of a square on `ground`; alpha where the ground has four channels. */
function picture(side: number, block: number, ground: number[] = [255, 255, 255]): Frame {
  const channels = ground.length as 3 | 4
  const data = Buffer.alloc(side * side * channels, Buffer.from(ground))
  const red = Buffer.alloc(block * channels, Buffer.from([204, 34, 34, 255].slice(0, channels)))
  const from = Math.floor((side - block) / 2)
  for (let y = from; y < from + block; y++) red.copy(data, (y * side + from) * channels)
  return { data, width: side, height: side, channels }
}

function finished(
  frame: Frame,
  more: Partial<FinishedOutput> & Partial<OutputMeasures> = {},
): FinishedOutput {
  const { format = 'jpeg', bytes = 500_000, upscale = 1, head, faces } = more
  const measures = {
    ...measureFrame(frame),
    upscale,
    ...(head ? { head } : {}),
    ...(faces === undefined ? {} : { faces }),
  }
  return { width: frame.width, height: frame.height, format, bytes, measures }
}

const missedIn = (output: FinishedOutput, code: string) => {
  const report = checkCompliance(output, preset(code))
  return {
    verdict: report.verdict,
    missed: report.rules.filter(({ met }) => !met).map(({ rule }) => rule),
  }
}

const table: { about: string; output: () => FinishedOutput; missed: string[]; verdict: Verdict }[] = [
  { about: 'all met', output: () => finished(picture(2000, 1760)), missed: [], verdict: 'meets' },
  {
    about: 'advice missed is no miss',
    output: () => finished(picture(1200, 1080)),
    missed: ['long_side'],
    verdict: 'meets_with_advice',
  },
  {
    about: 'too small',
    output: () => finished(picture(900, 800)),
    missed: ['long_side', 'long_side'],
    verdict: 'misses',
  },
  { about: 'too much air', output: () => finished(picture(2000, 1600)), missed: ['fill'], verdict: 'misses' },
  {
    about: 'nearly white is not white',
    output: () => finished(picture(2000, 1760, [253, 253, 253])),
    missed: ['white_background'],
    verdict: 'misses',
  },
  {
    about: 'transparent is not white',
    output: () => finished(picture(2000, 1760, [0, 0, 0, 0]), { format: 'png' }),
    missed: ['white_background'],
    verdict: 'misses',
  },
  {
    about: 'a format it does not take',
    output: () => finished(picture(2000, 1760), { format: 'webp' }),
    missed: ['format'],
    verdict: 'misses',
  },
  {
    about: 'a file too heavy',
    output: () => finished(picture(2000, 1760), { bytes: 10_000_001 }),
    missed: ['file_size'],
    verdict: 'misses',
  },
  {
    about: 'enlarged to get there, which is told and no miss',
    output: () => finished(picture(2000, 1760), { upscale: 1.4 }),
    missed: ['enlarged'],
    verdict: 'meets_with_advice',
  },
]

test.each(table)('Amazon: $about', ({ output, missed, verdict }) => {
  expect(missedIn(output(), 'amazon_main')).toEqual({ verdict, missed })
})

test('a square is square, whatever else is met', () => {
  const of = (width: number, height: number) => {
    const output = { ...finished(picture(900, 800)), width, height }
    return missedIn(output, 'shopify_square')
  }
  expect(of(2048, 2048)).toEqual({ verdict: 'meets', missed: [] })
  expect(of(1000, 1000)).toEqual({ verdict: 'meets_with_advice', missed: ['short_side'] })
  expect(of(1200, 900)).toEqual({ verdict: 'misses', missed: ['short_side', 'aspect'] })
})

test('head and shoulders are one person’s, and somebody has to have looked', () => {
  const of = (more: Partial<OutputMeasures>) => missedIn(finished(picture(900, 500), more), 'head_crop')
  const head = { share: 0.5, eyes: 0.4 }
  expect(of({ faces: 1, head })).toEqual({ verdict: 'meets', missed: [] })
  expect(of({ faces: 3, head })).toEqual({ verdict: 'misses', missed: ['one_person'] })
  expect(of({ faces: 0 }).verdict).toBe('misses')
  expect(of({}).verdict).toBe('misses')
  expect(of({ faces: 1, head: { share: 0.1, eyes: 0.4 } })).toEqual({
    verdict: 'meets_with_advice',
    missed: ['head_height'],
  })
})

test('a passport photo is measured by its head', () => {
  const frame = picture(900, 500)
  const asked = (head?: OutputMeasures['head']) =>
    missedIn(finished(frame, head ? { head, faces: 1 } : { faces: 0 }), 'passport_us')
  expect(asked({ share: 0.6, eyes: 0.38 })).toEqual({ verdict: 'meets', missed: [] })
  expect(asked({ share: 0.45, eyes: 0.5 }).missed).toEqual(['head_height', 'eye_line'])
  expect(asked().missed).toEqual(['one_person', 'head_height', 'eye_line'])
  const before = finished(picture(900, 500, [120, 140, 130]), { head: { share: 0.6, eyes: 0.38 }, faces: 1 })
  expect(missedIn(before, 'passport_us').missed).toEqual(['light_background'])
})

test('what was measured is said as people say it', () => {
  const report = checkCompliance(finished(picture(2000, 1600)), preset('amazon_main'))
  expect(report.rules.find(({ rule }) => rule === 'fill')).toMatchObject({
    measured: '80.0 %',
    wanted: '≥ 85.0 %',
  })
})

test('every preset has steps that check, and says where its numbers come from and when they were read', () => {
  for (const each of presets) {
    expect(checkSteps(each.steps), each.code).toMatchObject({ ok: true })
    expect(each.sources.length, each.code).toBeGreaterThan(0)
    for (const source of each.sources) expect(source).toMatch(/^https:\/\/[\w./?=&-]+$/)
    expect(each.readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  }
  expect(new Set(presets.map(({ code }) => code)).size).toBe(presets.length)
})
