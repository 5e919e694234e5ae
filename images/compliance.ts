/**
 * Whether a finished picture meets a preset's rules, rule by rule with what was measured, before anyone uploads it anywhere. Pure: what is asked is in the item's report (`measure-output.ts`).
 */
import type { OutputMeasures } from './measure-output.ts'
import type { OutputFormat } from './operation.ts'
import type { Preset, PresetRules } from './presets.ts'

export type RuleVerdict = {
  rule:
    | 'long_side'
    | 'short_side'
    | 'aspect'
    | 'format'
    | 'file_size'
    | 'colour_profile'
    | 'white_background'
    | 'light_background'
    | 'fill'
    | 'enlarged'
    | 'one_person'
    | 'head_height'
    | 'eye_line'
  met: boolean
  /** Missed, it is told and keeps nobody from the upload. */
  advice: boolean
  /** What was measured and what is wanted, for people: `1500 px`, `≥ 1600 px`. */
  measured: string
  wanted: string
}

/** `meets`: every rule. `meets_with_advice`: every rule that is required, and some advice is left. `misses`: a required one is not met. */
export type Verdict = 'meets' | 'meets_with_advice' | 'misses'

export type Compliance = { preset: string; name: string; verdict: Verdict; rules: RuleVerdict[] }

export type FinishedOutput = {
  width: number
  height: number
  format: OutputFormat
  bytes: number
  measures: OutputMeasures
}

const pixel = (value: number) => `${value} px`
const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const between = (least: number, most: number | undefined) =>
  most === undefined ? `≥ ${percent(least)}` : `${percent(least)} to ${percent(most)}`

/** Every rule of the preset with what was measured. */
export function checkCompliance(output: FinishedOutput, preset: Preset): Compliance {
  const { rules } = preset
  const { format, bytes, measures } = output
  const verdicts: RuleVerdict[] = [
    ...sizeVerdicts(output, rules),
    {
      rule: 'format',
      met: rules.formats.includes(format),
      advice: false,
      measured: format,
      wanted: rules.formats.join(' or '),
    },
  ]
  if (rules.mostBytes !== undefined) {
    const [measured, wanted] = [`${Math.ceil(bytes / 1000)} kB`, `≤ ${rules.mostBytes / 1000} kB`]
    verdicts.push({ rule: 'file_size', met: bytes <= rules.mostBytes, advice: false, measured, wanted })
  }
  if (rules.srgb) {
    const { profile } = measures
    const met = profile === undefined
    verdicts.push({ rule: 'colour_profile', met, ...rules.srgb, measured: profile ?? 'sRGB', wanted: 'sRGB' })
  }
  verdicts.push(...pixelVerdicts(measures, rules), ...headVerdicts(measures, rules))
  const rounded = Math.round(measures.upscale * 100) / 100
  verdicts.push({
    rule: 'enlarged',
    met: rounded <= 1.02,
    advice: true,
    measured: `${rounded} ×`,
    wanted: 'no more than the photo has',
  })
  return {
    preset: preset.code,
    name: preset.name,
    verdict: verdictOf(verdicts),
    rules: verdicts,
  }
}

function verdictOf(verdicts: RuleVerdict[]): Verdict {
  const missed = verdicts.filter(({ met }) => !met)
  if (missed.some(({ advice }) => !advice)) return 'misses'
  return missed.length > 0 ? 'meets_with_advice' : 'meets'
}

function sizeVerdicts(size: { width: number; height: number }, rules: PresetRules): RuleVerdict[] {
  const verdicts: RuleVerdict[] = []
  const sides = [
    { rule: 'long_side' as const, side: Math.max(size.width, size.height), bounds: rules.longSide },
    { rule: 'short_side' as const, side: Math.min(size.width, size.height), bounds: rules.shortSide },
  ]
  for (const { rule, side, bounds } of sides) {
    const measured = pixel(side)
    const least = (value: number | undefined, advice: boolean) => {
      if (value === undefined) return
      verdicts.push({ rule, met: side >= value, advice, measured, wanted: `≥ ${pixel(value)}` })
    }
    least(bounds?.required, false)
    least(bounds?.advised, true)
    const most = bounds?.most
    if (most !== undefined)
      verdicts.push({ rule, met: side <= most, advice: false, measured, wanted: `≤ ${pixel(most)}` })
  }
  if (rules.aspect) {
    const { ratio, tolerance, advice } = rules.aspect
    const found = size.width / size.height
    const met = Math.abs(found / ratio - 1) <= tolerance
    verdicts.push({ rule: 'aspect', met, advice, measured: found.toFixed(3), wanted: ratio.toFixed(3) })
  }
  return verdicts
}

function pixelVerdicts({ whiteBorder, lightTop, fill }: OutputMeasures, rules: PresetRules): RuleVerdict[] {
  const verdicts: RuleVerdict[] = []
  const { whiteBorder: white, lightTop: light } = rules
  if (white !== undefined) {
    const wanted = `≥ ${percent(white)} of the border pure white`
    verdicts.push({
      rule: 'white_background',
      met: whiteBorder >= white,
      advice: false,
      measured: percent(whiteBorder),
      wanted,
    })
  }
  if (light !== undefined) {
    const wanted = `≥ ${percent(light)} of the edge around the head white or nearly so`
    verdicts.push({
      rule: 'light_background',
      met: lightTop >= light,
      advice: false,
      measured: percent(lightTop),
      wanted,
    })
  }
  if (rules.fill !== undefined) {
    const { least, most, advice } = rules.fill
    verdicts.push({
      rule: 'fill',
      met: fill >= least && fill <= (most ?? 1),
      advice,
      measured: percent(fill),
      wanted: between(least, most),
    })
  }
  return verdicts
}

/**
 * Estimates from a face detector and the subject's outline are a few per cent off: near a bound, a ruler decides. A rule about faces is missed where nobody has looked for any: only a step that
 * looks for the subject does.
 */
function headVerdicts({ head, faces }: OutputMeasures, rules: PresetRules): RuleVerdict[] {
  const nobody = faces === undefined ? 'nobody looked for faces' : 'no face was found'
  const verdicts: RuleVerdict[] = []
  if (rules.onePerson) {
    const measured = faces ? `${faces} ${faces === 1 ? 'face' : 'faces'}` : nobody
    verdicts.push({ rule: 'one_person', met: faces === 1, advice: false, measured, wanted: '1 face' })
  }
  const asked = [
    { rule: 'head_height' as const, bounds: rules.headHeight, found: head?.share },
    { rule: 'eye_line' as const, bounds: rules.eyesFromBottom, found: head && 1 - head.eyes },
  ]
  for (const { rule, bounds, found } of asked) {
    if (bounds === undefined) continue
    const met = found !== undefined && found >= bounds.least && found <= bounds.most
    const measured = found === undefined ? nobody : percent(found)
    const wanted = between(bounds.least, bounds.most)
    verdicts.push({ rule, met, advice: bounds.advice ?? false, measured, wanted })
  }
  return verdicts
}
