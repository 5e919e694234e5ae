/**
 * A picture that keeps its photo's own colour profile: its numbers stay what they were, so that a wide-gamut photo stays wide. Runs in a decoder child; `pipeline.ts` opens one where `convert` asks for it.
 *
 * Everything else in this room thinks in sRGB. So what comes from outside of the photo (colours of settings, images that they name) is brought into the photo's space, and what is shown to the models
 * or to people in lists is brought back. Pixels and profile meet in a TIFF of our own in a folder beside the output: the one way to have an encoder attach a profile without changing the pixels.
 *
 * Only RGB profiles are kept: grey and CMYK photos become sRGB as always.
 */
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Frame } from './pixels.ts'

/** As the photo carries it; `name` is for people (`Display P3`). */
export type Profile = { icc: Buffer; name: string; isSrgb: boolean }

export type ColourSpace = {
  profile: Profile
  /** Path of the profile, for decoding other images into this space. */
  profileFile: string
  /** The frame in sRGB. */
  toSrgb(frame: Frame): Promise<Frame>
  /** Path of a TIFF of these pixels that carries the profile; good until the next one. */
  carry(frame: Frame): Promise<string>
  /** The same settings with every `#rrggbb` in them as this space writes it. */
  translate<Settings>(settings: Settings): Promise<Settings>
  close(): Promise<void>
}

/** Profiles of cameras and screens have some kilobytes; one of a megabyte is not about colour. */
const mostBytes = 1_000_000

/** Undefined where there is none that could be kept: none at all, not RGB, or one whose tables are not where it says. */
export function readProfile(icc: Buffer | undefined): Profile | undefined {
  if (icc === undefined || icc.length < 132 || icc.length > mostBytes) return undefined
  if (icc.toString('latin1', 36, 40) !== 'acsp' || icc.toString('latin1', 16, 20) !== 'RGB ') return undefined
  const tags = readTags(icc)
  // A matrix with curves or a table: without either, numbers mean nothing.
  if (!tags || !((tags.has('rXYZ') && tags.has('rTRC')) || tags.has('A2B0'))) return undefined
  const name = nameOf(tags.get('desc'))
  return { icc, name, isSrgb: /srgb/i.test(name) }
}

/** Name and content of each tag; undefined where one lies outside of the file. libvips says nothing of such a profile and takes another. */
function readTags(icc: Buffer): Map<string, Buffer> | undefined {
  const tags = new Map<string, Buffer>()
  const count = icc.readUInt32BE(128)
  if (132 + count * 12 > icc.length) return undefined
  for (let at = 132; at < 132 + count * 12; at += 12) {
    const [from, length] = [icc.readUInt32BE(at + 4), icc.readUInt32BE(at + 8)]
    if (from + length > icc.length) return undefined
    tags.set(icc.toString('latin1', at, at + 4), icc.subarray(from, from + length))
  }
  return tags
}

/** ASCII in profiles of version 2, UTF-16 in those of version 4. */
function nameOf(description: Buffer | undefined): string {
  const isUnicode = description?.toString('latin1', 0, 4) === 'mluc'
  const words = description?.toString('latin1', isUnicode ? 28 : 12, 512).replaceAll('\0', '') ?? ''
  return /^[\x20-\x7e]*/.exec(words)![0].trim().slice(0, 60) || 'unnamed'
}

/** `folder` is made, and is gone after `close`. */
export async function openColourSpace(profile: Profile, folder: string): Promise<ColourSpace> {
  await mkdir(folder, { recursive: true })
  const profileFile = join(folder, 'profile.icc')
  const pixelsFile = join(folder, 'pixels.tiff')
  await writeFile(profileFile, profile.icc)
  async function carry(frame: Frame): Promise<string> {
    const handle = await open(pixelsFile, 'w')
    try {
      await handle.writeFile(tiffHead(frame, profile.icc))
      await handle.writeFile(frame.data)
    } finally {
      await handle.close()
    }
    return pixelsFile
  }
  return {
    profile,
    profileFile,
    carry,
    async toSrgb(frame) {
      const image = sharp(await carry(frame), { limitInputPixels: false }).toColourspace('srgb')
      const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
      return { ...frame, data, channels: info.channels as 3 | 4 }
    },
    translate: (settings) => translateColours(settings, profileFile),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

const colour = /^#[0-9a-f]{6}$/i

async function translateColours<Value>(value: Value, profileFile: string): Promise<Value> {
  if (typeof value === 'string' && colour.test(value)) {
    const data = Buffer.from(value.slice(1), 'hex')
    const pixel = sharp(data, { raw: { width: 1, height: 1, channels: 3 } })
    return `#${(await pixel.withIccProfile(profileFile).raw().toBuffer()).toString('hex')}` as Value
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value))
    return Promise.all(value.map((each) => translateColours(each, profileFile))) as Promise<Value>
  const entries = Object.entries(value).map(async ([name, each]) => [
    name,
    await translateColours(each, profileFile),
  ])
  return Object.fromEntries(await Promise.all(entries)) as Value
}

/** What stands before the pixels in a TIFF: little-endian, one strip, straight alpha in the fourth channel. */
function tiffHead({ width, height, channels, data }: Frame, icc: Buffer): Buffer {
  const [short, long, bytes] = [3, 4, 7]
  const directory = 8
  const count = channels === 4 ? 12 : 11
  const bits = directory + 2 + count * 12 + 4
  const profile = bits + 8
  const pixels = profile + icc.length + (icc.length % 2)
  const tags: [tag: number, type: number, count: number, value: number][] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, channels, bits],
    [259, short, 1, 1],
    [262, short, 1, 2],
    [273, long, 1, pixels],
    [277, short, 1, channels],
    [278, long, 1, height],
    [279, long, 1, data.length],
    [284, short, 1, 1],
    ...(channels === 4 ? [[338, short, 1, 2] as [number, number, number, number]] : []),
    [34_675, bytes, icc.length, profile],
  ]
  const head = Buffer.alloc(pixels)
  head.write('II*\0', 0, 'latin1')
  head.writeUInt32LE(directory, 4)
  head.writeUInt16LE(count, directory)
  for (const [index, [tag, type, values, value]] of tags.entries()) {
    const at = directory + 2 + index * 12
    head.writeUInt16LE(tag, at)
    head.writeUInt16LE(type, at + 2)
    head.writeUInt32LE(values, at + 4)
    head.writeUInt32LE(value, at + 8)
  }
  for (let channel = 0; channel < channels; channel++) head.writeUInt16LE(8, bits + 2 * channel)
  icc.copy(head, profile)
  return head
}
