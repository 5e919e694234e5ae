/**
 * Writes to different tables gathered into one statement: each becomes a `with` of it. What a statement costs by itself, on both sides, is
 * then paid once; of a small transaction that was more than its rows.
 *
 * Called by save-booked.ts, for few records. For many, statements of their own let Postgres work on one while the next is put together.
 *
 * 1. Gathered writes see the database as it was before all of them, and none of them another's rows; their order is not said. So no two may
 *    write the same row, or read what another writes. Constraints are checked when all are done.
 * 2. What is no plain `insert` or `update` can't be gathered, and throws.
 * 3. A parameter that several writes share is sent once.
 */
import type { Transaction } from '../database/connect.ts'

export type GatheredWrites = Transaction & {
  /** Runs what was gathered; nothing where nothing was. */
  run(): Promise<void>
}

/** A transaction that keeps the writes that it is given, which answer no rows, until it is told to run them. */
export function gatherWrites(tx: Transaction): GatheredWrites {
  const texts: string[] = []
  const values: unknown[] = []
  const places = new Map<unknown, number>()
  const placeOf = (value: unknown): number => {
    // Only what is the very same array is the same parameter: equal plain values may be of different types.
    const known = typeof value === 'object' && value !== null ? places.get(value) : undefined
    const place = known ?? values.push(value)
    places.set(value, place)
    return place
  }
  return {
    isSpread: tx.isSpread,
    query(text, given = []) {
      if (!/^\s*(insert|update)\b/.test(text)) throw new Error(`Not to be gathered: ${text}`)
      const placed = given.map(placeOf)
      texts.push(text.replace(/\$(\d+)/g, (_, number) => `$${placed[Number(number) - 1]}`))
      return Promise.resolve([])
    },
    async run() {
      const last = texts.at(-1)
      if (last === undefined) return
      const before = texts.slice(0, -1).map((text, index) => `write_${index} as (${text})`)
      await tx.query(before.length === 0 ? last : `with ${before.join(', ')} ${last}`, values)
    },
  }
}
