/** Writes the finished frame as JPEG, PNG, WebP or AVIF, and the small preview. Efforts are capped: AVIF at effort 4 took 12 s for what effort 2 does in 2. Runs in a decoder child only. */
import sharp, { type Sharp } from 'sharp'
import { parseColour } from './colour.ts'
import type { ColourSpace } from './colour-profile.ts'
import { type Failure, failed } from './failure.ts'
import type { Encoding, OutputFormat } from './operation.ts'
import { type Frame, pixels } from './pixels.ts'

const defaultQuality = { jpeg: 90, png: 100, webp: 86, avif: 60 } as const

/** Above so many pixels an encoder gets its least effort. */
const largePicture = 4_000_000

/** Above so many, PNG is packed quickly: at 12 megapixels level 6 takes twice as long as level 2 for a sixth less. Below, level 4: level 6 takes a quarter longer for a hundredth less. */
const hugePicture = 20_000_000

/** Without a `convert` step the format stays, as far as it can hold the result. */
export function keptFormat(input: string, frame: Frame): OutputFormat {
  if (input === 'webp' || input === 'avif') return input
  return input === 'jpeg' && frame.channels === 3 ? 'jpeg' : 'png'
}

export type Credits = { artist?: string; copyright?: string } | undefined

/** With a colour space, the file carries its profile; without, it is sRGB and carries none. */
export async function encode(
  frame: Frame,
  encoding: Encoding,
  more: { keep?: Credits; space?: ColourSpace | undefined; forScreen?: boolean } = {},
): Promise<{ ok: true; file: Buffer } | Failure> {
  const flat =
    encoding.format === 'jpeg' && frame.channels === 4
      ? pixels.flatten(frame, parseColour(encoding.background))
      : frame
  const carried = await more.space?.carry(flat)
  const source: Source = {
    width: flat.width,
    height: flat.height,
    keep: more.keep,
    forScreen: more.forScreen ?? false,
    open: () =>
      carried === undefined
        ? openRaw(flat)
        : sharp(carried, { limitInputPixels: false, sequentialRead: true }).keepIccProfile(),
  }
  if (encoding.maxBytes === undefined)
    return { ok: true, file: await write(source, encoding.format, encoding.quality) }
  return withinBytes(source, { ...encoding, maxBytes: encoding.maxBytes })
}

/** What is written, opened anew for each try. */
type Source = { width: number; height: number; keep: Credits; forScreen: boolean; open(): Sharp }

const openRaw = ({ data, width, height, channels }: Frame) =>
  sharp(data, { raw: { width, height, channels }, limitInputPixels: false })

/** The best quality whose file fits, by halving; PNG gets fewer colours instead. */
async function withinBytes(
  source: Source,
  encoding: Encoding & { maxBytes: number },
): Promise<{ ok: true; file: Buffer } | Failure> {
  const { format, maxBytes } = encoding
  const first = await write(source, format, encoding.quality)
  if (first.length <= maxBytes) return { ok: true, file: first }
  let best: Buffer | undefined
  let low = 10
  let high = (encoding.quality ?? defaultQuality[format]) - 1
  for (let tries = 0; tries < 6 && low <= high; tries++) {
    const middle = Math.round((low + high) / 2)
    const file = await write(source, format, middle)
    if (file.length <= maxBytes) {
      best = file
      low = middle + 1
    } else {
      high = middle - 1
    }
  }
  if (best === undefined) {
    const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1000)} kB`
    return failed(
      'too_large',
      `At ${source.width} × ${source.height} pixels this picture does not fit into ${kilobytes(maxBytes)} as ${format.toUpperCase()}. Allow more, or resize it first.`,
    )
  }
  return { ok: true, file: best }
}

function write(source: Source, format: OutputFormat, quality: number | undefined): Promise<Buffer> {
  const { width, height, keep, forScreen } = source
  const image = source.open()
  const credits = {
    ...(keep?.artist ? { Artist: keep.artist } : {}),
    ...(keep?.copyright ? { Copyright: keep.copyright } : {}),
  }
  const signed = Object.keys(credits).length > 0 ? image.withExif({ IFD0: credits }) : image
  return formatted(signed, format, {
    quality: quality ?? defaultQuality[format],
    large: width * height > largePicture,
    huge: width * height > hugePicture,
    lossy: quality !== undefined,
    forScreen,
  }).toBuffer()
}

function formatted(
  image: Sharp,
  format: OutputFormat,
  how: { quality: number; large: boolean; huge: boolean; lossy: boolean; forScreen: boolean },
): Sharp {
  const { quality, large } = how
  switch (format) {
    case 'jpeg':
      return image.jpeg({
        quality,
        chromaSubsampling: quality >= 90 ? '4:4:4' : '4:2:0',
        // The best codes are known only after all is seen: that holds six bytes a pixel, 300 MB of a 50-megapixel picture.
        optimiseCoding: !how.huge,
      })
    case 'png':
      return how.lossy && quality < 100
        ? image.png({ palette: true, quality, effort: 4, compressionLevel: 9 })
        : image.png({ compressionLevel: how.huge ? 2 : 4, adaptiveFiltering: false })
    case 'webp':
      return how.forScreen
        ? image.webp({ quality, ...shownAlpha })
        : image.webp({ quality, alphaQuality: 100, effort: large ? 0 : 2 })
    case 'avif':
      return image.avif({ quality, effort: large ? 0 : 2 })
  }
}

/** Transparency that is only looked at: a third of the time of what is kept, at 1,000 × 1,000 pixels 50 ms instead of 170. */
const shownAlpha = { alphaQuality: 90, effort: 0 }

const previewSide = 640

/** A small WebP for lists, in sRGB; transparency stays. */
export async function encodePreview(frame: Frame, space?: ColourSpace): Promise<Buffer> {
  const scale = Math.min(1, previewSide / Math.max(frame.width, frame.height))
  const side = (length: number) => Math.max(1, Math.round(length * scale))
  const small = await pixels.resize(frame, { width: side(frame.width), height: side(frame.height) })
  return openRaw(space ? await space.toSrgb(small) : small)
    .webp({ quality: 80, ...shownAlpha })
    .toBuffer()
}
