import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { checkSteps, operations } from './catalogue.ts'
import { operationCodes } from './operation.ts'
import { examples, operationsPage } from './operations-page.ts'

test('the page of the docs is the one that the catalogue makes', async () => {
  const page = await readFile(join(import.meta.dirname, '..', 'docs', 'operations.md'), 'utf8')
  expect(page, 'npx tsx images/write-operations-page.ts').toBe(operationsPage())
})

test.each(operationCodes)('every setting of %s says what it is for', (code) => {
  const { properties = {} } = z.toJSONSchema(operations[code].settings, {
    io: 'input',
    unrepresentable: 'any',
  })
  const silent = Object.entries(properties).filter(
    ([, property]) => typeof property === 'boolean' || !property.description,
  )
  expect(silent.map(([name]) => name)).toEqual([])
})

test('each operation has an example that runs it', () => {
  for (const code of operationCodes) {
    expect(checkSteps(examples[code].steps), code).toMatchObject({ ok: true })
    expect(examples[code].steps.map(({ operation }) => operation)).toContain(code)
  }
})
