/**
 * The first lock of every verb that ends, cancels or queues items: the account's row, then anything else. The ledger takes the
 * same one first, so no two transactions of an account wait for each other, and revisions of a run have no gaps.
 */
import type { Transaction } from '../database/connect.ts'

export async function lockAccount(tx: Transaction, accountId: string): Promise<void> {
  await tx.query('select 1 from accounts where account_id = $1 for update', [accountId])
}
