/** Credit notes as they are shown: the list, and one with its lines and the usage that it took back. */
import type { Micros } from '../billing/micros.ts'
import type { Transaction } from '../database/connect.ts'
import type { NoteLine } from './credit-invoices.ts'

export type CreditNoteHead = {
  id: string
  number: string
  reason: string
  currency: string
  creditUnit: string
  /** Currency, whole minor units: overage of closed periods, its tax, and what both have become. */
  net: Micros
  tax: Micros
  customerCredit: Micros
  /** Currency: how much of that customer credit went back to a payment method, or is on its way. */
  refunded: Micros
  /** Currency: overage of the open period that no invoice asks for any more. */
  overageCancelled: Micros
  /** Credits. */
  creditsReturned: Micros
  creditsAdjusted: Micros
  createdAt: Date
}

export type CreditNote = CreditNoteHead & {
  accountName: string
  lines: { kind: NoteLine['kind']; invoiceId: string; amount: Micros; description: string }[]
  /** Newest first. */
  usage: {
    id: string
    operation: string
    quantity: bigint
    cost: Micros
    fromCredits: Micros
    overage: Micros
    bookedAt: Date
  }[]
}

const SELECT_HEAD = `select n.credit_note_id as "id", n.number, n.reason, n.currency, n.credit_unit as "creditUnit",
    n.net_micros as "net", n.tax_micros as "tax", n.net_micros + n.tax_micros as "customerCredit",
    (select coalesce(sum(r.amount_micros), 0)::bigint from refunds r where r.account_id = n.account_id
       and r.credit_note_id = n.credit_note_id and r.status <> 'failed') as "refunded",
    n.overage_cancelled_micros as "overageCancelled", n.credits_returned_micros as "creditsReturned",
    n.credits_adjusted_micros as "creditsAdjusted", n.created_at as "createdAt", a.name as "accountName"
  from credit_notes n join accounts a using (account_id)`

/** Credit notes before the given one, newest first. */
export function listCreditNotes(
  tx: Transaction,
  accountId: string,
  page: { limit: number; before: string | null },
): Promise<CreditNoteHead[]> {
  return tx.query<CreditNoteHead>(
    `${SELECT_HEAD} where n.account_id = $1 and ($2::uuid is null or n.credit_note_id < $2)
     order by n.credit_note_id desc limit $3`,
    [accountId, page.before, page.limit],
  )
}

export async function readCreditNote(
  tx: Transaction,
  accountId: string,
  creditNoteId: string,
): Promise<CreditNote | null> {
  const key = [accountId, creditNoteId]
  const [head] = await tx.query<CreditNoteHead & { accountName: string }>(
    `${SELECT_HEAD} where n.account_id = $1 and n.credit_note_id = $2`,
    key,
  )
  if (!head) return null
  const lines = await tx.query<CreditNote['lines'][number]>(
    `select kind, invoice_id as "invoiceId", amount_micros as "amount", description from credit_note_lines
     where account_id = $1 and credit_note_id = $2 order by line`,
    key,
  )
  const usage = await tx.query<CreditNote['usage'][number]>(
    `select usage_record_id as "id", operation, -quantity as "quantity", -cost_micros as "cost",
       -drawn_micros as "fromCredits", -overage_micros as "overage", record_booked_at as "bookedAt"
     from usage_corrections where account_id = $1 and credit_note_id = $2 and kind = 'reversed' order by line`,
    key,
  )
  return { ...head, lines, usage }
}
