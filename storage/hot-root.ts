/**
 * Hot folders in a folder of this machine, or one that several machines mount.
 *
 * Called by hot-folders.ts, which says what holds. Paths begin with `/proc/self/fd/<n>`: the folder that is open, whatever has become of its name. So a link or
 * another folder that is put into the way after it was looked at changes nothing.
 */
import { randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import {
  ChangedMeanwhile,
  type HotFile,
  type HotFolderRef,
  type HotFolders,
  isClutter,
  MOST_FILES,
  partsOf,
  unavailable,
} from './hot-folders.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_CREAT, O_EXCL, O_WRONLY } = constants

/** A program that copies a file pauses for less. What stands still for longer and then grows is another version of it. */
const SETTLE_MS = 10_000
const LOOK_MS = 5_000
/** Deeper is no folder of photos. */
const MOST_DEPTH = 8

export async function openHotRoot(url: string): Promise<HotFolders> {
  const root = fileURLToPath(url)
  await mkdir(root, { recursive: true })

  /** Opens the folder at the end of the parts; the caller closes it. Undefined where one of them is missing, or is no folder. */
  async function enter(parts: readonly string[], make = false): Promise<FileHandle | undefined> {
    let at = await open(root, O_RDONLY | O_DIRECTORY).catch((cause) => {
      throw unavailable('The root of the hot folders cannot be opened', cause)
    })
    for (const part of parts) {
      const next = await step(at, part, make).finally(() => at.close())
      if (!next) return undefined
      at = next
    }
    return at
  }

  const enterIn = (folder: HotFolderRef) => enter([...partsOf(folder), 'in'], true)

  /** The folder below `out` that a path ends in, and the last part of the path. */
  async function placeOf(folder: HotFolderRef, path: string, make: boolean) {
    const parts = path.split('/')
    const name = parts.pop()!
    const parent = await enter([...partsOf(folder), 'out', ...parts], make)
    return { parent, name }
  }

  async function put(folder: HotFolderRef, path: string, content: Readable): Promise<void> {
    const { parent, name } = await placeOf(folder, path, true)
    if (!parent) throw unavailable(`Results cannot be written to “${path}”`, 'a link or a file is in the way')
    const part = within(parent, `.${randomUUID()}.part`)
    try {
      const file = await open(part, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o664)
      await pipeline(content, file.createWriteStream({ flush: true }))
      await rename(part, within(parent, name))
    } catch (cause) {
      await rm(part, { force: true }).catch(() => {})
      throw unavailable(`Results cannot be written to “${path}”`, cause)
    } finally {
      await parent.close()
    }
  }

  return {
    settleMs: SETTLE_MS,
    lookEveryMs: LOOK_MS,
    shown: (folder) => `${partsOf(folder).join('/')}/in`,
    async make(folder) {
      for (const side of ['in', 'out']) await (await enter([...partsOf(folder), side], true))?.close()
    },
    async list(folder) {
      const top = await enterIn(folder)
      if (!top) throw unavailable('The hot folder is not there', 'a link or a file is in its place')
      const found: HotFile[] = []
      await walk(top, '', found)
      return found
    },
    async open(folder, { path, mark }) {
      const parts = path.split('/')
      const name = parts.pop()!
      const parent = await enter([...partsOf(folder), 'in', ...parts])
      if (!parent) return undefined
      // A pipe in the place of a file would wait for whoever writes to it.
      const file = await open(within(parent, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        .catch(absent)
        .finally(() => parent.close())
      if (!file) return undefined
      if ((await markOf(file)) === mark) return readWhole(file, mark)
      await file.close()
      return undefined
    },
    write: (folder, path, from) => put(folder, path, createReadStream(from)),
    writeNote: (folder, path, text) => put(folder, path, Readable.from([Buffer.from(text)])),
    async remove(folder, path) {
      const { parent, name } = await placeOf(folder, path, false)
      if (parent) await rm(within(parent, name), { force: true }).finally(() => parent.close())
    },
    close() {},
  }
}

const within = ({ fd }: FileHandle, name: string) => `/proc/self/fd/${fd}/${name}`

async function step(at: FileHandle, part: string, make: boolean): Promise<FileHandle | undefined> {
  // Paths come out of listings and out of the database; these two never do.
  if (part === '' || part === '.' || part === '..') return undefined
  if (make) await mkdir(within(at, part)).catch(() => {})
  return open(within(at, part), O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch(absent)
}

/** What is missing, and what is a link or no folder. */
function absent(fault: NodeJS.ErrnoException): undefined {
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(fault.code ?? '')) return undefined
  throw unavailable('A hot folder cannot be read', fault)
}

/** Closes the folder. */
async function walk(folder: FileHandle, prefix: string, found: HotFile[]): Promise<void> {
  try {
    for (const entry of await readdir(within(folder, ''), { withFileTypes: true })) {
      const path = `${prefix}${entry.name}`
      if (isClutter(path) || found.length > MOST_FILES) continue
      if (entry.isDirectory() && path.split('/').length < MOST_DEPTH) {
        const below = await step(folder, entry.name, false)
        if (below) await walk(below, `${path}/`, found)
      } else if (entry.isFile()) {
        const stat = await lstat(within(folder, entry.name), { bigint: true }).catch(absent)
        if (stat?.isFile())
          found.push({ path, mark: `${stat.size}-${stat.mtimeNs}`, bytes: Number(stat.size) })
      }
    }
  } finally {
    await folder.close()
  }
}

async function markOf(file: FileHandle): Promise<string | undefined> {
  const stat = await file.stat({ bigint: true })
  return stat.isFile() ? `${stat.size}-${stat.mtimeNs}` : undefined
}

/** Throws at the end when it was written to meanwhile, so that half a file is never taken for a whole one. */
async function* readWhole(file: FileHandle, mark: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file.createReadStream({ autoClose: false })
    if ((await markOf(file)) !== mark)
      throw new ChangedMeanwhile('The file was written to while it was read.')
  } finally {
    await file.close()
  }
}
