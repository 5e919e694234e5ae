/**
 * Pages of a list: `{ data, next_cursor }`. The cursor is the key of the last row, opaque on the wire, so a page stays right
 * when rows are added in front of it.
 *
 * Called by handlers of lists: fetch `limit + 1` rows after `cursorKey(query.cursor)`, then `pageOf(rows, limit, keyOf)`.
 */
import { type Refused, refuseFields } from './problem.ts'

export type Page<Row> = { data: Row[]; next_cursor: string | null }

/** The page of rows that were fetched with one more than `limit`; `keyOf` gives what the next page starts after. */
export function pageOf<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string): Page<Row> {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  const more = rows.length > limit && last !== undefined
  return { data, next_cursor: more ? Buffer.from(keyOf(last)).toString('base64url') : null }
}

/** The key that a cursor stands for; null without a cursor; a refusal when no page of ours can have given it. */
export function cursorKey(
  cursor: string | undefined,
  isKey: (key: string) => boolean,
): string | null | Refused {
  if (cursor === undefined) return null
  const key = Buffer.from(cursor, 'base64url').toString()
  if (Buffer.from(key).toString('base64url') === cursor && isKey(key)) return key
  return refuseFields([{ field: 'cursor', message: 'expected the "next_cursor" of an earlier page' }])
}

/** For lists whose key is a UUID: nearly all. */
export function isUuid(key: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)
}
