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

/** What a pixel of some alpha says about either colour. Cubed: one that is itself a mix says little. */
const inFront = Float64Array.from({ length: 256 }, (_, alpha) => (alpha / 255) ** 3)
const behindIt = Float64Array.from({ length: 256 }, (_, alpha) => (1 - alpha / 255) ** 3)

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
    const a = inFront[alpha[i]!]!
    const b = behindIt[alpha[i]!]!
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

/**
 * Mean over a square of 2 × radius + 1, fewer at the edges; two running sums. One row enters and one leaves at a time, and only the rows between the two are kept: they stay in the processor's cache, which
 * all rows of fourteen channels would not.
 */
export function boxBlur(
  source: Float32Array,
  shape: { width: number; height: number; channels: number },
  radius: number,
): Float32Array {
  const { width, height, channels } = shape
  const row = width * channels
  const kept = 2 * radius + 2
  const across = new Float32Array(kept * row)
  const result = new Float32Array(source.length)
  const columns = new Float64Array(row)
  const line = { count: width, channels, radius }
  const place = (y: number) => (y % kept) * row
  for (let y = 0; y < Math.min(radius, height); y++) {
    const to = place(y)
    meanAcross(source, y * row, across, { to, ...line })
    for (let i = 0; i < row; i++) columns[i] = columns[i]! + across[to + i]!
  }
  for (let y = 0; y < height; y++) {
    const enters = y + radius
    const leaves = y - radius - 1
    const n = Math.min(height - 1, enters) - Math.max(0, leaves + 1) + 1
    const from = place(enters)
    if (enters < height) meanAcross(source, enters * row, across, { to: from, ...line })
    else across.fill(0, from, from + row)
    moveDown(columns, across, {
      enters: from,
      leaves: leaves >= 0 ? place(leaves) : undefined,
      mean: result.subarray(y * row, (y + 1) * row),
      n,
    })
  }
  return result
}

/** The sums of the columns, one row further, and their mean. */
function moveDown(
  columns: Float64Array,
  rows: Float32Array,
  step: { enters: number; leaves: number | undefined; mean: Float32Array; n: number },
): void {
  const { enters, leaves, mean, n } = step
  if (leaves === undefined) {
    for (let i = 0; i < mean.length; i++) {
      const sum = columns[i]! + rows[enters + i]!
      columns[i] = sum
      mean[i] = sum / n
    }
    return
  }
  for (let i = 0; i < mean.length; i++) {
    const sum = columns[i]! + rows[enters + i]! - rows[leaves + i]!
    columns[i] = sum
    mean[i] = sum / n
  }
}

/** The mean along one row, a channel at a time: its sum stays in a register. */
function meanAcross(
  source: Float32Array,
  start: number,
  into: Float32Array,
  line: { to: number; count: number; channels: number; radius: number },
): void {
  const { to, count, channels, radius } = line
  const ahead = radius * channels
  const behind = ahead + channels
  const end = start + count * channels
  const shift = to - start
  // Where nothing leaves yet, where the whole window lies in the row, and where nothing enters any more.
  const full = Math.min(end, start + behind)
  const last = Math.max(full, end - ahead)
  const n = 2 * radius + 1
  for (let c = 0; c < channels; c++) {
    let sum = 0
    let held = 0
    let at = start + c
    for (let next = at; next < Math.min(start + ahead, end); next += channels, held++) sum += source[next]!
    for (; at < full; at += channels) {
      if (at + ahead < end) {
        sum += source[at + ahead]!
        held++
      }
      into[at + shift] = sum / held
    }
    for (; at < last; at += channels) {
      sum += source[at + ahead]!
      sum -= source[at - behind]!
      into[at + shift] = sum / n
    }
    for (; at < end; at += channels) {
      sum -= source[at - behind]!
      into[at + shift] = sum / --held
    }
  }
}
