/**
 * What terms that have passed would have cost under a plan: their usage replayed, use by use, by the rules that book
 * (rules R13 and R25).
 *
 * Called by the ledger for the operator's rehearsal of a draft and for the customer's advice, with what the books hold of each
 * term. The plan's own credits come anew with each term; all others are those that the account really had.
 *
 * Invariants (laws in replay-term.test.ts):
 *   1. Under the plan that was in force it costs what was booked, to the micro.
 *   2. Uses are replayed in the order booked, each against the credits that those before it left.
 *   3. A replay holds the live grants and the sums of one term, however many uses it has seen.
 *
 * Not here: tax, customer credit, changes of plan in mid-term, and usage that was credited back.
 */
import { assert } from './assert.ts'
import { drawnFrom, openPurse, type Purse } from './draw-down.ts'
import { type Grant, PLAN_PRIORITY } from './grant.ts'
import type { Micros } from './micros.ts'
import type { Period } from './period.ts'
import { feeOf, type PlanTerms } from './plan.ts'
import { rateUsage } from './rate-usage.ts'
import { rollOver } from './rollover.ts'

/** Credits that the account had beside those of the plan that is replayed. */
export type OtherGrant = Grant & {
  /** When the account got it, and when it was taken back; what is not known yet is not drawn. */
  comesAt: Date
  goesAt: Date | null
}

export type ReplayedUse = { operation: string; quantity: number; at: Date }

/** What a term would have cost. Amounts in currency, but `credits`. */
export type TermCost = {
  fee: Micros
  overage: Micros
  /** Credits that the uses would have cost, covered or not. */
  credits: Micros
  /** Quantities, by operation, of what the plan would have refused because it does not offer it: they cost nothing here. */
  notOffered: Map<string, bigint>
}

type PlanCredits = Grant & { rolled: number }

/** An account as it would be under a plan; the one value here that changes. */
export type Replay = {
  readonly plan: PlanTerms
  readonly others: OtherGrant[]
  planCredits: PlanCredits[]
  term: (TermCost & { number: number; until: Date }) | null
  purse: Purse | null
  /** When the purse no longer says which credits can be drawn; null never. */
  purseEndsAt: Date | null
  terms: number
}

/** An account that begins to be replayed with `others`, each holding what it held then. */
export function openReplay(plan: PlanTerms, others: readonly OtherGrant[]): Replay {
  const own = others.map((grant) => ({ ...grant }))
  return { plan, others: own, planCredits: [], term: null, purse: null, purseEndsAt: null, terms: 0 }
}

/** Begins a term: what is left of the plan's credits rolls over or ends, and new ones are granted. */
export function beginTerm(replay: Replay, period: Period): void {
  assert(replay.term === null, 'one term ends before the next begins')
  const { plan } = replay
  const number = replay.terms++
  closePurse(replay)
  const ending = replay.planCredits.filter(({ remaining }) => remaining > 0n)
  const rolled = rollOver(ending, plan.rollover).flatMap(({ grantId, credits }) => {
    const from = ending.find(({ id }) => id === grantId)!
    const grant = { ...from, id: `${grantId}+`, remaining: credits, rolled: from.rolled + 1 }
    return credits > 0n ? [{ ...grant, expiresAt: period.end }] : []
  })
  const own = { priority: PLAN_PRIORITY, startsAt: period.start, expiresAt: period.end }
  const granted = { id: `plan:${number}`, remaining: plan.credits, rolled: 0, ...own }
  replay.planCredits = plan.credits > 0n ? [...rolled, granted] : rolled
  replay.term = {
    fee: feeOf(plan),
    overage: 0n,
    credits: 0n,
    notOffered: new Map(),
    number,
    until: period.end,
  }
}

/** Replays one use of the term that has begun. Uses come in the order in which they were booked. */
export function replayUse(replay: Replay, use: ReplayedUse): void {
  const { plan, term } = replay
  assert(term, 'a use is of a term')
  const price = plan.prices.get(use.operation)
  const rated = price && rateUsage({ quantity: use.quantity, price }, purseAt(replay, use.at))
  // Without a price, or with one that makes it cost more than can be held, it would have been refused.
  if (!rated?.ok) {
    const before = term.notOffered.get(use.operation) ?? 0n
    term.notOffered.set(use.operation, before + BigInt(use.quantity))
    return
  }
  term.credits += rated.cost
  term.overage += rated.overage
}

/** Ends the term and answers what it would have cost. */
export function endTerm(replay: Replay): TermCost {
  const { term } = replay
  assert(term, 'a term ends once')
  closePurse(replay)
  replay.term = null
  const { fee, overage, credits, notOffered } = term
  return { fee, overage, credits, notOffered }
}

/** The credits that can be drawn at `at`, as those before have left them. */
function purseAt(replay: Replay, at: Date): Purse {
  if (replay.purse && (replay.purseEndsAt === null || at < replay.purseEndsAt)) return replay.purse
  closePurse(replay)
  const known = replay.others.filter(
    ({ comesAt, goesAt }) => comesAt <= at && (goesAt === null || goesAt > at),
  )
  replay.purse = openPurse([...known, ...replay.planCredits], at)
  replay.purseEndsAt = nextChangeAfter(replay, at)
  return replay.purse
}

/** When credits next come, start, end or go. */
function nextChangeAfter({ others, planCredits }: Replay, at: Date): Date | null {
  const instants = [
    ...others.flatMap(({ comesAt, goesAt, startsAt, expiresAt }) => [comesAt, goesAt, startsAt, expiresAt]),
    ...planCredits.flatMap(({ startsAt, expiresAt }) => [startsAt, expiresAt]),
  ]
  return instants.reduce<Date | null>(
    (next, instant) =>
      instant !== null && instant > at && (next === null || instant < next) ? instant : next,
    null,
  )
}

/** Carries what the purse has drawn back to its grants. */
function closePurse(replay: Replay): void {
  if (!replay.purse) return
  const drawn = new Map(drawnFrom(replay.purse).map(({ grantId, amount }) => [grantId, amount]))
  for (const grant of [...replay.others, ...replay.planCredits]) grant.remaining -= drawn.get(grant.id) ?? 0n
  replay.purse = null
}
