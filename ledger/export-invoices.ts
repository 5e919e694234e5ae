/**
 * All final invoices of an account between two instants, page by page, newest first, as the list shows them.
 *
 * Called by http/ and papers/ for exports. Memory is bounded as in export-usage.ts.
 */
import type { Database } from '../database/connect.ts'
import { type ExportRange, resolveRange } from './export-usage.ts'
import { type InvoiceHead, listInvoices } from './read-invoices.ts'

const PAGE = 200

export async function* exportInvoices(
  db: Database,
  accountId: string,
  range: ExportRange,
): AsyncGenerator<InvoiceHead[]> {
  const { from, until } = await db.asTenant(accountId, (tx) => resolveRange(tx, accountId, range))
  for (let before: string | null = null; ; ) {
    const page: InvoiceHead[] = await db.asTenant(accountId, (tx) =>
      listInvoices(tx, accountId, { limit: PAGE, before }),
    )
    const wanted = page.filter(
      ({ finalizedAt }) =>
        (from === null || finalizedAt! >= from) && (until === null || finalizedAt! < until),
    )
    if (wanted.length > 0) yield wanted
    const last = page.at(-1)
    if (!last || page.length < PAGE || (from !== null && last.finalizedAt! < from)) return
    before = last.id
  }
}
