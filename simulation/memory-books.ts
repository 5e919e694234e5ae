/**
 * The books of a story's accounts in memory: the rules of billing/ and the decisions of ledger/, with maps where the product has
 * tables. What Postgres guarantees by constraints is asserted here, so that a broken rule is a crash in both.
 *
 * Called by tell-in-memory.ts. Runs by the million; what ledger/ does in SQL is proven against Postgres by the same stories.
 *
 * Invariants:
 *   1. Books are opened as copies: what is not saved has not happened.
 *   2. At each save: entries sum to zero, a grant holds what its entries say, its revenue follows its draws, booked time never
 *      goes back, nothing that may happen once happens twice, every amount fits int64.
 */
import { assert } from '../billing/assert.ts'
import type { Draw } from '../billing/draw-down.ts'
import { totalOf } from '../billing/invoice.ts'
import { isAmount, type Micros } from '../billing/micros.ts'
import type { AccountTax, TaxTreatment } from '../billing/tax.ts'
import {
  type BookedGrant,
  type Books,
  Changes,
  type DraftedInvoice,
  nextEventOf,
  type PeriodDraw,
  type PeriodTotal,
  type PostedTransaction,
  type Subscription,
} from '../ledger/books.ts'
import { type KnownKey, keyOf, type NewRecord, type VersionInForce } from '../ledger/carry-usage.ts'
import type { CataloguePlan } from '../ledger/catalogue.ts'
import type { Published } from '../ledger/plan-succession.ts'
import { compareInvoiceOrder, type PeriodSums, rollDue } from '../ledger/roll-books.ts'
import { spreadVersions } from '../ledger/save-books.ts'
import type { DisputeOutcome } from './story.ts'

export type StoredInvoice = DraftedInvoice & {
  number: number | null
  status: 'draft' | 'open' | 'past_due' | 'uncollectible' | 'paid' | 'written_off' | 'carried' | 'void'
  /** With tax. */
  total: Micros
  tax: Micros
  treatment: TaxTreatment
  opening: Micros
  /** Customer credit that is used for it, or reserved. */
  credit: Micros
  paid: Micros
  firstFailedAt: Date | null
  writtenOff: Micros
  carriedTo: string | null
  /** What credit notes have given back of it: before rounding, in whole minor units, and of each tax. */
  credited: { exact: Micros; net: Micros; taxes: Map<string, Micros> }
  /** What was given back of it as such, with tax, and of each tax. */
  allowed: { gross: Micros; taxes: Map<string, Micros> }
}

/** Money that a card has paid for an invoice; of its dispute, what it was opened for. */
export type StoredPayment = {
  id: string
  invoice: StoredInvoice
  amount: Micros
  returned: Micros
  dispute: { status: DisputeOutcome; amount: Micros } | null
}

/** A change of plan that waits for its payment. */
export type AwaitingChange = {
  kind: 'start' | 'upgrade'
  next: CataloguePlan
  charge: Micros
  credits: Micros
  invoiceId: string
  /** The period in which it was asked for. */
  subscriptionId: string | null
  periodNumber: number | null
}

/** What credit notes have changed of a use. */
export type Corrected = { isReversed: boolean; drawn: Micros; overage: Micros; draws: Draw[] }

/** A use as it was booked, under its key. */
export type StoredUse = NewRecord & KnownKey

/** One account as it is stored. */
export type Shelf = {
  /** As last saved, its grants those that have not ended. Handed out as a copy alone. */
  books: Books
  plans: ReadonlyMap<string, CataloguePlan>
  /** All there ever were, as they were issued. */
  grants: Map<string, BookedGrant>
  versions: (VersionInForce & { subscriptionId: string })[]
  /** Of the open period, as far as no interim invoice bills it. */
  totals: Map<string, PeriodTotal>
  draws: Map<string, PeriodDraw>
  /** Of all accounts, as the table of keys is. */
  known: Map<string, StoredUse>
  invoices: StoredInvoice[]
  payments: StoredPayment[]
  awaiting: AwaitingChange | null
  tax: AccountTax
  /** Versions of all plans, as the operator has published them. Shared. */
  published: Published
  /** Grants by the operator's hand: what each key granted. */
  granted: Map<string, { body: string; grantId: string; isVoid: boolean }>
  /** By id of the usage record. */
  corrected: Map<string, Corrected>
  notes: number
  /** Anchor and number of the period of each subscription that there was, as it last stood. */
  terms: Map<string, Pick<Subscription, 'anchor' | 'periodNumber'>>
  /** Sums of entries, by ledger account and commodity, and of credits:available by grant. */
  sums: Map<string, Micros>
  held: Map<string, Micros>
  /** Keys that are unique in the database. */
  once: Set<string>
  /** Periods that were opened. */
  months: number
}

export function newShelf(
  { accountId, zone }: { accountId: string; zone: string },
  plans: ReadonlyMap<string, CataloguePlan>,
  known: Map<string, StoredUse>,
  published: Published,
): Shelf {
  const books: Books = {
    accountId,
    name: accountId,
    zone,
    units: null,
    now: new Date(0),
    clockOffsetMs: 0n,
    lastBookedAt: null,
    nextEventAt: null,
    entrySequence: 0n,
    chainHead: null,
    customerCredit: 0n,
    subscription: null,
    period: null,
    grants: [],
    alertRules: [],
    toldAlerts: [],
    pauseAt: null,
    interimAt: null,
    changes: new Changes(),
  }
  const maps = { grants: new Map(), totals: new Map(), draws: new Map(), known }
  const checks = { sums: new Map(), held: new Map(), once: new Set<string>() }
  const tax = { treatment: 'standard' as const, rates: [] }
  const given = { granted: new Map(), corrected: new Map(), terms: new Map(), tax, published }
  const none = { versions: [], invoices: [], payments: [], awaiting: null, months: 0, notes: 0 }
  return { books, plans, ...maps, ...checks, ...given, ...none }
}

/** Opens an account's books at what the clock shows, and processes what is due: as open-books.ts does. */
export function openShelf(shelf: Shelf, clock: number): Books {
  const { books: stored } = shelf
  const last = stored.lastBookedAt?.getTime() ?? clock
  const books: Books = {
    ...stored,
    now: new Date(Math.max(last, clock)),
    subscription: stored.subscription && { ...stored.subscription },
    period: stored.period && { ...stored.period },
    grants: stored.grants.map((grant) => ({ ...grant })),
    changes: new Changes(),
  }
  if (books.nextEventAt !== null && books.nextEventAt <= books.now)
    rollDue(books, periodSumsOf(shelf), shelf.published)
  return books
}

/** What the open period has added up to: as readPeriodSums does. */
export function periodSumsOf({ totals, draws, versions, plans }: Shelf): PeriodSums {
  const listed = [...totals.values()].map((total) => {
    const inForce = versions.filter(({ plan }) => plan.id === total.planVersionId)
    const starts = inForce.map(({ startsAt }) => startsAt.getTime())
    const since = starts.length === 0 ? null : new Date(Math.min(...starts))
    return { ...total, plan: plans.get(total.planVersionId)!, since }
  })
  return {
    totals: listed.sort(compareInvoiceOrder),
    draws: [...draws.values()].sort((a, b) => (a.source < b.source ? -1 : 1)),
  }
}

const NO_USES = { booked: [], known: new Map<string, KnownKey>() }

/** Stores what was changed in opened books: as save-books.ts does, with the constraints of the tables. */
export function saveShelf(
  shelf: Shelf,
  books: Books,
  { booked, known }: { booked: readonly NewRecord[]; known: ReadonlyMap<string, KnownKey> } = NO_USES,
): void {
  const { changes } = books
  for (const record of booked) {
    const key = keyOf(record.request)
    onlyOnce(shelf, `key ${key}`)
    shelf.known.set(key, { ...record, digest: known.get(key)!.digest })
  }
  saveVersions(shelf, books)
  savePeriods(shelf, books)
  saveGrants(shelf, books)
  for (const invoice of changes.invoices) {
    if (invoice.kind === 'boundary' || invoice.kind === 'cancel') {
      onlyOnce(shelf, `boundary ${invoice.subscriptionId}:${invoice.periodNumber}`)
    }
    if (invoice.interim) {
      const { through } = invoice.interim
      onlyOnce(shelf, `cut ${invoice.subscriptionId}:${invoice.periodNumber}:${through}`)
    }
    const total = totalOf(invoice.lines)
    for (const { amount, exactAmount } of invoice.lines)
      assert(isAmount(amount) && isAmount(exactAmount), 'a line fits')
    assert(isAmount(total) && total >= 0n, 'an invoice fits, and never pays out')
    const tax = totalOf(invoice.lines.filter(({ kind }) => kind === 'tax'))
    const none = { opening: 0n, credit: 0n, paid: 0n, treatment: 'standard' as const }
    const credited = { exact: 0n, net: 0n, taxes: new Map() }
    const allowed = { gross: 0n, taxes: new Map() }
    shelf.invoices.push({
      ...invoice,
      number: null,
      status: 'draft',
      total,
      tax,
      ...none,
      firstFailedAt: null,
      writtenOff: 0n,
      carriedTo: null,
      credited,
      allowed,
    })
  }
  saveJournal(shelf, changes.journal)
  for (const grant of [...changes.newGrants, ...changes.changedGrants]) checkGrant(shelf, grant)
  assert(
    isAmount(books.customerCredit) && books.customerCredit >= 0n,
    'customer credit fits, and is never a debt',
  )
  shelf.books = { ...books, nextEventAt: nextEventOf(books), changes: new Changes() }
  books.nextEventAt = shelf.books.nextEventAt
  books.changes = new Changes()
}

function saveVersions(shelf: Shelf, { accountId, changes }: Books): void {
  for (const { id, endedAt, anchor, periodNumber } of changes.subscriptions.values()) {
    shelf.terms.set(id, { anchor, periodNumber })
    for (const version of shelf.versions) if (version.subscriptionId === id) version.endedAt = endedAt
  }
  for (const { subscriptionId, startsAt, planVersionId } of spreadVersions(changes.versions)) {
    const endedAt = changes.subscriptions.get(subscriptionId)?.endedAt ?? null
    const before = shelf.versions.find((version) => version.subscriptionId === subscriptionId)
    const at = Math.max(startsAt.getTime(), (before?.startsAt.getTime() ?? -Infinity) + 1)
    onlyOnce(shelf, `version ${subscriptionId}:${at}`)
    const plan = shelf.plans.get(planVersionId)!
    shelf.versions.unshift({ accountId, subscriptionId, startsAt: new Date(at), endedAt, plan })
  }
  shelf.versions.sort((a, b) => b.startsAt.getTime() - a.startsAt.getTime())
}

function savePeriods(shelf: Shelf, books: Books): void {
  const { changes } = books
  if (beginsAnew(shelf, books)) {
    shelf.totals.clear()
    shelf.draws.clear()
  }
  for (const { subscriptionId, number, startsAt, endsAt, overage } of changes.periods.values()) {
    const id = `period ${subscriptionId}:${number}`
    if (!shelf.once.has(id)) shelf.months += 1
    shelf.once.add(id)
    assert(startsAt < endsAt && isAmount(overage), 'a period ends after it starts')
  }
  for (const [id, added] of changes.totals) {
    const known = shelf.totals.get(id)
    const total = {
      ...added,
      quantity: added.quantity + (known?.quantity ?? 0n),
      cost: added.cost + (known?.cost ?? 0n),
      drawn: added.drawn + (known?.drawn ?? 0n),
      overage: added.overage + (known?.overage ?? 0n),
    }
    for (const sum of [total.quantity, total.cost, total.overage]) assert(isAmount(sum), 'a total fits')
    shelf.totals.set(id, total)
  }
  for (const [source, added] of changes.draws) {
    const known = shelf.draws.get(source)
    shelf.draws.set(source, { ...added, drawn: added.drawn + (known?.drawn ?? 0n) })
  }
}

/** Whether the totals of the period, with what these books add, can be held. */
export function totalsFit(shelf: Shelf, books: Books): boolean {
  const known = beginsAnew(shelf, books) ? null : shelf.totals
  return [...books.changes.totals].every(([id, { quantity, cost }]) => {
    const before = known?.get(id)
    return isAmount((before?.quantity ?? 0n) + quantity) && isAmount((before?.cost ?? 0n) + cost)
  })
}

/** Totals of a closed period are never read again, and what an interim invoice bills is cut off: as its tables and readPeriodSums do it. */
function beginsAnew(shelf: Shelf, { changes, subscription }: Books): boolean {
  const before = shelf.books.subscription
  const isSame = before?.id === subscription?.id && before?.periodNumber === subscription?.periodNumber
  return !isSame || changes.invoices.some(({ kind }) => kind === 'interim')
}

function saveGrants(shelf: Shelf, { changes }: Books): void {
  for (const grant of changes.newGrants) {
    onlyOnce(shelf, `grant ${grant.naturalKey}`)
    shelf.grants.set(grant.id, grant)
  }
  for (const grant of changes.changedGrants) {
    assert(shelf.grants.has(grant.id), 'a changed grant was issued')
    shelf.grants.set(grant.id, grant)
  }
}

function saveJournal(shelf: Shelf, journal: readonly PostedTransaction[]): void {
  let { entrySequence, lastBookedAt } = shelf.books
  for (const { sequence, bookedAt, cause, causeId, entries } of journal) {
    onlyOnce(shelf, `cause ${cause}:${causeId}`)
    entrySequence += 1n
    assert(sequence === entrySequence, 'the journal has no gap')
    assert(lastBookedAt === null || lastBookedAt <= bookedAt, 'booked time never goes back')
    lastBookedAt = bookedAt
    let [credits, money] = [0n, 0n]
    for (const { account, commodity, amount, grantId } of entries) {
      assert(amount !== 0n && isAmount(amount), 'an entry fits and is not zero')
      if (commodity.startsWith('credit:')) credits += amount
      else money += amount
      add(shelf.sums, `${account} ${commodity}`, amount)
      if (account === 'credits:available') add(shelf.held, grantId!, amount)
    }
    assert(credits === 0n && money === 0n, 'entries sum to zero')
  }
}

/** What the constraints of credit_grants and the verify pack say of one grant. */
function checkGrant({ held }: Shelf, grant: BookedGrant): void {
  const { id, granted, remaining, consideration, recognised, endedAt } = grant
  assert(remaining >= 0n && remaining <= granted, 'a grant is never overdrawn')
  assert(held.get(id) === remaining, 'a grant holds what its entries say')
  const earned = endedAt === null ? (consideration * (granted - remaining)) / granted : consideration
  assert(recognised === earned, 'revenue follows what is drawn')
}

function add(sums: Map<string, Micros>, name: string, amount: Micros): void {
  sums.set(name, (sums.get(name) ?? 0n) + amount)
}

function onlyOnce({ once }: Shelf, name: string): void {
  assert(!once.has(name), `only once: ${name}`)
  once.add(name)
}
