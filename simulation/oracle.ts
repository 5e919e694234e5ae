/**
 * The independent oracle: recomputes all that a log of commands must have led to, from the written rules alone and by the
 * dumbest method there is: scan every grant for each draw, every use for each invoice.
 *
 * Called by the simulator, whose every answer and final state must equal what stands here. The files of the oracle import each
 * other and nothing else, not even a type: where periods begin is asked of a calendar that comes as an argument.
 *
 *   oracle.ts                commands, grants, drawing
 *   oracle-periods.ts        time
 *   oracle-plans.ts          changing the plan
 *   oracle-invoices.ts       lines, rounding, tax, what is set off, carried and paid
 *   oracle-credit-notes.ts   usage taken back
 *   oracle-refunds.ts        money that goes back
 *   oracle-account.ts        what it is told and what it remembers
 *   oracle-calendar.ts       the calendar that comes as an argument
 */
import type {
  Account,
  AccountCommand,
  Calendar,
  Draw,
  Grant,
  OracleGrant,
  OracleLog,
  OraclePlan,
  OracleUse,
  Tax,
  Term,
  World,
} from './oracle-account.ts'
import { least, NEW, overageOf, overagePrice, sum } from './oracle-account.ts'
import { issueNote } from './oracle-credit-notes.ts'
import { draft, finalize, giveUp, pay, payByHand, unbilledOf, usesOf } from './oracle-invoices.ts'
import { passTime } from './oracle-periods.ts'
import { change, mark, settle } from './oracle-plans.ts'
import { dispute, refund } from './oracle-refunds.ts'

const LARGEST = 2n ** 63n - 1n
const UNTAXED = { treatment: 'standard', rates: [] }

/** What each command must have answered (uses: one text each), and how each account must stand at the end. */
export function oracle(log: OracleLog, calendar: Calendar): { answers: string[][]; accounts: Account[] } {
  const offered = log.offered.map((plan) => ({ at: -Infinity, plan, noticeDays: null }))
  const world: World = { calendar, published: offered }
  const nothing = {
    units: null,
    term: null,
    lastTerm: null,
    awaiting: null,
    last: 0,
    deferred: 0n,
    earned: 0n,
    overage: 0n,
  }
  const accounts = log.zones.map((zone): Account => {
    const empty = { versions: [], grants: [], keys: new Map(), granted: new Map(), uses: [], invoices: [] }
    return {
      zone,
      world,
      ...nothing,
      ...empty,
      tax: UNTAXED,
      credit: 0n,
      kept: 0n,
      notes: [],
      payments: [],
      interimAt: null,
    }
  })
  const answers = log.commands.map((command) => {
    if (command.do === 'use') return useAll(accounts, command.uses)
    if (command.do === 'publish') return [publish(world, command)]
    const account = accounts[command.account]!
    // Whom a tax concerns is a fact about an account, and nothing that happens to it.
    if (command.do !== 'tax') passTime(account, command.at)
    return [answer(account, command)]
  })
  return { answers, accounts }
}

/** Versions are dated in whole seconds, as calendars are. */
function publish(
  { published }: World,
  version: { at: number; plan: OraclePlan; noticeDays: number },
): string {
  const { at, plan, noticeDays } = version
  published.push({ at: at - (at % 1000), plan, noticeDays })
  return 'ok'
}

function answer(account: Account, command: AccountCommand): string {
  const { at } = command
  switch (command.do) {
    case 'look':
      return `${balanceAt(account, at)} ${sum(usesOf(account), ({ overage }) => overage)} ${account.credit}`
    case 'change':
      return change(account, command)
    case 'settle':
      return settle(account, at, command.paid)
    case 'grant':
      return grantCredits(account, command.key, command.grant, at)
    case 'void':
      return voidCredits(account, command.key, at)
    case 'tax':
      return setTax(account, command.tax)
    case 'interim':
      return setInterim(account, command)
    case 'credit':
      return issueNote(account, command)
    case 'finalize':
      return finalize(account, command.minimum, at)
    case 'pay':
      finalize(account, command.minimum, at)
      return pay(account, command.paid, at)
    case 'refund':
      return refund(account, command)
    case 'dispute':
      return dispute(account, command)
    case 'give_up':
      return giveUp(account, at)
    case 'pay_by_hand':
      return payByHand(account, at)
    default:
      return mark(account, command.do, at)
  }
}

function setTax(account: Account, tax: Tax): string {
  if (new Set(tax.rates.map(({ name }) => name)).size < tax.rates.length) return 'tax_name_repeated'
  account.tax = tax
  return 'ok'
}

/** What has reached the amount already is billed at once. */
function setInterim(account: Account, { amount, minimum, at }: AccountCommand & { do: 'interim' }): string {
  if (amount !== null && !account.units) return 'interim_amount_without_currency'
  if (amount !== null && (amount <= 0n || amount < minimum)) return 'interim_amount_too_small'
  account.interimAt = amount
  passTime(account, at)
  return 'ok'
}

/** One key, one grant, for ever. What is sold has an invoice of its own at once. */
function grantCredits(account: Account, key: string, { price, ...grant }: OracleGrant, now: number): string {
  const { term, units, zone, granted, world } = account
  const body = [price, ...Object.values(grant)].join(' ')
  const earlier = granted.get(key)
  if (earlier) return earlier.body === body ? 'again' : 'idempotency_conflict'
  if (!units) return 'account_without_units'
  if (grant.expiresAt !== null && grant.expiresAt <= now) return 'grant_ends_in_past'
  const issued = { ...grant, ...NEW, paid: price }
  account.grants.push(issued)
  granted.set(key, { body, grant: issued })
  account.last = now
  if (grant.source !== 'purchase') return 'ok'
  const from = now - (now % 1000)
  const to = term?.end ?? world.calendar.boundary(world.calendar.civilOf(from, zone), 1, zone)
  const lines = [{ text: 'purchase - - - -', exact: price }]
  account.invoices.push(draft({ kind: 'purchase', from, to, lines, plan: units }))
  return 'ok'
}

/** What was paid for the rest of it becomes customer credit. */
function voidCredits(account: Account, key: string, now: number): string {
  const known = account.granted.get(key)
  if (!known) return 'grant_not_found'
  const { grant } = known
  if (grant.isVoid) return 'again'
  if (grant.ended) return 'grant_ended'
  Object.assign(grant, { ended: true, isVoid: true, voided: grant.credits - grant.drawn })
  account.credit += grant.paid - (grant.paid * grant.drawn) / grant.credits
  account.last = now
  return 'ok'
}

function isUsable({ ended, startsAt, expiresAt, credits, drawn }: Grant, now: number): boolean {
  return !ended && startsAt <= now && now < (expiresAt ?? Infinity) && drawn < credits
}

/** Usable ones are drawn soonest expiry first, then lowest priority, oldest, first issued (rule R12). */
function byDrawing(a: Grant, b: Grant): number {
  const later = (a.expiresAt ?? Infinity) - (b.expiresAt ?? Infinity)
  return later || a.priority - b.priority || a.startsAt - b.startsAt
}

function balanceAt({ grants }: Account, now: number): bigint {
  return sum(grants, (grant) => (isUsable(grant, now) ? grant.credits - grant.drawn : 0n))
}

/** One key, one charge; all of a batch or nothing, in the order given (rules R11, R15, R18). */
function useAll(accounts: readonly Account[], uses: readonly OracleUse[]): string[] {
  const inBatch: InBatch = { bodies: new Map(), ahead: new Map() }
  for (const use of uses) passTime(accounts[use.account]!, use.at)
  const refusals = uses.map((use) => refusalOf(accounts[use.account]!, use, inBatch))
  if (refusals.some((refusal) => refusal !== null)) return refusals.map((refusal) => refusal ?? 'held')
  if (!totalsFit(accounts, uses)) return uses.map(() => 'amount_overflow')
  return uses.map((use) => book(accounts[use.account]!, use))
}

/** What an operation costs in a period is added up by version, late or not, and must fit like every amount. */
function totalsFit(accounts: readonly Account[], uses: readonly OracleUse[]): boolean {
  const totals = new Map<string, bigint>()
  const counted = new Set<string>()
  for (const use of uses) {
    const account = accounts[use.account]!
    if (account.keys.has(use.key) || counted.has(`${use.account} ${use.key}`)) continue
    counted.add(`${use.account} ${use.key}`)
    const [term, plan] = [account.term!, planOf(account, account.term!, use)!]
    const { unitPrice } = plan.prices.find(({ operation }) => operation === use.operation)!
    const isLate = use.occurredAt !== null && use.occurredAt < term.start
    const alike = unbilledOf(account).filter(
      (one) => one.plan === plan && one.price.operation === use.operation && one.late === isLate,
    )
    const name = `${use.account} ${plan.id} ${use.operation} ${isLate}`
    const before = totals.get(name) ?? sum(alike, ({ cost }) => cost)
    totals.set(name, before + unitPrice * BigInt(use.quantity))
  }
  return [...totals.values()].every((total) => total <= LARGEST)
}

function bodyOf({ operation, quantity, occurredAt }: OracleUse): string {
  return `${operation} ${quantity} ${occurredAt}`
}

/** Bodies by key, and by account what would be left and owed after the uses of the batch that came before. */
type InBatch = { bodies: Map<string, string>; ahead: Map<Account, { balance: bigint; overage: bigint }> }

function refusalOf(account: Account, use: OracleUse, { bodies, ahead }: InBatch): string | null {
  const earlier = account.keys.get(use.key)?.body ?? bodies.get(`${use.account} ${use.key}`)
  if (earlier !== undefined) return earlier === bodyOf(use) ? null : 'idempotency_conflict'
  if (!account.term) return 'no_subscription'
  if (use.occurredAt !== null && use.occurredAt > use.at + 300_000) return 'occurred_in_future'
  const plan = planOf(account, account.term, use)
  if (!plan) return 'occurred_before_subscription'
  const price = plan.prices.find(({ operation }) => operation === use.operation)
  if (!price) return 'operation_not_offered'
  if (!Number.isSafeInteger(use.quantity) || use.quantity < 1) return 'quantity_invalid'
  const units = [price.unitPrice, overagePrice(plan, price)]
  if (units.some((unit) => unit * BigInt(use.quantity) > LARGEST)) return 'amount_overflow'
  const owed = sum(usesOf(account), ({ overage }) => overage)
  const before = ahead.get(account) ?? { balance: balanceAt(account, use.at), overage: owed }
  const cost = price.unitPrice * BigInt(use.quantity)
  const drawn = least(cost, before.balance)
  const overage = before.overage + overageOf(cost - drawn, plan, price)
  // With a fee and taxes it must still fit on an invoice.
  if (overage > LARGEST / 8n) return 'amount_overflow'
  ahead.set(account, { balance: before.balance - drawn, overage })
  bodies.set(`${use.account} ${use.key}`, bodyOf(use))
  return null
}

/** The version that prices a use: in force when it happened, or the one that its run was accepted under. */
function planOf({ versions }: Account, term: Term, { occurredAt, pinned }: OracleUse): OraclePlan | null {
  const then = occurredAt === null ? term.plan : versions.findLast(({ at }) => at <= occurredAt)?.plan
  return pinned && pinned.plan === then?.plan ? pinned : (then ?? null)
}

function book(account: Account, use: OracleUse): string {
  const earlier = account.keys.get(use.key)
  if (earlier) return earlier.answer.replace('new', 'again')
  const plan = planOf(account, account.term!, use)!
  const price = plan.prices.find(({ operation }) => operation === use.operation)!
  const cost = price.unitPrice * BigInt(use.quantity)
  const draws: Draw[] = []
  let left = cost
  while (left > 0n) {
    const [first] = account.grants.filter((grant) => isUsable(grant, use.at)).sort(byDrawing)
    if (!first) break
    const part = least(first.credits - first.drawn, left)
    first.drawn += part
    left -= part
    draws.push({ grant: first, part })
  }
  const overage = overageOf(left, plan, price)
  const term = account.term!
  const late = use.occurredAt !== null && use.occurredAt < term.start
  const booked = { term, n: term.n, plan, price, quantity: BigInt(use.quantity), late, cost, overage, draws }
  account.uses.push({ key: use.key, ...booked, invoice: null, reversed: false })
  account.overage += overage
  account.last = use.at
  const text = `new ${cost} ${cost - left} ${left} ${overage} ${balanceAt(account, use.at)}`
  account.keys.set(use.key, { body: bodyOf(use), answer: text })
  return text
}
