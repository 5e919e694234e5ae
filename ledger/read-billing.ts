/**
 * What the billing page, the quote and the command line show of an account: plan, period, balance, overage.
 *
 * Invariants:
 *   1. What is due is processed before anything is read (rule R20), so no answer is ever stale.
 *   2. The balance is what the grants usable now still hold; it is read from the one store (rule R14).
 */
import { assert } from '../billing/assert.ts'
import { openPurse, type Purse } from '../billing/draw-down.ts'
import type { Units } from '../billing/entries.ts'
import { compareDrawOrder } from '../billing/grant.ts'
import type { Micros } from '../billing/micros.ts'
import type { AccountTax } from '../billing/tax.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { readAccountTax } from './account-tax.ts'
import type { BookedGrant, Books, Subscription } from './books.ts'
import type { CataloguePlan } from './catalogue.ts'
import { openBook, viewBook } from './open-books.ts'
import { type PaymentMethod, readPaymentMethod } from './payment-method.ts'
import { readPublished, type Succession, successionOf } from './plan-succession.ts'
import { saveBooks } from './save-books.ts'

export type BillingState = {
  accountId: string
  name: string
  zone: string
  /** Business time of the account. */
  now: Date
  /** Null until the first plan fixes them. */
  units: Units | null
  subscription: Subscription | null
  /** In force; null without a subscription. */
  plan: CataloguePlan | null
  period: { start: Date; end: Date } | null
  /** What follows without the customer's doing: the plan after a trial, or a new version. */
  succession: Succession | null
  /** All that have not ended, in the order they are drawn. */
  grants: BookedGrant[]
  /** The grants usable now, for quotes and previews. */
  purse: Purse
  /** Credits. */
  balance: Micros
  /** Credits of the balance that have rolled over from earlier periods. */
  rolledOver: Micros
  /** Currency: accrued in the open period. */
  overage: Micros
  /** Currency: the part of it that interim invoices have billed. */
  overageInvoiced: Micros
  /** Credits that no grant covered in the open period. */
  overageCredits: Micros
  paymentMethod: PaymentMethod | null
  /** Currency: what finalized invoices still ask for. */
  amountDue: Micros
  /** Currency: what the account has with us, used before the payment method. */
  customerCredit: Micros
  tax: AccountTax
  /** When the verify pack last found the account in order. */
  verifiedAt: Date | null
}

/**
 * Shows an account's billing state to `look`, null where there is no such account. Where nothing is due it is read from one
 * snapshot, beside whoever holds the account's lock; else what is due is processed first, under it. `look` only reads; where it
 * finds something due itself it says so, and is asked again: once after `catchUp`, where that can be done without the lock, and
 * then under it.
 */
export async function viewBilling<Answer>(
  db: Database,
  accountId: string,
  look: (
    state: BillingState | null,
    tx: Transaction,
    isLocked: boolean,
  ) => Promise<Answer | 'due'> | Answer | 'due',
  catchUp?: () => Promise<void>,
): Promise<Answer> {
  const viewed = () =>
    db.asTenant(
      accountId,
      async (tx) => {
        const books = await viewBook(tx, accountId)
        if (books === 'due') return null
        const answer = await look(books && (await stateOf(tx, books)), tx, false)
        return answer === 'due' ? null : { answer: answer as Answer }
      },
      { snapshot: true },
    )
  let seen = await viewed()
  if (seen === null && catchUp) {
    await catchUp()
    seen = await viewed()
  }
  if (seen !== null) return seen.answer
  return db.asTenant(accountId, async (tx) => {
    const answer = await look(await readBilling(tx, accountId), tx, true)
    assert(answer !== 'due', 'under the lock nothing stays due')
    return answer as Answer
  })
}

/**
 * Reads an account's billing state under its lock, or null where there is no such account. Processes what is due. For verbs
 * that go on to change something; whoever only shows it calls viewBilling.
 */
export async function readBilling(tx: Transaction, accountId: string): Promise<BillingState | null> {
  const books = await openBook(tx, accountId)
  if (!books) return null
  await saveBooks(tx, [books])
  return stateOf(tx, books)
}

async function stateOf(tx: Transaction, books: Books): Promise<BillingState> {
  const { accountId, subscription } = books
  const summing = tx.query<{ overageCredits: bigint; amountDue: bigint; verifiedAt: Date | null }>(
    `select
       (select coalesce(sum(cost_micros - drawn_micros), 0)::bigint from period_totals
        where account_id = $1 and subscription_id = $2 and period_number = $3) as "overageCredits",
       (select coalesce(sum(total_micros + opening_balance_micros - customer_credit_micros - paid_micros), 0)::bigint
        from invoices where account_id = $1 and (status in ('open', 'past_due', 'uncollectible')
          or (status = 'carried' and carried_to is null))) as "amountDue",
       (select verified_at from verifications where account_id = $1) as "verifiedAt"`,
    [accountId, subscription?.id ?? null, subscription?.periodNumber ?? null],
  )
  const [[sums], paymentMethod, tax, published] = await Promise.all([
    summing,
    readPaymentMethod(tx, accountId),
    readAccountTax(tx, accountId),
    readPublished(tx, [subscription]),
  ])
  const purse = openPurse(books.grants, books.now)
  return {
    accountId,
    name: books.name,
    zone: books.zone,
    now: books.now,
    units: books.units,
    subscription,
    plan: subscription?.plan ?? null,
    period: subscription && { start: subscription.periodStartsAt, end: subscription.periodEndsAt },
    succession: subscription && successionOf(subscription, published),
    grants: books.grants.sort(compareDrawOrder),
    purse,
    balance: purse.balance,
    rolledOver: books.grants.reduce((sum, { rolled, remaining }) => sum + (rolled > 0 ? remaining : 0n), 0n),
    overage: books.period?.overage ?? 0n,
    overageInvoiced: books.period?.billed ?? 0n,
    overageCredits: sums!.overageCredits,
    paymentMethod,
    amountDue: sums!.amountDue,
    customerCredit: books.customerCredit,
    tax,
    verifiedAt: sums!.verifiedAt,
  }
}
