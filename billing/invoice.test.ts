import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minorUnit, roundToMinor } from './currency.ts'
import { describeLine } from './describe-line.ts'
import { purseHolding } from './draw-down.ts'
import {
  type InvoiceFacts,
  type InvoiceLine,
  invoiceLines,
  settle,
  taxLines,
  totalOf,
  type UsageTotal,
} from './invoice.ts'
import { formatMicros, micros } from './micros.ts'
import { rateUsage } from './rate-usage.ts'
import type { TaxRate } from './tax.ts'

const december = { start: new Date('2026-12-02T00:00:00Z'), end: new Date('2027-01-02T00:00:00Z') }

const nothing: InvoiceFacts = {
  currency: 'USD',
  creditUnit: 'USD',
  fee: null,
  planChange: null,
  purchases: [],
  usage: [],
  lateUsage: [],
  creditsUsed: [],
}

function fee(planName: string, listPrice: string, discount = '0') {
  const amounts = { listPrice: micros(listPrice), discount: micros(discount) }
  return { planVersionId: `${planName}-1`, planName, period: december, ...amounts }
}

function usage(
  planName: string,
  operation: string,
  quantity: bigint,
  price: string,
  overage: string,
): UsageTotal {
  const amounts = { overageUnitPrice: micros(price), overage: micros(overage) }
  return { planVersionId: `${planName}-1`, planName, operation, quantity, ...amounts }
}

function used(source: 'plan' | 'upgrade' | 'promotion', credits: string) {
  return { source, credits: micros(credits) }
}

/** Each line as "kind amount", with its exact amount in brackets where that differs; then the total. */
function check(facts: Partial<InvoiceFacts>, written: string[], rates: TaxRate[] = []) {
  const all = { ...nothing, ...facts }
  const net = invoiceLines(all)
  const lines = [...net, ...taxLines(totalOf(net), rates, all.currency)]
  expect([...lines.map(write), `total ${formatMicros(totalOf(lines))}`]).toEqual(written)
  return lines
}

function write({ kind, operation, amount, exactAmount }: InvoiceLine) {
  const exact = amount === exactAmount ? '' : ` (${formatMicros(exactAmount)})`
  return `${[kind, operation].filter(Boolean).join(' ')} ${formatMicros(amount)}${exact}`
}

describe('the golden invoices', () => {
  test('Starter, money', () => {
    const lines = check(
      {
        fee: fee('Starter', '50'),
        usage: [
          usage('Starter', 'smart_crop', 300n, '0.2', '10'),
          usage('Starter', 'remove_background', 10n, '0.5', '5'),
        ],
        creditsUsed: [used('plan', '50')],
      },
      ['plan_fee 50', 'usage smart_crop 60', 'usage remove_background 5', 'credits_applied -50', 'total 65'],
    )
    expect(lines.map((line) => describeLine(line, 'USD'))).toEqual([
      'Starter plan',
      'Smart crop on Starter, 300 × $0.20',
      'Remove background on Starter, 10 × $0.50',
      'Credits applied: $50.00 from the plan',
    ])
    expect(lines[0]).toMatchObject({ planVersionId: 'Starter-1', period: december, quantity: null })
    expect(lines[1]).toMatchObject({ planVersionId: 'Starter-1', quantity: 300n, unitPrice: micros('0.2') })
  })

  test('Studio, abstract credits', () => {
    const lines = check(
      {
        creditUnit: 'credits',
        fee: fee('Studio', '500', '250'),
        usage: [usage('Studio', 'smart_crop', 4000n, '0.0845', '40.95')],
        creditsUsed: [used('plan', '4570')],
      },
      ['plan_fee 500', 'discount -250', 'usage smart_crop 338', 'credits_applied -297.05', 'total 290.95'],
    )
    expect(lines.map((line) => describeLine(line, 'USD'))).toEqual([
      'Studio plan',
      'Discount on the Studio plan',
      'Smart crop on Studio, 4,000 × $0.0845',
      'Credits applied: 4,570 credits from the plan',
    ])
  })

  test('Upgrade', () => {
    const rest = { start: new Date('2026-11-12T00:00:00Z'), end: december.start }
    const change = { planVersionId: 'Growth-1', planName: 'Growth', due: micros('100'), period: rest }
    const [line] = check({ planChange: change }, ['plan_change 100', 'total 100'])
    expect(line).toMatchObject({ planVersionId: 'Growth-1', name: 'Growth', period: rest })
    expect(describeLine(line!, 'USD')).toBe('Change to the Growth plan, for the rest of the period')

    const lines = check(
      {
        fee: fee('Growth', '200'),
        usage: [
          usage('Starter', 'smart_crop', 300n, '0.2', '10'),
          usage('Growth', 'smart_crop', 100n, '0.18', '0'),
        ],
        creditsUsed: [used('plan', '50'), used('upgrade', '18')],
      },
      ['plan_fee 200', 'usage smart_crop 60', 'usage smart_crop 18', 'credits_applied -68', 'total 210'],
    )
    expect(describeLine(lines[3]!, 'USD')).toBe(
      'Credits applied: $50.00 from the plan, $18.00 from an upgrade',
    )
  })
})

describe('invoiceLines', () => {
  test('bills nothing where there is nothing', () => {
    check({}, ['total 0'])
    check({ creditsUsed: [used('plan', '0')] }, ['total 0'])
  })
  test('shows free usage as free, and no credits for it', () => {
    const [line] = check({ usage: [usage('Starter', 'resize', 7n, '0', '0')] }, ['usage resize 0', 'total 0'])
    expect(describeLine(line!, 'USD')).toBe('Resize on Starter, 7, free')
  })
  test('shows overage without credits', () => {
    check({ usage: [usage('Starter', 'smart_crop', 3n, '0.2', '0.6')] }, [
      'usage smart_crop 0.6',
      'total 0.6',
    ])
  })
  test('names credits that paid for what is free in overage', () => {
    const facts = {
      usage: [usage('Gift', 'smart_crop', 3n, '0', '0')],
      creditsUsed: [used('promotion', '3')],
    }
    const lines = check(facts, ['usage smart_crop 0', 'credits_applied 0', 'total 0'])
    expect(describeLine(lines[1]!, 'USD')).toBe('Credits applied: $3.00 from a promotion')
  })
  test('sets late usage apart, and counts it among what credits paid for', () => {
    const lines = check(
      {
        usage: [usage('Starter', 'smart_crop', 10n, '0.2', '0')],
        lateUsage: [usage('Old', 'smart_crop', 4n, '0.25', '0.5')],
        creditsUsed: [used('plan', '2.5')],
      },
      ['usage smart_crop 2', 'late_usage smart_crop 1', 'credits_applied -2.5', 'total 0.5'],
    )
    expect(describeLine(lines[1]!, 'USD')).toBe('Smart crop on Old, 4 × $0.25, used before this period')
  })
  test('bills purchases', () => {
    const [line] = check({ purchases: [{ name: '500 credits', price: micros('30') }] }, [
      'purchase 30',
      'total 30',
    ])
    expect(describeLine(line!, 'USD')).toBe('500 credits')
  })
  test('rounds once, by largest remainder', () => {
    check(
      {
        usage: [
          usage('Studio', 'smart_crop', 1n, '0.0845', '0.0845'),
          usage('Studio', 'remove_background', 1n, '0.208', '0.1'),
        ],
        creditsUsed: [used('plan', '1.66')],
      },
      [
        'usage smart_crop 0.08 (0.0845)',
        'usage remove_background 0.21 (0.208)',
        'credits_applied -0.11 (-0.108)',
        'total 0.18',
      ],
    )
  })
  test('rounds to the currency: yen have no decimals, dinars three', () => {
    const oneUse = (currency: string) => ({
      currency,
      usage: [usage('A', 'smart_crop', 1n, '0.5005', '0.5005')],
    })
    check(oneUse('JPY'), ['usage smart_crop 1 (0.5005)', 'total 1'])
    check(oneUse('KWD'), ['usage smart_crop 0.501 (0.5005)', 'total 0.501'])
    check(oneUse('USD'), ['usage smart_crop 0.5 (0.5005)', 'total 0.5'])
  })
  test('throws where the totals contradict each other', () => {
    const wrong = (total: UsageTotal) => () => invoiceLines({ ...nothing, usage: [total] })
    expect(wrong(usage('A', 'smart_crop', 3n, '0.2', '0.600001'))).toThrow('part of the usage')
    expect(wrong(usage('A', 'smart_crop', 3n, '0.2', '-0.1'))).toThrow('part of the usage')
    expect(wrong(usage('A', 'smart_crop', 0n, '0.2', '0'))).toThrow('has a quantity')
    expect(() => invoiceLines({ ...nothing, currency: 'XXX' })).toThrow('known currency')
  })
})

describe('taxLines', () => {
  const vat = { name: 'VAT', rate: micros('0.19') }

  test('taxes the rounded base, and rounds each rate on its own', () => {
    check({ fee: fee('Starter', '50') }, ['plan_fee 50', 'tax 9.5', 'total 59.5'], [vat])
    const two = [
      { name: 'GST', rate: micros('0.05') },
      { name: 'QST', rate: micros('0.09975') },
    ]
    check({ fee: fee('Starter', '50.01') }, ['plan_fee 50.01', 'tax 2.5', 'tax 4.99', 'total 57.5'], two)
    check(
      { usage: [usage('A', 'smart_crop', 1n, '0.104', '0.104')] },
      ['usage smart_crop 0.1 (0.104)', 'tax 0.02', 'total 0.12'],
      [vat],
    )
  })
  test('rounds half away from zero', () => {
    check({ fee: fee('A', '0.5') }, ['plan_fee 0.5', 'tax 0.1', 'total 0.6'], [vat])
    check(
      { fee: fee('A', '0.5') },
      ['plan_fee 0.5', 'tax 0.09', 'total 0.59'],
      [{ name: 'VAT', rate: micros('0.189999') }],
    )
  })
  test('shows reverse charge as a rate of nothing', () => {
    const reverse = { name: 'Reverse charge, VAT', rate: 0n }
    const lines = check({ fee: fee('A', '50') }, ['plan_fee 50', 'tax 0', 'total 50'], [reverse])
    expect(describeLine(lines[1]!, 'USD')).toBe('Reverse charge, VAT 0 %')
    const taxed = taxLines(0n, [{ name: 'Sales tax', rate: micros('0.08875') }], 'USD')
    expect(describeLine(taxed[0]!, 'USD')).toBe('Sales tax 8.875 %')
  })
  test('throws on a rate that is no share of one', () => {
    expect(() => taxLines(0n, [{ name: 'VAT', rate: -1n }], 'USD')).toThrow('between 0 and 1')
    expect(() => taxLines(0n, [{ name: 'VAT', rate: micros('19') }], 'USD')).toThrow('between 0 and 1')
    expect(() => taxLines(0n, [{ name: 'VAT', rate: micros('1') }], 'USD')).not.toThrow()
  })
})

describe('settle', () => {
  function check(
    [total, openingBalance, customerCredit, minimumCharge]: [string, string, string, string],
    [customerCreditApplied, amountDue, carried]: [string, string, boolean],
  ) {
    const settled = settle({
      total: micros(total),
      openingBalance: micros(openingBalance),
      customerCredit: micros(customerCredit),
      minimumCharge: micros(minimumCharge),
    })
    const written = [formatMicros(settled.customerCreditApplied), formatMicros(settled.amountDue)]
    expect([...written, settled.carried]).toEqual([customerCreditApplied, amountDue, carried])
  }

  test('adds the opening balance and takes customer credit off', () => {
    check(['65', '0', '0', '0.5'], ['0', '65', false])
    check(['65', '3', '0', '0.5'], ['0', '68', false])
    check(['65', '3', '20', '0.5'], ['20', '48', false])
  })
  test('uses no more customer credit than is owed', () => {
    check(['65', '3', '100', '0.5'], ['68', '0', false])
    check(['0', '0', '100', '0.5'], ['0', '0', false])
  })
  test('carries what lies under the minimum', () => {
    check(['0.49', '0', '0', '0.5'], ['0', '0.49', true])
    check(['0.5', '0', '0', '0.5'], ['0', '0.5', false])
    check(['0.3', '0.2', '0', '0.5'], ['0', '0.5', false])
    check(['1', '0', '0.6', '0.5'], ['0.6', '0.4', true])
    check(['0', '0', '0', '0.5'], ['0', '0', false])
    check(['0.01', '0', '0', '0'], ['0', '0.01', false])
  })
  test.each(['total', 'openingBalance', 'customerCredit', 'minimumCharge'])(
    'throws on a negative %s',
    (name) => {
      const none = { total: 0n, openingBalance: 0n, customerCredit: 0n, minimumCharge: 0n }
      expect(() => settle({ ...none, [name]: -1n })).toThrow('never gives it')
    },
  )
})

describe('an invoice, for any usage', () => {
  const anyUse = fc.record({
    quantity: fc.integer({ min: 1, max: 5 }),
    price: fc.record({
      unitPrice: fc.bigInt({ min: 1n, max: 900_000n }),
      overageUnitPrice: fc.bigInt({ min: 0n, max: 90_000n }),
    }),
  })
  const anyBook = fc.record({
    uses: fc.array(anyUse, { maxLength: 6 }),
    balance: fc.bigInt({ min: 0n, max: 9_000_000n }),
    currency: fc.constantFrom('USD', 'JPY', 'KWD'),
    rates: fc.array(fc.record({ name: fc.constant('tax'), rate: fc.bigInt({ min: 0n, max: 1_000_000n }) }), {
      maxLength: 2,
    }),
  })

  test('the lines add up, each is less than a unit off, and usage less credits is the overage', () => {
    fc.assert(
      fc.property(anyBook, ({ uses, balance, currency, rates }) => {
        const purse = purseHolding(balance)
        let accrued = 0n
        const totals = uses.map((use, index) => {
          const rated = rateUsage(use, purse)
          if (!rated.ok) throw new Error(rated.refusal)
          accrued += rated.overage
          const { overageUnitPrice } = use.price
          const named = { planVersionId: 'p', planName: 'P', operation: `operation_${index}` }
          return { ...named, quantity: BigInt(use.quantity), overageUnitPrice, overage: rated.overage }
        })
        const credits = balance - purse.balance
        const facts = {
          ...nothing,
          currency,
          usage: totals,
          creditsUsed: [{ source: 'plan' as const, credits }],
        }
        const net = invoiceLines(facts)
        const lines = [...net, ...taxLines(totalOf(net), rates, currency)]

        const decimals = currency === 'JPY' ? 0 : currency === 'KWD' ? 3 : 2
        const unit = minorUnit(decimals)
        expect(net.reduce((sum, { exactAmount }) => sum + exactAmount, 0n)).toBe(accrued)
        expect(totalOf(net)).toBe(roundToMinor(accrued, decimals))
        expect(totalOf(net) >= 0n).toBe(true)
        expect(totalOf(lines)).toBe(lines.reduce((sum, { amount }) => sum + amount, 0n))
        expect(lines.length).toBe(net.length + rates.length)
        for (const { amount, exactAmount } of lines) {
          const off = amount - exactAmount
          expect(off < unit && off > -unit && amount % unit === 0n).toBe(true)
        }
        for (const [index, { amount }] of lines.slice(net.length).entries()) {
          const error = 2n * (amount * 1_000_000n - totalOf(net) * rates[index]!.rate)
          expect(error <= unit * 1_000_000n && error >= -unit * 1_000_000n).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})
