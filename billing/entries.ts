/**
 * Double entry: each event that touches credits or money, as entries that sum to zero for each
 * commodity (rule R30).
 *
 * Called by the ledger's verbs, which store what these functions return and nothing else: a
 * balance is the sum of its entries.
 *
 * Debits are positive, credits negative. Credits and money never meet in one commodity, even where
 * the credit unit is called USD: `credit:USD` and `USD`.
 *
 *   account                        commodity  grows (+ debit, − credit) when
 *   credits:issued:<source>        credit  −  credits of that source are granted
 *   credits:available              credit  +  granted; of one grant: what it still holds
 *   credits:drawn                  credit  +  usage draws them
 *   credits:expired                credit  +  a grant ends with credits left
 *   credits:voided                 credit  +  the operator takes them back
 *   assets:unbilled                money   +  overage accrues, or a fee falls due
 *   assets:receivable              money   +  an invoice is finalized
 *   assets:cash                    money   +  a payment arrives, − it is refunded or disputed
 *   assets:disputed                money   +  the bank takes a payment back until a dispute is decided
 *   liabilities:deferred           money   −  a grant or a term is paid for, and not yet earned
 *   liabilities:tax                money   −  an invoice is finalized with tax
 *   liabilities:customer_credit    money   −  a credit note is given
 *   liabilities:refunds            money   −  a refund is under way
 *   income:credits                 money   −  paid credits are drawn
 *   income:overage                 money   −  overage accrues
 *   income:breakage                money   −  paid credits end unused
 *   income:plan                    money   −  the term of a plan without credits ends
 *   income:allowances              money   +  a part of an invoice is given back
 *   income:rounding                money   ±  an invoice is rounded to minor units
 *   expenses:bad_debt              money   +  an invoice is given up, − it is paid after all
 *
 * Invariants:
 *   1. Every list returned sums to zero for each commodity; `balanced` asserts it, always.
 *   2. No entry is of zero.
 *   3. Entries of credits:available and liabilities:deferred name their grant, so that the balance
 *      and the deferred revenue of each grant are sums too. (A fee without credits has none.)
 *
 * A fee reaches the receivable in two steps, because a draft is not yet a claim: when it falls due
 * at the roll it is unbilled, when its invoice is finalized it is receivable.
 */
import { assert } from './assert.ts'
import type { GrantSource } from './grant.ts'
import type { Micros } from './micros.ts'

export type LedgerAccount =
  | `credits:issued:${GrantSource}`
  | 'credits:available'
  | 'credits:drawn'
  | 'credits:expired'
  | 'credits:voided'
  | 'assets:unbilled'
  | 'assets:receivable'
  | 'assets:cash'
  | 'assets:disputed'
  | 'liabilities:deferred'
  | 'liabilities:tax'
  | 'liabilities:customer_credit'
  | 'liabilities:refunds'
  | 'income:credits'
  | 'income:overage'
  | 'income:breakage'
  | 'income:plan'
  | 'income:allowances'
  | 'income:rounding'
  | 'expenses:bad_debt'

export type Entry = {
  account: LedgerAccount
  /** "USD", or "credit:USD" for credits counted in dollars, "credit:credits" for abstract ones. */
  commodity: string
  /** Debit positive, credit negative, never zero. */
  amount: Micros
  grantId: string | null
}

/** The two commodities of an account's books. */
export type Units = { currency: string; creditUnit: string }

/** Credits drawn from a grant, and the money that this recognises (recognisedBy). */
export type BookedDraw = { grantId: string; amount: Micros; recognised: Micros }

/** The commodity under which credits are booked. */
export function creditCommodity(units: Units): string {
  return `credit:${units.creditUnit}`
}

/** A grant comes into being; what is paid for it falls due. */
export function grantIssued(
  units: Units,
  grant: { id: string; source: GrantSource; credits: Micros; consideration: Micros },
): Entry[] {
  const { id, source, credits, consideration } = grant
  return balanced([
    ...move(creditCommodity(units), `credits:issued:${source}`, 'credits:available', credits, id),
    ...move(units.currency, 'liabilities:deferred', 'assets:unbilled', consideration, id),
  ])
}

/** The fee of a plan that grants no credits falls due. It is earned by `termEnded`. */
export function feeFellDue(units: Units, fee: Micros): Entry[] {
  return balanced(move(units.currency, 'liabilities:deferred', 'assets:unbilled', fee, null))
}

/** The term of a plan that grants no credits is over, and its fee is earned. */
export function termEnded(units: Units, fee: Micros): Entry[] {
  return balanced(move(units.currency, 'income:plan', 'liabilities:deferred', fee, null))
}

/** One account's share of a batch of usage: everything drawn by grant, and the overage accrued. */
export function usageBooked(units: Units, usage: { draws: readonly BookedDraw[]; overage: Micros }): Entry[] {
  const credit = creditCommodity(units)
  return balanced([
    ...usage.draws.flatMap(({ grantId, amount, recognised }) => [
      ...move(credit, 'credits:available', 'credits:drawn', amount, grantId),
      ...move(units.currency, 'income:credits', 'liabilities:deferred', recognised, grantId),
    ]),
    ...move(units.currency, 'income:overage', 'assets:unbilled', usage.overage, null),
  ])
}

/** Usage is taken back: credits return to their grants, accrued overage of the open period falls. */
export function usageReversed(
  units: Units,
  usage: { returned: readonly BookedDraw[]; overage: Micros },
): Entry[] {
  const draws = usage.returned.map(({ grantId, amount, recognised }) => ({
    grantId,
    amount: -amount,
    recognised: -recognised,
  }))
  return usageBooked(units, { draws, overage: -usage.overage })
}

/** A grant ends with `remaining` credits unused, for which `breakage` was still deferred. */
export function grantExpired(
  units: Units,
  grant: { id: string; remaining: Micros; breakage: Micros },
): Entry[] {
  const { id, remaining, breakage } = grant
  return balanced([
    ...move(creditCommodity(units), 'credits:available', 'credits:expired', remaining, id),
    ...move(units.currency, 'income:breakage', 'liabilities:deferred', breakage, id),
  ])
}

/** The operator takes credits back; what was still deferred for them becomes customer credit. */
export function grantVoided(units: Units, grant: { id: string; credits: Micros; deferred: Micros }): Entry[] {
  const { id, credits, deferred } = grant
  return balanced([
    ...move(creditCommodity(units), 'credits:available', 'credits:voided', credits, id),
    ...move(units.currency, 'liabilities:customer_credit', 'liabilities:deferred', deferred, id),
  ])
}

/** Part of a grant lives on as another: its credits and what is deferred for them move over. */
export function grantRolledOver(
  units: Units,
  roll: { fromId: string; toId: string; credits: Micros; deferred: Micros },
): Entry[] {
  const { fromId, toId, credits, deferred } = roll
  const entry = (account: LedgerAccount, commodity: string, amount: Micros, grantId: string) =>
    amount === 0n ? [] : [{ account, commodity, amount, grantId }]
  return balanced([
    ...entry('credits:available', creditCommodity(units), -credits, fromId),
    ...entry('credits:available', creditCommodity(units), credits, toId),
    ...entry('liabilities:deferred', units.currency, deferred, fromId),
    ...entry('liabilities:deferred', units.currency, -deferred, toId),
  ])
}

/**
 * An invoice becomes a claim. `unbilled` is the exact sum of the fees, the charges and the overage
 * on it, `net` its total before tax; the two differ by the rounding of the invoice alone.
 */
export function invoiceFinalized(
  units: Units,
  invoice: { net: Micros; tax: Micros; unbilled: Micros },
): Entry[] {
  const { net, tax, unbilled } = invoice
  const rounding = net - unbilled
  return balanced([
    ...move(units.currency, 'assets:unbilled', 'assets:receivable', unbilled, null),
    ...move(units.currency, 'income:rounding', 'assets:receivable', rounding, null),
    ...move(units.currency, 'liabilities:tax', 'assets:receivable', tax, null),
  ])
}

/** Money arrives for an invoice. */
export function paymentReceived(units: Units, amount: Micros): Entry[] {
  return balanced(move(units.currency, 'assets:receivable', 'assets:cash', amount, null))
}

/** Money arrives for what cannot be had any more: it stays with the account as customer credit. */
export function paymentCredited(units: Units, amount: Micros): Entry[] {
  return balanced(move(units.currency, 'liabilities:customer_credit', 'assets:cash', amount, null))
}

/** The bank takes a payment back until it is decided who is right. */
export function disputeOpened(units: Units, amount: Micros): Entry[] {
  return balanced(move(units.currency, 'assets:cash', 'assets:disputed', amount, null))
}

/** It is decided for us: the money comes back. */
export function disputeWon(units: Units, amount: Micros): Entry[] {
  return balanced(move(units.currency, 'assets:disputed', 'assets:cash', amount, null))
}

/**
 * It is decided against us: what the payment had paid stands again as a claim; what had become customer credit is taken from that; what
 * nobody can be asked for any more is bad debt.
 */
export function disputeLost(
  units: Units,
  lost: { claim: Micros; customerCredit: Micros; badDebt: Micros },
): Entry[] {
  return balanced([
    ...move(units.currency, 'assets:disputed', 'assets:receivable', lost.claim, null),
    ...move(units.currency, 'assets:disputed', 'liabilities:customer_credit', lost.customerCredit, null),
    ...move(units.currency, 'assets:disputed', 'expenses:bad_debt', lost.badDebt, null),
  ])
}

/** Credits are taken back because their payment was lost; `earned` is what was deferred for them, which is breakage now. */
export function creditsRevoked(
  units: Units,
  grant: { id: string; credits: Micros; earned: Micros },
): Entry[] {
  const { id, credits, earned } = grant
  return balanced([
    ...move(creditCommodity(units), 'credits:available', 'credits:voided', credits, id),
    ...move(units.currency, 'income:breakage', 'liabilities:deferred', earned, id),
  ])
}

/** Customer credit pays an invoice, or a part of it. */
export function customerCreditApplied(units: Units, amount: Micros): Entry[] {
  return balanced(move(units.currency, 'assets:receivable', 'liabilities:customer_credit', amount, null))
}

/**
 * A credit note for overage of a closed period: revenue and its tax become customer credit. `overage` is exact, `net` what is
 * given back for it in whole minor units; they differ by rounding.
 */
export function overageCredited(units: Units, note: { overage: Micros; net: Micros; tax: Micros }): Entry[] {
  const { overage, net, tax } = note
  return balanced([
    ...move(units.currency, 'liabilities:customer_credit', 'income:overage', overage, null),
    ...move(units.currency, 'liabilities:customer_credit', 'income:rounding', net - overage, null),
    ...move(units.currency, 'liabilities:customer_credit', 'liabilities:tax', tax, null),
  ])
}

/** A part of an invoice is given back though nothing of its usage was wrong: it becomes customer credit, with its tax. */
export function invoiceAllowed(units: Units, note: { net: Micros; tax: Micros }): Entry[] {
  return balanced([
    ...move(units.currency, 'liabilities:customer_credit', 'income:allowances', note.net, null),
    ...move(units.currency, 'liabilities:customer_credit', 'liabilities:tax', note.tax, null),
  ])
}

/**
 * What is left of a purchased grant is given back: its credits end, and `net` of what was deferred for them becomes customer
 * credit, with its tax. `rest` lies under a minor unit, and is breakage.
 */
export function grantRefunded(
  units: Units,
  grant: { id: string; credits: Micros; net: Micros; rest: Micros; tax: Micros },
): Entry[] {
  const { id, credits, net, rest, tax } = grant
  return balanced([
    ...move(creditCommodity(units), 'credits:available', 'credits:voided', credits, id),
    ...move(units.currency, 'liabilities:customer_credit', 'liabilities:deferred', net, id),
    ...move(units.currency, 'income:breakage', 'liabilities:deferred', rest, id),
    ...move(units.currency, 'liabilities:customer_credit', 'liabilities:tax', tax, null),
  ])
}

/** Customer credit is to be paid out: an explicit act of the operator. It can't be used for anything else meanwhile. */
export function refundRequested(units: Units, amount: Micros): Entry[] {
  return balanced(move(units.currency, 'liabilities:refunds', 'liabilities:customer_credit', amount, null))
}

/** The provider has paid it out. */
export function refundPaid(units: Units, amount: Micros): Entry[] {
  return balanced(move(units.currency, 'assets:cash', 'liabilities:refunds', amount, null))
}

/** It cannot be paid out, and is customer credit again. `wasPaid`: it had left, and has come back. */
export function refundFailed(units: Units, amount: Micros, wasPaid: boolean): Entry[] {
  const from = wasPaid ? 'assets:cash' : 'liabilities:refunds'
  return balanced(move(units.currency, 'liabilities:customer_credit', from, amount, null))
}

/** A claim is given up. */
export function invoiceWrittenOff(units: Units, amount: Micros): Entry[] {
  return balanced(move(units.currency, 'assets:receivable', 'expenses:bad_debt', amount, null))
}

/** A claim that was given up stands again, because it is paid after all. */
export function writeOffRecovered(units: Units, amount: Micros): Entry[] {
  return balanced(move(units.currency, 'expenses:bad_debt', 'assets:receivable', amount, null))
}

/** Throws unless the entries sum to zero for each commodity. Returns them. */
export function balanced(entries: Entry[]): Entry[] {
  for (const [index, { commodity, amount }] of entries.entries()) {
    assert(amount !== 0n, 'an entry is never of zero')
    // Each commodity where it comes first: there are two at most, and mostly four entries.
    if (entries.findIndex((entry) => entry.commodity === commodity) < index) continue
    let sum = 0n
    for (const entry of entries) if (entry.commodity === commodity) sum += entry.amount
    assert(sum === 0n, `entries of ${commodity} sum to zero`)
  }
  return entries
}

// The grant is named where its own balance is kept, and on what is drawn from or issued to it.
function move(
  commodity: string,
  from: LedgerAccount,
  to: LedgerAccount,
  amount: Micros,
  grantId: string | null,
): Entry[] {
  if (amount === 0n) return []
  return [
    { account: from, commodity, amount: -amount, grantId },
    { account: to, commodity, amount, grantId },
  ]
}
