/** `rotate`: turns and mirrors. EXIF orientation is applied to every picture before any step, so angles count from upright. */
import { z } from 'zod'
import { parseColour } from '../colour.ts'
import { failed } from '../failure.ts'
import { limits } from '../limits.ts'
import { defineOperation } from '../operation.ts'
import { colour } from './setting-shapes.ts'

export const rotate = defineOperation({
  code: 'rotate',
  name: 'Rotate',
  description: 'Turns by any angle and mirrors.',
  settings: z.strictObject({
    angle: z.number().min(-360).max(360).default(0).describe('Degrees, clockwise.'),
    mirror: z.enum(['none', 'left_right', 'top_bottom']).default('none').describe('Applied before turning.'),
    fill: z
      .enum(['auto', 'transparent', 'colour'])
      .default('auto')
      .describe('The corners that appear; auto: transparent around a cut-out, otherwise the colour.'),
    colour: colour().default('#ffffff').describe('Colour of the corners of an opaque picture.'),
  }),
  codeVersion: 1,
  needsMask: false,
  async apply(bench, settings) {
    if (settings.mirror !== 'none') bench.frame = await bench.pixels.mirror(bench.frame, settings.mirror)
    const angle = ((settings.angle % 360) + 360) % 360
    if (angle !== 0) {
      const radians = (angle * Math.PI) / 180
      const { width, height } = bench.frame
      const reach = Math.abs(Math.cos(radians)) * width + Math.abs(Math.sin(radians)) * height
      const rise = Math.abs(Math.sin(radians)) * width + Math.abs(Math.cos(radians)) * height
      if (reach * rise > limits.outputPixels * 1.01) {
        return failed(
          'too_large',
          'Turned, this picture would be over 50 megapixels. Resize it before turning.',
        )
      }
      const clear =
        settings.fill === 'transparent' || (settings.fill === 'auto' && bench.frame.channels === 4)
      bench.frame = await bench.pixels.rotate(
        bench.frame,
        angle,
        clear ? 'transparent' : parseColour(settings.colour),
      )
    }
    if (angle !== 0 || settings.mirror !== 'none') bench.placement = undefined
    return { ok: true }
  },
})
