/**
 * The images that steps name in their settings (a logo, a backdrop): setting `image` holds the id of an uploaded image.
 *
 * Called when steps are saved (each must be there) and when they run (each becomes a file). An image never changes under its
 * id, so the id in the settings is enough for the content key.
 */
import type { Transaction } from '../database/connect.ts'

type StepLike = { settings?: Record<string, unknown> | undefined }

/** `image_0193…` as it stands in settings, and the id inside; undefined for text that is no such id. */
export function imageIdOf(name: string): string | undefined {
  const match = /^image_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(name)
  return match ? match.slice(1).join('-') : undefined
}

/** The names of images in the settings, each once, in order of first use. */
export function assetNames(steps: readonly StepLike[]): string[] {
  const names = steps.map((step) => step.settings?.image).filter((name) => typeof name === 'string')
  return [...new Set(names)]
}

/** The hash of each named image's content. Names of images that this account does not have are absent. */
export async function readAssets(
  tx: Transaction,
  accountId: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const ids = new Map(names.map((name) => [imageIdOf(name), name]))
  ids.delete(undefined)
  const rows = await tx.query<{ imageId: string; sha256: string }>(
    `select image_id as "imageId", sha256 from images
     where account_id = $1 and image_id in (select unnest($2::uuid[])) and removed_at is null`,
    [accountId, [...ids.keys()]],
  )
  return new Map(rows.map(({ imageId, sha256 }) => [ids.get(imageId)!, sha256]))
}
