/**
 * Uploaded images, as lists and downloads need them. All in a transaction of the account.
 */
import type { Transaction } from '../database/connect.ts'
import { IMAGE_COLUMNS, type Image } from './register-image.ts'

/** Newest first, those older than `after`. */
export async function listImages(
  tx: Transaction,
  accountId: string,
  page: { after: string | null; limit: number },
): Promise<Image[]> {
  return tx.query<Image>(
    `select ${IMAGE_COLUMNS} from images
     where account_id = $1 and removed_at is null and ($2::uuid is null or image_id < $2)
     order by image_id desc limit $3`,
    [accountId, page.after, page.limit],
  )
}

/** Those of the account that have one of these contents, in no order. */
export async function findImages(
  tx: Transaction,
  accountId: string,
  sha256: readonly string[],
): Promise<Image[]> {
  return tx.query<Image>(
    `select ${IMAGE_COLUMNS} from images where account_id = $1 and sha256 = any($2) and removed_at is null`,
    [accountId, sha256],
  )
}

export async function readImage(tx: Transaction, accountId: string, imageId: string): Promise<Image | null> {
  const rows = await tx.query<Image>(
    `select ${IMAGE_COLUMNS} from images where account_id = $1 and image_id = $2 and removed_at is null`,
    [accountId, imageId],
  )
  return rows[0] ?? null
}
