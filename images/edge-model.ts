/**
 * What the photo's own colours say about where the subject ends: in each small neighbourhood alpha is taken as a linear function of colour (guided filter: He, Sun, Tang, 2013), fitted on a small copy
 * and applied at full resolution. So an edge follows the photo and not the model's grid, and a strand of hair is as thin as it is. Pure; `matte.ts` uses it.
 *
 * Where colours explain little of the mask (dark hair before the dark), the mask is believed instead.
 */
import { boxBlur } from './foreground-colours.ts'

/** Interleaved: factors of red, green and blue (0..1), the constant, and how much is to be believed (0..1). `near` is 1 where the mask is undecided nearby: elsewhere nothing is to be done. */
export type EdgeModel = { data: Float32Array; near: Uint8Array; width: number; height: number }

export const edgeChannels = 5

/** Pixels of the copy of 512. Narrower leaves strands thick, wider lets the ground shine through inside: of 4, 8, 12 and 16 the best on composites of people with known alpha. */
const radius = 12

/** How far from an undecided pixel of the copy the mask is doubted. */
const reach = 2

/** Squared colour difference that is noise. */
const noise = 1e-4

/** Share of the mask's variation that colour explains: below the first nothing is believed, above the second all. */
const believedFrom = 0.2
const believedTo = 0.6

/**
 * A crisp edge of the mask is a line of undecided pixels, hair is a field of them: such a share of undecided pixels around says which. Where the mask is crisp it knows better than colours do, which take
 * a rail behind a leg for the leg.
 */
const soft = { distance: 4, from: 0.25, to: 0.5 }

/** `rgb` is interleaved, `alpha` one byte a pixel, both `width` × `height`. */
export function edgeModel(picture: {
  rgb: Uint8Array
  alpha: Uint8Array
  width: number
  height: number
}): EdgeModel {
  const { alpha, width, height } = picture
  const undecided = new Float32Array(alpha.length)
  for (let i = 0; i < alpha.length; i++) if (alpha[i]! > 4 && alpha[i]! < 251) undecided[i] = 1
  const sharesWithin = (distance: number) => boxBlur(undecided, { width, height, channels: 1 }, distance)
  const within = (distance: number) => anyOf(sharesWithin(distance))
  const mean = boxBlur(productsOf(picture), { width, height, channels: meanChannels }, radius)
  // Further away, nothing is asked for that the second mean would need.
  const needed = within(reach + radius)
  const fitted = new Float32Array(alpha.length * edgeChannels)
  for (let i = 0; i < alpha.length; i++)
    if (needed[i] === 1) fitAt(mean, i * meanChannels, fitted, i * edgeChannels)
  const data = boxBlur(fitted, { width, height, channels: edgeChannels }, radius)
  const softness = sharesWithin(soft.distance)
  for (let i = 0; i < alpha.length; i++) {
    const weight = (softness[i]! - soft.from) / (soft.to - soft.from)
    data[i * edgeChannels + 4]! *= Math.max(0, Math.min(1, weight))
  }
  return { data, near: within(reach), width, height }
}

/** 1 where there is something. A loop: mapping a typed array calls a function for each pixel. */
function anyOf(shares: Float32Array): Uint8Array {
  const any = new Uint8Array(shares.length)
  for (let i = 0; i < shares.length; i++) if (shares[i]! > 0) any[i] = 1
  return any
}

const meanChannels = 14

/** Colour (3), alpha, colour times alpha (3), colour times colour (6), alpha squared; all of 0..1. */
function productsOf({ rgb, alpha }: { rgb: Uint8Array; alpha: Uint8Array }): Float32Array {
  const planes = new Float32Array(alpha.length * meanChannels)
  for (let i = 0, at = 0; i < alpha.length; i++, at += meanChannels) {
    const r = rgb[i * 3]! / 255
    const g = rgb[i * 3 + 1]! / 255
    const b = rgb[i * 3 + 2]! / 255
    const a = alpha[i]! / 255
    planes[at] = r
    planes[at + 1] = g
    planes[at + 2] = b
    planes[at + 3] = a
    planes[at + 4] = r * a
    planes[at + 5] = g * a
    planes[at + 6] = b * a
    planes[at + 7] = r * r
    planes[at + 8] = r * g
    planes[at + 9] = r * b
    planes[at + 10] = g * g
    planes[at + 11] = g * b
    planes[at + 12] = b * b
    planes[at + 13] = a * a
  }
  return planes
}

/** Least squares in one neighbourhood: three factors and a constant, by the inverse of the colours' covariance. */
function fitAt(mean: Float32Array, from: number, into: Float32Array, to: number): void {
  const r = mean[from]!
  const g = mean[from + 1]!
  const b = mean[from + 2]!
  const a = mean[from + 3]!
  const spread = mean[from + 13]! - a * a
  into[to + 3] = a
  // One value all around: nothing to explain.
  if (spread < 1e-5) return
  const cr = mean[from + 4]! - r * a
  const cg = mean[from + 5]! - g * a
  const cb = mean[from + 6]! - b * a
  const rr = mean[from + 7]! - r * r + noise
  const rg = mean[from + 8]! - r * g
  const rb = mean[from + 9]! - r * b
  const gg = mean[from + 10]! - g * g + noise
  const gb = mean[from + 11]! - g * b
  const bb = mean[from + 12]! - b * b + noise
  const ir = gg * bb - gb * gb
  const ig = rb * gb - rg * bb
  const ib = rg * gb - rb * gg
  const determinant = rr * ir + rg * ig + rb * ib
  const jg = rr * bb - rb * rb
  const jb = rb * rg - rr * gb
  const kb = rr * gg - rg * rg
  const fr = (ir * cr + ig * cg + ib * cb) / determinant
  const fg = (ig * cr + jg * cg + jb * cb) / determinant
  const fb = (ib * cr + jb * cg + kb * cb) / determinant
  into[to] = fr
  into[to + 1] = fg
  into[to + 2] = fb
  into[to + 3] = a - fr * r - fg * g - fb * b
  const explained = (fr * cr + fg * cg + fb * cb) / (spread + noise)
  into[to + 4] = Math.max(0, Math.min(1, (explained - believedFrom) / (believedTo - believedFrom)))
}
