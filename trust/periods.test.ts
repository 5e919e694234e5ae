import { expect, test } from 'vitest'
import { checkPeriods } from './periods.ts'

test('periods of zones that skip hours, days and halves of hours are those of the other calendar', () => {
  const zones = ['Australia/Lord_Howe', 'Pacific/Apia', 'America/St_Johns', 'Africa/Casablanca']
  expect(checkPeriods({ zones, monthsEach: 8 })).toEqual({ periods: 4 * 31 * 8, wrong: [] })
})
