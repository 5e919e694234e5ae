/**
 * Everything that can be done now for accounts, up to the provider: what is due is processed, drafts become invoices, and an attempt is
 * stored for each invoice whose next step is due.
 *
 * Called by jobs/: for one account, and by the sweeper for many together, because most of what one costs is the transaction around it. What
 * it answers is sent to the provider once the transaction is committed.
 *
 * Invariants:
 *   1. One account and many are the same statements, so a boundary comes out the same whoever processes it.
 *   2. Accounts share a transaction and nothing else. Where one of them fails all are undone; the caller tries them apart.
 */
import type { Micros } from '../billing/micros.ts'
import { byNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import { type AskedProvider, type Attempt, startAll } from './collect-payments.ts'
import { finalizeAll } from './finalize-invoices.ts'
import { openBooks } from './open-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'

/** Answers the attempts that were stored. Accounts that don't exist are left out. Several accounts need the service role. */
export async function collectDue(
  tx: Transaction,
  accountIds: readonly string[],
  provider: AskedProvider & { minimumCharge(currency: string): Micros },
): Promise<Attempt[]> {
  const work = (some: readonly string[]) => collectOnNode(tx, some, provider)
  return (await byNode(tx, accountIds, { accountOf: (id) => id, work })).flat()
}

async function collectOnNode(
  tx: Transaction,
  accountIds: readonly string[],
  provider: Parameters<typeof collectDue>[2],
): Promise<Attempt[]> {
  const opened = [...(await openBooks(tx, accountIds)).values()]
  if (opened.length === 0) return []
  await saveBooks(tx, opened)
  await finalizeAll(tx, opened, (currency) => provider.minimumCharge(currency))
  const attempts = await startAll(tx, opened, provider)
  await saveBooks(tx, opened)
  await scheduleAccounts(
    tx,
    opened.map(({ accountId }) => accountId),
  )
  return attempts
}
