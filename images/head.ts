/**
 * Where a head begins and ends, from a face and the subject's outline: the face detector knows eyes and mouth, the mask knows where the hair ends. Pure. For head crops and for the rules that
 * offices have about them; an estimate, a few per cent off.
 */
import type { Face } from './faces.ts'
import type { Size } from './geometry.ts'
import type { Grey } from './pixels.ts'

/** In frame pixels. The crown is the top of the hair or the hat. */
export type Head = { crown: number; chin: number; eyes: { x: number; y: number } }

/** From the mouth to the chin is half of what is from the eyes to the mouth, and the eyes are half-way up the head. */
const mouthToChin = 0.5
const crownAboveEyes = 1.05

/** The outline says where the crown is, within what heads are like: beyond is a raised hand or a shelf behind. */
const leastAboveEyes = 0.8
const mostAboveEyes = 1.9

/** `map` is the subject over the whole frame, of any size. */
export function headOf(face: Face, map: Grey, frame: Size): Head {
  const { box } = face
  const [right, left, , mouth] = face.keypoints
  const eyes =
    right && left
      ? { x: (right.x + left.x) / 2, y: (right.y + left.y) / 2 }
      : { x: box.x + box.width / 2, y: box.y + box.height * 0.35 }
  const below = mouth ? Math.max(mouth.y - eyes.y, box.height * 0.2) : box.height * 0.4
  const chin = eyes.y + below * (1 + mouthToChin)
  const half = chin - eyes.y
  const outline = topOfOutline(map, {
    left: ((box.x + box.width * 0.25) * map.width) / frame.width,
    right: ((box.x + box.width * 0.75) * map.width) / frame.width,
    from: (eyes.y * map.height) / frame.height,
  })
  const above = outline === undefined ? half * crownAboveEyes : eyes.y - (outline * frame.height) / map.height
  const crown = eyes.y - Math.max(half * leastAboveEyes, Math.min(half * mostAboveEyes, above))
  return { crown, chin, eyes }
}

/** The highest row that the outline reaches from the eyes up without a break, in map pixels. */
function topOfOutline(map: Grey, column: { left: number; right: number; from: number }): number | undefined {
  const left = Math.max(0, Math.floor(column.left))
  const right = Math.min(map.width - 1, Math.ceil(column.right))
  let top: number | undefined
  for (let y = Math.min(map.height - 1, Math.floor(column.from)); y >= 0; y--) {
    let on = false
    for (let x = left; x <= right && !on; x++) on = map.data[y * map.width + x]! > 127
    if (!on) break
    top = y
  }
  return top
}
