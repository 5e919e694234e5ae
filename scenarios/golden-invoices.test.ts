import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { advanceTo, book, type Customer, invoicesOf, newCustomer, readLines } from './customer.ts'
import { startTestServer, type TestServer } from './start-server.ts'

/** The three golden invoices, and golden table 3, whose catalogue counts in abstract credits. */

describe('in money', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startTestServer()
  }, 300_000)
  afterAll(() => server?.close())

  test('Starter: 300 crops and 10 removals', async () => {
    const { api, accountId } = await newCustomer(server, { plan: 'starter' })
    expect(await book(api, 'smart_crop', 300)).toMatchObject({
      cost: '60',
      from_credits: '50',
      overage: '10',
    })
    expect(await book(api, 'remove_background', 10)).toMatchObject({
      cost: '5',
      from_credits: '0',
      overage: '5',
    })
    const { period, overage } = await api.getBilling()
    expect(overage).toBe('15')
    await advanceTo(server, accountId, period!.end)
    const [invoice] = await invoicesOf(api)
    expect(readLines(invoice!).sort()).toEqual([
      'credits_applied = -50',
      'plan_fee = 50',
      'usage remove_background 10 × 0.5 = 5',
      'usage smart_crop 300 × 0.2 = 60',
    ])
    expect(invoice).toMatchObject({ total: '65', status: 'paid' })
  })

  test('a credit note in the closed term, and what it says to whom', async () => {
    const { api, accountId } = await newCustomer(server, { plan: 'starter' })
    const rates = [{ name: 'VAT', rate: '0.2' }]
    await server.operator.putAccountTax({ path: { id: accountId }, body: { treatment: 'standard', rates } })
    await book(api, 'smart_crop', 250)
    const over = await book(api, 'remove_background', 4)
    await advanceTo(server, accountId, (await api.getBilling()).period!.end)
    expect((await invoicesOf(api))[0]).toMatchObject({ total: '62.4', tax: '10.4', status: 'paid' })
    const body = { account_id: accountId, usage_ids: [over.id], reason: 'The cut-outs were wrong' }
    const note = await server.operator.createCreditNote({ body })
    expect(note).toMatchObject({ net: '2', tax: '0.4', customer_credit: '2.4', usage: [{ id: over.id }] })
    expect(await api.getCreditNote({ path: { id: note.id } })).toEqual(note)
    expect((await api.listCreditNotes()).data).toMatchObject([{ number: note.number }])
    expect(await api.getBilling()).toMatchObject({ customer_credit: '2.4', tax: { rates } })
    expect(await api.getUpcomingInvoice()).toMatchObject({
      total: '60',
      customer_credit_applied: '2.4',
      amount_due: '57.6',
    })
    await expect(server.operator.createCreditNote({ body })).rejects.toMatchObject({
      refusal: 'usage_credited_already',
    })
  })

  test('an upgrade with 20 of 30 days left', async () => {
    const { customer, period } = await upgradeOnThe12th(server)
    const { api, accountId } = customer
    expect(await book(api, 'smart_crop', 100)).toMatchObject({ cost: '18', from_credits: '18', overage: '0' })
    expect(await api.getBilling()).toMatchObject({
      balance: '95.333333',
      overage: '10',
      plan: { code: 'growth' },
    })
    const { total: paidAtOnce } = (await invoicesOf(api))[0]!
    expect(paidAtOnce).toBe('100')

    await advanceTo(server, accountId, period.end)
    const [invoice] = await invoicesOf(api)
    expect(readLines(invoice!).sort()).toEqual([
      'credits_applied = -68',
      'plan_fee = 200',
      'usage smart_crop 100 × 0.18 = 18',
      'usage smart_crop 300 × 0.2 = 60',
    ])
    expect(invoice).toMatchObject({ total: '210', status: 'paid' })
    expect(await api.getBilling()).toMatchObject({ balance: '220', overage: '0' })
    const { data: entries } = await api.listEntries({ query: { limit: 200 } })
    const expired = entries
      .flatMap((booked) => booked.entries)
      .filter((entry) => entry.amount.includes('95.333333'))
    expect(expired.map((entry) => entry.amount).sort()).toEqual(['-95.333333', '95.333333'])
  }, 60_000)
})

describe('in abstract credits', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startTestServer({ catalogue: 'credits' })
  }, 300_000)
  afterAll(() => server?.close())

  test('table 3: 4,570 credits buy 3,515 crops and leave 0.5', async () => {
    const { api } = await newCustomer(server, { plan: 'studio' })
    expect(await api.getBilling()).toMatchObject({
      plan: { fee: '250', credit_unit: 'credits' },
      balance: '4570',
      available: { smart_crop: 3515, remove_background: 1428 },
    })
    expect(await api.planMix({ body: { fixed: { smart_crop: 3515 } } })).toMatchObject({
      cost: '4569.5',
      balance_after: '0.5',
      overage: '0',
    })
  })

  test('Studio: 4,000 crops', async () => {
    const { api, accountId } = await newCustomer(server, { plan: 'studio' })
    expect(await book(api, 'smart_crop', 4000)).toMatchObject({
      cost: '5200',
      from_credits: '4570',
      overage: '40.95',
      overage_credits: '630',
    })
    const { period } = await api.getBilling()
    await advanceTo(server, accountId, period!.end)
    const [invoice] = await invoicesOf(api)
    expect(readLines(invoice!).sort()).toEqual([
      'credits_applied = -297.05',
      'discount = -250',
      'plan_fee = 500',
      'usage smart_crop 4000 × 0.0845 = 338',
    ])
    expect(invoice).toMatchObject({ total: '290.95', status: 'paid' })
    expect(invoice!.lines.find((line) => line.kind === 'credits_applied')!.description).toContain(
      '4,570 credits',
    )
  })
})

/**
 * Starter from 2 November 00:00 and Growth on the 12th at 00:00. The clock goes on while the story is told, so the upgrade has to be
 * asked for within the second that counts; on a busy machine that may take another account.
 */
async function upgradeOnThe12th(
  server: TestServer,
): Promise<{ customer: Customer; period: { end: string } }> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const customer = await newCustomer(server)
    const { api, accountId } = customer
    await advanceTo(server, accountId, '2027-11-02T00:00:00Z')
    await api.putPaymentMethod({ body: { token: 'sandbox_card_pays' } })
    const start = await api.previewSubscription({ body: { plan: 'starter' } })
    await api.changeSubscription({ body: { plan: 'starter', preview_id: start.id } })
    await book(api, 'smart_crop', 300)
    const { period } = await api.getBilling()
    const wholeSecond = Math.floor(new Date(period!.end).getTime() / 1000) * 1000
    await advanceTo(server, accountId, new Date(wholeSecond - 20 * 24 * 3_600_000))
    const preview = await api.previewSubscription({ body: { plan: 'growth' } })
    if (preview.credits_today !== '113.333333') continue
    expect(preview).toMatchObject({ kind: 'upgrade', amount_today: '100' })
    await api.changeSubscription({ body: { plan: 'growth', preview_id: preview.id } })
    return { customer, period: period! }
  }
  throw new Error('The machine was too busy to ask for the upgrade within its second, twenty times')
}
