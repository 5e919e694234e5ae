/**
 * A finished frame as a proof: what the result looks like, with a mark all over it, as a WebP for a screen. Runs in a decoder child.
 *
 * The mark lies on after everything was measured, so that it changes no verdict. Where the result would be a JPEG, its background is laid beneath, as encoding would.
 */
import { parseColour } from './colour.ts'
import type { Failure } from './failure.ts'
import type { Bench, Encoding } from './operation.ts'
import { watermark } from './operations/watermark.ts'

export type Proof = {
  /** Words laid over the picture. */
  mark: string
  /** Of the photo as it was sent; the file that is read may be a copy. */
  sourceFormat: string
}

/** Seen on white as on black, and not to be cut away. */
const markSettings = { colour: '#7d7d7d', opacity: 0.4, size: 0.2, tile: true }
const quality = 80

/** Changes the frame on the bench. */
export async function markProof(
  bench: Bench,
  encoding: Encoding,
  mark: string,
): Promise<{ ok: true; encoding: Encoding } | Failure> {
  if (encoding.format === 'jpeg') {
    bench.frame = bench.pixels.flatten(bench.frame, parseColour(encoding.background))
  }
  const settings = watermark.settings.parse({ ...markSettings, text: mark })
  const marked = await watermark.apply(bench, settings)
  if (!marked.ok) return marked
  return { ok: true, encoding: { format: 'webp', quality, background: encoding.background } }
}
