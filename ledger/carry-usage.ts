/**
 * Uses of operations carried into opened books: each is rated, paid for from grants first and then as overage, and added up
 * (rules R11, R14, R15, R17, R18).
 *
 * Called by book-usage.ts with what it has read, and by the simulator with books that no database holds. Nothing here reads or
 * writes: what is known comes as an argument, what is new is answered and stands in the books' changes.
 *
 * Invariants:
 *   1. One key, one charge: the same key again answers what was booked, another body under it is refused.
 *   2. All or nothing, unless requests stand apart: with one refusal no book is changed, whatever the other requests are.
 *   3. Order is the order given.
 *   4. Balance, overage and debt are never a reason to refuse (rule R2).
 */

import { hash } from 'node:crypto'
import { type Draw, drawnFrom, openPurse, type Purse } from '../billing/draw-down.ts'
import { usageBooked } from '../billing/entries.ts'
import type { Micros } from '../billing/micros.ts'
import { type OperationPrice, rateUsage } from '../billing/rate-usage.ts'
import { recognisedToDate } from '../billing/recognise.ts'
import { newIdBytes } from '../database/new-id.ts'
import { uuidText } from '../database/uuid-text.ts'
import { type BookingAccount, changePeriod, type DrawnGrant, post, unitsOf } from './books.ts'
import type { CataloguePlan } from './catalogue.ts'
import { pricingVersion } from './pinned-version.ts'
import { raiseAlerts } from './raise-alerts.ts'

/** How far ahead of an account's business time a use may claim to have happened: clocks differ. */
const FUTURE_TOLERANCE_MS = 5 * 60_000

export type UsageRequest = {
  accountId: string
  /** `run` is closed to clients, so that none can occupy an item's key. */
  source: 'api' | 'run'
  key: string
  operation: string
  /** Whole units, 1 or more. */
  quantity: number
  /** When it happened, if not now. Decides its price version and whether it is late. */
  occurredAt?: Date | undefined
  /** The version that a run was accepted under; ends when the customer changes the plan (rule R17). */
  pinnedPlanVersionId?: string | undefined
  /** Business time at which that was accepted. */
  pinnedAt?: Date | undefined
  runId?: string | undefined
  itemId?: string | undefined
}

export type BookedUsage = {
  usageRecordId: string
  key: string
  operation: string
  quantity: number
  /** Credits: fromCredits + uncovered. */
  cost: Micros
  fromCredits: Micros
  uncovered: Micros
  /** Currency. */
  overage: Micros
  /** Credits left after this record. */
  balanceAfter: Micros
  bookedAt: Date
}

export type UsageRefusal =
  | 'account_not_found'
  | 'no_subscription'
  | 'operation_not_offered'
  | 'quantity_invalid'
  | 'amount_overflow'
  | 'idempotency_conflict'
  | 'occurred_in_future'
  | 'occurred_before_subscription'

export type UsageResult =
  | { ok: true; replayed: boolean; record: BookedUsage }
  | { ok: false; refusal: UsageRefusal; detail: string }

/** What goes into usage_records and usage_keys, beside what is answered. */
export type NewRecord = BookedUsage & {
  request: UsageRequest
  plan: CataloguePlan
  price: OperationPrice
  draws: Draw[]
  late: boolean
  subscriptionId: string
  periodNumber: number
  sequence: bigint
  /** Of the body that its key came with. */
  digest: Buffer
}

/** What was booked under a key, and the digest of the body that it came with. */
export type KnownKey = Omit<BookedUsage, 'key' | 'operation' | 'quantity'> & { digest: Buffer }

/** A key as one text: of what a map of known keys is keyed by. */
export function keyOf({
  accountId,
  source,
  key,
}: Pick<UsageRequest, 'accountId' | 'source' | 'key'>): string {
  // An id is always as long, and no source begins with another.
  return `${accountId}${source}:${key}`
}

/** A plan version that was in force for an account from an instant on. */
export type VersionInForce = { accountId: string; startsAt: Date; endedAt: Date | null; plan: CataloguePlan }

/** What has been read for the requests. */
export type UsageFacts = {
  books: ReadonlyMap<string, BookingAccount>
  /** By `keyOf`. What is booked is added, so that a key repeated in one batch is a repetition. */
  known: Map<string, KnownKey>
  /** The versions that requests are pinned to, by id. */
  plans: ReadonlyMap<string, CataloguePlan>
  /** Of the accounts of requests that say when they happened. Newest first. */
  versions: readonly VersionInForce[]
}

/**
 * Whether one refusal refuses all, as within a request, or each stands on its own, as with callers or lines that only share a
 * transaction.
 */
export type Standing = 'together' | 'apart'

/**
 * Carries the requests into the books in the order given; answers one result each, and the records to be written. Where they
 * stand together and any is refused there are none, and the books are as they were.
 */
export function carryUsage(
  { books, known, plans, versions }: UsageFacts,
  requests: readonly UsageRequest[],
  standing: Standing = 'together',
): { results: UsageResult[]; booked: NewRecord[] } {
  const carried = new Map<string, CarriedAccount>()
  const digests = new Digests()
  const booked: NewRecord[] = []
  const results = requests.map((request): UsageResult => {
    const id = keyOf(request)
    const digest = digests.of(request)
    const earlier = known.get(id)
    if (earlier) return answerAgain(request, digest, earlier)
    const open = carried.get(request.accountId) ?? openAccount(books, carried, request.accountId)
    if (!open) return refuse('account_not_found', `No account has the id ${request.accountId}.`)
    const { account, purse } = open
    const priced = priceOf(account, request, plans, versions)
    if (!priced.ok) return priced

    const { accrued } = open
    const rated = rateUsage({ quantity: request.quantity, price: priced.price, accrued }, purse)
    if (!rated.ok) return refuse(rated.refusal, AMOUNT_DETAILS[rated.refusal])
    const record: NewRecord = {
      usageRecordId: uuidText(newIdBytes()),
      key: request.key,
      operation: request.operation,
      quantity: request.quantity,
      cost: rated.cost,
      fromCredits: rated.fromCredits,
      uncovered: rated.uncovered,
      overage: rated.overage,
      balanceAfter: purse.balance,
      bookedAt: account.now,
      request,
      plan: priced.plan,
      price: priced.price,
      draws: rated.draws,
      late: priced.late,
      subscriptionId: account.subscription!.id,
      periodNumber: account.subscription!.periodNumber,
      sequence: 0n,
      digest,
    }
    booked.push(record)
    open.records.push(record)
    open.accrued += rated.overage
    known.set(id, record)
    return { ok: true, replayed: false, record }
  })
  // A refused request has drawn nothing and left no key, so the others need not be carried again.
  if (standing === 'together' && results.some(({ ok }) => !ok)) return { results, booked: [] }

  for (const open of carried.values()) if (open.records.length > 0) addUp(open)
  return { results, booked }
}

/** An account while requests are carried into it: its purse, what it has been charged, and the overage of its period with that. */
type CarriedAccount = { account: BookingAccount; purse: Purse; records: NewRecord[]; accrued: Micros }

function openAccount(
  books: UsageFacts['books'],
  carried: Map<string, CarriedAccount>,
  accountId: string,
): CarriedAccount | undefined {
  const account = books.get(accountId)
  if (!account) return undefined
  const accrued = account.period?.overage ?? 0n
  const open = { account, purse: openPurse(account.grants, account.now), records: [], accrued }
  carried.set(accountId, open)
  return open
}

const AMOUNT_DETAILS = {
  quantity_invalid: 'A quantity is a whole number, 1 or more.',
  amount_overflow:
    'Unit price × quantity, or the overage of the period with it, is larger than any amount that can be held.',
}

function answerAgain(request: UsageRequest, digest: Buffer, earlier: KnownKey): UsageResult {
  if (!digest.equals(earlier.digest)) {
    return refuse(
      'idempotency_conflict',
      `The key "${request.key}" was used before for another operation, quantity or time. Use a key of its own for each use.`,
    )
  }
  const { digest: _, ...answer } = earlier
  const { key, operation, quantity } = request
  return { ok: true, replayed: true, record: { ...answer, key, operation, quantity } }
}

/** Of the body as the client meant it: what must be the same for a repeated key to be a repetition. */
class Digests {
  /** A batch repeats the few bodies that do not say when: one map an operation, by quantity. */
  private readonly made = new Map<string, Map<number, Buffer>>()

  of({ operation, quantity, occurredAt }: UsageRequest): Buffer {
    if (occurredAt) return digestOf(operation, quantity, occurredAt)
    let ofOperation = this.made.get(operation)
    if (!ofOperation) {
      ofOperation = new Map()
      this.made.set(operation, ofOperation)
    }
    let digest = ofOperation.get(quantity)
    if (!digest) {
      digest = digestOf(operation, quantity, null)
      ofOperation.set(quantity, digest)
    }
    return digest
  }
}

function digestOf(operation: string, quantity: number, occurredAt: Date | null): Buffer {
  return hash('sha256', JSON.stringify([operation, quantity, occurredAt?.toISOString() ?? null]), 'buffer')
}

/** The version that prices a use, and whether it is late; or why it can't be booked. */
function priceOf(
  account: BookingAccount,
  request: UsageRequest,
  plans: ReadonlyMap<string, CataloguePlan>,
  versions: readonly VersionInForce[],
) {
  const { subscription, now } = account
  if (!subscription) {
    return refuse('no_subscription', 'This account has no plan. Start one, then try again.')
  }
  let plan = subscription.plan
  let late = false
  const { occurredAt, pinnedPlanVersionId, pinnedAt } = request
  if (occurredAt) {
    if (occurredAt.getTime() > now.getTime() + FUTURE_TOLERANCE_MS) {
      return refuse(
        'occurred_in_future',
        `occurred_at ${occurredAt.toISOString()} is more than 5 minutes ahead of ${now.toISOString()}.`,
      )
    }
    const inForce = planAt(account, occurredAt, versions)
    if (!inForce) {
      return refuse(
        'occurred_before_subscription',
        `occurred_at ${occurredAt.toISOString()} lies outside the times at which this account had a plan.`,
      )
    }
    plan = inForce
    late = occurredAt < subscription.periodStartsAt
  }
  const pinned = pinnedPlanVersionId === undefined ? undefined : plans.get(pinnedPlanVersionId)
  const pin = pinned && pinnedAt ? { plan: pinned, at: pinnedAt } : null
  plan = pricingVersion({ plan, planSince: subscription.planSince }, pin)
  const price = plan.prices.get(request.operation)
  if (!price) {
    const offered = [...plan.prices.keys()].join(', ')
    return refuse(
      'operation_not_offered',
      `${plan.name} does not offer "${request.operation}"; it offers ${offered}.`,
    )
  }
  return { ok: true as const, plan, price, late }
}

/** The version in force at an instant of the past, or null where there was none. */
function planAt(
  account: BookingAccount,
  at: Date,
  versions: readonly VersionInForce[],
): CataloguePlan | null {
  const { subscription, changes, accountId } = account
  // What came into force as these books were opened is not among what was read. It is in force still.
  if (changes.versions.some(({ startsAt }) => startsAt <= at)) return subscription!.plan
  const newest = versions.find((version) => version.accountId === accountId && version.startsAt <= at)
  if (!newest || (newest.endedAt !== null && at >= newest.endedAt)) return null
  return newest.plan
}

function refuse(refusal: UsageRefusal, detail: string): Extract<UsageResult, { ok: false }> {
  return { ok: false, refusal, detail }
}

/** Carries an account's new records into its books: grants, totals, overage and one ledger transaction. */
function addUp({ account, purse, records }: CarriedAccount): void {
  const draws = drawnFrom(purse).map(({ grantId, amount }) =>
    drawGrant(account, account.grants.find(({ id }) => id === grantId)!, amount),
  )
  let overage = 0n
  for (const record of records) overage += record.overage
  if (overage > 0n) {
    account.period!.overage += overage
    changePeriod(account, account.period!)
  }
  const sequence = post(account, {
    cause: 'usage_booked',
    causeId: records[0]!.usageRecordId,
    bookedAt: account.now,
    entries: usageBooked(unitsOf(account), { draws, overage }),
    uses: records,
  })
  for (const record of records) {
    record.sequence = sequence
    addToTotals(account, record)
  }
  raiseAlerts(account, purse.balance)
}

/** Takes credits from a grant and recognises its money in proportion (rule R30). */
function drawGrant(account: BookingAccount, grant: DrawnGrant, amount: Micros) {
  grant.remaining -= amount
  const recognisedNow = recognisedToDate(grant, grant.granted - grant.remaining)
  const recognised = recognisedNow - grant.recognised
  grant.recognised = recognisedNow
  account.changes.changedGrants.add(grant)

  const { subscription, changes } = account
  const drawn = changes.draws.get(grant.source)
  if (drawn) drawn.drawn += amount
  else {
    changes.draws.set(grant.source, {
      subscriptionId: subscription!.id,
      periodNumber: subscription!.periodNumber,
      source: grant.source,
      drawn: amount,
    })
  }
  return { grantId: grant.id, amount, recognised }
}

function addToTotals({ changes }: BookingAccount, record: NewRecord): void {
  const { plan, operation, late, subscriptionId, periodNumber } = record
  const id = `${plan.id}:${operation}:${late}`
  let total = changes.totals.get(id)
  if (!total) {
    total = {
      subscriptionId,
      periodNumber,
      planVersionId: plan.id,
      operation,
      late,
      quantity: 0n,
      cost: 0n,
      drawn: 0n,
      overage: 0n,
    }
    changes.totals.set(id, total)
  }
  total.quantity += BigInt(record.quantity)
  total.cost += record.cost
  total.drawn += record.fromCredits
  total.overage += record.overage
}
