/** What is done to a mask before anybody uses it: the plain ground's own evidence, and the joining of two looks. */
import { expect, test } from 'vitest'
import type { Face } from './faces.ts'
import { type Inference, photoFacts } from './photo-facts.ts'
import type { Frame, Grey } from './pixels.ts'
import { withPlainGround } from './plain-ground.ts'
import { comeCloser, joinLooks, stepBack } from './second-look.ts'
import { confidenceOf } from './subject.ts'

const side = 128

type Block = { x: number; y: number; width: number; height: number; value: number[] }

/** A square of one colour with blocks on it. */
function painted(ground: number[], blocks: Block[]): Buffer {
  const channels = ground.length
  const data = Buffer.alloc(side * side * channels, Buffer.from(ground))
  for (const { x, y, width, height, value } of blocks) {
    for (let row = y; row < y + height; row++)
      data.fill(Buffer.from(value), (row * side + x) * channels, (row * side + x + width) * channels)
  }
  return data
}

const rgb = (ground: number[], blocks: Block[]): Frame => ({
  data: painted(ground, blocks),
  width: side,
  height: side,
  channels: 3,
})
const grey = (blocks: Block[]): Grey => ({ data: painted([0], blocks), width: side, height: side })
const at = (mask: Grey, x: number, y: number) => mask.data[y * side + x]!

const tablet = { x: 20, y: 20, width: 40, height: 50, value: [20, 30, 40] }
const other = { x: 75, y: 60, width: 30, height: 40, value: [40, 40, 40] }
const seen = { ...tablet, value: [255] }

const grounds: { about: string; picture: Frame; second: number; shadow?: number }[] = [
  {
    about: 'the second thing on white is subject too',
    picture: rgb([255, 255, 255], [tablet, other]),
    second: 255,
  },
  {
    about: 'and on blue',
    picture: rgb([30, 90, 200], [tablet, { ...other, value: [220, 60, 40] }]),
    second: 255,
  },
  {
    about: 'a shadow of the same hue is not',
    picture: rgb([240, 240, 235], [tablet, { ...other, value: [180, 180, 176] }]),
    second: 0,
  },
  {
    about: 'dirt is not',
    picture: rgb([255, 255, 255], [tablet, { ...other, width: 3, height: 3 }]),
    second: 0,
  },
  {
    about: 'a ground of two colours says nothing',
    picture: rgb(
      [255, 255, 255],
      [{ x: 0, y: 0, width: side, height: 64, value: [120, 160, 90] }, tablet, other],
    ),
    second: 0,
  },
]

test.each(grounds)('$about', ({ picture, second }) => {
  const mended = withPlainGround(grey([seen]), picture)
  expect(at(mended, 40, 40)).toBe(255)
  expect(at(mended, 76, 61)).toBe(second)
  expect(at(mended, 120, 120)).toBe(0)
})

test('a step back and closer again is where it was', async () => {
  const picture = rgb([128, 128, 128], [tablet])
  const back = await stepBack(picture)
  const mask = grey([])
  for (let i = 0; i < mask.data.length; i++) mask.data[i] = back.data[i * 3]! < 70 ? 255 : 0
  const closer = await comeCloser(mask)
  expect(at(closer, 40, 45)).toBeGreaterThan(200)
  expect(at(closer, 24, 24)).toBeGreaterThan(128)
  expect(at(closer, 14, 14)).toBeLessThan(60)
})

test('of two looks the surer one is believed where they dispute a patch, and agreement says how much that was', () => {
  const fog = grey([seen, { x: 20, y: 70, width: 40, height: 40, value: [90] }])
  const whole = grey([{ x: 20, y: 20, width: 40, height: 90, value: [255] }])
  const joined = joinLooks(fog, whole)
  expect(at(joined, 40, 90)).toBeGreaterThan(240)
  expect(at(joined, 40, 40)).toBe(255)
  expect(joined.agreement).toBeLessThan(0.7)
  const kept = joinLooks(whole, fog)
  expect(kept.agreement).toBe(1)
  expect(kept.data.equals(whole.data)).toBe(true)
})

test('a second look that sees nothing but subject is not believed', () => {
  const fog = grey([seen, { x: 20, y: 70, width: 40, height: 40, value: [90] }])
  const all = grey([{ x: 0, y: 0, width: side, height: side, value: [255] }])
  expect(joinLooks(fog, all).data.equals(fog.data)).toBe(true)
})

test('a sure mask is looked at once, an unsure one twice', async () => {
  const looks = async (masks: Buffer[]) => {
    let asked = 0
    const inference: Inference = {
      mask: async () => ({ ok: true, mask: masks[asked++]! }),
      faces: async () => ({ ok: true, faces: [] as Face[][] }),
    }
    const photo = rgb([90, 120, 60], [{ x: 0, y: 0, width: side, height: 30, value: [200, 20, 90] }, tablet])
    const facts = await photoFacts(photo, {
      inputSize: side,
      looks: 2,
      wantsFaces: false,
      maskFile: undefined,
      facesFile: undefined,
      inference,
    })
    const mask = await facts.mask()
    if ('ok' in mask) throw new Error(mask.message)
    return { asked, agreement: mask.agreement }
  }
  const sure = grey([seen]).data
  const fog = grey([{ ...seen, value: [130] }]).data
  expect(await looks([sure])).toEqual({ asked: 1, agreement: 1 })
  expect((await looks([fog, fog])).asked).toBe(2)
})

test('fog in one patch makes a mask unsure, as much of it in tufts does not', () => {
  const across = 512
  const mask = (patches: { x: number; y: number; width: number; height: number }[]): Grey => {
    const data = Buffer.alloc(across * across)
    const fill = (box: { x: number; y: number; width: number; height: number }, value: number) => {
      for (let y = box.y; y < box.y + box.height; y++)
        data.fill(value, y * across + box.x, y * across + box.x + box.width)
    }
    fill({ x: 100, y: 100, width: 300, height: 300 }, 255)
    for (const patch of patches) fill(patch, 128)
    return { data, width: across, height: across }
  }
  const tufts = Array.from({ length: 18 }, (_, i) => ({
    x: 100 + (i % 9) * 33,
    y: i < 9 ? 60 : 410,
    width: 20,
    height: 20,
  }))
  expect(confidenceOf(mask([{ x: 405, y: 150, width: 80, height: 90 }]))).toBeLessThan(0.85)
  expect(confidenceOf(mask(tufts))).toBeGreaterThan(0.9)
  expect(confidenceOf(mask([]))).toBe(1)
})
