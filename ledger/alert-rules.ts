/**
 * What an account wants to be told of, and what it was told in the open period (rule R24).
 *
 * Called by http/.
 */
import { type AlertRule, alertText, readAlertText } from '../billing/alerts.ts'
import { openPurse } from '../billing/draw-down.ts'
import { type Micros, parseMicros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import type { Books, RaisedAlert } from './books.ts'
import { openBook } from './open-books.ts'
import { raiseAlerts } from './raise-alerts.ts'
import { saveBooks } from './save-books.ts'

export type Alerts = {
  rules: AlertRule[]
  /** In the open period, newest first. */
  told: (Omit<RaisedAlert, 'naturalKey'> & { id: string })[]
  /** Null until the first plan fixes it. */
  currency: string | null
}

/** Null where there is no such account. */
export async function readAlerts(tx: Transaction, accountId: string): Promise<Alerts | null> {
  const books = await openBook(tx, accountId)
  if (!books) return null
  await saveBooks(tx, [books])
  return showAlerts(tx, books)
}

/**
 * Sets the rules in place of those before. What is due already is told at once, but nothing that was told in this period
 * is told again. Null where there is no such account.
 */
export async function setAlerts(
  tx: Transaction,
  accountId: string,
  rules: readonly AlertRule[],
): Promise<Alerts | null> {
  const texts = [...new Set(rules.map(alertText))]
  await tx.query('update accounts set alert_rules = $2 where account_id = $1', [accountId, texts])
  const books = await openBook(tx, accountId)
  if (!books) return null
  raiseAlerts(books, openPurse(books.grants, books.now).balance)
  await saveBooks(tx, [books])
  return showAlerts(tx, books)
}

async function showAlerts(tx: Transaction, { accountId, alertRules, period, units }: Books): Promise<Alerts> {
  const rows = await tx.query<{ id: string; body: Record<string, string | null>; at: Date }>(
    `select message_id as "id", body, told_at as "at" from outbox
     where account_id = $1 and topic = 'alert' and starts_with(natural_key, $2) order by told_at desc, message_id desc`,
    [accountId, `alert:${period?.subscriptionId}:${period?.number}:`],
  )
  const told = rows.map(({ id, body, at }) => ({
    id,
    rule: readAlertText(body.rule!),
    included: amountOf(body.credits_included),
    balance: amountOf(body.balance),
    overage: amountOf(body.overage),
    forecast: body.forecast === null ? null : amountOf(body.forecast),
    at,
  }))
  return { rules: alertRules.map(readAlertText), told, currency: units?.currency ?? null }
}

function amountOf(text: string | null | undefined): Micros {
  return parseMicros(text ?? '')!
}
