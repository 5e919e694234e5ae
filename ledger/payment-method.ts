/**
 * How an account pays: one payment method at a time, known by its token at the provider, never by a card number.
 *
 * Setting one also has unsettled invoices tried at once (rule R28).
 */

import type { Transaction } from '../database/connect.ts'
import { newId } from '../database/new-id.ts'
import { openBook } from './open-books.ts'
import { saveBooks, scheduleAccounts } from './save-books.ts'
import { tellEvent } from './tell-event.ts'

export type PaymentMethod = {
  id: string
  provider: string
  token: string
  brand: string
  last4: string
  /** MM/YYYY */
  expires: string
}

export async function readPaymentMethod(tx: Transaction, accountId: string): Promise<PaymentMethod | null> {
  return (await readPaymentMethods(tx, [accountId])).get(accountId) ?? null
}

/** How each of the accounts pays; those without a payment method are absent. */
export async function readPaymentMethods(
  tx: Transaction,
  accountIds: readonly string[],
): Promise<Map<string, PaymentMethod>> {
  const rows = await tx.query<PaymentMethod & { accountId: string }>(
    `select account_id as "accountId", payment_method_id as "id", provider, token, brand, last4, expires
     from payment_methods where account_id in (select unnest($1::uuid[])) and removed_at is null`,
    [accountIds],
  )
  return new Map(rows.map(({ accountId, ...method }) => [accountId, method]))
}

/** Replaces the payment method. Unsettled invoices become due now. Throws if the account does not exist. */
export async function setPaymentMethod(
  tx: Transaction,
  accountId: string,
  method: Omit<PaymentMethod, 'id'>,
): Promise<PaymentMethod> {
  const books = await openBook(tx, accountId)
  if (!books) throw new Error(`account ${accountId} does not exist`)
  const { brand, last4, expires } = method
  tellEvent(books, 'payment_method.changed', { data: { payment_method: { brand, last4, expires } } })
  await saveBooks(tx, [books])
  await removeAt(tx, accountId, books.now)
  const id = newId()
  await tx.query(
    `insert into payment_methods
       (account_id, payment_method_id, provider, token, brand, last4, expires, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [accountId, id, method.provider, method.token, method.brand, method.last4, method.expires, books.now],
  )
  await tx.query(
    `update invoices set next_attempt_at = $2 where account_id = $1 and status in ('open', 'past_due', 'uncollectible')`,
    [accountId, books.now],
  )
  await scheduleAccounts(tx, [accountId])
  return { id, ...method }
}

/** Takes the payment method away. Invoices stay owed and runs go on. */
export async function removePaymentMethod(tx: Transaction, accountId: string): Promise<void> {
  const books = await openBook(tx, accountId)
  if (!books) return
  if (await readPaymentMethod(tx, accountId)) {
    tellEvent(books, 'payment_method.changed', { data: { payment_method: null } })
  }
  await saveBooks(tx, [books])
  await removeAt(tx, accountId, books.now)
}

async function removeAt(tx: Transaction, accountId: string, now: Date): Promise<void> {
  await tx.query('update payment_methods set removed_at = $2 where account_id = $1 and removed_at is null', [
    accountId,
    now,
  ])
}
