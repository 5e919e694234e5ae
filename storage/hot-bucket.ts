/**
 * Hot folders below a prefix of a bucket. Called by open-hot-folders.ts; hot-folders.ts says what holds.
 */
import { openBucket } from './bucket.ts'
import {
  type HotFile,
  type HotFolderRef,
  type HotFolders,
  isClutter,
  MOST_FILES,
  partsOf,
} from './hot-folders.ts'
import type { S3Address } from './s3-address.ts'

/** Listing costs money there. */
const LOOK_MS = 60_000

export function openHotBucket(address: S3Address): HotFolders {
  const bucket = openBucket(address)
  const keyOf = (folder: HotFolderRef, side: 'in' | 'out') => `${partsOf(folder).join('/')}/${side}/`
  return {
    // A bucket shows a file once it has all of it.
    settleMs: 0,
    lookEveryMs: LOOK_MS,
    shown: (folder) => `s3://${address.bucket}/${address.prefix}${keyOf(folder, 'in')}`,
    async make() {},
    async list(folder) {
      const under = keyOf(folder, 'in')
      const found: HotFile[] = []
      let page: string | null = null
      do {
        const listed = await bucket.list({ under, page })
        for (const { key, etag, bytes } of listed.files) {
          const path = key.slice(under.length)
          // What ends in a slash stands for a folder.
          if (path !== '' && !path.endsWith('/') && !isClutter(path)) found.push({ path, mark: etag, bytes })
        }
        page = listed.next
      } while (page !== null && found.length <= MOST_FILES)
      return found
    },
    async open(folder, { path, mark }) {
      return bucket.open(`${keyOf(folder, 'in')}${path}`, { etag: mark })
    },
    async write(folder, path, from) {
      await bucket.putFile(`${keyOf(folder, 'out')}${path}`, from)
    },
    async writeNote(folder, path, text) {
      await bucket.put(`${keyOf(folder, 'out')}${path}`, Buffer.from(text))
    },
    async remove(folder, path) {
      await bucket.delete(`${keyOf(folder, 'out')}${path}`)
    },
    close: () => bucket.close(),
  }
}
