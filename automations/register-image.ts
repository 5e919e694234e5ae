/**
 * Takes in one uploaded file: streams it to the store, looks at it, makes its preview, and gives it a row.
 *
 *      bytes ──receive──▶ staged ──known hash──▶ discarded, the image that is there answers
 *                            │
 *                            ╰──inspect──▶ refused: discarded
 *                                   ╰──▶ preview ──▶ kept ──▶ row
 *
 * 1. The same bytes of the same account are one image: a folder dropped a second time costs its transfer and no more.
 * 2. A row exists only after its files would survive a power cut.
 * 3. A photo that was removed and is sent again is the same image, without what was made of it.
 * 4. What is no picture we take is refused by name, with a sentence that says what to send instead, and leaves nothing behind.
 *
 * Not here: how many files a request may carry (http).
 */

import { rm } from 'node:fs/promises'
import type { Database, Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type CheckedStep, checkSteps } from '../images/catalogue.ts'
import type { FailureName, ImageWork, Inspection } from '../images/image-work.ts'
import { limits } from '../images/limits.ts'
import type { FileStore, StagedFile } from '../storage/file-store.ts'

export type Image = {
  id: string
  name: string
  sha256: string
  bytes: bigint
  format: string
  width: number
  height: number
  previewSha256: string
  createdAt: Date
}

export type UploadRefused = { ok: false; refusal: 'file_empty' | FailureName; detail: string }

type Rooms = { db: Database; files: FileStore; imageWork: ImageWork }

export const IMAGE_COLUMNS = `image_id as "id", name, sha256, bytes, format, width, height,
  preview_sha256 as "previewSha256", created_at as "createdAt"`

/** A longer file is refused. */
export const LARGEST_FILE_BYTES = limits.fileBytes

/** The longer side of the picture that screens show in place of the original. */
const PREVIEW_SIDE = 1600

/** `content` is read to its end, or left where it became too long. Throws what the stream throws. */
export async function registerImage(
  { db, files, imageWork }: Rooms,
  accountId: string,
  upload: { name: string; content: AsyncIterable<Uint8Array> },
): Promise<{ ok: true; image: Image; known: boolean } | UploadRefused> {
  const received = await files.receive(upload.content, LARGEST_FILE_BYTES)
  if (!received.ok) return tooLarge()
  const { file } = received
  try {
    if (file.bytes === 0) return refused('file_empty', 'The file is empty. Send the photo itself.')
    const known = await db.asTenant(accountId, (tx) => findImage(tx, accountId, file.sha256))
    if (known && (await files.stat(accountId, known.sha256))) return { ok: true, image: known, known: true }

    const inspection = await imageWork.inspect(file.path)
    if (!inspection.ok) return refused(inspection.failure, inspection.message)
    const preview = await makePreview(files, imageWork, accountId, file)
    if (!preview.ok) return preview
    await file.keep(accountId)
    const row = { ...upload, file, inspection, previewSha256: preview.sha256 }
    return await db.asTenant(accountId, (tx) => insertImage(tx, accountId, row))
  } finally {
    await file.discard()
  }
}

async function findImage(tx: Transaction, accountId: string, sha256: string): Promise<Image | undefined> {
  const rows = await tx.query<Image>(
    `select ${IMAGE_COLUMNS} from images where account_id = $1 and sha256 = $2 and removed_at is null`,
    [accountId, sha256],
  )
  return rows[0]
}

/** A name to show and to save under: no folders, no control characters, at most 200 characters. */
export function plainName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point.
  const plain = last.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim()
  return plain.slice(0, 200).replace(/\p{Surrogate}/gu, '') || 'image'
}

/** Re-encoded from pixels, so that what is shown carries no metadata and no surprise. */
async function makePreview(
  files: FileStore,
  imageWork: ImageWork,
  accountId: string,
  file: StagedFile,
): Promise<{ ok: true; sha256: string } | UploadRefused> {
  const output = files.stagingPath()
  const unused = files.stagingPath()
  const done = await imageWork.process({
    input: file.path,
    steps: previewSteps,
    maskFile: `${unused}-mask`,
    facesFile: `${unused}-faces`,
    output,
  })
  if (!done.ok) return refused(done.failure, done.message)
  try {
    return { ok: true, sha256: (await files.adopt(accountId, output)).sha256 }
  } finally {
    await rm(output, { force: true })
  }
}

const previewSteps: CheckedStep[] = mustCheck([
  { operation: 'resize', settings: { long_side: PREVIEW_SIDE } },
  { operation: 'convert', settings: { format: 'webp', quality: 82 } },
])

function mustCheck(steps: Parameters<typeof checkSteps>[0]): CheckedStep[] {
  const checked = checkSteps(steps)
  if (!checked.ok) throw new Error(checked.detail)
  return checked.steps
}

async function insertImage(
  tx: Transaction,
  accountId: string,
  row: { name: string; file: StagedFile; inspection: Inspection; previewSha256: string },
): Promise<{ ok: true; image: Image; known: boolean }> {
  const { file, inspection } = row
  const id = newId()
  const rows = await tx.query<Image>(
    `insert into images (account_id, image_id, sha256, name, bytes, format, width, height, preview_sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (account_id, sha256) do update set preview_sha256 = excluded.preview_sha256, removed_at = null
     returning ${IMAGE_COLUMNS}`,
    [
      accountId,
      id,
      file.sha256,
      plainName(row.name),
      file.bytes,
      inspection.format,
      inspection.width,
      inspection.height,
      row.previewSha256,
    ],
  )
  const image = rows[0]!
  return { ok: true, image, known: image.id !== id }
}

function tooLarge(): UploadRefused {
  const megabytes = LARGEST_FILE_BYTES / 1_000_000
  return refused('too_large', `The file is larger than ${megabytes} MB. Send a smaller one.`)
}

function refused(refusal: UploadRefused['refusal'], detail: string): UploadRefused {
  return { ok: false, refusal, detail }
}
