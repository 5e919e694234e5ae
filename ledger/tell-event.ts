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

/** An invoice as it stands, as INVOICE_FACTS selects it. */
export type InvoiceRow = {
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
type Told<Type extends InvoiceEvent> = { type: Type; more: Omit<EventData<Type>, keyof InvoiceFacts> }

/** What is told of an invoice `i`, for a select or after `returning`. */
export const INVOICE_FACTS = `i.number, i.kind, i.currency, i.total_micros as "total", i.total_micros + i.opening_balance_micros
  - i.customer_credit_micros - i.paid_micros - i.written_off_micros as "amountDue", i.period_starts_at as "start",
  i.period_ends_at as "end"`

/** Tells of an invoice as it stands in this transaction; `more` is what the type of event says beyond that. */
export async function tellInvoice<Type extends InvoiceEvent>(
  tx: Transaction,
  books: Books,
  invoiceId: string,
  told: Told<Type>,
): Promise<void> {
  const [row] = await tx.query<InvoiceRow>(
    `select ${INVOICE_FACTS} from invoices i where i.account_id = $1 and i.invoice_id = $2`,
    [books.accountId, invoiceId],
  )
  tellOfInvoice(books, { ...row!, id: invoiceId }, told)
}

/** The same where it has been read. */
export function tellOfInvoice<Type extends InvoiceEvent>(
  books: Books,
  row: InvoiceRow & { id: string },
  { type, more }: Told<Type>,
): void {
  const { id, number, kind, currency, total, amountDue, start, end } = row
  const facts = {
    invoice_id: id,
    number,
    kind,
    currency,
    total,
    amount_due: amountDue,
    period: { start, end },
  }
  tellEvent(books, type, { data: { ...facts, ...more } as unknown as EventData<Type> })
}
