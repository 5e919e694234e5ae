/**
 * One job from file to file: open, decode once, every step in turn on raw pixels, encode once. Runs in a decoder child; knows nothing of processes: it is handed what answers for inference.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { type CheckedStep, needsFaces, needsModels, operations } from './catalogue.ts'
import { type ColourSpace, openColourSpace } from './colour-profile.ts'
import type { DecoderDone, DecoderJob } from './decoder-messages.ts'
import { encode, encodePreview, keptFormat } from './encode.ts'
import { type Failure, failed } from './failure.ts'
import { headOf } from './head.ts'
import { measureFrame, type OutputMeasures, placeInPhoto } from './measure-output.ts'
import { decodePixels, type OpenedHeader, profileOf, readHeader } from './open-image.ts'
import type { Bench, StepReport } from './operation.ts'
import { type Inference, type PhotoFacts, photoFacts } from './photo-facts.ts'
import { type Frame, pixels } from './pixels.ts'
import { markProof } from './proof.ts'
import { facesOnFrame, subjectOfFrame } from './subject.ts'

/** `onDecoded` is called when the last byte of the stranger's picture has been read. */
export async function runPipeline(
  job: DecoderJob,
  inference: Inference,
  onDecoded: () => void,
): Promise<DecoderDone | Failure> {
  const space = keepsProfile(job.steps) ? await spaceOf(job) : undefined
  try {
    return await workOn(job, { space, inference, onDecoded })
  } finally {
    await space?.close()
  }
}

type Surroundings = { space: ColourSpace | undefined; inference: Inference; onDecoded: () => void }

async function workOn(job: DecoderJob, around: Surroundings): Promise<DecoderDone | Failure> {
  const { space } = around
  const opened = await openBench(job, around)
  if ('failure' in opened) return opened
  const { bench, decodeMs } = opened
  const steps: StepReport[] = []
  for (const step of space ? await space.translate(job.steps) : job.steps) {
    const before = performance.now()
    const result = await operations[step.operation].apply(bench, step.settings)
    if (!result.ok) return result
    const { ok: _, ...findings } = result
    const { width, height } = bench.frame
    steps.push({ operation: step.operation, ms: performance.now() - before, width, height, ...findings })
    pixels.collect(bench.frame)
  }
  const last = steps.at(-1)
  if (last) {
    last.output = await measureOutput(bench, steps, opened.factsKnown())
    if (space && !space.profile.isSrgb) last.output.profile = space.profile.name
  }
  const encodeStart = performance.now()
  const sourceFormat = job.proof?.sourceFormat ?? opened.format
  const encoding = bench.encoding ?? {
    format: keptFormat(sourceFormat, bench.frame),
    background: '#ffffff',
  }
  const marked = job.proof && (await markProof(bench, encoding, job.proof.mark))
  if (marked?.ok === false) return marked
  const { width, height } = bench.frame
  if (job.previewPart !== undefined) await writeFile(job.previewPart, await encodePreview(bench.frame, space))
  const forScreen = marked !== undefined
  const encoded = await encode(bench.frame, marked?.encoding ?? encoding, {
    keep: bench.keep,
    space,
    forScreen,
  })
  if (!encoded.ok) return encoded
  await writeFile(job.outputPart, encoded.file)
  const reason = opened.held()
  return {
    ok: true,
    sha256: createHash('sha256').update(encoded.file).digest('hex'),
    bytes: encoded.file.length,
    width,
    height,
    format: encoding.format,
    steps,
    ms: { decode: decodeMs, encode: performance.now() - encodeStart },
    ...(reason ? { held: reason } : {}),
  }
}

/** The last step that writes a format decides. */
const keepsProfile = (steps: CheckedStep[]) =>
  steps.findLast(({ operation }) => operation === 'convert')?.settings.colour_profile === 'keep'

/** Undefined where the photo has no profile that can be kept, or one that cannot be worked with: then the result is sRGB. */
async function spaceOf(job: DecoderJob): Promise<ColourSpace | undefined> {
  const profile = await profileOf(job.input)
  if (profile === undefined) return undefined
  const space = await openColourSpace(profile, `${job.outputPart}.profile`)
  try {
    await space.translate('#808080')
    await space.toSrgb({ data: Buffer.alloc(3, 128), width: 1, height: 1, channels: 3 })
    return space
  } catch {
    await space.close()
    return undefined
  }
}

/** The photo on the bench. Here and nowhere else is its first frame held: 150 MB of a 50-megapixel photo that the first step replaces. */
async function openBench(job: DecoderJob, { space, inference, onDecoded }: Surroundings) {
  const start = performance.now()
  const header = await readHeader(job.input)
  if (!header.ok) return header
  const decoded = await decodePixels(job.input, header, { keepNumbers: space !== undefined })
  if (!decoded.ok) return decoded
  onDecoded()
  const decodeMs = performance.now() - start
  const prepared = await prepareBench(job, { header, inference, space, ...decoded })
  return 'failure' in prepared ? prepared : { ...prepared, format: header.format, decodeMs }
}

type Opened = {
  header: OpenedHeader
  inference: Inference
  space: ColourSpace | undefined
  frame: Frame
  cutOut: boolean
}

async function prepareBench(
  job: DecoderJob,
  opened: Opened,
): Promise<{ bench: Bench; held: () => DecoderDone['held']; factsKnown: () => boolean } | Failure> {
  const { header, inference, space, frame } = opened
  const photo = { width: frame.width, height: frame.height }
  const wantsFacts = needsModels(job.steps)
  const { inputSize } = job
  if (wantsFacts && inputSize === undefined) {
    return failed(
      'models_missing',
      'The models are still being installed. The photo waits until they are here.',
    )
  }
  const ask = { inputSize: inputSize ?? 0, looks: job.looks, inference, toSrgb: space?.toSrgb }
  const kept = wantsFacts
    ? await photoFacts(frame, {
        ...ask,
        wantsFaces: needsFaces(job.steps),
        maskFile: job.maskFile,
        facesFile: job.facesFile,
      })
    : undefined
  let fresh: { of: Frame; facts: PhotoFacts } | undefined
  let held: DecoderDone['held']
  const bench: Bench = {
    frame,
    placement: { x: 0, y: 0, ...photo },
    cutOut: opened.cutOut,
    source: {
      ...photo,
      format: header.format,
      hasAlpha: header.hasAlpha,
      metadata: header.metadata,
      ...(header.copyright ? { copyright: header.copyright } : {}),
    },
    pixels,
    encoding: undefined,
    keep: undefined,
    mask: async () => (await facts()).mask(),
    async faces() {
      const found = await (await facts()).faces()
      if (!found.ok || bench.placement === undefined) return found
      return { ...found, faces: facesOnFrame(found.faces, photo, bench) }
    },
    asset: (name) => readAsset(job.assets, name, space),
    hold(reason, detail) {
      held ??= { reason, detail }
    },
  }
  /** The photo's own, as long as the frame still shows it by shift and scale; otherwise of the frame as it stands. */
  async function facts(): Promise<PhotoFacts> {
    if (bench.placement !== undefined && kept !== undefined) return kept
    if (fresh?.of !== bench.frame) {
      fresh = {
        of: bench.frame,
        facts: await photoFacts(bench.frame, {
          ...ask,
          wantsFaces: true,
          maskFile: undefined,
          facesFile: undefined,
        }),
      }
    }
    return fresh.facts
  }
  return {
    bench,
    held: () => held,
    factsKnown: () => bench.placement !== undefined && kept?.known() === true,
  }
}

/** Faces and heads are measured only where mask and faces are known already: nobody pays for looking. */
async function measureOutput(
  bench: Bench,
  steps: StepReport[],
  factsKnown: boolean,
): Promise<OutputMeasures> {
  const { frame } = bench
  const upscale = steps.reduce((product, step) => product * (step.upscale ?? 1), 1)
  const measures = { ...measureFrame(frame), upscale, ...placeInPhoto(frame, bench.placement) }
  if (!factsKnown) return measures
  const subject = await subjectOfFrame(bench)
  if (!subject.ok) return measures
  const faces = subject.faces.length
  if (faces === 0) return { ...measures, faces }
  const heads = subject.faces.map((face) => headOf(face, subject.map, frame))
  const { crown, chin, eyes } = heads.reduce((a, b) => (b.chin - b.crown > a.chin - a.crown ? b : a))
  return { ...measures, faces, head: { share: (chin - crown) / frame.height, eyes: eyes.y / frame.height } }
}

async function readAsset(
  assets: Record<string, string>,
  name: string,
  space: ColourSpace | undefined,
): Promise<{ ok: true; frame: Frame } | Failure> {
  const file = Object.hasOwn(assets, name) ? assets[name] : undefined
  if (file === undefined)
    return failed('asset_missing', `The settings name the image “${name}”, which is not there.`)
  const header = await readHeader(file)
  return header.ok ? decodePixels(file, header, { into: space?.profileFile }) : header
}
