/**
 * How an account stands at the end of a story, as named texts: the form in which the books in memory, the books in Postgres and
 * the oracle are compared.
 *
 * Called by simulate.ts and compare-with-postgres.ts. Ids are left out: each world makes its own.
 */
import { formatMicros, type Micros } from '../billing/micros.ts'
import type { BookedGrant } from '../ledger/books.ts'
import { nextEventOf } from '../ledger/books.ts'
import type { Shelf, StoredInvoice } from './memory-books.ts'
import type { Account, Grant, Invoice } from './oracle.ts'

/** By name, in no particular order: `grant 3`, `invoice 2`, `assets:cash USD`. */
export type Stand = Map<string, string>

export type Difference = { name: string; expected: string; found: string }

/** Where two worlds disagree; empty when they are one. */
export function differencesOf(expected: Stand, found: Stand): Difference[] {
  const names = new Set([...expected.keys(), ...found.keys()])
  return [...names]
    .map((name) => ({ name, expected: expected.get(name) ?? 'nothing', found: found.get(name) ?? 'nothing' }))
    .filter((one) => one.expected !== one.found)
}

export function standOfShelf({ books, grants, invoices, sums }: Shelf): Stand {
  const { subscription: term } = books
  return standOf({
    plan: term?.plan.id ?? null,
    period: term && `${term.periodNumber} ${term.periodStartsAt.getTime()} ${term.periodEndsAt.getTime()}`,
    pending: term?.pending?.kind === 'change' ? term.pending.plan.id : (term?.pending?.kind ?? null),
    overage: books.period?.overage ?? 0n,
    nextEvent: nextEventOf(books)?.getTime() ?? null,
    grants: [...grants.values()].map(grantText),
    invoices: invoices.map(invoiceText),
    sums,
  })
}

/** `now` is business time of the last command: a grant that starts after it is still to come. */
export function standOfOracle(account: Account, now: number): Stand {
  const { term, grants, invoices, uses } = account
  const ends = grants.map(({ ended, expiresAt }) => (ended ? null : expiresAt) ?? Infinity)
  const starts = grants.map(({ ended, startsAt }) => (ended || startsAt <= now ? Infinity : startsAt))
  const next = Math.min(...ends, ...starts, term?.end ?? Infinity)
  return standOf({
    plan: term?.plan.id ?? null,
    period: term && `${term.n} ${term.start} ${term.end}`,
    pending: term?.pending === 'cancel' ? 'cancel' : (term?.pending?.id ?? null),
    overage: uses.reduce((sum, { overage }) => sum + overage, 0n),
    nextEvent: next === Infinity ? null : next,
    grants: grants.map(oracleGrantText),
    invoices: invoices.map(oracleInvoiceText),
    sums: expectedSums(account),
  })
}

function standOf(facts: {
  plan: string | null
  period: string | null
  pending: string | null
  overage: Micros
  nextEvent: number | null
  grants: string[]
  invoices: string[]
  sums: ReadonlyMap<string, Micros>
}): Stand {
  const { plan, period, pending, overage, nextEvent, grants, invoices, sums } = facts
  const stand: Stand = new Map([
    ['plan', `${plan} period ${period} pending ${pending} overage ${overage} next ${nextEvent}`],
  ])
  for (const [index, text] of grants.entries()) stand.set(`grant ${index + 1}`, text)
  for (const [index, text] of invoices.entries()) stand.set(`invoice ${index + 1}`, text)
  for (const [name, amount] of sums) if (amount !== 0n) stand.set(name, formatMicros(amount))
  return stand
}

function grantText(grant: BookedGrant): string {
  const { source, granted, remaining, consideration, recognised, priority, startsAt, expiresAt, endedAt } =
    grant
  const times = `${startsAt.getTime()} ${expiresAt?.getTime() ?? null} ${endedAt !== null}`
  return `${source} ${granted} ${remaining} ${consideration} ${recognised} ${priority} ${times}`
}

function oracleGrantText(grant: Grant): string {
  const { source, credits, drawn, paid, priority, startsAt, expiresAt, ended } = grant
  const [left, earned] = ended ? [0n, paid] : [credits - drawn, earnedOf(grant)]
  return `${source} ${credits} ${left} ${paid} ${earned} ${priority} ${startsAt} ${expiresAt} ${ended}`
}

function invoiceText({
  kind,
  number,
  status,
  periodStartsAt,
  periodEndsAt,
  lines,
  ...amounts
}: StoredInvoice): string {
  const texts = lines.map((line) => {
    const { planVersionId: plan, operation, quantity, unitPrice, credits, exactAmount, amount } = line
    const isUsage = operation !== null
    const used = credits.map((one) => `${one.source}:${one.credits}`).join(',')
    const what = `${line.kind} ${plan ?? '-'} ${operation ?? '-'} ${quantity ?? '-'} ${isUsage ? unitPrice : '-'}`
    return `${what}${line.kind === 'credits_applied' ? ` ${used}` : ''} ${exactAmount} ${amount}`
  })
  const { total, opening, paid } = amounts
  const term = `${periodStartsAt.getTime()} ${periodEndsAt.getTime()}`
  return [`${kind} ${number} ${status} ${term} ${total} ${opening} ${paid}`, ...texts].join(' | ')
}

function oracleInvoiceText({ kind, number, status, from, to, lines, total, opening, paid }: Invoice): string {
  return [`${kind} ${number} ${status} ${from} ${to} ${total} ${opening} ${paid}`, ...lines].join(' | ')
}

/** floor(consideration × drawn ÷ granted) (rule R30). */
function earnedOf({ paid, drawn, credits }: Grant): Micros {
  return (paid * drawn) / credits
}

/** What each ledger account must sum to, from the facts alone (rule R30). */
function expectedSums(account: Account): Map<string, Micros> {
  const { units, grants, invoices, overage, deferred, earned } = account
  const sums = new Map<string, Micros>()
  const add = (name: string, amount: Micros) => {
    const unit = name.startsWith('credits') ? `credit:${units?.creditUnit}` : units?.currency
    sums.set(`${name} ${unit}`, (sums.get(`${name} ${unit}`) ?? 0n) + amount)
  }
  const fell = { due: deferred + earned + overage }
  for (const grant of grants) {
    const { source, credits, drawn, paid, ended, rolled, moved, movedPaid } = grant
    add('credits:drawn', drawn)
    add(ended ? 'credits:expired' : 'credits:available', credits - drawn - moved)
    add('income:credits', -earnedOf(grant))
    add(ended ? 'income:breakage' : 'liabilities:deferred', earnedOf(grant) + movedPaid - paid)
    // What has rolled over was issued and paid for before.
    if (rolled > 0) continue
    add(`credits:issued:${source}`, -credits)
    fell.due += paid
  }
  for (const { number, total, exact, paid } of invoices) {
    if (number === null) continue
    add('assets:receivable', total - paid)
    add('assets:cash', paid)
    add('income:rounding', exact - total)
    fell.due -= exact
  }
  add('assets:unbilled', fell.due)
  add('liabilities:deferred', -deferred)
  add('income:plan', -earned)
  add('income:overage', -overage)
  return sums
}
