import { expect, test } from 'vitest'
import { describeLine, operationName } from './describe-line.ts'
import type { InvoiceLine } from './invoice.ts'

// What each kind of line says is told in invoice.test.ts, on whole invoices.

test('operationName makes a word of a code', () => {
  expect(operationName('remove_background')).toBe('Remove background')
  expect(operationName('resize')).toBe('Resize')
  expect(operationName('fit_to_a_frame')).toBe('Fit to a frame')
})

test('describeLine names every source of credits, and throws where data is missing', () => {
  const line: InvoiceLine = {
    kind: 'credits_applied',
    exactAmount: -6n,
    amount: 0n,
    planVersionId: null,
    name: null,
    operation: null,
    quantity: null,
    unitPrice: null,
    period: null,
    credits: (['plan', 'upgrade', 'promotion', 'purchase', 'adjustment'] as const).map((source) => ({
      source,
      credits: 1_000_000n,
    })),
    creditUnit: 'credits',
    taxRate: null,
  }
  expect(describeLine(line, 'USD')).toBe(
    'Credits applied: 1 credit from the plan, 1 credit from an upgrade, 1 credit from a promotion, ' +
      '1 credit from a purchase, 1 credit from an adjustment',
  )
  expect(describeLine({ ...line, credits: [] }, 'USD')).toBe('Credits applied')
  expect(() => describeLine({ ...line, creditUnit: null }, 'USD')).toThrow('counted in a unit')
  const use = { ...line, kind: 'usage' as const }
  expect(() => describeLine({ ...use, quantity: 1n }, 'USD')).toThrow('has an operation')
  expect(() => describeLine({ ...use, operation: 'resize' }, 'USD')).toThrow('has an operation')
})
