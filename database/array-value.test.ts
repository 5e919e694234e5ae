import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arrayValue, elementsOf } from './array-value.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

async function roundTrip(type: string, values: unknown[]): Promise<unknown[]> {
  const parameter = arrayValue(type, values.length, (index) => values[index])
  const rows = await database.db.asService((tx) =>
    tx.query<{ value: unknown }>(
      `select value from unnest($1::${type}[]) with ordinality as given (value, place) order by place`,
      [parameter],
    ),
  )
  return rows.map(({ value }) => value)
}

const instant = fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
const storable = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))

const kinds: [string, fc.Arbitrary<unknown>][] = [
  ['uuid', fc.uuid()],
  ['text', storable],
  ['bytea', fc.uint8Array().map((bytes) => Buffer.from(bytes))],
  ['bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  ['integer', fc.integer()],
  ['boolean', fc.boolean()],
  ['timestamptz', instant],
  // Not in the table of writers: goes through the driver.
  ['smallint', fc.integer({ min: -32_768, max: 32_767 })],
]

test.each(kinds)('what is sent as %s comes back, with its nulls and in its order', async (type, value) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(value), { maxLength: 20 }), async (values) => {
      expect(await roundTrip(type, values)).toEqual(values)
    }),
    { numRuns: 30 },
  )
})

test.each<[string, unknown, string]>([
  ['uuid', 'not-a-uuid', 'Not a UUID'],
  ['uuid', '0123456789abcdef0123456789abcdef', 'Not a UUID'],
  ['uuid', '01234567-89ab-cdef-0123-456789abcdeg', 'Not a UUID'],
  ['bigint', 2n ** 63n, 'out of range'],
  ['integer', 2 ** 31, 'out of range'],
  ['bigint', 0.5, 'cannot be converted to a BigInt'],
  ['timestamptz', new Date(Number.NaN), 'Not an instant'],
  ['text', undefined, 'undefined'],
])('a value that is no %s is refused before it is sent: %s', (type, value, message) => {
  expect(() => arrayValue(type, 1, () => value)).toThrow(message)
})

test('an array tells how many it holds, a single value does not', () => {
  expect(elementsOf(arrayValue('uuid', 0, () => null))).toBe(0)
  expect(elementsOf(arrayValue('bigint', 3, () => 1n))).toBe(3)
  expect(elementsOf(['a', 'b'])).toBe(2)
  expect(elementsOf(Buffer.alloc(32))).toBe(0)
})
