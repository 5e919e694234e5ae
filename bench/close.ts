/**
 * `close` and `close-flat`: accounts that cross a boundary all at once, from due to finalized invoice, by the product's own sweep.
 *
 * `close` is accounts a second beside the 300 that are asked for. `close-flat` is what an account costs with many usage records in the
 * period, beside one with few: the totals are added up as usage is booked, so closing reads none of them.
 */
import type { Database } from '../database/connect.ts'
import { sweep } from '../jobs/schedule.ts'
import { setBusinessTime } from '../ledger/clock.ts'
import { openSandbox } from '../payments/sandbox.ts'
import { alternate, type Round } from './alternate.ts'
import { bookWhole } from './book-whole.ts'
import { measure, type Timed } from './cpu-time.ts'
import { monthsFrom, seedUsage } from './seed-usage.ts'
import { openAccounts, type Stand } from './stand.ts'
import { inventUsage, numbersFrom } from './usage-batches.ts'

const BATCH = 5000
const AT_ONCE = 500
/** Booked for real in each period of each account; the rest of its records only lie there. */
const BOOKED = 3
const REQUIRED = 300

export async function close(
  stand: Stand,
  size: { accounts: number; records: number; rounds: number },
): Promise<Round[]> {
  const accountIds = await openAccounts(stand, size.accounts)
  await seed(stand, accountIds, size.records, '2022-01-01')
  return alternate(size.rounds, {
    a: () => closePeriods(stand, accountIds),
    b: async () => REQUIRED,
  })
}

export async function closeFlat(
  stand: Stand,
  size: { accounts: number; many: number; few: number; rounds: number },
): Promise<Round[]> {
  const [heavy, light] = [await openAccounts(stand, size.accounts), await openAccounts(stand, size.accounts)]
  await seed(stand, heavy, size.many, '2022-01-01')
  await seed(stand, light, size.few, '2023-01-01')
  return alternate(size.rounds, {
    a: async () => timeOf(await closePeriods(stand, heavy)),
    b: async () => timeOf(await closePeriods(stand, light)),
  })
}

async function seed(stand: Stand, accountIds: string[], records: number, month: string): Promise<void> {
  const owner = await stand.owner()
  await seedUsage(owner, { accountIds, records: records - BOOKED, months: monthsFrom(month, 1) })
}

/** Milliseconds an account, where closing is measured by how many a second. */
const timeOf = ({ rate, cpu }: Timed): Timed => ({ rate: 1000 / rate, cpu })

/** Books a little, lets the accounts' clocks pass their boundary together, and sweeps. What is measured is the sweep. */
async function closePeriods(stand: Stand, accountIds: readonly string[]): Promise<Timed> {
  const { db } = stand
  const next = numbersFrom(29)
  for (let first = 0; first < accountIds.length; first += BATCH) {
    const some = accountIds.slice(first, first + BATCH)
    for (let use = 0; use < BOOKED; use++) {
      await bookWhole(
        db,
        some.flatMap((accountId) => inventUsage([accountId], 1, next)),
      )
    }
  }
  await passBoundary(db, accountIds)
  const faults: unknown[] = []
  const swept = await measure(stand, accountIds.length, () =>
    sweep({ db, payments: openSandbox(db), log: ({ fault }) => faults.push(fault) }),
  )
  if (faults.length > 0) throw new Error(`${faults.length} accounts failed`, { cause: faults[0] })
  const service = await stand.service()
  const { rows } = await service.query<{ left: string }>(
    `select count(*) as left from accounts a where account_id in (select unnest($1::uuid[]))
       and not exists (select from invoices i where i.account_id = a.account_id and i.kind = 'boundary'
         and i.status <> 'draft' and i.finalized_at > a.next_event_at - interval '40 days')`,
    [accountIds],
  )
  if (Number(rows[0]!.left) > 0) throw new Error(`${rows[0]!.left} accounts have no invoice of this boundary`)
  return swept
}

/** Moves the accounts' clocks to their boundaries, and with them what the sweeper is to look at. */
async function passBoundary(db: Database, accountIds: readonly string[]): Promise<void> {
  for (let first = 0; first < accountIds.length; first += AT_ONCE) {
    const some = accountIds.slice(first, first + AT_ONCE)
    await db.asService(async (tx) => {
      const ends = await tx.query<{ id: string; end: Date }>(
        `select account_id as "id", next_event_at as "end" from accounts
         where account_id in (select unnest($1::uuid[]))`,
        [some],
      )
      const moved = await Promise.all(ends.map(({ id, end }) => setBusinessTime(tx, id, end)))
      if (moved.includes(false)) throw new Error('A clock did not move')
    })
  }
}
