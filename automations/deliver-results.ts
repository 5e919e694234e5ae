/**
 * Lays what became of the files of a hot folder into its folder of results: the result, or a note that says why there is none.
 *
 * Called by look-into-hot-folder.ts.
 *
 * 1. The name of a result is that of the file with the ending of the result; it is settled in the file's row before anything is written, so that writing it
 *    once more writes the same file.
 * 2. A later version of a file replaces the result of the one before, and never the other way round.
 */
import type { Database, Transaction } from '../database/connect.ts'
import type { FileStore } from '../storage/file-store.ts'
import type { HotFolders } from '../storage/hot-folders.ts'
import { resultName } from './result-names.ts'

type Rooms = { db: Database; files: FileStore; hot: HotFolders }
type FolderRef = { accountId: string; id: string; name: string }

type Outcome = {
  path: string
  mark: string
  /** Null where there is none: `message` says why. */
  outputSha256: string | null
  outputFormat: string | null
  message: string | null
  /** It waits for a person to accept or discard it. */
  held: boolean | null
  resultName: string | null
  /** A note about this file lies there. */
  noted: boolean
}

/** So many with one look, so that others have their turn. */
const AT_ONCE = 200
const NOTE = 'note'

export async function deliverResults(rooms: Rooms, folder: FolderRef): Promise<void> {
  const { db, files, hot } = rooms
  const outcomes = await db.asTenant(folder.accountId, (tx) => readOutcomes(tx, folder))
  for (const outcome of outcomes) {
    const { path, outputSha256: sha256 } = outcome
    if (sha256 === null) {
      await hot.writeNote(folder, noteName(path), noteOf(outcome))
    } else {
      const name = await db.asTenant(folder.accountId, (tx) => settleName(tx, folder, outcome))
      await hot.write(folder, name, await files.localPath(folder.accountId, sha256))
      if (outcome.noted) await hot.remove(folder, noteName(path))
    }
    await db.asTenant(folder.accountId, (tx) =>
      markDelivered(tx, folder, { ...outcome, what: sha256 ?? NOTE }),
    )
  }
}

async function readOutcomes(tx: Transaction, { accountId, id }: FolderRef): Promise<Outcome[]> {
  return tx.query<Outcome>(
    `select f.path, f.mark, f.result_name as "resultName", case when i.status = 'succeeded' then i.output_sha256 end as "outputSha256",
       i.output_format as "outputFormat", coalesce(f.refusal_message, i.failure_message) as "message", i.status = 'held' as "held",
       exists (select 1 from hot_files n where n.account_id = f.account_id and n.hot_folder_id = f.hot_folder_id
         and n.path = f.path and n.delivered = $3) as "noted"
     from hot_files f left join run_items i using (account_id, run_id, position)
     where f.account_id = $1 and f.hot_folder_id = $2 and i.removed_at is null and (f.delivered is null or f.delivered = $3)
       and (i.status = 'succeeded' or (f.delivered is null and (i.status in ('failed', 'held') or f.refusal is not null)))
       and not exists (
         select 1 from hot_files later where later.account_id = f.account_id and later.hot_folder_id = f.hot_folder_id
           and later.path = f.path and later.seen_at > f.seen_at and later.delivered is not null)
     order by f.seen_at, f.path limit $4`,
    [accountId, id, NOTE, AT_ONCE],
  )
}

/** One that no other file has. An earlier version of the file may have it. */
async function settleName(tx: Transaction, { accountId, id }: FolderRef, outcome: Outcome): Promise<string> {
  const { path, mark } = outcome
  if (outcome.resultName !== null) return outcome.resultName
  await tx.query('select 1 from hot_folders where account_id = $1 and hot_folder_id = $2 for update', [
    accountId,
    id,
  ])
  const parts = path.split('/')
  const plain = resultName(parts.pop()!, outcome.outputFormat!)
  const point = plain.lastIndexOf('.')
  for (let n = 1; ; n++) {
    const last = n === 1 ? plain : `${plain.slice(0, point)} (${n})${plain.slice(point)}`
    const name = [...parts, last].join('/')
    const taken = await tx.query(
      `select 1 from hot_files
       where account_id = $1 and hot_folder_id = $2 and path <> $3 and lower(result_name) = lower($4) limit 1`,
      [accountId, id, path, name],
    )
    if (taken.length > 0) continue
    await tx.query(
      `update hot_files set result_name = $5
       where account_id = $1 and hot_folder_id = $2 and path = $3 and mark = $4`,
      [accountId, id, path, mark, name],
    )
    return name
  }
}

async function markDelivered(
  tx: Transaction,
  { accountId, id }: FolderRef,
  { path, mark, what }: Outcome & { what: string },
): Promise<void> {
  await tx.query(
    `update hot_files set delivered = $5
     where account_id = $1 and hot_folder_id = $2 and path = $3 and mark = $4`,
    [accountId, id, path, mark, what],
  )
  // The note about an earlier version went with it.
  if (what === NOTE) return
  await tx.query(
    `update hot_files set delivered = 'superseded'
     where account_id = $1 and hot_folder_id = $2 and path = $3 and mark <> $4 and delivered = $5`,
    [accountId, id, path, mark, NOTE],
  )
}

const noteName = (path: string) => `${path}.no-result.txt`

function noteOf({ path, message, held }: Outcome): string {
  const why = message ?? 'It could not be worked on.'
  const costs = held
    ? 'It is held until somebody accepts or discards it on the page of its run, and costs nothing before.'
    : 'It cost nothing.'
  return `There is no result for ${path.split('/').at(-1)}.\n\n${why}\n\n${costs}\n`
}
