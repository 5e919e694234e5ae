/**
 * Tells what a file is by its first bytes, before any decoder sees it. Pure. Only six formats go on; for others people get told what they sent and what to send instead.
 */

export type InputFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'gif'

/** So many bytes are enough to tell. */
export const headerBytes = 64

const instead = 'Send it as JPEG, PNG, WebP, AVIF, TIFF or GIF.'

export function recogniseFormat(
  head: Uint8Array,
): { ok: true; format: InputFormat } | { ok: false; message: string } {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  const text = (from: number, length: number) => bytes.toString('latin1', from, from + length)
  const starts = (hex: string) => bytes.toString('hex', 0, hex.length / 2) === hex
  const refused = (what: string) => ({ ok: false as const, message: `${what} ${instead}` })
  if (bytes.length === 0) return refused('This file is empty.')
  if (starts('ffd8ff')) return { ok: true, format: 'jpeg' }
  if (starts('89504e470d0a1a0a')) return { ok: true, format: 'png' }
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return { ok: true, format: 'webp' }
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return { ok: true, format: 'gif' }
  if (text(4, 4) === 'ftyp') return fromBrands(bytes, refused)
  if (starts('49492a00') && text(8, 2) === 'CR') return refused('This is a raw photo from a camera.')
  if (starts('49492a00') || starts('4d4d002a')) return { ok: true, format: 'tiff' }
  if (starts('49492b00') || starts('4d4d002b')) return refused('This is a BigTIFF file.')
  if (text(0, 4) === '8BPS') return refused('This is a Photoshop document.')
  if (text(0, 5) === '%PDF-') return refused('This is a PDF document.')
  if (text(0, 2) === 'BM') return refused('This is a BMP picture.')
  if (starts('00000100')) return refused('This is an icon file.')
  if (starts('ff0a') || starts('0000000c4a584c20')) return refused('This is a JPEG XL picture.')
  if (starts('0000000c6a502020') || starts('ff4fff51')) return refused('This is a JPEG 2000 picture.')
  if (starts('504b0304')) return refused('This is a ZIP archive: unpack it and send the pictures in it.')
  if (starts('1f8b') || starts('377abcaf') || text(0, 4) === 'Rar!')
    return refused('This is an archive: unpack it and send the pictures in it.')
  if (/^(\uFEFF|\u00EF\u00BB\u00BF)?\s*<(\?xml|svg|!doctype svg)/i.test(text(0, headerBytes)))
    return refused('This is an SVG or XML drawing, not a photo.')
  if (/^\s*</.test(text(0, headerBytes))) return refused('This is a web page, not a photo.')
  return refused('This is no picture we can read.')
}

type Refuse = (what: string) => { ok: false; message: string }

/** ISO media files say in brands what they hold. */
function fromBrands(bytes: Buffer, refused: Refuse): ReturnType<typeof recogniseFormat> {
  const end = Math.min(bytes.length, Math.max(16, bytes.readUInt32BE(0)))
  const brands = [bytes.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString('latin1', at, at + 4))
  if (brands.some((brand) => /^(heic|heix|heim|heis|hevc|hevx)$/.test(brand))) {
    return refused(
      'This is a HEIC photo, as iPhones take them; on an iPhone choose Settings, Camera, Formats, “Most Compatible”.',
    )
  }
  if (brands.includes('avif') || brands.includes('avis')) return { ok: true, format: 'avif' }
  if (brands[0] === 'crx ') return refused('This is a raw photo from a camera.')
  if (brands.some((brand) => /^(isom|mp4|M4V|qt {2}|avc1|iso)/.test(brand)))
    return refused('This is a video.')
  return refused('This is no picture we can read.')
}
