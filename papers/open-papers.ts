/**
 * Papers, on asking: the one door to this room for whoever downloads, mails or prints one.
 *
 * server.ts opens it; http/ and the outbox call it with an account and an id.
 *
 *   read in a transaction of the account ─▶ describe as a sheet ─▶ set in the child, outside any transaction
 *
 * Invariants:
 *   1. A paper is made from rows that never change, so the same paper in the same state is the same bytes, whenever it is asked for
 *      (decision 050). What changes a paper of an invoice is only how it was paid.
 *   2. Nothing is written: who has no paper yet loses none.
 */
import type { Database } from '../database/connect.ts'
import { describeCreditNote } from './describe-credit-note.ts'
import { describeInvoice } from './describe-invoice.ts'
import type { Logo } from './parties.ts'
import { readCreditNoteFacts } from './read-credit-note-facts.ts'
import { readInvoiceFacts } from './read-invoice-facts.ts'
import type { Sheet } from './sheet.ts'
import { openTypesetter } from './typesetter.ts'

/** A file to download or to attach. */
export type PaperFile = {
  /** "ACME-0003.pdf" */
  name: string
  /** Media type. */
  type: string
  bytes: Uint8Array
}

export type Papers = {
  /** PDF/A of a final invoice. Null where the account has no such invoice, or it is a draft. */
  invoicePdf(accountId: string, invoiceId: string): Promise<PaperFile | null>
  /** PDF/A. Null where the account has no such credit note. */
  creditNotePdf(accountId: string, creditNoteId: string): Promise<PaperFile | null>
  /** Whether a logo is a picture that papers can carry. */
  canPrint(logo: Logo): Promise<boolean>
  close(): Promise<void>
}

export function openPapers(db: Database): Papers {
  const typesetter = openTypesetter()
  return {
    async invoicePdf(accountId, invoiceId) {
      const facts = await db.asTenant(accountId, (tx) => readInvoiceFacts(tx, accountId, invoiceId))
      if (!facts) return null
      const bytes = await typesetter.typeset(describeInvoice(facts), facts.logo)
      return { name: `${facts.invoice.number}.pdf`, type: 'application/pdf', bytes }
    },

    async creditNotePdf(accountId, creditNoteId) {
      const facts = await db.asTenant(accountId, (tx) => readCreditNoteFacts(tx, accountId, creditNoteId))
      if (!facts) return null
      const bytes = await typesetter.typeset(describeCreditNote(facts), facts.logo)
      return { name: `${facts.note.number}.pdf`, type: 'application/pdf', bytes }
    },

    async canPrint(logo) {
      return typesetter.typeset({ ...BLANK, logo: logo.type }, logo).then(
        () => true,
        () => false,
      )
    },

    close: () => typesetter.close(),
  }
}

/** A paper that says nothing, to try a logo on. */
const BLANK: Sheet = {
  title: 'Logo',
  author: 'Drawdown',
  date: { year: 2000, month: 1, day: 1 },
  language: 'en',
  size: 'a4',
  logo: null,
  kind: '',
  number: null,
  senderLine: null,
  buyer: [],
  facts: [],
  headline: null,
  tables: [],
  totals: [],
  notes: [],
  annex: [],
  footer: [],
  pageWords: '',
}
