/**
 * Removes stored files that no row speaks of: results whose claimer died before it could finish, uploads that were never registered.
 *
 * Called by jobs, every night.
 *
 * 1. A file that any row names stays, whatever its age. Every column that names files stands in HOLDERS; a test looks whether one is missing.
 * 2. A file is stored before the row that names it is written, so only what was stored UNNAMED_FOR_MS ago and not since is looked at. Storing it again
 *    makes it new, and a file that is stored while it is removed stays.
 */
import type { Database } from '../database/connect.ts'
import type { FileStore } from '../storage/file-store.ts'

/** Between storing a file and naming it lie seconds; a claimer that hangs loses its lease within a minute. */
const UNNAMED_FOR_MS = 48 * 60 * 60 * 1000
/** Asked about at a time, of one account. */
const BATCH = 5_000

/** Table, column, and which of its rows. */
export const HOLDERS: readonly (readonly [string, string, string])[] = [
  ['images', 'sha256', 'removed_at is null'],
  ['images', 'preview_sha256', 'removed_at is null'],
  ['run_items', 'output_sha256', 'removed_at is null'],
  ['run_items', 'preview_sha256', 'removed_at is null'],
  ['step_results', 'sha256', 'true'],
  ['step_results', 'preview_sha256', 'true'],
]

/** Answers how many files were looked at and how many were removed. */
export async function sweepFiles(
  { db, files }: { db: Database; files: Pick<FileStore, 'listOlder' | 'deleteOlder'> },
  now = Date.now(),
): Promise<{ seen: number; removed: number }> {
  const than = now - UNNAMED_FOR_MS
  let seen = 0
  let removed = 0
  let account = ''
  let batch: string[] = []
  const settle = async () => {
    for (const sha256 of await unnamedFiles(db, account, batch)) {
      if (await files.deleteOlder(account, sha256, than)) removed++
    }
    batch = []
  }
  for await (const { accountId, sha256 } of files.listOlder(than)) {
    if (accountId !== account || batch.length >= BATCH) await settle()
    account = accountId
    batch.push(sha256)
    seen++
  }
  await settle()
  return { seen, removed }
}

/** Those of the files that no row names. */
export async function unnamedFiles(
  db: Database,
  accountId: string,
  hashes: readonly string[],
): Promise<string[]> {
  if (hashes.length === 0) return []
  const named = HOLDERS.map(
    ([table, column, which]) =>
      `select ${column} from ${table} where account_id = $1 and ${column} = any($2) and ${which}`,
  ).join(' union ')
  const rows = await db.asTenant(accountId, (tx) =>
    tx.query<{ sha256: string }>(`select unnest($2::text[]) as sha256 except (${named})`, [
      accountId,
      hashes,
    ]),
  )
  return rows.map(({ sha256 }) => sha256)
}
