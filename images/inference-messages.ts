/**
 * What passes over the inference socket: frames of a JSON header and raw bytes. Both sides import this file.
 *
 * A frame is: length of the header and length of the bytes, four bytes each, little-endian; header; bytes.
 */
import type { Face } from './faces.ts'
import type { FaceModel, SegmentationModel } from './models.ts'

export type InferenceRequest =
  /** The bytes are RGB, inputSize × inputSize. */
  | { id: number; ask: 'mask'; model: SegmentationModel }
  /** The bytes are RGB tiles of 256 × 256, one after the other; black where a tile reaches beyond the photo. */
  | { id: number; ask: 'faces'; model: FaceModel; tiles: number }
  /** Nothing but to have these models loaded when somebody asks. */
  | { id: number; ask: 'load'; models: (SegmentationModel | FaceModel)[] }
  /** The client no longer wants the answer. */
  | { id: number; ask: 'forget' }

export type InferenceAnswer =
  | { id: 0; tell: 'hello'; pid: number }
  /** Sent between runs to everyone who waits: silence for long means that the child hangs. */
  | { id: 0; tell: 'working' }
  /** The bytes are the mask, inputSize × inputSize, one byte a pixel. */
  | { id: number; tell: 'mask'; ms: number }
  /** Per tile, in tile pixels. */
  | { id: number; tell: 'faces'; faces: Face[][]; ms: number }
  | { id: number; tell: 'loaded' }
  | { id: number; tell: 'failed'; message: string }

const prefix = 8

export function frameMessage(header: object, bytes?: Uint8Array): Buffer[] {
  const text = Buffer.from(JSON.stringify(header))
  const lengths = Buffer.alloc(prefix)
  lengths.writeUInt32LE(text.length, 0)
  lengths.writeUInt32LE(bytes?.length ?? 0, 4)
  return bytes ? [lengths, text, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)] : [lengths, text]
}

/** Returns a function to feed with what the socket delivers; it calls `onMessage` for each whole frame. Throws on a frame larger than any we send. */
export function messageReader<Header>(
  onMessage: (header: Header, bytes: Buffer) => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  let held = 0
  let wanted = prefix
  return (chunk) => {
    parts.push(chunk)
    held += chunk.length
    while (held >= wanted) {
      const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
      parts = [all]
      const headerLength = all.readUInt32LE(0)
      const length = prefix + headerLength + all.readUInt32LE(4)
      if (length > 64_000_000) throw new Error('a message on the inference socket is too long')
      if (all.length < length) {
        wanted = length
        return
      }
      const header = JSON.parse(all.toString('utf8', prefix, prefix + headerLength)) as Header
      const bytes = all.subarray(prefix + headerLength, length)
      const rest = all.subarray(length)
      parts = rest.length > 0 ? [rest] : []
      held = rest.length
      wanted = prefix
      onMessage(header, bytes)
    }
  }
}
