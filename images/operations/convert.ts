/** `convert`: in which format, and how large, the picture leaves. Pixels are not touched here; `encode.ts` reads what is noted, and `pipeline.ts` whether the photo's profile is kept. */
import { z } from 'zod'
import { defineOperation } from '../operation.ts'
import { colour, onlyWith } from './setting-shapes.ts'

export const convert = defineOperation({
  code: 'convert',
  name: 'Convert',
  description: 'Writes JPEG, PNG, WebP or AVIF, at a quality or below a file size.',
  settings: z.strictObject({
    format: z.enum(['jpeg', 'png', 'webp', 'avif']).describe('The format to write.'),
    quality: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe('Left out: 90 for JPEG, 86 for WebP, 60 for AVIF. PNG loses nothing at any quality.')
      .meta(onlyWith('format', 'jpeg', 'webp', 'avif')),
    max_bytes: z
      .int()
      .min(2_000)
      .max(50_000_000)
      .optional()
      .describe('The largest file wanted; quality is lowered until it fits.'),
    colour_profile: z
      .enum(['srgb', 'keep'])
      .default('srgb')
      .describe(
        'srgb: what every screen and marketplace understands. keep: the photo’s own RGB profile stays and travels along, so that a wide-gamut photo stays wide; a photo without one becomes sRGB.',
      ),
    background: colour()
      .default('#ffffff')
      .describe('What stands behind transparent pixels in JPEG.')
      .meta(onlyWith('format', 'jpeg')),
  }),
  codeVersion: 1,
  needsMask: false,
  async apply(bench, settings) {
    bench.encoding = {
      format: settings.format,
      background: settings.background,
      ...(settings.quality === undefined ? {} : { quality: settings.quality }),
      ...(settings.max_bytes === undefined ? {} : { maxBytes: settings.max_bytes }),
    }
    return { ok: true }
  },
})
