/**
 * Moves the sandbox clock of an account and lives through everything on the way: boundaries, expiries, collections
 * and dunning, in order of time (rule R33). Answers when all of it is done.
 */
import type { Database } from '../database/connect.ts'
import { readBusinessTime, readNextDue, rollAccount, setBusinessTime } from '../ledger/clock.ts'
import { listInvoices } from '../ledger/read-invoices.ts'
import type { PaymentProvider } from '../payments/provider.ts'
import { collectAccount } from './collect-account.ts'

export type ClockMoved = {
  ok: true
  accountId: string
  now: Date
  /** Instants at which something was due. */
  stops: number
  /** Numbers of the invoices made on the way. */
  invoices: string[]
}

export type ClockRefused = {
  ok: false
  refusal: 'account_not_found' | 'clock_never_goes_back'
  detail: string
}

export async function advanceClock(
  services: { db: Database; payments: PaymentProvider },
  accountId: string,
  to: Date,
): Promise<ClockMoved | ClockRefused> {
  const { db } = services
  const from = await db.asTenant(accountId, (tx) => readBusinessTime(tx, accountId))
  if (!from) return refuse('account_not_found', 'No such account.')
  if (to <= from) {
    const detail = `The clock stands at ${from.toISOString()} and never goes back; ${to.toISOString()} is before it.`
    return refuse('clock_never_goes_back', detail)
  }
  const known = await invoiceNumbers(db, accountId)
  let stops = 0
  await settle(services, accountId)
  for (let at = from; ; stops += 1) {
    const next = await db.asTenant(accountId, (tx) => readNextDue(tx, accountId, at))
    if (next === null || next > to) break
    await db.asTenant(accountId, (tx) => setBusinessTime(tx, accountId, next))
    await settle(services, accountId)
    at = next
  }
  await db.asTenant(accountId, (tx) => setBusinessTime(tx, accountId, to))
  await settle(services, accountId)
  const now = await db.asTenant(accountId, (tx) => readBusinessTime(tx, accountId))
  const invoices = (await invoiceNumbers(db, accountId)).filter((number) => !known.includes(number))
  return { ok: true, accountId, now: now!, stops, invoices }
}

async function settle(
  services: { db: Database; payments: PaymentProvider },
  accountId: string,
): Promise<void> {
  await services.db.asTenant(accountId, (tx) => rollAccount(tx, accountId))
  await collectAccount(services, accountId)
}

async function invoiceNumbers(db: Database, accountId: string): Promise<string[]> {
  const invoices = await db.asTenant(accountId, (tx) =>
    listInvoices(tx, accountId, { limit: 1000, before: null }),
  )
  return invoices.map(({ number }) => number!).reverse()
}

function refuse(refusal: ClockRefused['refusal'], detail: string): ClockRefused {
  return { ok: false, refusal, detail }
}
