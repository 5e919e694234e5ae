/**
 * Hot folders: where customers put files that are run by themselves, and where the results come back to them. Below a folder of the operator's, or below a
 * prefix of a bucket:
 *
 *      <root>/<account>/<name>/in/…     what customers put there
 *      <root>/<account>/<name>/out/…    what comes back
 *
 * Called by automations. `open-hot-folders.ts` opens them: in a folder (`hot-root.ts`) or in a bucket (`hot-bucket.ts`).
 *
 * 1. No path here is a customer's: the root is the operator's, the account's id is ours, and a name is a few plain letters. What lies below `in` was named by
 *    customers, and is only ever read from there.
 * 2. Whoever may write below the root can put links there. None is followed: each step of a path is opened from the folder before it, without following,
 *    so that nothing can be put in between.
 * 3. A version of a file is its path and a mark that differs when the content does. Opening one answers that version or nothing.
 * 4. What is written is whole or absent, as far as the store can do that: a folder by renaming, a bucket by itself.
 *
 * Not here: whether a file has been seen before, and what it is (automations).
 */
import type { Readable } from 'node:stream'
import { StoreUnavailable } from './file-store.ts'

export type HotFile = {
  /** Below `in`, with slashes. */
  path: string
  /** Differs when the content does. */
  mark: string
  bytes: number
}

/** Whose folder it is, and how it is called. */
export type HotFolderRef = { accountId: string; name: string }

export type HotFolders = {
  /** So long a file has to stay as it is before it counts as written. */
  settleMs: number
  /** So often it is looked at. */
  lookEveryMs: number
  /** Where customers put files, as they are told. */
  shown(folder: HotFolderRef): string
  /** So that there is something to put files into. */
  make(folder: HotFolderRef): Promise<void>
  /** All files below `in`, in no order; MOST_FILES and one more where there are more. Throws StoreUnavailable. */
  list(folder: HotFolderRef): Promise<HotFile[]>
  /** Undefined when this version of the file is not there any more. Throws StoreUnavailable, and while it is read ChangedMeanwhile. */
  open(folder: HotFolderRef, file: HotFile): Promise<Readable | AsyncIterable<Uint8Array> | undefined>
  /** Puts a file of this machine below `out`, in place of what is there. */
  write(folder: HotFolderRef, path: string, from: string): Promise<void>
  /** Puts a note there. */
  writeNote(folder: HotFolderRef, path: string, text: string): Promise<void>
  /** Does nothing when there is nothing. */
  remove(folder: HotFolderRef, path: string): Promise<void>
  close(): void
}

/** The file was written to while it was read. It is looked at again. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile'
}

/** More in one folder is more than anybody looks through. */
export const MOST_FILES = 50_000

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/
/** What programs and systems leave beside files: hidden ones, and uploads that are not over. */
const CLUTTER =
  /(^|\/)(\.|~\$)|(^|\/)(thumbs\.db|desktop\.ini)$|\.(part|partial|tmp|temp|crdownload|filepart)$/i

/** The parts of the path to a folder, which nobody but we have named. Throws for what is no id and no name. */
export function partsOf({ accountId, name }: HotFolderRef): [string, string] {
  if (!UUID.test(accountId)) throw new Error(`Not the id of an account: ${JSON.stringify(accountId)}`)
  if (!NAME.test(name)) throw new Error(`Not the name of a hot folder: ${JSON.stringify(name)}`)
  return [accountId, name]
}

export function isClutter(path: string): boolean {
  return CLUTTER.test(path)
}

/** What a fault of the file system is for who waits for the folder. */
export function unavailable(what: string, cause: unknown): StoreUnavailable {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause)
  return new StoreUnavailable(`${what} (${code}).`, { cause })
}
