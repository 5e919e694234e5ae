/** One way of changing the books past every lock of the database: what tampering.ts lists and tamper.ts does. */

export type Tampering = {
  kind: string
  /** Answers `a`, `b` and `row` for each row that could be changed. $1 is the account. `row` begins the name of the finding. */
  pick: string
  /** $1 the account, $2 and $3 the `a` and `b` that were picked, as text. */
  change: readonly string[]
}
