/**
 * `book-many` and `book-hot`: booking in batches of 5,000, over 10,000 accounts or on a single one, beside COPY of the same rows.
 *
 * Accounts are divided between the callers, so that no two batches wait for each other; COPY has as many connections.
 */
import { alternate, type Round } from './alternate.ts'
import { bookWhole } from './book-whole.ts'
import { openCopySide } from './copy-rows.ts'
import { measure } from './cpu-time.ts'
import { openAccounts, type Stand } from './stand.ts'
import { inventUsage, numbersFrom } from './usage-batches.ts'

const BATCH = 5000

export async function bookMany(
  stand: Stand,
  size: { accounts: number; records: number; rounds: number; connections: number },
): Promise<Round[]> {
  const { records, rounds, connections } = size
  const accountIds = await openAccounts(stand, size.accounts)
  const share = Math.ceil(accountIds.length / connections)
  const copySide = await openCopySide(stand)
  const next = numbersFrom(7)
  return alternate(rounds, {
    a: async () => {
      const shares = Array.from({ length: connections }, (_, index) => {
        const own = accountIds.slice(index * share, (index + 1) * share)
        const batches = records / BATCH / connections
        return Array.from({ length: batches }, () => inventUsage(own, BATCH, next))
      })
      return measure(stand, records, async () => {
        await Promise.all(
          shares.map(async (batches) => {
            for (const batch of batches) await bookWhole(stand.db, batch)
          }),
        )
      })
    },
    b: async () => {
      const batches = await copySide.takeBooked(BATCH)
      return measure(stand, records, () => copySide.copy(batches, connections))
    },
  })
}
