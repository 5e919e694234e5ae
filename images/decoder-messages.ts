/** What passes between a decoder child and its parent. Both sides import this file. */
import type { CheckedStep } from './catalogue.ts'
import type { Face } from './faces.ts'
import type { Failure } from './failure.ts'
import type { OpenedHeader } from './open-image.ts'
import type { HoldReason, OutputFormat, StepReport } from './operation.ts'
import type { Proof } from './proof.ts'

export type ToDecoder =
  | { do: 'inspect'; file: string }
  | { do: 'process'; job: DecoderJob }
  /** Answers carry the number of their question: one may come when its job is over, and is then nobody's. */
  | { do: 'take_mask'; id: number; mask: Uint8Array }
  | { do: 'take_faces'; id: number; faces: Face[][] }
  | { do: 'take_failure'; id: number; failure: Failure }

export type DecoderJob = {
  input: string
  steps: CheckedStep[]
  maskFile: string
  facesFile: string
  /** Written to these names; the parent renames them into place. */
  outputPart: string
  previewPart?: string
  assets: Record<string, string>
  proof?: Proof
  /** Side of the model's square; undefined while there are no models. */
  inputSize: number | undefined
  /** How often an unclear photo is shown to the model. */
  looks: 1 | 2
}

export type FromDecoder =
  | { tell: 'ready' }
  /** What a stranger sent is read; from here on the child works on plain pixels. */
  | { tell: 'decoded' }
  | { tell: 'ask_mask'; id: number; rgb: Uint8Array }
  | { tell: 'ask_faces'; id: number; tiles: Uint8Array; count: number }
  | { tell: 'inspected'; result: OpenedHeader | Failure }
  | { tell: 'processed'; result: DecoderDone | Failure }

export type DecoderDone = {
  ok: true
  sha256: string
  bytes: number
  width: number
  height: number
  format: OutputFormat
  steps: StepReport[]
  ms: { decode: number; encode: number }
  held?: { reason: HoldReason; detail: string }
}
