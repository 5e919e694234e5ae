/**
 * What the operator grants by hand: promotions, purchases and adjustments, and taking back what is left of one (rule R6).
 *
 * Called by http/ for the operator, in a transaction of the account.
 *
 * A purchase is on invoice terms: its credits are there at once, its price falls due at once, on an invoice of its own that is
 * finalized and collected like every other. A promotion and an adjustment cost nothing.
 *
 * Invariants:
 *   1. One key, one grant, for ever; the same key with other terms is refused.
 *   2. A refusal changes nothing.
 *   3. Credits of plans are not granted here and not taken back here: they come and go with the plan.
 */

import { assert } from '../billing/assert.ts'
import { minorDecimals } from '../billing/currency.ts'
import type { Units } from '../billing/entries.ts'
import { formatAmount } from '../billing/format-amount.ts'
import {
  type GrantDraft,
  MOST_HELD,
  type OperatorGrantRefusal,
  type OperatorGrantSource,
  refuseOperatorGrant,
} from '../billing/grant.ts'
import { invoiceLines } from '../billing/invoice.ts'
import { anchorAt, periodOf } from '../billing/period.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type BookedGrant, type Books, unitsOf } from './books.ts'
import { readOfferedPlans } from './catalogue.ts'
import { issueGrant, voidGrant } from './grants.ts'
import { openBook } from './open-books.ts'
import { wholeSecond } from './price-plan-change.ts'
import { saveBooks } from './save-books.ts'

export type GrantRequest = Omit<GrantDraft, 'source' | 'startsAt'> & {
  accountId: string
  source: OperatorGrantSource
  /** Null: at once. */
  startsAt: Date | null
  reason: string
  /** What the caller takes the account to count in; null: whatever it counts in. */
  units: Units | null
  /** The caller's key for this grant; null: each call grants. */
  key: string | null
}

export type GrantCreditsRefusal =
  | OperatorGrantRefusal
  | 'account_not_found'
  | 'account_without_units'
  | 'unit_mismatch'
  | 'idempotency_conflict'

export type VoidRefusal = 'account_not_found' | 'grant_not_found' | 'grant_not_voidable' | 'grant_ended'

type Refused<Refusal> = { ok: false; refusal: Refusal; detail: string }

/** A grant as it stands in the books, ended or not. */
export type ListedGrant = BookedGrant & {
  /** Why the operator took the rest back; null where that has not happened. */
  voidReason: string | null
  /** What a purchase was billed with. */
  invoiceId: string | null
}

/** Grants credits to an account; `replayed` where the key was known. Processes what is due first. */
export async function grantCredits(
  tx: Transaction,
  request: GrantRequest,
): Promise<{ ok: true; replayed: boolean; grant: ListedGrant } | Refused<GrantCreditsRefusal>> {
  const { accountId, source, reason } = request
  const books = await openBook(tx, accountId)
  if (!books) return refuse('account_not_found', `No account has the id ${accountId}.`)
  await saveBooks(tx, [books])
  const naturalKey = `operator:${request.key ?? newId()}`
  const [earlier] = await readGrants(tx, accountId, 'and g.natural_key = $2', [naturalKey])
  if (earlier) return answerAgain(earlier, request)

  const counted = await unitsFor(tx, books, request.units)
  if (!counted.ok) return counted
  const { units } = counted
  const draft = { ...request, startsAt: request.startsAt ?? books.now }
  const refusal = refuseOperatorGrant(draft, { decimals: minorDecimals(units.currency)!, now: books.now })
  if (refusal !== null) return refuse(refusal, DETAILS[refusal])

  const held = books.grants.reduce((sum, { remaining }) => sum + remaining, 0n)
  if (held + draft.credits > MOST_HELD) {
    return refuse('grant_too_large', 'The account would hold more credits than can be counted.')
  }

  books.units = units
  const grant = issueGrant(books, { ...draft, naturalKey, reason }, books.now)
  const invoiceId = source === 'purchase' ? draftPurchase(books, grant) : null
  await saveBooks(tx, [books])
  if (invoiceId !== null) {
    await tx.query('update credit_grants set invoice_id = $3 where account_id = $1 and grant_id = $2', [
      accountId,
      grant.id,
      invoiceId,
    ])
  }
  return { ok: true, replayed: false, grant: { ...grant, invoiceId, voidReason: null } }
}

/** Takes back what is left of a grant. Taken back before: answers it as it is. */
export async function voidCredits(
  tx: Transaction,
  request: { accountId: string; grantId: string; reason: string },
): Promise<{ ok: true; grant: ListedGrant } | Refused<VoidRefusal>> {
  const { accountId, grantId, reason } = request
  const books = await openBook(tx, accountId)
  if (!books) return refuse('account_not_found', `No account has the id ${accountId}.`)
  await saveBooks(tx, [books])
  const [listed] = await readGrants(tx, accountId, 'and g.grant_id = $2', [grantId])
  if (!listed) return refuse('grant_not_found', 'No grant of this account has this id.')
  if (listed.source === 'plan' || listed.source === 'upgrade') {
    return refuse('grant_not_voidable', 'Credits of a plan come and go with the plan.')
  }
  if (listed.voidReason !== null) return { ok: true, grant: listed }
  const grant = books.grants.find(({ id }) => id === grantId)
  if (!grant) {
    return refuse('grant_ended', `It ended at ${listed.endedAt?.toISOString()}: nothing is left of it.`)
  }
  voidGrant(books, grant, books.now)
  await saveBooks(tx, [books])
  await tx.query('update credit_grants set void_reason = $3 where account_id = $1 and grant_id = $2', [
    accountId,
    grantId,
    reason,
  ])
  return { ok: true, grant: { ...listed, ...grant, voidReason: reason } }
}

/** All grants of an account before the given one, ended or not, newest first. */
export async function listGrants(
  tx: Transaction,
  accountId: string,
  page: { limit: number; before: string | null },
): Promise<ListedGrant[]> {
  return readGrants(
    tx,
    accountId,
    'and ($2::uuid is null or g.grant_id < $2) order by g.grant_id desc limit $3',
    [page.before, page.limit],
  )
}

function readGrants(tx: Transaction, accountId: string, more: string, values: unknown[]) {
  return tx.query<ListedGrant>(
    `select g.grant_id as "id", g.source, g.granted_micros as "granted", g.remaining_micros as "remaining",
       g.consideration_micros as "consideration", g.recognised_micros as "recognised", g.rolled, g.priority,
       g.starts_at as "startsAt", g.expires_at as "expiresAt", g.natural_key as "naturalKey", g.reason,
       g.created_at as "createdAt", g.ended_at as "endedAt", g.void_reason as "voidReason",
       g.invoice_id as "invoiceId"
     from credit_grants g where g.account_id = $1 ${more}`,
    [accountId, ...values],
  )
}

const DETAILS: Record<OperatorGrantRefusal, string> = {
  grant_not_positive: 'A grant is of more than nothing.',
  grant_too_large: 'No more than a billion is granted at once.',
  consideration_invalid: 'A price is not below nothing and not above a billion.',
  consideration_missing: 'A purchase has a price. What is given away is a promotion.',
  consideration_not_bought: 'Promotions and adjustments cost nothing. What is paid for is a purchase.',
  amount_not_minor: 'A price has no more decimals than the currency.',
  priority_invalid: 'A priority is a whole number from 0, drawn first, to 100.',
  grant_ends_before_start: 'A grant ends after it starts.',
  grant_ends_in_past: 'A grant that has ended already would never be drawn.',
}

function answerAgain(earlier: ListedGrant, request: GrantRequest) {
  const isSame =
    earlier.source === request.source &&
    earlier.granted === request.credits &&
    earlier.consideration === request.consideration &&
    earlier.priority === request.priority &&
    earlier.reason === request.reason &&
    earlier.startsAt.getTime() === (request.startsAt ?? earlier.createdAt).getTime() &&
    earlier.expiresAt?.getTime() === request.expiresAt?.getTime()
  if (isSame) return { ok: true as const, replayed: true, grant: earlier }
  return refuse('idempotency_conflict' as const, 'This key granted something else. Use a key of its own.')
}

/** What the account counts in: fixed by its first plan, or by a grant before it, and frozen from then on. */
async function unitsFor(
  tx: Transaction,
  books: Books,
  named: Units | null,
): Promise<{ ok: true; units: Units } | Refused<'account_without_units' | 'unit_mismatch'>> {
  const nameOf = ({ currency, creditUnit }: Units) => `${currency} with credits in ${creditUnit}`
  if (books.units) {
    if (named === null || nameOf(named) === nameOf(books.units)) return { ok: true, units: books.units }
    const detail = `This account is in ${nameOf(books.units)}, which never changes; not in ${nameOf(named)}.`
    return refuse('unit_mismatch', detail)
  }
  const plans = await readOfferedPlans(tx)
  const offered = new Map(
    plans.map(({ currency, creditUnit }) => [`${currency} ${creditUnit}`, { currency, creditUnit }]),
  )
  const only = offered.size === 1 ? [...offered.values()][0]! : null
  const units = named === null ? only : (offered.get(`${named.currency} ${named.creditUnit}`) ?? null)
  if (units) return { ok: true, units }
  const all = [...offered.values()].map(nameOf).join('; ')
  return named === null
    ? refuse(
        'account_without_units',
        `This account has had no plan yet. Say what its credits count in: ${all}.`,
      )
    : refuse('unit_mismatch', `No plan on offer is in ${nameOf(named)}; there are ${all}.`)
}

/** The invoice of a purchase, for the next collection to finalize; answers its id. */
export function draftPurchase(books: Books, grant: BookedGrant): string {
  const { currency, creditUnit } = unitsOf(books)
  const price = grant.consideration
  const name = `${formatAmount(grant.granted, creditUnit)}${creditUnit === currency ? ' of credits' : ''}`
  const lines = invoiceLines({
    currency,
    creditUnit,
    fee: null,
    planChange: null,
    purchases: [{ name, price }],
    usage: [],
    lateUsage: [],
    creditsUsed: [],
  })
  assert(lines.length === 1 && lines[0]!.amount === price, 'a purchase is billed at its price')
  const id = newId()
  const second = wholeSecond(books.now)
  books.changes.invoices.push({
    id,
    kind: 'purchase',
    subscriptionId: null,
    periodNumber: null,
    currency,
    periodStartsAt: second,
    periodEndsAt: books.subscription?.periodEndsAt ?? periodOf(anchorAt(second, books.zone), 0).end,
    unbilled: price,
    lines,
    draftedAt: books.now,
  })
  return id
}

function refuse<Refusal>(refusal: Refusal, detail: string): Refused<Refusal> {
  return { ok: false, refusal, detail }
}
