/**
 * Uploads photos. What the server has already, it is not sent again: an upload that was interrupted goes on where it ended.
 *
 * 1. Known photos are found by their SHA-256 among the account's images before anything is sent.
 * 2. One file a request, four at a time: a folder of any size needs the memory of four photos.
 * 3. A photo that the server refuses is told with its reason and stops no other.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { DrawdownClient } from '@drawdown/client'
import type { Photo } from './collect-photos.ts'
import { inParallel } from './in-parallel.ts'
import { readEach } from './read-all.ts'

export type UploadedPhoto = { photo: Photo; imageId: string }
export type RefusedPhoto = { photo: Photo; detail: string }

const AT_ONCE = 4

/** In the order given. `onDone` is called after each photo, sent or known. */
export async function uploadPhotos(
  api: DrawdownClient,
  photos: readonly Photo[],
  onDone: () => void,
): Promise<{ uploaded: UploadedPhoto[]; refused: RefusedPhoto[] }> {
  const digests = await inParallel(photos, AT_ONCE, (photo) => digestFile(photo.path))
  const known = await findKnown(api, new Set(digests))
  const answers = await inParallel(photos, AT_ONCE, async (photo, index) => {
    const imageId = known.get(digests[index]!)
    const answer = imageId === undefined ? await upload(api, photo) : { photo, imageId }
    onDone()
    return answer
  })
  return {
    uploaded: answers.filter((answer) => 'imageId' in answer),
    refused: answers.filter((answer) => 'detail' in answer),
  }
}

async function upload(api: DrawdownClient, photo: Photo): Promise<UploadedPhoto | RefusedPhoto> {
  const file = new File([await readFile(photo.path)], photo.name)
  const { images, refused } = await api.uploadImages({ body: { files: [file] } })
  const image = images[0]
  if (image !== undefined) return { photo, imageId: image.id }
  return { photo, detail: refused[0]?.detail ?? 'The server did not say why.' }
}

/** Image ids by SHA-256, reading no further than needed. */
async function findKnown(api: DrawdownClient, wanted: Set<string>): Promise<Map<string, string>> {
  const known = new Map<string, string>()
  for await (const image of readEach((query) => api.listImages({ query }))) {
    if (wanted.has(image.sha256)) known.set(image.sha256, image.id)
    if (known.size === wanted.size) break
  }
  return known
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
