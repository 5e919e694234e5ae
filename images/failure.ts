/**
 * What can go wrong with one image, as values.
 *
 * Every room that asks `image-work.ts` for something gets either a result or a `Failure`; a failure never charges anyone and is never retried here: whoever holds the item decides. The message is
 * a whole sentence for the person who sent the photo and says what to send instead.
 */

export type FailureName =
  /** The bytes are no JPEG, PNG, WebP, AVIF, TIFF or GIF. */
  | 'unsupported_format'
  /** The file, its sides or its pixels are over the limits of `limits.ts`. */
  | 'too_large'
  /** A format we take, but the content is broken or cut short. */
  | 'damaged'
  /** Nothing in the photo stands out from its background. */
  | 'no_subject'
  /** An image named by a step's settings was not handed over with the job. */
  | 'asset_missing'
  /** The limits on wall clock or memory were reached; the child was stopped. */
  | 'timeout'
  | 'out_of_memory'
  /** The child that worked on it ended by itself. */
  | 'crashed'
  /** The steps need the models and they are not here yet. */
  | 'models_missing'
  /** The caller withdrew the job. */
  | 'cancelled'

export type Failure = { ok: false; failure: FailureName; message: string }

export function failed(failure: FailureName, message: string): Failure {
  return { ok: false, failure, message }
}
