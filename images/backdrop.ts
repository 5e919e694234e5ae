/** What stands behind a cut-out: colour, gradient, image, and the soft shadow on it. Shared by `remove_background` and `background`. */
import { parseColour, type Rgb } from './colour.ts'
import type { Failure } from './failure.ts'
import type { Bench } from './operation.ts'
import type { Frame, Grey } from './pixels.ts'

export type Backdrop = {
  fill: 'transparent' | 'colour' | 'gradient' | 'image'
  colour: string
  colour_to: string
  angle: number
  image?: string | undefined
  shadow: 'none' | 'soft'
}

/** Replaces the bench's four-channel frame by itself over the backdrop; it stays transparent only with `transparent`. */
export async function layBackdrop(bench: Bench, backdrop: Backdrop): Promise<{ ok: true } | Failure> {
  if (backdrop.shadow === 'soft') await layShadow(bench)
  const { frame, pixels } = bench
  if (backdrop.fill === 'transparent') return { ok: true }
  if (backdrop.fill === 'colour') {
    bench.frame = pixels.flatten(frame, parseColour(backdrop.colour))
  } else if (backdrop.fill === 'gradient') {
    const from = parseColour(backdrop.colour)
    bench.frame = pixels.flattenOver(
      frame,
      gradient(frame, { from, to: parseColour(backdrop.colour_to), angle: backdrop.angle }),
    )
  } else {
    const asset = await bench.asset(backdrop.image ?? '')
    if (!asset.ok) return asset
    const under = pixels.flatten(asset.frame, { red: 255, green: 255, blue: 255 })
    const scale = Math.min(under.width / frame.width, under.height / frame.height)
    const width = Math.max(1, Math.min(under.width, Math.round(frame.width * scale)))
    const height = Math.max(1, Math.min(under.height, Math.round(frame.height * scale)))
    const box = {
      x: Math.floor((under.width - width) / 2),
      y: Math.floor((under.height - height) / 2),
      width,
      height,
    }
    bench.frame = pixels.flattenOver(frame, await pixels.extractAndResize(under, box, frame))
  }
  return { ok: true }
}

/** An even run from one colour to the other across the frame. Half a step of ordered noise keeps bands from showing. */
function gradient(
  size: { width: number; height: number },
  run: { from: Rgb; to: Rgb; angle: number },
): Frame {
  const { width, height } = size
  const radians = (run.angle * Math.PI) / 180
  const dx = Math.sin(radians)
  const dy = -Math.cos(radians)
  const length = Math.abs(dx) * width + Math.abs(dy) * height
  const data = Buffer.allocUnsafe(width * height * 3)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const at = ((x - width / 2) * dx + (y - height / 2) * dy) / length + 0.5
      const noise = (((x * 5 + y * 3) % 8) + 0.5) / 8
      data[to] = Math.floor(run.from.red + (run.to.red - run.from.red) * at + noise)
      data[to + 1] = Math.floor(run.from.green + (run.to.green - run.from.green) * at + noise)
      data[to + 2] = Math.floor(run.from.blue + (run.to.blue - run.from.blue) * at + noise)
    }
  }
  return { data, width, height, channels: 3 }
}

const shadowOpacity = 0.38

/** The subject's own outline, blurred and moved down by a fiftieth of the longer side, in black below it. Computed small: it has no detail to lose. */
async function layShadow(bench: Bench): Promise<void> {
  const { frame, pixels } = bench
  const alpha = pixels.alphaOf(frame)
  if (alpha === undefined) return
  const scale = Math.min(1, 512 / Math.max(frame.width, frame.height))
  const small = {
    width: Math.max(1, Math.round(frame.width * scale)),
    height: Math.max(1, Math.round(frame.height * scale)),
  }
  const long = Math.max(small.width, small.height)
  const blurred = await pixels.blurGrey(await pixels.resizeGrey(alpha, small, 'linear'), long / 45)
  const shadow = await pixels.resizeGrey(moveDown(blurred, Math.round(long / 50)), frame, 'linear')
  for (let at = 0, i = 0; i < shadow.data.length; i++, at += 4) {
    const over = frame.data[at + 3]!
    if (over === 255) continue
    const under = shadow.data[i]! * shadowOpacity * (1 - over / 255)
    const sum = over + under
    if (sum < 1) continue
    const keep = over / sum
    frame.data[at] = frame.data[at]! * keep
    frame.data[at + 1] = frame.data[at + 1]! * keep
    frame.data[at + 2] = frame.data[at + 2]! * keep
    frame.data[at + 3] = Math.round(sum)
  }
}

function moveDown(grey: Grey, rows: number): Grey {
  const data = Buffer.alloc(grey.data.length)
  grey.data.copy(data, rows * grey.width, 0, (grey.height - rows) * grey.width)
  return { ...grey, data }
}
