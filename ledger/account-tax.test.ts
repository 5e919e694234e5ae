import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatAmount } from '../billing/format-amount.ts'
import { formatMicros, micros } from '../billing/micros.ts'
import type { PlanDraft } from '../billing/plan.ts'
import type { AccountTax } from '../billing/tax.ts'
import { createTestDatabase, type TestDatabase } from '../database/test-database.ts'
import { collectAccount } from '../jobs/collect-account.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { setAccountTax } from './account-tax.ts'
import { previewPlanChange } from './change-plan.ts'
import { installCatalogue } from './install-catalogue.ts'
import { readInvoice, readUpcomingInvoice } from './read-invoices.ts'
import { openTestBooks, type TestBooks } from './test-account.ts'

let database: TestDatabase
let books: TestBooks

/** A plan in a currency of 0 or 3 decimals, with a price that is no whole minor unit. */
function abroad(currency: string, [fee, price]: [string, string]): PlanDraft {
  const prices = [{ operation: 'smart_crop', unitPrice: price }]
  return {
    currency,
    creditUnit: currency,
    code: currency.toLowerCase(),
    name: currency,
    listPrice: fee,
    credits: fee,
    prices,
  }
}

beforeAll(async () => {
  database = await createTestDatabase()
  books = await openTestBooks(database)
  await database.db.asService((tx) =>
    installCatalogue(tx, [
      abroad('JPY', ['5000', '20.5']),
      abroad('KWD', ['15.125', '0.0615']),
      abroad('BHD', ['10', '0.0333']),
    ]),
  )
})
afterAll(() => database.drop())

const VAT: AccountTax = { treatment: 'standard', rates: [{ name: 'VAT', rate: micros('0.2') }] }

function tax(id: string, how: AccountTax) {
  return database.db.asTenant(id, (tx) => setAccountTax(tx, id, how))
}

async function taxed(how: AccountTax): Promise<string> {
  const id = await books.account()
  expect(await tax(id, how)).toEqual({ ok: true })
  return id
}

async function preview(id: string, planCode: string) {
  const shown = await previewPlanChange(database.db, { accountId: id, planCode, provider: books.payments })
  if (!shown.ok) throw new Error(shown.refusal)
  return shown
}

async function toBoundary(id: string): Promise<void> {
  await books.moveTo(id, (await books.billing(id)).period!.end)
}

/** The last invoice as a person reads it: one text a line, then total and tax. */
async function lastInvoice(id: string): Promise<string[]> {
  const { lines, total, tax, status, treatment } = (await books.invoices(id)).at(-1)!
  const shown = lines.map(({ description, amount }) => `${description} = ${formatMicros(amount)}`)
  return [...shown, `${status}, ${treatment}: ${formatMicros(total)}, tax ${formatMicros(tax)}`]
}

/** Sums of the journal's entries of an account, of those that money stands on. */
async function sumOf(id: string, ledgerAccount: string): Promise<bigint> {
  const [row] = await database.db.asTenant(id, (tx) =>
    tx.query<{ sum: bigint }>(
      `select coalesce(sum(amount_micros), 0)::bigint as sum from ledger_entries
       where account_id = $1 and ledger_account = $2`,
      [id, ledgerAccount],
    ),
  )
  return row!.sum
}

async function expectVerified(id: string): Promise<void> {
  expect(await database.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
}

describe('tax', () => {
  test('is on every kind of invoice, and paid with it', async () => {
    const id = await taxed(VAT)
    expect((await preview(id, 'starter')).payment).toMatchObject({
      taxes: [{ name: 'VAT', amount: 10_000_000n }],
      total: 60_000_000n,
      amountToday: 60_000_000n,
    })
    expect(await books.choose(id, 'starter')).toMatchObject({ outcome: { status: 'succeeded' } })
    expect(await lastInvoice(id)).toEqual([
      'Starter plan = 50',
      'VAT 20 % = 10',
      'paid, standard: 60, tax 10',
    ])
    expect(await sumOf(id, 'liabilities:tax')).toBe(-10_000_000n)
    // The plan's credits were paid for without tax.
    expect(await sumOf(id, 'liabilities:deferred')).toBe(-50_000_000n)

    const shown = await preview(id, 'growth')
    expect(shown).toMatchObject({ charge: 150_000_000n, payment: { amountToday: 180_000_000n } })
    await books.choose(id, 'growth', shown.id)
    expect((await lastInvoice(id)).slice(1)).toEqual(['VAT 20 % = 30', 'paid, standard: 180, tax 30'])

    await books.use(id, 'smart_crop', 2000)
    const upcoming = await database.db.asTenant(id, (tx) => readUpcomingInvoice(tx, id))
    await toBoundary(id)
    const last = (await books.invoices(id)).at(-1)!
    expect(upcoming).toMatchObject({ total: last.total, tax: last.tax, amountDue: last.total })
    expect(last).toMatchObject({ kind: 'boundary', status: 'paid', paid: last.total })
    expect(last.tax * 6n).toBe(last.total)
    expect(await sumOf(id, 'assets:receivable')).toBe(0n)
    await expectVerified(id)
  })

  test('goes by each rate on its own; the total is what is collected', async () => {
    const rates = [
      { name: 'GST', rate: micros('0.05') },
      { name: 'QST', rate: micros('0.09975') },
    ]
    const id = await taxed({ treatment: 'standard', rates })
    await books.choose(id, 'starter')
    expect(await lastInvoice(id)).toEqual([
      'Starter plan = 50',
      'GST 5 % = 2.5',
      'QST 9.975 % = 4.99',
      'paid, standard: 57.49, tax 7.49',
    ])
    await expectVerified(id)
  })

  test.each([
    ['exempt', 'Exempt, VAT 0 % = 0'],
    ['reverse_charge', 'Reverse charge, VAT 0 % = 0'],
  ] as const)('%s: none is asked for, and the invoice says so', async (treatment, line) => {
    const id = await taxed({ ...VAT, treatment })
    await books.choose(id, 'starter')
    expect(await lastInvoice(id)).toEqual(['Starter plan = 50', line, `paid, ${treatment}: 50, tax 0`])
    await toBoundary(id)
    expect(await lastInvoice(id)).toEqual(['Starter plan = 50', line, `paid, ${treatment}: 50, tax 0`])
    await expectVerified(id)
  })

  test('that changes between preview and confirmation asks for a new look', async () => {
    const id = await taxed(VAT)
    const shown = await preview(id, 'starter')
    await tax(id, { treatment: 'exempt', rates: [] })
    expect(await books.choose(id, 'starter', shown.id)).toMatchObject({ refusal: 'preview_stale' })
  })

  test('that changes while a payment is under way stays as it was charged', async () => {
    const id = await taxed(VAT)
    await books.putCard(id, 'sandbox_card_times_out')
    expect(await books.choose(id, 'starter')).toMatchObject({ outcome: { status: 'unknown' } })
    await tax(id, { treatment: 'exempt', rates: [] })
    await collectAccount(books.services, id)
    expect((await lastInvoice(id)).at(-1)).toBe('paid, standard: 60, tax 10')
    await expectVerified(id)
  })

  test('is frozen on a finalized invoice, and the next one has the new rate', async () => {
    const id = await taxed(VAT)
    await books.choose(id, 'starter')
    const [before] = await books.invoices(id)
    await tax(id, { treatment: 'standard', rates: [{ name: 'VAT', rate: micros('0.25') }] })
    expect(await database.db.asTenant(id, (tx) => readInvoice(tx, id, before!.id))).toEqual(before)
    await toBoundary(id)
    expect((await lastInvoice(id)).at(-1)).toBe('paid, standard: 62.5, tax 12.5')
    const forged = database.db.asTenant(id, (tx) =>
      tx.query(`update invoices set tax_micros = 0 where account_id = $1 and number is not null`, [id]),
    )
    await expect(forged).rejects.toThrow('never changes')
    await expectVerified(id)
  })

  test.each([
    ['-0.000001', 'tax_rate_invalid'],
    ['1.000001', 'tax_rate_invalid'],
    ['19', 'tax_rate_invalid'],
  ])('a rate of %s is refused and changes nothing', async (rate, refusal) => {
    const id = await taxed(VAT)
    const wrong = { treatment: 'standard' as const, rates: [{ name: 'VAT', rate: micros(rate) }] }
    expect(await tax(id, wrong)).toMatchObject({ ok: false, refusal })
    expect((await books.billing(id)).tax).toEqual(VAT)
  })

  test('two taxes of one name, six taxes, and an account that is not there are refused', async () => {
    const id = await taxed(VAT)
    const [vat] = VAT.rates
    const six = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => ({ name, rate: 0n }))
    expect(await tax(id, { ...VAT, rates: [vat!, vat!] })).toMatchObject({ refusal: 'tax_name_repeated' })
    expect(await tax(id, { ...VAT, rates: six })).toMatchObject({ refusal: 'too_many_taxes' })
    const nobody = '00000000-0000-4000-8000-000000000000'
    expect(await tax(nobody, VAT)).toMatchObject({ refusal: 'account_not_found' })
  })
})

/** Start, use and boundary in a currency, with a tax of 10 %; every amount in whole minor units. */
async function term(currency: string, quantity: number): Promise<string[]> {
  const id = await taxed({ treatment: 'standard', rates: [{ name: 'Tax', rate: micros('0.1') }] })
  await books.choose(id, currency.toLowerCase())
  await books.use(id, 'smart_crop', quantity)
  await toBoundary(id)
  await expectVerified(id)
  const [start, boundary] = await books.invoices(id)
  expect([start!.status, boundary!.status]).toEqual(['paid', 'paid'])
  const show = (amount: bigint) => formatAmount(amount, currency).replace('\u00a0', ' ')
  const lines = boundary!.lines.map(({ description, amount, exactAmount }) => {
    const exact = exactAmount === amount ? '' : ` (${formatMicros(exactAmount)})`
    return `${description.replace('\u00a0', ' ')} = ${show(amount)}${exact}`
  })
  return [`start ${show(start!.total)}`, ...lines, `total ${show(boundary!.total)}`]
}

describe('golden invoices in other minor units', () => {
  test('yen: no decimals', async () => {
    expect(await term('JPY', 301)).toEqual([
      'start ¥5,500',
      'JPY plan = ¥5,000',
      'Smart crop on JPY, 301 × ¥20.5 = ¥6,171 (6170.5)',
      'Credits applied: ¥5,000 from the plan = -¥5,000',
      'Tax 10 % = ¥617',
      'total ¥6,788',
    ])
  })
  test('Kuwaiti dinar: three decimals', async () => {
    expect(await term('KWD', 247)).toEqual([
      'start KWD 16.638',
      'KWD plan = KWD 15.125',
      'Smart crop on KWD, 247 × KWD 0.0615 = KWD 15.191 (15.1905)',
      'Credits applied: KWD 15.125 from the plan = -KWD 15.125',
      'Tax 10 % = KWD 1.519',
      'total KWD 16.710',
    ])
  })
  test('Bahraini dinar: the largest remainder gets the fils', async () => {
    expect(await term('BHD', 301)).toEqual([
      'start BHD 11.000',
      'BHD plan = BHD 10.000',
      'Smart crop on BHD, 301 × BHD 0.0333 = BHD 10.023 (10.0233)',
      'Credits applied: BHD 10.000 from the plan = -BHD 10.000',
      'Tax 10 % = BHD 1.002',
      'total BHD 11.025',
    ])
  })
})
