/**
 * Options that every command has.
 */
export type Globals = {
  json?: boolean
  /** Id or name. */
  account?: string
}
