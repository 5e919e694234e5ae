/**
 * Wakes automations that wait for their account's budget (rule R24), when the balance may have risen.
 *
 * Called by save-books.ts. What may be claimed then is decided by automations/ under the account's lock.
 */
import type { Transaction } from '../database/connect.ts'
import type { Books } from './books.ts'

/**
 * Work that waits for a budget is looked at again once anything but usage was booked: a period has opened, credits were
 * granted, usage was taken back. Claimers see it within a second.
 */
export async function wakePausedWork(tx: Transaction, all: readonly Books[]): Promise<void> {
  const risen = all.filter(
    ({ pauseAt, changes }) =>
      pauseAt !== null && changes.journal.some(({ cause }) => cause !== 'usage_booked'),
  )
  if (risen.length === 0) return
  await tx.query(
    `update runnable_directory set wake_at = '-infinity' where account_id in (select unnest($1::uuid[])) and budgeted`,
    [risen.map(({ accountId }) => accountId)],
  )
}
