import { expect, test } from 'vitest'
import { micros } from '../billing/micros.ts'
import { asStripeAmount, chargeStep, leastCharge } from './stripe-amounts.ts'

test.each([
  ['10.00', 'USD', 1000],
  ['0.01', 'EUR', 1],
  ['500', 'JPY', 500],
  // Without a smaller coin, and sent with two decimals all the same.
  ['500', 'ISK', 50_000],
  ['500', 'UGX', 50_000],
  ['5', 'MGA', 5],
  ['1.23', 'KWD', 1230],
  ['9999999999.99', 'USD', 999_999_999_999],
] as const)('%s %s is sent as %s', (charged, currency, sent) => {
  expect(asStripeAmount(micros(charged), currency)).toEqual({
    amount: sent,
    currency: currency.toLowerCase(),
  })
})

test.each([
  // Stripe wants the last of three decimals to be 0, and rounding would charge another amount than the invoice says.
  ['1.234', 'KWD'],
  ['5.2', 'MGA'],
  ['0.001', 'USD'],
  ['0.5', 'JPY'],
  ['0', 'USD'],
  ['-1', 'USD'],
  ['10000000000', 'USD'],
  ['1', 'XXX'],
])('%s %s cannot be sent', (charged, currency) => {
  expect(asStripeAmount(micros(charged), currency)).toBeNull()
})

test.each([
  ['USD', '0.01'],
  ['JPY', '1'],
  ['ISK', '1'],
  ['MGA', '1'],
  ['KWD', '0.01'],
])('in %s, charges are multiples of %s', (currency, step) => {
  expect(chargeStep(currency)).toBe(micros(step))
  expect(asStripeAmount(1000n * chargeStep(currency), currency)).not.toBeNull()
})

test.each([
  ['USD', '0.5'],
  ['GBP', '0.3'],
  ['CZK', '15'],
  ['JPY', '50'],
  ['KRW', '50'],
])('at least, in %s, %s', (currency, least) => {
  expect(leastCharge(currency)).toBe(micros(least))
})
