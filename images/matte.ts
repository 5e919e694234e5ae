/** From the model's square mask to an alpha channel of the frame's own size, with clean edge colours. Used by `remove_background`. */
import { type EdgeModel, edgeChannels, edgeModel } from './edge-model.ts'
import { boxBlur, type ColourField, foregroundColours } from './foreground-colours.ts'
import { intersection, type Size } from './geometry.ts'
import type { Bench } from './operation.ts'
import type { Frame, Grey, Pixels } from './pixels.ts'

/** Colours in front and behind are smooth: estimated at this longer side, they serve any resolution. */
const colourSide = 512

/** The mask at the frame's size; the part of the frame outside the photo is background. */
export async function matteOfFrame(bench: Bench, mask: Grey): Promise<Grey> {
  const { frame, pixels } = bench
  const whole = { x: 0, y: 0, width: frame.width, height: frame.height }
  const placement = bench.placement ?? whole
  const seen = intersection(placement, whole)
  if (seen === undefined)
    return { data: Buffer.alloc(frame.width * frame.height), width: frame.width, height: frame.height }
  if (
    seen.width === placement.width &&
    seen.height === placement.height &&
    seen.width === frame.width &&
    seen.height === frame.height
  ) {
    return pixels.resizeGrey(mask, frame)
  }
  const perX = mask.width / placement.width
  const perY = mask.height / placement.height
  const left = Math.max(0, Math.floor((seen.x - placement.x) * perX))
  const top = Math.max(0, Math.floor((seen.y - placement.y) * perY))
  const right = Math.min(mask.width, Math.ceil((seen.x + seen.width - placement.x) * perX))
  const bottom = Math.min(mask.height, Math.ceil((seen.y + seen.height - placement.y) * perY))
  const part = cutGrey(mask, { left, top, right, bottom })
  const scaled = await pixels.resizeGrey(part, {
    width: Math.max(1, Math.round(part.width / perX)),
    height: Math.max(1, Math.round(part.height / perY)),
  })
  return placeGrey(scaled, frame, Math.round(placement.x + left / perX), Math.round(placement.y + top / perY))
}

function cutGrey(grey: Grey, cut: { left: number; top: number; right: number; bottom: number }): Grey {
  const width = Math.max(1, cut.right - cut.left)
  const height = Math.max(1, cut.bottom - cut.top)
  const data = Buffer.allocUnsafe(width * height)
  for (let y = 0; y < height; y++) {
    const from = (cut.top + y) * grey.width + cut.left
    grey.data.copy(data, y * width, from, from + width)
  }
  return { data, width, height }
}

function placeGrey(part: Grey, size: Size, left: number, top: number): Grey {
  const data = Buffer.alloc(size.width * size.height)
  const x0 = Math.max(0, -left)
  const x1 = Math.min(part.width, size.width - left)
  for (let y = Math.max(0, -top); y < Math.min(part.height, size.height - top); y++) {
    if (x1 > x0)
      part.data.copy(data, (y + top) * size.width + left + x0, y * part.width + x0, y * part.width + x1)
  }
  return { data, width: size.width, height: size.height }
}

/** Cells of so many mask pixels are judged as one; a power of two, so that a pixel finds its cell by a shift. */
const hazeShift = 3
const hazeCell = 1 << hazeShift

/** Haze whose neighbourhood never gets more solid than the first share is dropped; from the second on it stays as it is. */
const hazeFrom = 0.3
const hazeTo = 0.7

/**
 * Drops faint patches that belong to nothing solid (the ghost of a branch, a pattern on the wall). Hair and glass stay: within three cells of them something is opaque.
 */
export function withoutHaze<Mask extends Grey>(mask: Mask): Mask {
  const columns = Math.ceil(mask.width / hazeCell)
  const rows = Math.ceil(mask.height / hazeCell)
  const strongest = new Uint8Array(columns * rows)
  const { width, height, data: given } = mask
  for (let y = 0, at = 0; y < height; y++) {
    const row = (y >> hazeShift) * columns
    for (let x = 0; x < width; x++, at++) {
      const value = given[at]!
      const cell = row + (x >> hazeShift)
      if (value > strongest[cell]!) strongest[cell] = value
    }
  }
  const keep = new Float32Array(columns * rows)
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let most = 0
      for (let ny = Math.max(0, y - 3); ny <= Math.min(rows - 1, y + 3); ny++) {
        for (let nx = Math.max(0, x - 3); nx <= Math.min(columns - 1, x + 3); nx++)
          most = Math.max(most, strongest[ny * columns + nx]!)
      }
      const t = Math.max(0, Math.min(1, (most / 255 - hazeFrom) / (hazeTo - hazeFrom)))
      keep[y * columns + x] = t * t * (3 - 2 * t)
    }
  }
  const data = Buffer.allocUnsafe(given.length)
  const smooth = boxBlur(keep, { width: columns, height: rows, channels: 1 }, 1)
  for (let y = 0; y < height; y++) {
    const row = (y >> hazeShift) * columns
    for (let column = 0; column < columns; ) {
      const kept = smooth[row + column]!
      let next = column + 1
      while (next < columns && smooth[row + next] === kept) next++
      const from = y * width + (column << hazeShift)
      const to = y * width + Math.min(width, next << hazeShift)
      // Nearly all of a mask is kept as it is or dropped.
      if (kept === 1) given.copy(data, from, from, to)
      else if (kept === 0) data.fill(0, from, to)
      else for (let at = from; at < to; at++) data[at] = given[at]! * kept
      column = next
    }
  }
  return { ...mask, data }
}

/** Writes `matte` into the alpha of the four-channel frame, gives edge pixels the subject's own colour, and empties what is transparent. Changes `frame`. */
export async function applyMatte(frame: Frame, matte: Grey, pixels: Pixels): Promise<void> {
  const scale = Math.min(1, colourSide / Math.max(frame.width, frame.height))
  const size = {
    width: Math.max(2, Math.round(frame.width * scale)),
    height: Math.max(2, Math.round(frame.height * scale)),
  }
  const small = pixels.flatten(await pixels.resize(frame, size), { red: 255, green: 255, blue: 255 })
  const smallMatte = await pixels.resizeGrey(matte, size, 'linear')
  const edges = edgeModel({ rgb: small.data, alpha: smallMatte.data, ...size })
  const alpha = followEdges(small, smallMatte, edges)
  const field = foregroundColours({ rgb: small.data, alpha, ...size })
  writeMatte(frame, matte, { edges, field })
}

/** The small matte as the edge model has it. */
function followEdges({ data: rgb }: Frame, matte: Grey, edges: EdgeModel): Uint8Array {
  const alpha = Uint8Array.from(matte.data)
  for (let at = 0; at < alpha.length; at++) {
    if (edges.near[at] === 1) alpha[at] = followed(edges.data, at * edgeChannels, rgb, at * 3, alpha[at]!)
  }
  return alpha
}

/** Alpha of a pixel by what its colour says, 0..255; `model` and `at` are the edge model's five values. */
function followed(
  model: Float32Array | Float64Array,
  at: number,
  rgb: Uint8Array,
  pixel: number,
  given: number,
): number {
  const [r, g, b] = [rgb[pixel]!, rgb[pixel + 1]!, rgb[pixel + 2]!]
  const said = model[at]! * r + model[at + 1]! * g + model[at + 2]! * b + model[at + 3]! * 255
  const believed = model[at + 4]!
  const alpha = Math.max(0, Math.min(255, said)) * believed + given * (1 - believed)
  return Math.max(0, Math.min(255, (alpha - 255 * ends) / (1 - 2 * ends)))
}

/** A straight line never quite reaches its ends: so near to them is there. */
const ends = 0.06

/** Every pixel gets its alpha, and those that mix two colours their own. Changes `frame`. */
function writeMatte(frame: Frame, matte: Grey, small: { edges: EdgeModel; field: ColourField }): void {
  const { edges, field } = small
  const { data, width, height } = frame
  const onSmall = (at: number, side: number, smallSide: number) =>
    Math.max(0, Math.min(smallSide - 1, ((at + 0.5) * smallSide) / side - 0.5))
  const columns = Float64Array.from({ length: width }, (_, x) => onSmall(x, width, field.width))
  const nearest = Int32Array.from(columns, Math.round)
  const mixed = new Float64Array(6)
  const model = new Float64Array(edgeChannels)
  const matteData = matte.data
  for (let y = 0, at = 0, to = 0; y < height; y++) {
    const fieldY = onSmall(y, height, field.height)
    const nearRow = Math.round(fieldY) * field.width
    for (let x = 0; x < width; x++, at++, to += 4) {
      let alpha = matteData[at]!
      if (edges.near[nearRow + nearest[x]!] === 1) {
        sample(edges, edgeChannels, columns[x]!, fieldY, model)
        alpha = Math.round(followed(model, 0, data, to, alpha))
      }
      alpha = levelled[alpha]!
      const before = data[to + 3]!
      // Most pixels are one or the other, and nothing has to be done to them.
      if (alpha === 255) continue
      if (alpha === 0 || before === 0) {
        data[to] = 0
        data[to + 1] = 0
        data[to + 2] = 0
        data[to + 3] = 0
        continue
      }
      data[to + 3] = before === 255 ? alpha : Math.round((alpha * before) / 255)
      if (alpha >= 250) continue
      sample(field, 6, columns[x]!, fieldY, mixed)
      const a = alpha / 255
      for (let c = 0; c < 3; c++) {
        const front = mixed[c]!
        const value = front + a * (data[to + c]! - a * front - (1 - a) * mixed[3 + c]!)
        data[to + c] = Math.max(0, Math.min(255, value))
      }
    }
  }
}

/** The model is never quite sure: 1 or 2 of 255 over a plain background, 253 inside. Those are ends of the scale. */
const levelled = Uint8Array.from({ length: 256 }, (_, alpha) =>
  alpha <= 4 ? 0 : alpha >= 251 ? 255 : Math.round(((alpha - 4) * 255) / 247),
)

function sample(
  field: { data: Float32Array; width: number; height: number },
  channels: number,
  x: number,
  y: number,
  into: Float64Array,
): void {
  const x0 = Math.min(field.width - 2, Math.floor(x))
  const y0 = Math.min(field.height - 2, Math.floor(y))
  const fx = x - x0
  const fy = y - y0
  const a = (y0 * field.width + x0) * channels
  const b = a + field.width * channels
  for (let c = 0; c < channels; c++) {
    const upper = field.data[a + c]! * (1 - fx) + field.data[a + channels + c]! * fx
    const lower = field.data[b + c]! * (1 - fx) + field.data[b + channels + c]! * fx
    into[c] = upper * (1 - fy) + lower * fy
  }
}

/** Pixels that cannot be seen keep no colour. Changes `frame`. */
export function clearTransparent(frame: Frame): void {
  if (frame.channels === 3) return
  const { data } = frame
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 0) {
      data[at] = 0
      data[at + 1] = 0
      data[at + 2] = 0
    }
  }
}
