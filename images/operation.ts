/**
 * The shape every operation of the catalogue has, and the bench it works at.
 *
 * An operation is one file in `operations/`. It says what it is (code, name, settings), and `apply` changes the picture on the bench. Operations never import sharp: the bench hands them the
 * pixel functions, so that listing the catalogue in a server costs nothing native.
 *
 * Invariants
 *  1. `apply` is a function of frame, settings, mask and faces alone: no clock, no chance, no file it was not handed.
 *  2. Who changes what `apply` produces for the same input raises `codeVersion`: stored results are found by it.
 *  3. Settings are plain JSON after defaulting, so that they can be hashed.
 */
import type { z } from 'zod'
import type { Face } from './faces.ts'
import type { Failure } from './failure.ts'
import type { Box } from './geometry.ts'
import type { OutputMeasures } from './measure-output.ts'
import type { Frame, Grey, Pixels } from './pixels.ts'

export const operationCodes = [
  'remove_background',
  'smart_crop',
  'resize',
  'pad',
  'trim',
  'rotate',
  'background',
  'sharpen',
  'watermark',
  'convert',
  'strip_metadata',
] as const

export type OperationCode = (typeof operationCodes)[number]

export type OutputFormat = 'jpeg' | 'png' | 'webp' | 'avif'

export const mediaTypes: Record<OutputFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
}

/** How the picture leaves the pipeline; set by `convert`, read once at the end. */
export type Encoding = {
  format: OutputFormat
  /** 1 to 100; absent: the format's own default of `encode.ts`. */
  quality?: number
  /** The largest file wanted; quality is lowered to reach it. */
  maxBytes?: number
  /** What stands behind transparent pixels where the format has none, `#rrggbb`. */
  background: string
}

/** What a step found out, for the receipt, the screen and the compliance report. All boxes are in pixels of the frame that the step was given. */
export type StepFindings = {
  box?: Box
  /** The same box in shares of the upright photo, as `photo_box` takes it; absent where the frame is no longer the photo moved and scaled. */
  photoBox?: Box
  /** The subject's own box, before margins and aspect. */
  subjectBox?: Box
  /** 0 to 1: how sure we are of the mask (`confidenceOf`). */
  confidence?: number
  /** 0 to 1: share of the frame that the subject covers. */
  coverage?: number
  /** True when mask and faces came from an earlier job or step and cost no inference. */
  maskReused?: boolean
  /** Output pixels per input pixel along a side; above 1 the picture was enlarged. */
  upscale?: number
  faces?: number
  /** Which rule decided, in a word or two (`subject`, `faces`, `own_alpha`, `detail`). */
  method?: string
  /** What `strip_metadata` found and removed. */
  removed?: string[]
}

export type StepReport = StepFindings & {
  operation: OperationCode
  ms: number
  width: number
  height: number
  /** With the last step only: what marketplaces ask about the finished picture. */
  output?: OutputMeasures
}

export type StepResult = ({ ok: true } & StepFindings) | Failure

/** The mask of the whole photo, stretched to the model's square; `agreement` is 1 when one look was enough (`joinLooks`), `reused` when no inference was needed for it. */
export type PhotoMask = Grey & { agreement: number; reused: boolean }

/** One job's state, handed from step to step. */
export interface Bench {
  /** The picture as it stands; a step replaces it. */
  frame: Frame
  /**
   * Where the upright photo lies in the frame, in frame pixels: it may reach beyond the frame after a crop and lie within after padding. Undefined when the two no longer match by shift and
   * scale (after a free rotation): masks are then inferred from the frame as it stands and not kept.
   */
  placement: Box | undefined
  /** True once the frame's alpha channel tells subject from background (its own or by removal). */
  cutOut: boolean
  readonly source: {
    width: number
    height: number
    format: string
    hasAlpha: boolean
    metadata: string[]
    copyright?: { artist?: string; copyright?: string }
  }
  readonly pixels: Pixels
  encoding: Encoding | undefined
  /** EXIF text that `strip_metadata` was told to keep. */
  keep: { artist?: string; copyright?: string } | undefined
  mask(): Promise<PhotoMask | Failure>
  /** In pixels of the frame as it stands; empty when there are none. */
  faces(): Promise<{ ok: true; faces: Face[]; reused: boolean } | Failure>
  /** An image that the settings name, decoded under the same limits. */
  asset(name: string): Promise<{ ok: true; frame: Frame } | Failure>
  /** The output is made, and is to wait for a person's yes. The first reason stands. */
  hold(reason: HoldReason, detail: string): void
}

export type HoldReason = 'low_confidence' | 'subject_leaves_frame' | 'no_face'

export type Operation<Settings extends z.ZodObject = z.ZodObject> = {
  code: OperationCode
  name: string
  description: string
  settings: Settings
  codeVersion: number
  needsMask: boolean
  /** True when it asks for faces, for which a copy of the photo is kept. */
  needsFaces?: boolean
  apply(bench: Bench, settings: z.output<Settings>): Promise<StepResult>
}

/** Checks the types of one operation and forgets its settings' shape, which only `checkSteps` and the operation itself know. */
export function defineOperation<Settings extends z.ZodObject>(operation: Operation<Settings>): Operation {
  return operation as unknown as Operation
}
