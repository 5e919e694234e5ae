/** A photo small enough to be made by the hundred: a PNG of noise, another for each seed. Called by the check that kills servers. */
import { crc32, deflateSync } from 'node:zlib'
import { chanceOf } from '../simulation/chance.ts'

const SIDE = 48

export function littlePicture(seed: number): Buffer {
  const chance = chanceOf(seed, 'picture')
  const rows = Buffer.alloc(SIDE * (1 + 3 * SIDE))
  for (let at = 0; at < rows.length; at++) rows[at] = at % (1 + 3 * SIDE) === 0 ? 0 : chance.whole(256)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIDE, 0)
  header.writeUInt32BE(SIDE, 4)
  // Eight bits each of red, green and blue.
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')])
}

function chunk(name: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'ascii'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
