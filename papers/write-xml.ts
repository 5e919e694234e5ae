/**
 * An e-invoice as XML: UBL, or CII for Factur-X.
 *
 * Called by the typesetter's child. What the library does for each invoice anew, compiling its schema (a third of a second), is done once
 * for each form here.
 */
import { type EInvoiceFormat, FormatFactoryService, invoiceSchema } from '@e-invoice-eu/core'
import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js'
import type { EInvoice } from './e-invoice.ts'

export type XmlForm = 'UBL' | 'CII'

const SILENT = { log: () => {}, warn: () => {}, error: () => {} }

const formats = new Map<XmlForm, { format: EInvoiceFormat; validate: ValidateFunction }>()

/** Throws where the invoice is not as the library's schema has it, with each place and what is wrong there. */
export async function writeXml(invoice: EInvoice, form: XmlForm): Promise<string> {
  const { format, validate } = formatOf(form)
  // Validating fills in defaults.
  const filled = structuredClone(invoice)
  if (!validate(filled)) {
    const faults = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
    throw new Error(`The e-invoice is not valid: ${faults.join('; ')}`)
  }
  format.fillInvoiceDefaults(filled as never)
  return String(await format.generate(filled as never, { format: form, lang: 'en' }))
}

function formatOf(form: XmlForm) {
  const known = formats.get(form)
  if (known) return known
  const format = new FormatFactoryService().createFormatService(form, SILENT)
  const schema = structuredClone(invoiceSchema)
  format.patchSchema(schema)
  const validate = new Ajv2019({ strict: true, allErrors: true, useDefaults: true }).compile(schema)
  const made = { format, validate }
  formats.set(form, made)
  return made
}
