/**
 * `strip_metadata`: proves that nothing personal travels with the picture. Every output is written without EXIF, GPS, XMP and profiles anyway; this step reports what the original carried, and can
 * keep the two lines that say whose picture it is.
 */
import { z } from 'zod'
import { defineOperation } from '../operation.ts'

export const stripMetadata = defineOperation({
  code: 'strip_metadata',
  name: 'Strip metadata',
  description: 'Removes camera data, location and comments, and reports what was there.',
  settings: z.strictObject({
    keep_copyright: z.boolean().default(false).describe('Keeps the artist and copyright lines.'),
  }),
  codeVersion: 1,
  needsMask: false,
  async apply(bench, settings) {
    if (settings.keep_copyright) bench.keep = bench.source.copyright
    return { ok: true, removed: bench.source.metadata }
  },
})
