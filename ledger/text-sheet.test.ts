import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextSheet } from './text-sheet.ts'

const digestOf = (text: string) => createHash('sha256').update(text).digest()
const sheet = new TextSheet()

const numbers = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -1, 9, 10, 2 ** 53 - 1, 2n ** 53n, -(2n ** 53n) - 1n),
)
const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', 'ü', 'a🖼️b', '\ud800'),
)
const piece = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), value: texts }),
  fc.record({ kind: fc.constant('field' as const), value: texts }),
  fc.record({ kind: fc.constant('whole' as const), value: numbers }),
  fc.record({ kind: fc.constant('hex' as const), value: fc.option(fc.uint8Array({ maxLength: 40 })) }),
  fc.record({ kind: fc.constant('line' as const), value: fc.constant(null) }),
)

test('a digest is that of the text of all pieces', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      let text = ''
      sheet.begin()
      for (const { kind, value } of pieces) {
        if (kind === 'text') text += value
        if (kind === 'field') text += `${Buffer.byteLength(value)}:${value}`
        if (kind === 'whole') text += String(value)
        if (kind === 'hex') text += Buffer.from(value ?? []).toString('hex')
        if (kind === 'line') text += '\n'
        if (kind === 'line') sheet.line()
        else sheet[kind](value as never)
      }
      expect(sheet.digest()).toEqual(digestOf(text))
    }),
    { numRuns: 500 },
  )
})

test('a text longer than the sheet stretches it, and the next one is whole again', () => {
  const long = 'ä line of a large batch\n'.repeat(300_000)
  sheet.begin().text(long).whole(7)
  expect(sheet.digest()).toEqual(digestOf(`${long}7`))
  sheet.begin().text('left by one who threw')
  expect(sheet.begin().field('x').digest()).toEqual(digestOf('1:x'))
})
