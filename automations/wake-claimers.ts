/**
 * Says that an account has items to claim: writes it into the directory that claimers read, and wakes them.
 *
 * Called by every verb that queues items, after it queued them, in the same transaction.
 */
import type { Transaction } from '../database/connect.ts'
import { tell } from './events.ts'

/**
 * An account that was served recently keeps its place in the order: queueing more does not move it forward. While it stands in
 * the directory, set-pause.ts alone says whether it is budgeted.
 */
export async function wakeClaimers(tx: Transaction, accountId: string, runId: string): Promise<void> {
  await tx.query(
    `insert into runnable_directory (account_id, budgeted)
     select account_id, pause_at_micros is not null from accounts where account_id = $1
     on conflict (account_id) do update set wake_at = '-infinity'`,
    [accountId],
  )
  await tell(tx, 'work', runId)
}
