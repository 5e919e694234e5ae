/**
 * `history`: booking where many usage records lie already, beside booking where there are none.
 *
 * Two databases in the same Postgres, booked in turns, the same usage in both.
 */
import { alternate, type Round } from './alternate.ts'
import { bookWhole } from './book-whole.ts'
import { measure } from './cpu-time.ts'
import { monthsFrom, seedUsage } from './seed-usage.ts'
import { openAccounts, type Stand } from './stand.ts'
import { inventUsage, numbersFrom } from './usage-batches.ts'

const ACCOUNTS = 10_000
const BATCH = 5000
const MONTHS = 24

export async function history(
  stand: Stand,
  size: { present: number; records: number; rounds: number },
): Promise<Round[]> {
  const empty = await stand.another('without_history')
  const sides = { a: stand, b: empty }
  const accounts = { a: await openAccounts(stand, ACCOUNTS), b: await openAccounts(empty, ACCOUNTS) }
  await seedUsage(await stand.owner(), {
    accountIds: accounts.a,
    records: size.present / ACCOUNTS,
    months: monthsFrom('2022-01-01', MONTHS),
  })
  const numbers = { a: numbersFrom(17), b: numbersFrom(17) }
  const book = (side: 'a' | 'b') => async () => {
    const batches = Array.from({ length: size.records / BATCH }, () =>
      inventUsage(accounts[side], BATCH, numbers[side]),
    )
    return measure(sides[side], size.records, async () => {
      for (const batch of batches) await bookWhole(sides[side].db, batch)
    })
  }
  return alternate(size.rounds, { a: book('a'), b: book('b') })
}
