/**
 * All results of a run as one ZIP, streamed: nothing is kept in memory or on disk.
 *
 * Called by http.
 *
 * 1. Results are stored, not deflated: images do not get smaller. zip64 beyond 4 GB or 65,535 files.
 * 2. What has no result, or none any more, stands in errors.csv with its reason; the archive of a run without failures has no such file.
 * 3. The list of items is read first, in pages, each in a transaction of its own; files are opened as the reader takes them. No
 *    transaction waits for a slow reader.
 */
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Database } from '../database/connect.ts'
import type { FileStore } from '../storage/file-store.ts'
import { type Item, listItems } from './read-run.ts'
import { csvLine, resultName, uniqueNames } from './result-names.ts'

const ITEMS_A_PAGE = 500

/** Ends with an error when a file is gone or the database fails: what was sent then is no valid archive. */
export async function archiveResults(
  { db, files }: { db: Database; files: FileStore },
  accountId: string,
  runId: string,
): Promise<Readable> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  zip.on('error', (fault: Error) => output.destroy(fault))
  const unique = uniqueNames()
  const errors: string[] = []
  // Entries are names and sizes; a file is opened when its turn comes.
  for await (const item of itemsOf(db, accountId, runId)) {
    if (item.status === 'succeeded' && item.removedAt === null) addResult(zip, files, accountId, item, unique)
    else errors.push(csvLine([String(item.position + 1), item.imageName, item.status, reasonOf(item)]))
  }
  if (errors.length > 0) {
    const text = `\ufeff${csvLine(['number', 'photo', 'status', 'reason'])}${errors.join('')}`
    zip.addBuffer(Buffer.from(text), unique('errors.csv'))
  }
  zip.end()
  return output
}

function addResult(
  zip: ZipFile,
  files: FileStore,
  accountId: string,
  item: Item,
  unique: (name: string) => string,
): void {
  const options = {
    compress: false,
    size: Number(item.outputBytes),
    mtime: item.finishedAt ?? new Date(0),
    mode: 0o100644,
  }
  const name = unique(resultName(item.imageName, item.outputFormat!))
  zip.addReadStreamLazy(name, options, (answer) => {
    files.open(accountId, item.outputSha256!).then(
      (stream) => answer(null, stream),
      (fault: Error) => answer(fault, Readable.from([])),
    )
  })
}

function reasonOf(item: Item): string {
  if (item.removedAt !== null) return 'The photo was removed, with everything that was made of it.'
  if (item.failureMessage !== null) return item.failureMessage
  return item.status === 'cancelled' ? 'The run was cancelled before this photo was done.' : 'Not done yet.'
}

async function* itemsOf(db: Database, accountId: string, runId: string): AsyncGenerator<Item> {
  let after: number | null = null
  for (;;) {
    const page: Item[] = await db.asTenant(accountId, (tx) =>
      listItems(tx, { accountId, runId }, { after, limit: ITEMS_A_PAGE }),
    )
    yield* page
    if (page.length < ITEMS_A_PAGE) return
    after = page.at(-1)!.position
  }
}
