import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type UserConfig } from '@hey-api/openapi-ts'
import { expect, test } from 'vitest'
import config from '../client/openapi-ts.config.ts'
import { openApiText } from '../http/openapi.ts'
import { ROOT } from './house.ts'

test('http/openapi.json is what the routes say: npm run openapi', () => {
  expect(readFileSync(join(ROOT, 'http/openapi.json'), 'utf8') === openApiText()).toBe(true)
})

test('client/generated is what the document gives: npm run client', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawdown-client-'))
  try {
    const settings = (await config) as UserConfig & { output: object }
    await createClient({
      ...settings,
      output: { ...settings.output, path: folder },
      logs: { level: 'silent' },
    })
    const [committed, made] = [readTree(join(ROOT, 'client/generated')), readTree(folder)]
    const paths = [...new Set([...Object.keys(committed), ...Object.keys(made)])]
    expect(paths.filter((path) => committed[path] !== made[path])).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 120_000)

function readTree(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  )
}
