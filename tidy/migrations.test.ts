import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, readFiles } from './house.ts'

const migrations = readFiles('.sql').filter(({ path }) => path.startsWith('database/migrations/'))
/** Written by `npm run seal`, when a version is released: from then on these files never change. */
const sealed = JSON.parse(readFileSync(join(ROOT, 'tidy/migration-checksums.json'), 'utf8')) as Record<
  string,
  string
>

test.each(migrations)('$path says why it is and what it locks', ({ text }) => {
  const header = text
    .split('\n')
    .filter((line) => line.startsWith('--'))
    .join('\n')
  expect(header).toMatch(/^-- Why {5}\S/m)
  expect(header).toMatch(/^-- Locks {3}\S/m)
  expect(text).toMatch(/^-- Up Migration\n/)
})

test('each migration has a number of its own', () => {
  const numbers = migrations.map(({ path }) => Number.parseInt(path.split('/').at(-1)!, 10))
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
})

test('what was released is as it was released', () => {
  const now = new Map(
    migrations.map(({ path, text }) => [path, createHash('sha256').update(text).digest('hex')]),
  )
  for (const [path, checksum] of Object.entries(sealed)) expect(now.get(path), path).toBe(checksum)
})
