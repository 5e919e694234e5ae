/**
 * `journal export`: the journal for hledger, beancount or a spreadsheet, on standard output as it comes.
 */
import { once } from 'node:events'
import type { Globals } from './globals.ts'
import { asOperator } from './speak.ts'

export type ExportJournal = Globals & { format: 'hledger' | 'beancount' | 'csv' }

export async function exportJournal({ format, account }: ExportJournal): Promise<void> {
  await asOperator(async (api) => {
    const query = { format, ...(account === undefined ? {} : { account_id: account }) }
    const body = (await api.exportJournal({
      query,
      parseAs: 'stream',
    })) as unknown as ReadableStream<Uint8Array>
    for await (const piece of body) {
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
    }
  })
}
