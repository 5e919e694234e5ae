/**
 * `smart_crop`: cuts to an aspect or an exact size around what the photo shows.
 *
 * The same mask that removes backgrounds says where the subject is, and faces say what must stay whole; `crop-window.ts` decides the window. Of a cut-out, the window may reach beyond the photo:
 * outside is as transparent as the rest, so a product is centred with its margin however it was photographed. A box given by a person is taken as it is; where an aspect or a size of another
 * shape is asked for, the window is the smallest of that shape around it: nothing is ever stretched.
 */
import { z } from 'zod'
import { parseColour } from '../colour.ts'
import { chooseWindow, windowAround } from '../crop-window.ts'
import { failed } from '../failure.ts'
import { askedRatio, aspectRatio, type Box, inShares, type Size, wholePixels } from '../geometry.ts'
import { limits } from '../limits.ts'
import { type Bench, defineOperation } from '../operation.ts'
import { subjectOfFrame } from '../subject.ts'
import { moved } from './resize.ts'
import { alignment, colour, onlyWith, side } from './setting-shapes.ts'

export const smartCrop = defineOperation({
  code: 'smart_crop',
  name: 'Smart crop',
  description: 'Cuts to an aspect or a size around the subject, with faces kept whole.',
  settings: z
    .strictObject({
      width: side().optional().describe('Exact width of the output; with height.'),
      height: side().optional().describe('Exact height of the output; with width.'),
      aspect: z
        .string()
        .refine((text) => aspectRatio(text) !== undefined, 'expected an aspect such as 4:5')
        .optional()
        .describe('Instead of a size: width to height, as in 4:5.'),
      mode: z
        .enum(['auto', 'fill', 'subject', 'head', 'pad'])
        .default('auto')
        .describe(
          'fill: the largest window that shows the subject best. subject: close around the subject. pad: the whole subject, with room added where the photo ends. head: around the face; where there is none, around the subject, and the result is held. auto: pad for a cut-out, otherwise fill.',
        ),
      margin: z
        .number()
        .min(0)
        .max(0.45)
        .default(0.06)
        .describe('Room around the subject on each side, as a share of the output.'),
      align: alignment().default('centre').describe('Where the subject sits in the room that is left.'),
      headroom: z
        .number()
        .min(0)
        .max(0.6)
        .optional()
        .describe('Room above the highest head, or above the subject, as a share of the height.'),
      subjects: z
        .enum(['all', 'main'])
        .default('all')
        .describe('all: everything that stands out is to fit. main: the largest of it.'),
      head_height: z
        .number()
        .min(0.1)
        .max(0.95)
        .optional()
        .describe('With head: chin to crown, as a share of the height.')
        .meta(onlyWith('mode', 'head')),
      eye_line: z
        .number()
        .min(0.1)
        .max(0.8)
        .optional()
        .describe('With head: where the eyes are, as a share of the height from the top. 0.42 if left out.')
        .meta(onlyWith('mode', 'head')),
      colour: colour()
        .default('#ffffff')
        .describe('Colour of the room that pad adds around an opaque photo.')
        .meta(onlyWith('mode', 'auto', 'pad')),
      box: z
        .strictObject({
          x: z.number(),
          y: z.number(),
          width: z.number().positive(),
          height: z.number().positive(),
        })
        .optional()
        .describe(
          'A window chosen by a person, in pixels of the picture this step gets. Where an aspect or a size asks for another shape, the smallest window of that shape around it is cut.',
        ),
      photo_box: z
        .strictObject({
          x: z.number().min(-2).max(2),
          y: z.number().min(-2).max(2),
          width: z.number().positive().max(4),
          height: z.number().positive().max(4),
        })
        .optional()
        .describe('The same in shares of the upright photo, whatever was done to it before.'),
    })
    .refine((s) => (s.width === undefined) === (s.height === undefined), {
      path: ['height'],
      message: 'give width and height together, or neither',
    })
    .refine((s) => s.aspect === undefined || (s.width === undefined && s.height === undefined), {
      path: ['aspect'],
      message: 'give an aspect or a size: leave this empty, or width and height',
    })
    .refine((s) => s.box === undefined || s.photo_box === undefined, 'give either box or photo_box'),
  codeVersion: 3,
  needsMask: true,
  needsFaces: true,
  async apply(bench, settings) {
    const from = bench.frame
    const exact =
      settings.width !== undefined && settings.height !== undefined
        ? { width: settings.width, height: settings.height }
        : undefined
    const ratio = askedRatio(settings)
    const given = settings.box ?? (settings.photo_box && onFrame(settings.photo_box, bench))
    if (given) {
      const asksShape = exact !== undefined || settings.aspect !== undefined
      const within = bench.cutOut ? undefined : from
      const window = asksShape ? windowAround(given, ratio, within) : given
      const crop = within ? wholePixels(window, within) : window
      const height = asksShape ? Math.max(1, Math.round(crop.width / ratio)) : crop.height
      const size = exact ?? { width: crop.width, height }
      return finish(bench, crop, size, settings.colour, { method: 'person' })
    }
    const subject = await subjectOfFrame(bench, settings.subjects)
    if (!subject.ok) return subject
    const mode = settings.mode === 'auto' ? (bench.cutOut ? 'pad' : 'fill') : settings.mode
    const window = chooseWindow({
      frame: from,
      subject,
      ratio,
      mode,
      margin: settings.margin,
      align: settings.align,
      headroom: settings.headroom,
      headHeight: settings.head_height,
      eyeLine: settings.eye_line,
      mayReachBeyond: bench.cutOut,
    })
    if (mode === 'head' && subject.faces.length === 0)
      bench.hold('no_face', 'No face was found, so that the crop lies around the whole subject.')
    const size = exact ?? {
      width: Math.max(1, Math.round(window.box.width)),
      height: Math.max(1, Math.round(window.box.width / ratio)),
    }
    return finish(bench, window.box, size, settings.colour, {
      method: window.method,
      ...(subject.box ? { subjectBox: subject.box } : {}),
      confidence: subject.confidence,
      coverage: subject.coverage,
      maskReused: subject.reused,
      faces: subject.faces.length,
    })
  },
})

/** Shares of the upright photo in pixels of the frame; of the frame itself where the two no longer match. */
function onFrame(shares: Box, { frame, placement }: Bench): Box {
  const photo = placement ?? { x: 0, y: 0, width: frame.width, height: frame.height }
  return {
    x: photo.x + shares.x * photo.width,
    y: photo.y + shares.y * photo.height,
    width: shares.width * photo.width,
    height: shares.height * photo.height,
  }
}

/** Cuts `window`, which may reach beyond the frame, and scales it to `size`. */
async function finish(bench: Bench, window: Box, size: Size, hex: string, findings: object) {
  if (
    Math.max(size.width, size.height) > limits.outputSide ||
    size.width * size.height > limits.outputPixels
  ) {
    return failed(
      'too_large',
      `This crop would be ${size.width} × ${size.height} pixels. Ask for a smaller one.`,
    )
  }
  const crop = {
    x: Math.round(window.x),
    y: Math.round(window.y),
    width: Math.max(1, Math.round(window.width)),
    height: Math.max(1, Math.round(window.height)),
  }
  const photoBox = bench.placement && inShares(crop, bench.placement)
  const opaque = bench.frame.channels === 3
  const cut = await bench.pixels.extractAndResize(bench.frame, crop, size)
  bench.frame = opaque && cut.channels === 4 ? bench.pixels.flatten(cut, parseColour(hex)) : cut
  bench.placement = bench.placement && moved(bench.placement, crop, size)
  return {
    ok: true as const,
    box: crop,
    ...(photoBox ? { photoBox } : {}),
    upscale: Math.max(size.width / crop.width, size.height / crop.height),
    ...findings,
  }
}
