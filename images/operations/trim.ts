/** `trim`: cuts off empty borders: transparent ones of a cut-out, or those of one colour. */
import { z } from 'zod'
import { failed } from '../failure.ts'
import type { Box } from '../geometry.ts'
import { defineOperation } from '../operation.ts'
import type { Frame } from '../pixels.ts'
import { moved } from './resize.ts'

export const trim = defineOperation({
  code: 'trim',
  name: 'Trim',
  description: 'Cuts off empty borders, transparent or of one colour.',
  settings: z.strictObject({
    tolerance: z
      .int()
      .min(0)
      .max(255)
      .default(12)
      .describe('How far from the border colour still counts as border.'),
    margin: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .describe('Border to leave, as a share of the longer side of what remains.'),
  }),
  codeVersion: 1,
  needsMask: false,
  async apply(bench, settings) {
    const from = bench.frame
    const content = contentBox(from, settings.tolerance)
    if (content === undefined)
      return failed('no_subject', 'This picture is one even surface: trimming would leave nothing.')
    const margin = Math.round(Math.max(content.width, content.height) * settings.margin)
    const x = Math.max(0, content.x - margin)
    const y = Math.max(0, content.y - margin)
    const box = {
      x,
      y,
      width: Math.min(from.width, content.x + content.width + margin) - x,
      height: Math.min(from.height, content.y + content.height + margin) - y,
    }
    bench.frame = await bench.pixels.extract(from, box)
    bench.placement = bench.placement && moved(bench.placement, box, box)
    return { ok: true, box }
  },
})

/** The smallest box around every pixel that is not border. A frame with transparent corners is judged by its alpha, others by the colour of the upper left corner. */
export function contentBox(frame: Frame, tolerance: number): Box | undefined {
  const { data, width, height, channels } = frame
  const byAlpha = channels === 4 && data[3]! < 128
  const differs = (at: number) =>
    byAlpha
      ? data[at + 3]! > Math.max(2, tolerance)
      : Math.abs(data[at]! - data[0]!) > tolerance ||
        Math.abs(data[at + 1]! - data[1]!) > tolerance ||
        Math.abs(data[at + 2]! - data[2]!) > tolerance
  let left = width
  let right = -1
  let top = -1
  let bottom = -1
  for (let y = 0; y < height; y++) {
    const row = y * width * channels
    let first = 0
    while (first < width && !differs(row + first * channels)) first++
    if (first === width) continue
    let last = width - 1
    while (!differs(row + last * channels)) last--
    if (top < 0) top = y
    bottom = y
    if (first < left) left = first
    if (last > right) right = last
  }
  return top < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}
