/**
 * The one way this code base says that something cannot be: a bug is a crash, also in production.
 *
 * Called everywhere. An expected "no" is not a bug: it is returned as a refusal.
 */

/** Throws an `Error` with `message` unless `condition` holds. Never switched off. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Assertion failed: ${message}`)
}
