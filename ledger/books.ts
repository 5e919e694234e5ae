/**
 * The books of an account while one transaction has them open.
 *
 * Every verb of this room works the same way: open the books (open-books.ts: lock, read, process what is due), change
 * them in memory by the rules of billing/, save them (save-books.ts). So a batch over ten thousand accounts and a
 * single use are one story, told in a fixed number of statements.
 *
 * Invariants:
 *   1. What is changed in memory reaches the database only through saveBooks.
 *   2. Every change of an amount is posted as a ledger transaction in the same breath.
 */

import { assert } from '../billing/assert.ts'
import type { Entry, Units } from '../billing/entries.ts'
import type { Grant, GrantSource } from '../billing/grant.ts'
import type { InvoiceLine } from '../billing/invoice.ts'
import type { Micros } from '../billing/micros.ts'
import type { Anchor } from '../billing/period.ts'
import type { NewEvent } from '../outbox/record-event.ts'
import type { CataloguePlan } from './catalogue.ts'

export type BookedGrant = Grant & {
  source: GrantSource
  granted: Micros
  /** Money paid for it, and how much of that is recognised as revenue. */
  consideration: Micros
  recognised: Micros
  /** How often these credits have rolled over: 0 for those that were never there before. */
  rolled: number
  naturalKey: string
  reason: string | null
  createdAt: Date
  endedAt: Date | null
}

export type Subscription = {
  id: string
  plan: CataloguePlan
  status: 'active' | 'cancelled'
  anchor: Anchor
  periodNumber: number
  periodStartsAt: Date
  periodEndsAt: Date
  pending: { kind: 'change'; plan: CataloguePlan } | { kind: 'cancel' } | null
  startedAt: Date
  /** Since when the plan is the one that the customer chose; a new version of it changes nothing here (rule R17). */
  planSince: Date
  endedAt: Date | null
}

export type PeriodBook = {
  subscriptionId: string
  number: number
  startsAt: Date
  endsAt: Date
  overage: Micros
  /** Of `overage`: what interim invoices have billed, up to which ledger transaction (0: none), and when the last of them ends. */
  billed: Micros
  billedThrough: bigint
  billedAt: Date | null
  /** A fee that granted no credits, earned when the period ends. */
  deferred: Micros
  closedAt: Date | null
}

/** Usage of one operation under one plan version in one period. Added up as usage is booked. */
export type PeriodTotal = {
  subscriptionId: string
  periodNumber: number
  planVersionId: string
  operation: string
  late: boolean
  quantity: bigint
  cost: Micros
  drawn: Micros
  overage: Micros
}

export type PeriodDraw = {
  subscriptionId: string
  periodNumber: number
  source: GrantSource
  drawn: Micros
}

export type InvoiceKind = 'start' | 'upgrade' | 'boundary' | 'cancel' | 'purchase' | 'interim'

export type DraftedInvoice = {
  id: string
  kind: InvoiceKind
  subscriptionId: string | null
  periodNumber: number | null
  currency: string
  periodStartsAt: Date
  periodEndsAt: Date
  /** Exact sum of what is billed, before rounding. */
  unbilled: Micros
  lines: readonly InvoiceLine[]
  draftedAt: Date
  /** Of an interim invoice: what it takes out of its period, and the last ledger transaction of that. */
  interim?: { through: bigint; totals: readonly PeriodTotal[]; draws: readonly PeriodDraw[] }
}

export type PostedTransaction = {
  sequence: bigint
  bookedAt: Date
  cause: string
  causeId: string
  entries: readonly Entry[]
  /** What the entries are for, where that is usage, a new grant or an invoice: chained with them (chain-links.ts). */
  uses: readonly ChainedUse[]
  grant: BookedGrant | null
  detailsDigest: Buffer | null
  /** Null until it is linked, which it is before it is written. */
  link: Buffer | null
}

/** What is chained of a usage record: all of it. */
export type ChainedUse = {
  usageRecordId: string
  bookedAt: Date
  request: {
    source: string
    key: string
    operation: string
    quantity: number
    occurredAt?: Date | undefined
    runId?: string | undefined
    itemId?: string | undefined
  }
  /** Of the body that its key came with. */
  digest: Buffer
  plan: { id: string; prices: ReadonlyMap<string, { unitPrice: bigint; overageUnitPrice: bigint }> }
  cost: bigint
  fromCredits: bigint
  overage: bigint
  balanceAfter: bigint
  draws: readonly { grantId: string; amount: bigint }[]
  subscriptionId: string
  periodNumber: number
  late: boolean
}

export type Books = {
  accountId: string
  name: string
  zone: string
  /** Null until the first subscription fixes them; frozen from then on. */
  units: Units | null
  now: Date
  clockOffsetMs: bigint
  lastBookedAt: Date | null
  nextEventAt: Date | null
  entrySequence: bigint
  /** Link of the last ledger transaction that is linked; null before the first. */
  chainHead: Buffer | null
  /** Currency: what the account has with us, used before the card. */
  customerCredit: Micros
  subscription: Subscription | null
  period: PeriodBook | null
  /** All that have not ended, started or not, in no particular order. */
  grants: BookedGrant[]
  /** What the account wants to be told of, as texts of billing/alerts.ts; and natural keys of what it was told. */
  alertRules: readonly string[]
  toldAlerts: readonly string[]
  /** Currency: the overage at which the customer has its automations pause; null is no brake (rule R24). */
  pauseAt: Micros | null
  /** Currency: the overage on no invoice at which the operator has it billed before the period ends; null is never (rule R26). */
  interimAt: Micros | null
  /** What this transaction changed or made; saveBooks writes it. */
  changes: Changes
}

/** Made when they are first asked for: of a batch over thousands of accounts, most kinds of change happen to none. */
export class Changes {
  #subscriptions: Map<string, Subscription> | undefined
  #versions: { subscriptionId: string; startsAt: Date; planVersionId: string }[] | undefined
  #periods: Map<string, PeriodBook> | undefined
  #totals: Map<string, PeriodTotal> | undefined
  #draws: Map<string, PeriodDraw> | undefined
  #newGrants: Set<BookedGrant> | undefined
  #changedGrants: Set<BookedGrant> | undefined
  #invoices: DraftedInvoice[] | undefined
  #journal: PostedTransaction[] | undefined
  #events: NewEvent[] | undefined

  get subscriptions() {
    this.#subscriptions ??= new Map()
    return this.#subscriptions
  }
  get versions() {
    this.#versions ??= []
    return this.#versions
  }
  get periods() {
    this.#periods ??= new Map()
    return this.#periods
  }
  get totals() {
    this.#totals ??= new Map()
    return this.#totals
  }
  get draws() {
    this.#draws ??= new Map()
    return this.#draws
  }
  get newGrants() {
    this.#newGrants ??= new Set()
    return this.#newGrants
  }
  get changedGrants() {
    this.#changedGrants ??= new Set()
    return this.#changedGrants
  }
  get invoices() {
    this.#invoices ??= []
    return this.#invoices
  }
  get journal() {
    this.#journal ??= []
    return this.#journal
  }
  /** What is told of it (tell-event.ts). */
  get events() {
    this.#events ??= []
    return this.#events
  }
}

/** What booking needs to know of a grant. */
export type DrawnGrant = Grant & Pick<BookedGrant, 'source' | 'granted' | 'consideration' | 'recognised'>

/**
 * What booking needs to know of an account with nothing due, and what it may change: less than its books, because a batch opens
 * thousands (open-for-booking.ts). Books are such an account too.
 */
export type BookingAccount = Pick<
  Books,
  | 'accountId'
  | 'units'
  | 'now'
  | 'lastBookedAt'
  | 'entrySequence'
  | 'chainHead'
  | 'alertRules'
  | 'toldAlerts'
  | 'interimAt'
> & {
  subscription: Pick<Subscription, 'id' | 'plan' | 'periodNumber' | 'periodStartsAt' | 'planSince'> | null
  period: Pick<PeriodBook, 'subscriptionId' | 'number' | 'overage' | 'billed'> | null
  grants: DrawnGrant[]
  changes: Pick<Changes, 'versions' | 'totals' | 'draws' | 'journal' | 'events'> & {
    periods: Map<string, Pick<PeriodBook, 'subscriptionId' | 'number' | 'overage' | 'billed'>>
    newGrants: Set<DrawnGrant>
    changedGrants: Set<DrawnGrant>
  }
}

/** Adds a ledger transaction to the journal; answers its sequence number. `causeId` is unique within the cause. */
export function post(
  books: Pick<BookingAccount, 'entrySequence' | 'lastBookedAt' | 'changes'>,
  transaction: Pick<PostedTransaction, 'bookedAt' | 'cause' | 'causeId' | 'entries'> &
    Partial<Pick<PostedTransaction, 'uses' | 'grant' | 'detailsDigest'>>,
): bigint {
  books.entrySequence += 1n
  // Booked order never goes backwards (rule R14), though a calendar that begins in an hour that clocks show twice counts from its
  // first showing (rule R19), and so does what its first period grants.
  const after = books.lastBookedAt
  const bookedAt = after !== null && after > transaction.bookedAt ? after : transaction.bookedAt
  books.lastBookedAt = bookedAt
  books.changes.journal.push({
    sequence: books.entrySequence,
    bookedAt,
    cause: transaction.cause,
    causeId: transaction.causeId,
    entries: transaction.entries,
    uses: transaction.uses ?? [],
    grant: transaction.grant ?? null,
    detailsDigest: transaction.detailsDigest ?? null,
    link: null,
  })
  return books.entrySequence
}

/** Credits that come and go with the plan; what the operator has granted has an expiry of its own. */
export function isOfPlan({ source }: BookedGrant): boolean {
  return source === 'plan' || source === 'upgrade'
}

/** The two commodities of an account that has had a plan. Throws where it had none. */
export function unitsOf(books: Pick<Books, 'units'>): Units {
  assert(books.units, 'an account with a plan has its units')
  return books.units
}

/** Whether so much overage is on no invoice that an interim one is due: before anything else is booked or falls due. */
export function isInterimDue({ interimAt, period }: Pick<BookingAccount, 'interimAt' | 'period'>): boolean {
  return interimAt !== null && period !== null && period.overage - period.billed >= interimAt
}

/**
 * When the account next has something due: an interim invoice at the instant of the last booking, its next boundary, the soonest
 * expiry of a grant, or the soonest start of one that starts later than `after`, up to which everything has been processed (rule R20).
 */
export function nextEventOf(books: Books, after: Date = books.now): Date | null {
  if (isInterimDue(books)) return books.lastBookedAt
  let next = books.subscription?.status === 'active' ? books.subscription.periodEndsAt : null
  for (const { startsAt, expiresAt, endedAt } of books.grants) {
    if (endedAt !== null) continue
    if (expiresAt !== null && (next === null || expiresAt < next)) next = expiresAt
    if (startsAt > after && (next === null || startsAt < next)) next = startsAt
  }
  return next
}

/** Marks a period as changed, so that it is saved. */
export function changePeriod<Period extends Pick<PeriodBook, 'subscriptionId' | 'number'>>(
  books: { changes: { periods: Map<string, Period> } },
  period: Period,
): void {
  books.changes.periods.set(`${period.subscriptionId}:${period.number}`, period)
}
