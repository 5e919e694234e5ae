/**
 * The steps of an automation as they make a proof: the same picture, smaller, to be looked at while settings are chosen. Pure.
 *
 * Settings that are pixels shrink with the picture; shares and colours stay. So a crop of 2000 × 2000 of a photo of 4000 pixels is shown as one of 500 × 500 of a copy of 1000.
 */
import type { CheckedStep, OperationCode } from './catalogue.ts'
import type { Size } from './geometry.ts'

/** The longer side of the copy that is worked on, and the most that a proof is meant to have. */
const copySide = 1000
const proofSide = 1200

/** Which settings are pixels. `settings with a limit in pixels` in proof-steps.test.ts finds one that is forgotten here. */
export const pixelSettings: Partial<Record<OperationCode, readonly string[]>> = {
  resize: ['width', 'height', 'long_side'],
  pad: ['width', 'height'],
  smart_crop: ['width', 'height', 'box'],
}

/** How much smaller than the real result a proof is, 1 for none. `photo` is the upright photo's size. */
export function proofScale(photo: Size, steps: CheckedStep[]): number {
  const asked = steps.flatMap(pixelsAsked)
  return Math.min(1, copySide / Math.max(photo.width, photo.height), proofSide / Math.max(1, ...asked))
}

/** The steps at a scale. A limit of file size says nothing about a proof and is left out. */
export function scaleSteps(steps: CheckedStep[], scale: number): CheckedStep[] {
  return steps.map(({ operation, settings }) => {
    const scaled = Object.entries(settings).map(([name, value]): [string, unknown] => {
      const isPixels = pixelSettings[operation]?.includes(name) ?? false
      return [name, isPixels ? scaleValue(value, scale) : value]
    })
    const kept = scaled.filter(([name]) => !(operation === 'convert' && name === 'max_bytes'))
    return { operation, settings: Object.fromEntries(kept) }
  })
}

/** What a side of a proof stands for: the setting it was made from, where one is that near, so that 2000 does not become 1999. */
export function unscaledSide(side: number, steps: CheckedStep[], scale: number): number {
  const whole = side / scale
  const meant = steps.flatMap(pixelsAsked).find((asked) => Math.abs(asked - whole) <= 1 / scale)
  return meant ?? Math.round(whole)
}

function pixelsAsked({ operation, settings }: CheckedStep): number[] {
  const values = (pixelSettings[operation] ?? []).map((name) => settings[name])
  return values.filter((value) => typeof value === 'number')
}

function scaleValue(value: unknown, scale: number): unknown {
  if (typeof value === 'number') return Math.max(1, Math.round(value * scale))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, each * scale]))
}
