/**
 * Uploads photos. What the server has already, it is not sent again: an upload that was interrupted goes on where it ended.
 *
 * 1. Known photos are found by their SHA-256 among the account's images before anything is sent.
 * 2. One file a request, four at a time: a folder of any size needs the memory of four photos.
 * 3. A ZIP archive goes up as it is, and comes back as its photos. Sent again, it is taken in quickly, since they are known.
 * 4. A photo that the server refuses is told with its reason and stops no other.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { DrawdownClient } from '@drawdown/client'
import { type Photo, withOwnNames } from './collect-photos.ts'
import { inParallel } from './in-parallel.ts'

export type UploadedPhoto = { photo: Photo; imageId: string }
export type RefusedPhoto = { photo: Photo; detail: string }

const AT_ONCE = 4
const ASKED_AT_ONCE = 1_000

/** In the order given. `onDone` is called after each photo, sent or known. */
export async function uploadPhotos(
  api: DrawdownClient,
  given: readonly Photo[],
  onDone: () => void,
): Promise<{ uploaded: UploadedPhoto[]; refused: RefusedPhoto[] }> {
  const photos = given.filter((photo) => !isArchive(photo))
  const digests = await inParallel(photos, AT_ONCE, (photo) => digestFile(photo.path))
  const known = await findKnown(api, new Set(digests))
  const answers = await inParallel(photos, AT_ONCE, async (photo, index) => {
    const imageId = known.get(digests[index]!)
    const answer = imageId === undefined ? await upload(api, photo) : { photo, imageId }
    onDone()
    return answer
  })
  for (const archive of given.filter(isArchive)) {
    answers.push(...(await uploadArchive(api, archive)))
    onDone()
  }
  const uploaded = answers.filter((answer) => 'imageId' in answer)
  const named = withOwnNames(uploaded.map(({ photo }) => photo))
  return {
    uploaded: uploaded.map(({ imageId }, index) => ({ imageId, photo: named[index]! })),
    refused: answers.filter((answer) => 'detail' in answer),
  }
}

const isArchive = ({ path }: Photo) => /\.zip$/i.test(path)

/** Each of its photos under its own name; the server unpacks it. */
async function uploadArchive(api: DrawdownClient, archive: Photo): Promise<(UploadedPhoto | RefusedPhoto)[]> {
  const answers: (UploadedPhoto | RefusedPhoto)[] = []
  const content = Readable.toWeb(createReadStream(archive.path)) as ReadableStream
  for await (const line of api.unpackArchive(content)) {
    const photo = { ...archive, name: line.name }
    answers.push('image' in line ? { photo, imageId: line.image.id } : { photo, detail: line.detail })
  }
  return answers
}

async function upload(api: DrawdownClient, photo: Photo): Promise<UploadedPhoto | RefusedPhoto> {
  const file = new File([await readFile(photo.path)], photo.name)
  const { images, refused } = await api.uploadImages({ body: { files: [file] } })
  const image = images[0]
  if (image !== undefined) return { photo, imageId: image.id }
  return { photo, detail: refused[0]?.detail ?? 'The server did not say why.' }
}

/** Image ids by SHA-256. */
async function findKnown(api: DrawdownClient, wanted: ReadonlySet<string>): Promise<Map<string, string>> {
  const known = new Map<string, string>()
  const sha256 = [...wanted]
  for (let at = 0; at < sha256.length; at += ASKED_AT_ONCE) {
    const { data } = await api.findImages({ body: { sha256: sha256.slice(at, at + ASKED_AT_ONCE) } })
    for (const image of data) known.set(image.sha256, image.id)
  }
  return known
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
