/** The journal for other programs, and what has been earned: what the operator's bookkeeper asks for. */
import { Readable } from 'node:stream'
import { exportJournal } from '../ledger/export-journal.ts'
import { readRevenue } from '../ledger/read-revenue.ts'
import type { Handlers } from './handlers.ts'
import { attachment, protect } from './send-file.ts'

const KINDS = {
  hledger: { type: 'text/plain; charset=utf-8', name: 'drawdown.journal' },
  beancount: { type: 'text/plain; charset=utf-8', name: 'drawdown.beancount' },
  csv: { type: 'text/csv; charset=utf-8', name: 'drawdown-journal.csv' },
}

export const handlers = {
  exportJournal: ({ services, query, reply }) => {
    const { type, name } = KINDS[query.format]
    const pieces = exportJournal(services.db, { format: query.format, accountId: query.account_id ?? null })
    return protect(reply)
      .type(type)
      .header('content-disposition', attachment(name))
      .send(Readable.from(pieces, { objectMode: false }))
  },

  getRevenue: async ({ services, query }) => {
    const until = query.until ?? new Date('9999-12-31T00:00:00Z')
    const months = await services.db.asService((tx) => readRevenue(tx, until))
    return { data: months.map(({ badDebt, ...month }) => ({ ...month, bad_debt: badDebt })) }
  },
} satisfies Partial<Handlers>
