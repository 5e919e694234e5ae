import { afterEach, expect, test, vi } from 'vitest'
import { newId, newIdBytes } from './new-id.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('a later id is the greater, also when the clock is set back by a minute, a year or to the beginning', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-28T02:00:00Z') })
  const ids = [newId()]
  for (const now of ['2026-11-28T01:59:00Z', '2025-11-28T02:00:00Z', '1970-01-01T00:00:00Z']) {
    vi.setSystemTime(new Date(now))
    for (let more = 0; more < 100; more++) ids.push(newId())
  }
  expect(ids).toEqual([...new Set(ids)].sort())
})

test('the bytes are those of an id', () => {
  const before = newId()
  const hex = Buffer.from(newIdBytes()).toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  expect(id > before && id < newId()).toBe(true)
  expect(id[14]).toBe('7')
})
