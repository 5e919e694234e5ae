/**
 * Whether a finished picture meets a preset's rules, rule by rule with what was measured, before anyone uploads it anywhere. It decodes the file: call it on our own outputs only, never on what a
 * stranger sent, or through a decoder child.
 */
import { stat } from 'node:fs/promises'
import sharp from 'sharp'
import type { Frame } from './pixels.ts'
import type { Preset, PresetRules } from './presets.ts'

export type RuleVerdict = {
  rule: 'long_side' | 'short_side' | 'aspect' | 'format' | 'file_size' | 'white_background' | 'fill'
  met: boolean
  /** A missed advice does not make the picture non-compliant. */
  advice: boolean
  /** What was measured and what is wanted, for people: `1500 px`, `≥ 1600 px`. */
  measured: string
  wanted: string
}

export type Compliance = { preset: string; compliant: boolean; rules: RuleVerdict[] }

const pixel = (value: number) => `${value} px`
const percent = (share: number) => `${(share * 100).toFixed(1)} %`

/** Every rule of the preset with what was measured. Throws when the file is no picture. */
export async function checkCompliance(file: string, preset: Preset): Promise<Compliance> {
  const { size: bytes } = await stat(file)
  const metadata = await sharp(file).metadata()
  const format = metadata.format === 'heif' ? 'avif' : metadata.format
  const { rules } = preset
  const verdicts = sizeVerdicts(metadata.autoOrient, rules)
  verdicts.push({
    rule: 'format',
    met: rules.formats.some((each) => each === format),
    advice: false,
    measured: String(format),
    wanted: rules.formats.join(', '),
  })
  if (rules.mostBytes !== undefined) {
    const [measured, wanted] = [`${Math.ceil(bytes / 1000)} kB`, `≤ ${rules.mostBytes / 1000} kB`]
    verdicts.push({ rule: 'file_size', met: bytes <= rules.mostBytes, advice: false, measured, wanted })
  }
  if (rules.whiteBorder !== undefined || rules.fill !== undefined)
    verdicts.push(...pixelVerdicts(await measure(file), rules))
  return {
    preset: preset.code,
    compliant: verdicts.every(({ met, advice }) => met || advice),
    rules: verdicts,
  }
}

function sizeVerdicts(size: { width: number; height: number }, rules: PresetRules): RuleVerdict[] {
  const verdicts: RuleVerdict[] = []
  const sides = [
    { rule: 'long_side' as const, side: Math.max(size.width, size.height), bounds: rules.longSide },
    { rule: 'short_side' as const, side: Math.min(size.width, size.height), bounds: rules.shortSide },
  ]
  for (const { rule, side, bounds } of sides) {
    const least = (value: number | undefined, advice: boolean) => {
      if (value !== undefined)
        verdicts.push({
          rule,
          met: side >= value,
          advice,
          measured: pixel(side),
          wanted: `≥ ${pixel(value)}`,
        })
    }
    least(bounds?.required, false)
    least(bounds?.advised, true)
  }
  const most = rules.longSide?.most
  const long = Math.max(size.width, size.height)
  if (most !== undefined)
    verdicts.push({
      rule: 'long_side',
      met: long <= most,
      advice: false,
      measured: pixel(long),
      wanted: `≤ ${pixel(most)}`,
    })
  if (rules.aspect) {
    const { ratio, tolerance, advice } = rules.aspect
    const found = size.width / size.height
    verdicts.push({
      rule: 'aspect',
      met: Math.abs(found / ratio - 1) <= tolerance,
      advice,
      measured: found.toFixed(3),
      wanted: ratio.toFixed(3),
    })
  }
  return verdicts
}

function pixelVerdicts(
  { border, fill }: { border: number; fill: number },
  rules: PresetRules,
): RuleVerdict[] {
  const verdicts: RuleVerdict[] = []
  if (rules.whiteBorder !== undefined) {
    const wanted = `≥ ${percent(rules.whiteBorder)} of the border pure white`
    verdicts.push({
      rule: 'white_background',
      met: border >= rules.whiteBorder,
      advice: false,
      measured: percent(border),
      wanted,
    })
  }
  if (rules.fill !== undefined) {
    const { least, most, advice } = rules.fill
    const wanted = most === undefined ? `≥ ${percent(least)}` : `${percent(least)} to ${percent(most)}`
    verdicts.push({
      rule: 'fill',
      met: fill >= least && fill <= (most ?? 1),
      advice,
      measured: percent(fill),
      wanted,
    })
  }
  return verdicts
}

/** `border`: share of the outermost pixels that are pure white. `fill`: the longer relative side of the box around what is not background. */
async function measure(file: string): Promise<{ border: number; fill: number }> {
  const { data, info } = await sharp(file)
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`a flat sRGB picture of ${info.channels} channels`)
  const frame: Frame = { data, width: info.width, height: info.height, channels: 3 }
  return { border: whiteBorder(frame), fill: fillOf(frame) }
}

/** White enough to be background in a JPEG, whose noise next to an edge is a few steps. */
const nearWhite = 248

function whiteBorder({ data, width, height }: Frame): number {
  let white = 0
  let all = 0
  const count = (x: number, y: number) => {
    const at = (y * width + x) * 3
    all++
    if (data[at] === 255 && data[at + 1] === 255 && data[at + 2] === 255) white++
  }
  for (let x = 0; x < width; x++) {
    count(x, 0)
    count(x, height - 1)
  }
  for (let y = 1; y < height - 1; y++) {
    count(0, y)
    count(width - 1, y)
  }
  return white / all
}

/** A row or a column belongs to the subject when this share of it, and at least two pixels, are not white: single specks of JPEG noise do not. */
const leastOfLine = 0.002

function fillOf({ data, width, height }: Frame): number {
  const columns = new Uint32Array(width)
  const rows = new Uint32Array(height)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      if (data[at]! >= nearWhite && data[at + 1]! >= nearWhite && data[at + 2]! >= nearWhite) continue
      columns[x] = columns[x]! + 1
      rows[y] = rows[y]! + 1
    }
  }
  const extent = (lines: Uint32Array, other: number) => {
    const least = Math.max(2, other * leastOfLine)
    const first = lines.findIndex((count) => count >= least)
    return first < 0 ? 0 : (lines.findLastIndex((count) => count >= least) - first + 1) / lines.length
  }
  return Math.max(extent(columns, height), extent(rows, width))
}
