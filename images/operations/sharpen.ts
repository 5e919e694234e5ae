/** `sharpen`: brings out edges after scaling, with smooth surfaces left alone. */
import { z } from 'zod'
import { defineOperation } from '../operation.ts'

/** Radius of the edge in pixels, gain on smooth surfaces, gain on edges. */
const amounts = { light: [0.6, 0, 1], normal: [0.8, 0.3, 2], strong: [1.1, 0.6, 3.5] } as const

export const sharpen = defineOperation({
  code: 'sharpen',
  name: 'Sharpen',
  description: 'Brings out edges and leaves smooth surfaces alone.',
  settings: z.strictObject({
    amount: z
      .enum(['light', 'normal', 'strong'])
      .default('normal')
      .describe('light: after making a picture smaller. strong: for print, or a photo that is soft.'),
  }),
  codeVersion: 1,
  needsMask: false,
  async apply(bench, settings) {
    const [sigma, flat, edges] = amounts[settings.amount]
    bench.frame = await bench.pixels.sharpen(bench.frame, sigma, flat, edges)
    return { ok: true }
  },
})
