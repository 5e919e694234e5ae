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
import type { Account, Grant, Invoice } from './oracle-account.ts'
import { isInterimDue, usesOf } from './oracle-invoices.ts'

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
    credit: books.customerCredit,
    nextEvent: nextEventOf(books)?.getTime() ?? null,
    grants: [...grants.values()].map(grantText),
    invoices: invoices.map(invoiceText),
    sums,
  })
}

/** `now` is business time of the last command: a grant that starts after it is still to come. */
export function standOfOracle(account: Account, now: number): Stand {
  const { term, grants, invoices, credit } = account
  const ends = grants.map(({ ended, expiresAt }) => (ended ? null : expiresAt) ?? Infinity)
  const starts = grants.map(({ ended, startsAt }) => (ended || startsAt <= now ? Infinity : startsAt))
  const next = isInterimDue(account) ? account.last : Math.min(...ends, ...starts, term?.end ?? Infinity)
  return standOf({
    plan: term?.plan.id ?? null,
    period: term && `${term.n} ${term.start} ${term.end}`,
    pending: term?.pending === 'cancel' ? 'cancel' : (term?.pending?.id ?? null),
    overage: usesOf(account).reduce((sum, { overage }) => sum + overage, 0n),
    credit,
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
  credit: Micros
  nextEvent: number | null
  grants: string[]
  invoices: string[]
  sums: ReadonlyMap<string, Micros>
}): Stand {
  const { plan, period, pending, overage, credit, nextEvent, grants, invoices, sums } = facts
  const stand: Stand = new Map([
    [
      'plan',
      `${plan} period ${period} pending ${pending} overage ${overage} credit ${credit} next ${nextEvent}`,
    ],
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
    const more = { credits_applied: ` ${used}`, tax: ` ${line.name} ${line.taxRate}` }
    return `${what}${line.kind in more ? more[line.kind as keyof typeof more] : ''} ${exactAmount} ${amount}`
  })
  const { total, tax, treatment, opening, credit, paid } = amounts
  const term = `${periodStartsAt.getTime()} ${periodEndsAt.getTime()}`
  const sums = `${total} ${tax} ${treatment} ${opening} ${credit} ${paid}`
  return [`${kind} ${number} ${status} ${term} ${sums}`, ...texts].join(' | ')
}

function oracleInvoiceText({ kind, number, status, from, to, lines, ...amounts }: Invoice): string {
  const { total, tax, treatment, opening, credit, paid } = amounts
  const sums = `${total} ${tax} ${treatment} ${opening} ${credit} ${paid}`
  return [`${kind} ${number} ${status} ${from} ${to} ${sums}`, ...lines].join(' | ')
}

/** floor(consideration × drawn ÷ granted) (rule R30). */
function earnedOf({ paid, drawn, credits }: Grant): Micros {
  return (paid * drawn) / credits
}

/** What each ledger account must sum to, from the facts alone (rule R30). */
function expectedSums(account: Account): Map<string, Micros> {
  const { units, overage, deferred, earned, kept, notes } = account
  const sums = new Map<string, Micros>()
  const add: Add = (name, amount) => {
    const unit = name.startsWith('credits') ? `credit:${units?.creditUnit}` : units?.currency
    sums.set(`${name} ${unit}`, (sums.get(`${name} ${unit}`) ?? 0n) + amount)
  }
  const billed = addInvoices(account, add)
  add('assets:unbilled', deferred + earned + overage + addGrants(account, add) - billed)
  add('liabilities:deferred', -deferred)
  add('income:plan', -earned)
  add('income:overage', -overage)
  add('assets:cash', kept)
  add('liabilities:customer_credit', -kept)
  addPayments(account, add)
  for (const { net, tax, exact } of notes) {
    add('income:overage', exact)
    add('income:rounding', net - exact)
    add('liabilities:tax', tax)
    add('liabilities:customer_credit', -net - tax)
  }
  return sums
}

type Add = (name: string, amount: Micros) => void

/** What went back of payments, what a bank holds of them, and what was given back of their invoices for it. */
function addPayments({ payments, invoices }: Account, add: Add): void {
  for (const { returned, dispute, disputed } of payments) {
    add('assets:cash', -returned)
    add('liabilities:customer_credit', returned)
    if (dispute === 'open') {
      add('assets:cash', -disputed)
      add('assets:disputed', disputed)
    }
  }
  for (const { allowed, allowedTax } of invoices) {
    const tax = allowedTax.reduce((sum, one) => sum + one, 0n)
    add('income:allowances', allowed - tax)
    add('liabilities:tax', tax)
    add('liabilities:customer_credit', -allowed)
  }
}

/** Answers what has fallen due for them. */
function addGrants({ grants }: Account, add: Add): Micros {
  let due = 0n
  for (const grant of grants) {
    const {
      source,
      credits,
      drawn,
      paid,
      ended,
      voided,
      rolled,
      moved,
      movedPaid,
      passed,
      passedPaid,
      isVoid,
    } = grant
    const [left, deferred] = [credits - drawn - moved - voided, paid - earnedOf(grant) - movedPaid]
    add('credits:drawn', drawn - passed)
    add('credits:expired', passed)
    add('credits:voided', voided)
    add(ended ? 'credits:expired' : 'credits:available', left)
    add('income:credits', passedPaid - earnedOf(grant))
    add('income:breakage', -passedPaid)
    add(
      isVoid ? 'liabilities:customer_credit' : ended ? 'income:breakage' : 'liabilities:deferred',
      -deferred,
    )
    // What has rolled over was issued and paid for before.
    if (rolled > 0) continue
    add(`credits:issued:${source}`, -credits)
    due += paid
  }
  return due
}

/** Answers what they have billed, before rounding and tax. */
function addInvoices({ invoices }: Account, add: Add): Micros {
  let billed = 0n
  for (const { number, total, tax, exact, credit, paid, givenUp } of invoices) {
    if (number === null) continue
    add('assets:receivable', total - paid - credit - givenUp)
    add('expenses:bad_debt', givenUp)
    add('assets:cash', paid)
    add('liabilities:customer_credit', credit)
    add('income:rounding', exact - total + tax)
    add('liabilities:tax', -tax)
    billed += exact
  }
  return billed
}
