/**
 * From a file that a stranger sent to upright sRGB pixels. Runs in a decoder child only.
 *
 * In this order, each step refusing what the next must not see: length of the file, first bytes, header under the limits, pixels. Only six loaders of libvips are left unblocked, by name, so
 * SVG, PDF and whatever a later libvips learns stay out.
 */
import { open, stat } from 'node:fs/promises'
import sharp, { type Metadata } from 'sharp'
import { type Profile, readProfile } from './colour-profile.ts'
import { readExif } from './exif.ts'
import { type Failure, failed } from './failure.ts'
import { limits } from './limits.ts'
import type { Frame } from './pixels.ts'
import { headerBytes, type InputFormat, recogniseFormat } from './recognise-format.ts'

const loaders = ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'].map((name) => `VipsForeignLoad${name}File`)

/** Once per child, before anything is opened. */
export function lockLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: loaders })
  // Nothing is opened twice, so a cache only keeps strangers' pixels around.
  sharp.cache(false)
  sharp.concurrency(1)
}

export type OpenedHeader = {
  ok: true
  format: InputFormat
  /** Upright. */
  width: number
  height: number
  pages: number
  hasAlpha: boolean
  metadata: string[]
  copyright?: { artist?: string; copyright?: string }
}

const openOptions = { failOn: 'error', limitInputPixels: false, sequentialRead: true } as const

export async function readHeader(file: string): Promise<OpenedHeader | Failure> {
  const { size } = await stat(file)
  if (size > limits.fileBytes) {
    return failed(
      'too_large',
      `This file has ${Math.ceil(size / 1e6)} MB; the most we take is ${limits.fileBytes / 1e6} MB. Send a smaller one.`,
    )
  }
  const recognised = recogniseFormat(await firstBytes(file))
  if (!recognised.ok) return failed('unsupported_format', recognised.message)
  let found: Metadata
  try {
    found = await sharp(file, openOptions).metadata()
  } catch (error) {
    return unreadable(error)
  }
  if (found.compression === 'hevc') {
    return failed(
      'unsupported_format',
      'This is a HEIC photo. Send it as JPEG, PNG, WebP, AVIF, TIFF or GIF.',
    )
  }
  const { width, height } = found.autoOrient
  const pages = found.pages ?? 1
  return (
    overLimits(recognised.format, { width, height, pages }) ?? {
      ok: true,
      format: recognised.format,
      width,
      height,
      pages,
      hasAlpha: found.hasAlpha ?? false,
      ...carried(found),
    }
  )
}

function overLimits(
  format: InputFormat,
  size: { width: number; height: number; pages: number },
): Failure | undefined {
  const { width, height, pages } = size
  const shown = `${width} × ${height}${pages > 1 ? ` pixels in ${pages} frames` : ' pixels'}`
  if (!(width > 0 && height > 0))
    return failed('damaged', 'This picture says it has no pixels. Export it again and send that.')
  if (Math.max(width, height) > limits.side) {
    return failed(
      'too_large',
      `This picture has ${shown}; no side may be over ${limits.side}. Send a smaller one.`,
    )
  }
  if (width * height * pages > limits.pixels) {
    return failed(
      'too_large',
      `This picture has ${shown}; the most we take is ${limits.pixels / 1e6} megapixels over all frames. Send a smaller one.`,
    )
  }
  if (format === 'avif' && width * height > limits.avifPixels) {
    return failed(
      'too_large',
      `This AVIF has ${shown}; the most we take of AVIF is ${limits.avifPixels / 1e6} megapixels. Send it as JPEG or smaller.`,
    )
  }
  return undefined
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** What travels with the pixels and will not leave with them. */
function carried(found: Metadata): Pick<OpenedHeader, 'metadata' | 'copyright'> {
  const exif = found.exif ? readExif(found.exif) : undefined
  const metadata = [
    ...(found.exif ? ['exif'] : []),
    ...(exif?.hasLocation ? ['location'] : []),
    ...(found.xmp ? ['xmp'] : []),
    ...(found.iptc ? ['iptc'] : []),
    ...(found.icc ? ['colour_profile'] : []),
    ...((found.comments?.length ?? 0) > 0 ? ['comments'] : []),
  ]
  if (exif?.artist === undefined && exif?.copyright === undefined) return { metadata }
  return {
    metadata,
    copyright: {
      ...(exif.artist ? { artist: exif.artist } : {}),
      ...(exif.copyright ? { copyright: exif.copyright } : {}),
    },
  }
}

/** The photo's own colour profile, where it has one that can be kept. */
export async function profileOf(file: string): Promise<Profile | undefined> {
  return readProfile(
    (
      await sharp(file, openOptions)
        .metadata()
        .catch(() => undefined)
    )?.icc,
  )
}

/**
 * The first frame, upright, with alpha only where there is some; in sRGB, or in the numbers that the photo's own profile explains (`keepNumbers`), or in the space of a profile in a file (`into`). The
 * header must have been read, for its limits.
 */
export async function decodePixels(
  file: string,
  header: OpenedHeader,
  space: { keepNumbers?: boolean; into?: string | undefined } = {},
): Promise<{ ok: true; frame: Frame; cutOut: boolean } | Failure> {
  try {
    const ignoreIcc = space.keepNumbers === true
    const plain = sharp(file, { ...openOptions, ignoreIcc })
      .autoOrient()
      .toColourspace('srgb')
    const image = space.into === undefined ? plain : plain.withIccProfile(space.into)
    const { data, info } = await (header.hasAlpha ? image.ensureAlpha() : image)
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { ok: true, ...withHonestAlpha(data, info) }
  } catch (error) {
    return unreadable(error)
  }
}

/** A pixel counts as transparent below 250; this share of them makes an alpha channel mean something. */
const leastTransparent = 0.002

/** Two channels become four, one three; an alpha channel that hides nothing is dropped. */
function withHonestAlpha(
  data: Buffer,
  info: { width: number; height: number; channels: number },
): { frame: Frame; cutOut: boolean } {
  const { width, height, channels } = info
  const count = width * height
  const coloured = channels === 1 || channels === 2 ? spreadGrey(data, count, channels) : data
  const frameChannels = channels === 1 || channels === 3 ? 3 : 4
  if (frameChannels === 3) return { frame: { data: coloured, width, height, channels: 3 }, cutOut: false }
  let transparent = 0
  let solid = true
  for (let at = 3; at < coloured.length; at += 4) {
    const alpha = coloured[at]!
    if (alpha < 255) solid = false
    if (alpha < 250) transparent++
  }
  if (!solid)
    return {
      frame: { data: coloured, width, height, channels: 4 },
      cutOut: transparent / count > leastTransparent,
    }
  const opaque = Buffer.allocUnsafe(count * 3)
  for (let from = 0, to = 0; to < opaque.length; from += 4, to += 3) {
    opaque[to] = coloured[from]!
    opaque[to + 1] = coloured[from + 1]!
    opaque[to + 2] = coloured[from + 2]!
  }
  return { frame: { data: opaque, width, height, channels: 3 }, cutOut: false }
}

function spreadGrey(data: Buffer, count: number, channels: 1 | 2): Buffer {
  const wide = channels + 2
  const spread = Buffer.allocUnsafe(count * wide)
  for (let from = 0, to = 0; to < spread.length; from += channels, to += wide) {
    spread.fill(data[from]!, to, to + 3)
    if (channels === 2) spread[to + 3] = data[from + 1]!
  }
  return spread
}

function unreadable(error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error)
  if (/pixel limit|dimensions? exceed|too large/i.test(reason)) {
    return failed(
      'too_large',
      `This picture has more pixels than we take (${limits.pixels / 1e6} megapixels). Send a smaller one.`,
    )
  }
  if (/out of memory|unable to allocate/i.test(reason))
    return failed('out_of_memory', 'This picture needs more memory than one may take. Send a smaller one.')
  const short = reason.split('\n')[0]?.replaceAll(/\s+/g, ' ').slice(0, 120) ?? ''
  return failed('damaged', `This picture is damaged or cut short (${short}). Export it again and send that.`)
}
