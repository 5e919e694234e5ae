import { expect, test } from 'vitest'
import { judgeUses, type SentUse } from './callers.ts'
import { judgeItem } from './killed-servers.ts'

const sent: SentUse = {
  key: 'a',
  operation: 'resize',
  quantity: 2,
  told: 'usage_00000000000040008000000000000001 0.6',
}
const stored = {
  key: 'a',
  id: '00000000-0000-4000-8000-000000000001',
  operation: 'resize',
  quantity: 2n,
  cost: 600_000n,
  times: 1n,
}

test.each([
  ['as it was sent and answered', [stored], []],
  ['lost', [], ['a was answered and is lost']],
  ['doubled', [{ ...stored, times: 2n }], ['a was booked 2 times']],
  ['at another price', [{ ...stored, cost: 1n }], ['a: 2 × resize for 1 instead of 600000']],
  ['under another id', [{ ...stored, id: 'other' }], [`a: ${sent.told} was answered, other was booked`]],
  ['never sent', [stored, { ...stored, key: 'b' }], ['b was booked and never sent']],
])('a use that is %s', (_, rows, wrong) => {
  expect(judgeUses(rows, [sent])).toEqual(wrong)
})

const item = { id: 'i', status: 'succeeded', failure: null, charges: ['convert', 'resize'] }

test.each([
  ['made and charged once', item, 0],
  ['given up uncharged', { ...item, status: 'failed', failure: 'interrupted', charges: [] }, 0],
  ['charged twice', { ...item, charges: ['convert', 'resize', 'resize'] }, 1],
  ['made for nothing', { ...item, charges: [] }, 1],
  ['charged though it failed', { ...item, status: 'failed', failure: 'interrupted' }, 1],
  ['failed for another reason', { ...item, status: 'failed', failure: 'unreadable', charges: [] }, 1],
  ['left lying', { ...item, status: 'working', charges: [] }, 1],
])('an item that is %s', (_, one, faults) => {
  expect(judgeItem(one)).toHaveLength(faults)
})
