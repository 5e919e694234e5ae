/** What each operation does to pixels, on frames small enough to reason about. The two that look at the subject get its mask and faces by hand; the models are tested where they run. */
import { expect, test } from 'vitest'
import { type CheckedStep, checkSteps, operations } from './catalogue.ts'
import { encode } from './encode.ts'
import type { Face } from './faces.ts'
import { failed } from './failure.ts'
import type { Bench, OperationCode, StepResult } from './operation.ts'
import { type Frame, type Grey, pixels } from './pixels.ts'

type Colour = readonly number[]

const red = [200, 20, 20]
const blue = [20, 40, 200]
const white = [255, 255, 255]
const clear = [0, 0, 0, 0]

/** A frame of one colour; three numbers make it opaque, four give it alpha. */
function plain(width: number, height: number, colour: Colour): Frame {
  const channels = colour.length as 3 | 4
  return { data: Buffer.alloc(width * height * channels, Buffer.from(colour)), width, height, channels }
}

/** `frame` with a block of another colour. */
function withBlock(
  frame: Frame,
  block: { x: number; y: number; width: number; height: number },
  colour: Colour,
) {
  const { channels } = frame
  const full = [...colour, 255].slice(0, channels)
  for (let y = block.y; y < block.y + block.height; y++) {
    for (let x = block.x; x < block.x + block.width; x++)
      frame.data.set(full, (y * frame.width + x) * channels)
  }
  return frame
}

function at(frame: Frame, x: number, y: number): number[] {
  const from = (y * frame.width + x) * frame.channels
  return [...frame.data.subarray(from, from + frame.channels)]
}

type Scene = { mask?: Grey; faces?: Face[]; assets?: Record<string, Frame>; cutOut?: boolean }

function benchOf(frame: Frame, scene: Scene = {}): Bench & { held: string[] } {
  const held: string[] = []
  const { width, height } = frame
  return {
    frame,
    placement: { x: 0, y: 0, width, height },
    cutOut: scene.cutOut ?? false,
    source: { width, height, format: 'png', hasAlpha: frame.channels === 4, metadata: [] },
    pixels,
    encoding: undefined,
    keep: undefined,
    mask: async () => (scene.mask ? { ...scene.mask, reused: true } : failed('models_missing', 'No mask.')),
    faces: async () => ({ ok: true, faces: scene.faces ?? [], reused: true }),
    asset: async (name) => {
      const found = scene.assets?.[name]
      return found ? { ok: true, frame: found } : failed('asset_missing', 'No such image.')
    },
    hold: (reason) => held.push(reason),
    held,
  }
}

async function apply(bench: Bench, operation: OperationCode, settings: Record<string, unknown> = {}) {
  const checked = checkSteps([{ operation, settings }])
  if (!checked.ok) throw new Error(checked.detail)
  const step: CheckedStep = checked.steps[0]!
  return operations[step.operation].apply(bench, step.settings)
}

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

/** A disc in the middle of a mask, as the model would give it. */
function discMask(side: number, centre: { x: number; y: number }, radius: number): Grey {
  const data = Buffer.alloc(side * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      data[y * side + x] = Math.max(
        0,
        Math.min(255, (radius - Math.hypot(x - centre.x, y - centre.y) + 0.5) * 255),
      )
  return { data, width: side, height: side }
}

test('remove_background takes the mask as alpha and erases what it hides', async () => {
  const bench = benchOf(plain(200, 200, blue), { mask: discMask(100, { x: 50, y: 50 }, 25) })
  const result = await apply(bench, 'remove_background')
  expect(result).toMatchObject({ ok: true, method: 'model', maskReused: true })
  expect(at(bench.frame, 100, 100)).toEqual([...blue, 255])
  expect(at(bench.frame, 10, 10)).toEqual(clear)
  expect(bench.held).toEqual([])
  const nothing = benchOf(plain(50, 50, blue), { mask: { data: Buffer.alloc(100), width: 10, height: 10 } })
  expect(await apply(nothing, 'remove_background')).toMatchObject({ ok: false, failure: 'no_subject' })
  const fog = benchOf(plain(50, 50, blue), {
    mask: { data: Buffer.alloc(10_000, 140), width: 100, height: 100 },
  })
  await apply(fog, 'remove_background')
  expect(fog.held).toEqual(['low_confidence'])
})

type Found = Extract<StepResult, { ok: true }>

async function crop(
  settings: Record<string, unknown>,
  scene: Scene,
  frame = plain(400, 300, blue),
): Promise<Found> {
  const result = await apply(benchOf(frame, scene), 'smart_crop', settings)
  if (!result.ok) throw new Error(result.message)
  return result
}

/** Two discs of different size, far apart, as of one photo stretched to the square. */
const pair: Grey = (() => {
  const large = discMask(200, { x: 40, y: 100 }, 26)
  const small = discMask(200, { x: 170, y: 100 }, 16)
  return { ...large, data: Buffer.from(large.data.map((value, i) => Math.max(value, small.data[i]!))) }
})()

test('smart_crop fits all subjects, or the main one', async () => {
  const all = await crop({ aspect: '2:1', mode: 'subject', margin: 0.05 }, { mask: pair })
  const main = await crop({ aspect: '1:1', mode: 'subject', margin: 0.05, subjects: 'main' }, { mask: pair })
  expect(all.subjectBox!.width).toBeGreaterThan(330)
  expect(main.subjectBox!.width).toBeLessThan(115)
  expect(main.box!.x + main.box!.width).toBeLessThan(200)
})

test('headroom is what was asked for, above the subject and above a head', async () => {
  const mask = discMask(200, { x: 100, y: 120 }, 30)
  const without = await crop({ aspect: '1:1', mode: 'pad', margin: 0.1, headroom: 0.3 }, { mask })
  expect((without.subjectBox!.y - without.box!.y) / without.box!.height).toBeCloseTo(0.3, 1)
  const face: Face = {
    box: { x: 180, y: 150, width: 40, height: 40 },
    probability: 1,
    keypoints: [
      { x: 192, y: 164 },
      { x: 208, y: 164 },
      { x: 200, y: 172 },
      { x: 200, y: 180 },
    ],
  }
  const headed = await crop(
    { aspect: '1:1', mode: 'subject', margin: 0, headroom: 0.3 },
    { mask, faces: [face] },
  )
  // The outline begins at 135 of 300, the eyes are at 164: the crown is at 135.
  expect((135 - headed.box!.y) / headed.box!.height).toBeCloseTo(0.3, 1)
})

test('a head crop has its head at the height asked for and its eyes on their line', async () => {
  const face: Face = {
    box: { x: 180, y: 130, width: 40, height: 44 },
    probability: 1,
    keypoints: [
      { x: 192, y: 144 },
      { x: 208, y: 144 },
      { x: 200, y: 152 },
      { x: 200, y: 160 },
    ],
  }
  // Crown at 117, chin at 168: 51 pixels of head.
  const head = discMask(200, { x: 100, y: 100 }, 22)
  const found = await crop(
    { width: 100, height: 100, mode: 'head', head_height: 0.5, eye_line: 0.4 },
    { mask: head, faces: [face] },
  )
  expect(found.method).toBe('head')
  expect(found.box!.height).toBeGreaterThan(96)
  expect(found.box!.height).toBeLessThan(108)
  expect((144 - found.box!.y) / found.box!.height).toBeCloseTo(0.4, 1)
  expect(found.box!.x + found.box!.width / 2).toBeCloseTo(200, -1)
})

test('alignment puts the subject where it was asked to be', async () => {
  const mask = discMask(200, { x: 100, y: 100 }, 20)
  const share = async (align: string) => {
    const { box, subjectBox } = await crop({ aspect: '4:1', mode: 'pad', margin: 0.1, align }, { mask })
    return (subjectBox!.x - box!.x) / (box!.width - subjectBox!.width)
  }
  expect(await share('left')).toBeLessThan(0.2)
  expect(await share('centre')).toBeCloseTo(0.5, 1)
  expect(await share('right')).toBeGreaterThan(0.8)
})

test('a box that came back is taken again, in pixels or in shares of the photo, also after other steps', async () => {
  const mask = discMask(200, { x: 60, y: 100 }, 30)
  const first = await crop({ aspect: '1:1' }, { mask })
  const again = await crop({ aspect: '1:1', photo_box: first.photoBox }, {})
  expect(again).toMatchObject({ method: 'person', box: first.box })
  const bench = benchOf(plain(400, 300, blue))
  await apply(bench, 'resize', { width: 200 })
  const half = (await apply(bench, 'smart_crop', { photo_box: first.photoBox })) as Found
  expect(half.box!.x).toBeCloseTo(first.box!.x / 2, -0.5)
  expect(half.box!.width).toBeCloseTo(first.box!.width / 2, -0.5)
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
    const free = await encode(frame, { format, background: '#ffffff' }, undefined)
    whole[format] = free.ok ? free.file.length : 0
    const maxBytes = Math.round(whole[format]! * 0.7)
    const made = await encode(frame, { format, maxBytes, background: '#ffffff' }, undefined)
    if (!made.ok) throw new Error(made.message)
    expect(made.file.length, format).toBeLessThanOrEqual(maxBytes)
    expect(made.file.length, format).toBeGreaterThan(maxBytes * 0.4)
  }
})
