/**
 * Records usage from outside: one use, or many that are booked all or nothing.
 *
 * Called by http/. One transaction under the account's lock; a refusal books nothing and stores no key.
 */
import type { Database } from '../database/connect.ts'
import { bookUsage, type UsageRequest, type UsageResult } from './book-usage.ts'

/** Books the uses in the order given. If one is refused, none is booked. Several accounts need `asOperator`. */
export function recordUsage(
  db: Database,
  requests: readonly UsageRequest[],
  caller: { accountId: string } | 'operator',
): Promise<UsageResult[]> {
  if (caller === 'operator') return db.asService((tx) => bookUsage(tx, requests))
  return db.asTenant(caller.accountId, (tx) => bookUsage(tx, requests))
}
