import { expect, test } from 'vitest'
import { checkSteps, needsModels, operations, type Step } from './catalogue.ts'
import { operationCodes } from './operation.ts'

const table: {
  about: string
  steps: Step[]
  expected: 'ok' | 'unknown_operation' | 'settings_invalid'
  at?: number
}[] = [
  {
    about: 'defaults are enough',
    steps: [{ operation: 'remove_background' }, { operation: 'background' }],
    expected: 'ok',
  },
  {
    about: 'the marketplace square',
    steps: [{ operation: 'smart_crop', settings: { width: 2000, height: 2000 } }],
    expected: 'ok',
  },
  {
    about: 'no such operation',
    steps: [{ operation: 'resize', settings: { width: 5 } }, { operation: 'magic' }],
    expected: 'unknown_operation',
    at: 1,
  },
  {
    about: 'a name every object has',
    steps: [{ operation: 'constructor' }],
    expected: 'unknown_operation',
    at: 0,
  },
  {
    about: 'a setting it does not know',
    steps: [{ operation: 'sharpen', settings: { strength: 3 } }],
    expected: 'settings_invalid',
    at: 0,
  },
  {
    about: 'one side of two',
    steps: [{ operation: 'smart_crop', settings: { width: 100 } }],
    expected: 'settings_invalid',
    at: 0,
  },
  {
    about: 'aspect and size',
    steps: [{ operation: 'smart_crop', settings: { width: 100, height: 100, aspect: '1:1' } }],
    expected: 'settings_invalid',
    at: 0,
  },
  {
    about: 'an aspect of nothing',
    steps: [{ operation: 'smart_crop', settings: { aspect: '0:1' } }],
    expected: 'settings_invalid',
    at: 0,
  },
  { about: 'a resize to nowhere', steps: [{ operation: 'resize' }], expected: 'settings_invalid', at: 0 },
  {
    about: 'a side beyond the limits',
    steps: [{ operation: 'resize', settings: { width: 100_000 } }],
    expected: 'settings_invalid',
    at: 0,
  },
  {
    about: 'no colour',
    steps: [{ operation: 'background', settings: { colour: 'white' } }],
    expected: 'settings_invalid',
    at: 0,
  },
  {
    about: 'an image that is not named',
    steps: [{ operation: 'background', settings: { fill: 'image' } }],
    expected: 'settings_invalid',
    at: 0,
  },
  {
    about: 'text and image',
    steps: [{ operation: 'watermark', settings: { text: 'a', image: 'b' } }],
    expected: 'settings_invalid',
    at: 0,
  },
  { about: 'no format', steps: [{ operation: 'convert' }], expected: 'settings_invalid', at: 0 },
]

test.each(table)('$about: $expected', ({ steps, expected, at }) => {
  const result = checkSteps(steps)
  expect(result.ok ? 'ok' : result.refusal).toBe(expected)
  if (!result.ok) {
    expect(result.step).toBe(at)
    expect(result.detail.length).toBeGreaterThan(10)
  }
})

test('every operation stands under its own code, and checked settings check again to the same', () => {
  const least: Partial<Record<string, object>> = {
    resize: { width: 10 },
    pad: { margin: 0.1 },
    watermark: { text: '©' },
    convert: { format: 'webp' },
  }
  for (const code of operationCodes) {
    expect(operations[code].code).toBe(code)
    const once = checkSteps([{ operation: code, settings: { ...least[code] } }])
    if (!once.ok) throw new Error(once.detail)
    expect(JSON.parse(JSON.stringify(once.steps))).toEqual(once.steps)
    expect(checkSteps(once.steps)).toEqual(once)
  }
})

test('only what looks at the subject needs the models', () => {
  const needing = operationCodes.filter((operation) => needsModels([{ operation, settings: {} }]))
  expect(needing).toEqual(['remove_background', 'smart_crop'])
})

test('capital letters in a colour are the same work', () => {
  const written = checkSteps([{ operation: 'background', settings: { colour: '#FFAA00' } }])
  expect(written).toEqual(checkSteps([{ operation: 'background', settings: { colour: '#ffaa00' } }]))
})
