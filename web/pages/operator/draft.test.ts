import type { CataloguePlan } from '@drawdown/client'
import { expect, test } from 'vitest'
import { draftOfPlan, draftOfRequest, isSameDraft, requestOf } from './draft.ts'

const plan = {
  code: 'starter',
  name: 'Starter',
  versions: [
    {
      currency: 'USD',
      credit_unit: 'USD',
      credit_price: '1',
      list_price: '60',
      discount: '10.5',
      credits: '50',
      prices: [
        { operation: 'smart_crop', unit_price: '0.2', overage_unit_price: '0.2' },
        { operation: 'upscale', unit_price: '0.0845', overage_unit_price: '0.1' },
      ],
      rollover: { periods: 2, cap: null },
      trial: null,
    },
  ],
} as unknown as CataloguePlan

test('a draft is written with the decimals of its currency, and loses no digit', () => {
  const draft = draftOfPlan(plan)
  expect([draft.listPrice, draft.discount, draft.credits]).toEqual(['60.00', '10.50', '50.00'])
  expect(draft.prices).toEqual([
    { operation: 'smart_crop', unitPrice: '0.20', overageUnitPrice: '' },
    { operation: 'upscale', unitPrice: '0.0845', overageUnitPrice: '0.10' },
  ])
})

test('yen and credits have no decimals of their own', () => {
  const [version] = plan.versions
  const yen = { ...plan, versions: [{ ...version!, currency: 'JPY', credit_unit: 'credits' }] }
  const draft = draftOfPlan(yen)
  expect([draft.listPrice, draft.credits, draft.creditPrice]).toEqual(['60', '50', '1'])
})

test('a draft is the same however its amounts are written, and another when one differs', () => {
  const request = requestOf(draftOfPlan(plan))
  expect(isSameDraft(request, { ...request, list_price: '60', credits: '50.0' })).toBe(true)
  expect(isSameDraft(request, { ...request, credits: '51' })).toBe(false)
})

test('what is asked of the server comes back as the same draft', () => {
  const draft = draftOfPlan(plan)
  expect(requestOf(draftOfRequest(requestOf(draft)))).toEqual(requestOf(draft))
})
