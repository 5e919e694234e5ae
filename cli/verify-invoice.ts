/**
 * `invoice verify` and `invoice proof`: proves an invoice on this machine, from its bundle alone; and fetches that bundle.
 */
import { readFileSync } from 'node:fs'
import { type InvoiceProof, proveInvoice } from '../verify/prove-invoice.ts'
import type { Globals } from './globals.ts'
import { findInvoice } from './invoice-commands.ts'
import { printJson, printLines } from './print.ts'
import { CommandRefused } from './refusal.ts'
import { asAccount } from './speak.ts'

/** Prints the bundle of an invoice, named by number or id. */
export async function printProof(which: string, { account }: Globals): Promise<void> {
  printJson(
    await asAccount(account, async (api) =>
      api.getInvoiceProof({ path: { id: await findInvoice(api, which) } }),
    ),
  )
}

/** Proves the invoice of a bundle without asking anybody. */
export function verifyInvoice(file: string, { json }: Globals): void {
  const proof = JSON.parse(readFileSync(file, 'utf8')) as InvoiceProof
  if (proof.form !== 'drawdown invoice proof 1') {
    throw new CommandRefused(
      `"${file}" is no proof of an invoice.`,
      'Fetch one with "drawdown invoice proof <number>".',
    )
  }
  const faults = proveInvoice(proof)
  const { number, chain_head: head } = proof.invoice
  if (json) printJson({ number, proven: faults.length === 0, chain_head: head, faults })
  else if (faults.length > 0) printLines(`Invoice ${number} is not proven.`, ...faults)
  else {
    const booked = `${proof.usage.length} usage records, ${proof.transactions.length} ledger transactions`
    printLines(`Invoice ${number} is proven: ${booked}, up to the chain head ${head}.`)
  }
  if (faults.length > 0) process.exitCode = 1
}
