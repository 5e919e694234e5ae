import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Entry, type LedgerAccount, overageCredited, usageBooked } from '../billing/entries.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import type { PostedTransaction } from './books.ts'
import { openTestBooks } from './test-account.ts'
import { writeJournal } from './write-journal.ts'

let database: TestDatabase
let accountId: string

beforeAll(async () => {
  database = await createTestDatabase()
  accountId = await (await openTestBooks(database)).account()
})

afterAll(() => database.drop())

const UNITS = { currency: 'USD', creditUnit: 'a "quoted", {odd} \\ unit' }

function rowOf(sequence: bigint, entries: readonly Entry[]): PostedTransaction {
  const bookedAt = new Date('2026-11-01T00:00:00Z')
  const rest = { uses: [], grant: null, detailsDigest: null, link: Buffer.alloc(32) }
  return { sequence, bookedAt, cause: 'tried', causeId: `tried ${sequence}`, entries, ...rest }
}

/** What the view shows of the transactions that were written; they are rolled back. */
function written(rows: readonly PostedTransaction[]): Promise<(Entry & { sequence: bigint })[]> {
  return database.db.asTenant(
    accountId,
    async (tx) => {
      await writeJournal(tx, [{ accountId, changes: { journal: rows } }])
      return tx.query(
        `select sequence, ledger_account as account, commodity, amount_micros as amount, grant_id as "grantId"
         from ledger_entries where account_id = $1 order by sequence, line`,
        [accountId],
      )
    },
    { rollback: true },
  )
}

const amount = fc.bigInt({ min: 1n, max: 10n ** 15n })
const draws = fc.array(
  fc.record({ grantId: fc.uuid(), amount, recognised: fc.oneof(fc.constant(0n), amount) }),
  {
    maxLength: 3,
  },
)
const transaction = fc.oneof(
  fc.record({ draws, overage: fc.oneof(fc.constant(0n), amount) }).map((usage) => usageBooked(UNITS, usage)),
  fc.record({ overage: amount, net: amount, tax: amount }).map((note) => overageCredited(UNITS, note)),
  fc.constant([]),
)

test('entries are shown as they were posted, whatever stands together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(transaction, { minLength: 1, maxLength: 8 }), async (journal) => {
      const rows = journal.map((entries, index) => rowOf(BigInt(index + 1), entries))
      const expected = rows.flatMap(({ sequence, entries }) =>
        entries.map((entry) => ({ sequence, ...entry })),
      )
      expect(await written(rows)).toEqual(expected)
    }),
    { numRuns: 25 },
  )
})

const entry = (account: LedgerAccount, commodity: string, amount: bigint): Entry => ({
  account,
  commodity,
  amount,
  grantId: null,
})

test.each<[string, Entry[], string]>([
  ['one entry alone', [entry('assets:cash', 'USD', 1n)], 'entries_sum_to_zero'],
  [
    'a pair that is off by a micro',
    [entry('assets:cash', 'USD', 2n), entry('assets:receivable', 'USD', -1n)],
    'entries_sum_to_zero',
  ],
  [
    'a pair of two commodities',
    [entry('credits:drawn', 'credit:USD', 1n), entry('assets:receivable', 'USD', -1n)],
    'entries_sum_to_zero',
  ],
  [
    'three entries that are off',
    [
      entry('assets:receivable', 'USD', 3n),
      entry('assets:unbilled', 'USD', -1n),
      entry('liabilities:tax', 'USD', -1n),
    ],
    'entries_sum_to_zero',
  ],
  [
    'an entry of zero',
    [entry('assets:cash', 'USD', 0n), entry('assets:receivable', 'USD', 0n)],
    'no_entry_is_of_zero',
  ],
])('the database refuses %s', async (_, entries, constraint) => {
  await expect(written([rowOf(1n, entries)])).rejects.toThrow(constraint)
})
