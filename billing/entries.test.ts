import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as books from './entries.ts'
import { formatMicros, micros } from './micros.ts'
import { breakageOf, recognisedBy } from './recognise.ts'

const units = { currency: 'USD', creditUnit: 'USD' }

/** Each entry as "account amount commodity [grant]". */
function check(entries: books.Entry[], written: string[]) {
  const write = ({ account, amount, commodity, grantId }: books.Entry) =>
    `${account} ${formatMicros(amount)} ${commodity}${grantId ? ` ${grantId}` : ''}`
  expect(entries.map(write)).toEqual(written)
}

describe('the entries of', () => {
  const [five, three, zero] = [micros('5'), micros('3'), 0n]

  test('a grant that was paid for', () => {
    check(books.grantIssued(units, { id: 'g', source: 'plan', credits: five, consideration: three }), [
      'credits:issued:plan -5 credit:USD g',
      'credits:available 5 credit:USD g',
      'liabilities:deferred -3 USD g',
      'assets:unbilled 3 USD g',
    ])
  })
  test('a grant that was given, in abstract credits', () => {
    const abstract = { currency: 'USD', creditUnit: 'credits' }
    check(books.grantIssued(abstract, { id: 'g', source: 'promotion', credits: five, consideration: zero }), [
      'credits:issued:promotion -5 credit:credits g',
      'credits:available 5 credit:credits g',
    ])
  })
  test('a fee without credits', () => {
    check(books.feeFellDue(units, five), ['liabilities:deferred -5 USD', 'assets:unbilled 5 USD'])
    check(books.termEnded(units, five), ['income:plan -5 USD', 'liabilities:deferred 5 USD'])
  })
  test('usage, drawn and beyond', () => {
    const draws = [
      { grantId: 'g', amount: five, recognised: three },
      { grantId: 'h', amount: three, recognised: zero },
    ]
    check(books.usageBooked(units, { draws, overage: micros('0.5') }), [
      'credits:available -5 credit:USD g',
      'credits:drawn 5 credit:USD g',
      'income:credits -3 USD g',
      'liabilities:deferred 3 USD g',
      'credits:available -3 credit:USD h',
      'credits:drawn 3 credit:USD h',
      'income:overage -0.5 USD',
      'assets:unbilled 0.5 USD',
    ])
  })
  test('usage taken back', () => {
    const returned = [{ grantId: 'g', amount: five, recognised: three }]
    check(books.usageReversed(units, { returned, overage: micros('0.5') }), [
      'credits:available 5 credit:USD g',
      'credits:drawn -5 credit:USD g',
      'income:credits 3 USD g',
      'liabilities:deferred -3 USD g',
      'income:overage 0.5 USD',
      'assets:unbilled -0.5 USD',
    ])
  })
  test('the end of a grant', () => {
    check(books.grantExpired(units, { id: 'g', remaining: five, breakage: three }), [
      'credits:available -5 credit:USD g',
      'credits:expired 5 credit:USD g',
      'income:breakage -3 USD g',
      'liabilities:deferred 3 USD g',
    ])
    check(books.grantVoided(units, { id: 'g', credits: five, deferred: three }), [
      'credits:available -5 credit:USD g',
      'credits:voided 5 credit:USD g',
      'liabilities:customer_credit -3 USD g',
      'liabilities:deferred 3 USD g',
    ])
    check(books.grantRolledOver(units, { fromId: 'g', toId: 'h', credits: five, deferred: three }), [
      'credits:available -5 credit:USD g',
      'credits:available 5 credit:USD h',
      'liabilities:deferred 3 USD g',
      'liabilities:deferred -3 USD h',
    ])
  })
  test('an invoice, rounded up, rounded down, and with tax', () => {
    check(
      books.invoiceFinalized(units, { net: micros('0.51'), tax: micros('0.1'), unbilled: micros('0.505') }),
      [
        'assets:unbilled -0.505 USD',
        'assets:receivable 0.505 USD',
        'income:rounding -0.005 USD',
        'assets:receivable 0.005 USD',
        'liabilities:tax -0.1 USD',
        'assets:receivable 0.1 USD',
      ],
    )
    check(books.invoiceFinalized(units, { net: micros('0.5'), tax: 0n, unbilled: micros('0.504') }), [
      'assets:unbilled -0.504 USD',
      'assets:receivable 0.504 USD',
      'income:rounding 0.004 USD',
      'assets:receivable -0.004 USD',
    ])
  })
  test('money that comes and goes', () => {
    check(books.paymentReceived(units, five), ['assets:receivable -5 USD', 'assets:cash 5 USD'])
    check(books.customerCreditApplied(units, five), [
      'assets:receivable -5 USD',
      'liabilities:customer_credit 5 USD',
    ])
    check(books.overageCredited(units, { overage: five, net: five, tax: three }), [
      'liabilities:customer_credit -5 USD',
      'income:overage 5 USD',
      'liabilities:customer_credit -3 USD',
      'liabilities:tax 3 USD',
    ])
    check(books.invoiceWrittenOff(units, five), ['assets:receivable -5 USD', 'expenses:bad_debt 5 USD'])
    check(books.writeOffRecovered(units, five), ['expenses:bad_debt -5 USD', 'assets:receivable 5 USD'])
  })
  test('money that goes back', () => {
    check(books.invoiceAllowed(units, { net: five, tax: three }), [
      'liabilities:customer_credit -5 USD',
      'income:allowances 5 USD',
      'liabilities:customer_credit -3 USD',
      'liabilities:tax 3 USD',
    ])
    check(
      books.grantRefunded(units, { id: 'g', credits: five, net: three, rest: micros('0.003'), tax: 0n }),
      [
        'credits:available -5 credit:USD g',
        'credits:voided 5 credit:USD g',
        'liabilities:customer_credit -3 USD g',
        'liabilities:deferred 3 USD g',
        'income:breakage -0.003 USD g',
        'liabilities:deferred 0.003 USD g',
      ],
    )
    check(books.refundRequested(units, five), [
      'liabilities:refunds -5 USD',
      'liabilities:customer_credit 5 USD',
    ])
    check(books.refundPaid(units, five), ['assets:cash -5 USD', 'liabilities:refunds 5 USD'])
    check(books.refundFailed(units, five, false), [
      'liabilities:customer_credit -5 USD',
      'liabilities:refunds 5 USD',
    ])
    check(books.refundFailed(units, five, true), ['liabilities:customer_credit -5 USD', 'assets:cash 5 USD'])
  })
  test('disputes', () => {
    check(books.disputeOpened(units, five), ['assets:cash -5 USD', 'assets:disputed 5 USD'])
    check(books.disputeWon(units, five), ['assets:disputed -5 USD', 'assets:cash 5 USD'])
    check(books.disputeLost(units, { claim: five, customerCredit: three, badDebt: zero }), [
      'assets:disputed -5 USD',
      'assets:receivable 5 USD',
      'assets:disputed -3 USD',
      'liabilities:customer_credit 3 USD',
    ])
    check(books.creditsRevoked(units, { id: 'g', credits: five, earned: three }), [
      'credits:available -5 credit:USD g',
      'credits:voided 5 credit:USD g',
      'income:breakage -3 USD g',
      'liabilities:deferred 3 USD g',
    ])
  })
  test('nothing', () => {
    check(books.usageBooked(units, { draws: [], overage: 0n }), [])
    check(books.grantExpired(units, { id: 'g', remaining: 0n, breakage: 0n }), [])
    check(books.paymentReceived(units, 0n), [])
  })
})

describe('balanced', () => {
  const entry = (account: books.LedgerAccount, commodity: string, amount: bigint) => ({
    account,
    commodity,
    amount,
    grantId: null,
  })
  test('throws where a commodity does not sum to zero, even if all together do', () => {
    const mixed = [entry('credits:available', 'credit:USD', 5n), entry('assets:unbilled', 'USD', -5n)]
    expect(() => books.balanced(mixed)).toThrow('sum to zero')
  })
  test('throws on an entry of zero', () => {
    expect(() => books.balanced([entry('assets:cash', 'USD', 0n)])).toThrow('never of zero')
  })
})

/** What every account holds after all these entries, by account, those with nothing left out. */
function balances(entries: books.Entry[]) {
  const sums = new Map<string, bigint>()
  for (const { account, commodity, amount } of entries) {
    const key = `${account} ${commodity}`
    sums.set(key, (sums.get(key) ?? 0n) + amount)
  }
  return Object.fromEntries(
    [...sums].filter(([, sum]) => sum !== 0n).map(([key, sum]) => [key, formatMicros(sum)]),
  )
}

test('the golden upgrade, told in entries', () => {
  const starter = { id: 'plan', source: 'plan' as const, credits: micros('50'), consideration: micros('50') }
  const extra = {
    id: 'upgrade',
    source: 'upgrade' as const,
    credits: micros('113.333333'),
    consideration: micros('100'),
  }
  const recognised = recognisedBy(
    { consideration: extra.consideration, granted: extra.credits },
    0n,
    micros('18'),
  )
  const left = micros('95.333333')
  const breakage = breakageOf({ consideration: extra.consideration, granted: extra.credits }, micros('18'))
  const month = [
    books.grantIssued(units, starter),
    books.invoiceFinalized(units, { net: micros('50'), tax: 0n, unbilled: micros('50') }),
    books.paymentReceived(units, micros('50')),
    books.usageBooked(units, {
      draws: [{ grantId: 'plan', amount: micros('50'), recognised: micros('50') }],
      overage: micros('10'),
    }),
    books.grantIssued(units, extra),
    books.invoiceFinalized(units, { net: micros('100'), tax: 0n, unbilled: micros('100') }),
    books.paymentReceived(units, micros('100')),
    books.usageBooked(units, {
      draws: [{ grantId: 'upgrade', amount: micros('18'), recognised }],
      overage: 0n,
    }),
    books.grantExpired(units, { id: 'upgrade', remaining: left, breakage }),
    books.grantIssued(units, {
      id: 'next',
      source: 'plan',
      credits: micros('220'),
      consideration: micros('200'),
    }),
    books.invoiceFinalized(units, { net: micros('210'), tax: 0n, unbilled: micros('210') }),
  ].flat()
  expect(balances(month)).toEqual({
    'credits:issued:plan credit:USD': '-270',
    'credits:issued:upgrade credit:USD': '-113.333333',
    'credits:available credit:USD': '220',
    'credits:drawn credit:USD': '68',
    'credits:expired credit:USD': '95.333333',
    'assets:cash USD': '150',
    'assets:receivable USD': '210',
    'liabilities:deferred USD': '-200',
    'income:credits USD': '-65.882352',
    'income:breakage USD': '-84.117648',
    'income:overage USD': '-10',
  })
})

describe('entries, for any amounts', () => {
  const anyAmount = fc.bigInt({ min: 0n, max: 3n })
  const anyDraws = fc.array(
    fc.record({ grantId: fc.constantFrom('g', 'h'), amount: anyAmount, recognised: anyAmount }),
    {
      maxLength: 3,
    },
  )
  const anySource = fc.constantFrom(
    'plan',
    'upgrade',
    'promotion',
    'purchase',
    'adjustment',
  ) as fc.Arbitrary<'plan'>
  const anyEvent: fc.Arbitrary<books.Entry[]> = fc.oneof(
    fc
      .record({ id: fc.constant('g'), source: anySource, credits: anyAmount, consideration: anyAmount })
      .map((grant) => books.grantIssued(units, grant)),
    anyAmount.map((amount) => books.feeFellDue(units, amount)),
    anyAmount.map((amount) => books.termEnded(units, amount)),
    fc.record({ draws: anyDraws, overage: anyAmount }).map((usage) => books.usageBooked(units, usage)),
    fc.record({ returned: anyDraws, overage: anyAmount }).map((usage) => books.usageReversed(units, usage)),
    fc
      .record({ id: fc.constant('g'), remaining: anyAmount, breakage: anyAmount })
      .map((grant) => books.grantExpired(units, grant)),
    fc
      .record({ id: fc.constant('g'), credits: anyAmount, deferred: anyAmount })
      .map((grant) => books.grantVoided(units, grant)),
    fc
      .record({ fromId: fc.constant('g'), toId: fc.constant('h'), credits: anyAmount, deferred: anyAmount })
      .map((roll) => books.grantRolledOver(units, roll)),
    fc
      .record({ net: anyAmount, tax: anyAmount, unbilled: anyAmount })
      .map((invoice) => books.invoiceFinalized(units, invoice)),
    anyAmount.map((amount) => books.paymentReceived(units, amount)),
    anyAmount.map((amount) => books.disputeOpened(units, amount)),
    anyAmount.map((amount) => books.disputeWon(units, amount)),
    anyAmount.map((amount) => books.customerCreditApplied(units, amount)),
    anyAmount.map((amount) => books.refundRequested(units, amount)),
    anyAmount.map((amount) => books.refundPaid(units, amount)),
    anyAmount.map((amount) => books.refundFailed(units, amount, true)),
    anyAmount.map((amount) => books.writeOffRecovered(units, amount)),
    anyAmount.map((amount) => books.invoiceWrittenOff(units, amount)),
    fc
      .record({ overage: anyAmount, net: anyAmount, tax: anyAmount })
      .map((note) => books.overageCredited(units, note)),
  )

  test('balance for each commodity, hold no zero, and name the grant where its balance is kept', () => {
    fc.assert(
      fc.property(anyEvent, (entries) => {
        const sum = (commodity: string) =>
          entries
            .filter((entry) => entry.commodity === commodity)
            .reduce((total, { amount }) => total + amount, 0n)
        expect([sum('USD'), sum('credit:USD')]).toEqual([0n, 0n])
        for (const { account, commodity, amount, grantId } of entries) {
          expect(amount).not.toBe(0n)
          expect(commodity).toBe(account.startsWith('credits:') ? 'credit:USD' : 'USD')
          if (account === 'credits:available') expect(grantId).not.toBeNull()
        }
      }),
      { numRuns: 500 },
    )
  })

  test('taking usage back undoes booking it', () => {
    fc.assert(
      fc.property(anyDraws, anyAmount, (draws, overage) => {
        const both = [
          ...books.usageBooked(units, { draws, overage }),
          ...books.usageReversed(units, { returned: draws, overage }),
        ]
        expect(balances(both)).toEqual({})
      }),
    )
  })
})
