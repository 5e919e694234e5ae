import { expect, test } from 'vitest'
import { assert } from './assert.ts'

test('assert throws its message where something cannot be, and is silent elsewhere', () => {
  expect(() => assert(1 + 1 === 2, 'sums hold')).not.toThrow()
  expect(() => assert(false, 'the moon is a cheese')).toThrow('Assertion failed: the moon is a cheese')
})
