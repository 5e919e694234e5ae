/** The hot folders that HOT_FOLDERS names: below a folder or in a bucket. Called by server.ts and by tests. */
import type { HotFolders } from './hot-folders.ts'
import { openHotRoot } from './hot-root.ts'
import { readS3Address } from './s3-address.ts'

/** Null: the operator has none. Throws what stands in the way. */
export async function openHotFolders(url: string | null): Promise<HotFolders | null> {
  if (url === null) return null
  if (url.startsWith('file:')) return openHotRoot(url)
  const address = readS3Address(url)
  if (!address) throw new Error('HOT_FOLDERS names neither a folder nor a bucket')
  // The client of the protocol is large, and most have no bucket.
  const { openHotBucket } = await import('./hot-bucket.ts')
  return openHotBucket(address)
}
