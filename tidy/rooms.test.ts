import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listFolders, listPaths, ROOT } from './house.ts'

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|gen|d))?(\.[a-z0-9]+)+$/
const MIGRATION = /^database\/migrations\/\d{4}_[a-z]+(_[a-z]+)*\.sql$/
/** Papers, known by these names everywhere; and files whose name a tool has chosen. */
const PAPERS =
  /(^|\/)(README|ARCHITECTURE|STYLE|CHANGELOG|SECURITY|THIRD-PARTY|CONTRIBUTING)\.md$|^(LICENSE|NOTICE)$/
const DOT_FILE = /(^|\/)\.[a-z]/
const VAGUE = /^(utils?|helpers?|commons?|managers?|services?|misc|shared|lib)$/

test.each(listFolders())('the room %s says what it is on one screen', (room) => {
  const path = join(ROOT, room, 'README.md')
  expect(existsSync(path), `${room}/README.md is missing`).toBe(true)
  const lines = readFileSync(path, 'utf8').split('\n')
  expect(lines[0]).toBe(`# ${room}`)
  expect(lines.length, 'one screen').toBeLessThanOrEqual(90)
})

test('ARCHITECTURE.md knows every room and no other', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  const named = new Set([...text.matchAll(/(?<![\w./-])([a-z]+)\/(?![\w*])/g)].map(([, room]) => room!))
  const rooms = listFolders()
  expect(rooms.filter((room) => !named.has(room))).toEqual([])
  expect([...named].filter((name) => !rooms.includes(name)).sort()).toEqual([])
})

test('every picture is shown by a paper, and every picture that is shown is there', () => {
  const paths = listPaths()
  const papers = paths.filter((path) => path.endsWith('.md'))
  const shown = papers.flatMap((path) => [
    ...readFileSync(join(ROOT, path), 'utf8').matchAll(/pictures\/[\w-]+\.png/g),
  ])
  const there = paths.filter((path) => path.startsWith('docs/pictures/'))
  expect(there.sort()).toEqual([...new Set(shown.map(([name]) => `docs/${name}`))].sort())
})

test('files are named in kebab case for the one thing inside', () => {
  expect(listPaths().filter(isMisnamed)).toEqual([])
})

test.each([
  'ledger/bookUsage.ts',
  'ledger/Book-usage.ts',
  'http/utils.ts',
  'ledger/account-service.ts',
  'common/a.ts',
])('a planted name is found: %s', (path) => expect(isMisnamed(path)).toBe(true))

function isMisnamed(path: string): boolean {
  if (PAPERS.test(path) || DOT_FILE.test(path) || MIGRATION.test(path)) return false
  const parts = path.split('/')
  const words = parts.flatMap((part) => part.replace(/\..*$/, '').split('-'))
  return !KEBAB.test(parts.at(-1)!) || words.some((word) => VAGUE.test(word))
}
