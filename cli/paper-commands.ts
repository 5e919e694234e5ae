/**
 * Papers and exports: `invoice pdf`, `credit-note pdf`, `invoice zip`, `invoice export`, `usage export`; and whom papers name: `seller`, `billing-details`.
 *
 * 1. What is saved appears under its name when it is whole; what goes to standard output comes as it is made.
 * 2. A file that is there is not written over: papers are kept.
 */
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BillingDetails, DrawdownClient, Seller } from '@drawdown/client'
import { findNote } from './credit-note-commands.ts'
import type { Globals } from './globals.ts'
import { findInvoice } from './invoice-commands.ts'
import { printJson, printLines } from './print.ts'
import { readJson } from './read-json.ts'
import { CommandRefused } from './refusal.ts'
import { asAccount, asOperator } from './speak.ts'

export type SavePaper = Globals & { form: 'pdf' | 'factur-x' | 'ubl'; out?: string }

export type Export = Globals & { from?: string; until?: string; out?: string }

const FORMS = {
  pdf: { ending: '.pdf', invoice: 'getInvoicePdf', creditNote: 'getCreditNotePdf' },
  'factur-x': {
    ending: '-factur-x.pdf',
    invoice: 'getInvoiceFacturX',
    creditNote: 'getCreditNoteFacturX',
  },
  ubl: { ending: '.xml', invoice: 'getInvoiceUbl', creditNote: 'getCreditNoteUbl' },
} as const

/** `which`: a number or an id. */
export async function saveInvoice(which: string, { account, json, form, out }: SavePaper): Promise<void> {
  const { ending, invoice: call } = FORMS[form]
  await asAccount(account, async (api) => {
    const id = await findInvoice(api, which)
    const { number } = await api.getInvoice({ path: { id } })
    const body = await api[call]({ path: { id }, parseAs: 'stream' })
    await deliver(body, out ?? `${number ?? id}${ending}`, json)
  })
}

/** `which`: a number or an id. */
export async function saveCreditNote(which: string, { account, json, form, out }: SavePaper): Promise<void> {
  const { ending, creditNote: call } = FORMS[form]
  await asAccount(account, async (api) => {
    const id = await findNote(api, which)
    const { number } = await api.getCreditNote({ path: { id } })
    const body = await api[call]({ path: { id }, parseAs: 'stream' })
    await deliver(body, out ?? `${number}${ending}`, json)
  })
}

export async function saveInvoices(options: Export): Promise<void> {
  await asAccount(options.account, async (api) => {
    const body = await api.downloadInvoices({ query: timeOf(options), parseAs: 'stream' })
    await deliver(body, options.out!, options.json)
  })
}

export async function exportInvoices(options: Export): Promise<void> {
  await asAccount(options.account, async (api) =>
    print(await api.exportInvoices({ query: timeOf(options), parseAs: 'stream' })),
  )
}

export async function exportUsage(options: Export): Promise<void> {
  await asAccount(options.account, async (api) =>
    print(await api.exportUsage({ query: timeOf(options), parseAs: 'stream' })),
  )
}

export async function showSeller(): Promise<void> {
  printJson(await asOperator((api) => api.getSeller()))
}

export async function setSeller(file: string): Promise<void> {
  const body = readJson(file, 'A seller is what "drawdown seller show" prints.') as Seller
  printJson(await asOperator((api) => api.putSeller({ body })))
}

export async function showDetails({ account }: Globals): Promise<void> {
  printJson(await asAccount(account, (api) => api.getBillingDetails()))
}

export async function setDetails(file: string, { account }: Globals): Promise<void> {
  const body = readJson(
    file,
    'Billing details are what "drawdown billing-details show" prints.',
  ) as BillingDetails
  printJson(await asAccount(account, (api: DrawdownClient) => api.putBillingDetails({ body })))
}

function timeOf({ from, until }: Export): { from?: string; until?: string } {
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
}

async function deliver(body: unknown, file: string, json: boolean | undefined): Promise<void> {
  if (file === '-') return print(body)
  if (existsSync(file)) {
    throw new CommandRefused(`"${file}" is there already.`, 'Move it away, or name another with --out.')
  }
  const partial = `${file}.partial`
  await pipeline(Readable.fromWeb(body as never), createWriteStream(partial))
  await rename(partial, file)
  if (json) printJson({ file })
  else printLines(`Saved as ${file}.`)
}

async function print(body: unknown): Promise<void> {
  for await (const piece of body as ReadableStream<Uint8Array>) {
    if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
  }
}
