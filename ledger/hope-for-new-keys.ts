/**
 * Books usage in a transaction of its own, in the hope that none of its keys was used before: looking each up first, to find nothing, is
 * a tenth of what booking takes.
 *
 * Called by record-usage.ts and share-transaction.ts. Usage that is booked beside other work (automations/) looks its keys up: that
 * transaction is not ours to begin again.
 *
 *   hoping ──all keys were new──▶ committed
 *     ╰──a key was used, or a value refused──▶ rolled back ──▶ once more, with the keys looked up
 *
 * 1. What is answered and booked is the same either way: a repeated key always ends the hopeful transaction, by the index of the keys or,
 *    for a use that writes none, by looking it up.
 * 2. Who repeats keys all the time costs two transactions once in a while, not every time: after a disappointment the next ones look first.
 */
import { type Database, OutcomeUnknown, type Transaction } from '../database/connect.ts'
import { bookUsage, KeyWasUsed, type UsageRequest, type UsageResult } from './book-usage.ts'
import type { Standing } from './carry-usage.ts'

/** Transactions of a process that look first after one that met a used key. */
const CAREFUL_FOR = 20

const careful = new WeakMap<Database, number>()

type Transact = (work: (tx: Transaction) => Promise<UsageResult[]>) => Promise<UsageResult[]>

/** As bookUsage, in a transaction that `transact` begins: once or twice. */
export async function bookHopefully(
  db: Database,
  {
    requests,
    standing,
    transact,
  }: { requests: readonly UsageRequest[]; standing: Standing; transact: Transact },
): Promise<UsageResult[]> {
  const left = careful.get(db) ?? 0
  if (left > 0) careful.set(db, left - 1)
  else {
    try {
      return await transact((tx) => bookUsage(tx, requests, { standing, hopeForNewKeys: true }))
    } catch (fault) {
      // A sum that no column can hold may be one that a repeated key would not have added.
      if (!(fault instanceof KeyWasUsed) && !isOfValues(fault)) throw fault
      careful.set(db, CAREFUL_FOR)
    }
  }
  return transact((tx) => bookUsage(tx, requests, { standing }))
}

/** Whether a value was refused, here or by Postgres (classes 22 and 23): all else has nothing to do with what is booked. */
export function isOfValues(fault: unknown): boolean {
  if (fault instanceof OutcomeUnknown) return false
  return (
    fault instanceof RangeError || /^2[23]/.test(String((fault as { code?: unknown } | null)?.code ?? ''))
  )
}
