/**
 * Crops that a person has corrected, remembered for the photo and the shape: every later run takes them.
 *
 * Called by redo-item.ts, which remembers them, and by whoever works out what steps do to a photo: work-item.ts, create-quote.ts and
 * preview-automation.ts. All three must, or a quote would be of other work than what is done.
 *
 * 1. A step that says itself where to cut is left alone.
 * 2. A crop holds for one shape, since of another one it would cut something else away.
 */
import type { Transaction } from '../database/connect.ts'
import type { CheckedStep } from '../images/catalogue.ts'
import { askedRatio } from '../images/geometry.ts'

/** In shares of the upright photo. */
export type PhotoBox = { x: number; y: number; width: number; height: number }

/** By the hash of the photo, then by the shape. */
export type PhotoCrops = ReadonlyMap<string, ReadonlyMap<string, PhotoBox>>

const NO_CROPS: PhotoCrops = new Map()
/** Shapes that differ by less are the same one. */
const PARTS_OF_RATIO = 10_000
/** A tenth of a pixel of a large photo: what differs by less is the same work. */
const STEPS_OF_SHARE = 100_000

/** The shape that a step cuts to; undefined when it cuts nothing to a shape. */
export function cropRatio({ operation, settings }: CheckedStep): string | undefined {
  if (operation !== 'smart_crop') return undefined
  return String(Math.round(askedRatio(settings) * PARTS_OF_RATIO))
}

/** Empty, without asking, for steps that cut nothing. */
export async function readCrops(
  tx: Transaction,
  accountId: string,
  { steps, hashes }: { steps: readonly CheckedStep[]; hashes: readonly string[] },
): Promise<PhotoCrops> {
  if (!steps.some((step) => cropRatio(step) !== undefined)) return NO_CROPS
  const rows = await tx.query<{ sha256: string; ratio: string; box: PhotoBox }>(
    `select image_sha256 as "sha256", ratio, box from photo_crops
     where account_id = $1 and image_sha256 in (select unnest($2::text[]))`,
    [accountId, hashes],
  )
  const crops = new Map<string, Map<string, PhotoBox>>()
  for (const { sha256, ratio, box } of rows) {
    const known = crops.get(sha256) ?? new Map<string, PhotoBox>()
    crops.set(sha256, known.set(ratio, box))
  }
  return crops
}

/** The steps as they are done to this photo. */
export function stepsFor(steps: CheckedStep[], crops: PhotoCrops, imageSha256: string): CheckedStep[] {
  const known = crops.get(imageSha256)
  if (!known) return steps
  return steps.map((step) => {
    const box = known.get(cropRatio(step) ?? '')
    return box && !saysWhere(step) ? withBox(step, box) : step
  })
}

const saysWhere = ({ settings }: CheckedStep) =>
  settings.box !== undefined || settings.photo_box !== undefined

/** How many of these photos have a crop, of a shape that the steps cut to, that was corrected after this instant. */
export async function countCorrectedSince(
  tx: Transaction,
  accountId: string,
  { steps, hashes, since }: { steps: readonly CheckedStep[]; hashes: readonly string[]; since: Date },
): Promise<number> {
  const ratios = steps.flatMap((step) => (saysWhere(step) ? [] : (cropRatio(step) ?? [])))
  if (ratios.length === 0) return 0
  const [row] = await tx.query<{ count: number }>(
    `select count(distinct image_sha256)::int as count from photo_crops
     where account_id = $1 and corrected_at > $4 and ratio = any($3) and image_sha256 in (select unnest($2::text[]))`,
    [accountId, hashes, ratios, since],
  )
  return row!.count
}

/** A step that asks for no shape cuts squares: with a box it says so, for a box alone has its own. */
export function withBox(step: CheckedStep, box: PhotoBox): CheckedStep {
  const { width, aspect } = step.settings
  const shape = width === undefined && aspect === undefined ? { aspect: '1:1' } : {}
  return { ...step, settings: { ...step.settings, ...shape, photo_box: rounded(box) } }
}

export async function rememberCrop(
  tx: Transaction,
  accountId: string,
  crop: { imageSha256: string; ratio: string; box: PhotoBox },
): Promise<void> {
  await tx.query(
    `insert into photo_crops (account_id, image_sha256, ratio, box) values ($1, $2, $3, $4)
     on conflict (account_id, image_sha256, ratio) do update set box = excluded.box, corrected_at = now()`,
    [accountId, crop.imageSha256, crop.ratio, JSON.stringify(rounded(crop.box))],
  )
}

function rounded(box: PhotoBox): PhotoBox {
  const round = (share: number) => Math.round(share * STEPS_OF_SHARE) / STEPS_OF_SHARE
  return { x: round(box.x), y: round(box.y), width: round(box.width), height: round(box.height) }
}
