/** The bounds that keep a hostile or careless file from hurting anyone. One place, read by the decoder child and its parent. */

export const limits = {
  /** A longer file is refused before a byte of it is parsed. */
  fileBytes: 50_000_000,
  /** Width × height × frames; a 2 kB PNG can claim 49 million pixels and cost 200 MB and seconds, so not more. */
  pixels: 50_000_000,
  side: 16_384,
  /** AV1 decodes all at once: a 1.4 kB AVIF of 7000 × 7000 took 918 MB. */
  avifPixels: 16_000_000,
  /** Resident memory at which the parent stops a decoder child: a step below the 768 MB that it may have, which the fastest bomb reaches between two looks (775 MB were seen). */
  memoryBytes: 704 * 1024 * 1024,
  /** Wall clock for reading what a stranger sent: header and pixels. */
  decodeMs: 15_000,
  /** Wall clock for our own work on the pixels afterwards; waiting for inference is not counted. */
  workMs: 60_000,
  /** A decoder child is replaced after so many jobs, whatever they left behind in it. */
  jobsPerChild: 200,
  /** Output sides, so that settings cannot ask for a canvas that the input limits would refuse. */
  outputSide: 10_000,
  outputPixels: 50_000_000,
} as const
