/**
 * What a photo shows: where its subject is, how much of it there is, how sure we are, which faces must stay whole, and on which sides the photo itself cuts the subject off. Measured on a small
 * map; used by `smart_crop`, `remove_background`, the compliance check.
 */
import { type Face, moveFace } from './faces.ts'
import type { Failure } from './failure.ts'
import { boxBlur } from './foreground-colours.ts'
import { type Box, intersection, type Size } from './geometry.ts'
import type { Bench } from './operation.ts'
import type { Frame, Grey } from './pixels.ts'

/** Longer side of the map: fine enough for a margin of one per cent, coarse enough to flood-fill in milliseconds. */
const mapSide = 512

/** Below this share of the frame there is no subject, above the other nothing but subject: both say that the mask does not help to choose. */
const leastCoverage = 0.004
const mostCoverage = 0.9

export type CutSides = { left: boolean; right: boolean; top: boolean; bottom: boolean }

export type Subject = {
  ok: true
  /** Weights 0..255 over the frame, smaller than it. */
  map: Grey
  /** In frame pixels; undefined when there is no subject to speak of. */
  box: Box | undefined
  /** Where the photo lies in the frame, in frame pixels, cut to the frame. */
  photo: Box
  coverage: number
  confidence: number
  cut: CutSides
  faces: Face[]
  reused: boolean
}

/** `which`: all patches that are large enough, or the largest alone. */
export async function subjectOfFrame(
  bench: Bench,
  which: 'all' | 'main' = 'all',
): Promise<Subject | Failure> {
  const { frame, pixels } = bench
  const size = mapSize(frame)
  const whole = { x: 0, y: 0, width: frame.width, height: frame.height }
  const photo = intersection(bench.placement ?? whole, whole) ?? whole
  const found = await bench.faces()
  if (!found.ok) return found
  let map: Grey
  let reused = true
  let confidence: number
  const alpha = bench.cutOut ? pixels.alphaOf(frame) : undefined
  if (alpha) {
    map = await pixels.resizeGrey(alpha, size, 'linear')
    confidence = confidenceOf(map)
  } else {
    const mask = await bench.mask()
    if ('ok' in mask) return mask
    map = maskOnMap(mask, bench, size)
    reused = mask.reused
    confidence = confidenceOf(mask)
  }
  const coverage = coverageOf(map)
  const solid = withoutSpecks(map, which === 'main' ? 1 : speckShare)
  const scale = { x: frame.width / size.width, y: frame.height / size.height }
  const inMap = solid.box
  const clear = coverage >= leastCoverage && (alpha !== undefined || coverage <= mostCoverage)
  if (!clear || inMap === undefined) {
    const detail = await detailMap(bench, size)
    const cut = { left: false, right: false, top: false, bottom: false }
    return {
      ok: true,
      map: detail,
      box: undefined,
      photo,
      coverage,
      confidence,
      cut,
      faces: found.faces,
      reused,
    }
  }
  const box = {
    x: inMap.x * scale.x,
    y: inMap.y * scale.y,
    width: inMap.width * scale.x,
    height: inMap.height * scale.y,
  }
  const photoOnMap = {
    x: photo.x / scale.x,
    y: photo.y / scale.y,
    width: photo.width / scale.x,
    height: photo.height / scale.y,
  }
  const cut = cutSides(solid.map, inMap, photoOnMap)
  return { ok: true, map: solid.map, box, photo, coverage, confidence, cut, faces: found.faces, reused }
}

/** Share of the picture that is more subject than not. */
export function coverageOf(mask: Grey): number {
  let on = 0
  for (const value of mask.data) if (value > 127) on++
  return on / Math.max(1, mask.data.length)
}

/** One patch of fog counts so many times: a sleeve that is grey spoils a cut-out, as much in tufts all around a head is hair. */
const patchWeight = 2.7

/**
 * 1 minus the share of the subject that lies in broad half-transparent patches, or minus that of the largest of them, weighed, if that is more. Edges and hair are half-transparent too, but thin; a
 * patch of grey wider than a face's eyebrow is a model that cannot decide. The largest patch is at most 4.9 % of what was cut out well among the photos that this was chosen on, and 6.2 % and up
 * where a sleeve, a shoulder or a seat came out as fog.
 */
export function confidenceOf(mask: Grey): number {
  const { data, width, height } = mask
  const half = new Float32Array(data.length)
  let any = 0
  for (let at = 0; at < data.length; at++) {
    if (data[at]! <= 25) continue
    any++
    if (data[at]! < 230) half[at] = 1
  }
  if (any === 0) return 0
  const around = boxBlur(
    half,
    { width, height, channels: 1 },
    Math.max(2, Math.round(Math.max(width, height) / 128)),
  )
  const fog = Buffer.alloc(data.length)
  let broad = 0
  for (let at = 0; at < data.length; at++) {
    if (half[at] !== 1 || around[at]! <= 0.8) continue
    fog[at] = 1
    broad++
  }
  const largest = patchesOf({ data: fog, width, height }, 0).areas.reduce(
    (most, area) => Math.max(most, area),
    0,
  )
  return Math.max(0, 1 - Math.max(broad, largest * patchWeight) / any)
}

function mapSize(frame: Size): Size {
  const scale = Math.min(1, mapSide / Math.max(frame.width, frame.height))
  return {
    width: Math.max(1, Math.round(frame.width * scale)),
    height: Math.max(1, Math.round(frame.height * scale)),
  }
}

/** The photo's mask as it falls on a small copy of the frame; what lies outside the photo is background. */
export function maskOnMap(mask: Grey, bench: { frame: Frame; placement: Box | undefined }, size: Size): Grey {
  const { frame } = bench
  const placement = bench.placement ?? { x: 0, y: 0, width: frame.width, height: frame.height }
  const data = Buffer.alloc(size.width * size.height)
  for (let y = 0; y < size.height; y++) {
    const my = (((y + 0.5) * frame.height) / size.height - placement.y) / placement.height
    if (my < 0 || my >= 1) continue
    const row = Math.floor(my * mask.height) * mask.width
    for (let x = 0; x < size.width; x++) {
      const mx = (((x + 0.5) * frame.width) / size.width - placement.x) / placement.width
      if (mx >= 0 && mx < 1) data[y * size.width + x] = mask.data[row + Math.floor(mx * mask.width)]!
    }
  }
  return { data, ...size }
}

/** A connected patch smaller than this share of the largest is a speck. */
const speckShare = 0.02

/** Drops patches smaller than this share of the largest, and boxes the rest. */
export function withoutSpecks(map: Grey, share = speckShare): { map: Grey; box: Box | undefined } {
  const { width, height } = map
  const { label, areas } = patchesOf(map, 80)
  const least = areas.reduce((most, area) => Math.max(most, area), 0) * share
  const data = Buffer.alloc(map.data.length)
  let left = width
  let right = -1
  let top = height
  let bottom = -1
  for (let at = 0; at < label.length; at++) {
    if (label[at] === 0 || areas[label[at]!]! < least) continue
    data[at] = map.data[at]!
    const x = at % width
    const y = (at - x) / width
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  const box = right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
  return { map: { ...map, data }, box }
}

/** Connected patches above a value: for each pixel the number of its patch, 0 for none, and for each number its area. */
export function patchesOf(map: Grey, above: number): { label: Int32Array; areas: number[] } {
  const { width, height } = map
  const label = new Int32Array(width * height)
  const areas: number[] = [0]
  const stack: number[] = []
  // Outside the loop: inside, it would be made anew for every pixel.
  const visit = (at: number, name: number) => {
    if (label[at] !== 0 || map.data[at]! <= above) return
    label[at] = name
    stack.push(at)
  }
  for (let start = 0; start < label.length; start++) {
    if (label[start] !== 0 || map.data[start]! <= above) continue
    const name = areas.length
    let area = 0
    visit(start, name)
    while (stack.length > 0) {
      const at = stack.pop()!
      area++
      const x = at % width
      if (x > 0) visit(at - 1, name)
      if (x < width - 1) visit(at + 1, name)
      if (at >= width) visit(at - width, name)
      if (at < label.length - width) visit(at + width, name)
    }
    areas.push(area)
  }
  return { label, areas }
}

/** A subject that touches an edge of the photo along this share of its own extent is cut off there; less is a whisker or a toe. */
const cutShare = 0.12

function cutSides(map: Grey, box: Box, photo: Box): CutSides {
  const left = Math.max(0, Math.round(photo.x))
  const right = Math.min(map.width, Math.round(photo.x + photo.width)) - 1
  const top = Math.max(0, Math.round(photo.y))
  const bottom = Math.min(map.height, Math.round(photo.y + photo.height)) - 1
  const column = (x: number) => {
    let on = 0
    for (let y = top; y <= bottom; y++) if (map.data[y * map.width + x]! > 127) on++
    return on / box.height
  }
  const row = (y: number) => {
    let on = 0
    for (let x = left; x <= right; x++) if (map.data[y * map.width + x]! > 127) on++
    return on / box.width
  }
  return {
    left: column(left) > cutShare,
    right: column(right) > cutShare,
    top: row(top) > cutShare,
    bottom: row(bottom) > cutShare,
  }
}

/** Where a photo without a clear subject is busy: the size of brightness steps, weighed towards the middle. */
async function detailMap(bench: Bench, size: Size): Promise<Grey> {
  const small = await bench.pixels.resize(bench.frame, size)
  const light = (at: number) => {
    const i = at * small.channels
    return small.data[i]! * 0.3 + small.data[i + 1]! * 0.59 + small.data[i + 2]! * 0.11
  }
  const data = Buffer.alloc(size.width * size.height)
  for (let y = 1; y < size.height - 1; y++) {
    for (let x = 1; x < size.width - 1; x++) {
      const at = y * size.width + x
      const step =
        Math.abs(light(at + 1) - light(at - 1)) + Math.abs(light(at + size.width) - light(at - size.width))
      const dx = x / size.width - 0.5
      const dy = y / size.height - 0.5
      data[at] = Math.min(255, step * (1 - 0.8 * Math.hypot(dx, dy)))
    }
  }
  return { data, ...size }
}

/** The photo's faces as they lie in the frame; those that a crop left outside are gone. */
export function facesOnFrame(
  faces: Face[],
  photo: Size,
  bench: { frame: Frame; placement: Box | undefined },
): Face[] {
  const { frame } = bench
  const placement = bench.placement ?? { x: 0, y: 0, width: frame.width, height: frame.height }
  const move = {
    scaleX: placement.width / photo.width,
    scaleY: placement.height / photo.height,
    x: placement.x,
    y: placement.y,
  }
  return faces
    .map((face) => moveFace(face, move))
    .filter(({ box }) => {
      const x = box.x + box.width / 2
      const y = box.y + box.height / 2
      return x >= 0 && y >= 0 && x < frame.width && y < frame.height
    })
}
