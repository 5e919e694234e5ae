/**
 * Many values of one column as one parameter, in Postgres' binary form: neither side writes or reads them as text.
 *
 * Called by whoever writes many rows with one statement (`unnest($1::uuid[], …)`). A batch of five thousand rows of twenty columns
 * took the driver and Postgres about as long to write and parse as text as to insert.
 *
 * 1. What is sent is what the text would have said: a value that does not fit its type throws, and nothing is sent.
 * 2. A type that is not here goes as an array through the driver, as text.
 */

/** An array as the driver sends it, unchanged. `elements` tells it from a single bytea (statement-names.ts). */
export type ArrayValue = Buffer & { elements: number }

type Writer = {
  /** The type's number in pg_type, which Postgres checks. */
  oid: number
  /** Most bytes of one value, without its length. */
  most: (value: unknown) => number
  /** Writes at the offset; answers how many bytes. */
  write: (buffer: Buffer, value: unknown, offset: number) => number
}

const fixed = (bytes: number) => () => bytes
const EPOCH_MS = Date.UTC(2000, 0, 1)

const writers: Readonly<Record<string, Writer>> = {
  uuid: { oid: 2950, most: fixed(16), write: writeUuid },
  text: {
    oid: 25,
    most: (value) => 3 * (value as string).length,
    write: (buffer, value, offset) => buffer.write(value as string, offset),
  },
  bytea: {
    oid: 17,
    most: (value) => (value as Buffer).length,
    write: (buffer, value, offset) => (value as Buffer).copy(buffer, offset),
  },
  bigint: {
    oid: 20,
    most: fixed(8),
    write: (buffer, value, offset) => buffer.writeBigInt64BE(BigInt(value as bigint), offset) - offset,
  },
  integer: {
    oid: 23,
    most: fixed(4),
    write: (buffer, value, offset) => buffer.writeInt32BE(value as number, offset) - offset,
  },
  boolean: {
    oid: 16,
    most: fixed(1),
    write: (buffer, value, offset) => buffer.writeUInt8(value ? 1 : 0, offset) - offset,
  },
  timestamptz: { oid: 1184, most: fixed(8), write: writeInstant },
}

/** The values as one array parameter of this element type; null stays null. Throws what does not fit. */
export function arrayValue(
  type: string,
  count: number,
  valueAt: (index: number) => unknown,
): ArrayValue | unknown[] {
  const writer = writers[type]
  if (writer === undefined) return Array.from({ length: count }, (_, index) => valueAt(index))
  let most = 20
  for (let index = 0; index < count; index++) {
    const value = valueAt(index)
    if (value === undefined) throw new Error(`Element ${index} is undefined, which is not a value: say null`)
    most += 4 + (value === null ? 0 : writer.most(value))
  }
  const buffer = Buffer.allocUnsafe(most)
  let offset = 20
  let nulls = 0
  for (let index = 0; index < count; index++) {
    const value = valueAt(index)
    if (value === null) {
      nulls = 1
      offset = buffer.writeInt32BE(-1, offset)
    } else {
      const bytes = writer.write(buffer, value, offset + 4)
      buffer.writeInt32BE(bytes, offset)
      offset += 4 + bytes
    }
  }
  // Dimensions (an empty array has none), whether there are nulls, element type; length and lowest index.
  buffer.writeInt32BE(count === 0 ? 0 : 1, 0)
  buffer.writeInt32BE(nulls, 4)
  buffer.writeInt32BE(writer.oid, 8)
  buffer.writeInt32BE(count, 12)
  buffer.writeInt32BE(1, 16)
  return Object.assign(buffer.subarray(0, count === 0 ? 12 : offset), { elements: count })
}

/** How many elements a parameter has, or 0 where it is a single value. */
export function elementsOf(value: unknown): number {
  if (Array.isArray(value)) return value.length
  return Buffer.isBuffer(value) && 'elements' in value ? Number(value.elements) : 0
}

const UUID_LENGTH = 36
/** Half a byte by the code of its letter; 255 where there is none. */
const NIBBLES = Uint8Array.from({ length: 256 }, (_, code) => {
  const nibble = Number.parseInt(String.fromCharCode(code), 16)
  return Number.isNaN(nibble) ? 255 : nibble
})

function writeUuid(buffer: Buffer, value: unknown, offset: number): number {
  const text = value as string
  let at = offset
  for (let index = 0; index < text.length; index += 2) {
    if (text.charCodeAt(index) === 45) index++
    const high = NIBBLES[text.charCodeAt(index)] ?? 255
    const low = NIBBLES[text.charCodeAt(index + 1)] ?? 255
    if (high > 15 || low > 15) throw new Error(`Not a UUID: ${JSON.stringify(text)}`)
    buffer[at++] = high * 16 + low
  }
  if (text.length !== UUID_LENGTH || at !== offset + 16)
    throw new Error(`Not a UUID: ${JSON.stringify(text)}`)
  return 16
}

/** Microseconds since 2000; ours are whole milliseconds. */
function writeInstant(buffer: Buffer, value: unknown, offset: number): number {
  const time = (value as Date).getTime()
  if (Number.isNaN(time)) throw new Error('Not an instant')
  return buffer.writeBigInt64BE(BigInt(time - EPOCH_MS) * 1000n, offset) - offset
}
