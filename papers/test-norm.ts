/**
 * The rules of EN 16931 (and of PEPPOL, where it is stricter) that are arithmetic or ask for something to be there, asked of an e-invoice
 * as JSON or as UBL. Written from the norm: it imports nothing of what makes the e-invoices but their type.
 */
import { parseMicros } from '../billing/micros.ts'
import type { EInvoice } from './e-invoice.ts'

export type Element = { name: string; text: string; children: Element[] }

export function elementOfJson(invoice: EInvoice): Element {
  return fromValue('Invoice', invoice['ubl:Invoice'])
}

function fromValue(name: string, value: unknown): Element {
  if (typeof value !== 'object' || value === null) return { name, text: String(value), children: [] }
  const children = Object.entries(value)
    .filter(([key]) => !key.includes('@'))
    .flatMap(([key, inner]) => [inner].flat().map((one) => fromValue(key.replace(/^\w+:/, ''), one)))
  return { name, text: '', children }
}

/** Of XML as our library writes it: no comments, no CDATA. */
export function elementOfXml(xml: string): Element {
  const root: Element = { name: '', text: '', children: [] }
  const path = [root]
  for (const [, closing, name, empty, text] of xml.matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>([^<]*)/g)) {
    if (closing) path.pop()
    else {
      const element = { name: name!.replace(/^\w+:/, ''), text: lettersOf(text!.trim()), children: [] }
      path.at(-1)!.children.push(element)
      if (!empty) path.push(element)
    }
  }
  return root.children[0]!
}

function lettersOf(text: string): string {
  const letters: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => letters[name]!)
}

const all = (element: Element, path: string): Element[] =>
  path
    .split('/')
    .reduce(
      (found, name) => found.flatMap((one) => one.children.filter((child) => child.name === name)),
      [element],
    )
export const textAt = (element: Element, path: string) => all(element, path)[0]?.text

const amountAt = (element: Element, path: string) => parseMicros(textAt(element, path) ?? '0')!
const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)
const CENT = 10_000n
const nearestCent = (micros: bigint, by = 1n) => {
  const [unit, size] = [CENT * by, micros < 0n ? -micros : micros]
  const rounded = ((2n * size + unit) / (2n * unit)) * CENT
  return micros < 0n ? -rounded : rounded
}
const byType = (allowances: Element[], isCharge: boolean) =>
  sum(
    allowances
      .filter((one) => textAt(one, 'ChargeIndicator') === String(isCharge))
      .map((one) => amountAt(one, 'Amount')),
  )

/** The names of the rules that are broken. */
export function brokenRules(invoice: Element): string[] {
  const lines = [...all(invoice, 'InvoiceLine'), ...all(invoice, 'CreditNoteLine')]
  const totals = all(invoice, 'LegalMonetaryTotal')[0]!
  const total = (name: string) => amountAt(totals, name)
  const allowances = all(invoice, 'AllowanceCharge')
  const subtotals = all(invoice, 'TaxTotal/TaxSubtotal')
  const taxAmount = amountAt(invoice, 'TaxTotal/TaxAmount')
  const payable = total('PayableAmount')
  const category = textAt(subtotals[0]!, 'TaxCategory/ID')
  const vatId = (party: string) => textAt(invoice, `${party}/Party/PartyTaxScheme/CompanyID`)
  const [sellerVat, buyerVat] = [vatId('AccountingSupplierParty'), vatId('AccountingCustomerParty')]
  const seller = (path: string) => textAt(invoice, `AccountingSupplierParty/Party/${path}`)
  const lineNets = lines.map((line) => amountAt(line, 'LineExtensionAmount'))
  const rules: Record<string, boolean> = {
    'BR-16 a line': lines.length > 0,
    'BR-27 no negative price': lines.every((line) => amountAt(line, 'Price/PriceAmount') >= 0n),
    'BR-33 an allowance has its reason': allowances.every((one) => textAt(one, 'AllowanceChargeReason')),
    'BR-CO-09 VAT ids begin with their country': [sellerVat, buyerVat].every(
      (id) => id === undefined || /^[A-Z]{2}/.test(id),
    ),
    'BR-CO-10 Σ lines': sum(lineNets) === total('LineExtensionAmount'),
    'BR-CO-11 Σ allowances': byType(allowances, false) === total('AllowanceTotalAmount'),
    'BR-CO-13 net':
      total('LineExtensionAmount') - total('AllowanceTotalAmount') === total('TaxExclusiveAmount'),
    'BR-CO-14 Σ tax': sum(subtotals.map((one) => amountAt(one, 'TaxAmount'))) === taxAmount,
    'BR-CO-15 total': total('TaxExclusiveAmount') + taxAmount === total('TaxInclusiveAmount'),
    'BR-CO-16 payable': total('TaxInclusiveAmount') - total('PrepaidAmount') === payable,
    'BR-CO-17 tax by rate': subtotals.every((one) => {
      const rate = amountAt(one, 'TaxCategory/Percent')
      const exact = nearestCent(amountAt(one, 'TaxableAmount') * rate, 100_000_000n)
      const off = amountAt(one, 'TaxAmount') - exact
      return off < 1_000_000n && off > -1_000_000n
    }),
    'BR-CO-18 one breakdown': subtotals.length === 1,
    'BR-CO-25 terms where something is due':
      payable <= 0n || textAt(invoice, 'PaymentTerms/Note') !== undefined,
    'BR-CO-26 the seller is known': [
      seller('PartyIdentification/ID'),
      seller('PartyLegalEntity/CompanyID'),
      sellerVat,
    ].some(Boolean),
    'BR-DEC two decimals': [totals, ...allowances, ...subtotals, ...lines].every((one) =>
      one.children
        .filter(({ name }) => name.endsWith('Amount'))
        .every(({ text }) => /^-?\d+\.\d{2}$/.test(text)),
    ),
    'BR-*-08 the base of the tax':
      sum(lineNets) - byType(allowances, false) === amountAt(subtotals[0]!, 'TaxableAmount'),
    'one category': [
      ...lines.map((line) => textAt(line, 'Item/ClassifiedTaxCategory/ID')),
      ...allowances.map((one) => textAt(one, 'TaxCategory/ID')),
    ].every((id) => id === category),
    'BR-S-02, BR-Z-02, BR-E-02, BR-AE-02 ids': category === 'O' || sellerVat !== undefined,
    'BR-AE-02 the recipient’s id': category !== 'AE' || buyerVat !== undefined,
    'BR-O-02 no VAT id': category !== 'O' || (sellerVat === undefined && buyerVat === undefined),
    'BR-S-05, BR-Z-05, BR-E-05, BR-AE-05 rates':
      category === 'S' ? amountAt(subtotals[0]!, 'TaxCategory/Percent') > 0n : taxAmount === 0n,
    'BR-E-10, BR-AE-10, BR-O-10 reasons':
      ['S', 'Z'].includes(category!) ===
      (textAt(subtotals[0]!, 'TaxCategory/TaxExemptionReason') === undefined),
    'PEPPOL-R120 quantity × price': lines.every((line) => {
      const quantity = BigInt(textAt(line, 'InvoicedQuantity') ?? textAt(line, 'CreditedQuantity')!)
      const own = all(line, 'AllowanceCharge')
      const base = BigInt(textAt(line, 'Price/BaseQuantity') ?? '1')
      const multiplied = nearestCent(amountAt(line, 'Price/PriceAmount') * quantity, base)
      return multiplied + byType(own, true) - byType(own, false) === amountAt(line, 'LineExtensionAmount')
    }),
  }
  return Object.entries(rules).flatMap(([name, holds]) => (holds ? [] : [name]))
}
