/**
 * The text of a UUID from its bytes, as Postgres writes it: lower case, with dashes.
 *
 * Called where thousands are made or read at once. Put together from pieces, a text stays a chain of them until it is first looked
 * into, which costs more than making it did; here it is written letter by letter and taken whole.
 */

const LENGTH = 36
const sheet = Buffer.alloc(LENGTH, '-')
const LETTERS = Buffer.from('0123456789abcdef')
/** Where each byte's two letters stand. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]

/** Of the sixteen bytes from `offset` on. */
export function uuidText(bytes: Uint8Array, offset = 0): string {
  for (let index = 0; index < 16; index++) {
    const byte = bytes[offset + index]!
    const place = PLACES[index]!
    sheet[place] = LETTERS[byte >> 4]!
    sheet[place + 1] = LETTERS[byte & 15]!
  }
  return sheet.toString('latin1')
}
