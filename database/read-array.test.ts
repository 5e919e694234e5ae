import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrayValue } from './array-value.ts'
import { readArray } from './read-array.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

async function roundTrip(type: Parameters<typeof readArray>[0], values: unknown[]): Promise<unknown[]> {
  const parameter = arrayValue(type, values.length, (index) => values[index])
  const [row] = await database.db.asService((tx) =>
    tx.query<{ sent: Buffer }>(`select array_send($1::${type}[]) as sent`, [parameter]),
  )
  return readArray(type, row!.sent)
}

const kinds: [Parameters<typeof readArray>[0], fc.Arbitrary<unknown>][] = [
  ['uuid', fc.uuid()],
  ['text', fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))],
  ['bytea', fc.uint8Array().map((bytes) => Buffer.from(bytes))],
  ['bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  ['integer', fc.integer()],
  ['boolean', fc.boolean()],
  // A wide range, but one in which microseconds since 2000 are exact as a number.
  ['timestamptz', fc.date({ min: new Date('1800-01-01'), max: new Date('2250-01-01'), noInvalidDate: true })],
]

test.each(kinds)(
  'an array of %s is read as it was written, with its nulls and in its order',
  async (type, value) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(value), { maxLength: 20 }), async (values) => {
        expect(await roundTrip(type, values)).toEqual(values)
      }),
      { numRuns: 20 },
    )
  },
)

test('no array is no values, and an array of another type is refused', async () => {
  expect(readArray('uuid', null)).toEqual([])
  const [row] = await database.db.asService((tx) =>
    tx.query<{ sent: Buffer }>(`select array_send(array['a', 'b']) as sent`),
  )
  expect(() => readArray('uuid', row!.sent)).toThrow('An array of type 25')
})
