/**
 * The file store in an S3 bucket, shared by any number of servers and workers; each keeps what it works on in a folder of its own.
 *
 *      receive() ──▶ folder: staged, hashed ──keep()──▶ folder ──▶ bucket: <prefix><account>/<sha[0:2]>/<sha>
 *      localPath() ◀── folder ◀── fetched, hashed again ◀── bucket
 *
 * 1. A file is kept only once the bucket has all of it. Its name is its content's, so servers that write the same at a time agree.
 * 2. The bucket decides what is there; the folder is only faster. What is fetched from the bucket is hashed before it is believed.
 * 3. The folder stays below CACHED_BYTES: what nobody has used for longest goes, but nothing of the last hour.
 *
 * Not here: leftovers of uploads in parts that broke off for good. A rule of the bucket ends them (docs/operating.md).
 */
import { randomUUID } from 'node:crypto'
import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { openBucket } from './bucket.ts'
import {
  type FileStore,
  fileKey,
  openFolderStore,
  refOfKey,
  STAGED_FOR_MS,
  StoreUnavailable,
} from './file-store.ts'
import type { S3Address } from './s3-address.ts'

export type S3Options = {
  /** A folder of this process alone. */
  folder: string
  /** How much of the bucket may be in it. */
  cachedBytes?: number
}

const CACHED_BYTES = 5_000_000_000
/** What is there for longer is sent once more, so that nobody takes it for forgotten (sweep-files.ts waits for twice as long). */
const FRESH_MS = 24 * 60 * 60 * 1000
/** So often, in terms of what comes in, the folder is looked through. */
const PRUNE_EVERY = 0.05

/** Throws a sentence for the operator when the bucket cannot be written to and read from. */
export async function openS3Store(address: S3Address, options: S3Options): Promise<FileStore> {
  const bucket = openBucket(address)
  const folder = await openFolderStore(options.folder)
  const cachedBytes = options.cachedBytes ?? CACHED_BYTES
  const fetching = new Map<string, Promise<void>>()
  let cameIn = 0
  await proveWritable(bucket)
  await prune(options.folder, cachedBytes)

  async function send(accountId: string, sha256: string): Promise<void> {
    const key = fileKey(accountId, sha256)
    const path = await folder.localPath(accountId, sha256)
    const { size } = await stat(path)
    const known = await bucket.head(key)
    const isFresh = known?.bytes === size && known.changedAt.getTime() > Date.now() - FRESH_MS
    if (!isFresh) await bucket.putFile(key, path)
    await count(size)
  }

  /** Brings a file into the folder; several who want it wait for one. */
  function bring(accountId: string, sha256: string): Promise<void> {
    const key = fileKey(accountId, sha256)
    const known = fetching.get(key)
    if (known) return known
    const brought = fetchOne(accountId, sha256, key).finally(() => fetching.delete(key))
    fetching.set(key, brought)
    return brought
  }

  async function fetchOne(accountId: string, sha256: string, key: string): Promise<void> {
    const content = await bucket.open(key)
    if (!content) throw new Error(`No file ${key} in the store`)
    const received = await folder.receive(content, Number.POSITIVE_INFINITY).catch((cause) => {
      throw new StoreUnavailable(`Fetching ${key} broke off.`, { cause })
    })
    if (!received.ok) throw new Error('a file without a limit is not too long')
    if (received.file.sha256 !== sha256) {
      await received.file.discard()
      throw new StoreUnavailable(`What the bucket holds under ${key} is not what was stored.`)
    }
    await received.file.keep(accountId)
    await count(received.file.bytes)
  }

  async function count(bytes: number): Promise<void> {
    cameIn += bytes
    if (cameIn < cachedBytes * PRUNE_EVERY) return
    cameIn = 0
    await prune(options.folder, cachedBytes)
  }

  return {
    stagingPath: folder.stagingPath,
    cachePath: folder.cachePath,
    async receive(source, maxBytes) {
      const received = await folder.receive(source, maxBytes)
      if (!received.ok) return received
      const { file } = received
      const keep = async (accountId: string) => {
        await file.keep(accountId)
        await send(accountId, file.sha256)
      }
      return { ok: true, file: { ...file, keep } }
    },
    async put(accountId, content) {
      const stored = await folder.put(accountId, content)
      await send(accountId, stored.sha256)
      return stored
    },
    async adopt(accountId, path) {
      const stored = await folder.adopt(accountId, path)
      await send(accountId, stored.sha256)
      return stored
    },
    async stat(accountId, sha256) {
      const found = await bucket.head(fileKey(accountId, sha256))
      return found && { sha256, bytes: found.bytes }
    },
    async open(accountId, sha256) {
      if (await folder.stat(accountId, sha256)) return folder.open(accountId, sha256)
      const content = await bucket.open(fileKey(accountId, sha256))
      if (!content) throw new Error(`No file ${fileKey(accountId, sha256)} in the store`)
      return content
    },
    async localPath(accountId, sha256) {
      if (!(await folder.stat(accountId, sha256))) await bring(accountId, sha256)
      const path = await folder.localPath(accountId, sha256)
      const now = new Date()
      await utimes(path, now, now)
      return path
    },
    async delete(accountId, sha256) {
      await bucket.delete(fileKey(accountId, sha256))
      await folder.delete(accountId, sha256)
    },
    async *listOlder(than) {
      let page: string | null = null
      do {
        const listed = await bucket.list({ under: '', page })
        for (const { key, changedAt } of listed.files) {
          const ref = refOfKey(key)
          if (ref && changedAt.getTime() < than) yield ref
        }
        page = listed.next
      } while (page !== null)
    },
    async deleteOlder(accountId, sha256, than) {
      const key = fileKey(accountId, sha256)
      const known = await bucket.head(key)
      if (!known || known.changedAt.getTime() >= than) return false
      await bucket.delete(key)
      await folder.delete(accountId, sha256)
      return true
    },
    sweep: folder.sweep,
    async close() {
      bucket.close()
    },
  }
}

/** Rights and names that are wrong are found now, and not with the first photo. */
async function proveWritable(bucket: ReturnType<typeof openBucket>): Promise<void> {
  const key = `staging/${randomUUID()}`
  await bucket.put(key, Buffer.from('Can this be written?'))
  const written = await bucket.head(key)
  await bucket.delete(key)
  if (!written) throw new StoreUnavailable('The bucket took a file and does not have it.')
}

/** Removes what was not used for longest until the rest fits. */
async function prune(folder: string, cachedBytes: number): Promise<void> {
  const found: { path: string; bytes: number; usedAt: number }[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }))
    found.push({ path, bytes: size, usedAt: mtimeMs })
  }
  let bytes = found.reduce((sum, file) => sum + file.bytes, 0)
  const mayGo = Date.now() - STAGED_FOR_MS
  for (const file of found.sort((a, b) => a.usedAt - b.usedAt)) {
    if (bytes <= cachedBytes || file.usedAt > mayGo) return
    await rm(file.path, { force: true })
    bytes -= file.bytes
  }
}
