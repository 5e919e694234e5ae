/** Lines of a file of usage, however it is cut into pieces. */
import { expect, test } from 'vitest'
import { readUsageFile, type UsageFileFormat } from './usage-file.ts'

async function read(text: string, format: UsageFileFormat, pieceLength: number): Promise<string[]> {
  const bytes = Buffer.from(text)
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceLength) yield bytes.subarray(at, at + pieceLength)
  }
  const lines: string[] = []
  for await (const line of readUsageFile(pieces(), format)) {
    lines.push(`${line.number} ${'text' in line ? line.text : line.fault}`)
  }
  return lines
}

async function check(text: string, format: UsageFileFormat, lines: string[]): Promise<void> {
  for (const pieceLength of [1, 3, 100_000]) expect(await read(text, format, pieceLength)).toEqual(lines)
}

test.each<[string, string, string[]]>([
  [
    'columns in any order',
    'quantity,key,operation\n3,a,smart_crop\n',
    ['2 {"quantity":3,"key":"a","operation":"smart_crop"}'],
  ],
  [
    'a mark, other line ends, no last one',
    '\uFEFFkey,operation\r\nü-🖼️,smart_crop',
    ['2 {"key":"ü-🖼️","operation":"smart_crop"}'],
  ],
  [
    'an empty cell is an absent field',
    'key,operation,quantity\na,resize,\n',
    ['2 {"key":"a","operation":"resize"}'],
  ],
  [
    'quotes hold commas, quotes and line ends, and the lines after them keep their numbers',
    'key,operation\n"a,""b""\nc",resize\n\nd,resize\n',
    ['2 {"key":"a,\\"b\\"\\nc","operation":"resize"}', '5 {"key":"d","operation":"resize"}'],
  ],
  [
    'what is no number is left to the server',
    'key,operation,quantity\na,resize,many\nb,resize,-1.5\n',
    [
      '2 {"key":"a","operation":"resize","quantity":"many"}',
      '3 {"key":"b","operation":"resize","quantity":-1.5}',
    ],
  ],
  [
    'another number of cells',
    'key,operation\na\nb,resize,1\n',
    ['2 Expected 2 cells, as the first row has, got 1.', '3 Expected 2 cells, as the first row has, got 3.'],
  ],
  ['a quote that is never closed', 'key,operation\n"a,resize\n', ['2 A quote is never closed.']],
  [
    'a row that is too long',
    `key,operation\n${'a'.repeat(20_000)},resize\nb,resize\n`,
    ['2 The line is longer than 16384 characters.', '3 {"key":"b","operation":"resize"}'],
  ],
])('CSV: %s', (_, text, lines) => check(text, 'csv', lines))

test('lines of JSON are left as they stand', () =>
  check(`{"key":1}\r\n\n  {"a\n${'x'.repeat(20_000)}\n{}`, 'ndjson', [
    '1 {"key":1}',
    '3 {"a',
    '4 The line is longer than 16384 characters.',
    '5 {}',
  ]))

test.each([
  ['a,b\n', '"key" is missing, "operation" is missing, there is no field "a", there is no field "b"'],
  ['key,operation,key\n', '"key" stands there twice'],
])('columns that say nothing are refused: %j', async (text, fault) => {
  await expect(read(text, 'csv', 9)).rejects.toThrow(fault)
})
