/**
 * What the oracle knows of invoices: lines, rounding, tax, what is set off, what is carried and what is paid (rules R9, R21, R26).
 *
 * Part of the oracle (oracle.ts). Reads every use for each invoice.
 */
import type { Account, Invoice, OraclePlan, Tax, Use } from './oracle-account.ts'
import { halfAway, least, minorUnit, overagePrice, sum } from './oracle-account.ts'

export type Line = { text: string; exact: bigint }

export function feeLines({ id, listPrice, discount }: OraclePlan): Line[] {
  const fee = { text: `plan_fee ${id} - - -`, exact: listPrice }
  return discount === 0n ? [fee] : [fee, { text: `discount ${id} - - -`, exact: -discount }]
}

/** Uses of the open period. */
export function usesOf({ uses, term }: Account): Use[] {
  return uses.filter((use) => use.term === term && use.n === term.n && (!use.reversed || use.invoice))
}

/** Those of them that are on no interim invoice. */
export function unbilledOf(account: Account): Use[] {
  return usesOf(account).filter(({ invoice }) => !invoice)
}

/** Whether so much is on no invoice that an interim one is due. */
export function isInterimDue(account: Account): boolean {
  const { interimAt } = account
  return interimAt !== null && sum(unbilledOf(account), ({ overage }) => overage) >= interimAt
}

export function usageLines(account: Account): Line[] {
  const uses = unbilledOf(account)
  const inForce = account.versions.flatMap(({ plan }) => plan ?? [])
  const onlyPinned = uses.map(({ plan }) => plan).filter((plan) => !inForce.includes(plan))
  const lines: Line[] = []
  for (const kind of ['usage', 'late_usage']) {
    const ofKind = uses.filter(({ late }) => late === (kind === 'late_usage'))
    for (const plan of new Set([...onlyPinned.sort((a, b) => (a.id < b.id ? -1 : 1)), ...inForce])) {
      for (const price of plan.prices) {
        const quantity = sum(ofKind, (use) => (use.plan === plan && use.price === price ? use.quantity : 0n))
        const unit = overagePrice(plan, price)
        const text = `${kind} ${plan.id} ${price.operation} ${quantity} ${unit}`
        if (quantity > 0n) lines.push({ text, exact: quantity * unit })
      }
    }
  }
  const bySource: Record<string, bigint> = {}
  for (const { grant, part } of uses.flatMap(({ draws }) => draws)) {
    bySource[grant.source] = (bySource[grant.source] ?? 0n) + part
  }
  const used = Object.entries(bySource).map(([source, part]) => `${source}:${part}`)
  const exact = sum(uses, ({ overage }) => overage) - sum(lines, (line) => line.exact)
  if (used.length === 0 && exact === 0n) return lines
  return [...lines, { text: `credits_applied - - - - ${used.sort().join(',')}`, exact }]
}

type Draft = { kind: string; from: number; to: number; lines: readonly Line[]; plan: OraclePlan }

/** Rounded once: what is missing goes where most was cut off. */
export function draft({ kind, from, to, lines, plan }: Draft): Invoice {
  const unit = minorUnit(plan)
  const exact = sum(lines, (line) => line.exact)
  const total = halfAway(exact, unit) * unit
  const amounts = lines.map((line) => line.exact - (((line.exact % unit) + unit) % unit))
  for (let missing = total - sum(amounts, (amount) => amount); missing > 0n; missing -= unit) {
    const short = lines.map((line, index) => line.exact - amounts[index]!)
    amounts[short.reduce((best, size, index) => (size > short[best]! ? index : best), 0)]! += unit
  }
  const texts = lines.map((line, index) => `${line.text} ${line.exact} ${amounts[index]}`)
  const open = { number: null, status: 'draft', opening: 0n, credit: 0n, paid: 0n, takenBy: null }
  const untaxed = { tax: 0n, treatment: 'standard', rates: [] }
  const credited = { creditedExact: 0n, creditedNet: 0n, creditedTax: [], allowed: 0n, allowedTax: [] }
  const owed = { failedAt: null, givenUp: 0n }
  return { kind, from, to, lines: texts, total, exact, ...open, ...owed, ...untaxed, ...credited }
}

/** Each rate of the rounded base; whoever is exempt or whose recipient pays has one line that says so. */
export function addTax(invoice: Invoice, { treatment, rates }: Tax, plan: OraclePlan): void {
  const words = treatment === 'exempt' ? 'Exempt' : 'Reverse charge'
  const none = [words, ...(rates.length > 0 ? [rates.map(({ name }) => name).join(' and ')] : [])].join(', ')
  const base = invoice.total
  invoice.treatment = treatment
  invoice.rates = treatment === 'standard' ? rates : [{ name: none, rate: 0n }]
  for (const { name, rate } of invoice.rates) {
    const amount = taxOn(base, rate, plan)
    invoice.lines.push(`tax - - - - ${name} ${rate} ${amount} ${amount}`)
    invoice.tax += amount
  }
  invoice.total += invoice.tax
}

export function taxOn(base: bigint, rate: bigint, plan: OraclePlan): bigint {
  const unit = minorUnit(plan)
  return halfAway(base * rate, unit * 1_000_000n) * unit
}

/** What an invoice may use, in whole minor units: not what a change of plan counts on that waits for its payment. */
export function spendable({ credit, units, awaiting }: Account): bigint {
  const free = credit - (awaiting?.invoice.credit ?? 0n)
  return units ? free - (free % minorUnit(units)) : 0n
}

export function dueOf({ total, opening, credit, paid, givenUp }: Invoice): bigint {
  return total + opening - credit - paid - givenUp
}

export function finalize(account: Account, minimum: bigint, now: number): string {
  const due = account.invoices.filter(
    ({ status, kind }) => status === 'draft' && /boundary|cancel|purchase|interim/.test(kind),
  )
  for (const invoice of due) {
    addTax(invoice, account.tax, account.units!)
    const carried = account.invoices.filter(({ status, takenBy }) => status === 'carried' && !takenBy)
    invoice.opening = sum(carried, dueOf)
    for (const one of carried) one.takenBy = invoice
    invoice.credit = least(invoice.total + invoice.opening, spendable(account))
    claim(account, invoice, minimum, now)
  }
  return `${due.length}`
}

/** A number, and whether it is to be paid: too little is carried, and nothing is paid already. */
export function claim(account: Account, invoice: Invoice, minimum: bigint, now: number): void {
  const due = dueOf(invoice)
  invoice.status = due === 0n ? 'paid' : due < minimum ? 'carried' : 'open'
  invoice.number = 1 + account.invoices.filter(({ number }) => number !== null).length
  account.credit -= invoice.credit
  account.last = now
  if (due === 0n) settleTakenUp(account, invoice, 'paid')
}

const UNPAID = /^(open|past_due|uncollectible)$/
const DAY = 86_400_000

/** After 1, 3, 5 and 7 days from the first failure it is tried again; then only its customer can do something (rule R28). */
export function pay(account: Account, paid: boolean, now: number): string {
  const due = account.invoices.filter(({ status }) => UNPAID.test(status))
  for (const invoice of due) {
    if (paid) {
      payByCard(account, invoice)
      receive(account, invoice, now)
    }
    if (!paid) {
      invoice.failedAt ??= now
      const left = [1, 3, 5, 7].filter((days) => invoice.failedAt! + days * DAY > now)
      invoice.status = left.length > 0 ? 'past_due' : 'uncollectible'
    }
  }
  return `${due.length} ${due.filter(({ status }) => status === 'past_due').length}`
}

export function payByCard({ payments }: Account, invoice: Invoice): void {
  payments.push({ invoice, amount: dueOf(invoice), returned: 0n, dispute: null, disputed: 0n })
}

function receive(account: Account, invoice: Invoice, now: number): void {
  invoice.paid += dueOf(invoice)
  account.last = now
  settleTakenUp(account, invoice, 'paid')
}

/** The oldest that asks for money is bad debt, its tax and what it took up included. */
export function giveUp(account: Account, now: number): string {
  const invoice = oldest(account, ({ status }) => UNPAID.test(status))
  if (!invoice) return 'none'
  invoice.givenUp = dueOf(invoice)
  account.last = now
  settleTakenUp(account, invoice, 'written_off')
  return `${invoice.givenUp}`
}

/** Also what was given up can be paid. */
export function payByHand(account: Account, now: number): string {
  const invoice = oldest(account, ({ status }) => UNPAID.test(status) || status === 'written_off')
  if (!invoice) return 'none'
  invoice.givenUp = 0n
  const before = invoice.paid
  receive(account, invoice, now)
  return `${invoice.paid - before}`
}

function oldest({ invoices }: Account, is: (invoice: Invoice) => boolean): Invoice | undefined {
  const found = invoices.filter((invoice) => is(invoice) && !invoice.takenBy)
  return found.sort((a, b) => a.number! - b.number!)[0]
}

/** What an invoice took up is paid or given up with it, and so is what that had taken up. */
function settleTakenUp({ invoices }: Account, invoice: Invoice, as: 'paid' | 'written_off'): void {
  const settled = new Set([invoice])
  // A set that grows is gone through to its end.
  for (const by of settled) for (const one of invoices) if (one.takenBy === by) settled.add(one)
  for (const one of settled) one.status = as
}
