/**
 * Reads a column that came back as one array in Postgres' binary form: the other way of array-value.ts.
 *
 * Called by whoever reads the same few columns of thousands of rows (`select array_send(array_agg(…))`). As rows, the driver makes a
 * text, a parsed value and a property of an object of each; that took half of the time of a batch over many accounts.
 *
 * 1. What is read is what the driver would have parsed: int8 as bigint, timestamptz as Date, uuid as text in lower case.
 * 2. An array of another type than is asked for throws.
 */
import { uuidText } from './uuid-text.ts'

type Reader<Value> = {
  /** The type's number in pg_type. */
  oid: number
  read: (bytes: Buffer, view: DataView, offset: number, length: number) => Value
}

const EPOCH_MS = Date.UTC(2000, 0, 1)
const TWO_32 = 2 ** 32

const readers = {
  uuid: { oid: 2950, read: (bytes, _, offset) => uuidText(bytes, offset) },
  text: { oid: 25, read: (bytes, _, offset, length) => bytes.toString('utf8', offset, offset + length) },
  bytea: { oid: 17, read: (bytes, _, offset, length) => bytes.subarray(offset, offset + length) },
  bigint: { oid: 20, read: (_, view, offset) => view.getBigInt64(offset) },
  integer: { oid: 23, read: (_, view, offset) => view.getInt32(offset) },
  boolean: { oid: 16, read: (bytes, _, offset) => bytes[offset] === 1 },
  timestamptz: {
    oid: 1184,
    // Ours are whole milliseconds, so nothing is lost.
    read: (_, view, offset) =>
      new Date(EPOCH_MS + (view.getInt32(offset) * TWO_32 + view.getUint32(offset + 4)) / 1000),
  },
} satisfies Record<string, Reader<unknown>>

type Readable = { [Type in keyof typeof readers]: ReturnType<(typeof readers)[Type]['read']> }

/** The values in their order; none where there is no array, as of no rows. */
export function readArray<Type extends keyof Readable>(
  type: Type,
  array: Buffer | null,
): (Readable[Type] | null)[] {
  if (array === null || array.readInt32BE(0) === 0) return []
  const { oid, read } = readers[type] as Reader<Readable[Type]>
  const view = new DataView(array.buffer, array.byteOffset, array.length)
  if (view.getInt32(8) !== oid) throw new Error(`An array of type ${view.getInt32(8)} is none of ${type}`)
  const count = view.getInt32(12)
  const values: (Readable[Type] | null)[] = []
  let offset = 20
  for (let index = 0; index < count; index++) {
    const length = view.getInt32(offset)
    offset += 4
    if (length < 0) values.push(null)
    else {
      values.push(read(array, view, offset, length))
      offset += length
    }
  }
  return values
}
