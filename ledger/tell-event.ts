/**
 * What opened books have to tell: events, recorded with what they tell of when the books are saved.
 *
 * Called by every verb of this room after which a customer or a program of theirs is to know. Whom it is told, and how, is outbox/'s.
 */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import type { EventData, EventType } from '../outbox/event-catalogue.ts'
import { type NewEvent, recordEvents } from '../outbox/record-event.ts'
import { type BookedGrant, type BookingAccount, type Books, unitsOf } from './books.ts'
import type { CataloguePlan } from './catalogue.ts'

/** Adds an event to what this transaction tells. It happened at `at`, business time. */
export function tellEvent<Type extends EventType>(
  books: BookingAccount,
  type: Type,
  event: { data: EventData<Type>; at?: Date; naturalKey?: string },
): void {
  const { data, at = books.now, naturalKey } = event
  books.changes.events.push({
    accountId: books.accountId,
    type,
    data,
    occurredAt: at,
    ...(naturalKey !== undefined && { naturalKey }),
  } as NewEvent)
}

/** Records what the books have to tell. Called by save-books.ts. */
export async function saveEvents(tx: Transaction, all: readonly BookingAccount[]): Promise<void> {
  await recordEvents(
    tx,
    all.flatMap(({ changes }) => changes.events),
  )
}

export function planFacts({ planId, code, name }: Pick<CataloguePlan, 'planId' | 'code' | 'name'>) {
  return { id: planId, code, name }
}

type SubscriptionFacts = EventData<'subscription.resumed'>
type SubscriptionEvent = {
  [Type in EventType]: EventData<Type> extends SubscriptionFacts ? Type : never
}[EventType]

/** Tells of the account's subscription as it stands; `more` is what the type of event says beyond that. */
export function tellSubscription<Type extends SubscriptionEvent>(
  books: Books,
  type: Type,
  { at = books.now, ...more }: Omit<EventData<Type>, keyof SubscriptionFacts> & { at?: Date },
): void {
  const { id, plan, periodStartsAt: start, periodEndsAt: end } = books.subscription!
  const data = { subscription_id: id, plan: planFacts(plan), period: { start, end }, ...more }
  tellEvent(books, type, { data: data as unknown as EventData<Type>, at })
}

/** A change of plan waits for the end of the period. */
export function tellChangeScheduled(books: Books, next: CataloguePlan): void {
  const facts = { next_plan: planFacts(next), effective_at: books.subscription!.periodEndsAt }
  tellSubscription(books, 'subscription.change_scheduled', facts)
}

/** Of credits that are not a plan's. */
export function grantFacts(books: Books, grant: BookedGrant): Omit<EventData<'grant.created'>, 'reason'> {
  return {
    grant_id: grant.id,
    source: grant.source,
    credits: grant.granted,
    credit_unit: unitsOf(books).creditUnit,
    starts_at: grant.startsAt,
    expires_at: grant.expiresAt,
  }
}

type InvoiceRow = {
  number: string | null
  kind: string
  currency: string
  total: Micros
  amountDue: Micros
  start: Date
  end: Date
}

type InvoiceEvent = Extract<EventType, `invoice.${string}`>
type InvoiceFacts = EventData<'invoice.finalized'>

/** Tells of an invoice as it stands in this transaction; `more` is what the type of event says beyond that. */
export async function tellInvoice<Type extends InvoiceEvent>(
  tx: Transaction,
  books: Books,
  invoiceId: string,
  { type, more }: { type: Type; more: Omit<EventData<Type>, keyof InvoiceFacts> },
): Promise<void> {
  const [row] = await tx.query<InvoiceRow>(
    `select number, kind, currency, total_micros as "total", total_micros + opening_balance_micros
         - customer_credit_micros - paid_micros - written_off_micros as "amountDue",
       period_starts_at as "start", period_ends_at as "end"
     from invoices where account_id = $1 and invoice_id = $2`,
    [books.accountId, invoiceId],
  )
  const { start, end, amountDue, ...facts } = row!
  const data = { invoice_id: invoiceId, ...facts, amount_due: amountDue, period: { start, end }, ...more }
  tellEvent(books, type, { data: data as unknown as EventData<Type> })
}
