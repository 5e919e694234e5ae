/** `resize`: scales to a width, a height, a longest side, or into or over a box. */
import { z } from 'zod'
import type { Box, Size } from '../geometry.ts'
import { limits } from '../limits.ts'
import { defineOperation } from '../operation.ts'
import { side } from './setting-shapes.ts'

export const resize = defineOperation({
  code: 'resize',
  name: 'Resize',
  description: 'Scales to a width, a height or a longest side.',
  settings: z
    .strictObject({
      width: side().optional().describe('In pixels; without a height, that follows.'),
      height: side().optional().describe('In pixels; without a width, that follows.'),
      long_side: side().optional().describe('The longer side; instead of width and height.'),
      fit: z
        .enum(['inside', 'cover', 'exact'])
        .default('inside')
        .describe('With both sides: fit inside them, cover them and cut off what is over, or stretch.'),
      enlarge: z.boolean().default(false).describe('Whether a smaller picture is made larger.'),
    })
    .refine((s) => s.width !== undefined || s.height !== undefined || s.long_side !== undefined, {
      path: ['width'],
      message: 'give a width, a height or a long side',
    })
    .refine((s) => s.long_side === undefined || (s.width === undefined && s.height === undefined), {
      path: ['long_side'],
      message: 'stands in place of width and height: leave it empty, or those',
    }),
  codeVersion: 1,
  needsMask: false,
  async apply(bench, settings) {
    const from = bench.frame
    const { crop, size } = plan(from, settings)
    bench.frame = await bench.pixels.extractAndResize(from, crop, size)
    bench.placement = bench.placement && moved(bench.placement, crop, size)
    return { ok: true, upscale: Math.max(size.width / crop.width, size.height / crop.height) }
  },
})

type Settings = {
  width?: number | undefined
  height?: number | undefined
  long_side?: number | undefined
  fit: 'inside' | 'cover' | 'exact'
  enlarge: boolean
}

/** Which part of the frame is taken and to which size it is scaled. Pure. */
export function plan(from: Size, settings: Settings): { crop: Box; size: Size } {
  const whole = { x: 0, y: 0, width: from.width, height: from.height }
  const { width, height } = settings
  if (width !== undefined && height !== undefined && settings.fit !== 'inside') {
    const room = settings.enlarge ? 1 : Math.min(1, from.width / width, from.height / height)
    const size =
      settings.fit === 'cover'
        ? { width: Math.max(1, Math.round(width * room)), height: Math.max(1, Math.round(height * room)) }
        : settings.enlarge
          ? { width, height }
          : { width: Math.min(width, from.width), height: Math.min(height, from.height) }
    if (settings.fit === 'exact') return { crop: whole, size }
    const scale = Math.min(from.width / size.width, from.height / size.height)
    const cut = {
      width: Math.min(from.width, Math.round(size.width * scale)),
      height: Math.min(from.height, Math.round(size.height * scale)),
    }
    const x = Math.floor((from.width - cut.width) / 2)
    const y = Math.floor((from.height - cut.height) / 2)
    return { crop: { x, y, ...cut }, size }
  }
  const long = settings.long_side
  const scales = [
    width === undefined ? Number.POSITIVE_INFINITY : width / from.width,
    height === undefined ? Number.POSITIVE_INFINITY : height / from.height,
    long === undefined ? Number.POSITIVE_INFINITY : long / Math.max(from.width, from.height),
  ]
  const most = Math.min(
    limits.outputSide / Math.max(from.width, from.height),
    Math.sqrt(limits.outputPixels / (from.width * from.height)),
  )
  const scale = Math.min(...scales, settings.enlarge ? most : 1)
  return {
    crop: whole,
    size: {
      width: Math.max(1, Math.round(from.width * scale)),
      height: Math.max(1, Math.round(from.height * scale)),
    },
  }
}

/** Where the photo lies after `crop` was cut out and scaled to `size`. */
export function moved(placement: Box, crop: Box, size: Size): Box {
  const sx = size.width / crop.width
  const sy = size.height / crop.height
  return {
    x: (placement.x - crop.x) * sx,
    y: (placement.y - crop.y) * sy,
    width: placement.width * sx,
    height: placement.height * sy,
  }
}
