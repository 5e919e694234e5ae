/**
 * Raises alerts while usage is booked, and tells of them with it (rule R24).
 *
 * Called by carry-usage.ts, read-forecast.ts and alert-rules.ts.
 *
 *   rule due (billing/alerts.ts) ──▶ event alert.raised, committed with what it tells of ──▶ shown by the app, delivered by outbox/
 *
 * Invariants:
 *   1. Once for each account, period and rule: that is the natural key of the event, which is unique.
 *   2. An account without rules costs a booking nothing; one with rules reads what it was told with its own row.
 */
import { type AlertStanding, isAlertDue, readAlertText } from '../billing/alerts.ts'
import type { Micros } from '../billing/micros.ts'
import { type BookingAccount, unitsOf } from './books.ts'
import { tellEvent } from './tell-event.ts'

/** Raises every rule whose time has come and that was not told in this period. `balance` is what is left after the booking. */
export function raiseAlerts(books: BookingAccount, balance: Micros, forecast: Micros | null = null): void {
  const { subscription, period, alertRules } = books
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
    const { included, ...stands } = standing
    const data = { rule, ...stands, credits_included: included, currency: unitsOf(books).currency }
    tellEvent(books, 'alert.raised', { data, naturalKey })
  }
}

function includedCredits({ grants, now }: BookingAccount): Micros {
  return grants
    .filter(({ source, startsAt }) => (source === 'plan' || source === 'upgrade') && startsAt <= now)
    .reduce((sum, { granted }) => sum + granted, 0n)
}
