/** What a check is and what it answers. */

export type Finding = {
  check: string
  /** Which row is at fault. */
  row: string
  /** What was expected and what stands there. */
  detail: string
}

/**
 * Answers `row`, `expected` and `found`. Its parameters: $1 the account, $2 the last verified transaction, $3 when that was
 * booked, $4 what everything held at the end of what is verified now.
 */
export type Check = string
