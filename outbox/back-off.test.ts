import { expect, test } from 'vitest'
import { nextTry } from './back-off.ts'

const since = new Date('2026-03-01T12:00:00Z')

test('what fails is tried soon, then ever later, and for the last time after three days', () => {
  const waits: number[] = []
  let now = since
  for (let failures = 1; ; failures++) {
    const next = nextTry({ failures, since, now })
    if (next === null) break
    waits.push((next.getTime() - now.getTime()) / 1000)
    now = next
  }
  expect(waits).toEqual([5, 30, 300, 1800, 7200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200, 23_065])
  expect(now).toEqual(new Date('2026-03-04T12:00:00Z'))
})
