/**
 * What an automation makes of one photo, at screen size and marked, while its settings are chosen. Free, and kept nowhere.
 *
 * Called by http for the editor.
 *
 * 1. Nothing is booked and nothing is written into the books or the store: a preview is no result (rule R16 is not touched by it).
 * 2. Mask and faces are those of the photo itself: found from the original once, kept where a run keeps them, and used by both. From
 *    then on the small copy is worked on, which takes a tenth of the time.
 * 3. A sketch is for the eye while the mask is found: where it was asked for and the mask is not known yet, the subject is looked for with the
 *    smaller model in the copy of screen size. It has files of its own, which nothing but a sketch reads.
 * 4. An account has at most MOST_AT_ONCE previews under way; a further one is refused at once rather than queued behind.
 * 5. It has decoder children of its own, so that a run does not keep people waiting, nor they the run.
 *
 * Not here: what it would cost, which is a quote.
 */
import { readFile, rm, stat } from 'node:fs/promises'
import type { Database } from '../database/connect.ts'
import { type CheckedStep, checkSteps, needsModels, type Step } from '../images/catalogue.ts'
import { type Compliance, checkCompliance, type FinishedOutput } from '../images/compliance.ts'
import type { Box } from '../images/geometry.ts'
import type { FailureName, ImageDone, ImageWork, OutputFormat } from '../images/image-work.ts'
import { presets } from '../images/presets.ts'
import { proofScale, scaleSteps, unscaledSide } from '../images/proof-steps.ts'
import type { FileStore } from '../storage/file-store.ts'
import type { StepsRefused } from './automations.ts'
import type { ModelState } from './model-state.ts'
import { readCrops, stepsFor } from './photo-crops.ts'
import { readImage } from './read-images.ts'
import type { Image } from './register-image.ts'
import { assetNames, readAssets } from './step-assets.ts'

export type Preview = {
  /** A WebP. */
  picture: Buffer
  pictureWidth: number
  pictureHeight: number
  /** What the result would be. */
  format: OutputFormat
  width: number
  height: number
  /** In shares of the upright photo; null where it was turned or mirrored. */
  placeInPhoto: Box | null
  /** The result would wait for a person's yes. Null of a sketch, which does not know. */
  held: { reason: string; message: string } | null
  /** By preset; file sizes are not told, since the file is not made, nor a profile that is to be kept. */
  compliance: Compliance[]
  /** False when the subject had to be looked for first. */
  maskReused: boolean
  /** The subject was only sketched: a preview without `sketch` shows what a run makes. */
  sketched: boolean
}

export type PreviewRefused =
  | StepsRefused
  | { ok: false; refusal: 'image_not_found' | 'models_awaited' | 'previews_under_way'; detail: string }
  /** The photo cannot be worked on in this way; a run would fail for the same reason. */
  | { ok: false; refusal: 'preview_failed'; failure: FailureName; detail: string }

type Rooms = { db: Database; files: FileStore; previewWork: ImageWork; models: ModelState }

/** One that is seen, one that was just asked for, one of another window. */
const MOST_AT_ONCE = 3
const MARK = 'Preview'

const underWay = new Map<string, number>()

/** Refuses what a run would refuse, in the same words. Throws on outages. */
export async function previewAutomation(
  rooms: Rooms,
  accountId: string,
  request: { steps: Step[]; imageId: string; sketch: boolean },
): Promise<{ ok: true; preview: Preview } | PreviewRefused> {
  const count = underWay.get(accountId) ?? 0
  if (count >= MOST_AT_ONCE) {
    return refused(
      'previews_under_way',
      `${count} previews of this account are under way. Wait for one of them.`,
    )
  }
  underWay.set(accountId, count + 1)
  try {
    return await makePreview(rooms, accountId, request)
  } finally {
    const left = underWay.get(accountId)! - 1
    if (left === 0) underWay.delete(accountId)
    else underWay.set(accountId, left)
  }
}

async function makePreview(
  { db, files, previewWork, models }: Rooms,
  accountId: string,
  request: { steps: Step[]; imageId: string; sketch: boolean },
): Promise<{ ok: true; preview: Preview } | PreviewRefused> {
  const checked = checkSteps(request.steps)
  if (!checked.ok) return checked
  const { image, assets, steps } = await db.asTenant(accountId, async (tx) => {
    const image = await readImage(tx, accountId, request.imageId)
    const photo = { steps: checked.steps, hashes: image ? [image.sha256] : [] }
    const crops = await readCrops(tx, accountId, photo)
    const assets = await readAssets(tx, accountId, assetNames(checked.steps))
    return { image, assets, steps: image ? stepsFor(checked.steps, crops, image.sha256) : checked.steps }
  })
  if (!image) return refused('image_not_found', 'There is no such image in this account.')
  const missing = assetNames(steps).find((name) => !assets.has(name))
  if (missing !== undefined) {
    return refused('image_not_found', `There is no image “${missing}” in this account. Upload it first.`)
  }
  const modelHash = models.current()?.hash
  if (modelHash === undefined && needsModels(steps)) {
    return refused('models_awaited', models.waitingFor() ?? 'The image models are not here yet.')
  }
  const assetPaths: Record<string, string> = {}
  for (const [name, sha256] of assets) assetPaths[name] = await files.localPath(accountId, sha256)
  const cached = (kind: string) =>
    files.cachePath(accountId, `${image.sha256}-${modelHash ?? 'none'}.${kind}`)
  const maskFile = await cached('mask')
  const isKnown = !needsModels(steps) || (await exists(maskFile))
  const sketch = request.sketch && !isKnown && models.current()?.sketch !== undefined
  const scale = proofScale(image, steps)
  const output = files.stagingPath()
  try {
    const done = await previewWork.process({
      input: await files.localPath(accountId, isKnown || sketch ? image.previewSha256 : image.sha256),
      steps: proofSteps(image, steps, scale),
      maskFile: sketch ? await cached('sketch-mask') : maskFile,
      facesFile: await cached(sketch ? 'sketch-faces' : 'faces'),
      sketch,
      output,
      assets: assetPaths,
      proof: { mark: MARK, sourceFormat: image.format },
    })
    if (!done.ok) return { ok: false, refusal: 'preview_failed', failure: done.failure, detail: done.message }
    const picture = await readFile(output)
    return {
      ok: true,
      preview: previewOf({ done, picture, steps, scale, maskReused: isKnown, sketched: sketch }),
    }
  } finally {
    await rm(output, { force: true })
  }
}

/** The photo at the scale of the proof, and the steps at that scale. */
function proofSteps(image: Image, steps: CheckedStep[], scale: number): CheckedStep[] {
  const longSide = Math.max(1, Math.round(Math.max(image.width, image.height) * scale))
  const shrink = checkSteps([{ operation: 'resize', settings: { long_side: longSide } }])
  if (!shrink.ok) throw new Error(shrink.detail)
  return [...shrink.steps, ...scaleSteps(steps, scale)]
}

function previewOf(made: {
  done: ImageDone
  picture: Buffer
  steps: CheckedStep[]
  scale: number
  maskReused: boolean
  sketched: boolean
}): Preview {
  const { done, picture, steps, scale } = made
  const { width, height, format } = done.output
  const [shrunk] = done.steps
  const measures = done.steps.at(-1)!.output!
  // The first step made the photo smaller, which a run would not do.
  const upscale = measures.upscale / (shrunk!.upscale ?? 1)
  const whole = {
    format,
    width: unscaledSide(width, steps, scale),
    height: unscaledSide(height, steps, scale),
  }
  // A copy of screen size carries no profile any more.
  const keeps = steps.some(({ settings }) => settings.colour_profile === 'keep')
  const finished: FinishedOutput = { ...whole, bytes: 0, measures: { ...measures, upscale } }
  return {
    picture,
    pictureWidth: width,
    pictureHeight: height,
    ...whole,
    placeInPhoto: measures.photoBox ?? null,
    held: done.held && !made.sketched ? { reason: done.held.reason, message: done.held.detail } : null,
    compliance: presets.map((preset) => {
      const { mostBytes: _, srgb, ...rules } = preset.rules
      return checkCompliance(finished, { ...preset, rules: srgb && !keeps ? { ...rules, srgb } : rules })
    }),
    maskReused: made.maskReused,
    sketched: made.sketched,
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function refused(
  refusal: 'image_not_found' | 'models_awaited' | 'previews_under_way',
  detail: string,
): { ok: false; refusal: typeof refusal; detail: string } {
  return { ok: false, refusal, detail }
}
