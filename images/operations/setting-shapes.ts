/** Settings that several operations share, so that a colour or a side means the same everywhere. */
import { z } from 'zod'
import { limits } from '../limits.ts'

/** `#rrggbb`; capital letters mean the same work, so they are lowered before anything is hashed. */
export const colour = () =>
  z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'a colour such as #ff8800')
    .toLowerCase()

/** A side of the output in pixels. */
export const side = () => z.int().min(1).max(limits.outputSide)

/** The names of where something sits in a frame. */
export const alignment = () =>
  z.enum(['centre', 'top', 'bottom', 'left', 'right', 'top_left', 'top_right', 'bottom_left', 'bottom_right'])

export type Alignment = z.output<ReturnType<typeof alignment>>

/** 0 is left or top, 0.5 the centre, 1 right or bottom. */
export function alignmentShares(align: Alignment): { x: number; y: number } {
  return {
    x: align.endsWith('left') ? 0 : align.endsWith('right') ? 1 : 0.5,
    y: align.startsWith('top') ? 0 : align.startsWith('bottom') ? 1 : 0.5,
  }
}

/** Said of a setting that means something only while another has one of these values: an editor leaves it out otherwise. */
export const onlyWith = (setting: string, ...values: string[]) => ({ only_with: { [setting]: values } })

/** The three settings that say what stands behind a cut-out, besides leaving it transparent. */
export const backdropShape = {
  colour: colour()
    .default('#ffffff')
    .describe('The colour, or where the gradient starts.')
    .meta(onlyWith('fill', 'colour', 'gradient')),
  colour_to: colour()
    .default('#d8dce2')
    .describe('Where the gradient ends.')
    .meta(onlyWith('fill', 'gradient')),
  angle: z
    .number()
    .min(0)
    .max(360)
    .default(180)
    .describe('Direction of the gradient in degrees: 180 runs from top to bottom, 90 from left to right.')
    .meta(onlyWith('fill', 'gradient')),
  image: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Id of an image to stand behind the subject; it is scaled to cover the frame.')
    .meta(onlyWith('fill', 'image')),
  shadow: z.enum(['none', 'soft']).default('none').describe('A soft shadow below the subject.'),
}
