import { expect, test } from 'vitest'
import { costPerImage, priceListOf, readMix, writeMix } from './prices.ts'

const price = (operation: string, unit_price: string) => ({
  operation,
  name: operation,
  unit_price,
  overage_unit_price: unit_price,
  credits_buy: null,
})
const starter = priceListOf([
  price('smart_crop', '0.2'),
  price('remove_background', '0.5'),
  price('convert', '0'),
])

test('a mix survives the address of the page', () => {
  const check = (text: string | undefined, mix: [string, number][]) =>
    expect([...readMix(text, starter)]).toEqual(mix)
  check('smart_crop:100,remove_background:3', [
    ['smart_crop', 100],
    ['remove_background', 3],
  ])
  check(undefined, [])
  check('unheard_of:5,smart_crop:-1,remove_background:1e9', [])
  check('smart_crop:9999999999', [['smart_crop', 1_000_000_000]])
  expect(writeMix(readMix('smart_crop:100,remove_background:0', starter))).toBe('smart_crop:100')
  expect(writeMix(new Map())).toBeUndefined()
})

test('a photo costs the sum of its steps', () => {
  const check = (operations: string[], cost: bigint | null) =>
    expect(costPerImage({ steps: operations.map((operation) => ({ operation })) }, starter)).toBe(cost)
  check(['remove_background', 'smart_crop', 'convert'], 700_000n)
  check(['smart_crop', 'smart_crop'], 400_000n)
  check(['convert'], 0n)
  check(['upscale'], null)
})
