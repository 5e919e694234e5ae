/**
 * Where to cut. Pure geometry over the subject's map, its box and the faces.
 *
 * Invariants
 *  1. The window has the aspect asked for.
 *  2. It stays inside the frame, except with `pad`, and of a cut-out with `subject` that does not fit and with `head` above and beside it: there it may reach beyond.
 *  3. A face that fits stays whole with a quarter of its size around it; after that as much of the subject as possible; after that the subject sits where it was asked to.
 *  4. A side on which the photo itself cuts the subject off gets no margin: a cut edge belongs at the edge.
 *  5. Headroom that was asked for goes before margin and alignment, as far as 2 and 3 leave room.
 */
import type { Face } from './faces.ts'
import { around, type Box, type Size } from './geometry.ts'
import { headOf } from './head.ts'
import { type Alignment, alignmentShares } from './operations/setting-shapes.ts'
import type { Grey } from './pixels.ts'
import type { CutSides } from './subject.ts'

export type CropRequest = {
  frame: Size
  subject: { map: Grey; box: Box | undefined; cut: CutSides; faces: Face[] }
  /** Width over height. */
  ratio: number
  mode: 'fill' | 'subject' | 'head' | 'pad'
  /** Share of the output left on each side of the subject. */
  margin: number
  align: Alignment
  /** Share of the output above the subject, or above the highest head where there are faces. */
  headroom?: number | undefined
  /** With `head`: chin to crown as a share of the output's height, and how far down its eyes are. */
  headHeight?: number | undefined
  eyeLine?: number | undefined
  /** Nothing stands behind the subject, so that windows of `head` and `subject` may reach beyond the frame. */
  mayReachBeyond?: boolean
}

/** `method` is the rule that decided, for the receipt. */
export type CropWindow = { box: Box; method: 'faces' | 'subject' | 'detail' | 'head' | 'pad' }

const facePadding = 0.25

/** The height of a head-and-shoulders window in face heights, and where the eyes sit in it. */
const headHeights = 2.6
const eyeLine = 0.42

export function chooseWindow(request: CropRequest): CropWindow {
  const { subject, mode } = request
  if (mode === 'head' && subject.faces.length > 0) return headWindow(request)
  if (subject.box === undefined || mode === 'fill') return fillWindow(request, wholeFrame(request.frame))
  if (mode === 'pad') return padWindow(request, subject.box)
  return closeWindow(request, subject.box)
}

/** A box that is off its shape by no more than this many pixels has it. */
const shapeSlack = 1

/**
 * The smallest window of the shape around a box that a person chose, with the box in its middle; within `frame` it is moved to where there is room, and smaller where there is too little. Without
 * `frame` it may reach beyond. A box that has the shape comes back as it is.
 */
export function windowAround(box: Box, ratio: number, frame: Size | undefined): Box {
  if (Math.abs(box.width - box.height * ratio) <= shapeSlack) return box
  const room = frame ? Math.min(frame.width, frame.height * ratio) : Number.POSITIVE_INFINITY
  const width = Math.min(room, Math.max(box.width, box.height * ratio))
  const height = width / ratio
  const inside = (at: number, size: number, whole: number | undefined) =>
    whole === undefined ? at : Math.max(0, Math.min(whole - size, at))
  return {
    x: inside(box.x + (box.width - width) / 2, width, frame?.width),
    y: inside(box.y + (box.height - height) / 2, height, frame?.height),
    width,
    height,
  }
}

const wholeFrame = (frame: Size): Box => ({ x: 0, y: 0, width: frame.width, height: frame.height })

/** The largest window inside `bounds`, moved along the one side on which it has room. */
function fillWindow(request: CropRequest, bounds: Box): CropWindow {
  const { ratio, subject, frame } = request
  const wide = bounds.width / bounds.height > ratio
  const width = wide ? bounds.height * ratio : bounds.width
  const height = wide ? bounds.height : bounds.width / ratio
  const share = alignmentShares(request.align)
  const faces = subject.faces.map(({ box }) => box)
  const method = faces.length > 0 ? 'faces' : subject.box ? 'subject' : 'detail'
  if (wide) {
    const x = bestStart({
      from: bounds.x,
      length: bounds.width,
      window: width,
      weights: columnWeights(subject.map),
      cell: frame.width / subject.map.width,
      faces: faces.map((box) => ({ start: box.x, length: box.width, weight: box.width * box.height })),
      target: target(
        subject.box && { start: subject.box.x, length: subject.box.width },
        width,
        share.x,
        bounds.x + bounds.width / 2,
      ),
    })
    return { box: { x, y: bounds.y, width, height }, method }
  }
  const allFaces = around(faces)
  let wanted = target(
    subject.box && { start: subject.box.y, length: subject.box.height },
    height,
    share.y,
    bounds.y + bounds.height / 2,
  )
  // People are framed by their heads: eyes above the middle rather than the belly in it.
  if (allFaces) wanted = Math.min(wanted, allFaces.y + allFaces.height / 2 - height * 0.38)
  if (request.headroom !== undefined) wanted = topOf(request) - height * request.headroom
  const y = bestStart({
    from: bounds.y,
    length: bounds.height,
    window: height,
    weights: rowWeights(subject.map),
    cell: frame.height / subject.map.height,
    faces: faces.map((box) => ({ start: box.y, length: box.height, weight: box.width * box.height })),
    target: wanted,
  })
  return { box: { x: bounds.x, y, width, height }, method }
}

/** What headroom is measured from: the highest crown, or the upper edge of the subject. */
function topOf({ subject, frame }: CropRequest): number {
  const crowns = subject.faces.map((face) => headOf(face, subject.map, frame).crown)
  return crowns.length > 0 ? Math.min(...crowns) : (subject.box?.y ?? 0)
}

/** Where a window would start for the subject to sit at `share` of it. */
function target(
  extent: { start: number; length: number } | undefined,
  window: number,
  share: number,
  middle: number,
): number {
  if (extent === undefined) return middle - window / 2
  return extent.start + extent.length * share - window * share
}

type Slide = {
  from: number
  length: number
  window: number
  /** Subject per map cell along this side. */
  weights: Float64Array
  /** Frame pixels a cell. */
  cell: number
  faces: { start: number; length: number; weight: number }[]
  target: number
}

/** Tries positions along one side; whole faces count most, then subject, then closeness to the target. */
function bestStart(slide: Slide): number {
  const { from, length, window, weights, cell } = slide
  if (window >= length - 0.5) return from
  const sums = new Float64Array(weights.length + 1)
  for (let i = 0; i < weights.length; i++) sums[i + 1] = sums[i]! + weights[i]!
  const total = sums[weights.length]! || 1
  const until = (position: number) => {
    const at = Math.max(0, Math.min(weights.length, position / cell))
    const whole = Math.floor(at)
    return sums[whole]! + (whole < weights.length ? (at - whole) * weights[whole]! : 0)
  }
  const faceTotal = slide.faces.reduce((sum, face) => sum + face.weight, 0)
  const steps = 400
  let best = from
  let bestScore = Number.NEGATIVE_INFINITY
  for (let i = 0; i <= steps; i++) {
    const start = from + ((length - window) * i) / steps
    let score = (until(start + window) - until(start)) / total
    for (const face of slide.faces) score += (2 * face.weight * faceScore(face, start, slide)) / faceTotal
    score -= (0.15 * Math.abs(start - slide.target)) / length
    if (score > bestScore) {
      bestScore = score
      best = start
    }
  }
  return best
}

/**
 * 1 for a face that is whole with its padding, 0 for one that is left out, and less than 0 for one that is cut: of three faces where two fit, two whole ones are right and two and a half are not.
 * A face larger than the window cannot be whole; of it, the more the better.
 */
function faceScore(face: { start: number; length: number }, start: number, slide: Slide): number {
  const { from, length, window } = slide
  const pad = face.length * facePadding
  const inside = (low: number, high: number) =>
    Math.max(0, Math.min(start + window, high) - Math.max(start, low)) / Math.max(1e-9, high - low)
  const padded = inside(
    Math.max(face.start - pad, from),
    Math.min(face.start + face.length + pad, from + length),
  )
  if (padded > 0.995) return 1
  if (face.length > window) return 0.6 * padded * padded
  const bare = inside(face.start, face.start + face.length)
  return bare > 0.995 ? 0.8 * padded : -3 * bare * (1 - bare)
}

function columnWeights(map: Grey): Float64Array {
  const sums = new Float64Array(map.width)
  for (let y = 0, at = 0; y < map.height; y++)
    for (let x = 0; x < map.width; x++, at++) sums[x] = sums[x]! + map.data[at]!
  return sums
}

function rowWeights(map: Grey): Float64Array {
  const sums = new Float64Array(map.height)
  for (let y = 0, at = 0; y < map.height; y++)
    for (let x = 0; x < map.width; x++, at++) sums[y] = sums[y]! + map.data[at]!
  return sums
}

/** Close around the subject with its margin, inside the frame; the largest window when the subject does not fit one. */
function closeWindow(request: CropRequest, box: Box): CropWindow {
  const { frame, ratio, margin } = request
  const inner = 1 - 2 * margin
  const width = Math.max(box.width / inner, (box.height / (1 - margin - upperMargin(request))) * ratio)
  const height = width / ratio
  if (width > frame.width || height > frame.height) {
    // Around a cut-out there is room, and cutting into it would help nobody.
    return request.mayReachBeyond ? padWindow(request, box) : fillWindow(request, wholeFrame(frame))
  }
  const share = alignmentShares(request.align)
  const x = seat(box.x, box.width, { window: width, margin, share: share.x })
  const y = headed(request, {
    y: seat(box.y, box.height, { window: height, margin, share: share.y }),
    height,
  })
  return {
    box: {
      x: Math.max(0, Math.min(frame.width - width, x)),
      y: Math.max(0, Math.min(frame.height - height, y)),
      width,
      height,
    },
    method: 'subject',
  }
}

/** The margin above the subject: the headroom where that was asked for. */
function upperMargin({ headroom, margin }: CropRequest): number {
  return headroom ?? margin
}

/** Moves a window to the headroom asked for. */
function headed(request: CropRequest, window: { y: number; height: number }): number {
  return request.headroom === undefined ? window.y : topOf(request) - window.height * request.headroom
}

/** Where a window starts so that the subject keeps `margin` and the room left over is shared out by `share`. */
function seat(
  start: number,
  length: number,
  place: { window: number; margin: number; share: number },
): number {
  const border = place.margin * place.window
  const room = Math.max(0, place.window - length - 2 * border)
  return start - border - room * place.share
}

/** The whole subject with its margin, beyond the photo where need be; sides that the photo cuts stay at the edge. */
function padWindow(request: CropRequest, box: Box): CropWindow {
  const { ratio, margin, subject } = request
  const { cut } = subject
  const marginX = (cut.left ? 0 : margin) + (cut.right ? 0 : margin)
  const marginY = (cut.top ? 0 : upperMargin(request)) + (cut.bottom ? 0 : margin)
  const acrossOnly = cut.left && cut.right
  const downOnly = cut.top && cut.bottom
  let width = Math.max(box.width / (1 - marginX), (box.height / (1 - marginY)) * ratio)
  if (acrossOnly) width = box.width
  if (downOnly) width = acrossOnly ? Math.min(box.width, box.height * ratio) : box.height * ratio
  const height = width / ratio
  if (width < box.width - 0.5 || height < box.height - 0.5) return fillWindow(request, box)
  const share = alignmentShares(request.align)
  const x = cut.left
    ? box.x
    : cut.right
      ? box.x + box.width - width
      : seat(box.x, box.width, { window: width, margin, share: share.x })
  const y = cut.bottom
    ? box.y + box.height - height
    : cut.top
      ? box.y
      : headed(request, { y: seat(box.y, box.height, { window: height, margin, share: share.y }), height })
  return { box: { x, y, width, height }, method: 'pad' }
}

/** Head and shoulders of the largest face, eyes on their line, inside the frame unless it may reach beyond. */
function headWindow(request: CropRequest): CropWindow {
  const { frame, ratio, subject, mayReachBeyond } = request
  const face = subject.faces.reduce((a, b) =>
    b.box.width * b.box.height > a.box.width * a.box.height ? b : a,
  )
  const head = headOf(face, subject.map, frame)
  const wanted =
    request.headHeight === undefined
      ? Math.max(face.box.height * headHeights, (face.box.width * 1.8) / ratio)
      : (head.chin - head.crown) / request.headHeight
  const height = mayReachBeyond ? wanted : Math.min(wanted, frame.height, frame.width / ratio)
  const width = height * ratio
  const centre = (face.box.x + face.box.width / 2 + head.eyes.x) / 2
  const x = centre - width / 2
  // What the photo cuts off below must not show as a cut.
  const y = Math.min(frame.height - height, head.eyes.y - height * (request.eyeLine ?? eyeLine))
  if (mayReachBeyond) return { box: { x, y, width, height }, method: 'head' }
  const inside = (start: number, room: number) => Math.max(0, Math.min(room, start))
  return {
    box: { x: inside(x, frame.width - width), y: inside(y, frame.height - height), width, height },
    method: 'head',
  }
}
