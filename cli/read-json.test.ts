import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readJson } from './read-json.ts'

const folder = mkdtempSync(join(tmpdir(), 'drawdown-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a document is read; a missing file is called missing, and what is no JSON tells where it breaks', () => {
  const file = join(folder, 'seller.json')
  writeFileSync(file, '{"name":"Print works"}')
  expect(readJson(file, 'A seller.')).toEqual({ name: 'Print works' })
  expect(() => readJson(join(folder, 'none.json'), 'A seller.')).toThrow(
    /^There is no file ".*none\.json"\.$/,
  )
  expect(() => readJson(folder, 'A seller.')).toThrow(/cannot be read/)
  writeFileSync(file, '{"name":')
  expect(() => readJson(file, 'A seller.')).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/is not JSON: /), remedy: 'A seller.' }),
  )
})
