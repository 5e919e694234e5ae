/**
 * Which unused plan credits live on past a boundary (rule R6).
 *
 * Called at a boundary for the plan and upgrade grants that end there, when the plan version in
 * force has a rollover.
 *
 * Invariants:
 *   1. Nothing is minted: what rolls over and what expires add up to what was left.
 *   2. No more than the cap rolls over in all, and no grant more often than the plan's periods.
 *   3. Where the cap cuts, the youngest credits are kept, because they live longest.
 */
import { lesser, type Micros } from './micros.ts'
import type { Rollover } from './plan.ts'
import { recognisedToDate } from './recognise.ts'

export type EndingGrant = {
  id: string
  remaining: Micros
  /** How often these credits have rolled over before: 0 for this period's own. */
  rolled: number
}

export type RolledGrant = {
  grantId: string
  /** Lives on until the next boundary, as a grant that has rolled once more. */
  credits: Micros
  /** Ends now. */
  expired: Micros
}

/** Splits what is left of each ending grant. In the order given. */
export function rollOver(ending: readonly EndingGrant[], rollover: Rollover | null): RolledGrant[] {
  const kept = new Map<string, Micros>()
  let room = rollover?.cap ?? null
  for (const grant of [...ending].sort(compareAge)) {
    if (!rollover || grant.rolled >= rollover.periods) continue
    const credits = room === null ? grant.remaining : lesser(room, grant.remaining)
    kept.set(grant.id, credits)
    if (room !== null) room -= credits
  }
  return ending.map(({ id, remaining }) => {
    const credits = kept.get(id) ?? 0n
    return { grantId: id, credits, expired: remaining - credits }
  })
}

/**
 * How much of what is deferred for an ending grant goes with the `credits` of it that roll over; the rest belongs to those
 * that expire, and is rounded down as all revenue is.
 */
export function deferredOfRolled(
  grant: { remaining: Micros; consideration: Micros; recognised: Micros },
  credits: Micros,
): Micros {
  const { remaining, consideration, recognised } = grant
  const deferred = consideration - recognised
  return deferred - recognisedToDate({ consideration: deferred, granted: remaining }, remaining - credits)
}

// Youngest first; the id makes the order total.
function compareAge(a: EndingGrant, b: EndingGrant): number {
  return a.rolled - b.rolled || (a.id < b.id ? -1 : 1)
}
