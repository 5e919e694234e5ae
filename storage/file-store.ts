/**
 * Where the bytes of photos, results and previews live: each file under the account that owns it and the hash of its content.
 *
 * Called by automations (uploads, results) and http (downloads).
 *
 *      receive() ──▶ staging/<random> ──keep()──▶ <account>/<sha[0:2]>/<sha>
 *                          ╰──────────discard(), or swept when its owner died
 *
 * 1. A file that has its place is whole: it is hashed while it streams in, flushed to disk and only then renamed into place, so
 *    neither a crash nor a power cut leaves half a file under a hash.
 * 2. The same content of the same account is one file, whoever writes it and how often; content is never shared between accounts.
 * 3. A file in its place never changes. `localPath` is for reading.
 * 4. Storing what is there already counts as storing it: nobody who looks for old files takes it for forgotten.
 *
 * Not here: what a file is (images), who may see it (http), whether anybody still needs it (automations).
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { Disk } from 'flydrive'
import { FSDriver } from 'flydrive/drivers/fs'

export type StoredFile = { sha256: string; bytes: number }

/** A file that has arrived and has no place yet. keep or discard must follow; discard after keep does nothing. */
export type StagedFile = StoredFile & {
  /** Readable until keep or discard. */
  path: string
  /** Gives it its place. Answers once it would survive a power cut. */
  keep(accountId: string): Promise<void>
  discard(): Promise<void>
}

export type Received = { ok: true; file: StagedFile } | { ok: false; refusal: 'too_large' }

export type FileStore = {
  /**
   * Streams a file in. Refuses one longer than `maxBytes` without reading on; the caller then drops or drains the stream.
   * Throws what the stream throws, and leaves nothing behind.
   */
  receive(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Received>
  /** Stores bytes that are in memory already. */
  put(accountId: string, content: Uint8Array): Promise<StoredFile>
  /** Stores what another program wrote to a path in the staging folder, which is gone afterwards. */
  adopt(accountId: string, path: string): Promise<StoredFile>
  /** A new path in the staging folder, for `adopt`. Nothing is there yet. */
  stagingPath(): string
  /** Undefined when there is no such file. */
  stat(accountId: string, sha256: string): Promise<StoredFile | undefined>
  /** Throws when there is no such file. */
  open(accountId: string, sha256: string): Promise<Readable>
  /** A path on this machine where the file can be read, for programs that take paths. Throws when there is no such file. */
  localPath(accountId: string, sha256: string): Promise<string>
  /**
   * A path on this machine for what can be made again (the mask of a photo), of one account. Nothing may be there; what is
   * there may vanish. Never backed up. `name` is a plain file name.
   */
  cachePath(accountId: string, name: string): Promise<string>
  /** Does nothing when there is no such file. */
  delete(accountId: string, sha256: string): Promise<void>
  /** Files in their place that were last stored before `than` (milliseconds), in no order. */
  listOlder(than: number): AsyncIterable<{ accountId: string; sha256: string }>
  /** Removes a file unless it was stored again since `than`; false then, and where there is none. */
  deleteOlder(accountId: string, sha256: string, than: number): Promise<boolean>
  /** Removes staged files whose owner has died: those older than an hour. Answers how many. */
  sweep(now?: number): Promise<number>
  close(): Promise<void>
}

/** The store behind the files does not answer, or not as it should. Nothing is known to have been done. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** An upload of 50 MB over a slow line takes minutes; nobody stages anything for an hour. */
export const STAGED_FOR_MS = 60 * 60 * 1000

const STAGING = 'staging'
const SHA256 = /^[0-9a-f]{64}$/
const CACHE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,199}$/
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Opens the store in a folder, which is made when it is not there. */
export async function openFolderStore(folder: string): Promise<FileStore> {
  const staging = join(folder, STAGING)
  await mkdir(staging, { recursive: true })
  const disk = new Disk(new FSDriver({ location: pathToFileURL(`${folder}/`), visibility: 'private' }))
  const stagingPath = () => join(staging, randomUUID())

  /** The rename, which the storage library would do by copying: half a file could then be seen under its hash. */
  async function settle(accountId: string, path: string, sha256: string): Promise<void> {
    const target = join(folder, fileKey(accountId, sha256))
    await mkdir(dirname(target), { recursive: true })
    await rename(path, target)
    await flushFolder(dirname(target))
  }

  async function receive(source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Received> {
    const path = stagingPath()
    const discard = () => rm(path, { force: true })
    try {
      const written = await writeHashed(path, source, maxBytes)
      if (written) {
        const keep = (accountId: string) => settle(accountId, path, written.sha256)
        return { ok: true, file: { ...written, path, keep, discard } }
      }
    } catch (fault) {
      await discard()
      throw fault
    }
    await discard()
    return { ok: false, refusal: 'too_large' }
  }

  const store: FileStore = {
    stagingPath,
    receive,
    async put(accountId, content) {
      const known = await store.stat(accountId, sha256Of(content))
      if (known && (await touch(join(folder, fileKey(accountId, known.sha256))))) return known
      const received = await store.receive([content] as unknown as AsyncIterable<Uint8Array>, content.length)
      if (!received.ok) throw new Error('bytes in memory are no longer than they are')
      await received.file.keep(accountId)
      return { sha256: received.file.sha256, bytes: received.file.bytes }
    },
    async adopt(accountId, path) {
      const stored = await hashAndFlush(path)
      await settle(accountId, path, stored.sha256)
      return stored
    },
    async stat(accountId, sha256) {
      const key = fileKey(accountId, sha256)
      if (!(await disk.exists(key))) return undefined
      return { sha256, bytes: (await disk.getMetaData(key)).contentLength }
    },
    async open(accountId, sha256) {
      await mustExist(disk, accountId, sha256)
      return disk.getStream(fileKey(accountId, sha256))
    },
    async localPath(accountId, sha256) {
      await mustExist(disk, accountId, sha256)
      return join(folder, fileKey(accountId, sha256))
    },
    async cachePath(accountId, name) {
      if (!CACHE_NAME.test(name)) throw new Error(`Not a plain file name: ${JSON.stringify(name)}`)
      const cache = join(folder, accountFolder(accountId), 'cache')
      await mkdir(cache, { recursive: true })
      return join(cache, name)
    },
    delete: (accountId, sha256) => disk.delete(fileKey(accountId, sha256)),
    listOlder: (than) => listOlderBelow(folder, than),
    async deleteOlder(accountId, sha256, than) {
      const path = join(folder, fileKey(accountId, sha256))
      // Taken out of its place first: whoever stores it at this moment puts a file of their own there.
      const out = stagingPath()
      if (!(await rename(path, out).then(() => true, isAbsent))) return false
      const isOld = (await stat(out)).mtimeMs < than
      await (isOld ? rm(out) : rename(out, path))
      return isOld
    },
    sweep: (now = Date.now()) => sweepStaging(staging, now - STAGED_FOR_MS),
    close: async () => {},
  }
  return store
}

function accountFolder(accountId: string): string {
  if (!UUID.test(accountId)) throw new Error(`Not the id of an account: ${JSON.stringify(accountId)}`)
  return accountId
}

/** Where a file is, below the folder or the prefix of a bucket. Throws for what is no id and no hash. */
export function fileKey(accountId: string, sha256: string): string {
  const account = accountFolder(accountId)
  if (!SHA256.test(sha256)) throw new Error(`Not a sha256: ${JSON.stringify(sha256)}`)
  return `${account}/${sha256.slice(0, 2)}/${sha256}`
}

async function mustExist(disk: Disk, accountId: string, sha256: string): Promise<void> {
  const key = fileKey(accountId, sha256)
  if (!(await disk.exists(key))) throw new Error(`No file ${key} in the store`)
}

function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Undefined when the source is longer than `maxBytes`. What was written has reached the disk. */
async function writeHashed(
  path: string,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredFile | undefined> {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > maxBytes) return undefined
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    await file.datasync()
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), bytes }
}

async function hashAndFlush(path: string): Promise<StoredFile> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer)
    bytes += (chunk as Buffer).length
  }
  const file = await open(path, 'r+')
  await file.datasync().finally(() => file.close())
  return { sha256: hash.digest('hex'), bytes }
}

/** Without it the rename itself may be lost with the power, while the database remembers the file. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await folder.sync().finally(() => folder.close())
}

async function sweepStaging(staging: string, olderThan: number): Promise<number> {
  let removed = 0
  for (const name of await readdir(staging)) {
    const path = join(staging, name)
    const found = await stat(path).catch(() => undefined)
    if (!found?.isFile() || found.mtimeMs > olderThan) continue
    await rm(path, { force: true })
    removed++
  }
  return removed
}

/** False when there is no such file any more. */
async function touch(path: string): Promise<boolean> {
  const now = new Date()
  return utimes(path, now, now).then(() => true, isAbsent)
}

function isAbsent(fault: NodeJS.ErrnoException): false {
  if (fault.code === 'ENOENT') return false
  throw fault
}

async function* listOlderBelow(
  folder: string,
  than: number,
): AsyncGenerator<{ accountId: string; sha256: string }> {
  for (const accountId of (await readdir(folder)).filter((name) => UUID.test(name))) {
    for (const first of (await readdir(join(folder, accountId))).filter((name) =>
      /^[0-9a-f]{2}$/.test(name),
    )) {
      const place = join(folder, accountId, first)
      for (const sha256 of (await readdir(place)).filter((name) => SHA256.test(name))) {
        const found = await stat(join(place, sha256)).catch(isAbsent)
        if (found && found.mtimeMs < than) yield { accountId, sha256 }
      }
    }
  }
}

/** What a key below the prefix of a bucket stands for; undefined for what is none of ours. */
export function refOfKey(key: string): { accountId: string; sha256: string } | undefined {
  const [accountId = '', first, sha256 = '', ...more] = key.split('/')
  const isOurs =
    UUID.test(accountId) && SHA256.test(sha256) && first === sha256.slice(0, 2) && more.length === 0
  return isOurs ? { accountId, sha256 } : undefined
}
