/**
 * The colours that a half-transparent pixel mixes: what is in front and what is behind, each estimated from its neighbourhood (blur fusion: Forte, “Approximate fast foreground colour estimation”,
 * 2021, in two passes, wide then narrow). Pure arithmetic on a small copy; `matte.ts` samples it at full resolution.
 */

/** Interleaved: front red, green, blue, behind red, green, blue; 0..255. */
export type ColourField = { data: Float32Array; width: number; height: number }

/** `rgb` is interleaved, `alpha` one byte a pixel, both `width` × `height`. */
export function foregroundColours(picture: {
  rgb: Uint8Array
  alpha: Uint8Array
  width: number
  height: number
}): ColourField {
  const { rgb, width, height } = picture
  const count = width * height
  const field = new Float32Array(count * 6)
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) {
      field[i * 6 + c] = rgb[i * 3 + c]!
      field[i * 6 + 3 + c] = rgb[i * 3 + c]!
    }
  }
  const long = Math.max(width, height)
  fuse(field, picture, Math.max(3, Math.round(long / 12)))
  fuse(field, picture, Math.max(1, Math.round(long / 128)))
  return { data: field, width, height }
}

/** One pass: smooths each layer by its own weight, then lets the pixel correct the front by what the mix leaves over. */
function fuse(
  field: Float32Array,
  picture: { rgb: Uint8Array; alpha: Uint8Array; width: number; height: number },
  radius: number,
): void {
  const { rgb, alpha, width, height } = picture
  const count = width * height
  // Per pixel: weighted front (3), its weight, weighted behind (3), its weight.
  const planes = new Float32Array(count * 8)
  for (let i = 0, f = 0, p = 0; i < count; i++, f += 6, p += 8) {
    // Cubed: a neighbour that is itself a mix says little about either colour.
    const a = (alpha[i]! / 255) ** 3
    const b = (1 - alpha[i]! / 255) ** 3
    planes[p] = field[f]! * a
    planes[p + 1] = field[f + 1]! * a
    planes[p + 2] = field[f + 2]! * a
    planes[p + 3] = a
    planes[p + 4] = field[f + 3]! * b
    planes[p + 5] = field[f + 4]! * b
    planes[p + 6] = field[f + 5]! * b
    planes[p + 7] = b
  }
  const smooth = boxBlur(planes, { width, height, channels: 8 }, radius)
  for (let i = 0, f = 0, p = 0; i < count; i++, f += 6, p += 8) {
    const a = alpha[i]! / 255
    const front = smooth[p + 3]! + 1e-5
    const behind = smooth[p + 7]! + 1e-5
    for (let c = 0; c < 3; c++) {
      const frontColour = smooth[p + c]! / front
      const behindColour = smooth[p + 4 + c]! / behind
      const left = rgb[i * 3 + c]! - a * frontColour - (1 - a) * behindColour
      field[f + c] = clamp(frontColour + a * left)
      field[f + 3 + c] = clamp(behindColour + (1 - a) * left)
    }
  }
}

const clamp = (value: number) => Math.max(0, Math.min(255, value))

/** Mean over a square of 2 × radius + 1, fewer at the edges; two running sums. */
export function boxBlur(
  source: Float32Array,
  shape: { width: number; height: number; channels: number },
  radius: number,
): Float32Array {
  const { width, height, channels } = shape
  const across = new Float32Array(source.length)
  const result = new Float32Array(source.length)
  const sums = new Float64Array(channels)
  for (let y = 0; y < height; y++) {
    runningMean(source, across, {
      start: y * width * channels,
      step: channels,
      count: width,
      channels,
      radius,
      sums,
    })
  }
  // Columns together, row by row: a column at a time would miss the cache on every access.
  const columns = new Float64Array(width * channels)
  const row = width * channels
  for (let y = 0; y < Math.min(radius, height); y++)
    for (let i = 0; i < row; i++) columns[i] = columns[i]! + across[y * row + i]!
  for (let y = 0; y < height; y++) {
    const enters = y + radius
    const leaves = y - radius - 1
    if (enters < height) for (let i = 0; i < row; i++) columns[i] = columns[i]! + across[enters * row + i]!
    if (leaves >= 0) for (let i = 0; i < row; i++) columns[i] = columns[i]! - across[leaves * row + i]!
    const n = Math.min(height - 1, enters) - Math.max(0, y - radius) + 1
    for (let i = 0; i < row; i++) result[y * row + i] = columns[i]! / n
  }
  return result
}

function runningMean(
  source: Float32Array,
  into: Float32Array,
  line: { start: number; step: number; count: number; channels: number; radius: number; sums: Float64Array },
): void {
  const { start, step, count, channels, radius, sums } = line
  sums.fill(0)
  for (let x = 0; x < Math.min(radius, count); x++)
    for (let c = 0; c < channels; c++) sums[c] = sums[c]! + source[start + x * step + c]!
  for (let x = 0; x < count; x++) {
    const enters = x + radius
    const leaves = x - radius - 1
    if (enters < count)
      for (let c = 0; c < channels; c++) sums[c] = sums[c]! + source[start + enters * step + c]!
    if (leaves >= 0)
      for (let c = 0; c < channels; c++) sums[c] = sums[c]! - source[start + leaves * step + c]!
    const n = Math.min(count - 1, enters) - Math.max(0, x - radius) + 1
    for (let c = 0; c < channels; c++) into[start + x * step + c] = sums[c]! / n
  }
}
