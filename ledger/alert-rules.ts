/**
 * What an account wants to be told of, and what it was told in the open period (rule R24).
 *
 * Called by http/.
 */
import { type AlertRule, type AlertStanding, alertText, readAlertText } from '../billing/alerts.ts'
import { openPurse } from '../billing/draw-down.ts'
import type { Transaction } from '../database/connect.ts'
import { eventCatalogue } from '../outbox/event-catalogue.ts'
import type { Books } from './books.ts'
import { openBook } from './open-books.ts'
import { raiseAlerts } from './raise-alerts.ts'
import { saveBooks } from './save-books.ts'

const alertSchema = eventCatalogue['alert.raised'].data

export type Alerts = {
  rules: AlertRule[]
  /** In the open period, newest first. */
  told: (AlertStanding & { id: string; rule: AlertRule; at: Date })[]
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
  const rows = await tx.query<{ id: string; data: unknown; at: Date }>(
    `select event_id as "id", data, occurred_at as "at" from outbox_events
     where account_id = $1 and starts_with(natural_key, $2) order by occurred_at desc, event_id desc`,
    [accountId, `alert:${period?.subscriptionId}:${period?.number}:`],
  )
  const told = rows.map(({ id, data, at }) => {
    const { rule, credits_included: included, balance, overage, forecast } = alertSchema.parse(data)
    return { id, rule, included, balance, overage, forecast, at }
  })
  return { rules: alertRules.map(readAlertText), told, currency: units?.currency ?? null }
}
