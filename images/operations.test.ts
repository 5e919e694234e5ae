/** What each operation does to pixels, on frames small enough to reason about. */
import { expect, test } from 'vitest'
import { encode } from './encode.ts'
import type { OperationCode } from './operation.ts'
import type { Frame } from './pixels.ts'
import {
  apply,
  at,
  benchOf,
  blue,
  type Colour,
  clear,
  plain,
  red,
  type Scene,
  white,
  withBlock,
} from './test-bench.ts'

type Case = {
  about: string
  frame: () => Frame
  operation: OperationCode
  settings?: Record<string, unknown>
  scene?: Scene
  /** The size that comes out, and pixels in it: x, y, colour. */
  size: [number, number]
  pixels: [number, number, Colour][]
}

const marked = () => withBlock(plain(40, 20, white), { x: 0, y: 0, width: 10, height: 5 }, red)
const island = () => withBlock(plain(60, 40, clear), { x: 20, y: 10, width: 10, height: 10 }, red)

const table: Case[] = [
  {
    about: 'pad: a margin on each side, in the colour',
    frame: () => plain(40, 20, red),
    operation: 'pad',
    settings: { margin: 0.25, colour: '#1428c8' },
    size: [60, 40],
    pixels: [
      [0, 0, blue],
      [9, 20, blue],
      [10, 10, red],
      [49, 29, red],
      [50, 30, blue],
    ],
  },
  {
    about: 'pad: up to an aspect, aligned',
    frame: () => plain(40, 20, red),
    operation: 'pad',
    settings: { aspect: '1:1', align: 'bottom' },
    size: [40, 40],
    pixels: [
      [20, 19, white],
      [20, 20, red],
    ],
  },
  {
    about: 'pad: transparent around a cut-out',
    frame: island,
    operation: 'pad',
    settings: { width: 80, height: 80 },
    size: [80, 80],
    pixels: [
      [0, 0, clear],
      [30, 30, [...red, 255]],
    ],
  },
  {
    about: 'trim: what is transparent goes, the margin stays',
    frame: island,
    operation: 'trim',
    settings: { margin: 0.2 },
    size: [14, 14],
    pixels: [
      [1, 1, clear],
      [2, 2, [...red, 255]],
      [11, 11, [...red, 255]],
    ],
  },
  {
    about: 'trim: a border of nearly one colour goes',
    frame: () => withBlock(plain(30, 30, [250, 250, 250]), { x: 10, y: 12, width: 5, height: 6 }, blue),
    operation: 'trim',
    size: [5, 6],
    pixels: [[0, 0, blue]],
  },
  {
    about: 'rotate: a quarter turn is clockwise and exact',
    frame: marked,
    operation: 'rotate',
    settings: { angle: 90 },
    size: [20, 40],
    pixels: [
      [19, 0, red],
      [15, 9, red],
      [14, 0, white],
      [0, 0, white],
    ],
  },
  {
    about: 'rotate: mirrored, then turned upside down',
    frame: marked,
    operation: 'rotate',
    settings: { mirror: 'left_right', angle: 180 },
    size: [40, 20],
    pixels: [
      [0, 19, red],
      [9, 15, red],
      [0, 0, white],
    ],
  },
  {
    about: 'rotate: corners of a slanted cut-out are transparent',
    frame: () => plain(40, 40, [...red, 255]),
    operation: 'rotate',
    settings: { angle: 45 },
    size: [57, 57],
    pixels: [
      [0, 0, clear],
      [28, 28, [...red, 255]],
    ],
  },
  {
    about: 'background: one colour behind what is transparent',
    frame: island,
    operation: 'background',
    settings: { colour: '#1428c8' },
    size: [60, 40],
    pixels: [
      [0, 0, blue],
      [25, 15, red],
    ],
  },
  {
    about: 'background: a gradient runs from top to bottom',
    frame: island,
    operation: 'background',
    settings: { fill: 'gradient', colour: '#000000', colour_to: '#ffffff' },
    size: [60, 40],
    pixels: [
      [0, 0, [3, 3, 3]],
      [59, 39, [252, 252, 252]],
      [25, 15, red],
    ],
  },
  {
    about: 'background: an image covers the frame',
    frame: island,
    operation: 'background',
    settings: { fill: 'image', image: 'beach' },
    scene: { assets: { beach: plain(300, 100, blue) } },
    size: [60, 40],
    pixels: [
      [0, 0, blue],
      [59, 39, blue],
      [25, 15, red],
    ],
  },
  {
    about: 'watermark: a logo in its corner, at its size, mixed by its opacity',
    frame: () => plain(100, 50, white),
    operation: 'watermark',
    settings: { image: 'logo', size: 0.2, margin: 0.1, opacity: 0.5, align: 'bottom_right' },
    scene: { assets: { logo: plain(10, 10, [0, 0, 0, 255]) } },
    size: [100, 50],
    pixels: [
      [85, 35, [128, 128, 128]],
      [94, 44, [128, 128, 128]],
      [96, 46, white],
      [74, 24, white],
    ],
  },
  {
    about: 'watermark: tiled, it is in every quarter',
    frame: () => plain(100, 100, white),
    operation: 'watermark',
    settings: { image: 'logo', size: 0.1, margin: 0, opacity: 1, tile: true },
    scene: { assets: { logo: plain(10, 10, [0, 0, 0, 255]) } },
    size: [100, 100],
    pixels: [
      [5, 5, [0, 0, 0]],
      [20, 20, white],
      [5, 65, [0, 0, 0]],
    ],
  },
  {
    about: 'resize: covering, the middle stays',
    frame: () => withBlock(plain(80, 40, white), { x: 20, y: 0, width: 40, height: 40 }, red),
    operation: 'resize',
    settings: { width: 20, height: 20, fit: 'cover' },
    size: [20, 20],
    pixels: [
      [1, 10, red],
      [18, 10, red],
    ],
  },
  {
    about: 'resize: a smaller picture is not made larger unless asked',
    frame: () => plain(30, 20, red),
    operation: 'resize',
    settings: { long_side: 300 },
    size: [30, 20],
    pixels: [[0, 0, red]],
  },
]

test.each(table)('$about', async ({ frame, operation, settings, scene, size, pixels: wanted }) => {
  const bench = benchOf(frame(), scene)
  expect(await apply(bench, operation, settings)).toMatchObject({ ok: true })
  expect([bench.frame.width, bench.frame.height]).toEqual(size)
  for (const [x, y, colour] of wanted) {
    const found = at(bench.frame, x, y)
    expect(found.length, `channels at ${x}, ${y}`).toBe(colour.length)
    const off = Math.max(...found.map((value, c) => Math.abs(value - colour[c]!)))
    expect(off, `at ${x}, ${y}: ${found} for ${colour}`).toBeLessThanOrEqual(4)
  }
})

test('sharpen steepens an edge, the stronger the more, and leaves a plain surface alone', async () => {
  const soft = (): Frame => {
    const frame = plain(60, 20, [0, 0, 0])
    for (let x = 0; x < 60; x++) {
      const value = Math.round(Math.max(60, Math.min(190, 60 + (x - 27) * 65)))
      for (let y = 0; y < 20; y++) frame.data.fill(value, (y * 60 + x) * 3, (y * 60 + x) * 3 + 3)
    }
    return frame
  }
  const overshoot = async (amount: string) => {
    const bench = benchOf(soft())
    await apply(bench, 'sharpen', { amount })
    expect(at(bench.frame, 4, 10)).toEqual([60, 60, 60])
    expect(at(bench.frame, 55, 10)).toEqual([190, 190, 190])
    const row = Array.from({ length: 60 }, (_, x) => at(bench.frame, x, 10)[0]!)
    return Math.max(...row) - Math.min(...row) - 130
  }
  const found = [await overshoot('light'), await overshoot('normal'), await overshoot('strong')]
  expect(found[0]).toBeGreaterThan(0)
  expect(found[1]).toBeGreaterThan(found[0]!)
  expect(found[2]).toBeGreaterThan(found[1]!)
})

test('a soft shadow lies below the subject, fades out, and nowhere over it', async () => {
  const bench = benchOf(withBlock(plain(200, 200, clear), { x: 60, y: 60, width: 80, height: 80 }, red))
  await apply(bench, 'background', { colour: '#ffffff', shadow: 'soft' })
  const grey = (x: number, y: number) => at(bench.frame, x, y)[0]!
  expect(at(bench.frame, 100, 100)).toEqual(red)
  expect(grey(100, 142)).toBeLessThan(215)
  expect(grey(100, 142)).toBeLessThan(grey(100, 57))
  expect(grey(100, 148)).toBeGreaterThan(grey(100, 142))
  expect(grey(5, 5)).toBe(255)
})

test('text is written in its colour, inside its margin', async () => {
  const bench = benchOf(plain(300, 100, white))
  await apply(bench, 'watermark', {
    text: 'Sample & Co <1>',
    colour: '#c81414',
    opacity: 1,
    size: 0.5,
    align: 'top_left',
    margin: 0.1,
  })
  let left = 300
  let right = 0
  for (let x = 0; x < 300; x++)
    for (let y = 0; y < 100; y++)
      if (at(bench.frame, x, y)[1]! < 100) [left, right] = [Math.min(left, x), Math.max(right, x)]
  expect(left).toBeGreaterThanOrEqual(10)
  expect(left).toBeLessThan(20)
  expect(right).toBeGreaterThan(140)
  expect(right).toBeLessThan(170)
})

test('a file size is met by every lossy format and by PNG with fewer colours', async () => {
  const frame = plain(200, 200, white)
  let state = 7
  for (let i = 0; i < frame.data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    frame.data[i] = 128 + ((state >>> 26) % 40) + ((i / 600) & 31)
  }
  const whole: Record<string, number> = {}
  for (const format of ['jpeg', 'webp', 'avif', 'png'] as const) {
    const free = await encode(frame, { format, background: '#ffffff' })
    whole[format] = free.ok ? free.file.length : 0
    const maxBytes = Math.round(whole[format]! * 0.7)
    const made = await encode(frame, { format, maxBytes, background: '#ffffff' })
    if (!made.ok) throw new Error(made.message)
    expect(made.file.length, format).toBeLessThanOrEqual(maxBytes)
    expect(made.file.length, format).toBeGreaterThan(maxBytes * 0.4)
  }
})
