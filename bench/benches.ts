/**
 * The table of benches: what each measures, beside what, and how near the two must be.
 *
 * Called by bench.ts.
 */
import type { Round } from './alternate.ts'
import { bookMany } from './book-many.ts'
import type { Stand } from './stand.ts'

export type Settings = {
  /** A tenth of the size or less, for every day. */
  small: boolean
  /** File of the peer of `book-pgledger`, which is no part of this repository. */
  pgledgerSql: string | undefined
}

export type Bench = {
  a: string
  b: string
  unit: string
  /** What the ratio a to b must reach, and the aim. */
  must: string
  aim: string
  run(stand: Stand, settings: Settings): Promise<Round[] | { missing: string }>
}

/** "At least five alternating runs." */
const ROUNDS = 5

export const benches: Readonly<Record<string, Bench>> = {
  'book-many': {
    a: 'booking in batches of 5,000 over 10,000 accounts',
    b: 'COPY of the same rows',
    unit: 'records a second',
    must: '≥ 0.4',
    aim: '0.6',
    run: (stand, { small }) =>
      bookMany(stand, {
        accounts: 10_000,
        records: small ? 20_000 : 100_000,
        rounds: ROUNDS,
        connections: 2,
      }),
  },
  'book-hot': {
    a: 'booking in batches of 5,000 on one account',
    b: 'COPY of the same rows',
    unit: 'records a second',
    must: '≥ 0.5',
    aim: '0.7',
    run: (stand, { small }) =>
      bookMany(stand, { accounts: 1, records: small ? 20_000 : 100_000, rounds: ROUNDS, connections: 1 }),
  },
}
