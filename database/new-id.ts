/**
 * New ids: UUIDv7, of which a later one of the same process is always the greater, even when the machine's clock is set back.
 *
 * Called by every room that makes rows. What was made first stands first wherever rows are read in the order of their ids: the
 * order in which grants are drawn when all else is equal, invoices, events, pages of a list. A clock that is set back by a
 * minute, as hosts of virtual machines do, must not turn that order around; ids then go on from the latest time that was seen.
 */
import { V7Generator } from 'uuidv7'

/** As much as a 48-bit timestamp can go back: a generator that gave up its order would do so without a word. */
const ANY_STEP_BACK_MS = 2 ** 48 - 1

const generator = new V7Generator()
generator.setRollbackAllowance(ANY_STEP_BACK_MS)

/** A new UUIDv7, `0193…-…`. */
export function newId(): string {
  return generator.generate().toString()
}

/** The same as 16 bytes, for whoever makes thousands at a time. */
export function newIdBytes(): Readonly<Uint8Array> {
  return generator.generate().bytes
}
