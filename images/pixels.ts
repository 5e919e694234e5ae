/**
 * Pixels in memory, and what operations do with them. Besides `open-image.ts`, `colour-profile.ts` and `encode.ts` the only file that touches sharp; runs in a decoder child, never in a server.
 *
 * A `Frame` is raw sRGB (or what the photo's own profile says, where that is kept), 8 bit, three or four channels, rows from the top, no padding. Alpha is straight (not premultiplied). Functions return new frames unless their name says otherwise; a frame
 * of 50 megapixels is 200 MB, so callers drop the old one at once.
 */
import sharp, { type Sharp } from 'sharp'
import type { Rgb } from './colour.ts'
import type { Box, Size } from './geometry.ts'

export type Frame = { data: Buffer; width: number; height: number; channels: 3 | 4 }

/** One byte a pixel: a mask, an alpha channel, a map of detail. */
export type Grey = { data: Buffer; width: number; height: number }

export type Pixels = typeof pixels

const openFrame = (frame: Frame) =>
  sharp(frame.data, {
    raw: { width: frame.width, height: frame.height, channels: frame.channels },
    limitInputPixels: false,
  })

const openGrey = (grey: Grey) =>
  sharp(grey.data, { raw: { width: grey.width, height: grey.height, channels: 1 }, limitInputPixels: false })

async function toFrame(image: Sharp): Promise<Frame> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 3 && info.channels !== 4) throw new Error(`a frame of ${info.channels} channels`)
  return { data, width: info.width, height: info.height, channels: info.channels }
}

async function toGrey(image: Sharp): Promise<Grey> {
  const { data, info } = await image.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 1) throw new Error(`a grey picture of ${info.channels} channels`)
  return { data, width: info.width, height: info.height }
}

/** Pixels live outside the JavaScript heap, which therefore sees no reason to collect them: whoever has just let go of a large frame asks. */
function collect({ data }: Frame): void {
  if (data.length > 20_000_000) globalThis.gc?.()
}

/** To exactly this size, aspect or not. Alpha is weighed in, so no dark fringe appears. */
async function resize(frame: Frame, size: Size): Promise<Frame> {
  if (frame.width === size.width && frame.height === size.height) return frame
  return toFrame(openFrame(frame).resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' }))
}

/** `box` must be whole pixels inside the frame. */
async function extract(frame: Frame, box: Box): Promise<Frame> {
  if (box.x === 0 && box.y === 0 && box.width === frame.width && box.height === frame.height) return frame
  const row = box.width * frame.channels
  const data = Buffer.allocUnsafe(row * box.height)
  for (let y = 0; y < box.height; y++) {
    const from = ((box.y + y) * frame.width + box.x) * frame.channels
    frame.data.copy(data, y * row, from, from + row)
  }
  return { data, width: box.width, height: box.height, channels: frame.channels }
}

/** Crop and resize in one pass; what of `box` lies outside the frame comes out transparent. */
async function extractAndResize(frame: Frame, box: Box, size: Size): Promise<Frame> {
  const inside = {
    x: Math.max(0, box.x),
    y: Math.max(0, box.y),
    width: Math.min(frame.width, box.x + box.width) - Math.max(0, box.x),
    height: Math.min(frame.height, box.y + box.height) - Math.max(0, box.y),
  }
  const whole = inside.width === box.width && inside.height === box.height
  if (whole) return resize(await extract(frame, box), size)
  const sx = size.width / box.width
  const sy = size.height / box.height
  const left = Math.round((inside.x - box.x) * sx)
  const top = Math.round((inside.y - box.y) * sy)
  const width = Math.max(1, Math.min(size.width - left, Math.round(inside.width * sx)))
  const height = Math.max(1, Math.min(size.height - top, Math.round(inside.height * sy)))
  const part = await resize(await extract(frame, inside), { width, height })
  const canvas = emptyFrame(size)
  placeOnto(canvas, part, left, top)
  return canvas
}

function emptyFrame(size: Size): Frame {
  return { data: Buffer.alloc(size.width * size.height * 4), ...size, channels: 4 }
}

/** Copies `part` over `canvas` (four channels) at a whole position, replacing what is there. Changes `canvas`. */
function placeOnto(canvas: Frame, part: Frame, left: number, top: number): void {
  const x0 = Math.max(0, -left)
  const x1 = Math.min(part.width, canvas.width - left)
  const y0 = Math.max(0, -top)
  const y1 = Math.min(part.height, canvas.height - top)
  for (let y = y0; y < y1; y++) {
    let from = (y * part.width + x0) * part.channels
    let to = ((y + top) * canvas.width + x0 + left) * 4
    for (let x = x0; x < x1; x++) {
      canvas.data[to] = part.data[from]!
      canvas.data[to + 1] = part.data[from + 1]!
      canvas.data[to + 2] = part.data[from + 2]!
      canvas.data[to + 3] = part.channels === 4 ? part.data[from + 3]! : 255
      from += part.channels
      to += 4
    }
  }
}

async function resizeGrey(grey: Grey, size: Size, kernel: 'cubic' | 'linear' = 'cubic'): Promise<Grey> {
  if (grey.width === size.width && grey.height === size.height) return grey
  return toGrey(openGrey(grey).resize(size.width, size.height, { fit: 'fill', kernel }))
}

/** Gaussian; `sigma` in pixels, 0.3 and up. */
async function blurGrey(grey: Grey, sigma: number): Promise<Grey> {
  return toGrey(openGrey(grey).blur(Math.max(0.3, sigma)))
}

async function blur(frame: Frame, sigma: number): Promise<Frame> {
  return toFrame(openFrame(frame).blur(Math.max(0.3, sigma)))
}

async function sharpen(frame: Frame, sigma: number, flat: number, edges: number): Promise<Frame> {
  return toFrame(openFrame(frame).sharpen({ sigma, m1: flat, m2: edges }))
}

/** Clockwise; other angles than multiples of 90 enlarge the canvas and leave its corners in `corner` (or transparent). */
async function rotate(frame: Frame, degrees: number, corner: Rgb | 'transparent'): Promise<Frame> {
  const background =
    corner === 'transparent'
      ? { r: 0, g: 0, b: 0, alpha: 0 }
      : { r: corner.red, g: corner.green, b: corner.blue, alpha: 1 }
  const needsAlpha = corner === 'transparent' && degrees % 90 !== 0
  const image = openFrame(frame)
  return toFrame((needsAlpha ? image.ensureAlpha() : image).rotate(degrees, { background }))
}

async function mirror(frame: Frame, axis: 'left_right' | 'top_bottom'): Promise<Frame> {
  return toFrame(axis === 'left_right' ? openFrame(frame).flop() : openFrame(frame).flip())
}

/** Four channels, opaque where there was none. */
function withAlpha(frame: Frame): Frame {
  if (frame.channels === 4) return frame
  const data = Buffer.allocUnsafe(frame.width * frame.height * 4)
  for (let from = 0, to = 0; to < data.length; from += 3, to += 4) {
    data[to] = frame.data[from]!
    data[to + 1] = frame.data[from + 1]!
    data[to + 2] = frame.data[from + 2]!
    data[to + 3] = 255
  }
  return { ...frame, data, channels: 4 }
}

/** Lays the frame over one colour; the result has three channels. */
function flatten(frame: Frame, colour: Rgb): Frame {
  if (frame.channels === 3) return frame
  const from = frame.data
  const data = Buffer.allocUnsafe(frame.width * frame.height * 3)
  const { red, green, blue } = colour
  for (let at = 0, to = 0; to < data.length; at += 4, to += 3) {
    const alpha = from[at + 3]!
    if (alpha === 255) {
      data[to] = from[at]!
      data[to + 1] = from[at + 1]!
      data[to + 2] = from[at + 2]!
      continue
    }
    const rest = 255 - alpha
    data[to] = (from[at]! * alpha + red * rest + 127) / 255
    data[to + 1] = (from[at + 1]! * alpha + green * rest + 127) / 255
    data[to + 2] = (from[at + 2]! * alpha + blue * rest + 127) / 255
  }
  return { ...frame, data, channels: 3 }
}

/** Lays the frame over an opaque picture of the same size; the result has three channels. */
function flattenOver(frame: Frame, under: Frame): Frame {
  if (frame.channels === 3) return frame
  const data = Buffer.allocUnsafe(frame.width * frame.height * 3)
  const step = under.channels
  for (let from = 0, to = 0, below = 0; to < data.length; from += 4, to += 3, below += step) {
    const alpha = frame.data[from + 3]!
    const rest = 255 - alpha
    data[to] = (frame.data[from]! * alpha + under.data[below]! * rest + 127) / 255
    data[to + 1] = (frame.data[from + 1]! * alpha + under.data[below + 1]! * rest + 127) / 255
    data[to + 2] = (frame.data[from + 2]! * alpha + under.data[below + 2]! * rest + 127) / 255
  }
  return { ...frame, data, channels: 3 }
}

/** The alpha channel as a grey picture; undefined when there is none. */
function alphaOf(frame: Frame): Grey | undefined {
  if (frame.channels === 3) return undefined
  const data = Buffer.allocUnsafe(frame.width * frame.height)
  for (let from = 3, to = 0; to < data.length; from += 4, to++) data[to] = frame.data[from]!
  return { data, width: frame.width, height: frame.height }
}

/** Lays four-channel `over` onto `canvas` at a whole position, mixing by alpha. Changes `canvas`. */
function composeOnto(canvas: Frame, over: Frame, at: { left: number; top: number; opacity: number }): void {
  const step = canvas.channels
  for (let y = Math.max(0, -at.top); y < over.height && y + at.top < canvas.height; y++) {
    for (let x = Math.max(0, -at.left); x < over.width && x + at.left < canvas.width; x++) {
      const from = (y * over.width + x) * 4
      const alpha = (over.data[from + 3]! / 255) * at.opacity
      if (alpha === 0) continue
      const to = ((y + at.top) * canvas.width + x + at.left) * step
      const below = step === 4 ? canvas.data[to + 3]! / 255 : 1
      const sum = alpha + below * (1 - alpha)
      for (let c = 0; c < 3; c++) {
        const mixed = over.data[from + c]! * alpha + canvas.data[to + c]! * below * (1 - alpha)
        canvas.data[to + c] = Math.round(mixed / sum)
      }
      if (step === 4) canvas.data[to + 3] = Math.round(sum * 255)
    }
  }
}

/** Text in white on transparent, `height` pixels a line, in whatever sans-serif the machine has. */
async function text(words: string, height: number): Promise<Frame> {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const image = sharp({
    text: {
      text: `<span foreground="white">${escaped}</span>`,
      font: 'sans bold',
      dpi: Math.max(24, Math.round(height * 4.2)),
      rgba: true,
    },
  })
  return toFrame(image.ensureAlpha())
}

export const pixels = {
  collect,
  resize,
  extract,
  extractAndResize,
  emptyFrame,
  placeOnto,
  resizeGrey,
  blurGrey,
  blur,
  sharpen,
  rotate,
  mirror,
  withAlpha,
  flatten,
  flattenOver,
  alphaOf,
  composeOnto,
  text,
}
