/** The picture of an operation in the docs: a photo and what comes of it, side by side. Written by `write-operations-page.ts`, and compared with what operations make now by `golden.test.ts`. */
import sharp from 'sharp'
import { onCheckerboard } from './checkerboard.ts'

const side = 220
const gap = 12

/** A PNG of two files. */
export async function beforeAndAfter(before: string, after: string): Promise<Buffer> {
  const tiles = [await tile(before), await tile(after)]
  const sizes = await Promise.all(tiles.map(async (each) => sharp(each).metadata()))
  const height = Math.max(...sizes.map((size) => size.height))
  return sharp({ create: { width: 2 * side + gap, height, channels: 3, background: '#ffffff' } })
    .composite(
      tiles.map((input, i) => ({
        input,
        left: i * (side + gap) + Math.floor((side - sizes[i]!.width) / 2),
        top: Math.floor((height - sizes[i]!.height) / 2),
      })),
    )
    .png({ palette: true, colours: 64, effort: 10 })
    .toBuffer()
}

/** On a checkerboard where it is transparent. */
async function tile(file: string): Promise<Buffer> {
  const small = await sharp(file).resize(side, side, { fit: 'inside' }).ensureAlpha().png().toBuffer()
  return onCheckerboard(small, [222, 244])
}
