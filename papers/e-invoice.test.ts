import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invoiceLines, taxLines, totalOf } from '../billing/invoice.ts'
import type { Micros } from '../billing/micros.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { sendRefund } from '../jobs/collect-account.ts'
import { setAccountTax } from '../ledger/account-tax.ts'
import { issueCreditNote } from '../ledger/issue-credit-note.ts'
import { listCreditNotes } from '../ledger/read-credit-notes.ts'
import { requestRefund } from '../ledger/refund-payments.ts'
import { openTestBooks, type TestBooks } from '../ledger/test-account.ts'
import { type Bill, eInvoiceOf } from './e-invoice.ts'
import { type EInvoiceForm, openPapers, type PaperFile, type Papers } from './open-papers.ts'
import { setBillingDetails, setSeller } from './parties.ts'
import { brokenRules, elementOfJson, elementOfXml, textAt } from './test-norm.ts'
import { ACME, accountAt, attachmentOf, END, infoOf, MERIDIAN, START, textOf } from './test-papers.ts'

const BILL: Bill = {
  type: '380',
  number: 'ACME-0001',
  issuedOn: '2099-12-02',
  currency: 'EUR',
  seller: MERIDIAN,
  buyer: ACME,
  lines: [],
  allowances: [],
  treatment: 'standard',
  taxes: [{ rate: 190_000n, amount: 0n }],
  net: 0n,
  total: 0n,
  prepaid: 0n,
  terms: 'At once.',
  notes: [],
  precedingInvoices: [],
  card: null,
}

/** A bill as rounding leaves it, of anything that a period may add up to. */
const anyBill = fc
  .record({
    currency: fc.constantFrom('EUR', 'JPY', 'USD'),
    usage: fc.array(
      fc.record({
        quantity: fc.bigInt(1n, 5000n),
        overageUnitPrice: fc.bigInt(0n, 900_000n),
        covered: fc.bigInt(0n, 100n),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    listPrice: fc.bigInt(0n, 500n),
    discount: fc.bigInt(0n, 100n),
    due: fc.option(fc.bigInt(1n, 90_000_000n)),
    rate: fc.constantFrom(null, 0n, 70_000n, 190_000n, 88_750n),
    prepaid: fc.bigInt(0n, 100n),
  })
  .map(({ currency, usage, listPrice, discount, due, rate, prepaid }): Bill => {
    const plan = { planVersionId: 'v', planName: 'P', period: { start: START, end: END } }
    const totals = usage.map(({ quantity, overageUnitPrice, covered }, index) => ({
      planVersionId: 'v',
      planName: 'P',
      operation: `operation_${index}`,
      quantity,
      overageUnitPrice,
      overage: (quantity * overageUnitPrice * (100n - covered)) / 100n,
    }))
    const price = listPrice * 1_000_000n
    const lines = invoiceLines({
      currency,
      creditUnit: currency,
      fee:
        price === 0n
          ? null
          : { ...plan, listPrice: price, discount: ((price * discount) / 100_000_000n) * 1_000_000n },
      planChange: due === null ? null : { ...plan, due },
      purchases: [],
      usage: totals,
      lateUsage: [],
      creditsUsed: [],
    })
    const net = totalOf(lines)
    const taxes = rate === null ? [] : taxLines(net, [{ name: 'VAT', rate }], currency)
    const total = net + totalOf(taxes)
    const off = lines.filter(({ exactAmount }) => exactAmount < 0n)
    return {
      ...BILL,
      currency,
      lines: lines
        .filter(({ exactAmount }) => exactAmount >= 0n)
        .map((line) => ({
          name: 'A line',
          detail: null,
          quantity: line.quantity ?? 1n,
          unitPrice: line.unitPrice ?? line.exactAmount,
          amount: line.amount,
          period: null,
        })),
      allowances: off.map(({ amount }) => ({ reason: 'Taken off', amount: -amount })),
      taxes: taxes.map(({ taxRate, amount }) => ({ rate: taxRate!, amount })),
      net,
      total,
      prepaid: ((total * prepaid) / 100_000_000n) * 1_000_000n,
    }
  })

function made(bill: Bill) {
  const result = eInvoiceOf(bill)
  if (!result.ok) throw new Error(result.detail)
  return elementOfJson(result.invoice)
}

test('a planted fault breaks its rule', () => {
  const line = {
    name: 'A',
    detail: null,
    quantity: 3n,
    unitPrice: 333_333n,
    amount: 1_000_000n,
    period: null,
  }
  const bill = { ...BILL, lines: [line], net: 1_000_000n, total: 1_190_000n }
  const taxed = { ...bill, taxes: [{ rate: 190_000n, amount: 190_000n }] }
  expect(brokenRules(made(taxed))).toEqual([])
  expect(brokenRules(made(bill))).toContain('BR-CO-15 total')
  expect(brokenRules(made({ ...taxed, net: 990_000n }))).toContain('BR-*-08 the base of the tax')
  const twice = made(taxed)
  twice.children.push(...twice.children.filter(({ name }) => name === 'InvoiceLine'))
  expect(brokenRules(twice)).toEqual(['BR-CO-10 Σ lines', 'BR-*-08 the base of the tax'])
})

test('the arithmetic of the norm holds for whatever rounding leaves', () => {
  fc.assert(
    fc.property(anyBill, (bill) => {
      expect(brokenRules(made(bill))).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test.each<[string, Partial<Bill>, RegExp]>([
  ['no seller', { seller: null }, /the seller \(the operator names it/],
  [
    'no country',
    { buyer: { ...ACME, address: { ...ACME.address, country: null } } },
    /country of the account/,
  ],
  [
    'no VAT id under reverse charge',
    { treatment: 'reverse_charge', buyer: { ...ACME, taxId: null } },
    /VAT id of the account/,
  ],
  ['three decimals', { currency: 'KWD' }, /KWD has three/],
  ['two taxes', { taxes: [1n, 2n].map((rate) => ({ rate, amount: 0n })) }, /several taxes/],
  ['no line', { lines: [] }, /asks for a line/],
])('%s: refused with what is missing', (_, change, detail) => {
  const line = { name: 'A', detail: null, quantity: 1n, unitPrice: 0n, amount: 0n, period: null }
  const result = eInvoiceOf({ ...BILL, lines: [line], ...change })
  expect(result).toMatchObject({ ok: false, refusal: 'e_invoice_not_possible' })
  expect(result.ok ? '' : result.detail).toMatch(detail)
})

describe('out of the books', () => {
  let database: TestDatabase
  let books: TestBooks
  let papers: Papers

  beforeAll(async () => {
    database = await createTestDatabase()
    books = await openTestBooks(database)
    papers = openPapers(database.db)
    await database.db.asService((tx) => setSeller(tx, MERIDIAN, null))
  })
  afterAll(async () => {
    await papers?.close()
    await database?.drop()
  })

  /** Studio: a discount, a price of four decimals, credits that pay most. The last invoice is open. */
  async function studio(
    prefix: string,
    tax: { treatment: 'standard' | 'exempt' | 'reverse_charge'; rate?: Micros },
  ) {
    const id = await accountAt(books, prefix)
    const rates = tax.rate === undefined ? [] : [{ name: 'VAT', rate: tax.rate }]
    await database.db.asTenant(id, async (tx) => {
      await setAccountTax(tx, id, { treatment: tax.treatment, rates })
      await setBillingDetails(tx, id, { buyer: ACME, language: 'en' })
    })
    await books.choose(id, 'studio')
    await books.use(id, 'smart_crop', 3511)
    const over = await books.use(id, 'smart_crop', 489)
    await books.putCard(id, 'sandbox_card_declines')
    await books.moveTo(id, END)
    return {
      id,
      invoiceId: (await books.invoices(id)).at(-1)!.id,
      over: over.ok ? over.record.usageRecordId : '',
    }
  }

  async function file(id: string, invoiceId: string, form: EInvoiceForm): Promise<PaperFile> {
    const made = await papers.invoiceForMachines(id, invoiceId, form)
    if (!made || 'ok' in made) throw new Error(made?.detail ?? 'There is no such invoice')
    return made
  }

  test('UBL and Factur-X say what the paper says, and a credit note takes it back', async () => {
    const { id, invoiceId, over } = await studio('VAT', { treatment: 'standard', rate: 190_000n })
    const ubl = await file(id, invoiceId, 'ubl')
    expect(ubl).toMatchObject({ name: 'VAT-0002.xml', type: 'application/xml' })
    const xml = Buffer.from(ubl.bytes).toString()
    await expect(xml).toMatchFileSnapshot('golden/studio-ubl.xml')
    const invoice = elementOfXml(xml)
    expect(brokenRules(invoice)).toEqual([])
    expect(textAt(invoice, 'LegalMonetaryTotal/PayableAmount')).toBe('346.23')

    const hybrid = await file(id, invoiceId, 'factur_x')
    const { pages, metadata, text } = await infoOf(hybrid.bytes)
    expect(pages).toBe(1)
    expect(text).toMatch(/^Tagged: +yes$/m)
    expect(metadata).toContain('<pdfaid:conformance>A</pdfaid:conformance>')
    expect(metadata).toContain('<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>')
    expect(await textOf(hybrid.bytes)).toContain('$346.23 past due')
    const cii = await attachmentOf(hybrid.bytes)
    expect(cii).toContain('<ram:DuePayableAmount>346.23</ram:DuePayableAmount>')
    expect(Buffer.compare((await file(id, invoiceId, 'factur_x')).bytes, hybrid.bytes)).toBe(0)

    const note = await database.db.asTenant(id, (tx) =>
      issueCreditNote(tx, {
        accountId: id,
        selection: { usageIds: [over], runId: null, itemIds: [] },
        reason: 'Wrong',
        minimumCharge: books.payments.minimumCharge,
      }),
    )
    const taken = await papers.creditNoteForMachines(id, note.ok ? note.id : '', 'ubl')
    const back = elementOfXml(Buffer.from(taken && 'bytes' in taken ? taken.bytes : '').toString())
    expect(back.name).toBe('CreditNote')
    expect(brokenRules(back)).toEqual([])
    expect(textAt(back, 'BillingReference/InvoiceDocumentReference/ID')).toBe('VAT-0002')
    // The library and both of its schemas are loaded here.
  }, 120_000)

  test.each([
    ['reverse charge', 'AE', { treatment: 'reverse_charge' as const }],
    ['exempt', 'E', { treatment: 'exempt' as const }],
    ['no tax at all', 'O', { treatment: 'standard' as const }],
  ])('%s is category %s', async (_, category, tax) => {
    const { id, invoiceId } = await studio(`C${category}`, tax)
    const invoice = elementOfXml(Buffer.from((await file(id, invoiceId, 'ubl')).bytes).toString())
    expect(brokenRules(invoice)).toEqual([])
    expect(textAt(invoice, 'TaxTotal/TaxSubtotal/TaxCategory/ID')).toBe(category)
  })

  test('a refund: its credit note says that the money goes back, and the invoice that it went', async () => {
    const id = await accountAt(books, 'REFUND')
    await database.db.asTenant(id, async (tx) => {
      await setAccountTax(tx, id, { treatment: 'standard', rates: [{ name: 'VAT', rate: 190_000n }] })
      await setBillingDetails(tx, id, { buyer: ACME, language: 'en' })
    })
    await books.choose(id, 'starter')
    const [invoice] = await books.invoices(id)
    const request = {
      accountId: id,
      paymentId: invoice!.payments[0]!.id,
      source: 'invoice' as const,
      grantId: null,
    }
    const refund = await database.db.asTenant(id, (tx) =>
      requestRefund(tx, { ...request, amount: 11_900_000n, reason: 'As agreed', key: null }, books.payments),
    )
    if (!refund.ok) throw new Error(refund.detail)
    await sendRefund(books.services, refund.send!)
    const notes = await database.db.asTenant(id, (tx) => listCreditNotes(tx, id, { limit: 2, before: null }))
    const paper = (await papers.creditNotePdf(id, notes[0]!.id))!
    await expect(`${await textOf(paper.bytes)}\n`).toMatchFileSnapshot('golden/credit-note-refund.txt')
    const made = await papers.creditNoteForMachines(id, notes[0]!.id, 'ubl')
    const note = elementOfXml(Buffer.from(made && 'bytes' in made ? made.bytes : '').toString())
    expect(brokenRules(note)).toEqual([])
    expect(textAt(note, 'LegalMonetaryTotal/TaxInclusiveAmount')).toBe('11.90')
    const file = (await papers.invoicePdf(id, invoice!.id))!
    expect(await textOf(file.bytes)).toContain('Refunded $11.90')
  })
})
