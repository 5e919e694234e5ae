import { expect, test } from 'vitest'
import { asMarkdown, asText, type TimedRow } from './scoreboard.ts'

const met: TimedRow = {
  id: 'T1',
  figure: 'months, violations',
  wanted: '100 / 0',
  got: '101 / 0',
  met: true,
  notes: [],
  seconds: 1.25,
}
const missed: TimedRow = { ...met, id: 'T8', got: '100 / 1', met: false, notes: ['UTC is wrong'] }

test('the scoreboard says what was wanted, what came, and what is wrong', () => {
  expect(asText([met, missed]).split('\n')).toEqual([
    'id  figure              wanted   got              s',
    'T1  months, violations  100 / 0  101 / 0  met     1.3',
    'T8  months, violations  100 / 0  100 / 1  MISSED  1.3',
    '',
    'T8: UTC is wrong',
  ])
  expect(asMarkdown([met], 'Today.')).toBe(
    [
      '# Results\n\nToday.\n',
      '| id | figure | wanted | got |  | s |',
      '| --- | --- | --- | --- | --- | --- |',
      '| T1 | months, violations | 100 / 0 | 101 / 0 | met | 1.3 |\n',
    ].join('\n'),
  )
})
