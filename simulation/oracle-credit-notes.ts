/**
 * What the oracle knows of usage that is taken back (rule R26).
 *
 * Part of the oracle (oracle.ts). Newest first: overage falls away before credits come back, and credits that come back pay for
 * overage of the period before they go home.
 */
import type { Account, AccountCommand, CreditNote, Draw, Grant, Invoice, Use } from './oracle-account.ts'
import { halfAway, least, minorUnit, NEW, overageOf, sum } from './oracle-account.ts'
import { finalize, taxOn } from './oracle-invoices.ts'

/** Credits that go back to their grants, and those that cannot; overage of the open period, and of closed ones by their invoices. */
type Taken = { returned: Draw[]; adjusted: Draw[]; openOverage: bigint; closed: Map<Invoice, Closed> }
type Closed = { uses: Use[]; overage: bigint }

export function issueNote(
  account: Account,
  { keys, at, minimum }: AccountCommand & { do: 'credit' },
): string {
  finalize(account, minimum, at)
  const chosen = keys.map((key) => account.uses.find((use) => use.key === key))
  if (chosen.includes(undefined)) return 'usage_not_found'
  if (chosen.some((use) => use!.reversed)) return 'usage_credited_already'
  const uses = account.uses.filter((use) => chosen.includes(use) && use.cost > 0n).reverse()
  if (uses.length === 0) return 'nothing_to_credit'
  // Nobody has paid what would be given back.
  if (uses.some(({ overage, invoice }) => overage > 0n && invoice?.status === 'written_off')) {
    return 'invoice_written_off'
  }
  const taken: Taken = { returned: [], adjusted: [], openOverage: 0n, closed: new Map() }
  for (const use of uses) use.reversed = true
  for (const use of uses) takeBack(account, use, at, taken)
  for (const { grant, part } of taken.returned) grant.drawn -= part
  passOn(taken.adjusted)
  const note: CreditNote = {
    returned: sum(taken.returned, ({ part }) => part),
    adjusted: sum(taken.adjusted, ({ part }) => part),
    openOverage: taken.openOverage,
    ...creditInvoices(account, taken.closed),
  }
  if (note.adjusted > 0n) account.grants.push(adjustment(account, note.adjusted, at))
  account.overage -= taken.openOverage
  account.credit += note.net + note.tax
  account.last = at
  account.notes.push(note)
  return `note ${account.notes.length} ${note.net} ${note.tax} ${note.openOverage} ${note.returned} ${note.adjusted}`
}

function takeBack({ uses, term }: Account, use: Use, at: number, taken: Taken): void {
  const isOpen = use.term === term && use.n === term.n && !use.invoice
  const back = use.draws.map((draw) => ({ ...draw })).reverse()
  if (!isOpen) {
    taken.adjusted.push(...back)
    const invoice = use.overage > 0n ? use.invoice! : null
    if (!invoice) return
    const closed = taken.closed.get(invoice) ?? { uses: [], overage: 0n }
    taken.closed.set(invoice, { uses: [...closed.uses, use], overage: closed.overage + use.overage })
    return
  }
  taken.openOverage += use.overage
  const later = uses
    .slice(uses.indexOf(use) + 1)
    .filter((one) => one.term === term && one.n === term.n && !one.reversed && !one.invoice)
  for (const one of later.reverse()) taken.openOverage += payFor(one, back)
  for (const draw of back.filter(({ part }) => part > 0n)) {
    const { ended, startsAt } = draw.grant
    ;(!ended && startsAt <= at ? taken.returned : taken.adjusted).push(draw)
  }
}

/** Credits that come back pay for what a later use left uncovered; answers the overage that falls away with it. */
function payFor(use: Use, back: Draw[]): bigint {
  const before = use.overage
  for (const draw of back) {
    const part = least(draw.part, use.cost - sum(use.draws, (one) => one.part))
    if (part === 0n) continue
    draw.part -= part
    use.draws.push({ grant: draw.grant, part })
  }
  const left = use.cost - sum(use.draws, ({ part }) => part)
  use.overage = overageOf(left, use.plan, use.price)
  return before - use.overage
}

/** Credits leave usage without returning: what was earned with them is earned by their end instead (rule R30). */
function passOn(adjusted: readonly Draw[]): void {
  const byGrant = new Map<Grant, bigint>()
  for (const { grant, part } of adjusted) byGrant.set(grant, (byGrant.get(grant) ?? 0n) + part)
  for (const [grant, part] of byGrant) {
    const inUse = grant.drawn - grant.passed
    grant.passedPaid += (grant.paid * inUse) / grant.credits - (grant.paid * (inUse - part)) / grant.credits
    grant.passed += part
  }
}

/** Rounded over all credit notes of an invoice together, and so is each rate of its tax. */
function creditInvoices(
  { units }: Account,
  closed: Taken['closed'],
): { net: bigint; tax: bigint; exact: bigint } {
  const unit = minorUnit(units!)
  const given = { net: 0n, tax: 0n, exact: 0n }
  for (const [invoice, { overage }] of closed) {
    invoice.creditedExact += overage
    const net = halfAway(invoice.creditedExact, unit) * unit
    given.net += net - invoice.creditedNet
    given.exact += overage
    invoice.creditedNet = net
    for (const [index, { rate }] of invoice.rates.entries()) {
      const tax = taxOn(net, rate, units!)
      given.tax += tax - (invoice.creditedTax[index] ?? 0n)
      invoice.creditedTax[index] = tax
    }
  }
  return given
}

/** Ends with the period after this one; the calendar outlives a cancelled subscription. */
function adjustment({ world, zone, term, lastTerm }: Account, credits: bigint, at: number): Grant {
  const { civil, n } = term ?? lastTerm!
  let number = n
  while (!term && world.calendar.boundary(civil, number + 1, zone) <= at) number += 1
  const expiresAt = world.calendar.boundary(civil, number + 2, zone)
  return { source: 'adjustment', credits, priority: 50, startsAt: at, expiresAt, ...NEW, paid: 0n }
}
