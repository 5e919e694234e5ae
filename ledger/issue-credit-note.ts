/**
 * Issues a credit note: takes usage back, exactly as rule R26 says, and writes down what became of it.
 *
 * Called by http/ for the operator, who has the content of that usage forgotten in the same transaction (rule R16).
 *
 *   open period     overage falls away ─▶ credits pay overage of later records ─▶ back to their grants, or an adjustment grant
 *   closed period, or on an interim invoice   overage with its tax becomes customer credit ─▶ draws become an adjustment grant
 *
 * Invariants:
 *   1. A record is taken back once (unique index reversed_once), and whole.
 *   2. Numbers are gapless per account, in a series of their own; a credit note never changes: the roles may only add.
 *   3. A closed period never changes, nor does its invoice. What no final invoice asks for yet is not given back.
 */

import { grantExpired, overageCredited, usageReversed } from '../billing/entries.ts'
import { PLAN_PRIORITY } from '../billing/grant.ts'
import type { Micros } from '../billing/micros.ts'
import { type Anchor, periodOf } from '../billing/period.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { listArchives } from './archive-usage.ts'
import { type Books, post, unitsOf } from './books.ts'
import { digestCreditNote } from './chain-links.ts'
import { creditInvoices, type InvoiceCreditRefused, type NoteLine } from './credit-invoices.ts'
import { finalizeDrafts } from './finalize-invoices.ts'
import { issueGrant } from './grants.ts'
import { insertRows } from './insert-rows.ts'
import { openBook } from './open-books.ts'
import {
  readDrawnGrants,
  readDraws,
  readLater,
  readSelected,
  type UsageSelection,
} from './read-reversible-usage.ts'
import { type Correction, type ReversedUsage, reverseUsage, type StandingRecord } from './reverse-usage.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'
import { tellEvent } from './tell-event.ts'

/** A credit note is made in one transaction under the account's lock, so it has an end. */
const MOST_RECORDS = 10_000

export type CreditNoteRefused = {
  ok: false
  refusal:
    | 'account_not_found'
    | 'usage_not_found'
    | 'usage_credited_already'
    | 'nothing_to_credit'
    | 'credit_note_too_large'
    | InvoiceCreditRefused['refusal']
  detail: string
}

export type CreditNoteIssued = { ok: true; id: string; number: string; usageIds: string[] }

export async function issueCreditNote(
  tx: Transaction,
  request: {
    accountId: string
    selection: UsageSelection
    reason: string
    minimumCharge: (currency: string) => Micros
  },
): Promise<CreditNoteIssued | CreditNoteRefused> {
  const { accountId, selection, reason } = request
  // What a boundary has drafted becomes final first, so that what it billed can be given back.
  await finalizeDrafts(tx, accountId, request.minimumCharge)
  const books = await openBook(tx, accountId)
  if (!books) return refuse('account_not_found', `No account has the id ${accountId}.`)
  const chosen = await chooseRecords(tx, accountId, selection)
  if (!chosen.ok) return chosen

  const records = await readDraws(tx, accountId, chosen.records)
  const later = await readLater(tx, books, records)
  const reversed = reverseUsage(books, {
    records,
    later,
    grants: await readDrawnGrants(tx, accountId, records),
  })
  const credit = await creditInvoices(tx, accountId, unitsOf(books).currency, reversed.closed)
  if (!credit.ok) return credit

  const id = newId()
  const number = await nextNoteNumber(tx, accountId)
  const expiresAt = await readEndOfNext(tx, books)
  const detailsDigest = digestCreditNote({
    ...{ id, number, reason, net: credit.net, tax: credit.tax, overageCancelled: reversed.openOverage },
    ...{ creditsReturned: reversed.returned, creditsAdjusted: reversed.adjustment },
    ...{ lines: credit.lines, corrections: reversed.corrections },
  })
  const booked = { id, number, reversed, credit, expiresAt, detailsDigest }
  const { sequence, adjustmentGrantId } = bookReversal(books, booked)
  tellEvent(books, 'credit_note.issued', {
    data: {
      credit_note_id: id,
      number,
      reason,
      currency: unitsOf(books).currency,
      credited: credit.net + credit.tax,
      credits_returned: reversed.returned + reversed.adjustment,
      overage_cancelled: reversed.openOverage,
    },
  })
  await saveBooks(tx, [books])
  await writeNote(tx, books, { id, number, reason, reversed, credit, adjustmentGrantId })
  await writeNoteLines(tx, accountId, id, credit.lines)
  await writeCorrections(tx, { accountId, id, sequence }, reversed.corrections)
  await scheduleAccounts(tx, [accountId])
  return { ok: true, id, number, usageIds: records.map((record) => record.id) }
}

/** Named records must all be there and not be taken back; of a run or items, those that are left. */
async function chooseRecords(
  tx: Transaction,
  accountId: string,
  selection: UsageSelection,
): Promise<{ ok: true; records: StandingRecord[] } | CreditNoteRefused> {
  const found = await readSelected(tx, accountId, selection, MOST_RECORDS + 1)
  if (found.length > MOST_RECORDS) {
    return refuse('credit_note_too_large', `A credit note takes back at most ${MOST_RECORDS} records.`)
  }
  const ids = new Set(found.map(({ id }) => id))
  const missing = selection.usageIds.find((id) => !ids.has(id))
  if (missing !== undefined || found.length === 0) {
    return refuse('usage_not_found', `This account has no such usage.${await tellArchived(tx)}`)
  }
  const credited = found.find(({ creditedBy }) => creditedBy !== null)
  if (credited && selection.usageIds.length > 0) {
    const detail = `The use of ${credited.operation} at ${credited.bookedAt.toISOString()} is on ${credited.creditedBy} already.`
    return refuse('usage_credited_already', detail)
  }
  const records = found.filter(({ creditedBy, cost }) => creditedBy === null && cost > 0n)
  if (records.length > 0) return { ok: true, records }
  const why = credited ? `is on ${credited.creditedBy} already` : 'was free'
  return refuse('nothing_to_credit', `All of this usage ${why}.`)
}

/** What is archived could be it, and can be put back. */
async function tellArchived(tx: Transaction): Promise<string> {
  const months = (await listArchives(tx)).filter(({ detached }) => detached).map(({ month }) => month)
  if (months.length === 0) return ''
  return ` Usage from ${months[0]} to ${months.at(-1)} is archived; drawdown archive restore puts it back.`
}

/** The next number of the account's own series of credit notes, without gaps. */
export async function nextNoteNumber(tx: Transaction, accountId: string): Promise<string> {
  const [row] = await tx.query<{ number: string }>(
    `update accounts set credit_note_count = credit_note_count + 1 where account_id = $1
     returning invoice_prefix || '-CN-' || lpad(credit_note_count::text, greatest(4, length(credit_note_count::text)), '0')
       as number`,
    [accountId],
  )
  return row!.number
}

/** What a credit note changes in opened books, beside what reverseUsage has changed; the caller saves them. */
export function bookReversal(
  books: Books,
  note: {
    id: string
    number: string
    reversed: ReversedUsage
    credit: { net: Micros; tax: Micros; overage: Micros }
    /** Of the adjustment grant: the end of the next period. */
    expiresAt: Date
    /** Of the note as it is written down; null where none is. */
    detailsDigest: Buffer | null
  },
): { sequence: bigint; adjustmentGrantId: string | null } {
  const { reversed, credit } = note
  const sequence = postReversal(books, note)
  books.customerCredit += credit.net + credit.tax
  return { sequence, adjustmentGrantId: adjust(books, { ...note, credits: reversed.adjustment }) }
}

function postReversal(
  books: Books,
  { id, reversed, credit, detailsDigest }: Parameters<typeof bookReversal>[1],
): bigint {
  const units = unitsOf(books)
  return post(books, {
    cause: 'usage_credited',
    causeId: id,
    bookedAt: books.now,
    detailsDigest,
    entries: [
      ...usageReversed(units, { returned: reversed.undrawn, overage: reversed.openOverage }),
      ...reversed.unreturned.flatMap(({ grantId, amount, recognised }) =>
        grantExpired(units, { id: grantId, remaining: amount, breakage: recognised }),
      ),
      ...overageCredited(units, credit),
    ],
  })
}

/** Credits that cannot go back where they came from, as a grant that ends with the next period; answers its id. */
function adjust(
  books: Books,
  { id, number, credits, expiresAt }: { id: string; number: string; credits: Micros; expiresAt: Date },
): string | null {
  if (credits === 0n) return null
  const grant = issueGrant(
    books,
    {
      source: 'adjustment',
      credits,
      consideration: 0n,
      priority: PLAN_PRIORITY,
      startsAt: books.now,
      expiresAt,
      naturalKey: `credit_note:${id}`,
      reason: `Credit note ${number}`,
    },
    books.now,
  )
  return grant.id
}

/** The end of the period after this one. The calendar outlives a cancelled subscription (rule R19). */
async function readEndOfNext(tx: Transaction, { accountId, subscription, now }: Books): Promise<Date> {
  if (subscription) return periodOf(subscription.anchor, subscription.periodNumber + 1).end
  const [last] = await tx.query<Anchor & { number: number }>(
    `select to_char(anchor_civil, 'YYYY-MM-DD"T"HH24:MI:SS.MS') as civil, anchor_zone as zone, period_number as number
     from subscriptions where account_id = $1 order by started_at desc, subscription_id desc limit 1`,
    [accountId],
  )
  return endOfNextAfter(last!, now)
}

/** The same of a calendar whose subscription has ended in its period `number`. */
export function endOfNextAfter({ number, ...anchor }: Anchor & { number: number }, now: Date): Date {
  let open = number
  while (periodOf(anchor, open).end <= now) open += 1
  return periodOf(anchor, open + 1).end
}

type Note = {
  id: string
  number: string
  reason: string
  reversed: ReversedUsage
  credit: { net: Micros; tax: Micros }
  adjustmentGrantId: string | null
}

async function writeNote(tx: Transaction, books: Books, note: Note): Promise<void> {
  const { currency, creditUnit } = unitsOf(books)
  const { reversed, credit } = note
  await tx.query(
    `insert into credit_notes (account_id, credit_note_id, number, reason, currency, credit_unit, net_micros, tax_micros,
       overage_cancelled_micros, credits_returned_micros, credits_adjusted_micros, adjustment_grant_id, created_at, buyer_name,
       seller_version, buyer_version)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
       (select max(version) from seller_versions), (select max(version) from billing_details where account_id = $1)`,
    [
      books.accountId,
      note.id,
      note.number,
      note.reason,
      currency,
      creditUnit,
      credit.net,
      credit.tax,
      reversed.openOverage,
      reversed.returned,
      reversed.adjustment,
      note.adjustmentGrantId,
      books.now,
      books.name,
    ],
  )
}

const LINES = {
  account_id: 'uuid',
  credit_note_id: 'uuid',
  line: 'integer',
  kind: 'text',
  invoice_id: 'uuid',
  operation: 'text',
  plan_version_id: 'uuid',
  quantity: 'bigint',
  name: 'text',
  tax_rate_micros: 'bigint',
  amount_micros: 'bigint',
  exact_micros: 'bigint',
  description: 'text',
}

export function writeNoteLines(
  tx: Transaction,
  accountId: string,
  id: string,
  lines: readonly NoteLine[],
): Promise<void> {
  const rows = lines.map((line, index) => [
    accountId,
    id,
    index + 1,
    line.kind,
    line.invoiceId,
    line.operation,
    line.planVersionId,
    line.quantity,
    line.name,
    line.taxRate,
    line.amount,
    line.exact,
    line.description,
  ])
  return insertRows(tx, 'credit_note_lines', LINES, rows)
}

const CORRECTIONS = {
  account_id: 'uuid',
  credit_note_id: 'uuid',
  line: 'integer',
  kind: 'text',
  usage_record_id: 'uuid',
  record_booked_at: 'timestamptz',
  subscription_id: 'uuid',
  period_number: 'integer',
  plan_version_id: 'uuid',
  operation: 'text',
  late: 'boolean',
  in_open_period: 'boolean',
  quantity: 'bigint',
  cost_micros: 'bigint',
  drawn_micros: 'bigint',
  overage_micros: 'bigint',
  draw_grant_ids: 'uuid[]',
  draw_micros: 'bigint[]',
  ledger_sequence: 'bigint',
}

function writeCorrections(
  tx: Transaction,
  note: { accountId: string; id: string; sequence: bigint },
  corrections: readonly Correction[],
): Promise<void> {
  const rows = corrections.map(({ kind, record, inOpenPeriod, draws, ...amounts }, index) => [
    note.accountId,
    note.id,
    index + 1,
    kind,
    record.id,
    record.bookedAt,
    record.subscriptionId,
    record.periodNumber,
    record.planVersionId,
    record.operation,
    record.late,
    inOpenPeriod,
    amounts.quantity,
    amounts.cost,
    amounts.drawn,
    amounts.overage,
    draws.map(({ grantId }) => grantId),
    draws.map(({ amount }) => amount),
    note.sequence,
  ])
  return insertRows(tx, 'usage_corrections', CORRECTIONS, rows)
}

function refuse(refusal: CreditNoteRefused['refusal'], detail: string): CreditNoteRefused {
  return { ok: false, refusal, detail }
}
