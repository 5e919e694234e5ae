/**
 * The mask and the faces of one photo: found once, kept in the two files that the caller names, read from there ever after. Runs in a decoder child, which asks its parent for inference.
 *
 * What is needed for asking (two small copies of the photo) is taken right after decoding, because steps replace the pixels.
 */
import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { z } from 'zod'
import { readExif } from './exif.ts'
import { distinctFaces, type Face, faceTileSide, faceTiles, moveFace } from './faces.ts'
import type { Failure } from './failure.ts'
import type { Size } from './geometry.ts'
import type { PhotoMask } from './operation.ts'
import { type Frame, pixels } from './pixels.ts'
import { withPlainGround } from './plain-ground.ts'
import { comeCloser, joinLooks, type Looked, secondLookBelow, stepBack } from './second-look.ts'
import { confidenceOf } from './subject.ts'

/** What the parent answers. */
export interface Inference {
  mask(rgb: Buffer): Promise<{ ok: true; mask: Buffer } | Failure>
  faces(tiles: Buffer, count: number): Promise<{ ok: true; faces: Face[][] } | Failure>
}

export interface PhotoFacts {
  mask(): Promise<PhotoMask | Failure>
  /** In pixels of the photo. */
  faces(): Promise<{ ok: true; faces: Face[]; reused: boolean } | Failure>
  /** True when both are there and asking costs nothing. */
  known(): boolean
}

/** Faces are looked for in a copy of this longer side. */
const faceCopySide = 1024

export async function photoFacts(
  photo: Frame,
  options: {
    inputSize: number
    looks: 1 | 2
    /** False where no step asks for faces that are not known: then the photo is not made smaller for it. */
    wantsFaces: boolean
    maskFile: string | undefined
    facesFile: string | undefined
    inference: Inference
    /** Of a photo that keeps its profile: what the models are shown is sRGB all the same. */
    toSrgb?: ((frame: Frame) => Promise<Frame>) | undefined
  },
): Promise<PhotoFacts> {
  const { inputSize, looks, maskFile, facesFile, inference } = options
  const size = { width: photo.width, height: photo.height }
  let mask = maskFile === undefined ? undefined : await readMask(maskFile)
  let faces = facesFile === undefined ? undefined : await readFaces(facesFile, size)
  const white = { red: 255, green: 255, blue: 255 }
  const toSrgb = options.toSrgb ?? ((frame: Frame) => frame)
  const copy = async (to: Size) => pixels.flatten(await toSrgb(await pixels.resize(photo, to)), white)
  const forMask = mask ? undefined : await copy({ width: inputSize, height: inputSize })
  const forFaces = faces || !options.wantsFaces ? undefined : await copy(within(size, faceCopySide))
  let facesAsked: ReturnType<typeof findFaces> | undefined
  const askForFaces = (copy: Frame) => {
    facesAsked ??= findFaces(copy, size, inference)
    return facesAsked
  }
  let maskReused = mask !== undefined
  let facesReused = faces !== undefined
  return {
    known: () => mask !== undefined && faces !== undefined,
    async mask() {
      if (mask === undefined) {
        const answer = await findMask(forMask!, looks, inference)
        if (!answer.ok) return answer
        mask = answer.mask
        // They are looked for while this process works with the mask. Who waits for them hears of a fault.
        if (forFaces !== undefined) askForFaces(forFaces).catch(() => {})
        if (maskFile !== undefined) await writeMask(maskFile, mask)
        const found = mask
        maskReused = true
        return { ...found, reused: false }
      }
      return { ...mask, reused: maskReused }
    },
    async faces() {
      if (faces === undefined) {
        if (forFaces === undefined) throw new Error('faces are asked for that no step needs')
        const answer = await askForFaces(forFaces)
        if (!answer.ok) return answer
        faces = answer.faces
        if (facesFile !== undefined)
          await writeWhole(facesFile, Buffer.from(JSON.stringify({ ...size, faces })))
        facesReused = true
        return { ok: true, faces, reused: false }
      }
      return { ok: true, faces, reused: facesReused }
    },
  }
}

/** One look, and a second where the first left much undecided; then what an even ground tells by itself. */
async function findMask(
  rgb: Frame,
  looks: 1 | 2,
  inference: Inference,
): Promise<{ ok: true; mask: Looked } | Failure> {
  const { width, height } = rgb
  const look = async (at: Frame) => {
    const answer = await inference.mask(at.data)
    return answer.ok ? { ok: true as const, mask: { data: answer.mask, width, height } } : answer
  }
  const first = await look(rgb)
  if (!first.ok) return first
  const mended = withPlainGround(first.mask, rgb)
  if (looks === 1 || confidenceOf(mended) >= secondLookBelow)
    return { ok: true, mask: { ...mended, agreement: 1 } }
  const second = await look(await stepBack(rgb))
  if (!second.ok) return second
  const joined = joinLooks(mended, await comeCloser(second.mask))
  return { ok: true, mask: { ...joined, ...withPlainGround(joined, rgb) } }
}

function within(size: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(size.width, size.height))
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  }
}

async function findFaces(
  copy: Frame,
  photo: Size,
  inference: Inference,
): Promise<{ ok: true; faces: Face[] } | Failure> {
  const places = faceTiles(copy)
  const tiles = Buffer.alloc(places.length * faceTileSide * faceTileSide * 3)
  for (const [index, place] of places.entries())
    await cutTile(copy, place, tiles.subarray(index * faceTileSide * faceTileSide * 3))
  const answer = await inference.faces(tiles, places.length)
  if (!answer.ok) return answer
  const toPhoto = photo.width / copy.width
  const found = answer.faces.flatMap((inTile, index) => {
    const place = places[index]!
    const scale = (place.side / faceTileSide) * toPhoto
    return inTile.map((face) =>
      moveFace(face, { scaleX: scale, scaleY: scale, x: place.x * toPhoto, y: place.y * toPhoto }),
    )
  })
  return { ok: true, faces: distinctFaces(found) }
}

/** What a tile shows, scaled to 256 × 256; the part beyond the photo stays black. */
async function cutTile(
  copy: Frame,
  place: { x: number; y: number; side: number },
  into: Buffer,
): Promise<void> {
  const width = Math.min(place.side, copy.width - place.x)
  const height = Math.min(place.side, copy.height - place.y)
  const scale = faceTileSide / place.side
  const part = await pixels.resize(await pixels.extract(copy, { x: place.x, y: place.y, width, height }), {
    width: Math.max(1, Math.min(faceTileSide, Math.round(width * scale))),
    height: Math.max(1, Math.min(faceTileSide, Math.round(height * scale))),
  })
  const row = part.width * 3
  for (let y = 0; y < part.height; y++) part.data.copy(into, y * faceTileSide * 3, y * row, (y + 1) * row)
}

/** A mask that cannot be read is as good as none: it is made again. */
async function readMask(file: string): Promise<Looked | undefined> {
  try {
    const { data, info } = await sharp(file).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
    const { exif } = await sharp(file).metadata()
    const agreement = Number(exif && readExif(exif).description)
    if (info.channels !== 1 || !(agreement >= 0 && agreement <= 1)) return undefined
    return { data, width: info.width, height: info.height, agreement }
  } catch {
    return undefined
  }
}

/** How far the looks agreed stands in the file's own description. */
async function writeMask(file: string, mask: Looked): Promise<void> {
  const raw = { width: mask.width, height: mask.height, channels: 1 as const }
  await writeWhole(
    file,
    await sharp(mask.data, { raw })
      .toColourspace('b-w')
      .withExif({ IFD0: { ImageDescription: mask.agreement.toFixed(3) } })
      .png({ compressionLevel: 3 })
      .toBuffer(),
  )
}

const point = z.object({ x: z.number(), y: z.number() })
const keptFaces = z.object({
  width: z.number(),
  height: z.number(),
  faces: z.array(
    z.object({
      box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
      probability: z.number(),
      keypoints: z.array(point),
    }),
  ),
})

async function readFaces(file: string, photo: Size): Promise<Face[] | undefined> {
  try {
    const kept = keptFaces.parse(JSON.parse(await readFile(file, 'utf8')))
    // Of a proof the photo is a smaller copy of itself; of a result it is always the same.
    const scale = { scaleX: photo.width / kept.width, scaleY: photo.height / kept.height, x: 0, y: 0 }
    return kept.faces.map((face) => moveFace(face, scale))
  } catch {
    return undefined
  }
}

async function writeWhole(file: string, content: Buffer): Promise<void> {
  const part = `${file}.${randomUUID()}.part`
  await writeFile(part, content)
  await rename(part, file)
}
