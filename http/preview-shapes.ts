/** A preview of an automation that is being edited, on one photo. */
import { z } from 'zod'
import { idOf } from './ids.ts'
import { compliance } from './preset-shapes.ts'
import { automationRequest } from './work-shapes.ts'

export const previewRequest = z
  .object({
    steps: automationRequest.shape.steps,
    image_id: idOf('image'),
    /** Be content with a sketch of the subject while it is not known: there in a fraction of the time. Ask again without for what a run makes. */
    sketch: z.boolean().default(false),
  })
  .strict()

export const preview = z.object({
  /** At screen size, with a mark over it. */
  picture: z.object({ media_type: z.string(), base64: z.string(), width: z.number(), height: z.number() }),
  /** What the result of a run would be. */
  output: z.object({ format: z.string(), width: z.number(), height: z.number() }),
  /** Where the result lies in the upright photo, in shares of it; beyond 0 to 1 where room was added. Null after a turn or a mirror. */
  place_in_photo: z
    .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
    .nullable(),
  /** Set when a run would wait for a person's yes; null of a sketch, which cannot know. */
  held: z.object({ reason: z.string(), message: z.string() }).nullable(),
  /** By preset. File sizes are not told: the file is not made. */
  compliance: z.array(compliance),
  /** False when the subject of the photo had to be looked for first; from then on it is known. */
  mask_reused: z.boolean(),
  /** True when this is a sketch, made with a smaller model: edges and limbs may differ from what a run makes. */
  sketched: z.boolean(),
})
