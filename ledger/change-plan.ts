/**
 * Starting and changing a plan: preview, confirmation, cancellation and taking either back (rules R22 and R23).
 *
 * Called by http/. What costs money is stored as a change awaiting its payment, then takes effect in the transaction
 * that books the payment (plan-change-effect.ts); what waits for the boundary is a mark on the subscription.
 *
 * Invariants:
 *   1. A preview is the real code, run in a transaction that is rolled back.
 *   2. A confirmed preview charges what it showed, to the cent, or is refused.
 *   3. At most one change of an account awaits its payment (unique index one_change_at_a_time).
 */

import type { Micros } from '../billing/micros.ts'
import { periodOf } from '../billing/period.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { readAccountTax } from './account-tax.ts'
import type { Books } from './books.ts'
import { type CataloguePlan, readOfferedPlans } from './catalogue.ts'
import { type AskedProvider, type Attempt, storeAttempts } from './collect-payments.ts'
import { readSpendableCredit } from './finalize-invoices.ts'
import { openBook } from './open-books.ts'
import { readPaymentMethod } from './payment-method.ts'
import { carryPlanChange, draftPlanChange, settlePlanChange } from './plan-change-effect.ts'
import { hadSubscription } from './plan-succession.ts'
import {
  type ChangePayment,
  type ChangeRefusal,
  type PricedChange,
  payForChange,
  pricePlanChange,
  wholeSecond,
} from './price-plan-change.ts'
import { closePeriodNow, readPeriodSums } from './roll-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'
import { tellChangeScheduled, tellSubscription } from './tell-event.ts'

const PREVIEW_VALID_MINUTES = 15

export type PlanChangeRefusal =
  | ChangeRefusal
  | 'plan_not_found'
  | 'payment_method_missing'
  | 'plan_change_awaiting_payment'
  | 'cancellation_pending'
  | 'preview_not_found'
  | 'preview_expired'
  | 'no_subscription'
  | 'nothing_pending'

export type Refused = { ok: false; refusal: PlanChangeRefusal; detail: string }

export type PlanPreview = {
  ok: true
  id: string
  kind: PricedChange['kind']
  plan: CataloguePlan
  /** Currency, before tax. */
  charge: Micros
  payment: ChangePayment
  creditsToday: Micros
  balanceAfter: Micros
  effectiveAt: Date
  /** The period that will be open once it is in force. */
  period: { start: Date; end: Date }
  pinnedAt: Date
  expiresAt: Date
}

export type PlanChangeResult =
  | {
      ok: true
      kind: PricedChange['kind']
      status: 'effective' | 'scheduled'
      effectiveAt: Date
      invoiceId: string | null
    }
  | {
      ok: true
      kind: 'start' | 'upgrade'
      status: 'awaiting_payment'
      effectiveAt: Date
      invoiceId: string
      attempt: Attempt
    }
  | Refused

/** Who is asked for money, in which steps, and the least that can be asked for. */
export type ChangeProvider = AskedProvider & { minimumCharge(currency: string): Micros }

/** Shows what changing to a plan would do, and stores what was shown. */
export async function previewPlanChange(
  db: Database,
  request: { accountId: string; planCode: string; provider: ChangeProvider },
): Promise<PlanPreview | Refused> {
  const { accountId, planCode } = request
  const shown = await db.asTenant(
    accountId,
    async (tx): Promise<Omit<PlanPreview, 'id' | 'expiresAt'> | Refused> => {
      const prepared = await prepare(tx, request, null)
      if (!prepared.ok) return prepared
      const { books, change, payment } = prepared
      if (change.kind !== 'at_boundary') {
        await carryPlanChange(tx, books, { ...change, kind: change.kind, id: newId() })
        await saveBooks(tx, [books])
      }
      const { subscription } = books
      return {
        ok: true,
        kind: change.kind,
        plan: change.next,
        charge: change.charge,
        payment,
        creditsToday: change.credits,
        balanceAfter: balanceOf(books),
        effectiveAt: change.effectiveAt,
        period:
          change.kind === 'at_boundary'
            ? periodOf(subscription!.anchor, subscription!.periodNumber + 1)
            : { start: subscription!.periodStartsAt, end: subscription!.periodEndsAt },
        pinnedAt: change.pinnedAt,
      }
    },
    { rollback: true },
  )
  if (!shown.ok) return shown
  const id = newId()
  const [stored] = await db.asTenant(accountId, (tx) =>
    tx.query<{ expiresAt: Date }>(
      `insert into previews (account_id, preview_id, request, pinned_at, outcome, expires_at)
       values ($1, $2, $3, $4, $5, now() + $6 * interval '1 minute') returning expires_at as "expiresAt"`,
      [
        accountId,
        id,
        JSON.stringify({ plan: planCode }),
        shown.pinnedAt,
        JSON.stringify(fingerprintOf(shown)),
        PREVIEW_VALID_MINUTES,
      ],
    ),
  )
  return { ...shown, id, expiresAt: stored!.expiresAt }
}

/** Starts or changes the plan. With a preview, only if it comes out as previewed. */
export async function changePlan(
  tx: Transaction,
  request: { accountId: string; planCode: string; previewId: string | null; provider: ChangeProvider },
): Promise<PlanChangeResult> {
  const { accountId, planCode, previewId, provider } = request
  const preview = previewId === null ? null : await readPreview(tx, accountId, previewId, planCode)
  if (preview && !preview.ok) return preview
  const prepared = await prepare(tx, request, preview?.pinnedAt ?? null)
  if (!prepared.ok) return prepared
  const { books, change, payment } = prepared
  if (preview && preview.fingerprint !== JSON.stringify(fingerprintOf(toShown(change, payment)))) {
    return refuse('preview_stale', 'Something has changed since the preview. Look at a new one.')
  }
  const { kind, effectiveAt } = change
  const stored = await readPaymentMethod(tx, accountId)
  const method = stored?.provider === provider.name ? stored : null
  if (!method && (payment.total > payment.customerCreditApplied || change.next.trial)) {
    const when = change.next.trial ? 'when the trial ends' : 'when it starts'
    const detail = `${change.next.name} is paid for ${when}. Add a payment method first.`
    return refuse('payment_method_missing', detail)
  }
  if (previewId !== null) {
    await tx.query('update previews set used_at = now() where account_id = $1 and preview_id = $2', [
      accountId,
      previewId,
    ])
  }
  if (kind === 'at_boundary') {
    books.subscription!.pending = { kind: 'change', plan: change.next }
    books.changes.subscriptions.set(books.subscription!.id, books.subscription!)
    tellChangeScheduled(books, change.next)
    await saveBooks(tx, [books])
    return { ok: true, kind, status: 'scheduled', effectiveAt, invoiceId: null }
  }
  if (change.charge === 0n) {
    await carryPlanChange(tx, books, { ...change, kind, id: newId() })
    await saveBooks(tx, [books])
    return { ok: true, kind, status: 'effective', effectiveAt, invoiceId: null }
  }
  const invoiceId = await storeChange(tx, books, change, payment)
  if (payment.amountToday === 0n || !method) {
    // Customer credit pays for it, or all but what is too little to collect.
    const minimum = provider.minimumCharge(change.next.currency)
    await settlePlanChange(tx, books, invoiceId, { status: 'succeeded' }, minimum)
    await saveBooks(tx, [books])
    return { ok: true, kind, status: 'effective', effectiveAt, invoiceId }
  }
  const { currency } = change.next
  const invoice = { id: invoiceId, number: null, amountDue: payment.amountToday, currency, attempt: 1 }
  const payer = { accountId, now: books.now, method }
  const [attempt] = await storeAttempts(tx, provider.name, [{ payer, invoice }])
  await scheduleAccounts(tx, [accountId])
  return { ok: true, kind, status: 'awaiting_payment', effectiveAt, invoiceId, attempt: attempt! }
}

/** Marks the subscription as ending at its boundary; its credits stay usable until then. */
export async function cancelAtBoundary(
  tx: Transaction,
  accountId: string,
): Promise<{ ok: true; effectiveAt: Date } | Refused> {
  const books = await openBook(tx, accountId)
  if (!books?.subscription) return refuseNoSubscription()
  const awaiting = await refuseWhileAwaiting(tx, accountId)
  if (awaiting) return awaiting
  const { subscription } = books
  const { periodEndsAt: effectiveAt, pending } = subscription
  if (pending?.kind !== 'cancel')
    tellSubscription(books, 'subscription.cancel_scheduled', { effective_at: effectiveAt })
  subscription.pending = { kind: 'cancel' }
  books.changes.subscriptions.set(subscription.id, subscription)
  await saveBooks(tx, [books])
  return { ok: true, effectiveAt }
}

/**
 * Ends the subscription at this instant: plan and upgrade credits expire, the period closes into a last invoice for
 * overage only. No fee is refunded. Unfinished items are automations' to cancel, in the same transaction.
 */
export async function cancelNow(
  tx: Transaction,
  accountId: string,
): Promise<{ ok: true; effectiveAt: Date } | Refused> {
  const books = await openBook(tx, accountId)
  if (!books?.subscription) return refuseNoSubscription()
  const awaiting = await refuseWhileAwaiting(tx, accountId)
  if (awaiting) return awaiting
  await saveBooks(tx, [books])
  const sums = (await readPeriodSums(tx, [books])).get(accountId)!
  const effectiveAt = closePeriodNow(books, sums)
  await saveBooks(tx, [books])
  return { ok: true, effectiveAt }
}

/** Takes back a pending change or cancellation. */
export async function resumePlan(tx: Transaction, accountId: string): Promise<{ ok: true } | Refused> {
  const books = await openBook(tx, accountId)
  if (!books?.subscription) return refuseNoSubscription()
  const { subscription } = books
  if (!subscription.pending) {
    await saveBooks(tx, [books])
    return refuse('nothing_pending', 'No change and no cancellation is pending.')
  }
  subscription.pending = null
  books.changes.subscriptions.set(subscription.id, subscription)
  tellSubscription(books, 'subscription.resumed', {})
  await saveBooks(tx, [books])
  return { ok: true }
}

async function prepare(
  tx: Transaction,
  { accountId, planCode, provider }: { accountId: string; planCode: string; provider: ChangeProvider },
  pinnedAt: Date | null,
): Promise<{ ok: true; books: Books; change: PricedChange; payment: ChangePayment } | Refused> {
  const books = await openBook(tx, accountId)
  if (!books) throw new Error(`account ${accountId} does not exist`)
  await saveBooks(tx, [books])
  const offered = await readOfferedPlans(tx)
  const next = offered.find(({ code }) => code === planCode)
  if (!next) {
    const codes = offered.map(({ code }) => code).join(', ')
    return refuse('plan_not_found', `No plan on offer has the code "${planCode}"; there are ${codes}.`)
  }
  const awaiting = await refuseWhileAwaiting(tx, accountId)
  if (awaiting) return awaiting
  if (books.subscription?.pending?.kind === 'cancel') {
    const detail = `${books.subscription.plan.name} is cancelled at the end of the period. Take that back first.`
    return refuse('cancellation_pending', detail)
  }
  if (next.trial && (await hadSubscription(tx, accountId))) {
    return refuse('plan_not_offered', `${next.name} is a trial, for accounts that have had no plan yet.`)
  }
  const change = pricePlanChange(books, next, pinnedAt ?? wholeSecond(books.now))
  if (!change.ok) return change
  const payment = payForChange(change, {
    tax: await readAccountTax(tx, accountId),
    customerCredit: await readSpendableCredit(tx, books),
    minimumCharge: provider.minimumCharge(next.currency),
    chargeStep: provider.chargeStep(next.currency),
  })
  return { ok: true, books, change, payment }
}

/** While a start or an upgrade waits for its payment, the plan stays as it is: money may be on its way. */
async function refuseWhileAwaiting(tx: Transaction, accountId: string): Promise<Refused | null> {
  const [awaiting] = await tx.query(
    `select 1 from plan_changes where account_id = $1 and status = 'awaiting_payment'`,
    [accountId],
  )
  if (!awaiting) return null
  const detail = 'An earlier change of plan still waits for its payment. Wait until that is settled.'
  return refuse('plan_change_awaiting_payment', detail)
}

async function readPreview(tx: Transaction, accountId: string, previewId: string, planCode: string) {
  const [row] = await tx.query<{
    plan: string
    pinnedAt: Date
    outcome: object
    expired: boolean
    used: boolean
  }>(
    `select request->>'plan' as plan, pinned_at as "pinnedAt", outcome, expires_at <= now() as expired,
       used_at is not null as used
     from previews where account_id = $1 and preview_id = $2 for update`,
    [accountId, previewId],
  )
  if (!row || row.plan !== planCode) {
    return refuse('preview_not_found', `No preview of a change to "${planCode}" has this id.`)
  }
  if (row.expired) {
    return refuse(
      'preview_expired',
      `A preview holds for ${PREVIEW_VALID_MINUTES} minutes. Look at a new one.`,
    )
  }
  if (row.used) return refuse('preview_stale', 'This preview was confirmed before. Look at a new one.')
  const shown = row.outcome as ReturnType<typeof fingerprintOf>
  const { kind, version, amount, total, credits, effectiveAt } = shown
  const fingerprint = JSON.stringify({ kind, version, amount, total, credits, effectiveAt })
  return { ok: true as const, pinnedAt: row.pinnedAt, fingerprint }
}

type Shown = Pick<PlanPreview, 'kind' | 'plan' | 'payment' | 'creditsToday' | 'effectiveAt'>

function toShown(change: PricedChange, payment: ChangePayment): Shown {
  const { kind, next: plan, credits: creditsToday, effectiveAt } = change
  return { kind, plan, payment, creditsToday, effectiveAt }
}

/** What must come out the same on confirming. What takes effect now does so whenever it is confirmed. */
function fingerprintOf({ kind, plan, payment, creditsToday, effectiveAt }: Shown) {
  return {
    kind,
    version: plan.id,
    amount: payment.amountToday.toString(),
    total: payment.total.toString(),
    credits: creditsToday.toString(),
    effectiveAt: kind === 'at_boundary' ? effectiveAt.toISOString() : 'now',
  }
}

/** Stores the change and the draft of its invoice; they come to life when it is paid. */
async function storeChange(
  tx: Transaction,
  books: Books,
  change: PricedChange,
  payment: ChangePayment,
): Promise<string> {
  const { next, due } = change
  const { subscription, now } = books
  const { treatment } = await readAccountTax(tx, books.accountId)
  const invoiceId = draftPlanChange(books, change, payment.taxes)
  await saveBooks(tx, [books])
  // Its tax stands as it was shown, and the customer credit that it counts on is reserved.
  await tx.query(
    `update invoices set tax_treatment = $3, customer_credit_micros = $4 where account_id = $1 and invoice_id = $2`,
    [books.accountId, invoiceId, treatment, payment.customerCreditApplied],
  )
  await tx.query(
    `insert into plan_changes (account_id, plan_change_id, kind, status, subscription_id, from_plan_version_id,
       to_plan_version_id, pinned_at, due_micros, credits_micros, invoice_id, requested_at)
     values ($1, $2, $3, 'awaiting_payment', $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      books.accountId,
      newId(),
      change.kind,
      subscription?.id ?? null,
      subscription?.plan.id ?? null,
      next.id,
      change.pinnedAt,
      due,
      change.credits,
      invoiceId,
      now,
    ],
  )
  return invoiceId
}

function balanceOf(books: Books): Micros {
  return books.grants
    .filter(({ startsAt, endedAt }) => startsAt <= books.now && endedAt === null)
    .reduce((sum, { remaining }) => sum + remaining, 0n)
}

function refuse(refusal: PlanChangeRefusal, detail: string): Refused {
  return { ok: false, refusal, detail }
}

function refuseNoSubscription(): Refused {
  return refuse('no_subscription', 'This account has no plan.')
}
