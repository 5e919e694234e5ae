/**
 * Raises alerts while usage is booked, and writes them down with it (rule R24).
 *
 * Called by carry-usage.ts, alert-rules.ts and, to write, by save-books.ts.
 *
 *   rule due (billing/alerts.ts) ──▶ message in the outbox, committed with what it tells of ──▶ shown by the app
 *
 * Invariants:
 *   1. Once for each account, period and rule: that is the natural key of the message, which is unique.
 *   2. An account without rules costs a booking nothing; one with rules reads what it was told with its own row.
 */
import { uuidv7 } from 'uuidv7'
import { type AlertStanding, alertText, isAlertDue, readAlertText } from '../billing/alerts.ts'
import { formatMicros, type Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import type { Books, RaisedAlert } from './books.ts'
import { columns } from './columns.ts'
import { insertRows } from './insert-rows.ts'

/** Raises every rule whose time has come and that was not told in this period. `balance` is what is left after the booking. */
export function raiseAlerts(books: Books, balance: Micros, forecast: Micros | null = null): void {
  const { subscription, period, changes, alertRules } = books
  if (alertRules.length === 0 || !subscription || !period) return
  const standing: AlertStanding = {
    included: includedCredits(books),
    balance,
    overage: period.overage,
    forecast,
  }
  for (const text of alertRules) {
    const naturalKey = `alert:${subscription.id}:${period.number}:${text}`
    const rule = readAlertText(text)
    if (books.toldAlerts.includes(naturalKey) || !isAlertDue(rule, standing)) continue
    books.toldAlerts = [...books.toldAlerts, naturalKey]
    changes.alerts.push({ naturalKey, rule, ...standing, at: books.now })
  }
}

function includedCredits({ grants, now }: Books): Micros {
  return grants
    .filter(({ source, startsAt }) => (source === 'plan' || source === 'upgrade') && startsAt <= now)
    .reduce((sum, { granted }) => sum + granted, 0n)
}

/** Writes what was raised into the outbox. Called by save-books.ts, last. */
export async function saveAlerts(tx: Transaction, all: readonly Books[]): Promise<void> {
  await insertRows(
    tx,
    'outbox',
    columns.outbox,
    all.flatMap(({ accountId, changes }) =>
      changes.alerts.map((alert) => [
        accountId,
        uuidv7(),
        'alert',
        alert.naturalKey,
        JSON.stringify(bodyOf(alert)),
        alert.at,
      ]),
    ),
    'on conflict (account_id, natural_key) do nothing',
  )
}

/** As it will be delivered: amounts are decimal strings. */
function bodyOf({ rule, included, balance, overage, forecast }: RaisedAlert) {
  return {
    rule: alertText(rule),
    credits_included: formatMicros(included),
    balance: formatMicros(balance),
    overage: formatMicros(overage),
    forecast: forecast === null ? null : formatMicros(forecast),
  }
}
