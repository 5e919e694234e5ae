/** Photos: uploading, listing, looking. */
import type { MultipartFile } from '@fastify/multipart'
import { importImage } from '../automations/import-image.ts'
import { findImages, listImages, readImage } from '../automations/read-images.ts'
import { LARGEST_FILE_BYTES, plainName, registerImage } from '../automations/register-image.ts'
import { removeImage } from '../automations/remove-image.ts'
import type { Handlers } from './handlers.ts'
import { cursorKey, isUuid, pageOf } from './paging.ts'
import { isRefused, refuse } from './problem.ts'
import type { Services } from './rooms.ts'
import { sendImage } from './send-file.ts'
import { shownImage } from './show-work.ts'

/** Browsers send one file a request; a program may send a folder. */
const MOST_FILES = 1_000

export const handlers = {
  /** Files are taken one after another as they stream in: what is refused stops no other, and nothing waits in memory. */
  uploadImages: async ({ services, accountId, raw, body }) => {
    if (!raw.isMultipart()) return body ? fetchImage(services, accountId, body.url) : refuse('upload_empty')
    const images: ReturnType<typeof shownImage>[] = []
    const refused: { name: string; refusal: string; detail: string }[] = []
    // A byte more than may be kept: what the store refuses is then over, and the rest of it is skipped unread.
    const most = { fileSize: LARGEST_FILE_BYTES + 1, files: MOST_FILES, parts: 2 * MOST_FILES }
    for await (const part of raw.files({ limits: most, throwFileSizeLimit: false })) {
      const upload = { name: part.filename ?? '', content: contentOf(part) }
      const taken = await registerImage(services, accountId, upload)
      if (taken.ok) images.push({ ...shownImage(taken.image), known: taken.known })
      else refused.push({ name: plainName(upload.name), refusal: taken.refusal, detail: taken.detail })
      part.file.resume()
    }
    return images.length + refused.length > 0 ? { images, refused } : refuse('upload_empty')
  },

  listImages: async ({ services, accountId, query }) => {
    const after = cursorKey(query.cursor, isUuid)
    if (isRefused(after)) return after
    const rows = await services.db.asTenant(accountId, (tx) =>
      listImages(tx, accountId, { after, limit: query.limit + 1 }),
    )
    return pageOf(rows.map(shownImage), query.limit, ({ id }) => id)
  },

  findImages: async ({ services, accountId, body }) => {
    const found = await services.db.asTenant(accountId, (tx) => findImages(tx, accountId, body.sha256))
    return { data: found.map(shownImage), next_cursor: null }
  },

  removeImage: async ({ services, accountId, params }) => {
    const request = { imageId: params.id, modelHash: services.models.current()?.hash }
    const removed = await removeImage(services, accountId, request)
    return removed.ok ? undefined : removed
  },

  getImageFile: async ({ services, accountId, params, raw, reply }) => {
    const image = await services.db.asTenant(accountId, (tx) => readImage(tx, accountId, params.id))
    if (!image) return refuse('image_not_found')
    return sendImage(
      { raw, reply, files: services.files, accountId },
      { sha256: image.previewSha256, bytes: null, format: 'webp', name: `${image.name}.webp` },
    )
  },
} satisfies Partial<Handlers>

/** An address at fault is refused as a whole; a file that is no photo is told of like one that was uploaded. */
async function fetchImage(services: Services, accountId: string, url: string) {
  const taken = await importImage(services, accountId, url)
  if (taken.ok) return { images: [{ ...shownImage(taken.image), known: taken.known }], refused: [] }
  if (taken.refusal !== 'file_refused') return refuse(taken.refusal, taken.detail)
  const { refusal, detail } = taken.upload
  return { images: [], refused: [{ name: plainName(taken.name), refusal, detail }] }
}

/** Left early, a stream must not be destroyed: the parts behind it are still to come. */
function contentOf(part: MultipartFile): AsyncIterable<Uint8Array> {
  return part.file.iterator({ destroyOnReturn: false })
}
