/**
 * Invented usage, the same at every run: which account, which operation, how many.
 *
 * Called by the benches of booking.
 */
import { newId } from '../database/new-id.ts'
import type { UsageRequest } from '../ledger/book-usage.ts'

const OPERATIONS = ['smart_crop', 'remove_background', 'resize'] as const

/** Numbers from 0 up to `below`, spread evenly, from a seed of its own (xorshift32). */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** `count` uses of accounts taken at random, each under a key of its own. */
export function inventUsage(
  accountIds: readonly string[],
  count: number,
  next: (below: number) => number,
): UsageRequest[] {
  return Array.from({ length: count }, () => ({
    accountId: accountIds[next(accountIds.length)]!,
    source: 'api',
    // Whole, as it comes out of a request; the library's is a chain of letters until it is looked into.
    key: Buffer.from(newId()).toString('latin1'),
    operation: OPERATIONS[next(OPERATIONS.length)]!,
    quantity: 1 + next(3),
  }))
}
