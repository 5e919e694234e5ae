/**
 * What becomes of a usage record's credits and overage when it is taken back (rule R26).
 *
 * Called by the verb that issues a correction. In the open period the past is put right; in a
 * closed one it stands, and the correction is a credit note.
 *
 * Invariants (laws in reverse.test.ts):
 *   1. Overage is cancelled before a draw is returned.
 *   2. Nothing is minted: credits returned, recovered and adjusted add up to the draws reversed.
 *   3. Draws never become money.
 *
 * In the books: credits for an adjustment go back to their grant (usageReversed), leave it as
 * expired (grantExpired), and are issued anew (grantIssued, consideration 0), so that credits drawn
 * stay the sum of the draws of all records.
 */
import { assert } from './assert.ts'
import type { Draw } from './draw-down.ts'
import { lesser, type Micros } from './micros.ts'
import { type OperationPrice, overageOf } from './rate-usage.ts'

/** A usage record as it now stands, after whatever was reversed of it before. */
export type ReversibleRecord = {
  price: OperationPrice
  /** In the order drawn. */
  draws: readonly Draw[]
  /** In credits. */
  uncovered: Micros
  /** In currency. */
  overage: Micros
}

/** A record of the same open period, booked later, that has overage. */
export type LaterRecord = {
  id: string
  price: OperationPrice
  uncovered: Micros
  overage: Micros
}

/** Credits that now pay for a part of a later record, whose overage falls. */
export type Recovered = { recordId: string; draws: Draw[]; overage: Micros }

export type OpenReversal = {
  /** Currency that the reversed record no longer owes. */
  overageCancelled: Micros
  /** Every draw that is undone, newest first. */
  undone: Draw[]
  /** Newest record first. */
  recovered: Recovered[]
  /** Credits that go back to grants that can be used. */
  returned: Draw[]
  /** Credits for an adjustment grant that expires at the end of the next period. */
  adjustment: Draw[]
}

export type ClosedReversal = {
  /** Currency, exact: what credit-note.ts makes customer credit of. */
  overageCancelled: Micros
  /** Credits for an adjustment grant that expires at the end of the next period. */
  adjustment: Draw[]
}

/**
 * Takes `cost` credits' worth of a record back in the period in which it was booked. `later` lists
 * records with overage booked after it, newest first. Throws if the record has not cost so much.
 */
export function reverseInOpenPeriod(reversal: {
  record: ReversibleRecord
  cost: Micros
  later: readonly LaterRecord[]
  usableGrantIds: ReadonlySet<string>
}): OpenReversal {
  const { overageCancelled, undone } = undo(reversal.record, reversal.cost)
  const free = undone.map((draw) => ({ ...draw }))
  const recovered: Recovered[] = []
  for (const { id, price, uncovered, overage } of reversal.later) {
    const draws = takeFrom(free, uncovered)
    if (draws.length === 0) continue
    const left = uncovered - sumOf(draws)
    recovered.push({ recordId: id, draws, overage: overage - overageOf(left, price) })
  }
  const left = free.filter(({ amount }) => amount > 0n)
  return {
    overageCancelled,
    undone,
    recovered,
    returned: left.filter(({ grantId }) => reversal.usableGrantIds.has(grantId)),
    adjustment: left.filter(({ grantId }) => !reversal.usableGrantIds.has(grantId)),
  }
}

/** Takes `cost` credits' worth of a record back after its period was closed. */
export function reverseInClosedPeriod(reversal: { record: ReversibleRecord; cost: Micros }): ClosedReversal {
  const { overageCancelled, undone } = undo(reversal.record, reversal.cost)
  return { overageCancelled, adjustment: undone }
}

// Overage first, and then the draws from the last to the first.
function undo(record: ReversibleRecord, cost: Micros) {
  assert(cost >= 0n, 'a reversal takes back, and never charges')
  const uncovered = lesser(cost, record.uncovered)
  const overageCancelled = record.overage - overageOf(record.uncovered - uncovered, record.price)
  const draws = record.draws.map((draw) => ({ ...draw })).reverse()
  const undone = takeFrom(draws, cost - uncovered)
  assert(sumOf(undone) === cost - uncovered, 'no more is taken back than a record has cost')
  return { overageCancelled, undone }
}

// Takes up to `amount` from the draws in their order, which then hold that much less.
function takeFrom(draws: Draw[], amount: Micros): Draw[] {
  const taken: Draw[] = []
  let wanted = amount
  for (const draw of draws) {
    const part = lesser(draw.amount, wanted)
    if (part === 0n) continue
    taken.push({ grantId: draw.grantId, amount: part })
    draw.amount -= part
    wanted -= part
  }
  return taken
}

function sumOf(draws: readonly Draw[]): Micros {
  return draws.reduce((sum, { amount }) => sum + amount, 0n)
}
