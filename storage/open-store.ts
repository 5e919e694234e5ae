/**
 * The file store that `STORAGE_URL` names: a folder of this machine, or a bucket.
 *
 * Called by the composition of the server and of the worker.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FileStore, openFolderStore } from './file-store.ts'
import { readS3Address } from './s3-address.ts'

/** `dataFolder` holds what a process keeps of a bucket. Throws what stands in the way. */
export async function openStore(storageUrl: string, dataFolder: string): Promise<FileStore> {
  if (storageUrl.startsWith('file:')) return openFolderStore(fileURLToPath(storageUrl))
  const address = readS3Address(storageUrl)
  if (!address) throw new Error('STORAGE_URL names neither a folder nor a bucket')
  // The SDK is several megabytes of code: only those who use it load it.
  const { openS3Store } = await import('./s3-store.ts')
  return openS3Store(address, { folder: join(dataFolder, 'storage-cache') })
}
