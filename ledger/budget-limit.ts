/**
 * The customer's own brake: "pause my automations at so much overage" (rule R24). What is claimed under it is decided in
 * automations/ by billing/budget.ts; here is what the books know of it.
 *
 * Called by automations/.
 *
 * Invariants:
 *   1. The limit is the customer's alone: no state of a payment sets it or asks for it.
 *   2. Nothing here concerns usage from outside, which is always booked.
 */
import { openPurse } from '../billing/draw-down.ts'
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import type { CataloguePlan } from './catalogue.ts'
import { openBook } from './open-books.ts'
import { saveBooks } from './save-books.ts'

export type Budget = {
  /** Currency; null is no brake. */
  limit: Micros | null
  /** Currency: overage of the open period. */
  accrued: Micros
  /** Credits. */
  balance: Micros
  /** In force; null without a plan. */
  plan: CataloguePlan | null
  /** Since when that is the customer's choice; null without a plan. */
  planSince: Date | null
  /** Null until the first plan fixes it. */
  currency: string | null
}

/** Locks the account, processes what is due, and answers how it stands; null where there is no such account. */
export async function openBudget(tx: Transaction, accountId: string): Promise<Budget | null> {
  const books = await openBook(tx, accountId)
  if (!books) return null
  await saveBooks(tx, [books])
  return {
    limit: books.pauseAt,
    accrued: books.period?.overage ?? 0n,
    balance: openPurse(books.grants, books.now).balance,
    plan: books.subscription?.plan ?? null,
    planSince: books.subscription?.planSince ?? null,
    currency: books.units?.currency ?? null,
  }
}

/** The caller has locked the account. */
export async function setBudgetLimit(
  tx: Transaction,
  accountId: string,
  limit: Micros | null,
): Promise<void> {
  await tx.query('update accounts set pause_at_micros = $2 where account_id = $1', [accountId, limit])
}
