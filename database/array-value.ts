/**
 * Many values of one column as one parameter, in Postgres' binary form: neither side writes or reads them as text.
 *
 * Called by whoever writes many rows with one statement (`unnest($1::uuid[])`, …). A batch of five thousand rows of twenty columns
 * took the driver and Postgres about as long to write and parse as text as to insert. What comes back as arrays is read by
 * read-array.ts.
 *
 * 1. What is sent is what the text would have said: a value that does not fit its type throws, and nothing is sent.
 * 2. A type that is not here goes as an array through the driver, as text.
 * 3. Each value is asked for once.
 */

/** An array as the driver sends it, unchanged. `elements` tells it from a single bytea (statement-names.ts). */
export type ArrayValue = Buffer & { elements: number }

/** A buffer that grows, and a view of the same bytes: what writes numbers fastest. */
type Sheet = { bytes: Buffer; view: DataView }

type Writer = {
  /** The type's number in pg_type, which Postgres checks. */
  oid: number
  /** Most bytes of one value, without its length. */
  most: number | ((value: never) => number)
  /** Writes at the offset, where there is room; answers how many bytes. */
  write: (sheet: Sheet, value: never, offset: number) => number
}

const EPOCH_MS = Date.UTC(2000, 0, 1)
const TWO_32 = 2 ** 32

const writers: Readonly<Record<string, Writer>> = {
  uuid: { oid: 2950, most: 16, write: writeUuid },
  text: { oid: 25, most: (value: string) => 3 * value.length, write: writeText },
  bytea: {
    oid: 17,
    most: (value: Buffer) => value.length,
    write: ({ bytes }, value: Buffer, offset) => {
      bytes.set(value, offset)
      return value.length
    },
  },
  bigint: { oid: 20, most: 8, write: writeBigint },
  integer: { oid: 23, most: 4, write: writeInteger },
  boolean: {
    oid: 16,
    most: 1,
    write: ({ bytes }, value: boolean, offset) => {
      bytes[offset] = value ? 1 : 0
      return 1
    },
  },
  timestamptz: { oid: 1184, most: 8, write: writeInstant },
}

const HEADER = 20
/** Of a text or a bytea, as a first guess. */
const USUAL_BYTES = 40

/** The values as one array parameter of this element type; null stays null. Throws what does not fit. */
export function arrayValue(
  type: string,
  count: number,
  valueAt: (index: number) => unknown,
): ArrayValue | unknown[] {
  const writer = writers[type]
  if (writer === undefined) return Array.from({ length: count }, (_, index) => valueAt(index))
  const { most, write } = writer
  const isFixed = typeof most === 'number'
  let sheet = sheetOf(HEADER + count * (4 + (isFixed ? most : USUAL_BYTES)))
  let offset = HEADER
  let nulls = 0
  for (let index = 0; index < count; index++) {
    const value = valueAt(index) as never
    if (value === undefined) throw new Error(`Element ${index} is undefined, which is not a value: say null`)
    const room = offset + 4 + (value === null ? 0 : isFixed ? most : most(value))
    if (room > sheet.bytes.length) sheet = grown(sheet, room)
    if (value === null) {
      nulls = 1
      sheet.view.setInt32(offset, -1)
      offset += 4
    } else {
      const bytes = write(sheet, value, offset + 4)
      sheet.view.setInt32(offset, bytes)
      offset += 4 + bytes
    }
  }
  // Dimensions (an empty array has none), whether there are nulls, element type; length and lowest index.
  const { view } = sheet
  view.setInt32(0, count === 0 ? 0 : 1)
  view.setInt32(4, nulls)
  view.setInt32(8, writer.oid)
  view.setInt32(12, count)
  view.setInt32(16, 1)
  return Object.assign(sheet.bytes.subarray(0, count === 0 ? 12 : offset), { elements: count })
}

/** How many elements a parameter has, or 0 where it is a single value. */
export function elementsOf(value: unknown): number {
  if (Array.isArray(value)) return value.length
  return Buffer.isBuffer(value) && 'elements' in value ? Number(value.elements) : 0
}

function sheetOf(length: number): Sheet {
  const bytes = Buffer.allocUnsafeSlow(length)
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, length) }
}

function grown({ bytes }: Sheet, room: number): Sheet {
  const larger = sheetOf(2 * room)
  bytes.copy(larger.bytes)
  return larger
}

const UUID_LENGTH = 36
/** Half a byte by the code of its letter; 255 where there is none. */
const NIBBLES = Uint8Array.from({ length: 256 }, (_, code) => {
  const nibble = Number.parseInt(String.fromCharCode(code), 16)
  return Number.isNaN(nibble) ? 255 : nibble
})

function writeUuid({ bytes }: Sheet, text: string, offset: number): number {
  let at = offset
  for (let index = 0; index < text.length; index += 2) {
    if (text.charCodeAt(index) === 45) index++
    const high = NIBBLES[text.charCodeAt(index)] ?? 255
    const low = NIBBLES[text.charCodeAt(index + 1)] ?? 255
    if (high > 15 || low > 15) throw new Error(`Not a UUID: ${JSON.stringify(text)}`)
    bytes[at++] = high * 16 + low
  }
  if (text.length !== UUID_LENGTH || at !== offset + 16)
    throw new Error(`Not a UUID: ${JSON.stringify(text)}`)
  return 16
}

/** Letter by letter while they are plain, which is faster than a call for short texts. */
function writeText({ bytes }: Sheet, text: string, offset: number): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 127) return bytes.write(text, offset)
    bytes[offset + index] = code
  }
  return text.length
}

const LEAST_INT8 = -(2n ** 63n)
const MOST_INT8 = 2n ** 63n - 1n

function writeBigint({ view }: Sheet, value: bigint | number, offset: number): number {
  const whole = typeof value === 'bigint' ? value : BigInt(value)
  if (whole > MOST_INT8 || whole < LEAST_INT8) throw new RangeError(`${whole} is out of range of int8`)
  view.setBigInt64(offset, whole)
  return 8
}

function writeInteger({ view }: Sheet, value: number, offset: number): number {
  if ((value | 0) !== value) throw new RangeError(`${value} is out of range of int4, or not whole`)
  view.setInt32(offset, value)
  return 4
}

/** Microseconds since 2000; ours are whole milliseconds. */
function writeInstant({ view }: Sheet, value: Date, offset: number): number {
  const time = value.getTime()
  if (Number.isNaN(time)) throw new Error('Not an instant')
  const since = time - EPOCH_MS
  // Up to the year 2285 the microseconds fit a number exactly, which is faster than a bigint.
  const microseconds = since * 1000
  if (!Number.isSafeInteger(microseconds)) {
    view.setBigInt64(offset, BigInt(since) * 1000n)
    return 8
  }
  view.setInt32(offset, Math.floor(microseconds / TWO_32))
  view.setUint32(offset + 4, microseconds >>> 0)
  return 8
}
