/** `background`: puts a colour, a gradient or an image behind what is transparent. */
import { z } from 'zod'
import { layBackdrop } from '../backdrop.ts'
import { defineOperation } from '../operation.ts'
import { backdropShape } from './setting-shapes.ts'

export const backgroundOperation = defineOperation({
  code: 'background',
  name: 'Background',
  description: 'Puts a colour, a gradient or an image behind a cut-out.',
  settings: z
    .strictObject({
      fill: z
        .enum(['colour', 'gradient', 'image'])
        .default('colour')
        .describe('What stands behind the subject.'),
      ...backdropShape,
    })
    .refine((s) => s.fill !== 'image' || s.image !== undefined, {
      path: ['image'],
      message: 'give the id of the image that stands behind the subject',
    }),
  codeVersion: 1,
  needsMask: false,
  async apply(bench, settings) {
    if (bench.frame.channels === 3) return { ok: true, method: 'nothing_transparent' }
    const laid = await layBackdrop(bench, settings)
    if (!laid.ok) return laid
    bench.cutOut = false
    return { ok: true, method: settings.fill }
  },
})
