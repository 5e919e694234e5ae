import { expect, test } from 'vitest'
import { z } from 'zod'
import { type CheckedStep, checkSteps, operations } from './catalogue.ts'
import { limits } from './limits.ts'
import { pixelSettings, proofScale, scaleSteps, unscaledSide } from './proof-steps.ts'

function stepsOf(...steps: [string, Record<string, unknown>?][]): CheckedStep[] {
  const checked = checkSteps(
    steps.map(([operation, settings]) => ({ operation, ...(settings && { settings }) })),
  )
  if (!checked.ok) throw new Error(checked.detail)
  return checked.steps
}

test('settings with a limit in pixels are all known', () => {
  const found = Object.values(operations).flatMap(({ code, settings }) => {
    const { properties = {} } = z.toJSONSchema(settings, { io: 'input' })
    return Object.entries(properties).flatMap(([name, property]) =>
      typeof property === 'object' && property.maximum === limits.outputSide ? [`${code}.${name}`] : [],
    )
  })
  const known = Object.entries(pixelSettings).flatMap(([code, names]) =>
    names.map((name) => `${code}.${name}`),
  )
  expect(found.length).toBeGreaterThan(5)
  expect(found.filter((each) => !known.includes(each))).toEqual([])
})

test.each<[string, { width: number; height: number }, CheckedStep[], number]>([
  ['a large photo shrinks to the screen', { width: 4000, height: 3000 }, stepsOf(['trim']), 0.25],
  ['a small one stays', { width: 800, height: 600 }, stepsOf(['trim']), 1],
  [
    'a large result shrinks too',
    { width: 800, height: 600 },
    stepsOf(['smart_crop', { width: 2400, height: 2400 }]),
    0.5,
  ],
  [
    'the smaller of the two counts',
    { width: 2000, height: 900 },
    stepsOf(['resize', { long_side: 1200 }]),
    0.5,
  ],
])('%s', (_name, photo, steps, scale) => expect(proofScale(photo, steps)).toBe(scale))

test('pixels shrink, everything else stays', () => {
  const steps = stepsOf(
    ['smart_crop', { box: { x: 10, y: 20, width: 400, height: 300 }, margin: 0.1 }],
    ['resize', { width: 1001 }],
    ['pad', { width: 2000, height: 2000, colour: '#102030' }],
    ['convert', { format: 'jpeg', max_bytes: 100_000, quality: 70 }],
  )
  const scaled = scaleSteps(steps, 0.5)
  expect(scaled.map(({ settings }) => settings)).toMatchObject([
    { box: { x: 5, y: 10, width: 200, height: 150 }, margin: 0.1 },
    { width: 501 },
    { width: 1000, height: 1000, colour: '#102030' },
    { format: 'jpeg', quality: 70 },
  ])
  expect(scaled.at(-1)!.settings).not.toHaveProperty('max_bytes')
  expect(steps.at(-1)!.settings).toHaveProperty('max_bytes')
})

test('a side stands for the setting it was made from', () => {
  const steps = stepsOf(['smart_crop', { width: 1080, height: 1350 }])
  const scale = 0.37
  expect(unscaledSide(Math.round(1350 * scale), steps, scale)).toBe(1350)
  expect(unscaledSide(300, steps, 0.5)).toBe(600)
})
