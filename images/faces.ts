/**
 * Faces by BlazeFace: which squares of the photo to show the model, what its numbers mean, and which of several answers for one face to keep. Pure; the decoder child cuts the tiles, the inference
 * child decodes the model's output.
 */
import type { Box, Size } from './geometry.ts'
import { intersection } from './geometry.ts'

export type Point = { x: number; y: number }

/** `keypoints` in this order: right eye, left eye, nose, mouth, right ear, left ear (the person's own right and left). */
export type Face = { box: Box; probability: number; keypoints: Point[] }

/** The model's input side. */
export const faceTileSide = 256

/** 0.82, 0.77 and 0.77 were a motorcycle, a car and a cat; every face of our photos but one dark profile is above. */
const leastProbability = 0.85

const sameFaceOverlap = 0.3

/** Centres of the 512 + 384 anchors, in the model's 0..1 coordinates: 16 × 16 cells of two, then 8 × 8 of six. */
const anchors: Point[] = [
  { cells: 16, each: 2 },
  { cells: 8, each: 6 },
].flatMap(({ cells, each }) =>
  Array.from({ length: cells * cells * each }, (_, i) => {
    const cell = Math.floor(i / each)
    return { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells }
  }),
)

/** The squares to look at in a photo: the whole of it, then half-size ones that overlap by a quarter, for small faces. `side` squares may reach beyond the photo's right and lower edges. */
export function faceTiles(photo: Size): { x: number; y: number; side: number }[] {
  const long = Math.max(photo.width, photo.height)
  const side = Math.round(long * 0.5)
  const tiles = [{ x: 0, y: 0, side: long }]
  for (const y of starts(photo.height, side))
    for (const x of starts(photo.width, side)) tiles.push({ x, y, side })
  return tiles
}

function starts(length: number, side: number): number[] {
  const step = Math.max(1, Math.round(side * 0.75))
  const last = Math.max(0, length - side)
  const positions: number[] = []
  for (let at = 0; at < last; at += step) positions.push(at)
  positions.push(last)
  return positions
}

export type FaceTensors = { scores: Float32Array; boxes: Float32Array }[]

/** What the model said of one tile, as faces in tile pixels (0..256). `outputs` are the 16 × 16 and the 8 × 8 head. */
export function decodeFaces(outputs: FaceTensors): Face[] {
  const faces: Face[] = []
  let offset = 0
  for (const { scores, boxes } of outputs) {
    for (let i = 0; i < scores.length; i++) {
      const probability = 1 / (1 + Math.exp(-Math.max(-80, Math.min(80, scores[i]!))))
      if (probability < leastProbability) continue
      const anchor = anchors[offset + i]!
      const at = (n: number) => boxes[i * 16 + n]!
      const cx = anchor.x * faceTileSide + at(0)
      const cy = anchor.y * faceTileSide + at(1)
      const keypoints = Array.from({ length: 6 }, (_, k) => ({
        x: anchor.x * faceTileSide + at(4 + 2 * k),
        y: anchor.y * faceTileSide + at(5 + 2 * k),
      }))
      const box = { x: cx - at(2) / 2, y: cy - at(3) / 2, width: at(2), height: at(3) }
      if (box.width > 0 && box.height > 0) faces.push({ box, probability, keypoints })
    }
    offset += scores.length
  }
  return distinctFaces(faces)
}

/** Of faces that overlap, the likeliest; likeliest first. */
export function distinctFaces(faces: Face[]): Face[] {
  const kept: Face[] = []
  for (const face of faces.toSorted((a, b) => b.probability - a.probability)) {
    if (!kept.some((other) => overlap(face.box, other.box) > sameFaceOverlap)) kept.push(face)
  }
  return kept
}

/** Intersection over union, or over the smaller box: a tile's edge often yields half a face inside a whole one. */
function overlap(a: Box, b: Box): number {
  const both = intersection(a, b)
  if (both === undefined) return 0
  const area = both.width * both.height
  const union = a.width * a.height + b.width * b.height - area
  const smaller = Math.min(a.width * a.height, b.width * b.height)
  return Math.max(area / union, area / smaller > 0.7 ? 1 : 0)
}

/** The same face in other coordinates: scaled, then shifted. */
export function moveFace(face: Face, move: { scaleX: number; scaleY: number; x: number; y: number }): Face {
  const { scaleX, scaleY, x, y } = move
  return {
    probability: face.probability,
    box: {
      x: face.box.x * scaleX + x,
      y: face.box.y * scaleY + y,
      width: face.box.width * scaleX,
      height: face.box.height * scaleY,
    },
    keypoints: face.keypoints.map((point) => ({ x: point.x * scaleX + x, y: point.y * scaleY + y })),
  }
}
