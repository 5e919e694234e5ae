/**
 * A second look at a photo of which the first left much undecided: the picture is shown to the model again, smaller and amid grey, as if one had stepped back. A subject that fills or leaves the frame
 * then lies within it, and the model sees all of it at once. Runs in a decoder child; `photo-facts.ts` asks for it.
 *
 * Looked at over the photos of `npm run quality`: dresses, capes and jackets that came out as fog are whole, and what was right stays as it was, because only what both looks dispute is changed.
 */
import { boxBlur } from './foreground-colours.ts'
import { type Frame, type Grey, pixels } from './pixels.ts'
import { confidenceOf, coverageOf } from './subject.ts'

/** Masks less sure than this are looked at again; nearly all that people would take are above. Costs one more inference for these: about a quarter of the photos looked at. */
export const secondLookBelow = 0.9

/** The picture takes this share of the model's square; the rest is grey. */
const share = 0.7

/** `rgb` as the model sees the photo first, a square of three channels. */
export async function stepBack(rgb: Frame): Promise<Frame> {
  const { left, side } = place(rgb.width)
  const small = await pixels.resize(rgb, { width: side, height: side })
  const data = Buffer.alloc(rgb.data.length, 128)
  for (let y = 0; y < side; y++)
    small.data.copy(data, ((left + y) * rgb.width + left) * 3, y * side * 3, (y + 1) * side * 3)
  return { ...rgb, data }
}

/** What the model said of the smaller picture, at the size of the first mask. */
export async function comeCloser(mask: Grey): Promise<Grey> {
  const { left, side } = place(mask.width)
  const data = Buffer.alloc(side * side)
  for (let y = 0; y < side; y++) {
    const from = (left + y) * mask.width + left
    mask.data.copy(data, y * side, from, from + side)
  }
  return pixels.resizeGrey({ data, width: side, height: side }, mask)
}

function place(square: number): { left: number; side: number } {
  const side = Math.round(square * share)
  return { left: Math.round((square - side) / 2), side }
}

/** Steps of difference that are dispute and not the second look's coarser edge. */
const disputed = 56

/** A second mask that covers more than this has lost the background. */
const allSubject = 0.9

/** `agreement` is the share of the subject that both looks saw: who takes the second's word for much of it had better look. */
export type Looked = Grey & { agreement: number }

/** The first mask, and the second wherever the two dispute a patch, if the second is the surer one or sees clearly more without being much less sure. */
export function joinLooks(first: Grey, second: Grey): Looked {
  const before = confidenceOf(first)
  const after = confidenceOf(second)
  const sees = (mask: Grey, confidence: number) => coverageOf(mask) * confidence
  // Of a picture that is nothing but subject, the first look's doubts are worth more.
  if (coverageOf(second) > allSubject) return { ...first, agreement: 1 }
  const more = after > before - 0.1 && sees(second, after) > 1.15 * sees(first, before)
  if (after <= before + 0.02 && !more) return { ...first, agreement: 1 }
  const { width, height } = first
  const dispute = new Float32Array(first.data.length)
  for (let at = 0; at < dispute.length; at++)
    if (Math.abs(first.data[at]! - second.data[at]!) > disputed) dispute[at] = 1
  const radius = Math.max(2, Math.round(width / 170))
  const around = boxBlur(dispute, { width, height, channels: 1 }, radius)
  const data = Buffer.allocUnsafe(first.data.length)
  let any = 0
  let changed = 0
  for (let at = 0; at < data.length; at++) {
    // A thin line of difference is an edge: the first look saw it more sharply.
    const weight = Math.max(0, Math.min(1, (around[at]! - 0.25) / 0.35))
    data[at] = Math.round(first.data[at]! * (1 - weight) + second.data[at]! * weight)
    if (data[at]! > 127) any++
    if (Math.abs(data[at]! - first.data[at]!) > 127) changed++
  }
  return { ...first, data, agreement: Math.max(0, 1 - changed / Math.max(1, any)) }
}
