/** `pad`: adds room around the picture, by a share of its sides, up to an aspect, or up to a size. Never scales and never cuts. */
import { z } from 'zod'
import { parseColour } from '../colour.ts'
import { failed } from '../failure.ts'
import { aspectRatio, type Size } from '../geometry.ts'
import { limits } from '../limits.ts'
import { defineOperation } from '../operation.ts'
import { alignment, alignmentShares, colour, side } from './setting-shapes.ts'

export const pad = defineOperation({
  code: 'pad',
  name: 'Pad',
  description: 'Adds room around the picture, up to an aspect or a size.',
  settings: z
    .strictObject({
      margin: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('Room on each side, as a share of the longer side.'),
      aspect: z
        .string()
        .refine((text) => aspectRatio(text) !== undefined, 'expected an aspect such as 4:5')
        .optional()
        .describe('Width to height that the picture is filled up to, as in 4:5.'),
      width: side().optional().describe('At least this wide.'),
      height: side().optional().describe('At least this high.'),
      fill: z
        .enum(['auto', 'transparent', 'colour'])
        .default('auto')
        .describe('auto: transparent around a cut-out, otherwise the colour.'),
      colour: colour().default('#ffffff').describe('Colour of the room around an opaque picture.'),
      align: alignment().default('centre').describe('Where the picture sits in the room.'),
    })
    .refine(
      (s) => s.margin > 0 || s.aspect !== undefined || s.width !== undefined || s.height !== undefined,
      'give margin, aspect, width or height',
    ),
  codeVersion: 1,
  needsMask: false,
  async apply(bench, settings) {
    const from = bench.frame
    const size = paddedSize(from, settings)
    if (
      Math.max(size.width, size.height) > limits.outputSide ||
      size.width * size.height > limits.outputPixels
    ) {
      return failed(
        'too_large',
        `Padded, this picture would be ${size.width} × ${size.height} pixels. Resize it before padding.`,
      )
    }
    const share = alignmentShares(settings.align)
    const left = Math.round((size.width - from.width) * share.x)
    const top = Math.round((size.height - from.height) * share.y)
    const clear = settings.fill === 'transparent' || (settings.fill === 'auto' && from.channels === 4)
    const canvas = bench.pixels.emptyFrame(size)
    bench.pixels.placeOnto(canvas, from, left, top)
    bench.frame = clear ? canvas : bench.pixels.flatten(canvas, parseColour(settings.colour))
    if (bench.placement)
      bench.placement = { ...bench.placement, x: bench.placement.x + left, y: bench.placement.y + top }
    if (!clear) bench.cutOut = false
    return { ok: true, box: { x: -left, y: -top, ...size } }
  },
})

type Room = {
  margin: number
  aspect?: string | undefined
  width?: number | undefined
  height?: number | undefined
}

/** The smallest size that holds the picture, its margin, the aspect and the least sides. Pure. */
export function paddedSize(from: Size, room: Room): Size {
  const margin = Math.round(Math.max(from.width, from.height) * room.margin)
  let width = Math.max(from.width + 2 * margin, room.width ?? 1)
  let height = Math.max(from.height + 2 * margin, room.height ?? 1)
  const ratio = room.aspect === undefined ? undefined : aspectRatio(room.aspect)
  if (ratio !== undefined) {
    if (width < height * ratio) width = Math.round(height * ratio)
    else height = Math.max(height, Math.round(width / ratio))
  }
  return { width, height }
}
