/**
 * Situations of trials and versions, of grants, of usage taken back, of tax and of customer credit: what of them a story has reached.
 *
 * Called by situations.ts.
 */
import { minorDecimals, minorUnit } from '../billing/currency.ts'
import { type Micros, micros } from '../billing/micros.ts'
import { keyOf } from '../ledger/carry-usage.ts'
import type { CataloguePlan } from '../ledger/catalogue.ts'
import type { Shelf } from './memory-books.ts'
import { lastPayment } from './memory-refunds.ts'
import type { Account, Grant, Invoice } from './oracle-account.ts'
import type { Note, Situation } from './situation-list.ts'
import type { StoryCommand } from './story.ts'

/** What is remembered of an account from the command before. */
export type Before = {
  periodNumber: number
  term: string | null
  plan: CataloguePlan | null
  pending: 'change' | 'cancel' | null
  awaiting: 'start' | 'upgrade' | null
  /** How many interim invoices there were. */
  interims: number
  /** Invoices that were given up. */
  givenUp: number
  /** What credit notes had given back, by invoice. */
  credited: Map<string, Micros>
  /** Payments of which something was disputed and lost, and whether their invoice asked for it still. */
  lost: Set<string>
  at: number
}

export function rememberOf({ books, awaiting, invoices, payments }: Shelf): Before {
  const { subscription, now } = books
  return {
    periodNumber: subscription?.periodNumber ?? 0,
    term: subscription?.id ?? null,
    plan: subscription?.plan ?? null,
    pending: subscription?.pending?.kind ?? null,
    awaiting: awaiting?.kind ?? null,
    interims: interimsOf(invoices).length,
    givenUp: invoices.filter(({ status, carriedTo }) => status === 'written_off' && carriedTo === null)
      .length,
    credited: new Map(invoices.map(({ id, credited }) => [id, credited.exact])),
    lost: new Set(lostOf(payments)),
    at: now.getTime(),
  }
}

type Seen = { command: StoryCommand; answer: string; shelf: Shelf; before: Before | null }

export function watchMoney(note: Note, seen: Seen): void {
  const { command, answer } = seen
  if (command.do === 'void' && answer === 'again') note('a grant is taken back twice')
  if (command.do === 'credit' && answer.startsWith('note')) watchNote(note, seen, command.keys)
  watchInterim(note, seen)
  watchUnpaid(note, seen)
  watchRefund(note, seen)
  watchDispute(note, seen)
  watchTrial(note, seen)
  watchVersion(note, seen)
}

function interimsOf(invoices: Shelf['invoices']): Shelf['invoices'] {
  return invoices.filter(({ kind }) => kind === 'interim')
}

function watchInterim(note: Note, { command, answer, shelf: { invoices, books }, before }: Seen): void {
  const interims = interimsOf(invoices)
  const last = interims.at(-1)
  if (command.do === 'interim' && answer in REFUSED) note(REFUSED[answer]!)
  if (!last || interims.length === before?.interims) return
  if (command.do === 'interim') note('overage has reached an amount that is set')
  else note('overage reaches the amount of an interim invoice')
  if (last.lines.some(({ kind }) => kind === 'credits_applied'))
    note('an interim invoice takes credits with it')
  if (last.lines.some(({ kind }) => kind === 'late_usage')) note('late usage is on an interim invoice')
  const isLast = ({ subscriptionId, periodNumber }: (typeof invoices)[number]) =>
    subscriptionId === last.subscriptionId && periodNumber === last.periodNumber
  if (interims.filter(isLast).length > 1) note('a period has two interim invoices')
  const { period } = books
  if (period?.subscriptionId !== last.subscriptionId || period.number > last.periodNumber!) {
    note('an interim invoice comes with the end of its period')
  }
}

const REFUSED: Readonly<Record<string, Situation>> = {
  interim_amount_without_currency: 'an interim amount before the first plan',
  interim_amount_too_small: 'an interim amount too small to collect',
}

/** Invoices that ask again for what a dispute has lost. */
function lostOf(payments: Shelf['payments']): string[] {
  const lost = payments.filter(
    ({ dispute, invoice }) => dispute?.status === 'lost' && invoice.status !== 'paid',
  )
  return lost.filter(({ invoice }) => invoice.status !== 'written_off').map(({ invoice }) => invoice.id)
}

function watchRefund(note: Note, { command, answer, shelf }: Seen): void {
  if (command.do !== 'refund') return
  if (answer === 'refund_too_large') note('more is to go back than can')
  if (answer === 'amount_not_minor') note('a refund has more decimals than its currency')
  if (answer.endsWith('failed')) note('a bank takes no refund')
  if (!answer.endsWith('succeeded')) return
  const last = lastPayment(shelf)!
  const { invoice, amount, returned, dispute } = last
  if (dispute?.status === 'open') note('a refund is asked for while a payment is disputed')
  if (command.source === 'customer_credit') {
    note('customer credit is paid out')
    return
  }
  note('a part of an invoice goes back to its card')
  if (returned === amount) note('all that is left of a payment goes back')
  if (returned > 0n && invoice.allowed.gross > micros(command.amount ?? '0') && command.amount !== null)
    note('a second allowance is on one invoice')
  if (invoice.allowed.taxes.size > 1) note('an allowance takes its share of two taxes')
  if (invoice.credited.net > 0n) note('an allowance is on an invoice whose usage was taken back')
}

function watchDispute(note: Note, { command, answer, shelf, before }: Seen): void {
  const isPaidNow = ({ id, status }: Shelf['invoices'][number]) => before?.lost.has(id) && status === 'paid'
  if (command.do === 'pay' && shelf.invoices.some(isPaidNow))
    note('an invoice whose dispute was lost is paid again')
  const isGivenUp = ({ id, status }: Shelf['invoices'][number]) =>
    before?.lost.has(id) && status === 'written_off'
  if (command.do === 'give_up' && shelf.invoices.some(isGivenUp))
    note('an invoice whose dispute was lost is given up')
  if (command.do !== 'dispute') return
  if (answer === 'again') note('a dispute is told of again')
  if (answer.endsWith('won')) note('a dispute is won')
  if (answer.endsWith('open') && lastPayment(shelf)!.returned > 0n)
    note('a payment is disputed that went back in part')
  if (!answer.endsWith('lost')) return
  note('a dispute is lost')
  const { id } = lastPayment(shelf)!.invoice
  if (shelf.invoices.some(({ carriedTo }) => carriedTo === id))
    note('an invoice that took up another is disputed and lost')
}

function watchUnpaid(note: Note, { command, answer, shelf, before }: Seen): void {
  if (command.do === 'pay' && !command.paid) {
    const last = 7 * 86_400_000
    for (const { status, firstFailedAt } of shelf.invoices) {
      if (status === 'past_due') note('an invoice is past due')
      if (status !== 'uncollectible') continue
      note('an invoice is uncollectible')
      if (shelf.books.now.getTime() - firstFailedAt!.getTime() === last)
        note('an invoice fails at the very instant of its last try')
    }
  }
  if (command.do === 'give_up')
    note(answer === 'none' ? 'nothing is there to be given up' : 'an invoice is given up')
  if (command.do === 'pay_by_hand' && answer !== 'none')
    note(
      (before?.givenUp ?? 0) > 0
        ? 'what was given up is paid after all'
        : 'an invoice is paid past the provider',
    )
}

function watchTrial(note: Note, { command, answer, shelf, before }: Seen): void {
  const { subscription } = shelf.books
  const isNew = subscription !== null && subscription.id !== before?.term
  if (isNew && subscription.plan.trial) note('a trial begins')
  if (command.do === 'settle' && answer === 'lapsed') {
    note(
      before?.awaiting === 'start'
        ? 'a start out of a trial is paid after its end'
        : 'a payment arrives after the boundary',
    )
  }
  if (!before?.plan?.trial) return
  if (!subscription && before.pending === 'cancel') note('a trial ends in its cancellation')
  if (!isNew) return
  const isLeft = /^(change|settle)$/.test(command.do) && answer.startsWith('effective')
  note(isLeft ? 'a trial is left early' : 'a trial ends and its successor begins')
  const startedAt = subscription.startedAt.getTime()
  const rolled = [...shelf.grants.values()].filter((grant) => grant.rolled > 0)
  if (rolled.some(({ createdAt }) => createdAt.getTime() === startedAt)) note('credits of a trial roll over')
}

function watchVersion(note: Note, { command, shelf, before }: Seen): void {
  const { subscription } = shelf.books
  if (!subscription || !before?.plan || subscription.id !== before.term || command.do === 'change') return
  if (subscription.periodNumber === before.periodNumber || command.do === 'settle') return
  const { plan, pending } = before
  const boundary = subscription.periodStartsAt.getTime()
  for (const { plan: next, publishedAt, noticeDays } of shelf.published) {
    if (next.code !== plan.code || next.version <= plan.version || noticeDays === null) continue
    const over = publishedAt.getTime() + noticeDays * 86_400_000
    if (pending === 'change' && over <= boundary) note('a downgrade goes before a version that follows')
    if (pending !== null) continue
    if (over > boundary && subscription.plan === plan) note('a version waits for its notice')
    if (subscription.plan === next) note('a version comes into force after its notice')
    if (subscription.plan === next && over === boundary) {
      note('a version comes into force at the very end of its notice')
    }
  }
}

function watchNote(note: Note, { answer, shelf, before }: Seen, keys: readonly string[]): void {
  const { books, known, corrected, grants, invoices } = shelf
  const { accountId, subscription } = books
  const [, , net, tax, , returned, adjusted] = answer.split(' ')
  const uses = keys.map((key) => known.get(keyOf({ accountId, source: 'api', key }))!)
  for (const { subscriptionId, periodNumber, sequence } of uses) {
    if (books.period?.subscriptionId === subscriptionId && books.period.number === periodNumber) {
      if (sequence <= books.period.billedThrough) note('a use on an interim invoice is taken back')
      else if (books.period.billed > 0n) note('a use after an interim invoice is taken back')
    }
    const isOpen = subscription?.id === subscriptionId && subscription.periodNumber === periodNumber
    note(isOpen ? 'a use of the open period is taken back' : 'a use of a closed period is taken back')
  }
  if ([...corrected.values()].some(({ isReversed, drawn }) => !isReversed && drawn > 0n)) {
    note('credits that come back pay for a later use')
  }
  if (adjusted !== '0') note('credits that come back make an adjustment')
  const sources = uses.flatMap(({ draws }) => draws.map(({ grantId }) => grants.get(grantId)!.source))
  if (returned !== '0' && sources.includes('purchase')) note('credits that come back to a purchase')
  if (net !== '0') note('overage of a closed period becomes customer credit')
  if (tax !== '0') note('the tax of a closed period comes back')
  const again = invoices.filter(({ id, credited }) => {
    const earlier = before?.credited.get(id) ?? 0n
    return earlier > 0n && credited.exact > earlier
  })
  if (again.length > 0) note('an invoice is credited twice')
  if (!subscription) note('a use is taken back after the subscription ended')
}

/** Reads the oracle's state at the end of a story. */
export function lookAtMoney(note: Note, { grants, invoices, units, credit }: Account): void {
  for (const grant of grants) lookAtGrant(note, grant)
  for (const invoice of invoices) if (invoice.number !== null) lookAtInvoice(note, invoice)
  if (units && credit % minorUnit(minorDecimals(units.currency)!) !== 0n) {
    note('customer credit of less than a minor unit is left')
  }
}

function lookAtGrant(note: Note, { source, drawn, credits, isVoid, ended }: Grant): void {
  if (drawn === 0n || drawn === credits) return
  if (isVoid) note('a grant is taken back half drawn')
  if (source !== 'purchase') return
  if (isVoid) note('a purchase is taken back half drawn')
  else if (ended) note('a purchase expires half drawn')
}

function lookAtInvoice(note: Note, invoice: Invoice): void {
  const { kind, treatment, rates, tax, total, opening, credit, paid, status, takenBy } = invoice
  const isChange = kind === 'start' || kind === 'upgrade'
  if (status === 'written_off' && takenBy) note('an invoice that took up another is given up')
  if (kind === 'purchase') note('a purchase is billed')
  if (tax > 0n) note(isChange ? 'a change of plan has a tax' : 'an invoice has a tax')
  if (rates.length > 1) note('an invoice has two taxes')
  if (treatment === 'exempt') note('an exempt account is billed')
  if (treatment === 'reverse_charge') note('the recipient pays the tax')
  if (isChange && (status === 'carried' || takenBy))
    note('a change of plan too small to collect takes effect')
  if (credit === 0n) return
  const isWhole = credit === total + opening
  if (!isChange)
    note(isWhole ? 'customer credit pays an invoice whole' : 'customer credit pays an invoice in part')
  else if (isWhole) note('customer credit pays a change of plan whole')
  else if (paid > 0n) note('customer credit is reserved for a change of plan')
}
