/**
 * `invoice verify` and `invoice proof`: proves an invoice on this machine, from its bundle alone; and fetches that bundle.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { ArchivedUse, InvoiceProof } from '../verify/invoice-proof.ts'
import { proveInvoice, restsOn, withArchive } from '../verify/prove-invoice.ts'
import type { Globals } from './globals.ts'
import { findInvoice } from './invoice-commands.ts'
import { printJson, printLines } from './print.ts'
import { CommandRefused } from './refusal.ts'
import { asAccount } from './speak.ts'

export type VerifyInvoice = Globals & { archive?: string[] }

/** Prints the bundle of an invoice, named by number or id. */
export async function printProof(which: string, { account }: Globals): Promise<void> {
  printJson(
    await asAccount(account, async (api) =>
      api.getInvoiceProof({ path: { id: await findInvoice(api, which) } }),
    ),
  )
}

/** Proves the invoice of a bundle without asking anybody; with files of archived usage, also the records that are there alone. */
export function verifyInvoice(file: string, { json, archive = [] }: VerifyInvoice): void {
  const bundle = readBundle(file)
  // Bundles from before there were archives have none.
  const proof = archive.reduce((one, path) => withArchive(one, readArchive(path)), {
    ...bundle,
    archives: bundle.archives ?? [],
  })
  const faults = proveInvoice(proof)
  const rests = restsOn(proof)
  const { number, chain_head: head } = proof.invoice
  if (json) printJson({ number, proven: faults.length === 0, chain_head: head, rests_on: rests, faults })
  else if (faults.length > 0) printLines(`Invoice ${number} is not proven.`, ...faults)
  else {
    const booked = `${proof.usage.length} usage records, ${proof.transactions.length} ledger transactions`
    printLines(`Invoice ${number} is proven: ${booked}, up to the chain head ${head}.`, ...rests)
    if (rests.length > 0) printLines('With the file of the archive (--archive) each record is proven too.')
  }
  if (faults.length > 0) process.exitCode = 1
}

function readBundle(file: string): InvoiceProof {
  const bundle = readOrRefuse(file, () => JSON.parse(readFileSync(file, 'utf8')) as InvoiceProof | null)
  if (bundle?.form === 'drawdown invoice proof 1') return bundle
  throw new CommandRefused(`"${file}" is no proof of an invoice.`, FETCH)
}

const FETCH = 'Fetch one with "drawdown invoice proof <number>", and give the file that it was written to.'

function readOrRefuse<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (fault) {
    const why = fault instanceof SyntaxError ? 'it is no JSON' : (fault as Error).message
    throw new CommandRefused(`"${file}" cannot be read: ${why}.`, FETCH)
  }
}

function readArchive(path: string): ArchivedUse[] {
  return readOrRefuse(path, () => {
    const bytes = readFileSync(path)
    const text = path.endsWith('.gz') ? gunzipSync(bytes).toString('utf8') : bytes.toString('utf8')
    const lines = text.split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line) as ArchivedUse)
  })
}
