/** A picture on a checkerboard, so that what is transparent can be seen. Called by before-and-after.ts and by the sheets of quality/. */
import sharp from 'sharp'

/** `shades` are the greys of the squares of 8 pixels, 0 to 255: the one at the top left comes second. Answers a PNG. */
export async function onCheckerboard(picture: Buffer, shades: readonly [number, number]): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata()
  const board = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      board.fill(((x >> 3) + (y >> 3)) & 1 ? shades[0] : shades[1], at, at + 3)
    }
  return sharp(board, { raw: { width, height, channels: 3 } })
    .composite([{ input: picture }])
    .png()
    .toBuffer()
}
