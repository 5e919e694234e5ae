/**
 * Records usage from outside: one use, or many that are booked all or nothing.
 *
 * Called by http/. One transaction under the accounts' locks; a refusal books nothing and stores no key.
 *
 * A single use of a caller shares its transaction with those of other callers (share-transaction.ts): under many callers, most of
 * what one costs is the transaction around it.
 */
import { type Database, isOverflow } from '../database/connect.ts'
import type { UsageRequest, UsageResult } from './book-usage.ts'
import { bookHopefully } from './hope-for-new-keys.ts'
import { bookShared } from './share-transaction.ts'

type UsageCaller = { accountId: string } | 'operator'

/** Books the uses in the order given. If one is refused, none is booked. Several accounts need the operator. */
export async function recordUsage(
  db: Database,
  requests: readonly UsageRequest[],
  caller: UsageCaller,
): Promise<UsageResult[]> {
  try {
    return await book(db, requests, caller)
  } catch (fault) {
    if (!isOverflow(fault)) throw fault
    // Postgres, or the writing of its numbers, has refused a sum: nothing of the transaction holds.
    const detail = 'A sum of this account would be larger than any amount that can be held.'
    return requests.map(() => ({ ok: false, refusal: 'amount_overflow', detail }))
  }
}

async function book(
  db: Database,
  requests: readonly UsageRequest[],
  caller: UsageCaller,
): Promise<UsageResult[]> {
  const [only, ...others] = requests
  // The wall between accounts, which the shared transaction does not have: a caller books for itself alone.
  if (only && others.length === 0 && (caller === 'operator' || caller.accountId === only.accountId)) {
    return [await bookShared(db, only)]
  }
  return bookHopefully(db, {
    requests,
    standing: 'together',
    transact: (work) =>
      caller === 'operator'
        ? db.asService(work, { keepsPlans: true })
        : db.asTenant(caller.accountId, work, { keepsPlans: true }),
  })
}
