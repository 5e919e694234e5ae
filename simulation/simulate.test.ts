import { expect, test } from 'vitest'
import { simulate, unreached } from './simulate.ts'

test('seeded stories come out in the books as the oracle says, to the last answer', {
  timeout: 240_000,
}, () => {
  const { violations, accountMonths, situations } = simulate({ first: 1, accountMonths: 2000 })
  expect(violations).toEqual([])
  expect(accountMonths).toBeGreaterThanOrEqual(2000)
  expect(unreached(situations).length).toBeLessThan(situations.size)
})
