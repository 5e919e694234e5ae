/**
 * Changes of plan of the books in memory, as change-plan.ts and collect-payments.ts make them in SQL.
 *
 * Called by tell-in-memory.ts.
 */
import { paymentCredited } from '../billing/entries.ts'
import type { Micros } from '../billing/micros.ts'
import { type Books, post, unitsOf } from '../ledger/books.ts'
import type { CataloguePlan } from '../ledger/catalogue.ts'
import { applyPlanChange, draftPlanChange, type EffectiveChange } from '../ledger/plan-change-effect.ts'
import { payForChange, pricePlanChange, wholeSecond } from '../ledger/price-plan-change.ts'
import { closePeriodNow } from '../ledger/roll-books.ts'
import { periodSumsOf, type Shelf, saveShelf } from './memory-books.ts'
import { claim, dueOf, payByCard, receive, spendableCredit } from './memory-invoices.ts'

export function change(
  shelf: Shelf,
  books: Books,
  wanted: { next: CataloguePlan; pinnedAt: Date | null; minimumCharge: Micros },
): string {
  const { next, pinnedAt, minimumCharge } = wanted
  saveShelf(shelf, books)
  if (shelf.awaiting) return 'plan_change_awaiting_payment'
  if (books.subscription?.pending?.kind === 'cancel') return 'cancellation_pending'
  if (next.trial && shelf.versions.length > 0) return 'plan_not_offered'
  const priced = pricePlanChange(books, next, pinnedAt ?? wholeSecond(books.now))
  if (!priced.ok) return priced.refusal
  const { kind, charge, credits } = priced
  if (kind === 'at_boundary') {
    books.subscription!.pending = { kind: 'change', plan: next }
    saveShelf(shelf, books)
    return `scheduled ${priced.effectiveAt.getTime()}`
  }
  if (charge === 0n) {
    takeEffect(shelf, books, { ...priced, kind, id: `change ${books.now.getTime()} ${next.id}` })
    saveShelf(shelf, books)
    return `effective 0 ${credits}`
  }
  const customerCredit = spendableCredit(shelf, books)
  const payment = payForChange(priced, { tax: shelf.tax, customerCredit, minimumCharge, chargeStep: 1n })
  const { subscription } = books
  const asked = { subscriptionId: subscription?.id ?? null, periodNumber: subscription?.periodNumber ?? null }
  const invoiceId = draftPlanChange(books, priced, payment.taxes)
  saveShelf(shelf, books)
  const invoice = shelf.invoices.at(-1)!
  invoice.treatment = shelf.tax.treatment
  invoice.credit = payment.customerCreditApplied
  const awaiting = { kind, next, charge, credits, invoiceId, ...asked }
  if (payment.amountToday > 0n) {
    shelf.awaiting = awaiting
    return `awaiting ${payment.amountToday} ${credits}`
  }
  takeEffect(shelf, books, { ...awaiting, id: invoiceId })
  claim(shelf, books, invoice, { openingBalance: 0n, customerCredit: invoice.credit, minimumCharge })
  saveShelf(shelf, books)
  return `effective 0 ${credits}`
}

/** As carryPlanChange: a trial that is left ends first. */
function takeEffect(shelf: Shelf, books: Books, effect: EffectiveChange): void {
  if (effect.kind === 'start' && books.subscription) closePeriodNow(books, periodSumsOf(shelf))
  applyPlanChange(books, effect)
}

/** Books what became of the payment that a change waits for: as settlePayment does. */
export function settle(shelf: Shelf, books: Books, paid: boolean): string {
  const { awaiting } = shelf
  saveShelf(shelf, books)
  if (!awaiting) return 'nothing_awaiting'
  const invoice = shelf.invoices.find(({ id }) => id === awaiting.invoiceId)!
  const { subscription } = books
  const isOver =
    (subscription?.id ?? null) !== awaiting.subscriptionId ||
    (awaiting.kind === 'upgrade' && subscription?.periodNumber !== awaiting.periodNumber)
  shelf.awaiting = null
  if (!paid || isOver) {
    invoice.status = 'void'
    if (!paid) return 'declined'
    invoice.paid = dueOf(invoice)
    books.customerCredit += invoice.paid
    const entries = paymentCredited(unitsOf(books), invoice.paid)
    post(books, { cause: 'payment_received', causeId: invoice.id, bookedAt: books.now, entries })
    saveShelf(shelf, books)
    return 'lapsed'
  }
  takeEffect(shelf, books, { ...awaiting, id: awaiting.invoiceId })
  claim(shelf, books, invoice, { openingBalance: 0n, customerCredit: invoice.credit, minimumCharge: 0n })
  payByCard(shelf, invoice)
  receive(shelf, books, invoice)
  saveShelf(shelf, books)
  return 'effective'
}

export function mark(shelf: Shelf, books: Books, act: 'cancel' | 'cancel_now' | 'resume'): string {
  const { subscription } = books
  saveShelf(shelf, books)
  if (!subscription) return 'no_subscription'
  if (act === 'resume' && !subscription.pending) return 'nothing_pending'
  if (act !== 'resume' && shelf.awaiting) return 'plan_change_awaiting_payment'
  if (act === 'cancel_now') closePeriodNow(books, periodSumsOf(shelf))
  else subscription.pending = act === 'cancel' ? { kind: 'cancel' } : null
  saveShelf(shelf, books)
  return 'ok'
}
