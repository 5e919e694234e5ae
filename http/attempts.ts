/**
 * Counts failed attempts to sign in, by e-mail address and by the sender's address, and says when to wait.
 *
 * Called by sign-in-routes.ts.
 *
 * 1. Ten failures for one e-mail address in fifteen minutes, a hundred from one sender in an hour; then the next try waits until the
 *    oldest of them is that long ago. Nobody is locked out for good, and sessions that exist go on.
 * 2. Kept in this process: with several, each counts for itself. At most as many names are remembered as fit in a few megabytes.
 */

type Rule = { failures: number; withinMs: number }

const MINUTE_MS = 60_000
export const BY_EMAIL: Rule = { failures: 10, withinMs: 15 * MINUTE_MS }
export const BY_SENDER: Rule = { failures: 100, withinMs: 60 * MINUTE_MS }
const MOST_NAMES = 20_000

export class Attempts {
  /** Times of failures, oldest first, by what is counted. */
  private readonly failures = new Map<string, number[]>()
  private readonly rule: Rule
  private readonly now: () => number

  constructor(rule: Rule, now: () => number = () => performance.now()) {
    this.rule = rule
    this.now = now
  }

  /** Whole seconds to wait before the next try; 0 when it may come now. */
  waitSeconds(name: string): number {
    const times = this.recent(name)
    const oldest = times[0]
    if (oldest === undefined || times.length < this.rule.failures) return 0
    return Math.ceil((oldest + this.rule.withinMs - this.now()) / 1000)
  }

  failed(name: string): void {
    const times = [...this.recent(name), this.now()].slice(-this.rule.failures)
    this.failures.delete(name)
    this.failures.set(name, times)
    const [longestQuiet] = this.failures.keys()
    if (this.failures.size > MOST_NAMES && longestQuiet !== undefined) this.failures.delete(longestQuiet)
  }

  /** Whoever got in has not been guessing. */
  succeeded(name: string): void {
    this.failures.delete(name)
  }

  private recent(name: string): number[] {
    const since = this.now() - this.rule.withinMs
    return (this.failures.get(name) ?? []).filter((time) => time > since)
  }
}
