/**
 * What a claimer uses to have pictures worked on: `startImageWork` once per process, then `inspect` and `process` as often as wanted.
 *
 *   caller ── process(job) ──▶ decoder child (reads, works, writes)
 *                                  │ small copy of the photo        ▲ mask, faces
 *                                  ▼                                │
 *                              this process ──── unix socket ──▶ inference child (one per data folder)
 *
 * Invariants
 *  1. The caller's process never decodes: it moves small raw buffers and file names.
 *  2. `output` and `preview` appear whole or not at all, and only for a job that succeeded.
 *  3. A job ends in a result or a `Failure`; nothing here retries one. (A mask asked for while the inference child dies is asked for again: that has no effect but its answer.)
 */
import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { type CheckedStep, needsModels } from './catalogue.ts'
import type { DecoderDone, FromDecoder, ToDecoder } from './decoder-messages.ts'
import { startDecoderPool } from './decoder-pool.ts'
import { type Failure, failed } from './failure.ts'
import { InferenceFailed, startInferenceClient } from './inference-client.ts'
import type { Models } from './models.ts'
import type { OpenedHeader } from './open-image.ts'
import { type HoldReason, mediaTypes, type OutputFormat, type StepReport } from './operation.ts'
import type { Proof } from './proof.ts'

export type { Failure, FailureName } from './failure.ts'
export type { HoldReason, OutputFormat, StepReport } from './operation.ts'

export type ImageWorkOptions = {
  /** The data folder: the socket of the machine's one inference child lives here. */
  folder: string
  /** Another folder for that socket: tests in many data folders share one child, which takes a second or two to start. */
  inferenceFolder?: string
  /** Undefined until the models are there; asked anew for every job. */
  models(): Models | undefined
  /** How many pictures are worked on at once by this process. */
  decoders: number
  log: (event: { event: string; [detail: string]: unknown }) => void
}

/** What the header says; sizes are those of the upright picture. */
export type Inspection = {
  ok: true
  format: 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff' | 'gif'
  width: number
  height: number
  /** Frames or pages; only the first is worked on. */
  pages: number
  hasAlpha: boolean
}

export type ImageJob = {
  /** Path of the file as it was sent. */
  input: string
  steps: CheckedStep[]
  /** One mask per image and model: read if it exists, else written atomically. */
  maskFile: string
  /** The faces found, kept the same way. */
  facesFile: string
  /** Where the result goes; written beside and renamed into place. */
  output: string
  /** A small WebP of the result for lists, longer side at most 640. */
  preview?: string
  /** Local files of the images that settings name (`image`). */
  assets?: Record<string, string>
  /** The mask is looked for with the model for sketches, once. Name a file of its own for it: a sketch is no result. */
  sketch?: boolean
  /** The output is a picture to look at, marked and in WebP; what is told of it is of the result that it shows. */
  proof?: Proof
  signal?: AbortSignal
}

export type ImageOutput = {
  path: string
  sha256: string
  bytes: number
  width: number
  height: number
  format: OutputFormat
  mediaType: string
}

export type ImageDone = {
  ok: true
  output: ImageOutput
  steps: StepReport[]
  /** Wall clock of the phases that belong to no step; `inference` is the model's own time within the steps, 0 when mask and faces were reused. */
  ms: { decode: number; encode: number; inference: number; total: number }
  /** How often the model was shown the photo: 0 where the mask was there, 2 where one look left much undecided. */
  looks: number
  /** Set when a person is to look at the result before it counts. */
  held?: { reason: HoldReason; detail: string }
}

export interface ImageWork {
  /** Reads the header only, under the limits, in a decoder child. */
  inspect(file: string): Promise<Inspection | Failure>
  process(job: ImageJob): Promise<ImageDone | Failure>
  /** Has a decoder child up and the models loaded before the first job, which saves it some two seconds. Does nothing where there are no models; a failure is only logged. */
  warmUp(): Promise<void>
  /** Process ids of the children in use, for tests and operators. */
  childPids(): { decoders: number[]; inference: number | undefined }
  /** Ends the children; jobs under way come back as `crashed` or `cancelled`. */
  close(): Promise<void>
}

export function startImageWork(options: ImageWorkOptions): ImageWork {
  const { folder, log } = options
  const pool = startDecoderPool({ decoders: options.decoders, folder, log })
  const inference = startInferenceClient(options.inferenceFolder ?? folder, log)
  const closing = new AbortController()

  async function answer(
    question: Extract<FromDecoder, { tell: 'ask_mask' | 'ask_faces' }>,
    job: { models: Models | undefined; signal: AbortSignal; spent(ms: number): void; looked(): void },
  ): Promise<ToDecoder> {
    const { models, signal } = job
    const { id } = question
    if (models === undefined) return { do: 'take_failure', id, failure: modelsMissing() }
    try {
      if (question.tell === 'ask_mask') {
        const { mask, ms } = await inference.mask(models.segmentation, Buffer.from(question.rgb), signal)
        job.spent(ms)
        job.looked()
        return { do: 'take_mask', id, mask }
      }
      const { faces, ms } = await inference.faces(
        models.faces,
        { data: Buffer.from(question.tiles), count: question.count },
        signal,
      )
      job.spent(ms)
      return { do: 'take_faces', id, faces }
    } catch (error) {
      if (signal.aborted)
        return { do: 'take_failure', id, failure: failed('cancelled', 'This was cancelled.') }
      if (!(error instanceof InferenceFailed)) throw error
      log({ event: 'inference_failed', message: error.message })
      return {
        do: 'take_failure',
        id,
        failure: failed('crashed', 'The process that looks for the subject failed. Try again.'),
      }
    }
  }

  return {
    async inspect(file) {
      const header = await pool.run<OpenedHeader>({
        send: { do: 'inspect', file },
        onQuestion: () => Promise.reject(new Error('inspecting asks nothing')),
        resultIn: (message) => (message.tell === 'inspected' ? message.result : undefined),
        signal: closing.signal,
      })
      if (!header.ok) return header
      const { format, width, height, pages, hasAlpha } = header
      return { ok: true, format, width, height, pages, hasAlpha }
    },

    async process(job) {
      const start = performance.now()
      const found = options.models()
      const models = job.sketch && found?.sketch ? { ...found, segmentation: found.sketch } : found
      if (models === undefined && needsModels(job.steps)) return modelsMissing()
      await mkdir(folder, { recursive: true })
      const mark = randomUUID()
      const outputPart = `${job.output}.${mark}.part`
      const previewPart = job.preview === undefined ? undefined : `${job.preview}.${mark}.part`
      const signal = job.signal ? AbortSignal.any([job.signal, closing.signal]) : closing.signal
      let inferenceMs = 0
      const spent = (ms: number) => {
        inferenceMs += ms
      }
      let looks = 0
      const looked = () => {
        looks++
      }
      const done = await pool.run<DecoderDone>({
        send: {
          do: 'process',
          job: {
            input: job.input,
            steps: job.steps,
            maskFile: job.maskFile,
            facesFile: job.facesFile,
            outputPart,
            ...(previewPart === undefined ? {} : { previewPart }),
            assets: job.assets ?? {},
            ...(job.proof ? { proof: job.proof } : {}),
            inputSize: models?.segmentation.inputSize,
            looks: job.sketch ? 1 : 2,
          },
        },
        onQuestion: (question) => answer(question, { models, signal, spent, looked }),
        resultIn: (message) => (message.tell === 'processed' ? message.result : undefined),
        signal,
      })
      // A child that was killed leaves what it had of a colour space.
      await rm(`${outputPart}.profile`, { recursive: true, force: true })
      if (!done.ok) {
        await rm(outputPart, { force: true })
        if (previewPart !== undefined) await rm(previewPart, { force: true })
        return done
      }
      if (previewPart !== undefined && job.preview !== undefined) await rename(previewPart, job.preview)
      await rename(outputPart, job.output)
      const { sha256, bytes, width, height, format } = done
      return {
        ok: true,
        output: { path: job.output, sha256, bytes, width, height, format, mediaType: mediaTypes[format] },
        steps: done.steps,
        ms: { ...done.ms, inference: inferenceMs, total: performance.now() - start },
        looks,
        ...(done.held ? { held: done.held } : {}),
      }
    },

    async warmUp() {
      const models = options.models()
      if (models === undefined) return
      const { segmentation, faces, sketch } = models
      await mkdir(folder, { recursive: true })
      await Promise.all([
        pool.warmUp(),
        inference.load([...(sketch ? [sketch] : []), segmentation, faces], closing.signal),
      ]).catch((error: unknown) => {
        if (!closing.signal.aborted) log({ event: 'warm_up_failed', message: String(error) })
      })
    },

    childPids: () => ({ decoders: pool.pids(), inference: inference.childPid() }),

    async close() {
      closing.abort()
      inference.close()
      await pool.close()
    },
  }
}

function modelsMissing(): Failure {
  return failed(
    'models_missing',
    'The models are still being installed. The photo waits until they are here.',
  )
}
