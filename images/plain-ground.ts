/**
 * Photos before one even colour, as shops take them: what is not that colour is subject, also where the model picked only the largest of several things.
 * Pure; works on the very pixels that the model saw.
 *
 * Soft shadows stay out: they are darker than the ground without having another hue.
 */
import type { Frame, Grey } from './pixels.ts'
import { patchesOf } from './subject.ts'

/** Outermost pixels that are asked for the ground's colour, and how even they must be. */
const ring = 6
const leastGround = 0.4
const evenStep = 12
const leastEven = 0.96

/** Distance from the ground at which a pixel begins to be something else, and is so for sure. */
const otherFrom = 45
const otherTo = 105

/** So much darker than the ground may a shadow be. */
const shadowDrop = 80

/** A thing smaller than this share of the picture is dirt, unless the model saw some of it. */
const leastThing = 0.004

/** The mask mended, or the same when there is no plain ground. `rgb` has the mask's size and three channels. */
export function withPlainGround(mask: Grey, rgb: Frame): Grey {
  const ground = groundColour(mask, rgb)
  if (ground === undefined) return mask
  const other = Buffer.alloc(mask.data.length)
  for (let at = 0, i = 0; at < other.length; at++, i += 3) {
    const difference = otherness(rgb.data, i, ground)
    other[at] = Math.max(0, Math.min(255, ((difference - otherFrom) * 255) / (otherTo - otherFrom)))
  }
  const kept = keptThings({ ...mask, data: other }, mask)
  const data = Buffer.from(mask.data)
  for (let y = 0, at = 0; y < mask.height; y++) {
    const row = Math.floor(y / cell) * kept.width
    for (let x = 0; x < mask.width; x++, at++)
      if (kept.data[row + Math.floor(x / cell)] !== 0) data[at] = Math.max(data[at]!, other[at]!)
  }
  return { ...mask, data }
}

/** Things are told apart in cells of so many pixels a side: a quarter of the work, and no gap that matters is closed. */
const cell = 2

/** Cells of things that are large enough or that the model saw some of: 1, others 0. */
function keptThings(other: Grey, mask: Grey): Grey {
  const width = Math.ceil(other.width / cell)
  const height = Math.ceil(other.height / cell)
  const data = Buffer.alloc(width * height)
  const known = Buffer.alloc(width * height)
  for (let y = 0, at = 0; y < other.height; y++) {
    const row = Math.floor(y / cell) * width
    for (let x = 0; x < other.width; x++, at++) {
      const to = row + Math.floor(x / cell)
      if (other.data[at]! > data[to]!) data[to] = other.data[at]!
      if (mask.data[at]! > 127) known[to] = 1
    }
  }
  const { label, areas } = patchesOf({ data, width, height }, 127)
  const seen = new Uint8Array(areas.length)
  for (let at = 0; at < label.length; at++) if (known[at] === 1) seen[label[at]!] = 1
  const least = label.length * leastThing
  for (let at = 0; at < label.length; at++) {
    const name = label[at]!
    data[at] = name !== 0 && (seen[name] === 1 || areas[name]! >= least) ? 1 : 0
  }
  return { data, width, height }
}

/** The colour of what the model holds for background along the edge; undefined when there is little of it or it is not even. */
function groundColour(mask: Grey, rgb: Frame): [number, number, number] | undefined {
  const { width, height } = mask
  const counts = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)]
  const places: number[] = []
  let all = 0
  for (let y = 0; y < height; y++) {
    const inner = y >= ring && y < height - ring
    for (let x = 0; x < width; x = inner && x === ring - 1 ? width - ring : x + 1) {
      all++
      const at = y * width + x
      if (mask.data[at]! > 12) continue
      places.push(at)
      for (let c = 0; c < 3; c++) counts[c]![rgb.data[at * 3 + c]!]!++
    }
  }
  if (places.length < all * leastGround) return undefined
  const ground = counts.map((each) => median(each, places.length)) as [number, number, number]
  let even = 0
  for (const at of places) {
    const d = Math.max(...ground.map((value, c) => Math.abs(rgb.data[at * 3 + c]! - value)))
    if (d <= evenStep) even++
  }
  return even >= places.length * leastEven ? ground : undefined
}

function median(counts: Uint32Array, total: number): number {
  let sum = 0
  for (let value = 0; value < 256; value++) {
    sum += counts[value]!
    if (sum * 2 >= total) return value
  }
  return 255
}

/** How far a pixel is from the ground, with what a shadow would do taken off: a shadow takes the same share of every channel. */
function otherness(data: Buffer, at: number, ground: [number, number, number]): number {
  const [r, g, b] = ground
  const red = data[at]! - r
  const green = data[at + 1]! - g
  const blue = data[at + 2]! - b
  const most = Math.max(Math.abs(red), Math.abs(green), Math.abs(blue))
  if (most <= otherFrom || red > 0 || green > 0 || blue > 0) return most
  const ofRed = red / Math.max(1, r)
  const ofGreen = green / Math.max(1, g)
  const ofBlue = blue / Math.max(1, b)
  const hue = (Math.max(ofRed, ofGreen, ofBlue) - Math.min(ofRed, ofGreen, ofBlue)) * 255
  return Math.max(hue, most - shadowDrop)
}
