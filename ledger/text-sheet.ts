/**
 * A text that is put together only to be hashed: written as bytes where it stands, so that no piece of it becomes a string.
 *
 * Called by chain-links.ts. A batch links thousands of accounts; as strings, what is linked was a quarter of all that booking left to be
 * cleared away.
 *
 * 1. What is hashed is the text as UTF-8, as if all pieces had been joined.
 * 2. One sheet serves a process: nothing is awaited between `begin` and the digest.
 */
import { hash } from 'node:crypto'

const NEWLINE = 10
const COLON = 58
const MINUS = 45
const ZERO = 48
const HEX = Buffer.from('0123456789abcdef')
/** UTF-8 takes at most as many bytes for each unit of a string. */
const BYTES_A_UNIT = 3
/** More than the digits of any number here, with its sign. */
const MOST_DIGITS = 24
/** What a large batch has stretched beyond this is given back. */
const KEPT_BYTES = 4 * 2 ** 20

export class TextSheet {
  private bytes = Buffer.allocUnsafeSlow(16_384)
  private end = 0

  /** An empty sheet, also where whoever wrote on it before threw in between. */
  begin(): this {
    this.end = 0
    return this
  }

  /** A text as it is. */
  text(text: string): this {
    this.makeRoom(text.length * BYTES_A_UNIT)
    if (!this.writePlain(text)) this.end += this.bytes.write(text, this.end)
    return this
  }

  /** A text from outside, behind its length in bytes. */
  field(text: string): this {
    const start = this.end
    this.makeRoom(text.length * BYTES_A_UNIT + MOST_DIGITS)
    this.digits(text.length)
    this.bytes[this.end++] = COLON
    if (this.writePlain(text)) return this
    this.end = start
    this.digits(Buffer.byteLength(text))
    this.bytes[this.end++] = COLON
    this.end += this.bytes.write(text, this.end)
    return this
  }

  /** A whole number in decimal. */
  whole(value: bigint | number): this {
    const near = Number(value)
    // Past what a number holds exactly, the text is asked for.
    if (!Number.isSafeInteger(near)) return this.text(String(value))
    this.makeRoom(MOST_DIGITS)
    if (near < 0) this.bytes[this.end++] = MINUS
    this.digits(Math.abs(near))
    return this
  }

  /** Bytes as hexadecimal digits in lower case; nothing for null. */
  hex(bytes: Uint8Array | null): this {
    if (bytes === null) return this
    this.makeRoom(bytes.length * 2)
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index]!
      this.bytes[this.end++] = HEX[byte >> 4]!
      this.bytes[this.end++] = HEX[byte & 15]!
    }
    return this
  }

  /** A line ends. */
  line(): this {
    this.makeRoom(1)
    this.bytes[this.end++] = NEWLINE
    return this
  }

  /** SHA-256 of what stands here. */
  digest(): Buffer {
    // By way of a text: a buffer of its own memory costs more than the hash.
    const digest = Buffer.from(hash('sha256', this.bytes.subarray(0, this.end), 'binary'), 'binary')
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(16_384)
    return digest
  }

  /** Letter by letter while each is one byte; false, and nothing written, where one is not. */
  private writePlain(text: string): boolean {
    const { bytes, end } = this
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code > 127) return false
      bytes[end + index] = code
    }
    this.end = end + text.length
    return true
  }

  /** Of a whole number from 0 on, for which there is room. */
  private digits(value: number): void {
    let count = 1
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) count++
    let rest = value
    for (let place = this.end + count - 1; place >= this.end; place--) {
      const next = Math.floor(rest / 10)
      this.bytes[place] = ZERO + (rest - next * 10)
      rest = next
    }
    this.end += count
  }

  private makeRoom(count: number): void {
    if (this.end + count <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(2 * (this.end + count))
    this.bytes.copy(larger, 0, 0, this.end)
    this.bytes = larger
  }
}
