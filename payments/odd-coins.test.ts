/** Amounts that Stripe cannot take to the last coin: what it can take is collected, the rest is carried to the next invoice. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatMicros } from '../billing/micros.ts'
import { previewPlanChange } from '../ledger/change-plan.ts'
import { installCatalogue } from '../ledger/install-catalogue.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { openTill, type Till } from './test-till.ts'

let till: Till
beforeAll(async () => {
  till = await openTill()
  const prices = [{ operation: 'smart_crop', unitPrice: '0.1' }]
  const plan = {
    name: 'Kuwait',
    currency: 'KWD',
    creditUnit: 'KWD',
    listPrice: '1.234',
    credits: '1',
    prices,
  }
  await till.books.db.asService((tx) => installCatalogue(tx, [{ ...plan, code: 'kuwait' }]))
})
afterAll(() => till.close())

test('an odd fils is carried until it makes ten, and nothing is lost or asked for twice', async () => {
  const { books, services, local } = till
  const accountId = await till.account('4242424242424242')
  const request = { accountId, planCode: 'kuwait', provider: services.payments }
  const preview = await previewPlanChange(books.db, request)
  expect(preview).toMatchObject({ payment: { amountToday: 1_230_000n, carried: 4_000n } })
  await books.choose(accountId, 'kuwait')
  for (let month = 0; month < 4; month += 1) {
    const { period } = await books.billing(accountId)
    await books.moveTo(accountId, new Date(period!.end.getTime() + 1000))
  }
  const invoices = await books.invoices(accountId)
  expect(
    invoices.map(({ status, openingBalance, paid, amountDue }) =>
      [status, ...[openingBalance, paid, amountDue].map(formatMicros)].join(' '),
    ),
  ).toEqual([
    'paid 0 1.23 0',
    'paid 0.004 1.23 0',
    'paid 0.008 1.24 0',
    'paid 0.002 1.23 0',
    // With the last coins of this one all are settled.
    'paid 0.006 1.24 0',
  ])
  expect(local.vault.captured.map(({ amount }) => amount)).toEqual([1230, 1230, 1240, 1230, 1240])
  expect(await books.db.asTenant(accountId, (tx) => verifyAccount(tx, accountId))).toEqual([])
})
