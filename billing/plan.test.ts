import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatMicros, micros } from './micros.ts'
import { feeOf, isMoneyUnit, type PlanDraft, type PlanRefused, publishPlan } from './plan.ts'

const starter: PlanDraft = {
  code: 'starter',
  name: 'Starter',
  currency: 'USD',
  creditUnit: 'USD',
  listPrice: '50.00',
  credits: '50.00',
  prices: [
    { operation: 'smart_crop', unitPrice: '0.20' },
    { operation: 'remove_background', unitPrice: '0.50' },
    { operation: 'resize', unitPrice: '0' },
  ],
}

const studio: PlanDraft = {
  code: 'studio',
  name: 'Studio',
  currency: 'USD',
  creditUnit: 'credits',
  creditPrice: '0.065',
  listPrice: '500.00',
  discount: '250.00',
  credits: '4570',
  prices: [
    { operation: 'smart_crop', unitPrice: '1.3' },
    { operation: 'remove_background', unitPrice: '3.2' },
  ],
}

function published(draft: PlanDraft) {
  const result = publishPlan(draft)
  if (!result.ok) throw new Error(result.refusal)
  return result.terms
}

describe('publishPlan', () => {
  test('makes amounts of a plan in money', () => {
    const terms = published(starter)
    expect(terms).toEqual({
      code: 'starter',
      name: 'Starter',
      currency: 'USD',
      creditUnit: 'USD',
      creditPrice: micros('1'),
      listPrice: micros('50'),
      discount: 0n,
      credits: micros('50'),
      prices: new Map([
        ['smart_crop', { unitPrice: micros('0.2'), overageUnitPrice: micros('0.2') }],
        ['remove_background', { unitPrice: micros('0.5'), overageUnitPrice: micros('0.5') }],
        ['resize', { unitPrice: 0n, overageUnitPrice: 0n }],
      ]),
      rollover: null,
      trial: null,
    })
    expect([...terms.prices.keys()]).toEqual(['smart_crop', 'remove_background', 'resize'])
    expect(feeOf(terms)).toBe(micros('50'))
    expect(isMoneyUnit(terms)).toBe(true)
  })

  test('fills in overage unit prices of abstract credits', () => {
    const terms = published(studio)
    expect(terms.prices.get('smart_crop')?.overageUnitPrice).toBe(micros('0.0845'))
    expect(terms.prices.get('remove_background')?.overageUnitPrice).toBe(micros('0.208'))
    expect(feeOf(terms)).toBe(micros('250'))
    expect(isMoneyUnit(terms)).toBe(false)
  })

  test('keeps an overage unit price given by hand', () => {
    const prices = [{ operation: 'smart_crop', unitPrice: '0.2', overageUnitPrice: '0.25' }]
    expect(published({ ...starter, prices }).prices.get('smart_crop')).toEqual({
      unitPrice: micros('0.2'),
      overageUnitPrice: micros('0.25'),
    })
  })

  test('keeps rollover and trial', () => {
    expect(published({ ...starter, rollover: { cap: '10', periods: 2 } }).rollover).toEqual({
      cap: micros('10'),
      periods: 2,
    })
    expect(published({ ...starter, rollover: { periods: 120 } }).rollover).toEqual({
      cap: null,
      periods: 120,
    })
    const trial = { days: 14, successor: 'starter' }
    const draft = { ...starter, code: 'trial', listPrice: '50', discount: '50', trial }
    expect(published(draft).trial).toEqual(trial)
  })

  test('takes what lies on the edge', () => {
    published({ ...starter, credits: '0', prices: [] })
    published({ ...starter, discount: '50.00' })
    published({ ...starter, listPrice: '1000000000', credits: '1000000000' })
    published(priced({ unitPrice: '1000000' }))
    published(priced({ unitPrice: '0.000001' }))
    published(priced({ unitPrice: '0', overageUnitPrice: '0' }))
    published({ ...starter, currency: 'JPY', creditUnit: 'JPY' })
    published({ ...starter, currency: 'KWD', creditUnit: 'KWD', listPrice: '9.999' })
    published({ ...studio, creditPrice: '0' })
    published({ ...starter, name: 'n'.repeat(100) })
    published({ ...starter, code: 'trial', listPrice: '0', trial: { days: 1, successor: 'starter' } })
    published({ ...starter, code: 'trial', listPrice: '0', trial: { days: 366, successor: 'starter' } })
  })
})

function priced(price: { unitPrice: string; overageUnitPrice?: string }): PlanDraft {
  return { ...starter, prices: [{ operation: 'smart_crop', ...price }] }
}

describe('publishPlan refuses', () => {
  const cases: [PlanRefused['refusal'], PlanRefused['field'], Partial<PlanDraft>][] = [
    ['code_invalid', 'code', { code: '' }],
    ['code_invalid', 'code', { code: 'Starter' }],
    ['code_invalid', 'code', { code: '__proto__' }],
    ['code_invalid', 'code', { code: 's'.repeat(64) }],
    ['name_invalid', 'name', { name: '  ' }],
    ['name_invalid', 'name', { name: 'n'.repeat(101) }],
    ['currency_unknown', 'currency', { currency: 'XAU', creditUnit: 'credits', creditPrice: '1' }],
    ['currency_unknown', 'currency', { currency: 'usd', creditUnit: 'credits', creditPrice: '1' }],
    ['credit_unit_invalid', 'creditUnit', { creditUnit: 'EUR' }],
    ['credit_unit_invalid', 'creditUnit', { creditUnit: '' }],
    ['credit_price_missing', 'creditPrice', { creditUnit: 'credits' }],
    ['credit_price_not_one', 'creditPrice', { creditPrice: '0.5' }],
    ['amount_negative', 'creditPrice', { creditPrice: '-1' }],
    ['amount_negative', 'creditPrice', { creditUnit: 'credits', creditPrice: '-1' }],
    ['amount_invalid', 'listPrice', { listPrice: 'fifty' }],
    ['amount_invalid', 'listPrice', { listPrice: '50.0000001' }],
    ['amount_negative', 'listPrice', { listPrice: '-50' }],
    ['amount_absurd', 'listPrice', { listPrice: '1000000000.01' }],
    ['amount_not_minor', 'listPrice', { listPrice: '49.999' }],
    ['amount_not_minor', 'listPrice', { currency: 'JPY', creditUnit: 'JPY', listPrice: '49.5' }],
    ['amount_not_minor', 'discount', { discount: '0.001' }],
    ['amount_negative', 'discount', { discount: '-1' }],
    ['discount_exceeds_list_price', 'discount', { discount: '50.01' }],
    ['amount_invalid', 'credits', { credits: '' }],
    ['amount_negative', 'credits', { credits: '-0.000001' }],
    ['amount_absurd', 'credits', { credits: '1000000000.000001' }],
    ['rollover_invalid', 'rollover', { rollover: { periods: 0 } }],
    ['rollover_invalid', 'rollover', { rollover: { periods: 121 } }],
    ['rollover_invalid', 'rollover', { rollover: { periods: 1.5 } }],
    ['rollover_invalid', 'rollover', { rollover: { periods: 1, cap: '0' } }],
    ['amount_negative', 'rollover', { rollover: { periods: 1, cap: '-1' } }],
    ['trial_invalid', 'trial', { listPrice: '0', trial: { days: 0, successor: 'growth' } }],
    ['trial_invalid', 'trial', { listPrice: '0', trial: { days: 367, successor: 'growth' } }],
    ['trial_invalid', 'trial', { listPrice: '0', trial: { days: 1.5, successor: 'growth' } }],
    ['trial_invalid', 'trial', { listPrice: '0', trial: { days: 14, successor: 'starter' } }],
    ['trial_invalid', 'trial', { listPrice: '0', trial: { days: 14, successor: '' } }],
    ['trial_not_free', 'listPrice', { trial: { days: 14, successor: 'growth' } }],
  ]
  test.each(cases)('case %#: %s in %s', (refusal, field, change) => {
    expect(publishPlan({ ...starter, ...change })).toStrictEqual({ ok: false, refusal, field })
  })

  const priceCases: [
    PlanRefused['refusal'],
    PlanRefused['field'],
    { unitPrice: string; overageUnitPrice?: string },
  ][] = [
    ['amount_invalid', 'unitPrice', { unitPrice: '0.2000001' }],
    ['amount_invalid', 'unitPrice', { unitPrice: '20 cents' }],
    ['amount_negative', 'unitPrice', { unitPrice: '-0.2' }],
    ['amount_absurd', 'unitPrice', { unitPrice: '1000000.000001' }],
    ['amount_invalid', 'overageUnitPrice', { unitPrice: '0.2', overageUnitPrice: '0.0000001' }],
    ['amount_negative', 'overageUnitPrice', { unitPrice: '0.2', overageUnitPrice: '-0.1' }],
    ['amount_absurd', 'overageUnitPrice', { unitPrice: '0.2', overageUnitPrice: '2000000' }],
    ['free_operation_has_overage_price', 'overageUnitPrice', { unitPrice: '0', overageUnitPrice: '0.1' }],
  ]
  test.each(priceCases)('case %#: %s in %s of an operation', (refusal, field, price) => {
    expect(publishPlan(priced(price))).toEqual({ ok: false, refusal, field, operation: 'smart_crop' })
  })

  test('an operation without a fair name, or twice', () => {
    const named = (...operations: string[]) => ({
      ...starter,
      prices: operations.map((operation) => ({ operation, unitPrice: '1' })),
    })
    const at = { ok: false, field: 'prices' }
    expect(publishPlan(named('__proto__'))).toEqual({
      ...at,
      refusal: 'operation_invalid',
      operation: '__proto__',
    })
    expect(publishPlan(named('blur', 'blur'))).toEqual({
      ...at,
      refusal: 'operation_repeated',
      operation: 'blur',
    })
    expect(publishPlan(named('constructor')).ok).toBe(true)
  })

  test('a default overage unit price that is not exact, or absurd', () => {
    const draft = { ...studio, creditPrice: '0.065001' }
    const at = { ok: false, field: 'unitPrice', operation: 'smart_crop' }
    expect(publishPlan(draft)).toEqual({ ...at, refusal: 'price_not_exact' })
    const byHand = [{ operation: 'smart_crop', unitPrice: '1.3', overageUnitPrice: '0.0845' }]
    expect(publishPlan({ ...draft, prices: byHand }).ok).toBe(true)
    const dear = {
      ...studio,
      creditPrice: '1000',
      prices: [{ operation: 'smart_crop', unitPrice: '1000.001' }],
    }
    expect(publishPlan(dear)).toEqual({ ...at, refusal: 'amount_absurd' })
  })
})

describe('publishPlan, for any prices', () => {
  const anyPrice = fc.bigInt({ min: 0n, max: 30_000_000n }).map(formatMicros)

  test('a default is exact, or refused', () => {
    fc.assert(
      fc.property(anyPrice, anyPrice, (unitPrice, creditPrice) => {
        const result = publishPlan({
          ...studio,
          creditPrice,
          prices: [{ operation: 'smart_crop', unitPrice }],
        })
        const product = micros(unitPrice) * micros(creditPrice)
        expect(result.ok).toBe(product % 1_000_000n === 0n)
        if (!result.ok) return
        expect(result.terms.prices.get('smart_crop')!.overageUnitPrice * 1_000_000n).toBe(product)
      }),
    )
  })
})
