/** A bench of an operation for tests: a frame made by hand, with a mask and faces made by hand. */
import { type CheckedStep, checkSteps, operations } from './catalogue.ts'
import type { Face } from './faces.ts'
import { failed } from './failure.ts'
import type { Bench, OperationCode } from './operation.ts'
import { type Frame, type Grey, pixels } from './pixels.ts'

export type Colour = readonly number[]

export const red = [200, 20, 20]
export const blue = [20, 40, 200]
export const white = [255, 255, 255]
export const clear = [0, 0, 0, 0]

/** A frame of one colour; three numbers make it opaque, four give it alpha. */
export function plain(width: number, height: number, colour: Colour): Frame {
  const channels = colour.length as 3 | 4
  return { data: Buffer.alloc(width * height * channels, Buffer.from(colour)), width, height, channels }
}

/** `frame` with a block of another colour. */
export function withBlock(
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

export function at(frame: Frame, x: number, y: number): number[] {
  const from = (y * frame.width + x) * frame.channels
  return [...frame.data.subarray(from, from + frame.channels)]
}

export type Scene = { mask?: Grey; faces?: Face[]; assets?: Record<string, Frame>; cutOut?: boolean }

export function benchOf(frame: Frame, scene: Scene = {}): Bench & { held: string[] } {
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
    mask: async () =>
      scene.mask ? { ...scene.mask, agreement: 1, reused: true } : failed('models_missing', 'No mask.'),
    faces: async () => ({ ok: true, faces: scene.faces ?? [], reused: true }),
    asset: async (name) => {
      const found = scene.assets?.[name]
      return found ? { ok: true, frame: found } : failed('asset_missing', 'No such image.')
    },
    hold: (reason) => held.push(reason),
    held,
  }
}

export async function apply(bench: Bench, operation: OperationCode, settings: Record<string, unknown> = {}) {
  const checked = checkSteps([{ operation, settings }])
  if (!checked.ok) throw new Error(checked.detail)
  const step: CheckedStep = checked.steps[0]!
  return operations[step.operation].apply(bench, step.settings)
}

/** A disc in the middle of a mask, as the model would give it. */
export function discMask(side: number, centre: { x: number; y: number }, radius: number): Grey {
  const data = Buffer.alloc(side * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      data[y * side + x] = Math.max(
        0,
        Math.min(255, (radius - Math.hypot(x - centre.x, y - centre.y) + 0.5) * 255),
      )
  return { data, width: side, height: side }
}
