/**
 * Decides which statements Postgres prepares once per connection instead of planning them anew each time.
 *
 * Called by connect.ts for every statement. Planning a join under row-level security costs more than running it: a transaction
 * of one such select took 632 µs prepared and 1,952 µs not, on the same busy machine.
 *
 * 1. A text is named from its second use on, and only while few texts are: SQL that is put together anew each time fills no
 *    connection's memory.
 * 2. A statement with a long array is never named. From its sixth run on, Postgres may keep one plan for all values, made for an
 *    array of ten: right for what one request or a few dozen callers bring, wrong for a batch of five thousand.
 * 3. When a migration changed what a named statement returns, all names are given up and new ones taken.
 */
import { createHash } from 'node:crypto'
import { elementsOf } from './array-value.ts'

const MOST_NAMES = 500
/** Of an array whose statement may keep the plan that was made for ten. */
const FEW_ELEMENTS = 200

export class StatementNames {
  private readonly seen = new Set<string>()
  private readonly names = new Map<string, string>()
  private generation = 0

  /** The name under which to prepare this text, or undefined when it is to be planned for these values alone. */
  nameOf(text: string, values: readonly unknown[]): string | undefined {
    const known = this.names.get(text)
    if (values.some((value) => elementsOf(value) > FEW_ELEMENTS)) return undefined
    if (known !== undefined) return known
    if (this.names.size >= MOST_NAMES) return undefined
    if (this.seen.size >= 2 * MOST_NAMES) this.seen.clear()
    if (!this.seen.has(text)) {
      this.seen.add(text)
      return undefined
    }
    const digest = createHash('sha256').update(text).digest('base64url').slice(0, 22)
    const name = `${digest}_${this.generation}`
    this.names.set(text, name)
    return name
  }

  /** Whether this fault says that a name stands for a statement of before a migration; then all names are new from now on. */
  renewIfOutdated(fault: unknown): boolean {
    const { code, message } = (fault ?? {}) as { code?: string; message?: string }
    if (code !== '0A000' || !message?.includes('cached plan')) return false
    this.generation++
    this.names.clear()
    return true
  }
}
