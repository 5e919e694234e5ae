/**
 * The papers of many invoices as one ZIP, streamed: for the accountant, once a year.
 *
 * Called by open-papers.ts.
 *
 * Invariants:
 *   1. The list of invoices is read first, page by page; each paper is made when the reader comes to it, one after another. What is in
 *      memory is names, and one paper.
 *   2. The same papers make the same archive: entries are in the order of the invoices and carry their days.
 */
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Database } from '../database/connect.ts'
import { exportInvoices } from '../ledger/export-invoices.ts'
import type { ExportRange } from '../ledger/export-usage.ts'
import type { InvoiceHead } from '../ledger/read-invoices.ts'

/** `makePdf` makes one paper. Ends with an error when one cannot be made: what was sent then is no valid archive. */
export function archiveInvoices(
  db: Database,
  { accountId, range }: { accountId: string; range: ExportRange },
  makePdf: (invoiceId: string) => Promise<Uint8Array>,
): Readable {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  zip.on('error', (fault: Error) => output.destroy(fault))
  const addAll = async () => {
    for await (const page of exportInvoices(db, accountId, range)) {
      for (const invoice of page) addInvoice(zip, invoice, makePdf)
    }
    zip.end()
  }
  addAll().catch((fault: Error) => output.destroy(fault))
  return output
}

function addInvoice(
  zip: ZipFile,
  { id, number, finalizedAt }: InvoiceHead,
  makePdf: (invoiceId: string) => Promise<Uint8Array>,
): void {
  // A PDF is deflated already.
  const options = { compress: false, mtime: finalizedAt!, mode: 0o100644 }
  zip.addReadStreamLazy(`${number}.pdf`, options, (answer) => {
    makePdf(id).then(
      (bytes) => answer(null, Readable.from([bytes])),
      (fault: Error) => answer(fault, Readable.from([])),
    )
  })
}
