import { expect, test } from 'vitest'
import { inParallel } from './in-parallel.ts'

test('results come in the order of the things, never more at once than said', async () => {
  let running = 0
  let most = 0
  const results = await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (thing) => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return thing * 10
  })
  expect(results).toEqual([10, 20, 30, 40, 50, 60, 70])
  expect(most).toBe(3)
})

test('the first fault ends it: what runs is awaited, nothing more is begun', async () => {
  const begun: number[] = []
  const work = inParallel([1, 2, 3, 4, 5], 2, async (thing) => {
    begun.push(thing)
    if (thing === 2) throw new Error('two')
    await new Promise((resolve) => setImmediate(resolve))
  })
  await expect(work).rejects.toThrow('two')
  expect(begun).toEqual([1, 2])
})
