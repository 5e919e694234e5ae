/** Refunds, disputes and what is settled by hand, through the books and the real SDK: Stripe's own ledger beside ours is the judge. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { collectAccount, sendRefund } from '../jobs/collect-account.ts'
import { lookForDisputes } from '../jobs/provider-events.ts'
import { setAccountTax } from '../ledger/account-tax.ts'
import { cancelNow } from '../ledger/change-plan.ts'
import { makeDueNow } from '../ledger/collect-payments.ts'
import { grantCredits } from '../ledger/grant-credits.ts'
import { type RefundRequest, requestRefund } from '../ledger/refund-payments.ts'
import { payByHand, writeOff } from '../ledger/settle-by-hand.ts'
import { verifyAccount } from '../verify/verify-account.ts'
import { openTill, type Till } from './test-till.ts'

const PAYS = '4242424242424242'
const DECLINES = '4000000000000341'
const DOLLAR = 1_000_000n

let till: Till
/** Accounts of this test, whose books must verify at its end. */
const opened: string[] = []
beforeAll(async () => {
  till = await openTill()
})
afterEach(async () => {
  till.local.fault = () => null
  for (const id of opened.splice(0)) {
    expect(await till.books.db.asTenant(id, (tx) => verifyAccount(tx, id))).toEqual([])
  }
})
afterAll(() => till.close())

/** An account on Starter with 19 % VAT, and the payment that started it: $59.50. */
async function starter(number = PAYS) {
  const id = await till.account(number)
  opened.push(id)
  const vat = { treatment: 'standard' as const, rates: [{ name: 'VAT', rate: 190_000n }] }
  await till.books.db.asTenant(id, (tx) => setAccountTax(tx, id, vat))
  await till.books.choose(id, 'starter')
  const [payment] = await till.payments(id)
  const [invoice] = await till.books.invoices(id)
  return { id, payment: payment!, invoice: invoice! }
}

async function refund(accountId: string, more: Partial<RefundRequest>) {
  const request: RefundRequest = {
    accountId,
    paymentId: null,
    source: 'invoice',
    grantId: null,
    amount: null,
    reason: 'Asked for it',
    key: null,
    ...more,
  }
  const asked = await till.books.db.asTenant(accountId, (tx) =>
    requestRefund(tx, request, till.services.payments),
  )
  if (asked.ok && asked.send) await sendRefund(till.services, asked.send)
  return asked
}

const refunds = (id: string) =>
  till.books.db.asTenant(id, (tx) =>
    tx.query<{ status: string; amount: bigint; reference: string }>(
      `select status, amount_micros as "amount", provider_reference as "reference" from refunds order by created_at, refund_id`,
    ),
  )
const credit = async (id: string) => (await till.books.billing(id)).customerCredit
const givenBack = (charge: string | null) =>
  till.local.vault.givenBack
    .filter(({ intent }) => intent === charge)
    .reduce((sum, { amount }) => sum + amount, 0)

describe('a refund', () => {
  test('of a part of an invoice gives its tax back with it, and never more than came in', async () => {
    const { id, payment } = await starter()
    expect(await refund(id, { paymentId: payment.id, amount: 10n * DOLLAR })).toMatchObject({ ok: true })
    expect(await refund(id, { paymentId: payment.id, amount: 50n * DOLLAR })).toMatchObject({
      ok: false,
      refusal: 'refund_too_large',
    })
    expect(await refund(id, { paymentId: payment.id })).toMatchObject({ ok: true })
    expect(await refunds(id)).toMatchObject([
      { status: 'succeeded', amount: 10n * DOLLAR },
      { status: 'succeeded', amount: 49_500_000n },
    ])
    expect(givenBack(payment.reference)).toBe(5950)
    const notes = await till.books.db.asTenant(id, (tx) =>
      tx.query('select net_micros as "net", tax_micros as "tax" from credit_notes order by created_at'),
    )
    // Together what one note over the whole invoice gives: $50.00 and $9.50 of tax.
    expect(notes).toEqual([
      { net: 8_400_000n, tax: 1_600_000n },
      { net: 41_600_000n, tax: 7_900_000n },
    ])
    expect(await credit(id)).toBe(0n)
    expect(await refund(id, { paymentId: payment.id })).toMatchObject({ refusal: 'nothing_to_refund' })
  })

  test('is made once for its key, whatever happens to its answer', async () => {
    const { id, payment } = await starter()
    for (const [turn, fault] of (['cut_after', 'error_after', 'cut_before'] as const).entries()) {
      till.local.fault = ({ method, path }) => (method === 'POST' && path === '/v1/refunds' ? fault : null)
      const asked = { paymentId: payment.id, amount: BigInt(turn + 1) * DOLLAR, key: `refund-${turn}` }
      const first = await refund(id, asked)
      expect(first).toMatchObject({ ok: true, replayed: false })
      till.local.fault = () => null
      expect(await refund(id, asked)).toMatchObject({ ok: true, replayed: true, send: null })
      expect(await refund(id, { ...asked, reason: 'Another' })).toMatchObject({
        refusal: 'idempotency_conflict',
      })
      expect((await refunds(id)).at(-1)).toMatchObject({ status: 'unknown' })
      // What the sweep does each minute.
      await collectAccount(till.services, id)
      expect((await refunds(id)).at(-1)).toMatchObject({ status: 'succeeded' })
    }
    expect(givenBack(payment.reference)).toBe(600)
  })

  test('that the bank sends back is customer credit again, and can be paid out anew', async () => {
    const { id, payment } = await starter()
    await refund(id, { paymentId: payment.id, amount: 5n * DOLLAR })
    await till.tell()
    const { reference } = (await refunds(id))[0]!
    till.local.vault.endRefund(reference, 'failed')
    await till.tell((events) => [...events, ...events])
    expect(await refunds(id)).toMatchObject([{ status: 'failed' }])
    expect(await credit(id)).toBe(5n * DOLLAR)
    const source = 'customer_credit' as const
    expect(await refund(id, { paymentId: payment.id, source, amount: 6n * DOLLAR })).toMatchObject({
      refusal: 'refund_too_large',
    })
    till.local.vault.begins.push('pending')
    expect(await refund(id, { paymentId: payment.id, source, amount: 5n * DOLLAR })).toMatchObject({
      ok: true,
    })
    expect((await refunds(id))[1]).toMatchObject({ status: 'pending' })
    expect(await credit(id)).toBe(0n)
    till.local.vault.endRefund((await refunds(id))[1]!.reference, 'succeeded')
    await till.tell((events) => [...events].reverse())
    expect((await refunds(id))[1]).toMatchObject({ status: 'succeeded' })
    expect(givenBack(payment.reference)).toBe(500)
  })

  test('of a purchased grant ends it and gives back what is left of its price', async () => {
    const { id } = await starter()
    const grantId = await purchase(id)
    // The plan's $50.00 are drawn first; then $5.00 of the $20.00 that were bought for $18.00.
    await till.books.use(id, 'remove_background', 110)
    expect(await refund(id, { source: 'grant', grantId })).toMatchObject({ ok: true })
    // 15/20 of $18.00 and of its tax.
    expect(await refunds(id)).toMatchObject([{ status: 'succeeded', amount: 16_070_000n }])
    expect((await till.books.billing(id)).balance).toBe(0n)
    expect(await refund(id, { source: 'grant', grantId })).toMatchObject({ refusal: 'nothing_to_refund' })
  })
})

describe('a refund of the dashboard', () => {
  const notes = (id: string) =>
    till.books.db.asTenant(id, (tx) =>
      tx.query(
        'select net_micros as "net", tax_micros as "tax", reason from credit_notes order by created_at',
      ),
    )

  test('is booked once as a part of the invoice with its tax, however it is told', async () => {
    const { id, payment } = await starter()
    till.local.vault.createRefund({ payment_intent: payment.reference!, amount: '1190' })
    await till.tell((events) => [...events, ...events].reverse())
    till.local.vault.createRefund({ payment_intent: payment.reference!, amount: '1190' })
    await till.tell((events) => [...events, ...events])
    expect(await refunds(id)).toMatchObject([
      { status: 'succeeded', amount: 11_900_000n },
      { status: 'succeeded', amount: 11_900_000n },
    ])
    const note = { net: 10n * DOLLAR, tax: 1_900_000n, reason: 'Refunded at stripe' }
    expect(await notes(id)).toEqual([note, note])
    expect(await credit(id)).toBe(0n)
    // What is left can still be refunded here, and no more.
    expect(await refund(id, { paymentId: payment.id })).toMatchObject({ ok: true })
    await till.tell()
    expect(givenBack(payment.reference)).toBe(5950)
    expect(await refunds(id)).toHaveLength(3)
  })

  test('pays out the customer credit that a credit note has made already', async () => {
    const { id, payment } = await starter()
    await refund(id, { paymentId: payment.id, amount: 40n * DOLLAR })
    await till.tell()
    till.local.vault.endRefund((await refunds(id))[0]!.reference, 'failed')
    await till.tell()
    expect(await credit(id)).toBe(40n * DOLLAR)
    till.local.vault.createRefund({ payment_intent: payment.reference!, amount: '4000' })
    await till.tell()
    expect(await credit(id)).toBe(0n)
    expect(await notes(id)).toHaveLength(1)
  })

  test('that is under way is settled when it is, and one that fails is customer credit', async () => {
    const { id, payment } = await starter()
    till.local.vault.begins.push('pending')
    const { id: made } = till.local.vault.createRefund({ payment_intent: payment.reference!, amount: '1190' })
    await till.tell()
    expect(await refunds(id)).toMatchObject([{ status: 'pending' }])
    till.local.vault.endRefund(made, 'succeeded')
    await till.tell((events) => [...events, ...events])
    expect(await refunds(id)).toMatchObject([{ status: 'succeeded', reference: made }])
    till.local.vault.endRefund(made, 'failed')
    await till.tell((events) => [...events, ...events])
    expect(await refunds(id)).toMatchObject([{ status: 'failed' }])
    expect(await credit(id)).toBe(11_900_000n)
  })
})

test('what was given up is paid after all by a card, once that takes it', async () => {
  const { id } = await starter()
  await till.putCard(id, DECLINES)
  await till.books.moveTo(id, (await till.books.billing(id)).period!.end)
  const [, unpaid] = await till.books.invoices(id)
  const given = await till.books.db.asTenant(id, (tx) =>
    writeOff(tx, { accountId: id, invoiceId: unpaid!.id, reason: 'Closed' }),
  )
  expect(given).toMatchObject({ ok: true, amount: 59_500_000n })
  const tryNow = async () => {
    await till.books.db.asTenant(id, (tx) => makeDueNow(tx, id, unpaid!.id))
    await collectAccount(till.services, id)
    return (await till.books.invoices(id))[1]!
  }
  expect(await tryNow()).toMatchObject({ status: 'written_off', nextAttemptAt: null })
  await till.putCard(id, PAYS)
  await collectAccount(till.services, id)
  expect((await till.books.invoices(id))[1]).toMatchObject({ status: 'written_off' })
  expect(await tryNow()).toMatchObject({ status: 'paid', paid: 59_500_000n })
  const [bad] = await till.books.db.asTenant(id, (tx) =>
    tx.query(
      `select sum(amount_micros)::bigint as debt from ledger_entries where ledger_account = 'expenses:bad_debt'`,
    ),
  )
  expect(bad).toEqual({ debt: 0n })
})

/** $20.00 of credits for $18.00, paid by card at once. */
async function purchase(accountId: string): Promise<string> {
  const granted = await till.books.db.asTenant(accountId, (tx) =>
    grantCredits(tx, {
      ...{ accountId, source: 'purchase', credits: 20n * DOLLAR, consideration: 18n * DOLLAR },
      ...{ units: null, startsAt: null, expiresAt: null, priority: 60, reason: 'Pack', key: null },
    }),
  )
  if (!granted.ok) throw new Error(granted.detail)
  await collectAccount(till.services, accountId)
  return granted.grant.id
}

describe('a dispute', () => {
  const status = async (id: string, index = 0) => (await till.books.invoices(id))[index]!

  test('that is won changes nothing in the end', async () => {
    const { id, payment } = await starter()
    const dispute = till.local.vault.dispute(payment.reference!)
    await till.tell()
    expect(await status(id)).toMatchObject({ status: 'paid' })
    expect(await refund(id, { paymentId: payment.id })).toMatchObject({ refusal: 'nothing_to_refund' })
    till.local.vault.moveDispute(dispute.id, 'won')
    await till.tell((events) => [...events].reverse())
    expect(await status(id)).toMatchObject({ status: 'paid', amountDue: 0n })
    expect(await refund(id, { paymentId: payment.id, amount: DOLLAR })).toMatchObject({ ok: true })
  })

  test('that is lost reopens the invoice; nothing stops, and a new card pays', async () => {
    const { id, payment } = await starter()
    const dispute = till.local.vault.dispute(payment.reference!)
    till.local.vault.moveDispute(dispute.id, 'lost')
    // Told twice and the wrong way round: opened and lost come to the same.
    await till.tell((events) => [...events, ...events].reverse())
    expect(await status(id)).toMatchObject({
      status: 'uncollectible',
      amountDue: 59_500_000n,
      nextAttemptAt: null,
    })
    expect((await till.books.billing(id)).balance).toBe(50n * DOLLAR)
    expect(await till.books.use(id, 'smart_crop', 1)).toMatchObject({ ok: true })
    await till.putCard(id, PAYS)
    await collectAccount(till.services, id)
    expect(await status(id)).toMatchObject({ status: 'paid', amountDue: 0n })
  })

  test('about a purchased grant revokes what is left of the disputed share', async () => {
    const { id } = await starter()
    await purchase(id)
    const [, bought] = await till.payments(id)
    const dispute = till.local.vault.dispute(bought!.reference!, { amount: 1071 })
    till.local.vault.moveDispute(dispute.id, 'lost')
    // No event comes of it: it is looked for.
    await lookForDisputes(till.services)
    // Half of the $21.42 is disputed, so $10.00 of $20.00 are revoked.
    expect((await till.books.billing(id)).balance).toBe(60n * DOLLAR)
    expect(await status(id, 1)).toMatchObject({ status: 'uncollectible', amountDue: 10_710_000n })
    await till.books.use(id, 'remove_background', 130)
    expect((await till.books.billing(id)).balance).toBe(0n)
  })

  test('that is booked already is looked for without waiting for the account', async () => {
    const { id, payment } = await starter()
    till.local.vault.dispute(payment.reference!)
    await lookForDisputes(till.services)
    const before = await till.books.db.asTenant(id, (tx) => tx.query('select * from disputes'))
    expect(before).toMatchObject([{ status: 'open' }])
    await till.books.db.asTenant(id, async (tx) => {
      await tx.query('select 1 from accounts where account_id = $1 for update', [id])
      // Had it to wait for this transaction, it would for ever.
      await lookForDisputes(till.services)
    })
    expect(await till.books.db.asTenant(id, (tx) => tx.query('select * from disputes'))).toEqual(before)
  })

  test('that never came to one moves no money', async () => {
    const { id, payment } = await starter()
    const dispute = till.local.vault.dispute(payment.reference!, { inquiry: true })
    await till.tell()
    till.local.vault.moveDispute(dispute.id, 'warning_closed')
    await till.tell()
    const rows = await till.books.db.asTenant(id, (tx) => tx.query('select status, opened_at from disputes'))
    expect(rows).toEqual([{ status: 'dropped', opened_at: null }])
  })
})

describe('an invoice that no card pays', () => {
  /** $50.00 and VAT for the next term, which the card declines. */
  async function unpaid() {
    const { id } = await starter()
    await till.putCard(id, DECLINES)
    const { period } = await till.books.billing(id)
    await till.books.moveTo(id, new Date(period!.end.getTime() + 9 * 86_400_000))
    const invoice = (await till.books.invoices(id))[1]!
    expect(invoice).toMatchObject({ status: 'uncollectible', amountDue: 59_500_000n })
    return { id, invoice }
  }
  const again = async (id: string) => (await till.books.invoices(id))[1]!
  const byHand = (accountId: string, invoiceId: string, receivedAt: Date) =>
    till.books.db.asTenant(accountId, (tx) =>
      payByHand(tx, { accountId, invoiceId, reference: 'Transfer 4711', receivedAt }),
    )
  const giveUp = (accountId: string, invoiceId: string) =>
    till.books.db.asTenant(accountId, (tx) => writeOff(tx, { accountId, invoiceId, reason: 'Gone' }))

  test('is paid past the provider, once, with its reference', async () => {
    const { id, invoice } = await unpaid()
    const { now } = await till.books.billing(id)
    expect(await byHand(id, invoice.id, new Date(now.getTime() + 60_000))).toMatchObject({
      refusal: 'payment_in_future',
    })
    expect(await byHand(id, invoice.id, new Date(now.getTime() - 86_400_000))).toEqual({ ok: true })
    expect(await again(id)).toMatchObject({ status: 'paid', amountDue: 0n, paid: 59_500_000n })
    expect((await again(id)).payments.at(-1)).toMatchObject({ method: 'By hand: Transfer 4711' })
    expect(await byHand(id, invoice.id, now)).toMatchObject({ refusal: 'invoice_not_payable' })
    const { payments } = await again(id)
    expect(await refund(id, { paymentId: payments.at(-1)!.id })).toMatchObject({
      refusal: 'payment_not_refundable',
    })
  })

  test('is given up, is no debt any more, and can be paid after all', async () => {
    const { id, invoice } = await unpaid()
    expect(await giveUp(id, invoice.id)).toMatchObject({ ok: true, amount: 59_500_000n })
    expect(await again(id)).toMatchObject({ status: 'written_off', amountDue: 0n })
    expect(await giveUp(id, invoice.id)).toMatchObject({ refusal: 'invoice_not_payable' })
    // A new card is for what is owed, and this is not owed any more.
    await till.putCard(id, PAYS)
    await collectAccount(till.services, id)
    expect(await again(id)).toMatchObject({ status: 'written_off' })
    const { now } = await till.books.billing(id)
    expect(await byHand(id, invoice.id, now)).toEqual({ ok: true })
    expect(await again(id)).toMatchObject({ status: 'paid', paid: 59_500_000n })
  })

  test('from before a cancellation is tried when its customer comes back', async () => {
    const { id } = await unpaid()
    await till.books.db.asTenant(id, (tx) => cancelNow(tx, id))
    // The card gets its money back, and is the same that was declined.
    await till.putCard(id, PAYS)
    await till.books.db.asTenant(id, (tx) =>
      tx.query(
        `update invoices set next_attempt_at = null where account_id = $1 and status = 'uncollectible'`,
        [id],
      ),
    )
    await till.books.choose(id, 'starter')
    await collectAccount(till.services, id)
    expect((await till.books.invoices(id)).map(({ status }) => status)).toEqual(['paid', 'paid', 'paid'])
  })

  test('is collected at once by a new card', async () => {
    const { id } = await unpaid()
    await till.putCard(id, PAYS)
    await collectAccount(till.services, id)
    expect(await again(id)).toMatchObject({ status: 'paid' })
  })
})
