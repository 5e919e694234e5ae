/**
 * What the oracle knows of money that goes back: refunds to the card, and payments that their cardholder disputes (rule R26).
 *
 * Part of the oracle (oracle.ts). Both are of the card payment of the last invoice that has one; not of what sold credits.
 */
import type { Account, AccountCommand, Invoice, Payment } from './oracle-account.ts'
import { halfAway, least, minorUnit, sum } from './oracle-account.ts'
import { spendable, taxOn } from './oracle-invoices.ts'

/** What is paid out is customer credit that is there, or that a part of the invoice becomes for it. */
export function refund(
  account: Account,
  { source, amount, paid, at }: AccountCommand & { do: 'refund' },
): string {
  const payment = lastPayment(account)
  if (!payment) return 'none'
  const left = refundableOf(payment)
  if (left <= 0n) return 'nothing_to_refund'
  const wanted = amount ?? left
  if (wanted % minorUnit(account.units!) !== 0n) return 'amount_not_minor'
  if (wanted > left || wanted === 0n) return 'refund_too_large'
  if (source === 'customer_credit' && wanted > spendable(account)) return 'refund_too_large'
  if (source === 'invoice') {
    if (givenBack(payment.invoice) + wanted > payment.invoice.total) return 'refund_too_large'
    allow(account, payment.invoice, wanted)
  }
  account.last = at
  // One that the bank does not take is customer credit again.
  if (!paid) return `${wanted} failed`
  payment.returned += wanted
  account.credit -= wanted
  return `${wanted} succeeded`
}

/** So much of an invoice becomes customer credit, and of each of its taxes the share that all that was given back so has of the whole. */
function allow(account: Account, invoice: Invoice, amount: bigint): void {
  const unit = minorUnit(account.units!)
  invoice.allowed += amount
  account.credit += amount
  // A credit note of its own, which takes no usage back.
  account.notes.push({ returned: 0n, adjusted: 0n, openOverage: 0n, net: 0n, tax: 0n, exact: 0n })
  for (const [index, { rate }] of invoice.rates.entries()) {
    const tax = taxOn(invoice.total - invoice.tax, rate, account.units!)
    invoice.allowedTax[index] = halfAway(invoice.allowed * tax, invoice.total * unit) * unit
  }
}

/** With its tax. */
function givenBack({ creditedNet, creditedTax, allowed }: Invoice): bigint {
  return creditedNet + sum(creditedTax, (tax) => tax) + allowed
}

/** While the bank decides it has the money. Decided against us, the invoice asks for it again, and so does what it took up. */
export function dispute(
  account: Account,
  { amount, outcome, at }: AccountCommand & { do: 'dispute' },
): string {
  const payment = lastPayment(account)
  if (!payment) return 'none'
  const { invoice } = payment
  if (payment.dispute === outcome || payment.dispute === 'won' || payment.dispute === 'lost') return 'again'
  // No bank takes back what has gone back already.
  const left = refundableOf(payment)
  if (payment.dispute === null && left <= 0n) return 'none'
  if (payment.dispute === null) payment.disputed = least(amount, left)
  payment.dispute = outcome
  account.last = at
  if (outcome === 'lost') {
    invoice.paid -= payment.disputed
    invoice.status = 'uncollectible'
    invoice.failedAt ??= at
    const again = new Set([invoice])
    for (const by of again) for (const one of account.invoices) if (one.takenBy === by) again.add(one)
    for (const one of again) if (one !== invoice) one.status = 'carried'
  }
  return `${payment.disputed} ${outcome}`
}

/** What is left of a payment is what neither went back nor is disputed, unless the dispute was won. */
function refundableOf({ amount, returned, dispute, disputed }: Payment): bigint {
  return amount - returned - (dispute === 'won' ? 0n : disputed)
}

function lastPayment({ payments }: Account): Payment | undefined {
  const plain = payments.filter(({ invoice }) => invoice.kind !== 'purchase')
  const number = Math.max(...plain.map(({ invoice }) => invoice.number!))
  return plain.filter(({ invoice }) => invoice.number === number).at(-1)
}
