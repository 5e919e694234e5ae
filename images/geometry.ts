/** Boxes in pixels. Pure; used by everything that crops. `x` and `y` are the upper left corner; the right and lower edges are exclusive. */

export type Box = { x: number; y: number; width: number; height: number }

export type Size = { width: number; height: number }

export function intersection(a: Box, b: Box): Box | undefined {
  const x = Math.max(a.x, b.x)
  const y = Math.max(a.y, b.y)
  const width = Math.min(a.x + a.width, b.x + b.width) - x
  const height = Math.min(a.y + a.height, b.y + b.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : undefined
}

/** The smallest box around all of them; undefined for none. */
export function around(boxes: Box[]): Box | undefined {
  if (boxes.length === 0) return undefined
  const x = Math.min(...boxes.map((box) => box.x))
  const y = Math.min(...boxes.map((box) => box.y))
  const right = Math.max(...boxes.map((box) => box.x + box.width))
  const lower = Math.max(...boxes.map((box) => box.y + box.height))
  return { x, y, width: right - x, height: lower - y }
}

/** Share of `inner` that lies within `outer`, 0 to 1. */
export function shareWithin(inner: Box, outer: Box): number {
  const both = intersection(inner, outer)
  return both === undefined ? 0 : (both.width * both.height) / (inner.width * inner.height)
}

/** Whole pixels, at least 1 × 1, inside `bounds`. */
export function wholePixels(box: Box, bounds: Size): Box {
  const width = Math.max(1, Math.min(bounds.width, Math.round(box.width)))
  const height = Math.max(1, Math.min(bounds.height, Math.round(box.height)))
  const x = Math.max(0, Math.min(bounds.width - width, Math.round(box.x)))
  const y = Math.max(0, Math.min(bounds.height - height, Math.round(box.y)))
  return { x, y, width, height }
}

/** A box of the same pixels as `whole`, in shares of it: 0 to 1 within, further where it reaches beyond. */
export function inShares(box: Box, whole: Box): Box {
  return {
    x: (box.x - whole.x) / whole.width,
    y: (box.y - whole.y) / whole.height,
    width: box.width / whole.width,
    height: box.height / whole.height,
  }
}

/** The shape that settings ask for, width over height: that of an exact size, else of the aspect, else square. */
export function askedRatio(settings: {
  width?: number | undefined
  height?: number | undefined
  aspect?: string | undefined
}): number {
  const { width, height, aspect = '1:1' } = settings
  if (width !== undefined && height !== undefined) return width / height
  return aspectRatio(aspect) ?? 1
}

/** `4:5`, `1.91:1` or `16:9` as width over height; undefined when it is none. */
export function aspectRatio(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text)
  if (match === null) return undefined
  const ratio = Number(match[1]) / Number(match[2])
  return Number.isFinite(ratio) && ratio > 0 ? ratio : undefined
}
