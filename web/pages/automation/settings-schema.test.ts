import { expect, test } from 'vitest'
import { fieldsFor, settingFields, startingSettings, wordsOf } from './settings-schema.ts'

test('each kind of setting becomes the field that fits it', () => {
  const fields = settingFields({
    type: 'object',
    required: ['format'],
    properties: {
      format: { type: 'string', enum: ['jpeg', 'png'], description: 'The format to write.' },
      quality: { type: 'integer', minimum: 1, maximum: 100 },
      margin: { type: 'number', minimum: 0, maximum: 0.45, default: 0.06 },
      enlarge: { type: 'boolean', default: false },
      colour: { type: 'string', pattern: '^#[0-9a-fA-F]{6}$', default: '#ffffff' },
      text: { type: 'string', maxLength: 120 },
      box: { type: 'object' },
    },
  })
  expect(fields.map(({ key, kind }) => `${key} ${kind}`)).toEqual([
    'format choice',
    'quality number',
    'margin number',
    'enlarge switch',
    'colour colour',
    'text text',
  ])
  expect(fields[0]).toMatchObject({ required: true, options: ['jpeg', 'png'], hint: 'The format to write.' })
  expect(fields[1]).toMatchObject({ required: false, whole: true, min: 1, max: 100 })
  expect(fields[2]).toMatchObject({ whole: false, fallback: 0.06 })
})

test('a step begins with the first choice of what has to be chosen, and with nothing else', () => {
  const properties = {
    format: { type: 'string', enum: ['jpeg', 'png'] },
    fit: { type: 'string', enum: ['inside', 'cover'], default: 'inside' },
    text: { type: 'string' },
  }
  expect(startingSettings({ required: ['format', 'text'], properties })).toEqual({ format: 'jpeg' })
  expect(startingSettings({})).toEqual({})
})

test('keys become words', () => {
  expect(wordsOf('long_side')).toBe('Long side')
})

test('a setting that means nothing beside the others is left out, unless it was set', () => {
  const fields = settingFields({
    properties: {
      mode: { type: 'string', enum: ['auto', 'head'], default: 'auto' },
      eye_line: { type: 'number', only_with: { mode: ['head'] } },
    },
  })
  const shown = (settings: object) => fieldsFor(fields, { ...settings }).map(({ key }) => key)
  expect(shown({})).toEqual(['mode'])
  expect(shown({ mode: 'head' })).toEqual(['mode', 'eye_line'])
  expect(shown({ eye_line: 0.4 })).toEqual(['mode', 'eye_line'])
})
