/**
 * Removes a photo for good: its file and everything that was made of it, in every run.
 *
 * Called by http, and for the files afterwards, when the rows are committed.
 *
 * 1. What was paid stays paid and explained: items, receipts and charges keep their rows and amounts, and the photo its name.
 * 2. Nothing that is still to be worked on or decided loses its photo, nor does an automation the image that it lays under or over others.
 * 3. Rows first, files after them. A crash in between leaves files that no row speaks of, which go by themselves (sweep-files.ts).
 * 4. A file that is also another photo's result stays.
 * 5. The same bytes can be sent again: work that was paid for is then done again and not charged again.
 */
import { rm } from 'node:fs/promises'
import type { Database, Transaction } from '../database/connect.ts'
import type { FileStore } from '../storage/file-store.ts'
import { lockAccount } from './lock-account.ts'
import { unnamedFiles } from './sweep-files.ts'

type RemoveRefused = { ok: false; refusal: 'image_not_found' | 'image_in_use'; detail: string }

/** What is kept of a photo so that its subject need not be looked for again. */
const KEPT_KINDS = ['mask', 'faces', 'sketch-mask', 'sketch-faces']

export async function removeImage(
  { db, files }: { db: Database; files: FileStore },
  accountId: string,
  { imageId, modelHash }: { imageId: string; modelHash: string | undefined },
): Promise<{ ok: true } | RemoveRefused> {
  const removed = await db.asTenant(accountId, (tx) => removeRows(tx, accountId, imageId))
  if (!removed.ok) return removed
  for (const kind of KEPT_KINDS) {
    const name = `${removed.imageSha256}-${modelHash ?? 'none'}.${kind}`
    await rm(await files.cachePath(accountId, name), { force: true })
  }
  for (const sha256 of await unnamedFiles(db, accountId, removed.hashes)) {
    await files.delete(accountId, sha256)
  }
  return { ok: true }
}

async function removeRows(
  tx: Transaction,
  accountId: string,
  imageId: string,
): Promise<{ ok: true; imageSha256: string; hashes: string[] } | RemoveRefused> {
  await lockAccount(tx, accountId)
  const [image] = await tx.query<{ name: string; sha256: string; previewSha256: string }>(
    `select name, sha256, preview_sha256 as "previewSha256" from images
     where account_id = $1 and image_id = $2 and removed_at is null for update`,
    [accountId, imageId],
  )
  if (!image) {
    return { ok: false, refusal: 'image_not_found', detail: 'There is no such image in this account.' }
  }
  const user = await findUser(tx, accountId, imageId)
  if (user !== null) return { ok: false, refusal: 'image_in_use', detail: `${image.name} is needed: ${user}` }

  await tx.query('update images set removed_at = clock_timestamp() where account_id = $1 and image_id = $2', [
    accountId,
    imageId,
  ])
  const made = await tx.query<{ sha256: string }>(
    `with ended as (
       update run_items set removed_at = clock_timestamp() where account_id = $1 and image_id = $2
       returning output_sha256, preview_sha256)
     select unnest(array[output_sha256, preview_sha256]) as sha256 from ended where output_sha256 is not null`,
    [accountId, imageId],
  )
  const hashes = [image.sha256, image.previewSha256, ...made.map(({ sha256 }) => sha256)]
  await tx.query('delete from step_results where account_id = $1 and sha256 = any($2)', [accountId, hashes])
  await tx.query('delete from photo_crops where account_id = $1 and image_sha256 = $2', [
    accountId,
    image.sha256,
  ])
  await tx.query(
    `update hot_files set image_id = null, refusal = 'removed', refusal_message = 'The photo was removed before it was run.'
     where account_id = $1 and image_id = $2 and run_id is null`,
    [accountId, imageId],
  )
  return { ok: true, imageSha256: image.sha256, hashes: [...new Set(hashes)] }
}

/** Who would miss it, in a sentence; null when nobody would. */
async function findUser(tx: Transaction, accountId: string, imageId: string): Promise<string | null> {
  const runs = await tx.query<{ name: string }>(
    `select r.name from run_items i join runs r using (account_id, run_id)
     where i.account_id = $1 and i.image_id = $2 and i.status in ('queued', 'working', 'held')
     union select r.name from run_unfoldings u join runs r using (account_id, run_id)
     where u.account_id = $1 and $2 = any(u.image_ids[u.unfolded + 1 :]) limit 1`,
    [accountId, imageId],
  )
  if (runs[0]) return `the run “${runs[0].name}” is not done with it. Wait, decide, or cancel the run.`
  const automations = await tx.query<{ name: string }>(
    `select name from automations where account_id = $1 and deleted_at is null and steps::text like $2 limit 1`,
    [accountId, `%image_${imageId.replaceAll('-', '')}%`],
  )
  return automations[0] ? `the automation “${automations[0].name}” lays it under or over photos.` : null
}
