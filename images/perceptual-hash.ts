/** A picture's likeness in 256 bits, for golden tests: survives another libvips, another rounding, another JPEG encoder; does not survive another picture. */
import sharp from 'sharp'

/** Which of two neighbours is brighter, on a 17 × 16 copy over middle grey. Hexadecimal. */
export async function perceptualHash(file: string): Promise<string> {
  const grey = await sharp(file)
    .flatten({ background: '#808080' })
    .toColourspace('b-w')
    .blur(2)
    .resize(17, 16, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer()
  let bits = ''
  // A margin of 2 keeps even surfaces from flickering between 0 and 1.
  for (let y = 0; y < 16; y++)
    for (let x = 0; x < 16; x++) bits += grey[y * 17 + x]! > grey[y * 17 + x + 1]! + 2 ? '1' : '0'
  return BigInt(`0b${bits}`).toString(16).padStart(64, '0')
}

/** How many of the 256 bits differ. */
export function hashDistance(a: string, b: string): number {
  return [...(BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)].filter((bit) => bit === '1').length
}
