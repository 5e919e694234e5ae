/**
 * Tells a story to the books in memory: each command is one transaction of the product's own decisions.
 *
 * Called by simulate.ts. What is answered is put into the oracle's words, and the instants at which the books acted become the
 * log that the oracle is given.
 */
import { assert } from '../billing/assert.ts'
import { openPurse } from '../billing/draw-down.ts'
import { paymentReceived } from '../billing/entries.ts'
import { refuseGrant } from '../billing/grant.ts'
import { type Micros, micros } from '../billing/micros.ts'
import { type Books, post, unitsOf } from '../ledger/books.ts'
import { carryUsage, keyOf, type UsageRequest, type UsageResult } from '../ledger/carry-usage.ts'
import { claimInvoice } from '../ledger/finalize-invoices.ts'
import { issueGrant } from '../ledger/grants.ts'
import { applyPlanChange, draftPlanChange } from '../ledger/plan-change-effect.ts'
import { pricePlanChange, wholeSecond } from '../ledger/price-plan-change.ts'
import { closePeriodNow } from '../ledger/roll-books.ts'
import {
  newShelf,
  openShelf,
  periodSumsOf,
  type Shelf,
  type StoredInvoice,
  saveShelf,
} from './memory-books.ts'
import type { OracleCommand, OracleGrant, OracleLog } from './oracle.ts'
import { publishAll, type Story, type StoryCommand, type StoryPlan } from './story.ts'

/** What came of a story: what each command answered whose transaction was not lost, the log for the oracle, the books as they stand at the end. */
export type Told = { answers: string[][]; log: OracleLog; shelves: Shelf[] }

/** Where a crash in the middle of a story is told with the command that met it. */
export class Crashed extends Error {
  override readonly name = 'Crashed'
  readonly command: number

  constructor(command: number, cause: unknown) {
    super(`command ${command}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.command = command
  }
}

/** Called after each command with what it answered, for those who watch. */
export type Watcher = (command: StoryCommand, answer: string[], shelves: Shelf[]) => void

export function tellInMemory(story: Story, watch: Watcher = () => {}): Told {
  const plans = publishAll(story)
  const catalogue = new Map(plans.map(({ booked }) => [booked.id, booked]))
  const known: Shelf['known'] = new Map()
  const shelves = story.zones.map((zone, index) =>
    newShelf({ accountId: accountIdOf(index), zone }, catalogue, known),
  )
  const world = { shelves, plans, catalogue, minimum: micros(story.minimum) }
  const commands: OracleCommand[] = []
  const answers = story.commands.flatMap((command, index) => {
    try {
      if (command.lost === 'transaction') {
        lose(world, command)
        watch(command, [], shelves)
        return []
      }
      const told = tell(world, command)
      commands.push(told.logged)
      watch(command, told.answer, shelves)
      return [told.answer]
    } catch (cause) {
      throw new Crashed(index, cause)
    }
  })
  return { answers, log: { zones: story.zones, commands }, shelves }
}

export function accountIdOf(index: number): string {
  return `00000000-0000-4000-9000-${String(index).padStart(12, '0')}`
}

type World = {
  shelves: Shelf[]
  plans: StoryPlan[]
  catalogue: ReadonlyMap<string, StoryPlan['booked']>
  minimum: Micros
}
type Step = { logged: OracleCommand; answer: string[] }

function tell(world: World, command: StoryCommand): Step {
  if (command.do === 'use') return use(world, command)
  const shelf = world.shelves[command.account]!
  const books = openShelf(shelf, command.at)
  const { account } = command
  const at = books.now.getTime()
  const step = (logged: OracleCommand, answer: string): Step => ({ logged, answer: [answer] })
  switch (command.do) {
    case 'change': {
      const { booked, told: plan } = world.plans[command.plan]!
      const { pinnedAt } = command
      const answer = change(shelf, books, booked, pinnedAt === null ? null : new Date(pinnedAt))
      return step({ do: 'change', account, at, plan, pinnedAt }, answer)
    }
    case 'grant': {
      const { key, grant } = command
      const credits = micros(grant.credits)
      const answer = grantCredits(shelf, books, key, { ...grant, credits })
      return step({ do: 'grant', account, at, key, grant: { ...grant, credits } }, answer)
    }
    case 'settle': {
      const paid = command.paid && !isLate(shelf, books)
      return step({ do: 'settle', account, at, paid }, settle(shelf, books, paid))
    }
    case 'pay':
      return step({ do: 'pay', account, at, paid: command.paid }, pay(shelf, books, command.paid))
    case 'finalize':
      return step(
        { do: 'finalize', account, at, minimum: world.minimum },
        finalize(shelf, books, world.minimum),
      )
    default:
      return step({ do: command.do, account, at }, mark(shelf, books, command.do))
  }
}

/** Does what a command does, up to its commit: the books must be as they were. */
function lose(world: World, command: StoryCommand): void {
  if (command.do === 'use') carry(world, command)
  else openShelf(world.shelves[command.account]!, command.at)
}

function use(world: World, command: StoryCommand & { do: 'use' }): Step {
  const { opened, known, results, booked } = carry(world, command)
  for (const [account, books] of opened) {
    const own = booked.filter(({ request }) => request.accountId === books.accountId)
    saveShelf(world.shelves[account]!, books, { booked: own, known })
  }
  return {
    answer: answersOf(results),
    logged: {
      do: 'use',
      uses: command.uses.map((one) => ({
        ...one,
        at: opened.get(one.account)!.now.getTime(),
        pinned: one.pinned === null ? null : world.plans[one.pinned]!.told,
      })),
    },
  }
}

function carry({ shelves, plans, catalogue }: World, { at, uses }: StoryCommand & { do: 'use' }) {
  const opened = new Map<number, Books>()
  for (const { account } of uses) {
    if (!opened.has(account)) opened.set(account, openShelf(shelves[account]!, at))
  }
  const requests = uses.map(
    ({ account, key, operation, quantity, occurredAt, pinned }): UsageRequest => ({
      accountId: accountIdOf(account),
      source: 'api',
      key,
      operation,
      quantity,
      occurredAt: occurredAt === null ? undefined : new Date(occurredAt),
      pinnedPlanVersionId: pinned === null ? undefined : plans[pinned]!.booked.id,
      // A story's run is as young as its uses: only a change of plan to another ends its pin.
      pinnedAt: new Date(8.64e15),
    }),
  )
  const known = new Map(
    requests.flatMap((request, index) => {
      const earlier = shelves[uses[index]!.account]!.known.get(keyOf(request))
      return earlier ? [[keyOf(request), earlier] as const] : []
    }),
  )
  const { results, booked } = carryUsage(
    {
      books: new Map([...opened.values()].map((books) => [books.accountId, books])),
      known,
      plans: catalogue,
      versions: [...opened.keys()].flatMap((account) => shelves[account]!.versions),
    },
    requests,
  )
  return { opened, known, results, booked }
}

/** The oracle's words for what became of a batch. With one refusal the others are held back. */
export function answersOf(results: readonly UsageResult[]): string[] {
  const isBooked = results.every(({ ok }) => ok)
  return results.map((result) => {
    if (!result.ok) return result.refusal
    if (!isBooked) return 'held'
    const { cost, fromCredits, uncovered, overage, balanceAfter } = result.record
    return `${result.replayed ? 'again' : 'new'} ${cost} ${fromCredits} ${uncovered} ${overage} ${balanceAfter}`
  })
}

function change(shelf: Shelf, books: Books, next: StoryPlan['booked'], pinnedAt: Date | null): string {
  saveShelf(shelf, books)
  if (shelf.awaiting) return 'plan_change_awaiting_payment'
  if (books.subscription?.pending?.kind === 'cancel') return 'cancellation_pending'
  const priced = pricePlanChange(books, next, pinnedAt ?? wholeSecond(books.now))
  if (!priced.ok) return priced.refusal
  const { kind, charge, credits } = priced
  if (kind === 'at_boundary') {
    books.subscription!.pending = { kind: 'change', plan: next }
    saveShelf(shelf, books)
    return `scheduled ${priced.effectiveAt.getTime()}`
  }
  if (charge === 0n) {
    applyPlanChange(books, { ...priced, kind, id: `change ${books.now.getTime()} ${next.id}` })
    saveShelf(shelf, books)
    return `effective 0 ${credits}`
  }
  const invoiceId = draftPlanChange(books, priced, [])
  saveShelf(shelf, books)
  shelf.awaiting = { kind, next, charge, credits, invoiceId }
  return `awaiting ${charge} ${credits}`
}

/**
 * Whether the period of an awaiting upgrade is over: it then lapses. Stories tell such a payment as one that failed, because the
 * customer credit that it would become is no part of them (ledger/change-plan.test.ts has that).
 */
function isLate({ awaiting, invoices }: Shelf, { subscription }: Books): boolean {
  if (awaiting?.kind !== 'upgrade') return false
  const invoice = invoices.find(({ id }) => id === awaiting.invoiceId)
  return subscription?.periodNumber !== invoice?.periodNumber
}

/** Books what became of the payment that a change waits for: as settlePayment does. */
function settle(shelf: Shelf, books: Books, paid: boolean): string {
  const { awaiting } = shelf
  saveShelf(shelf, books)
  if (!awaiting) return 'nothing_awaiting'
  const invoice = shelf.invoices.find(({ id }) => id === awaiting.invoiceId)!
  shelf.awaiting = null
  if (!paid) {
    invoice.status = 'void'
    return 'declined'
  }
  applyPlanChange(books, { ...awaiting, id: awaiting.invoiceId })
  claim(shelf, books, invoice, 0n)
  receive(books, invoice, awaiting.charge)
  saveShelf(shelf, books)
  return 'effective'
}

function mark(shelf: Shelf, books: Books, act: 'cancel' | 'cancel_now' | 'resume' | 'look'): string {
  const { subscription } = books
  if (act === 'look') {
    saveShelf(shelf, books)
    return `${openPurse(books.grants, books.now).balance} ${books.period?.overage ?? 0n}`
  }
  saveShelf(shelf, books)
  if (!subscription) return 'no_subscription'
  if (act === 'resume' && !subscription.pending) return 'nothing_pending'
  if (act !== 'resume' && shelf.awaiting) return 'plan_change_awaiting_payment'
  if (act === 'cancel_now') closePeriodNow(books, periodSumsOf(shelf))
  else subscription.pending = act === 'cancel' ? { kind: 'cancel' } : null
  saveShelf(shelf, books)
  return 'ok'
}

function grantCredits(
  shelf: Shelf,
  books: Books,
  key: string,
  grant: OracleGrant & { source: 'promotion' | 'adjustment' },
): string {
  saveShelf(shelf, books)
  if (!books.units) return 'no_subscription'
  const expiresAt = grant.expiresAt === null ? null : new Date(grant.expiresAt)
  const startsAt = new Date(grant.startsAt)
  const draft = { ...grant, startsAt, expiresAt, consideration: 0n, naturalKey: key }
  assert(refuseGrant(draft) === null, 'a story grants what may be granted')
  if (shelf.once.has(`grant ${key}`)) return 'again'
  issueGrant(books, draft, books.now)
  saveShelf(shelf, books)
  return 'ok'
}

/** Turns drafts into claims, oldest first: as finalizeDrafts does. */
function finalize(shelf: Shelf, books: Books, minimum: Micros): string {
  saveShelf(shelf, books)
  const drafts = shelf.invoices.filter(
    ({ status, kind }) => status === 'draft' && (kind === 'boundary' || kind === 'cancel'),
  )
  for (const invoice of drafts) claim(shelf, books, invoice, minimum)
  saveShelf(shelf, books)
  return `${drafts.length}`
}

function claim(shelf: Shelf, books: Books, invoice: StoredInvoice, minimumCharge: Micros): void {
  const carried = shelf.invoices.filter(({ status, carriedTo }) => status === 'carried' && carriedTo === null)
  const takenUp = minimumCharge > 0n ? carried : []
  invoice.opening = takenUp.reduce((sum, { total, opening }) => sum + total + opening, 0n)
  for (const one of takenUp) one.carriedTo = invoice.id
  const terms = { openingBalance: invoice.opening, customerCredit: 0n, minimumCharge }
  invoice.status = claimInvoice(books, { ...invoice, tax: 0n }, terms).status
  invoice.number = shelf.invoices.filter(({ number }) => number !== null).length + 1
}

/** Every open invoice is tried, and all are paid or none. */
function pay(shelf: Shelf, books: Books, paid: boolean): string {
  saveShelf(shelf, books)
  const due = shelf.invoices.filter(({ status }) => status === 'open')
  if (!paid) return `${due.length}`
  for (const invoice of due) {
    receive(books, invoice, invoice.total + invoice.opening)
    settleTakenUp(shelf, invoice.id)
  }
  saveShelf(shelf, books)
  return `${due.length}`
}

function receive(books: Books, invoice: StoredInvoice, amount: Micros): void {
  const entries = paymentReceived(unitsOf(books), amount)
  post(books, { cause: 'payment_received', causeId: invoice.id, bookedAt: books.now, entries })
  invoice.paid += amount
  invoice.status = 'paid'
}

function settleTakenUp(shelf: Shelf, invoiceId: string): void {
  for (const one of shelf.invoices.filter(({ carriedTo }) => carriedTo === invoiceId)) {
    one.status = 'paid'
    settleTakenUp(shelf, one.id)
  }
}
