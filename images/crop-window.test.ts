import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CropRequest, chooseWindow } from './crop-window.ts'
import type { Face } from './faces.ts'
import { type Box, type Size, shareWithin } from './geometry.ts'
import { withoutSpecks } from './subject.ts'

const uncut = { left: false, right: false, top: false, bottom: false }

/** A frame whose subject is one full box, measured as a photo's would be. */
function request(
  frame: Size,
  box: Box | undefined,
  more: Partial<CropRequest> & { faces?: Box[]; cut?: Partial<typeof uncut> } = {},
): CropRequest {
  const scale = 128 / Math.max(frame.width, frame.height)
  const size = {
    width: Math.max(1, Math.round(frame.width * scale)),
    height: Math.max(1, Math.round(frame.height * scale)),
  }
  const data = Buffer.alloc(size.width * size.height)
  if (box) {
    for (let y = Math.floor(box.y * scale); y < Math.min(size.height, (box.y + box.height) * scale); y++) {
      for (let x = Math.floor(box.x * scale); x < Math.min(size.width, (box.x + box.width) * scale); x++)
        data[y * size.width + x] = 255
    }
  }
  const faces: Face[] = (more.faces ?? []).map((face) => ({ box: face, probability: 1, keypoints: [] }))
  return {
    frame,
    subject: { map: { data, ...size }, box, cut: { ...uncut, ...more.cut }, faces },
    ratio: more.ratio ?? 1,
    mode: more.mode ?? 'fill',
    margin: more.margin ?? 0.06,
    align: more.align ?? 'centre',
  }
}

const anyFrame = fc.record({
  width: fc.integer({ min: 64, max: 4000 }),
  height: fc.integer({ min: 64, max: 4000 }),
})
const anyBoxIn = (frame: Size) =>
  fc
    .record({
      x: fc.double({ min: 0, max: 0.9, noNaN: true }),
      y: fc.double({ min: 0, max: 0.9, noNaN: true }),
      w: fc.double({ min: 0.05, max: 1, noNaN: true }),
      h: fc.double({ min: 0.05, max: 1, noNaN: true }),
    })
    .map(({ x, y, w, h }) => ({
      x: x * frame.width,
      y: y * frame.height,
      width: Math.min(w, 1 - x) * frame.width,
      height: Math.min(h, 1 - y) * frame.height,
    }))
const anyScene = anyFrame.chain((frame) =>
  fc.record({ frame: fc.constant(frame), box: anyBoxIn(frame), face: anyBoxIn(frame) }),
)
const anyRatio = fc.constantFrom(1, 4 / 5, 9 / 16, 16 / 9, 3)
const anyCut = fc.record({ left: fc.boolean(), right: fc.boolean(), top: fc.boolean(), bottom: fc.boolean() })

test('every window has the aspect asked for, and stays in the frame unless it pads', () => {
  fc.assert(
    fc.property(
      anyScene,
      anyRatio,
      fc.constantFrom('fill', 'subject', 'head', 'pad'),
      anyCut,
      (scene, ratio, mode, cut) => {
        const { box } = chooseWindow(
          request(scene.frame, scene.box, { ratio, mode, cut, faces: [scene.face] }),
        )
        expect(box.width / box.height).toBeCloseTo(ratio, 6)
        if (mode === 'pad') return
        expect(box.x).toBeGreaterThanOrEqual(-1e-6)
        expect(box.y).toBeGreaterThanOrEqual(-1e-6)
        expect(box.x + box.width).toBeLessThanOrEqual(scene.frame.width + 1e-6)
        expect(box.y + box.height).toBeLessThanOrEqual(scene.frame.height + 1e-6)
      },
    ),
  )
})

test('padding shows the whole subject with its margin, when the photo does not cut it', () => {
  fc.assert(
    fc.property(anyScene, anyRatio, fc.constantFrom(0, 0.06, 0.2), (scene, ratio, margin) => {
      const { box } = chooseWindow(request(scene.frame, scene.box, { ratio, margin, mode: 'pad' }))
      expect(shareWithin(scene.box, box)).toBeCloseTo(1, 6)
      const rooms = [scene.box.x - box.x, box.x + box.width - scene.box.x - scene.box.width]
      const heights = [scene.box.y - box.y, box.y + box.height - scene.box.y - scene.box.height]
      for (const room of rooms) expect(room).toBeGreaterThanOrEqual(margin * box.width - 1e-6)
      for (const room of heights) expect(room).toBeGreaterThanOrEqual(margin * box.height - 1e-6)
      // One side is as tight as the margin allows: the subject is as large as it may be.
      const tight = Math.min(
        rooms[0]! - margin * box.width,
        rooms[1]! - margin * box.width,
        heights[0]! - margin * box.height,
        heights[1]! - margin * box.height,
      )
      expect(tight).toBeLessThan(Math.max(box.width, box.height) * 0.001 + 1e-6)
    }),
  )
})

test('a face that fits the window stays whole', () => {
  fc.assert(
    fc.property(anyScene, anyRatio, ({ frame, box, face }, ratio) => {
      const small = { ...face, width: face.width / 4, height: face.height / 4 }
      const { box: window } = chooseWindow(request(frame, box, { ratio, faces: [small] }))
      if (small.width * 1.6 <= window.width && small.height * 1.6 <= window.height)
        expect(shareWithin(small, window)).toBeGreaterThan(0.99)
    }),
  )
})

test('where three faces do not fit, two stay whole and none is cut', () => {
  const faces = [100, 500, 900].map((x) => ({ x, y: 200, width: 150, height: 150 }))
  const crowd = { x: 50, y: 150, width: 1050, height: 650 }
  const { box } = chooseWindow(request({ width: 1200, height: 800 }, crowd, { ratio: 4 / 5, faces }))
  const shares = faces.map((face) => shareWithin(face, box)).sort()
  expect(shares[0]).toBeLessThan(0.02)
  expect(shares.slice(1).every((share) => share > 0.99)).toBe(true)
})

const seats: { about: string; cut: Partial<typeof uncut>; expected: (box: Box) => [number, number] }[] = [
  {
    about: 'a bust cut below sits on the lower edge',
    cut: { bottom: true },
    expected: (box) => [box.y + box.height, 800],
  },
  {
    about: 'cut on the right, it leans on the right edge',
    cut: { right: true },
    expected: (box) => [box.x + box.width, 700],
  },
  {
    about: 'cut left and right, it spans the frame',
    cut: { left: true, right: true },
    expected: (box) => [box.width, 400],
  },
]

test.each(seats)('$about', ({ cut, expected }) => {
  const { box } = chooseWindow(
    request({ width: 1000, height: 1000 }, { x: 300, y: 500, width: 400, height: 300 }, { mode: 'pad', cut }),
  )
  const [found, wanted] = expected(box)
  expect(found).toBeCloseTo(wanted, 6)
})

test('alignment moves the subject within the room that is left', () => {
  const at = (align: CropRequest['align']) =>
    chooseWindow(
      request(
        { width: 1000, height: 1000 },
        { x: 400, y: 200, width: 100, height: 400 },
        { mode: 'pad', align },
      ),
    ).box
  expect(at('left').x).toBeGreaterThan(at('centre').x)
  expect(at('right').x).toBeLessThan(at('centre').x)
  expect(at('left').y).toBeCloseTo(at('centre').y)
})

test('specks are no part of the subject', () => {
  const data = Buffer.alloc(100 * 100)
  for (let y = 20; y < 60; y++) data.fill(255, y * 100 + 30, y * 100 + 70)
  data[9 * 100 + 95] = 255
  expect(withoutSpecks({ data, width: 100, height: 100 }).box).toEqual({
    x: 30,
    y: 20,
    width: 40,
    height: 40,
  })
})
