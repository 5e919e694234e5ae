/**
 * Writes the checksums of all migrations into migration-checksums.json. Run as `npm run seal`, once, when a version is released.
 *
 * 1. A checksum that stands there already is never rewritten: a released migration is never edited.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFiles } from './house.ts'

const file = join(import.meta.dirname, 'migration-checksums.json')
const sealed = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
for (const { path, text } of readFiles('.sql')) {
  if (path.startsWith('database/migrations/'))
    sealed[path] ??= createHash('sha256').update(text).digest('hex')
}
writeFileSync(file, `${JSON.stringify(sealed, null, 2)}\n`)
