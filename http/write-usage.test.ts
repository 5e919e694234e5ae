import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { MAX_MICROS } from '../billing/micros.ts'
import * as usageShapes from './usage-shapes.ts'
import { writeUsage } from './write-usage.ts'

const amount = fc.bigInt({ min: 0n, max: MAX_MICROS })
const booked = fc.record({
  usageRecordId: fc.uuid({ version: 7 }),
  key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  operation: fc.constantFrom('smart_crop', 'remove_background'),
  quantity: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  cost: amount,
  fromCredits: amount,
  uncovered: amount,
  overage: amount,
  balanceAfter: amount,
  bookedAt: fc.constant(new Date(0)),
})

test('a record is written as its schema encodes it', () => {
  fc.assert(
    fc.property(booked, (record) => {
      const encoded = z.encode(usageShapes.usageRecord, {
        id: record.usageRecordId,
        key: record.key,
        operation: record.operation,
        quantity: record.quantity,
        cost: record.cost,
        from_credits: record.fromCredits,
        overage: record.overage,
        overage_credits: record.uncovered,
        balance_after: record.balanceAfter,
      })
      expect(writeUsage(record)).toBe(JSON.stringify(encoded))
    }),
  )
})
