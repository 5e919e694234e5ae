/** `watermark`: lays a line of text or an image over the picture, once or all over it. */
import { z } from 'zod'
import { parseColour } from '../colour.ts'
import { type Failure, failed } from '../failure.ts'
import type { Bench } from '../operation.ts'
import { defineOperation } from '../operation.ts'
import type { Frame } from '../pixels.ts'
import { alignment, alignmentShares, colour } from './setting-shapes.ts'

export const watermark = defineOperation({
  code: 'watermark',
  name: 'Watermark',
  description: 'Lays text or a logo over the picture.',
  settings: z
    .strictObject({
      text: z
        .string()
        .trim()
        .min(1)
        .max(120)
        .optional()
        .describe('Words to lay over the picture, in one line.'),
      image: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('Id of a logo, best with transparency; instead of text.'),
      colour: colour().default('#ffffff').describe('Colour of the text.'),
      opacity: z.number().min(0.02).max(1).default(0.5).describe('1 hides what is below.'),
      size: z
        .number()
        .min(0.02)
        .max(1)
        .default(0.25)
        .describe('Width of the mark as a share of the width of the picture.'),
      margin: z
        .number()
        .min(0)
        .max(0.5)
        .default(0.03)
        .describe('Distance from the edge as a share of the shorter side.'),
      align: alignment().default('bottom_right').describe('Where the mark sits; tiled, it is everywhere.'),
      tile: z.boolean().default(false).describe('Repeats the mark all over the picture.'),
    })
    .refine((s) => (s.text === undefined) !== (s.image === undefined), {
      path: ['text'],
      message: 'give a text, or the id of a logo in its place',
    }),
  codeVersion: 1,
  needsMask: false,
  async apply(bench, settings) {
    const { frame } = bench
    const width = Math.max(8, Math.round(frame.width * settings.size))
    const mark =
      settings.text === undefined
        ? await logo(bench, settings.image!, width)
        : await words(bench, settings.text, width, settings.colour)
    if (!mark.ok) return mark
    const over = mark.frame
    const canvas: Frame = { ...frame, data: Buffer.from(frame.data) }
    const margin = Math.round(Math.min(frame.width, frame.height) * settings.margin)
    if (settings.tile) {
      const stepX = over.width + 2 * margin + Math.round(over.width / 2)
      const stepY = over.height * 3 + 2 * margin
      for (let row = 0, y = margin; y < frame.height; y += stepY, row++) {
        for (let x = margin - (row % 2) * Math.round(stepX / 2); x < frame.width; x += stepX) {
          bench.pixels.composeOnto(canvas, over, { left: x, top: y, opacity: settings.opacity })
        }
      }
    } else {
      const share = alignmentShares(settings.align)
      const left = Math.round(margin + (frame.width - over.width - 2 * margin) * share.x)
      const top = Math.round(margin + (frame.height - over.height - 2 * margin) * share.y)
      bench.pixels.composeOnto(canvas, over, { left, top, opacity: settings.opacity })
    }
    bench.frame = canvas
    return { ok: true }
  },
})

type Mark = { ok: true; frame: Frame } | Failure

async function logo(bench: Bench, name: string, width: number): Promise<Mark> {
  const asset = await bench.asset(name)
  if (!asset.ok) return asset
  const height = Math.max(1, Math.round((asset.frame.height * width) / asset.frame.width))
  return {
    ok: true,
    frame: bench.pixels.withAlpha(await bench.pixels.resize(asset.frame, { width, height })),
  }
}

/** Drawn large, then scaled to the width wanted, so that any length of text fits. */
async function words(bench: Bench, text: string, width: number, hex: string): Promise<Mark> {
  const drawn = await bench.pixels.text(text, 64)
  if (drawn.width < 4)
    return failed(
      'asset_missing',
      'This machine has no font to write the watermark with. Use an image instead.',
    )
  const height = Math.max(4, Math.round((drawn.height * width) / drawn.width))
  const scaled = await bench.pixels.resize(drawn, { width, height })
  const { red, green, blue } = parseColour(hex)
  for (let at = 0; at < scaled.data.length; at += 4) {
    scaled.data[at] = red
    scaled.data[at + 1] = green
    scaled.data[at + 2] = blue
  }
  return { ok: true, frame: scaled }
}
