/**
 * The table of benches: what each measures, beside what, and how near the two must be.
 *
 * Called by bench.ts. The larger sizes are those of the specification; all together they take some fifteen minutes.
 */
import type { Round } from './alternate.ts'
import { bookHttp } from './book-http.ts'
import { bookMany } from './book-many.ts'
import { bookPgledger } from './book-pgledger.ts'
import { bookSingle } from './book-single.ts'
import { close, closeFlat } from './close.ts'
import { history } from './history.ts'
import { imageMemory } from './image-memory.ts'
import { besideImgly, besideSmartcrop, oneMask, removeBackground, smartCrop } from './images.ts'
import { readBilling } from './read-billing.ts'
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
  'book-single': {
    a: '64 callers, one record each, awaiting each answer',
    b: '64 clients of pgbench, an insert and an update each',
    unit: 'a second',
    must: '≥ 4',
    aim: '6',
    run: (stand, { small }) => bookSingle(stand, { accounts: 1000, seconds: small ? 2 : 5, rounds: ROUNDS }),
  },
  'book-http': {
    a: 'POST /v1/usage in arrays of 1,000, on one account',
    b: 'COPY of the same rows',
    unit: 'records a second',
    must: '≥ 0.2',
    aim: '0.3',
    run: (stand, { small }) =>
      bookHttp(stand, { records: small ? 20_000 : 100_000, rounds: ROUNDS, as: 'arrays' }),
  },
  'book-http-lines': {
    a: 'POST /v1/usage as lines of JSON, on one account',
    b: 'COPY of the same rows',
    unit: 'records a second',
    must: '≥ 0.2',
    aim: '0.3',
    run: (stand, { small }) =>
      bookHttp(stand, { records: small ? 20_000 : 100_000, rounds: ROUNDS, as: 'lines' }),
  },
  'book-pgledger': {
    a: 'booking in batches of 5,000 over 10,000 accounts',
    b: "pgledger's transfers in batches of 1,000",
    unit: 'a second',
    must: '≥ 15',
    aim: '30',
    run: (stand, { small, pgledgerSql }) =>
      bookPgledger(stand, {
        accounts: 10_000,
        records: small ? 20_000 : 50_000,
        transfers: small ? 4_000 : 10_000,
        rounds: ROUNDS,
        file: pgledgerSql,
      }),
  },
  history: {
    a: 'booking with 20,000,000 usage records present (small: 1,000,000)',
    b: 'with none',
    unit: 'records a second',
    must: '≥ 0.9',
    aim: '1',
    run: (stand, { small }) =>
      history(stand, {
        present: small ? 1_000_000 : 20_000_000,
        records: small ? 20_000 : 50_000,
        rounds: ROUNDS,
      }),
  },
  'read-billing': {
    a: 'p99 of GET /v1/billing while usage is booked at full rate',
    b: 'p99 idle',
    unit: 'ms',
    must: '≤ 5',
    aim: '2',
    run: (stand, { small }) => readBilling(stand, { reads: small ? 200 : 1000, rounds: ROUNDS }),
  },
  close: {
    a: '10,000 accounts with 1,000 records cross a boundary at once (small: 1,000 accounts)',
    b: 'the 300 that are asked for',
    unit: 'accounts a second',
    must: '≥ 1',
    aim: '2',
    run: (stand, { small }) =>
      close(stand, { accounts: small ? 1000 : 10_000, records: small ? 100 : 1000, rounds: ROUNDS }),
  },
  'close-flat': {
    a: 'closing an account with 10,000 records',
    b: 'with 100',
    unit: 'ms an account',
    must: '≤ 1.2',
    aim: '1',
    run: (stand, { small }) =>
      closeFlat(stand, { accounts: small ? 50 : 300, many: 10_000, few: 100, rounds: ROUNDS }),
  },
  'remove-background': {
    a: 'remove_background to PNG, photos of 0.2 to 2 megapixels, three at once',
    b: 'the model alone with all cores, as often as it was run',
    unit: 'pictures a second',
    must: '≥ 0.9',
    aim: '1',
    run: (_, { small }) => removeBackground({ rounds: ROUNDS, photos: small ? 3 : 12 }),
  },
  'smart-crop': {
    a: 'smart_crop of a 12-megapixel JPEG to 1000 × 1000, mask and faces included, three at once',
    b: 'a resize that lets the decoder shrink, and the model alone, as often as it was run',
    unit: 'pictures a second',
    must: '≥ 0.8',
    aim: '0.9',
    run: (_, { small }) => smartCrop({ rounds: ROUNDS, photos: small ? 3 : 12 }),
  },
  'one-mask': {
    a: 'remove_background and smart_crop in one pipeline',
    b: 'remove_background alone',
    unit: 'pictures a second',
    must: '≥ 0.9',
    aim: '1',
    run: (_, { small }) => oneMask({ rounds: ROUNDS, photos: small ? 3 : 12 }),
  },
  'image-memory': {
    a: 'megabytes of all image children at the end of 10,000 pictures (small: 300)',
    b: 'after the first tenth',
    unit: 'MB',
    must: '≤ 1.1',
    aim: '1',
    run: (_, { small }) => imageMemory({ pictures: small ? 300 : 10_000 }),
  },
  'image-imgly': {
    a: 'remove_background to PNG, one at a time',
    b: '@imgly/background-removal-node with the same model',
    unit: 'pictures a second',
    must: '≥ 1',
    aim: '2',
    run: (_, { small }) => besideImgly({ rounds: ROUNDS, photos: small ? 1 : 6 }),
  },
  'image-smartcrop': {
    a: 'smart_crop of a 12-megapixel JPEG whose mask is there',
    b: 'smartcrop-sharp',
    unit: 'pictures a second',
    must: '≥ 1',
    aim: '2',
    run: (_, { small }) => besideSmartcrop({ rounds: ROUNDS, photos: small ? 3 : 12 }),
  },
}
