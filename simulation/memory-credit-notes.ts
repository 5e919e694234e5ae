/**
 * Usage of the books in memory taken back, as issue-credit-note.ts does it in SQL.
 *
 * Called by tell-in-memory.ts. The rules and the books are the product's own; what it reads from tables stands here in maps.
 */
import { creditInvoice } from '../billing/credit-note.ts'
import type { Micros } from '../billing/micros.ts'
import { periodOf } from '../billing/period.ts'
import type { Books } from '../ledger/books.ts'
import { keyOf } from '../ledger/carry-usage.ts'
import { bookReversal, endOfNextAfter } from '../ledger/issue-credit-note.ts'
import {
  type CreditedRecord,
  type DrawnGrant,
  isOpen,
  type ReversedUsage,
  reverseUsage,
  type StandingRecord,
} from '../ledger/reverse-usage.ts'
import { type Corrected, type Shelf, type StoredInvoice, type StoredUse, saveShelf } from './memory-books.ts'
import { finalize } from './memory-invoices.ts'

export function credit(shelf: Shelf, books: Books, keys: readonly string[], minimum: Micros): string {
  finalize(shelf, books, minimum)
  const { accountId } = books
  const chosen = keys.map((key) => shelf.known.get(keyOf({ accountId, source: 'api', key })))
  if (chosen.includes(undefined)) return 'usage_not_found'
  if (chosen.some((use) => shelf.corrected.get(use!.usageRecordId)?.isReversed))
    return 'usage_credited_already'
  const own = [...shelf.known.values()].filter(({ request }) => request.accountId === accountId)
  const newestFirst = own.map((use) => standing(shelf, use)).reverse()
  const ids = new Set(chosen.map((use) => use!.usageRecordId))
  const records = newestFirst.filter(({ id, cost }) => ids.has(id) && cost > 0n)
  if (records.length === 0) return 'nothing_to_credit'
  const later = newestFirst.filter(
    (one) =>
      isOpen(books, one) &&
      !ids.has(one.id) &&
      !shelf.corrected.get(one.id)?.isReversed &&
      one.uncovered > 0n,
  )
  const reversed = reverseUsage(books, { records, later, grants: drawnGrants(shelf, own) })
  const isWrittenOff = ({ record }: ReversedUsage['closed'][number]) =>
    invoiceOf(shelf.invoices, record)?.status === 'written_off'
  if (reversed.closed.some(isWrittenOff)) return 'invoice_written_off'
  const given = creditInvoices(shelf, reversed.closed)
  shelf.notes += 1
  const expiresAt = endOfNext(shelf, books)
  bookReversal(books, {
    id: `note ${shelf.notes}`,
    number: `${shelf.notes}`,
    reversed,
    credit: given,
    expiresAt,
    detailsDigest: null,
  })
  for (const { kind, record, drawn, overage, draws } of reversed.corrections) {
    const corrected = correctedOf(shelf, record.id)
    corrected.isReversed ||= kind === 'reversed'
    corrected.drawn += drawn
    corrected.overage += overage
    corrected.draws.push(...draws)
  }
  saveShelf(shelf, books)
  const { openOverage, returned, adjustment } = reversed
  return `note ${shelf.notes} ${given.net} ${given.tax} ${openOverage} ${returned} ${adjustment}`
}

function correctedOf({ corrected }: Shelf, id: string): Corrected {
  const found = corrected.get(id) ?? { isReversed: false, drawn: 0n, overage: 0n, draws: [] }
  corrected.set(id, found)
  return found
}

/** A record with what earlier credit notes have changed of it. */
function standing({ corrected }: Shelf, use: StoredUse): CreditedRecord {
  const { request, plan, draws, cost, fromCredits } = use
  const changed = corrected.get(use.usageRecordId)
  return {
    id: use.usageRecordId,
    bookedAt: use.bookedAt,
    sequence: use.sequence,
    subscriptionId: use.subscriptionId,
    periodNumber: use.periodNumber,
    planVersionId: plan.id,
    operation: request.operation,
    late: use.late,
    quantity: BigInt(request.quantity),
    price: plan.prices.get(request.operation)!,
    cost,
    uncovered: cost - fromCredits - (changed?.drawn ?? 0n),
    overage: use.overage + (changed?.overage ?? 0n),
    draws: [...draws, ...(changed?.draws ?? [])],
  }
}

/** All grants, with what usage has drawn of each, less what was returned. */
function drawnGrants({ grants, corrected }: Shelf, own: readonly StoredUse[]): Map<string, DrawnGrant> {
  const drawn = new Map<string, Micros>()
  for (const { draws, usageRecordId } of own) {
    for (const { grantId, amount } of [...draws, ...(corrected.get(usageRecordId)?.draws ?? [])]) {
      drawn.set(grantId, (drawn.get(grantId) ?? 0n) + amount)
    }
  }
  return new Map([...grants].map(([id, grant]) => [id, { ...grant, drawn: drawn.get(id) ?? 0n }]))
}

/** As creditInvoices, but for the words of its lines. */
function creditInvoices({ invoices }: Shelf, closed: ReversedUsage['closed']) {
  const given = { net: 0n, tax: 0n, overage: 0n }
  // In the order of their periods, and those that were cut before the one that closes.
  for (const invoice of invoices.filter(({ kind }) => /boundary|cancel|interim/.test(kind))) {
    const { currency, credited, lines } = invoice
    const own = closed.filter(({ record }) => invoiceOf(invoices, record) === invoice)
    if (own.length === 0) continue
    const groups = new Map<string, Micros>()
    for (const { record, overage } of own) {
      const group = `${record.planVersionId} ${record.operation}`
      groups.set(group, (groups.get(group) ?? 0n) + overage)
    }
    const rates = lines.flatMap(({ kind, name, taxRate }) =>
      kind === 'tax' && taxRate! > 0n ? [{ name: name!, rate: taxRate! }] : [],
    )
    const taxes = rates.map(({ name, rate }) => ({ rate, credited: credited.taxes.get(name) ?? 0n }))
    const exact = [...groups.values()]
    const note = creditInvoice({ currency, exact, before: credited, taxes })
    const sum = exact.reduce((total, amount) => total + amount, 0n)
    credited.exact += sum
    credited.net += note.net
    for (const [index, { name }] of rates.entries()) {
      const tax = note.taxes[index]!
      credited.taxes.set(name, (credited.taxes.get(name) ?? 0n) + tax)
      given.tax += tax
    }
    given.net += note.net
    given.overage += sum
  }
  return given
}

/** The first that bills it: an interim one that was cut after it, or that of the period's end. */
function invoiceOf(invoices: readonly StoredInvoice[], record: StandingRecord): StoredInvoice | undefined {
  return invoices.find(
    ({ kind, subscriptionId, periodNumber, interim }) =>
      subscriptionId === record.subscriptionId &&
      periodNumber === record.periodNumber &&
      (interim ? interim.through >= record.sequence : kind === 'boundary' || kind === 'cancel'),
  )
}

function endOfNext({ terms }: Shelf, { subscription, now }: Books): Date {
  if (subscription) return periodOf(subscription.anchor, subscription.periodNumber + 1).end
  const { anchor, periodNumber } = [...terms.values()].at(-1)!
  return endOfNextAfter({ ...anchor, number: periodNumber }, now)
}
