/** Papers to download, and whom they name: the account as a buyer, the operator as the seller. */
import type { FastifyReply } from 'fastify'
import { readAccount } from '../accounts/read-account.ts'
import type { PaperFile, Papers } from '../papers/open-papers.ts'
import {
  type Buyer,
  readBillingDetails,
  readSeller,
  setBillingDetails,
  setSeller,
} from '../papers/parties.ts'
import type { Handlers } from './handlers.ts'
import * as shapes from './paper-shapes.ts'
import { type Refused, refuse } from './problem.ts'
import { attachment, protect } from './send-file.ts'

export const handlers = {
  getInvoicePdf: async ({ services, accountId, params, reply }) => {
    const file = await services.papers.invoicePdf(accountId, params.id)
    return file ? sendPaper(reply, file) : refuse('invoice_not_found')
  },

  getCreditNotePdf: async ({ services, accountId, params, reply }) => {
    const file = await services.papers.creditNotePdf(accountId, params.id)
    return file ? sendPaper(reply, file) : refuse('credit_note_not_found')
  },

  getInvoiceUbl: async ({ services, accountId, params, reply }) =>
    sendForMachines(reply, await services.papers.invoiceForMachines(accountId, params.id, 'ubl')) ??
    refuse('invoice_not_found'),

  getInvoiceFacturX: async ({ services, accountId, params, reply }) =>
    sendForMachines(reply, await services.papers.invoiceForMachines(accountId, params.id, 'factur_x')) ??
    refuse('invoice_not_found'),

  getCreditNoteUbl: async ({ services, accountId, params, reply }) =>
    sendForMachines(reply, await services.papers.creditNoteForMachines(accountId, params.id, 'ubl')) ??
    refuse('credit_note_not_found'),

  getCreditNoteFacturX: async ({ services, accountId, params, reply }) =>
    sendForMachines(reply, await services.papers.creditNoteForMachines(accountId, params.id, 'factur_x')) ??
    refuse('credit_note_not_found'),

  getReceiptPdf: async ({ services, accountId, params, reply }) => {
    const file = await services.papers.receiptPdf(accountId, params.id)
    return file ? sendPaper(reply, file) : refuse('run_not_found')
  },

  getBillingDetails: async ({ services, accountId }) => {
    const said = await services.db.asTenant(accountId, (tx) => readBillingDetails(tx, accountId, null))
    if (said) return shapes.shownBillingDetails(said.buyer, said.language)
    const account = await readAccount(services.db, accountId)
    return account ? shapes.shownBillingDetails(nothingSaid(account.name), 'en') : refuse('account_not_found')
  },

  putBillingDetails: async ({ services, accountId, body }) => {
    const details = shapes.readBillingDetails(body)
    const found = await services.db.asTenant(accountId, (tx) => setBillingDetails(tx, accountId, details))
    return found ? shapes.shownBillingDetails(details.buyer, details.language) : refuse('account_not_found')
  },

  getSeller: async ({ services }) => {
    const said = await services.db.asService((tx) => readSeller(tx, null))
    if (said) return shapes.shownSeller(said.seller, said.logo)
    const more = { registration: null, phone: null, website: null, bank: null, footer: null }
    return shapes.shownSeller({ ...nothingSaid('Drawdown'), ...more }, null)
  },

  putSeller: async ({ services, body }) => {
    const { seller, logo } = shapes.readSeller(body)
    if (logo && !(await services.papers.canPrint(logo))) return refuse('logo_unreadable')
    await services.db.asService((tx) => setSeller(tx, seller, logo))
    return shapes.shownSeller(seller, logo)
  },
} satisfies Partial<Handlers>

function nothingSaid(name: string): Buyer {
  const address = { line1: null, line2: null, postalCode: null, city: null, region: null, country: null }
  return { name, address, taxId: null, email: null, reference: null }
}

/** Null where there is nothing to send. */
function sendForMachines(
  reply: FastifyReply,
  made: Awaited<ReturnType<Papers['invoiceForMachines']>>,
): FastifyReply | Refused | null {
  if (made === null) return null
  return 'bytes' in made ? sendPaper(reply, made) : refuse(made.refusal, made.detail)
}

/** To be saved under its own name. */
function sendPaper(reply: FastifyReply, { name, type, bytes }: PaperFile): FastifyReply {
  return protect(reply)
    .type(type)
    .header('content-disposition', attachment(name))
    .header('content-length', bytes.length)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
}
