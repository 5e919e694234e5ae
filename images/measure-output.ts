/**
 * What a finished picture is like, as far as marketplaces ask: measured once on its pixels, by the decoder child that made it, and kept with the item's report. `compliance.ts` needs nothing else.
 *
 * Pure. Measured before encoding: a JPEG at the qualities we write keeps pure white pure away from edges.
 */
import { type Box, inShares } from './geometry.ts'
import type { Frame } from './pixels.ts'

export type OutputMeasures = {
  /** Share of the outermost pixels that are pure, opaque white. */
  whiteBorder: number
  /** Share of the upper edge and of the upper two fifths of the sides that are white or nearly so: what stands behind a head. */
  lightTop: number
  /** The longer relative side of the box around what is neither white nor transparent, 0 to 1. */
  fill: number
  /** Output pixels per pixel of the photo along a side; above 1 the picture was enlarged. */
  upscale: number
  /** Where the picture lies in the upright photo, in shares of it; beyond 0 to 1 where there was room added. Absent where it was turned or mirrored. */
  photoBox?: Box
  /** Name of the colour profile that the file carries; absent where it is sRGB. */
  profile?: string
  /** How many faces are seen; absent where no step has looked for any. */
  faces?: number
  /** The largest head, chin to crown and the height of its eyes, as shares of the picture's height from the top. */
  head?: { share: number; eyes: number }
}

/** White enough to be background in a JPEG, whose noise next to an edge is a few steps. */
const nearWhite = 248

/** White enough to stand behind a head: off-white is allowed there. */
const lightEnough = 235

/** No more pixels than this along a side are looked at: a margin of one per cent shows in them all the same. */
const mostSamples = 1600

export function measureFrame(frame: Frame): Pick<OutputMeasures, 'whiteBorder' | 'lightTop' | 'fill'> {
  return { whiteBorder: whiteBorder(frame), lightTop: lightTop(frame), fill: fillOf(frame) }
}

/** `placement` is where the photo lies in the frame, as on the bench. */
export function placeInPhoto(frame: Frame, placement: Box | undefined): Pick<OutputMeasures, 'photoBox'> {
  if (placement === undefined) return {}
  const { width, height } = frame
  return { photoBox: inShares({ x: 0, y: 0, width, height }, placement) }
}

/** The least channel of a pixel, or -1 where it is not opaque. */
function leastChannel({ data, channels }: Frame, pixel: number): number {
  const at = pixel * channels
  if (channels === 4 && data[at + 3] !== 255) return -1
  return Math.min(data[at]!, data[at + 1]!, data[at + 2]!)
}

function whiteBorder(frame: Frame): number {
  const { width, height } = frame
  let white = 0
  let all = 0
  const count = (x: number, y: number) => {
    all++
    if (leastChannel(frame, y * width + x) === 255) white++
  }
  for (let x = 0; x < width; x++) {
    count(x, 0)
    count(x, height - 1)
  }
  for (let y = 1; y < height - 1; y++) {
    count(0, y)
    count(width - 1, y)
  }
  return white / all
}

function lightTop(frame: Frame): number {
  const { width, height } = frame
  let light = 0
  let all = 0
  const count = (x: number, y: number) => {
    all++
    if (leastChannel(frame, y * width + x) >= lightEnough) light++
  }
  for (let x = 0; x < width; x++) count(x, 0)
  for (let y = 1; y < height * 0.4; y++) {
    count(0, y)
    count(width - 1, y)
  }
  return light / all
}

/** A row or a column belongs to the subject when this share of it, and at least two pixels, are not white: single specks of JPEG noise do not. */
const leastOfLine = 0.002

function fillOf({ data, width, height, channels }: Frame): number {
  const step = Math.max(1, Math.floor(Math.max(width, height) / mostSamples))
  const columns = new Uint32Array(Math.ceil(width / step))
  const rows = new Uint32Array(Math.ceil(height / step))
  for (let y = 0, row = 0; y < height; y += step, row++) {
    for (let x = 0, column = 0; x < width; x += step, column++) {
      const at = (y * width + x) * channels
      if (channels === 4 && data[at + 3]! < 8) continue
      if (data[at]! >= nearWhite && data[at + 1]! >= nearWhite && data[at + 2]! >= nearWhite) continue
      columns[column] = columns[column]! + 1
      rows[row] = rows[row]! + 1
    }
  }
  const extent = (lines: Uint32Array, other: number) => {
    const least = Math.max(2, other * leastOfLine)
    const first = lines.findIndex((count) => count >= least)
    return first < 0 ? 0 : (lines.findLastIndex((count) => count >= least) - first + 1) / lines.length
  }
  return Math.max(extent(columns, rows.length), extent(rows, columns.length))
}
