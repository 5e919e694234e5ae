/**
 * Usage taken back in opened books: what becomes of each record, of the records whose overage its credits now pay, of the period's
 * totals and of the grants (rule R26).
 *
 * Called by issue-credit-note.ts with what it has read. Records are taken back newest first, so that what is credited together
 * pays for nothing that is credited with it.
 *
 * Invariants:
 *   1. A record never changes: what is taken back stands beside it, and record and corrections together are how it stands.
 *   2. Totals, overage and draws of the open period fall with it; a closed period stays as it is, and so does what an interim invoice
 *      has billed of the open one.
 *   3. What was drawn from a grant stays the sum of the draws of all records, corrections included.
 */
import { assert } from '../billing/assert.ts'
import type { Draw } from '../billing/draw-down.ts'
import type { BookedDraw } from '../billing/entries.ts'
import type { GrantSource } from '../billing/grant.ts'
import type { Micros } from '../billing/micros.ts'
import type { OperationPrice } from '../billing/rate-usage.ts'
import { recognisedToDate } from '../billing/recognise.ts'
import { reverseInClosedPeriod, reverseInOpenPeriod } from '../billing/reverse.ts'
import { type Books, changePeriod } from './books.ts'

/** A usage record as it stands now, after earlier corrections. */
export type StandingRecord = {
  id: string
  bookedAt: Date
  /** Of the ledger transaction that booked it. */
  sequence: bigint
  subscriptionId: string
  periodNumber: number
  planVersionId: string
  operation: string
  late: boolean
  quantity: bigint
  price: OperationPrice
  /** Credits. */
  cost: Micros
  uncovered: Micros
  /** Currency. */
  overage: Micros
}

export type CreditedRecord = StandingRecord & { draws: readonly Draw[] }

/** What a credit note changes of one record; each amount is added to the record's own. */
export type Correction = {
  kind: 'reversed' | 'recovered'
  record: StandingRecord
  inOpenPeriod: boolean
  quantity: bigint
  cost: Micros
  drawn: Micros
  overage: Micros
  draws: Draw[]
}

/** A grant that was drawn from, ended or not. */
export type DrawnGrant = {
  id: string
  source: GrantSource
  granted: Micros
  consideration: Micros
  /** What usage has drawn from it so far, less what was returned. */
  drawn: Micros
}

export type ReversedUsage = {
  corrections: Correction[]
  /** Currency: accrued overage of the open period that falls. */
  openOverage: Micros
  /** Records of closed periods with the overage that they are given back for, in currency. */
  closed: { record: StandingRecord; overage: Micros }[]
  /** Credits that are drawn no more, by grant. Those that did not return end at once, unused. */
  undrawn: BookedDraw[]
  unreturned: BookedDraw[]
  /** Credits for an adjustment grant. */
  adjustment: Micros
  returned: Micros
}

/** Takes the records back in opened books. `records` and `later` are newest first. */
export function reverseUsage(
  books: Books,
  facts: {
    records: readonly CreditedRecord[]
    /** Records of the open period with overage, that are not themselves taken back. */
    later: readonly StandingRecord[]
    grants: ReadonlyMap<string, DrawnGrant>
  },
): ReversedUsage {
  const usable = new Set(books.grants.filter(({ startsAt }) => startsAt <= books.now).map(({ id }) => id))
  const corrections: Correction[] = []
  const [returned, unreturned] = [new Map<string, Micros>(), new Map<string, Micros>()]
  const closed: ReversedUsage['closed'] = []
  let openOverage = 0n
  let later = facts.later.map((record) => ({ ...record }))
  for (const record of facts.records) {
    const { cost } = record
    if (!isOpen(books, record)) {
      const { overageCancelled, adjustment } = reverseInClosedPeriod({ record, cost })
      corrections.push(reversed(record, false))
      if (overageCancelled > 0n) closed.push({ record, overage: overageCancelled })
      addDraws(unreturned, adjustment)
      continue
    }
    const after = later.filter((one) => isAfter(one, record))
    const reversal = reverseInOpenPeriod({ record, cost, later: after, usableGrantIds: usable })
    corrections.push(reversed(record, true))
    openOverage += reversal.overageCancelled
    for (const { recordId, draws, overage } of reversal.recovered) {
      const one = after.find(({ id }) => id === recordId)!
      const drawn = draws.reduce((sum, { amount }) => sum + amount, 0n)
      const kept = { quantity: 0n, cost: 0n, inOpenPeriod: true }
      corrections.push({ ...kept, kind: 'recovered', record: { ...one }, drawn, overage: -overage, draws })
      openOverage += overage
      one.uncovered -= drawn
      one.overage -= overage
    }
    if (reversal.recovered.length > 0) later = later.filter(({ uncovered }) => uncovered > 0n)
    addDraws(returned, reversal.returned)
    addDraws(unreturned, reversal.adjustment)
  }
  for (const correction of corrections) if (correction.inOpenPeriod) correctTotals(books, correction)
  correctDraws(books, corrections, facts.grants)
  if (openOverage > 0n) {
    books.period!.overage -= openOverage
    changePeriod(books, books.period!)
  }
  const back = [...returned].map(([id, amount]) => returnToGrant(books, id, amount))
  const gone = [...unreturned].map(([id, amount]) =>
    passGrant(facts.grants.get(id)!, amount, returned.get(id) ?? 0n),
  )
  const sum = (draws: readonly BookedDraw[]) => draws.reduce((total, { amount }) => total + amount, 0n)
  const credits = { adjustment: sum(gone), returned: sum(back) }
  return { corrections, openOverage, closed, undrawn: [...back, ...gone], unreturned: gone, ...credits }
}

/** Whether the period in which a record was booked is still open, and no interim invoice has billed the record. */
export function isOpen(
  { period }: Pick<Books, 'period'>,
  {
    subscriptionId,
    periodNumber,
    sequence,
  }: Pick<StandingRecord, 'subscriptionId' | 'periodNumber' | 'sequence'>,
): boolean {
  return (
    period?.subscriptionId === subscriptionId &&
    period.number === periodNumber &&
    sequence > period.billedThrough
  )
}

function isAfter(one: StandingRecord, record: StandingRecord): boolean {
  const [a, b] = [one.bookedAt.getTime(), record.bookedAt.getTime()]
  return a === b ? one.id > record.id : a > b
}

function reversed(record: CreditedRecord, inOpenPeriod: boolean): Correction {
  const { quantity, cost, uncovered, overage, draws } = record
  return {
    kind: 'reversed',
    record,
    inOpenPeriod,
    quantity: -quantity,
    cost: -cost,
    drawn: uncovered - cost,
    overage: -overage,
    draws: draws.map(({ grantId, amount }) => ({ grantId, amount: -amount })),
  }
}

function addDraws(sums: Map<string, Micros>, draws: readonly Draw[]): void {
  for (const { grantId, amount } of draws) sums.set(grantId, (sums.get(grantId) ?? 0n) + amount)
}

function correctTotals({ changes }: Books, { record, ...correction }: Correction): void {
  const { planVersionId, operation, late, subscriptionId, periodNumber } = record
  const id = `${planVersionId}:${operation}:${late}`
  const none = { quantity: 0n, cost: 0n, drawn: 0n, overage: 0n }
  const total = changes.totals.get(id) ?? {
    ...{ subscriptionId, periodNumber, planVersionId, operation, late },
    ...none,
  }
  total.quantity += correction.quantity
  total.cost += correction.cost
  total.drawn += correction.drawn
  total.overage += correction.overage
  changes.totals.set(id, total)
}

function correctDraws(
  { changes }: Books,
  corrections: readonly Correction[],
  grants: ReadonlyMap<string, DrawnGrant>,
): void {
  for (const { record, inOpenPeriod, draws } of corrections) {
    if (!inOpenPeriod) continue
    const { subscriptionId, periodNumber } = record
    for (const { grantId, amount } of draws) {
      const { source } = grants.get(grantId)!
      const drawn = changes.draws.get(source)
      if (drawn) drawn.drawn += amount
      else changes.draws.set(source, { subscriptionId, periodNumber, source, drawn: amount })
    }
  }
}

/** Credits go back to a grant that can be used, and its revenue with them (rule R30). */
function returnToGrant(books: Books, grantId: string, amount: Micros): BookedDraw {
  const grant = books.grants.find(({ id }) => id === grantId)
  assert(grant, 'credits return to a grant that has not ended')
  grant.remaining += amount
  const recognisedNow = recognisedToDate(grant, grant.granted - grant.remaining)
  const recognised = grant.recognised - recognisedNow
  grant.recognised = recognisedNow
  if (!books.changes.newGrants.has(grant)) books.changes.changedGrants.add(grant)
  return { grantId, amount, recognised }
}

/** Credits leave usage without returning: what was earned with them is breakage, and the grant stays as it is. */
function passGrant(grant: DrawnGrant, amount: Micros, returned: Micros): BookedDraw {
  const drawn = grant.drawn - returned
  const recognised = recognisedToDate(grant, drawn) - recognisedToDate(grant, drawn - amount)
  return { grantId: grant.id, amount, recognised }
}
