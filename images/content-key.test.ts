import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CheckedStep, checkSteps, type Step } from './catalogue.ts'
import { canonicalJson, stepContentKeys } from './content-key.ts'

const image = 'a'.repeat(64)

function checked(steps: Step[]): CheckedStep[] {
  const result = checkSteps(steps)
  if (!result.ok) throw new Error(result.detail)
  return result.steps
}

const someStep = fc.oneof(
  fc.constant({ operation: 'remove_background' }),
  fc.record({
    operation: fc.constant('smart_crop'),
    settings: fc.record({ margin: fc.constantFrom(0.06, 0.1), aspect: fc.constantFrom('1:1', '4:5') }),
  }),
  fc.record({ operation: fc.constant('resize'), settings: fc.record({ width: fc.constantFrom(100, 200) }) }),
  fc.record({
    operation: fc.constant('sharpen'),
    settings: fc.record({ amount: fc.constantFrom('light', 'normal') }, { requiredKeys: [] }),
  }),
)

test('the key of a step depends on what came before it and on nothing after it', () => {
  fc.assert(
    fc.property(
      fc.array(someStep, { minLength: 1, maxLength: 5 }),
      fc.array(someStep, { maxLength: 3 }),
      (steps, more) => {
        const keys = stepContentKeys(image, checked(steps), 'm')
        expect(stepContentKeys(image, checked([...steps, ...more]), 'm').slice(0, steps.length)).toEqual(keys)
        expect(new Set(keys).size).toBe(keys.length)
      },
    ),
  )
})

test('two different pieces of work never share a key', () => {
  fc.assert(
    fc.property(
      fc.array(someStep, { minLength: 1, maxLength: 3 }),
      fc.array(someStep, { minLength: 1, maxLength: 3 }),
      (a, b) => {
        const [first, second] = [checked(a), checked(b)]
        const same = canonicalJson(first) === canonicalJson(second)
        expect(stepContentKeys(image, first, 'm').at(-1) === stepContentKeys(image, second, 'm').at(-1)).toBe(
          same,
        )
      },
    ),
  )
})

test('a written default and an absent one are the same work', () => {
  const bare = checked([{ operation: 'sharpen' }])
  const written = checked([{ operation: 'sharpen', settings: { amount: 'normal' } }])
  expect(stepContentKeys(image, bare, 'm')).toEqual(stepContentKeys(image, written, 'm'))
})

test('another model changes the keys from the first step that asks it, and none before', () => {
  const steps = checked([
    { operation: 'resize', settings: { width: 50 } },
    { operation: 'remove_background' },
    { operation: 'sharpen' },
  ])
  const [a, b, c] = stepContentKeys(image, steps, 'one')
  const [x, y, z] = stepContentKeys(image, steps, 'two')
  expect([a === x, b === y, c === z]).toEqual([true, false, false])
})

test('canonical JSON does not know the order in which keys were written', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalJson(turned)).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
