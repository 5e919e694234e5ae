/** That an edge follows the photo's colours where they tell, and the mask where they do not. */
import { expect, test } from 'vitest'
import { edgeChannels, edgeModel } from './edge-model.ts'
import { applyMatte } from './matte.ts'
import { type Grey, pixels } from './pixels.ts'
import { plain, red, withBlock } from './test-bench.ts'

const side = 200
const edge = 100

/** A mask that is sure on the left and on the right, and goes over from one to the other around `middle`, as wide as a mask that was enlarged. */
function softMask(middle: number, half: number): Grey {
  const row = Uint8Array.from({ length: side }, (_, x) =>
    Math.max(0, Math.min(255, Math.round((255 * (middle + half - x)) / (2 * half)))),
  )
  return { data: Buffer.concat(Array.from({ length: side }, () => row)), width: side, height: side }
}

async function alphaOfRow(frame: ReturnType<typeof plain>, mask: Grey): Promise<number[]> {
  await applyMatte(frame, mask, pixels)
  return Array.from({ length: side }, (_, x) => frame.data[(50 * side + x) * 4 + 3]!)
}

const subjectOn = (ground: number[]) =>
  withBlock(plain(side, side, [...ground, 255]), { x: 0, y: 0, width: edge, height: side }, red)

test('a soft mask becomes the hard edge of the photo', async () => {
  const alpha = await alphaOfRow(subjectOn([240, 240, 240]), softMask(edge, 3))
  expect(alpha.slice(0, edge - 1).every((value) => value > 240)).toBe(true)
  expect(alpha.slice(edge + 1).every((value) => value < 30)).toBe(true)
})

test('where subject and ground have one colour, the mask is believed', async () => {
  const mask = softMask(edge + 2, 8)
  const alpha = await alphaOfRow(subjectOn(red), mask)
  const given = Array.from(mask.data.subarray(0, side))
  const off = alpha.map((value, x) => Math.abs(value - given[x]!))
  // But for the stretch at both ends.
  expect(Math.max(...off)).toBeLessThanOrEqual(20)
})

test('nothing is doubted far from the edge', () => {
  const frame = subjectOn([240, 240, 240])
  const { data: rgb } = pixels.flatten(frame, { red: 255, green: 255, blue: 255 })
  const { near, data } = edgeModel({ rgb, alpha: softMask(edge, 8).data, width: side, height: side })
  expect(near.slice(0, 60).every((value) => value === 0)).toBe(true)
  expect(near.slice(edge - 8, edge + 8).every((value) => value === 1)).toBe(true)
  expect(data).toHaveLength(side * side * edgeChannels)
})
