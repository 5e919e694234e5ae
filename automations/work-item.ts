/**
 * Does the work on one claimed item and ends it: finds the result of the same work done before, or has images/ make it, stores
 * it, and lets finish-item.ts charge for it.
 *
 * Called by a claimer.
 *
 * 1. Nothing here holds a transaction while an image is worked on (rule R29).
 * 2. What is stored before the item succeeds is found by its content and harmless: if the claimer dies here, the item is done
 *    again and ends in the same files.
 * 3. A photo that stops its decoder is tried again, since the machine may have been to blame, and given up after it happened
 *    MOST_INTERRUPTIONS times, so that it cannot take the claimers down for ever.
 */
import { rm } from 'node:fs/promises'
import type { Database } from '../database/connect.ts'
import { needsModels } from '../images/catalogue.ts'
import { stepContentKeys } from '../images/content-key.ts'
import type { Failure, FailureName, ImageDone, ImageWork } from '../images/image-work.ts'
import type { FileStore } from '../storage/file-store.ts'
import type { ClaimedItem } from './claim-item.ts'
import type { ItemOutput } from './end-item.ts'
import { dropItem, failItem, holdItem, releaseItem } from './fail-item.ts'
import { finishItem } from './finish-item.ts'
import type { ModelState } from './model-state.ts'
import { cropRatio, readCrops, stepsFor } from './photo-crops.ts'
import { assetNames, readAssets } from './step-assets.ts'

export type WorkRooms = { db: Database; files: FileStore; imageWork: ImageWork; models: ModelState }

/** What became of the item; `released` goes back to the queue, `lost` was somebody else's by the time it was done. */
export type WorkOutcome = 'succeeded' | 'held' | 'failed' | 'dropped' | 'released' | 'lost'

/** The third claim that ends without a word is the last. */
export const MOST_INTERRUPTIONS = 3

/** Failures that may be the machine's and not the photo's. */
const INTERRUPTIONS: readonly FailureName[] = ['crashed', 'timeout', 'out_of_memory']

type Made =
  | { ok: true; output: ItemOutput; contentKeys: string[]; held: { reason: string; message: string } | null }
  | Failure

/** Aborting the signal stops the work; the item is then released, unless it is no longer held. Throws on outages. */
export async function workItem(
  rooms: WorkRooms,
  item: ClaimedItem,
  signal: AbortSignal,
): Promise<WorkOutcome> {
  const { db } = rooms
  if (item.interrupted >= MOST_INTERRUPTIONS) return giveUp(db, item)
  const made = await makeOutput(rooms, item, signal)
  if (!made.ok) return endFailed(db, item, made)
  const { output, contentKeys, held } = made
  if (held) return (await holdItem(db, item, { output, contentKeys, ...held })) ? 'held' : 'lost'

  const finished = await finishItem(db, { item, output, contentKeys })
  if (finished.ok) return 'succeeded'
  if (finished.refusal === 'lease_lost') return 'lost'
  if (finished.code === 'no_subscription') return (await dropItem(db, item)) ? 'dropped' : 'lost'
  return (await failItem(db, item, { code: finished.code, message: finished.detail })) ? 'failed' : 'lost'
}

async function endFailed(db: Database, item: ClaimedItem, failure: Failure): Promise<WorkOutcome> {
  if (failure.failure === 'cancelled' || failure.failure === 'models_missing') {
    await releaseItem(db, item, { interrupted: false })
    return 'released'
  }
  if (INTERRUPTIONS.includes(failure.failure) && item.interrupted + 1 < MOST_INTERRUPTIONS) {
    await releaseItem(db, item, { interrupted: true })
    return 'released'
  }
  const ended = await failItem(db, item, { code: failure.failure, message: failure.message })
  return ended ? 'failed' : 'lost'
}

async function giveUp(db: Database, item: ClaimedItem): Promise<WorkOutcome> {
  const message = `Work on this photo broke off ${item.interrupted} times, so it was given up. It cost nothing; you can try it again.`
  return (await failItem(db, item, { code: 'interrupted', message })) ? 'failed' : 'lost'
}

async function makeOutput(rooms: WorkRooms, claimed: ClaimedItem, signal: AbortSignal): Promise<Made> {
  const item = await withCrops(rooms.db, claimed)
  const models = rooms.models.current()
  if (!models && needsModels(item.steps)) {
    return { ok: false, failure: 'models_missing', message: 'The models are not here yet.' }
  }
  const contentKeys = stepContentKeys(item.imageSha256, item.steps, models?.hash ?? '')
  const known = await findResult(rooms, item.accountId, contentKeys.at(-1)!)
  if (known) return { ok: true, output: known, contentKeys, held: null }

  const done = await processImage(rooms, item, { modelHash: models?.hash ?? 'none', signal })
  if (!done.ok) return done
  const { output, result } = done
  const held = result.held ? { reason: result.held.reason, message: result.held.detail } : null
  return { ok: true, output, contentKeys, held }
}

/** What a person has corrected for this photo holds for it. */
async function withCrops(db: Database, item: ClaimedItem): Promise<ClaimedItem> {
  const { accountId, imageSha256, steps } = item
  if (!steps.some((step) => cropRatio(step) !== undefined)) return item
  const photo = { steps, hashes: [imageSha256] }
  const crops = await db.asTenant(accountId, (tx) => readCrops(tx, accountId, photo))
  return { ...item, steps: stepsFor(steps, crops, imageSha256) }
}

/** The stored result of the same work, if its files are still there. */
async function findResult(
  { db, files }: WorkRooms,
  accountId: string,
  contentKey: string,
): Promise<ItemOutput | undefined> {
  const rows = await db.asTenant(accountId, (tx) =>
    tx.query<Omit<ItemOutput, 'bytes'> & { bytes: bigint }>(
      `select sha256, bytes, format, width, height, preview_sha256 as "previewSha256", report
       from step_results where account_id = $1 and content_key = $2`,
      [accountId, contentKey],
    ),
  )
  const known = rows[0]
  if (!known) return undefined
  if (!(await files.stat(accountId, known.sha256))) return undefined
  if (!(await files.stat(accountId, known.previewSha256))) return undefined
  const report = known.report.map((step) => ({ ...step, reused: true }))
  return { ...known, bytes: Number(known.bytes), report }
}

async function processImage(
  { db, files, imageWork }: WorkRooms,
  item: ClaimedItem,
  { modelHash, signal }: { modelHash: string; signal: AbortSignal },
): Promise<{ ok: true; output: ItemOutput; result: ImageDone } | Failure> {
  const { accountId, imageSha256 } = item
  const assets = await db.asTenant(accountId, (tx) => readAssets(tx, accountId, assetNames(item.steps)))
  const assetPaths: Record<string, string> = {}
  for (const [name, sha256] of assets) assetPaths[name] = await files.localPath(accountId, sha256)
  const output = files.stagingPath()
  const preview = files.stagingPath()
  try {
    const result = await imageWork.process({
      input: await files.localPath(accountId, imageSha256),
      steps: item.steps,
      maskFile: await files.cachePath(accountId, `${imageSha256}-${modelHash}.mask`),
      facesFile: await files.cachePath(accountId, `${imageSha256}-${modelHash}.faces`),
      output,
      preview,
      assets: assetPaths,
      signal,
    })
    if (!result.ok) return result
    const stored = await files.adopt(accountId, output)
    const { sha256: previewSha256 } = await files.adopt(accountId, preview)
    const { format, width, height } = result.output
    const report = result.steps.map((step) => ({ ...step }))
    return { ok: true, result, output: { ...stored, format, width, height, previewSha256, report } }
  } finally {
    await Promise.all([rm(output, { force: true }), rm(preview, { force: true })])
  }
}
