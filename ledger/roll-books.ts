/**
 * What happens to an account as time passes: grants expire, periods close into invoices, new credits are granted
 * (rules R6, R20, R21).
 *
 * Called by open-books.ts for accounts with something due, so from any entry point, and by the sweeper through it.
 * State decides, not clock ticks: five missed months are five turns of the same loop, each booked at its own instant.
 *
 *   period n ──overage on no invoice reaches the operator's amount──▶ draft of an interim invoice, and the period goes on
 *   period n ──boundary──▶ closed, draft invoice ──finalize-invoices.ts──▶ open ──▶ …
 *      ╰──▶ period n + 1, credits granted      (or, with a cancellation pending, the subscription ends)
 *
 * Invariants:
 *   1. At one instant: expire, close, start.
 *   2. A boundary is processed once: its invoice, its period and its grant have unique keys in the database.
 *   3. Closing reads no usage: totals are added up as usage is booked, so its cost is flat in usage.
 *   4. An interim invoice is the first thing due: nothing is booked between the use that made it due and its cut. What it bills is in no
 *      later invoice.
 *   5. Events are booked at the instant they fell due, which is never before anything booked earlier, since every
 *      verb processes what is due before it books.
 *
 * Not here: tax, number and collection of an invoice; a parked account still rolls.
 */

import { assert } from '../billing/assert.ts'
import { termEnded } from '../billing/entries.ts'
import { type InvoiceFacts, invoiceLines, type UsageTotal } from '../billing/invoice.ts'
import type { Period } from '../billing/period.ts'
import { onItsNode } from '../database/cluster.ts'
import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import {
  type Books,
  changePeriod,
  isInterimDue,
  isOfPlan,
  nextEventOf,
  type PeriodBook,
  type PeriodDraw,
  type PeriodTotal,
  post,
  unitsOf,
} from './books.ts'
import { type CataloguePlan, readPlanVersions } from './catalogue.ts'
import { expireGrant, rollGrantsOver } from './grants.ts'
import { type NextTerm, type Published, readPublished, startOfNext } from './plan-succession.ts'
import { beginSubscription, endSubscription, startPeriod } from './start-period.ts'

/** What the open period of an account has added up to. */
export type PeriodSums = {
  /** In the order of an invoice: plan versions as they came into force, operations as the plan lists them. */
  totals: readonly (PeriodTotal & { plan: CataloguePlan })[]
  draws: readonly PeriodDraw[]
}

const NOTHING: PeriodSums = { totals: [], draws: [] }

/** Processes everything due at each account's `now`, in order of time. */
export async function rollBooks(tx: Transaction, due: readonly Books[]): Promise<void> {
  if (due.length === 0) return
  const sums = await readPeriodSums(tx, due)
  const published = await readPublished(
    tx,
    due.map(({ subscription }) => subscription),
  )
  for (const books of due) rollDue(books, sums.get(books.accountId) ?? NOTHING, published)
}

/**
 * Processes everything due at `books.now`, in order of time. `sums` is what the open period has added up to, `published` are
 * the versions that may follow.
 */
export function rollDue(books: Books, sums: PeriodSums, published: Published = []): void {
  let open = sums
  for (let at = books.nextEventAt; at !== null && at <= books.now; at = nextEventOf(books, at)) {
    if (isInterimDue(books)) {
      open = draftInterimInvoice(books, open, at)
      continue
    }
    const next = nextTermOf(books, at, published)
    endGrants(books, at, next)
    if (books.subscription && books.subscription.periodEndsAt <= at) {
      closePeriod(books, open, next)
      open = NOTHING
    }
    books.grants = books.grants.filter(({ endedAt }) => endedAt === null)
  }
}

/** What begins at `at`: null where no period ends there, or where the subscription ends with it. */
function nextTermOf({ subscription }: Books, at: Date, published: Published): NextTerm | null {
  if (!subscription || subscription.periodEndsAt > at) return null
  return subscription.pending?.kind === 'cancel' ? null : startOfNext(subscription, published)
}

/** Ends the grants that end at `at`. At a boundary the plan version in force says what of its credits rolls over. */
function endGrants(books: Books, at: Date, next: NextTerm | null): void {
  const { subscription } = books
  const ending = books.grants.filter(
    ({ endedAt, expiresAt }) => endedAt === null && expiresAt !== null && expiresAt <= at,
  )
  const rollover = subscription?.plan.rollover
  const rolling = next && rollover ? ending.filter(isOfPlan) : []
  if (next && rollover) rollGrantsOver(books, rolling, { rollover, at, until: next.period.end })
  for (const grant of ending) {
    if (!rolling.includes(grant)) expireGrant(books, grant, grant.expiresAt!)
  }
}

/** Ends the open period, drafts its invoice, and starts the next period unless the subscription ends here. */
function closePeriod(books: Books, sums: PeriodSums, next: NextTerm | null): void {
  const { subscription, period } = books
  assert(subscription && period, 'a period is open')
  const at = subscription.periodEndsAt
  draftBoundaryInvoice(books, sums, next)
  endTerm(books, period, at)
  if (next === null) endSubscription(books, at)
  else if (subscription.plan.trial) {
    // Its successor has a calendar of its own (rule R22).
    endSubscription(books, at)
    beginSubscription(books, next.plan, at)
  } else startPeriod(books, next)
}

/** Ends the subscription at `books.now`: plan and upgrade credits expire, the period closes into its last invoice. */
export function closePeriodNow(books: Books, sums: PeriodSums): Date {
  const { subscription, period, now } = books
  assert(subscription && period, 'a period is open')
  for (const grant of books.grants) {
    if (isOfPlan(grant)) expireGrant(books, grant, now)
  }
  // The period ends here instead of at its boundary; a period is never empty.
  const end = new Date(Math.max(now.getTime(), subscription.periodStartsAt.getTime() + 1))
  subscription.periodEndsAt = end
  period.endsAt = end
  subscription.pending = { kind: 'cancel' }
  closePeriod(books, sums, null)
  books.grants = books.grants.filter(({ endedAt }) => endedAt === null)
  return end
}

/** What the boundary's invoice is made from: the period's usage, and the next term's fee if there is one. */
export function boundaryFacts(
  books: Books,
  sums: PeriodSums,
  next: { plan: CataloguePlan; period: Period } | null,
): InvoiceFacts {
  return {
    ...unitsOf(books),
    fee: next && {
      planVersionId: next.plan.id,
      planName: next.plan.name,
      listPrice: next.plan.listPrice,
      discount: next.plan.discount,
      period: next.period,
    },
    planChange: null,
    purchases: [],
    usage: sums.totals.filter(({ late, quantity }) => !late && quantity > 0n).map(toUsageTotal),
    lateUsage: sums.totals.filter(({ late, quantity }) => late && quantity > 0n).map(toUsageTotal),
    creditsUsed: sums.draws.map(({ source, drawn }) => ({ source, credits: drawn })),
  }
}

/**
 * Reads what the open periods have added up to and no interim invoice bills. What this transaction has changed of that is saved before.
 */
export async function readPeriodSums(
  tx: Transaction,
  accounts: readonly Books[],
): Promise<Map<string, PeriodSums>> {
  const open = accounts.filter(({ subscription }) => subscription !== null)
  const keys = [open.map(({ accountId }) => accountId), open.map(({ subscription }) => subscription!.id)]
  const periods = [...keys, open.map(({ subscription }) => subscription!.periodNumber)]
  const totals = await tx.query<PeriodTotal & { accountId: string; since: Date }>(
    `select t.account_id as "accountId", t.subscription_id as "subscriptionId", t.period_number as "periodNumber",
       t.plan_version_id as "planVersionId", t.operation, t.late, t.quantity, t.cost_micros as "cost",
       t.drawn_micros as "drawn", t.overage_micros as "overage",
       (select min(v.starts_at) from subscription_versions v
        where v.account_id = t.account_id and v.plan_version_id = t.plan_version_id ${onItsNode(tx, 'v.account_id')}) as since
     from unnest($1::uuid[], $2::uuid[], $3::integer[]) as given (account_id, subscription_id, period_number)
     join period_totals t using (account_id, subscription_id, period_number) where true ${onItsNode(tx, 't.account_id')}`,
    periods,
  )
  const draws = await tx.query<PeriodDraw & { accountId: string }>(
    `select d.account_id as "accountId", d.subscription_id as "subscriptionId", d.period_number as "periodNumber",
       d.source, d.drawn_micros as "drawn"
     from unnest($1::uuid[], $2::uuid[], $3::integer[]) as given (account_id, subscription_id, period_number)
     join period_draws d using (account_id, subscription_id, period_number)
     where true ${onItsNode(tx, 'd.account_id')} order by d.source`,
    periods,
  )
  await takeOffInterims(tx, open, { totals, draws })
  const plans = await readPlanVersions(
    tx,
    totals.map(({ planVersionId }) => planVersionId),
  )
  return new Map(
    open.map(({ accountId }) => [
      accountId,
      {
        totals: totals
          .filter((total) => total.accountId === accountId)
          .map((total) => ({ ...total, plan: plans.get(total.planVersionId)! }))
          .sort(compareInvoiceOrder),
        draws: draws.filter((draw) => draw.accountId === accountId),
      },
    ]),
  )
}

/** Takes off what interim invoices have billed; few periods have any. */
async function takeOffInterims(
  tx: Transaction,
  open: readonly Books[],
  {
    totals,
    draws,
  }: { totals: (PeriodTotal & { accountId: string })[]; draws: (PeriodDraw & { accountId: string })[] },
): Promise<void> {
  const cut = open.filter(({ period }) => period!.billedThrough > 0n)
  if (cut.length === 0) return
  const keys = [
    cut.map(({ accountId }) => accountId),
    cut.map(({ period }) => period!.subscriptionId),
    cut.map(({ period }) => period!.number),
  ]
  const from = `from unnest($1::uuid[], $2::uuid[], $3::integer[]) as given (account_id, subscription_id, period_number)
     join invoices i using (account_id, subscription_id, period_number)`
  const billed = await tx.query<PeriodTotal & { accountId: string }>(
    `select b.account_id as "accountId", b.plan_version_id as "planVersionId", b.operation, b.late, b.quantity, b.cost_micros as "cost",
       b.drawn_micros as "drawn", b.overage_micros as "overage"
     ${from} join interim_totals b using (account_id, invoice_id)
     where i.kind = 'interim' ${onItsNode(tx, 'i.account_id')} ${onItsNode(tx, 'b.account_id')}`,
    keys,
  )
  const drawn = await tx.query<PeriodDraw & { accountId: string }>(
    `select b.account_id as "accountId", b.source, b.drawn_micros as "drawn"
     ${from} join interim_draws b using (account_id, invoice_id)
     where i.kind = 'interim' ${onItsNode(tx, 'i.account_id')} ${onItsNode(tx, 'b.account_id')}`,
    keys,
  )
  for (const one of billed) {
    const total = totals.find(
      ({ accountId, planVersionId, operation, late }) =>
        accountId === one.accountId &&
        planVersionId === one.planVersionId &&
        operation === one.operation &&
        late === one.late,
    )!
    total.quantity -= one.quantity
    total.cost -= one.cost
    total.drawn -= one.drawn
    total.overage -= one.overage
  }
  for (const { accountId, source, drawn: before } of drawn) {
    draws.find((draw) => draw.accountId === accountId && draw.source === source)!.drawn -= before
  }
}

type Listed = PeriodTotal & { plan: CataloguePlan; since: Date | null }

/**
 * The order of an invoice's usage lines, for `sort`: plan versions as they first came into force for the account (`since`;
 * those that a run was pinned to and that never did come first), operations as the plan lists them.
 */
export function compareInvoiceOrder(a: Listed, b: Listed): number {
  return (
    (a.since?.getTime() ?? 0) - (b.since?.getTime() ?? 0) ||
    Number(a.planVersionId > b.planVersionId) - Number(a.planVersionId < b.planVersionId) ||
    placeOf(a) - placeOf(b)
  )
}

function placeOf({ plan, operation }: Listed): number {
  return [...plan.prices.keys()].indexOf(operation)
}

function draftBoundaryInvoice(
  books: Books,
  sums: PeriodSums,
  next: { plan: CataloguePlan; period: Period } | null,
): void {
  const { subscription, changes } = books
  const lines = invoiceLines(boundaryFacts(books, sums, next))
  // A period of free operations alone, with no fee to follow, is nothing to send anybody.
  if (lines.every(({ exactAmount }) => exactAmount === 0n)) return
  changes.invoices.push({
    id: newId(),
    kind: next === null ? 'cancel' : 'boundary',
    subscriptionId: subscription!.id,
    periodNumber: subscription!.periodNumber,
    currency: unitsOf(books).currency,
    periodStartsAt: subscription!.periodStartsAt,
    periodEndsAt: subscription!.periodEndsAt,
    unbilled: lines.reduce((sum, { exactAmount }) => sum + exactAmount, 0n),
    lines,
    draftedAt: subscription!.periodEndsAt,
  })
}

/** Cuts off what the open period has added up to since its last invoice, and drafts that; answers what is left of it. The period goes on. */
function draftInterimInvoice(books: Books, sums: PeriodSums, at: Date): PeriodSums {
  const { subscription, period, changes } = books
  assert(subscription && period, 'a period is open')
  const lines = invoiceLines(boundaryFacts(books, sums, null))
  const unbilled = lines.reduce((sum, { exactAmount }) => sum + exactAmount, 0n)
  assert(unbilled === period.overage - period.billed, 'what is cut off is the overage on no invoice')
  const from = period.billedAt ?? period.startsAt
  // A period is never empty, also where all of it was booked within a millisecond.
  const to = new Date(Math.max(at.getTime(), from.getTime() + 1))
  changes.invoices.push({
    id: newId(),
    kind: 'interim',
    subscriptionId: subscription.id,
    periodNumber: period.number,
    currency: unitsOf(books).currency,
    periodStartsAt: from,
    periodEndsAt: to,
    unbilled,
    lines,
    draftedAt: at,
    interim: {
      through: books.entrySequence,
      totals: sums.totals.filter(({ quantity }) => quantity > 0n),
      draws: sums.draws.filter(({ drawn }) => drawn > 0n),
    },
  })
  Object.assign(period, { billed: period.overage, billedThrough: books.entrySequence, billedAt: to })
  changePeriod(books, period)
  return NOTHING
}

function endTerm(books: Books, period: PeriodBook, at: Date): void {
  if (period.deferred > 0n) {
    post(books, {
      cause: 'term_ended',
      causeId: `${period.subscriptionId}:${period.number}`,
      bookedAt: at,
      entries: termEnded(unitsOf(books), period.deferred),
    })
  }
  period.closedAt = at
  changePeriod(books, period)
}

function toUsageTotal({ plan, operation, quantity, overage }: PeriodSums['totals'][number]): UsageTotal {
  const overageUnitPrice = plan.prices.get(operation)!.overageUnitPrice
  return { planVersionId: plan.id, planName: plan.name, operation, quantity, overageUnitPrice, overage }
}
