import { expect, test } from 'vitest'
import { type PublishedVersion, successorOf, versionAt } from './succession.ts'

type Plan = { code: string; version: number; trial: null }
const day = (number: number) => new Date(Date.UTC(2026, 10, number))

function published(version: number, publishedOn: number, noticeDays: number | null, code = 'starter') {
  const plan = { code, version, trial: null }
  return { plan, publishedAt: day(publishedOn), noticeDays } satisfies PublishedVersion<Plan>
}

const first = published(1, 1, null)

test.each<[string, PublishedVersion<Plan>[], number, number]>([
  ['nothing newer', [first], 30, 1],
  ['no notice was given', [first, published(2, 2, null)], 30, 1],
  ['the notice has not run out', [first, published(2, 2, 29)], 30, 1],
  ['the notice runs out at the boundary', [first, published(2, 2, 28)], 30, 2],
  ['no notice is needed', [first, published(2, 30, 0)], 30, 2],
  [
    'the newest whose notice has run out',
    [first, published(2, 2, 10), published(3, 3, 10), published(4, 4, 60)],
    30,
    3,
  ],
  ['given in any order', [published(3, 3, 10), published(2, 2, 10), first], 30, 3],
  ['of another plan', [first, published(2, 2, 0, 'growth')], 30, 1],
  ['older than what they have', [published(1, 1, 0)], 30, 1],
])('at a boundary: %s', (_, versions, boundary, expected) => {
  expect(versionAt(first.plan, versions, day(boundary)).version).toBe(expected)
})

test('a trial is followed by its successor as it was when the trial began', () => {
  const trial = { days: 14, successor: 'starter' }
  const versions = [published(2, 5, 0), first, published(9, 1, 0, 'growth')]
  expect(successorOf(trial, versions, day(4))?.version).toBe(1)
  expect(successorOf(trial, versions, day(5))?.version).toBe(2)
  expect(successorOf(trial, versions, new Date(0))?.version).toBe(1)
  expect(successorOf({ days: 14, successor: 'gone' }, versions, day(5))).toBeUndefined()
})
