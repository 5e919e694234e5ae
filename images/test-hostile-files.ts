/**
 * Files made to hurt, and honest ones with bytes changed by a seed: what the tests of this room and the scoreboard send. All are generated; none is kept.
 */
import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { limits } from './limits.ts'

const signature = Buffer.from('89504e470d0a1a0a', 'hex')

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** `scan` is what the picture's data unpacks to; PNGs that lie give less. */
function png(
  width: number,
  height: number,
  more: { depth?: number; colour?: number; interlaced?: boolean; scan?: Buffer; before?: Buffer[] } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([more.depth ?? 8, more.colour ?? 2, 0, 0, more.interlaced ? 1 : 0], 8)
  const data = more.scan ? [chunk('IDAT', deflateSync(more.scan, { level: 1 }))] : []
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...(more.before ?? []),
    ...data,
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function jpegHeader(width: number, height: number): Buffer {
  const frame = Buffer.from('ffc0001108000000000301220002110103110100', 'hex').subarray(0, 19)
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    frame,
    Buffer.from('ffda000c03010002110311003f00', 'hex'),
    Buffer.alloc(200, 0x55),
  ])
}

function gif(width: number, height: number, frames: number): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1')
  head.writeUInt16LE(width, 6)
  head.writeUInt16LE(height, 8)
  const frame = Buffer.from('2c000000000100010000024401003b', 'hex').subarray(0, -1)
  return Buffer.concat([head, ...Array<Buffer>(frames).fill(frame), Buffer.from(';')])
}

const cyclicTiff = () =>
  Buffer.concat([
    Buffer.from('49492a0008000000', 'hex'),
    Buffer.from('0100000103000100000001000000', 'hex'),
    Buffer.from('08000000', 'hex'),
  ])

export type Verdict =
  | 'unsupported_format'
  | 'too_large'
  | 'damaged'
  | 'out_of_memory'
  | 'timeout'
  | 'crashed'
  | 'done'

export const bombs: { about: string; make: () => Buffer | Promise<Buffer>; expected: Verdict[] }[] = [
  { about: 'nothing', make: () => Buffer.alloc(0), expected: ['unsupported_format'] },
  { about: 'one byte', make: () => Buffer.from([0xff]), expected: ['unsupported_format'] },
  { about: '10 MB of zeros', make: () => Buffer.alloc(10_000_000), expected: ['unsupported_format'] },
  {
    about: 'a file over 50 MB',
    make: () => Buffer.concat([signature, Buffer.alloc(limits.fileBytes)]),
    expected: ['too_large'],
  },
  { about: 'PNG magic alone', make: () => signature, expected: ['damaged'] },
  { about: 'JPEG magic alone', make: () => Buffer.from('ffd8ffe0', 'hex'), expected: ['damaged'] },
  {
    about: 'a PNG of two thousand million pixels a side',
    make: () => png(2 ** 31 - 1, 2 ** 31 - 1),
    expected: ['damaged', 'too_large'],
  },
  {
    about: 'a PNG of 65,500 × 65,500 in one bit',
    make: () => png(65_500, 65_500, { depth: 1, colour: 0, scan: Buffer.alloc(100_000) }),
    expected: ['too_large'],
  },
  {
    about: 'a PNG one pixel wide and 49,999,999 high',
    make: () => png(1, 49_999_999, { scan: Buffer.alloc(1000) }),
    expected: ['too_large', 'damaged'],
  },
  { about: 'a PNG without data', make: () => png(100, 100), expected: ['damaged'] },
  {
    about: 'a PNG with less data than it says',
    make: () => png(4000, 4000, { scan: Buffer.alloc(1000) }),
    expected: ['damaged'],
  },
  {
    about: 'a 2 kB PNG that unpacks to 49 megapixels',
    make: () => png(7000, 7000, { depth: 1, colour: 0, scan: Buffer.alloc(7000 * 876) }),
    expected: ['done', 'out_of_memory', 'timeout'],
  },
  {
    about: 'the same interlaced in 16 bit',
    make: () =>
      png(7000, 7000, {
        depth: 16,
        colour: 6,
        interlaced: true,
        scan: Buffer.alloc(7000 * 7000 * 8 + 100_000),
      }),
    expected: ['done', 'damaged', 'out_of_memory', 'timeout'],
  },
  {
    about: 'a text chunk of 200 MB',
    make: () =>
      png(10, 10, {
        scan: Buffer.alloc(310),
        before: [
          chunk(
            'zTXt',
            Buffer.concat([
              Buffer.from('Comment\0\0', 'latin1'),
              deflateSync(Buffer.alloc(200_000_000), { level: 1 }),
            ]),
          ),
        ],
      }),
    expected: ['done', 'damaged', 'out_of_memory'],
  },
  {
    about: 'a colour profile of 100 MB',
    make: () =>
      png(10, 10, {
        scan: Buffer.alloc(310),
        before: [
          chunk(
            'iCCP',
            Buffer.concat([
              Buffer.from('icc\0\0', 'latin1'),
              deflateSync(Buffer.alloc(100_000_000), { level: 1 }),
            ]),
          ),
        ],
      }),
    expected: ['done', 'damaged', 'out_of_memory'],
  },
  {
    about: '60,000 chunks',
    make: () =>
      png(10, 10, {
        scan: Buffer.alloc(310),
        before: Array<Buffer>(60_000).fill(chunk('tEXt', Buffer.from('a\0b'))),
      }),
    expected: ['done', 'damaged'],
  },
  {
    about: 'a JPEG of 65,500 × 65,500',
    make: () => jpegHeader(65_500, 65_500),
    expected: ['too_large', 'damaged'],
  },
  { about: 'a JPEG that is all header', make: () => jpegHeader(6000, 8000), expected: ['damaged', 'done'] },
  {
    about: 'a GIF of 100,000 frames',
    make: () => gif(100, 100, 100_000),
    expected: ['too_large', 'damaged'],
  },
  {
    about: 'a GIF with a canvas of 65,535 × 65,535',
    make: () => gif(65_535, 65_535, 1),
    expected: ['too_large', 'damaged'],
  },
  { about: 'a TIFF whose directory leads to itself', make: cyclicTiff, expected: ['damaged'] },
  {
    about: 'an AVIF of 36 megapixels in a kilobyte',
    make: () =>
      sharp({ create: { width: 6000, height: 6000, channels: 3, background: '#777777' } })
        .avif({ effort: 0 })
        .toBuffer(),
    expected: ['too_large'],
  },
  {
    about: 'SVG that reads a file',
    make: () =>
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
      ),
    expected: ['unsupported_format'],
  },
  {
    about: 'SVG behind spaces',
    make: () =>
      Buffer.concat([
        Buffer.alloc(200, 0x20),
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      ]),
    expected: ['unsupported_format'],
  },
  {
    about: 'PDF',
    make: () => Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj'),
    expected: ['unsupported_format'],
  },
  {
    about: 'a portable pixmap',
    make: () => Buffer.concat([Buffer.from('P6\n10 10\n255\n'), Buffer.alloc(300)]),
    expected: ['unsupported_format'],
  },
  {
    about: 'a script',
    make: () =>
      Buffer.from('push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 "https://example.org/"'),
    expected: ['unsupported_format'],
  },
]

/** One picture in each format that is taken, small enough to be changed by the thousand. */
export async function honestFiles(photo: Buffer): Promise<Buffer[]> {
  return Promise.all([
    sharp(photo).jpeg().toBuffer(),
    sharp(photo).png().toBuffer(),
    sharp(photo).webp().toBuffer(),
    sharp(photo).gif().toBuffer(),
    sharp(photo).tiff({ compression: 'lzw' }).toBuffer(),
    sharp(photo).avif({ effort: 0 }).toBuffer(),
  ])
}

/** One to eight places changed, half of them in the header: a bit, a boundary value, a cut, a repetition. */
export function mutated(original: Buffer, seed: number): Buffer {
  let state = createHash('sha256').update(`mutant ${seed}`).digest().readUInt32LE()
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  let bytes = Buffer.from(original)
  for (let change = 0; change <= next(8); change++) {
    const at = next(2) === 0 ? next(Math.min(64, bytes.length)) : next(bytes.length)
    const kind = next(6)
    if (kind <= 2) bytes[at] = bytes[at]! ^ (1 << next(8))
    else if (kind === 3) bytes[at] = [0, 0x7f, 0x80, 0xff][next(4)]!
    else if (kind === 4) bytes = Buffer.from(bytes.subarray(0, Math.max(20, at)))
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 16))])
  }
  return bytes
}
