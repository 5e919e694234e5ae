/**
 * All that the paper of a credit note is made from: the note as it is shown everywhere, its lines with what they are about, and the
 * parties as they were when it was issued.
 *
 * Called by open-papers.ts, in a transaction of the account.
 */
import type { Micros } from '../billing/micros.ts'
import type { TaxTreatment } from '../billing/tax.ts'
import type { Transaction } from '../database/connect.ts'
import { type CreditNote, readCreditNote } from '../ledger/read-credit-notes.ts'
import type { Parties } from './describe-parties.ts'
import type { Logo } from './parties.ts'
import { type NamedParties, readNamedParties } from './read-named-parties.ts'

export type CreditNoteFactsLine = {
  kind: CreditNote['lines'][number]['kind']
  invoiceNumber: string
  invoiceIssuedAt: Date
  /** Of the invoice. */
  treatment: TaxTreatment
  operation: string | null
  quantity: bigint | null
  /** Of a tax. */
  name: string | null
  taxRate: Micros | null
  amount: Micros
  description: string
}

export type CreditNoteFacts = {
  note: CreditNote
  lines: CreditNoteFactsLine[]
  parties: Parties
  logo: Logo | null
  zone: string
}

/** Null where the account has no such credit note. */
export async function readCreditNoteFacts(
  tx: Transaction,
  accountId: string,
  creditNoteId: string,
): Promise<CreditNoteFacts | null> {
  const note = await readCreditNote(tx, accountId, creditNoteId)
  if (!note) return null
  const [named] = await tx.query<NamedParties>(
    `select n.seller_version as "sellerVersion", n.buyer_version as "buyerVersion", coalesce(n.buyer_name, a.name) as "buyerName",
       a.zone
     from credit_notes n join accounts a using (account_id) where n.account_id = $1 and n.credit_note_id = $2`,
    [accountId, creditNoteId],
  )
  const lines = await tx.query<CreditNoteFactsLine>(
    `select l.kind, i.number as "invoiceNumber", i.finalized_at as "invoiceIssuedAt",
       coalesce(i.tax_treatment, 'standard') as "treatment", l.operation, l.quantity, l.name,
       l.tax_rate_micros as "taxRate", l.amount_micros as "amount", l.description
     from credit_note_lines l join invoices i using (account_id, invoice_id)
     where l.account_id = $1 and l.credit_note_id = $2 order by l.line`,
    [accountId, creditNoteId],
  )
  return { note, lines, ...(await readNamedParties(tx, accountId, named!)), zone: named!.zone }
}
