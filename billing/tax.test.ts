import { describe, expect, test } from 'vitest'
import { micros } from './micros.ts'
import { type AccountTax, invoicedRates, refuseTax } from './tax.ts'

const vat = { name: 'VAT', rate: micros('0.19') }
const gst = { name: 'GST', rate: micros('0.05') }

function standard(...rates: AccountTax['rates']): AccountTax {
  return { treatment: 'standard', rates }
}

describe('refuseTax', () => {
  test.each([
    ['no tax', standard(), null],
    ['one', standard(vat), null],
    ['nothing of one', standard({ name: 'VAT', rate: 0n }), null],
    ['the whole', standard({ name: 'VAT', rate: micros('1') }), null],
    ['less than nothing', standard({ name: 'VAT', rate: -1n }), 'tax_rate_invalid'],
    ['more than the whole', standard({ name: 'VAT', rate: micros('1.000001') }), 'tax_rate_invalid'],
    ['19 where 0.19 was meant', standard({ name: 'VAT', rate: micros('19') }), 'tax_rate_invalid'],
    ['one name twice', standard(vat, gst, { ...gst, name: 'VAT' }), 'tax_name_repeated'],
    [
      'six',
      standard(...['A', 'B', 'C', 'D', 'E', 'F'].map((name) => ({ name, rate: 0n }))),
      'too_many_taxes',
    ],
  ])('%s', (_, tax, refusal) => {
    expect(refuseTax(tax)).toBe(refusal)
  })
})

describe('invoicedRates', () => {
  test('are the rates themselves, in their order', () => {
    expect(invoicedRates(standard(gst, vat))).toEqual([gst, vat])
    expect(invoicedRates(standard())).toEqual([])
  })
  test('say why there is no tax', () => {
    expect(invoicedRates({ treatment: 'exempt', rates: [vat] })).toEqual([{ name: 'Exempt, VAT', rate: 0n }])
    expect(invoicedRates({ treatment: 'exempt', rates: [] })).toEqual([{ name: 'Exempt', rate: 0n }])
    expect(invoicedRates({ treatment: 'reverse_charge', rates: [gst, vat] })).toEqual([
      { name: 'Reverse charge, GST and VAT', rate: 0n },
    ])
  })
})
