/**
 * Tells a story to the books in memory: each command is one transaction of the product's own decisions.
 *
 * Called by simulate.ts. What is answered is put into the oracle's words, and the instants at which the books acted become the
 * log that the oracle is given.
 */
import { minorDecimals } from '../billing/currency.ts'
import { openPurse } from '../billing/draw-down.ts'
import { refuseOperatorGrant } from '../billing/grant.ts'
import { type Micros, micros } from '../billing/micros.ts'
import type { PublishedVersion } from '../billing/succession.ts'
import { type AccountTax, refuseTax } from '../billing/tax.ts'
import { type Books, unitsOf } from '../ledger/books.ts'
import { carryUsage, keyOf, type UsageRequest, type UsageResult } from '../ledger/carry-usage.ts'
import { draftPurchase } from '../ledger/grant-credits.ts'
import { issueGrant, voidGrant } from '../ledger/grants.ts'
import { wholeSecond } from '../ledger/price-plan-change.ts'
import { newShelf, openShelf, type Shelf, saveShelf, totalsFit } from './memory-books.ts'
import { credit } from './memory-credit-notes.ts'
import { finalize, giveUp, pay, payByHand } from './memory-invoices.ts'
import { change, mark, settle } from './memory-plans.ts'
import { dispute, refund } from './memory-refunds.ts'
import type { OracleCommand, OracleLog } from './oracle-account.ts'
import {
  offeredFirst,
  publishAll,
  type Story,
  type StoryCommand,
  type StoryGrant,
  type StoryPlan,
} from './story.ts'

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
  const offered = offeredFirst(story).map((index) => plans[index]!)
  const published: World['published'] = offered.map(({ booked }) => ({
    plan: booked,
    publishedAt: new Date(-8.64e15),
    noticeDays: null,
  }))
  const shelves = story.zones.map((zone, index) =>
    newShelf({ accountId: accountIdOf(index), zone }, catalogue, known, published),
  )
  const world: World = { shelves, plans, catalogue, published, minimum: micros(story.minimum) }
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
  return { answers, log: { zones: story.zones, offered: offered.map(({ told }) => told), commands }, shelves }
}

export function accountIdOf(index: number): string {
  return `00000000-0000-4000-9000-${String(index).padStart(12, '0')}`
}

type World = {
  shelves: Shelf[]
  plans: StoryPlan[]
  catalogue: ReadonlyMap<string, StoryPlan['booked']>
  published: PublishedVersion<StoryPlan['booked']>[]
  minimum: Micros
}
type Step = { logged: OracleCommand; answer: string[] }

function tell(world: World, command: StoryCommand): Step {
  if (command.do === 'use') return use(world, command)
  if (command.do === 'publish') return publish(world, command)
  const shelf = world.shelves[command.account]!
  if (command.do === 'tax') return setTax(shelf, command)
  const books = openShelf(shelf, command.at)
  const { account } = command
  const { minimum } = world
  const at = books.now.getTime()
  const step = (logged: OracleCommand, answer: string): Step => ({ logged, answer: [answer] })
  switch (command.do) {
    case 'change': {
      const { booked: next, told: plan } = world.plans[command.plan]!
      const { pinnedAt } = command
      const wanted = { next, pinnedAt: pinnedAt === null ? null : new Date(pinnedAt), minimumCharge: minimum }
      return step({ do: 'change', account, at, plan, pinnedAt, minimum }, change(shelf, books, wanted))
    }
    case 'grant': {
      const { key, grant } = command
      const told = { ...grant, credits: micros(grant.credits), price: micros(grant.price) }
      return step({ do: 'grant', account, at, key, grant: told }, grantCredits(shelf, books, key, grant))
    }
    case 'void':
      return step({ do: 'void', account, at, key: command.key }, voidCredits(shelf, books, command.key))
    case 'credit':
      return step(
        { do: 'credit', account, at, keys: command.keys, minimum },
        credit(shelf, books, command.keys, minimum),
      )
    case 'settle':
      return step({ do: 'settle', account, at, paid: command.paid }, settle(shelf, books, command.paid))
    case 'pay':
      finalize(shelf, books, minimum)
      return step({ do: 'pay', account, at, paid: command.paid, minimum }, pay(shelf, books, command.paid))
    case 'refund': {
      const { source, paid } = command
      const amount = command.amount === null ? null : micros(command.amount)
      const asked = { source, amount, paid }
      return step({ do: 'refund', account, at, ...asked }, refund(shelf, books, asked))
    }
    case 'dispute': {
      const told = { amount: micros(command.amount), outcome: command.outcome }
      return step({ do: 'dispute', account, at, ...told }, dispute(shelf, books, told))
    }
    case 'give_up':
      return step({ do: 'give_up', account, at }, giveUp(shelf, books))
    case 'pay_by_hand':
      return step({ do: 'pay_by_hand', account, at }, payByHand(shelf, books))
    case 'finalize':
      return step({ do: 'finalize', account, at, minimum }, finalize(shelf, books, minimum))
    case 'interim': {
      const amount = command.amount === null ? null : micros(command.amount)
      return step({ do: 'interim', account, at, amount, minimum }, setInterim(shelf, books, amount, minimum))
    }
    case 'look':
      return step({ do: 'look', account, at }, look(shelf, books))
    default:
      return step({ do: command.do, account, at }, mark(shelf, books, command.do))
  }
}

/** Does what a command does, up to its commit: the books must be as they were. */
function lose(world: World, command: StoryCommand): void {
  if (command.do === 'use') carry(world, command)
  else if ('account' in command) openShelf(world.shelves[command.account]!, command.at)
}

/** A plan is published in whole seconds: as readPublished reads it. */
function publish(world: World, { at, plan, noticeDays }: StoryCommand & { do: 'publish' }): Step {
  const { booked, told } = world.plans[plan]!
  world.published.push({ plan: booked, publishedAt: wholeSecond(new Date(at)), noticeDays })
  return { logged: { do: 'publish', at, plan: told, noticeDays }, answer: ['ok'] }
}

function setTax(shelf: Shelf, { at, account, ...command }: StoryCommand & { do: 'tax' }): Step {
  const rates = command.rates.map(({ name, rate }) => ({ name, rate: micros(rate) }))
  const tax: AccountTax = { treatment: command.treatment, rates }
  const refusal = refuseTax(tax)
  if (refusal === null) shelf.tax = tax
  return { logged: { do: 'tax', account, at, tax }, answer: [refusal ?? 'ok'] }
}

function look(shelf: Shelf, books: Books): string {
  saveShelf(shelf, books)
  return `${openPurse(books.grants, books.now).balance} ${books.period?.overage ?? 0n} ${books.customerCredit}`
}

/** As setInterimAmount. */
function setInterim(shelf: Shelf, books: Books, amount: Micros | null, minimum: Micros): string {
  saveShelf(shelf, books)
  if (amount !== null && !books.units) return 'interim_amount_without_currency'
  if (amount !== null && (amount <= 0n || amount < minimum)) return 'interim_amount_too_small'
  books.interimAt = amount
  saveShelf(shelf, books)
  saveShelf(shelf, openShelf(shelf, books.now.getTime()))
  return 'ok'
}

function use(world: World, command: StoryCommand & { do: 'use' }): Step {
  const { opened, known, results, booked } = carry(world, command)
  // As the save is refused in Postgres and all of its transaction with it: what was due is due again.
  const overflows = [...opened].some(([account, books]) => !totalsFit(world.shelves[account]!, books))
  for (const [account, books] of overflows ? [] : opened) {
    const own = booked.filter(({ request }) => request.accountId === books.accountId)
    saveShelf(world.shelves[account]!, books, { booked: own, known })
  }
  return {
    answer: overflows ? results.map(() => 'amount_overflow') : answersOf(results),
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

/** As grantCredits. */
function grantCredits(shelf: Shelf, books: Books, key: string, grant: StoryGrant): string {
  saveShelf(shelf, books)
  const body = JSON.stringify(grant)
  const earlier = shelf.granted.get(key)
  if (earlier) return earlier.body === body ? 'again' : 'idempotency_conflict'
  if (!books.units) return 'account_without_units'
  const draft = {
    ...grant,
    credits: micros(grant.credits),
    consideration: micros(grant.price),
    startsAt: new Date(grant.startsAt),
    expiresAt: grant.expiresAt === null ? null : new Date(grant.expiresAt),
    naturalKey: `operator:${key}`,
  }
  const decimals = minorDecimals(unitsOf(books).currency)!
  const refusal = refuseOperatorGrant(draft, { decimals, now: books.now })
  if (refusal !== null) return refusal
  const issued = issueGrant(books, draft, books.now)
  if (grant.source === 'purchase') draftPurchase(books, issued)
  shelf.granted.set(key, { body, grantId: issued.id, isVoid: false })
  saveShelf(shelf, books)
  return 'ok'
}

/** As voidCredits. */
function voidCredits(shelf: Shelf, books: Books, key: string): string {
  saveShelf(shelf, books)
  const known = shelf.granted.get(key)
  if (!known) return 'grant_not_found'
  if (known.isVoid) return 'again'
  const grant = books.grants.find(({ id }) => id === known.grantId)
  if (!grant) return 'grant_ended'
  voidGrant(books, grant, books.now)
  books.grants = books.grants.filter(({ endedAt }) => endedAt === null)
  known.isVoid = true
  saveShelf(shelf, books)
  return 'ok'
}
