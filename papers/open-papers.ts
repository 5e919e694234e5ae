/**
 * Papers, on asking: the one door to this room for whoever downloads, mails or prints one.
 *
 * server.ts opens it; http/ and the outbox call it with an account and an id.
 *
 *   read in a transaction of the account ─▶ describe as a sheet, or as a bill ─▶ make in the child, outside any transaction
 *
 * Invariants:
 *   1. A paper is made from rows that never change, so the same paper in the same state is the same bytes, whenever it is asked for
 *      (decision 050). What changes a paper of an invoice is only how it was paid.
 *   2. Nothing is written: who has no paper yet loses none.
 */
import type { Readable } from 'node:stream'
import { readReceipt } from '../automations/read-receipt.ts'
import type { Database } from '../database/connect.ts'
import type { ExportRange } from '../ledger/export-usage.ts'
import { archiveInvoices } from './archive-invoices.ts'
import { billOfCreditNote } from './bill-of-credit-note.ts'
import { billOfInvoice } from './bill-of-invoice.ts'
import { describeCreditNote } from './describe-credit-note.ts'
import { describeInvoice } from './describe-invoice.ts'
import { describeReceipt } from './describe-receipt.ts'
import { type Bill, type EInvoiceResult, eInvoiceOf } from './e-invoice.ts'
import type { Logo } from './parties.ts'
import { type CreditNoteFacts, readCreditNoteFacts } from './read-credit-note-facts.ts'
import { type InvoiceFacts, readInvoiceFacts } from './read-invoice-facts.ts'
import { readPartiesOfToday } from './read-named-parties.ts'
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

/** In which form: a paper to read, XML for a program, or both in one file. */
export type EInvoiceForm = 'ubl' | 'factur_x'

type Refused = Extract<EInvoiceResult, { ok: false }>

export type Papers = {
  /** PDF/A of a final invoice. Null where the account has no such invoice, or it is a draft. */
  invoicePdf(accountId: string, invoiceId: string): Promise<PaperFile | null>
  /** The same as EN 16931 has it. Refused where the norm asks for what is not known, with what that is. */
  invoiceForMachines(
    accountId: string,
    invoiceId: string,
    form: EInvoiceForm,
  ): Promise<PaperFile | Refused | null>
  /** PDF/A. Null where the account has no such credit note. */
  creditNotePdf(accountId: string, creditNoteId: string): Promise<PaperFile | null>
  creditNoteForMachines(
    accountId: string,
    creditNoteId: string,
    form: EInvoiceForm,
  ): Promise<PaperFile | Refused | null>
  /** PDF/A of what a run cost. Null where the account has no such run. */
  receiptPdf(accountId: string, runId: string): Promise<PaperFile | null>
  /** The PDFs of all final invoices of a time as one ZIP, made as it is read. */
  archive(accountId: string, range: ExportRange): Readable
  /** Whether a logo is a picture that papers can carry. */
  canPrint(logo: Logo): Promise<boolean>
  close(): Promise<void>
}

export function openPapers(db: Database): Papers {
  const typesetter = openTypesetter()
  const readInvoice = (accountId: string, invoiceId: string) =>
    db.asTenant(accountId, (tx) => readInvoiceFacts(tx, accountId, invoiceId))
  const readNote = (accountId: string, creditNoteId: string) =>
    db.asTenant(accountId, (tx) => readCreditNoteFacts(tx, accountId, creditNoteId))

  async function pdf({ number, sheet, logo }: Printed): Promise<PaperFile> {
    const bytes = await typesetter.make({ make: 'pdf', sheet, logo: logo?.bytes ?? null })
    return { name: `${number}.pdf`, type: 'application/pdf', bytes }
  }

  async function forMachines(
    { number, sheet, logo }: Printed,
    bill: Bill,
    form: EInvoiceForm,
  ): Promise<PaperFile | Refused> {
    const result = eInvoiceOf(bill)
    if (!result.ok) return result
    const { invoice } = result
    if (form === 'ubl') {
      const bytes = await typesetter.make({ make: 'ubl', invoice })
      return { name: `${number}.xml`, type: 'application/xml', bytes }
    }
    const { issuedOn } = bill
    const paper = { sheet, logo: logo?.bytes ?? null }
    const bytes = await typesetter.make({ make: 'factur_x', invoice, issuedOn, ...paper })
    return { name: `${number}-factur-x.pdf`, type: 'application/pdf', bytes }
  }

  return {
    async invoicePdf(accountId, invoiceId) {
      const facts = await readInvoice(accountId, invoiceId)
      return facts && pdf(printedInvoice(facts))
    },

    async invoiceForMachines(accountId, invoiceId, form) {
      const facts = await readInvoice(accountId, invoiceId)
      return facts && forMachines(printedInvoice(facts), billOfInvoice(facts), form)
    },

    async creditNotePdf(accountId, creditNoteId) {
      const facts = await readNote(accountId, creditNoteId)
      return facts && pdf(printedNote(facts))
    },

    async creditNoteForMachines(accountId, creditNoteId, form) {
      const facts = await readNote(accountId, creditNoteId)
      return facts && forMachines(printedNote(facts), billOfCreditNote(facts), form)
    },

    async receiptPdf(accountId, runId) {
      const facts = await db.asTenant(accountId, async (tx) => {
        const receipt = await readReceipt(tx, accountId, runId)
        const today = receipt && (await readPartiesOfToday(tx, accountId))
        return today && { receipt, ...today }
      })
      if (!facts) return null
      return pdf({ number: `receipt-${runId}`, sheet: describeReceipt(facts), logo: facts.logo })
    },

    archive(accountId, range) {
      return archiveInvoices(db, { accountId, range }, async (invoiceId) => {
        const facts = await readInvoice(accountId, invoiceId)
        if (!facts) throw new Error(`Invoice ${invoiceId} is gone.`)
        return (await pdf(printedInvoice(facts))).bytes
      })
    },

    canPrint(logo) {
      return pdf({ number: 'logo', sheet: { ...BLANK, logo: logo.type }, logo }).then(
        () => true,
        () => false,
      )
    },

    close: () => typesetter.close(),
  }
}

type Printed = { number: string; sheet: Sheet; logo: Logo | null }

const printedInvoice = (facts: InvoiceFacts): Printed => ({
  number: facts.invoice.number!,
  sheet: describeInvoice(facts),
  logo: facts.logo,
})

const printedNote = (facts: CreditNoteFacts): Printed => ({
  number: facts.note.number,
  sheet: describeCreditNote(facts),
  logo: facts.logo,
})

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
