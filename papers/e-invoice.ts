/**
 * An invoice or a credit note as EN 16931 has it, in the JSON form that @e-invoice-eu/core turns into UBL and CII.
 *
 * Called by open-papers.ts with a bill in our words (bill-of-invoice.ts, bill-of-credit-note.ts); the rules of the
 * norm that are arithmetic (BR-CO-…) are kept here.
 *
 * Invariants (e-invoice.test.ts asks them of the XML):
 *   1. A line's net is its quantity × its price, rounded to the cent, with an allowance or a charge of what rounding took or gave (R9).
 *   2. Σ lines − allowances = net; net + tax = total; total − prepaid = payable, to the cent.
 *   3. One VAT category on the whole bill: S with one rate, Z at a rate of nothing, E exempt, AE reverse charge, O no tax at all.
 *
 * What the norm cannot say is refused, with what is missing: several taxes, more than two decimals, a party without a country.
 */
import { minorDecimals, roundToMinor } from '../billing/currency.ts'
import { formatMicros, type Micros } from '../billing/micros.ts'
import type { TaxTreatment } from '../billing/tax.ts'
import type { Buyer, Party, Seller } from './parties.ts'

export type BillLine = {
  name: string
  detail: string | null
  quantity: bigint
  unitPrice: Micros
  /** Whole minor units. */
  amount: Micros
  /** First and last day, "2026-11-02". */
  period: { start: string; end: string } | null
}

export type Bill = {
  /** 380: an invoice. 381: a credit note. */
  type: '380' | '381'
  number: string
  /** "2026-12-02" */
  issuedOn: string
  currency: string
  seller: Seller | null
  buyer: Buyer
  lines: readonly BillLine[]
  /** What is taken off the whole: a discount, credits. Above nothing. */
  allowances: readonly { reason: string; amount: Micros }[]
  /** `several`: of a credit note on invoices that were taxed otherwise. */
  treatment: TaxTreatment | 'several'
  /** Of each rate that asks for something or says 0 %. Empty: no tax at all. */
  taxes: readonly { rate: Micros; amount: Micros }[]
  net: Micros
  total: Micros
  /** Of the total: what is paid, or set off. */
  prepaid: Micros
  terms: string
  notes: readonly string[]
  /** Of a credit note. */
  precedingInvoices: readonly { number: string; issuedOn: string }[]
  card: { brand: string; digits: string } | null
}

export type EInvoice = { 'ubl:Invoice': Record<string, unknown> }

export type EInvoiceResult =
  | { ok: true; invoice: EInvoice }
  | { ok: false; refusal: 'e_invoice_not_possible'; detail: string }

type Category = { code: 'S' | 'Z' | 'E' | 'AE' | 'O'; rate: Micros }

export function eInvoiceOf(bill: Bill): EInvoiceResult {
  const missing = whatIsMissing(bill)
  if (missing !== null) return { ok: false, refusal: 'e_invoice_not_possible', detail: missing }
  const category = categoryOf(bill)
  const amountIn = (name: string, amount: Micros) => amountOf(name, amount, bill.currency)
  const allowed = bill.allowances.reduce((sum, { amount }) => sum + amount, 0n)
  const invoice = {
    'cbc:ID': bill.number,
    'cbc:IssueDate': bill.issuedOn,
    'cbc:InvoiceTypeCode': bill.type,
    ...(bill.notes.length === 0 ? {} : { 'cbc:Note': [...bill.notes] }),
    'cbc:DocumentCurrencyCode': bill.currency,
    'cbc:BuyerReference': bill.buyer.reference ?? bill.number,
    ...(bill.precedingInvoices.length === 0
      ? {}
      : {
          'cac:BillingReference': bill.precedingInvoices.map(({ number, issuedOn }) => ({
            'cac:InvoiceDocumentReference': { 'cbc:ID': number, 'cbc:IssueDate': issuedOn },
          })),
        }),
    'cac:AccountingSupplierParty': { 'cac:Party': sellerOf(bill.seller!, category) },
    'cac:AccountingCustomerParty': { 'cac:Party': buyerOf(bill.buyer, category) },
    ...paymentMeans(bill),
    'cac:PaymentTerms': { 'cbc:Note': bill.terms },
    ...(bill.allowances.length === 0
      ? {}
      : { 'cac:AllowanceCharge': bill.allowances.map((one) => allowanceOf(one, category, amountIn)) }),
    'cac:TaxTotal': [taxTotal(bill, category, amountIn)],
    'cac:LegalMonetaryTotal': {
      ...amountIn('cbc:LineExtensionAmount', bill.net + allowed),
      ...amountIn('cbc:TaxExclusiveAmount', bill.net),
      ...amountIn('cbc:TaxInclusiveAmount', bill.total),
      ...amountIn('cbc:AllowanceTotalAmount', allowed),
      ...amountIn('cbc:PrepaidAmount', bill.prepaid),
      ...amountIn('cbc:PayableAmount', bill.total - bill.prepaid),
    },
    'cac:InvoiceLine': bill.lines.map((line, index) => lineOf(line, index + 1, { bill, category })),
  }
  return { ok: true, invoice: { 'ubl:Invoice': invoice } }
}

/** A sentence on what the norm asks for and this bill does not have, or null. */
function whatIsMissing({ seller, buyer, currency, taxes, treatment, lines }: Bill): string | null {
  if ((minorDecimals(currency) ?? 3) > 2) return `EN 16931 knows two decimals, and ${currency} has three.`
  if (taxes.length > 1 || treatment === 'several')
    return 'EN 16931 knows one VAT rate for each line, and this has several taxes on all of them.'
  if (lines.length === 0) return 'EN 16931 asks for a line, and this gives no money back.'
  const wantsVat = taxes.length > 0 || treatment !== 'standard'
  const lacking: [boolean, string][] = [
    [seller === null, 'the seller (the operator names it on the page Seller)'],
    [seller !== null && seller.address.country === null, 'the country of the seller'],
    [seller !== null && seller.email === null, 'the e-mail address of the seller'],
    [seller !== null && seller.taxId === null, 'the tax id of the seller'],
    [wantsVat && !isVatId(seller?.taxId ?? 'XX'), 'the VAT id of the seller, beginning with its country'],
    [buyer.address.country === null, 'the country of the account (its billing details)'],
    [buyer.email === null, 'the e-mail address of the account (its billing details)'],
    [
      treatment === 'reverse_charge' && !isVatId(buyer.taxId),
      'the VAT id of the account (its billing details)',
    ],
  ]
  const names = lacking.filter(([isLacking]) => isLacking).map(([, name]) => name)
  return names.length === 0 ? null : `EN 16931 asks for what is not known: ${names.join('; ')}.`
}

/** BR-CO-09: the id of a VAT payer begins with the letters of its country. */
function isVatId(taxId: string | null): boolean {
  return taxId !== null && /^[A-Z]{2}/.test(taxId)
}

function categoryOf({ treatment, taxes }: Bill): Category {
  if (treatment === 'reverse_charge') return { code: 'AE', rate: 0n }
  if (treatment === 'exempt') return { code: 'E', rate: 0n }
  const [tax] = taxes
  if (!tax) return { code: 'O', rate: 0n }
  return { code: tax.rate === 0n ? 'Z' : 'S', rate: tax.rate }
}

const CENT: Micros = 10_000n

type AmountIn = (name: string, amount: Micros) => Record<string, string>

/** `cbc:Amount` and its currency, with the decimals of the norm. */
function amountOf(name: string, amount: Micros, currency: string): Record<string, string> {
  return { [name]: twoDecimals(amount), [`${name}@currencyID`]: currency }
}

/** "65.00": amounts of the norm are written with two decimals. */
function twoDecimals(amount: Micros): string {
  const [whole, decimals = ''] = formatMicros(amount).split('.')
  return `${whole}.${decimals.padEnd(2, '0')}`
}

/** As an item has it: without the reason. */
function taxCategory({ code, rate }: Category): Record<string, unknown> {
  return {
    'cbc:ID': code,
    ...(code === 'O' ? {} : { 'cbc:Percent': formatMicros(rate * 100n) }),
    'cac:TaxScheme': { 'cbc:ID': 'VAT' },
  }
}

const EXEMPTION: Partial<Record<Category['code'], Record<string, string>>> = {
  E: { 'cbc:TaxExemptionReason': 'Exempt from tax' },
  AE: { 'cbc:TaxExemptionReasonCode': 'vatex-eu-ae', 'cbc:TaxExemptionReason': 'Reverse charge' },
  O: { 'cbc:TaxExemptionReasonCode': 'vatex-eu-o', 'cbc:TaxExemptionReason': 'Not subject to VAT' },
}

function taxTotal({ taxes, net }: Bill, category: Category, amountIn: AmountIn): Record<string, unknown> {
  const amount = taxes[0]?.amount ?? 0n
  const { 'cac:TaxScheme': scheme, ...named } = taxCategory(category)
  return {
    ...amountIn('cbc:TaxAmount', amount),
    'cac:TaxSubtotal': [
      {
        ...amountIn('cbc:TaxableAmount', net),
        ...amountIn('cbc:TaxAmount', amount),
        'cac:TaxCategory': { ...named, ...EXEMPTION[category.code], 'cac:TaxScheme': scheme },
      },
    ],
  }
}

function allowanceOf(
  { reason, amount }: Bill['allowances'][number],
  category: Category,
  amountIn: AmountIn,
): Record<string, unknown> {
  return {
    'cbc:ChargeIndicator': 'false',
    'cbc:AllowanceChargeReason': reason,
    ...amountIn('cbc:Amount', amount),
    'cac:TaxCategory': taxCategory(category),
  }
}

function lineOf(
  { name, detail, quantity, unitPrice, amount, period }: BillLine,
  number: number,
  { bill, category }: { bill: Bill; category: Category },
): Record<string, unknown> {
  const { currency } = bill
  const multiplied = roundToMinor(unitPrice * quantity, 2)
  const rounding = amount - multiplied
  const roundingLine = {
    'cbc:ChargeIndicator': rounding > 0n ? 'true' : 'false',
    'cbc:AllowanceChargeReason': 'Rounding of the whole invoice',
    ...amountOf('cbc:Amount', rounding > 0n ? rounding : -rounding, currency),
  }
  return {
    'cbc:ID': String(number),
    'cbc:InvoicedQuantity': String(quantity),
    'cbc:InvoicedQuantity@unitCode': 'C62',
    ...amountOf('cbc:LineExtensionAmount', amount, currency),
    ...(period && { 'cac:InvoicePeriod': { 'cbc:StartDate': period.start, 'cbc:EndDate': period.end } }),
    ...(rounding === 0n ? {} : { 'cac:AllowanceCharge': [roundingLine] }),
    'cac:Item': {
      ...(detail === null ? {} : { 'cbc:Description': detail }),
      'cbc:Name': name,
      'cac:ClassifiedTaxCategory': taxCategory(category),
    },
    'cac:Price': priceOf(unitPrice, currency),
  }
}

/**
 * A price with more than two decimals is that of a hundred, or of ten thousand: the norm knows a base quantity, and our library takes
 * two decimals only.
 */
function priceOf(unitPrice: Micros, currency: string): Record<string, unknown> {
  const base = [1n, 100n, 10_000n].find((count) => (unitPrice * count) % CENT === 0n)!
  return {
    ...amountOf('cbc:PriceAmount', unitPrice * base, currency),
    ...(base === 1n ? {} : { 'cbc:BaseQuantity': String(base), 'cbc:BaseQuantity@unitCode': 'C62' }),
  }
}

function partyOf({ name, address, email }: Party): Record<string, unknown> {
  const { line1, line2, city, postalCode, region, country } = address
  return {
    'cbc:EndpointID': email,
    'cbc:EndpointID@schemeID': 'EM',
    'cac:PostalAddress': {
      ...(line1 === null ? {} : { 'cbc:StreetName': line1 }),
      ...(line2 === null ? {} : { 'cbc:AdditionalStreetName': line2 }),
      ...(city === null ? {} : { 'cbc:CityName': city }),
      ...(postalCode === null ? {} : { 'cbc:PostalZone': postalCode }),
      ...(region === null ? {} : { 'cbc:CountrySubentity': region }),
      'cac:Country': { 'cbc:IdentificationCode': country },
    },
    'cac:PartyLegalEntity': { 'cbc:RegistrationName': name },
  }
}

/** BR-O-02: where nothing is subject to VAT no VAT id is named; the seller is then known by its tax number (BR-CO-26). */
function sellerOf(seller: Seller, category: Category): Record<string, unknown> {
  const { registration, taxId, phone, email, name } = seller
  const party = partyOf(seller)
  const scheme = (id: string) => [{ 'cbc:CompanyID': taxId, 'cac:TaxScheme': { 'cbc:ID': id } }]
  return {
    ...party,
    ...(category.code === 'O'
      ? { 'cac:PartyIdentification': [{ 'cbc:ID': taxId }] }
      : { 'cac:PartyTaxScheme': scheme('VAT') }),
    'cac:PartyLegalEntity': {
      'cbc:RegistrationName': name,
      ...(registration === null ? {} : { 'cbc:CompanyID': registration }),
    },
    'cac:Contact': {
      'cbc:Name': name,
      ...(phone === null ? {} : { 'cbc:Telephone': phone }),
      'cbc:ElectronicMail': email,
    },
  }
}

function buyerOf(buyer: Buyer, category: Category): Record<string, unknown> {
  const { taxId } = buyer
  const names = category.code !== 'O' && isVatId(taxId)
  return {
    ...partyOf(buyer),
    ...(names
      ? { 'cac:PartyTaxScheme': { 'cbc:CompanyID': taxId, 'cac:TaxScheme': { 'cbc:ID': 'VAT' } } }
      : {}),
  }
}

/** 48: by card. 30: a transfer, where the seller names an account (BR-61). Nothing where neither is known. */
function paymentMeans({ card, seller, number }: Bill): Record<string, unknown> {
  if (card) {
    const account = { 'cbc:PrimaryAccountNumberID': card.digits, 'cbc:NetworkID': card.brand }
    return { 'cac:PaymentMeans': [{ 'cbc:PaymentMeansCode': '48', 'cac:CardAccount': account }] }
  }
  const bank = seller?.bank
  if (!bank?.iban) return {}
  const account = {
    'cbc:ID': bank.iban,
    'cbc:Name': seller!.name,
    ...(bank.bic === null ? {} : { 'cac:FinancialInstitutionBranch': { 'cbc:ID': bank.bic } }),
  }
  return {
    'cac:PaymentMeans': [
      { 'cbc:PaymentMeansCode': '30', 'cbc:PaymentID': number, 'cac:PayeeFinancialAccount': account },
    ],
  }
}
