/** The two operations that look at the subject, with its mask and faces by hand; the models are tested where they run. */
import { expect, test } from 'vitest'
import type { Face } from './faces.ts'
import type { StepResult } from './operation.ts'
import type { Grey } from './pixels.ts'
import { apply, at, benchOf, blue, clear, discMask, plain, type Scene, withBlock } from './test-bench.ts'

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

test('a head crop of a photo without a face waits for a person', async () => {
  const scene = { mask: discMask(100, { x: 50, y: 50 }, 25) }
  const without = benchOf(plain(200, 200, blue), scene)
  expect(await apply(without, 'smart_crop', { mode: 'head' })).toMatchObject({ ok: true, method: 'subject' })
  expect(without.held).toEqual(['no_face'])
  const plainCrop = benchOf(plain(200, 200, blue), scene)
  await apply(plainCrop, 'smart_crop', { mode: 'subject' })
  expect(plainCrop.held).toEqual([])
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

test('a cut-out that does not fit the aspect gets room instead of a cut, a photo the largest window', async () => {
  const wide = withBlock(plain(400, 300, clear), { x: 20, y: 120, width: 360, height: 60 }, [200, 20, 20])
  const of = async (cutOut: boolean) =>
    crop(
      { aspect: '4:5', mode: 'subject', margin: 0.05 },
      { mask: discMask(200, { x: 100, y: 100 }, 90), cutOut },
      cutOut ? wide : plain(400, 300, blue),
    )
  const roomy = await of(true)
  expect(roomy).toMatchObject({ method: 'pad' })
  expect(roomy.box!.width).toBeGreaterThan(390)
  expect((await of(false)).box!.height).toBe(300)
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
  const bench = benchOf(plain(400, 300, blue), { mask: head, faces: [face] })
  const settings = { width: 100, height: 100, mode: 'head', head_height: 0.5, eye_line: 0.4 }
  const found = (await apply(bench, 'smart_crop', settings)) as Found
  expect(bench.held).toEqual([])
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

test.each([
  // Of a photo of 400 × 300: the box in shares, what is asked for, the window in pixels and the size of the output.
  {
    about: 'a box of the shape',
    box: [0.1, 0.1, 0.6, 0.8],
    asked: { aspect: '1:1' },
    window: [40, 30, 240, 240],
    size: [240, 240],
  },
  {
    about: 'a wide box for a square: higher, around its middle',
    box: [0.25, 0.5, 0.5, 0.2],
    asked: { width: 50, height: 50 },
    window: [100, 80, 200, 200],
    size: [50, 50],
  },
  {
    about: 'a square that would reach beyond the lower edge moves up',
    box: [0.25, 0.8, 0.5, 0.2],
    asked: { aspect: '1:1' },
    window: [100, 100, 200, 200],
    size: [200, 200],
  },
  {
    about: 'a box too wide for any square: the largest in its middle',
    box: [0, 0.25, 1, 0.5],
    asked: { aspect: '1:1' },
    window: [50, 0, 300, 300],
    size: [300, 300],
  },
  {
    about: 'no shape asked for: that of the box',
    box: [0, 0, 1, 0.5],
    asked: {},
    window: [0, 0, 400, 150],
    size: [400, 150],
  },
])('a box is never stretched to the shape asked for: $about', async ({ box, asked, window, size }) => {
  const [x, y, width, height] = box
  const bench = benchOf(plain(400, 300, blue))
  const cut = (await apply(bench, 'smart_crop', { ...asked, photo_box: { x, y, width, height } })) as Found
  expect([cut.box!.x, cut.box!.y, cut.box!.width, cut.box!.height]).toEqual(window)
  expect([bench.frame.width, bench.frame.height]).toEqual(size)
  expect(cut.box!.width / cut.box!.height).toBeCloseTo(size[0]! / size[1]!, 2)
})

test('around a cut-out the window of another shape reaches beyond, with the box in its middle', async () => {
  const bench = benchOf(withBlock(plain(400, 300, clear), { x: 0, y: 100, width: 400, height: 50 }, blue), {
    cutOut: true,
  })
  const box = { x: 0, y: 100, width: 400, height: 50 }
  const cut = (await apply(bench, 'smart_crop', { aspect: '1:1', box })) as Found
  expect(cut.box).toEqual({ x: 0, y: -75, width: 400, height: 400 })
  expect(at(bench.frame, 200, 10)).toEqual(clear)
  expect(at(bench.frame, 200, 200)).toEqual([...blue, 255])
})
