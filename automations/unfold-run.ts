/**
 * Gives a large run its items, in pieces: the account is locked for each of them and not for all of them together.
 *
 *      startRun ──▶ run, list of images, first piece ──commit──▶ unfoldRun: piece, piece … ──▶ list gone
 *                                                        ╰── died in between: unfoldStalledRuns goes on
 *
 * Called by http after a run was started, and by jobs for those that nobody goes on with.
 *
 * 1. The run is accepted, priced and counted as a whole before its first item exists (rules R13, R17). A crash loses no item and
 *    doubles none: the number of those that exist is in the row of the list, and changes in the transaction that writes them.
 * 2. Each piece is written under the account's lock, so that a limit that the customer sets meanwhile holds for it (rule R24).
 * 3. A cancelled run has no list any more; its items that never existed count as cancelled.
 */

import type { Database, Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { lockAccount } from './lock-account.ts'
import { wakeClaimers } from './wake-claimers.ts'

/** Some 200 ms under the lock. */
export const PIECE = 2_000
/** A piece takes a second at most; after a minute nobody is at it any more. */
const STALLED_SECONDS = 60

/** The first piece, in the transaction that starts the run; keeps the list when it is not all. */
export async function beginItems(
  tx: Transaction,
  run: { accountId: string; runId: string },
  imageIds: readonly string[],
): Promise<void> {
  await insertItems(tx, run, { imageIds: imageIds.slice(0, PIECE), from: 0 })
  if (imageIds.length <= PIECE) return
  await tx.query(
    `insert into run_unfoldings (account_id, run_id, image_ids, unfolded) values ($1, $2, $3::uuid[], $4)`,
    [run.accountId, run.runId, imageIds, PIECE],
  )
}

/** Until all items exist, or the run is cancelled. Does nothing for a run that has all of them. */
export async function unfoldRun(db: Database, accountId: string, runId: string): Promise<void> {
  let more = true
  while (more) more = await db.asTenant(accountId, (tx) => unfoldPiece(tx, { accountId, runId }))
}

/** Goes on with runs whose process died. Answers how many there were. */
export async function unfoldStalledRuns(db: Database): Promise<number> {
  const stalled = await db.asService((tx) =>
    tx.query<{ accountId: string; runId: string }>(
      `select account_id as "accountId", run_id as "runId" from run_unfoldings
       where touched_at < now() - $1 * interval '1 second' order by touched_at`,
      [STALLED_SECONDS],
    ),
  )
  for (const { accountId, runId } of stalled) await unfoldRun(db, accountId, runId)
  return stalled.length
}

/** Items that a cancelled run will never have; the list goes. */
export async function dropUnfolding(tx: Transaction, accountId: string, runId: string): Promise<number> {
  const rows = await tx.query<{ missing: number }>(
    `delete from run_unfoldings where account_id = $1 and run_id = $2
     returning cardinality(image_ids) - unfolded as missing`,
    [accountId, runId],
  )
  return rows[0]?.missing ?? 0
}

/** False when nothing is left. */
async function unfoldPiece(tx: Transaction, run: { accountId: string; runId: string }): Promise<boolean> {
  const { accountId, runId } = run
  await lockAccount(tx, accountId)
  const rows = await tx.query<{ imageIds: string[]; from: number; left: number }>(
    `select image_ids[unfolded + 1 : unfolded + $3] as "imageIds", unfolded as "from",
       cardinality(image_ids) - unfolded - $3 as "left"
     from run_unfoldings where account_id = $1 and run_id = $2 for update`,
    [accountId, runId, PIECE],
  )
  const piece = rows[0]
  if (!piece) return false
  await insertItems(tx, run, piece)
  await wakeClaimers(tx, accountId, runId)
  if (piece.left > 0) {
    await tx.query(
      `update run_unfoldings set unfolded = unfolded + $3, touched_at = clock_timestamp()
       where account_id = $1 and run_id = $2`,
      [accountId, runId, PIECE],
    )
    return true
  }
  await tx.query('delete from run_unfoldings where account_id = $1 and run_id = $2', [accountId, runId])
  return false
}

async function insertItems(
  tx: Transaction,
  { accountId, runId }: { accountId: string; runId: string },
  { imageIds, from }: { imageIds: readonly string[]; from: number },
): Promise<void> {
  await tx.query(
    `insert into run_items (account_id, item_id, run_id, position, image_id, status, budgeted)
     select $1, item_id, $2, $5 + ordinality - 1, image_id, 'queued',
       (select pause_at_micros is not null from accounts where account_id = $1)
     from unnest($3::uuid[], $4::uuid[]) with ordinality as given (item_id, image_id, ordinality)`,
    [accountId, runId, imageIds.map(() => newId()), imageIds, from],
  )
}
