/**
 * A change of plan takes effect: the subscription starts, or is upgraded within its period (rule R22).
 *
 * Called in the transaction that books the payment, by collect-payments.ts; at once where nothing is due, and by the
 * preview in a transaction that is rolled back, by change-plan.ts.
 */

import { assert } from '../billing/assert.ts'
import { minorDecimals, roundToMinor } from '../billing/currency.ts'
import { feeFellDue } from '../billing/entries.ts'
import { PLAN_PRIORITY } from '../billing/grant.ts'
import { type InvoiceLine, invoiceLines, totalOf } from '../billing/invoice.ts'
import type { Micros } from '../billing/micros.ts'
import { anchorAt, firstPeriod } from '../billing/period.ts'
import type { TaxTreatment } from '../billing/tax.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { type Books, changePeriod, post, unitsOf } from './books.ts'
import { type CataloguePlan, readPlanVersion } from './catalogue.ts'
import { finalizeInvoices } from './finalize-invoices.ts'
import { issueGrant } from './grants.ts'
import { type PricedChange, wholeSecond } from './price-plan-change.ts'
import { closePeriodNow, readPeriodSums } from './roll-books.ts'
import { saveBooks } from './save-books.ts'
import { beginSubscription } from './start-period.ts'
import { planFacts, tellEvent, tellSubscription } from './tell-event.ts'

export type EffectiveChange = {
  id: string
  kind: 'start' | 'upgrade'
  next: CataloguePlan
  /** Currency, whole minor units, before tax. */
  charge: Micros
  credits: Micros
}

/** Carries the change into opened books, which the caller saves. A trial that is left ends first. */
export async function carryPlanChange(tx: Transaction, books: Books, change: EffectiveChange): Promise<void> {
  if (change.kind === 'start' && books.subscription) {
    await saveBooks(tx, [books])
    const sums = (await readPeriodSums(tx, [books])).get(books.accountId)!
    closePeriodNow(books, sums)
  }
  applyPlanChange(books, change)
}

/** Carries the change into opened books that have no trial to end. */
export function applyPlanChange(books: Books, change: EffectiveChange): void {
  if (change.kind === 'start') startSubscription(books, change.next)
  else upgradeSubscription(books, change)
}

/** Drafts the invoice of a change that must be paid before it takes effect, in opened books; answers its id. */
export function draftPlanChange(books: Books, change: PricedChange, taxes: readonly InvoiceLine[]): string {
  const { next, due } = change
  const { subscription, now } = books
  const isStart = change.kind === 'start'
  const startsAt = wholeSecond(now)
  const ofStart = () => firstPeriod(anchorAt(startsAt, books.zone), next.trial).end
  const end = isStart ? ofStart() : subscription!.periodEndsAt
  const version = { planVersionId: next.id, planName: next.name }
  const { listPrice, discount } = next
  const lines = invoiceLines({
    currency: next.currency,
    creditUnit: next.creditUnit,
    fee: isStart ? { ...version, listPrice, discount, period: { start: startsAt, end } } : null,
    planChange: isStart ? null : { ...version, due, period: { start: change.pinnedAt, end } },
    purchases: [],
    usage: [],
    lateUsage: [],
    creditsUsed: [],
  })
  assert(totalOf(lines) === change.charge, 'the invoice of a change asks for what is charged')
  const id = newId()
  books.changes.invoices.push({
    id,
    kind: isStart ? 'start' : 'upgrade',
    subscriptionId: isStart ? null : subscription!.id,
    periodNumber: isStart ? null : subscription!.periodNumber,
    currency: next.currency,
    periodStartsAt: startsAt,
    periodEndsAt: end,
    unbilled: roundToMinor(due, minorDecimals(next.currency)!),
    lines: [...lines, ...taxes],
    draftedAt: now,
  })
  return id
}

type ChangeRow = {
  id: string
  kind: 'start' | 'upgrade'
  nextId: string
  charge: bigint
  credits: bigint
  total: bigint
  tax: bigint
  unbilled: bigint
  treatment: TaxTreatment
  /** Reserved for it when it was asked for. */
  customerCredit: bigint
  /** What it was asked for: of an upgrade with its period, of a start the trial that it leaves. */
  subscriptionId: string | null
  periodNumber: number | null
}

/**
 * What the outcome of a payment means for the change it was to pay; `succeeded` also where nothing is left to pay now. An
 * upgrade was paid for the rest of a period, and a start out of a trial for what the trial was to lead to: once period or trial
 * is over, it lapses. The caller saves the books.
 */
export async function settlePlanChange(
  tx: Transaction,
  books: Books,
  invoiceId: string,
  outcome: {
    status: 'succeeded' | 'failed' | 'action_required' | 'unknown'
    code?: string
    message?: string
  },
  minimumCharge: Micros = 0n,
): Promise<{ tookEffect: boolean }> {
  if (outcome.status !== 'succeeded' && outcome.status !== 'failed') return { tookEffect: false }
  const { accountId, now } = books
  const [row] = await tx.query<ChangeRow>(
    `select c.plan_change_id as "id", c.kind, c.to_plan_version_id as "nextId",
       i.total_micros - i.tax_micros as "charge", c.credits_micros as "credits", i.total_micros as "total",
       i.tax_micros as "tax", i.unbilled_micros as "unbilled", i.tax_treatment as "treatment",
       i.customer_credit_micros as "customerCredit", c.subscription_id as "subscriptionId",
       i.period_number as "periodNumber"
     from plan_changes c join invoices i using (account_id, invoice_id)
     where c.account_id = $1 and c.invoice_id = $2 and c.status = 'awaiting_payment'`,
    [accountId, invoiceId],
  )
  assert(row, 'a draft that is paid for belongs to a change of plan')
  const { subscription } = books
  const isOver =
    (subscription?.id ?? null) !== row.subscriptionId ||
    (row.kind === 'upgrade' && subscription?.periodNumber !== row.periodNumber)
  const tookEffect = outcome.status === 'succeeded' && !isOver
  const unpaid = outcome.status === 'succeeded' || outcome.code === 'cancelled' ? 'lapsed' : 'declined'
  const status = tookEffect ? 'effective' : unpaid
  await tx.query(
    `update plan_changes set status = $3, settled_at = $4 where account_id = $1 and plan_change_id = $2`,
    [accountId, row.id, status, now],
  )
  const next = await readPlanVersion(tx, row.nextId)
  if (!tookEffect) {
    // It was never numbered, so nothing is missing from the series.
    await tx.query(`update invoices set status = 'void' where account_id = $1 and invoice_id = $2`, [
      accountId,
      invoiceId,
    ])
    const { code = 'lapsed', message = 'The change lapsed before it was paid.' } = outcome
    tellEvent(books, 'subscription.change_declined', {
      data: { plan: planFacts(next), failure_code: code, failure_message: message },
    })
    return { tookEffect }
  }
  await carryPlanChange(tx, books, { ...row, next })
  // It takes up nothing that was carried: what is charged is what was shown (decisions/021).
  const terms = { openingBalance: 0n, customerCredit: row.customerCredit, minimumCharge }
  await finalizeInvoices(tx, [{ books, claim: { ...row, id: invoiceId }, terms }])
  return { tookEffect }
}

function startSubscription(books: Books, plan: CataloguePlan): void {
  books.units ??= { currency: plan.currency, creditUnit: plan.creditUnit }
  // A calendar counts from a whole second, but never from before the last thing booked.
  const second = wholeSecond(books.now)
  const startedAt = books.lastBookedAt !== null && second < books.lastBookedAt ? books.now : second
  beginSubscription(books, plan, startedAt)
}

function upgradeSubscription(books: Books, change: EffectiveChange): void {
  const { subscription, period, now } = books
  assert(subscription && period, 'an upgrade needs a plan to upgrade')
  if (change.credits > 0n) {
    issueGrant(
      books,
      {
        source: 'upgrade',
        credits: change.credits,
        consideration: change.charge,
        priority: PLAN_PRIORITY,
        startsAt: now,
        expiresAt: subscription.periodEndsAt,
        naturalKey: `upgrade:${subscription.id}:${subscription.periodNumber}:${change.id}`,
      },
      now,
    )
  } else if (change.charge > 0n) {
    period.deferred += change.charge
    changePeriod(books, period)
    const entries = feeFellDue(unitsOf(books), change.charge)
    post(books, { cause: 'fee_due', causeId: change.id, bookedAt: now, entries })
  }
  const previous = planFacts(subscription.plan)
  subscription.plan = change.next
  subscription.pending = null
  subscription.planSince = now
  tellSubscription(books, 'subscription.changed', { previous_plan: previous, credits: change.credits })
  books.changes.subscriptions.set(subscription.id, subscription)
  books.changes.versions.push({
    subscriptionId: subscription.id,
    startsAt: now,
    planVersionId: change.next.id,
  })
}
