/**
 * Statements whose answers nobody needs, sent without waiting for one another: one round trip for all.
 *
 * Called by what writes: save-books.ts and book-usage.ts.
 *
 * 1. Postgres runs them in the order in which they were issued, as always.
 * 2. It answers when all are done, and throws what the first of them failed with; those behind it fail with the transaction.
 */
import type { Transaction } from '../database/connect.ts'

/** Runs `work` with a transaction whose statements answer no rows, and at once. */
export async function sendTogether(
  tx: Transaction,
  work: (together: Transaction) => Promise<void>,
): Promise<void> {
  const sent: Promise<unknown>[] = []
  const together: Transaction = {
    isSpread: tx.isSpread,
    query(text, values) {
      const answer = tx.query(text, values)
      sent.push(answer)
      // It is awaited below, which may be too late for one that fails at once.
      answer.catch(() => {})
      return Promise.resolve([])
    },
  }
  await work(together)
  await Promise.all(sent)
}
