/** The lines of the answer to an archive, and the question which photos are here already. */
import { z } from 'zod'
import { image } from './work-shapes.ts'

const place = { entry: z.number(), of: z.number(), name: z.string() }

export const archiveLine = z.union([
  z.object({ ...place, image, known: z.boolean() }),
  z.object({ ...place, refusal: z.string(), detail: z.string() }),
])

export const knownRequest = z
  .object({
    sha256: z
      .array(z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hexadecimal'))
      .min(1)
      .max(1_000),
  })
  .strict()
