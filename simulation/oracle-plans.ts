/**
 * What the oracle knows of changing the plan: start, upgrade, downgrade, cancel, and what became of the payment (rule R22).
 *
 * Part of the oracle (oracle.ts).
 */
import type { Account, AccountCommand, Invoice, OraclePlan, Term } from './oracle-account.ts'
import { feeOf, halfAway, least } from './oracle-account.ts'
import { addTax, claim, draft, dueOf, feeLines, payByCard, spendable } from './oracle-invoices.ts'
import { begin, closeNow, grantTerm, setVersion } from './oracle-periods.ts'

export function mark(account: Account, act: 'cancel' | 'cancel_now' | 'resume', at: number): string {
  const { term } = account
  if (!term) return 'no_subscription'
  if (act === 'resume' && term.pending === null) return 'nothing_pending'
  if (act !== 'resume' && account.awaiting) return 'plan_change_awaiting_payment'
  if (act === 'cancel_now') closeNow(account, term, at)
  else term.pending = act === 'resume' ? null : 'cancel'
  return 'ok'
}

/** A start or an upgrade takes effect when it is paid, everything else at the boundary (rule R22). */
export function change(account: Account, { plan, at: now, pinnedAt, minimum }: Change): string {
  const { term, units, versions } = account
  if (account.awaiting) return 'plan_change_awaiting_payment'
  if (term?.pending === 'cancel') return 'cancellation_pending'
  if (plan.trial && versions.length > 0) return 'plan_not_offered'
  const unitOf = ({ currency, creditUnit }: OraclePlan) => `${currency} ${creditUnit}`
  if (units && unitOf(units) !== unitOf(plan)) return 'unit_mismatch'
  if (term?.plan === plan) return 'same_plan'
  const second = now - (now % 1000)
  // Leaving a trial is a start.
  const upgraded = term && !term.plan.trial ? term : null
  let [exact, credits] = [feeOf(plan), plan.credits]
  if (upgraded) {
    const at = pinnedAt ?? second
    const [more, moreCredits] = [exact - feeOf(upgraded.plan), credits - upgraded.plan.credits]
    if (more < 0n || moreCredits < 0n || more + moreCredits === 0n) {
      upgraded.pending = plan
      return `scheduled ${upgraded.end}`
    }
    if (at < upgraded.start || at >= upgraded.end) return 'preview_stale'
    const [left, whole] = [at, upgraded.start].map((from) => BigInt(Math.floor((upgraded.end - from) / 1000)))
    exact = halfAway(more * left!, whole!)
    credits = halfAway(moreCredits * left!, whole!)
  }
  const invoice = draftChange(account, { plan, exact, second, upgraded })
  account.awaiting = { term, n: term?.n ?? 0, plan, credits, invoice }
  const due = askFor(account, invoice)
  if (due > 0n && due >= minimum) return `awaiting ${due} ${credits}`
  takeEffect(account, now)
  if (invoice.total > 0n) claim(account, invoice, minimum, now)
  return `effective 0 ${credits}`
}

type Change = AccountCommand & { do: 'change' }
type Changed = { plan: OraclePlan; exact: bigint; second: number; upgraded: Term | null }

function draftChange({ world, zone }: Account, { plan, exact, second, upgraded }: Changed): Invoice {
  const lines = upgraded ? [{ text: `plan_change ${plan.id} - - -`, exact }] : feeLines(plan)
  const { boundary, civilOf } = world.calendar
  const to = upgraded?.end ?? boundary(civilOf(second, zone), 1, zone)
  const kind = upgraded ? 'upgrade' : 'start'
  const invoice = draft({ kind, from: second, to, lines, plan })
  return { ...invoice, exact: invoice.total }
}

/** Its tax, and what customer credit it counts on; answers what the card is asked for. */
function askFor(account: Account, invoice: Invoice): bigint {
  if (invoice.total === 0n) return 0n
  addTax(invoice, account.tax, account.awaiting!.plan)
  invoice.credit = least(invoice.total, spendable(account))
  account.invoices.push(invoice)
  return dueOf(invoice)
}

function takeEffect(account: Account, now: number): void {
  const { plan, credits, invoice } = account.awaiting!
  const { term } = account
  account.awaiting = null
  if (invoice.kind === 'upgrade') {
    const grant = { source: 'upgrade', credits, startsAt: now, expiresAt: term!.end }
    grantTerm(account, grant, invoice.total - invoice.tax)
    Object.assign(term!, { plan, pending: null })
    setVersion(account, now, plan)
    return
  }
  if (term) closeNow(account, term, now)
  // A calendar counts from a whole second, but never from before the last thing booked.
  const second = now - (now % 1000)
  account.units ??= plan
  begin(account, plan, second < account.last ? now : second)
}

/** What was asked for in a period, or on a trial, that is over has lapsed: what was paid for it is customer credit. */
export function settle(account: Account, now: number, paid: boolean): string {
  if (!account.awaiting) return 'nothing_awaiting'
  const { invoice, term, n } = account.awaiting
  const isOver = account.term !== term || (invoice.kind === 'upgrade' && term!.n !== n)
  if (paid && !isOver) {
    takeEffect(account, now)
    claim(account, invoice, 0n, now)
    payByCard(account, invoice)
    Object.assign(invoice, { status: 'paid', paid: dueOf(invoice) })
    return 'effective'
  }
  account.awaiting = null
  invoice.status = 'void'
  if (!paid) return 'declined'
  invoice.paid = dueOf(invoice)
  Object.assign(account, {
    credit: account.credit + invoice.paid,
    kept: account.kept + invoice.paid,
    last: now,
  })
  return 'lapsed'
}
