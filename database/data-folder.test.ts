import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closedAncestor, isRoot, resolveDataFolder } from './data-folder.ts'

let folder: string
const owner = { uid: process.getuid!(), gid: process.getgid!() }
const member = { uid: -1, gid: process.getgid!() }
const stranger = { uid: -1, gid: -1 }

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drawdown-folder-'))
  chmodSync(folder, 0o755)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  [0o755, { owner: true, member: true, stranger: true }],
  [0o711, { owner: true, member: true, stranger: true }],
  [0o750, { owner: true, member: true, stranger: false }],
  [0o700, { owner: true, member: false, stranger: false }],
  // Whoever owns it is held to the owner's rights, even where others have more.
  [0o077, { owner: false, member: true, stranger: true }],
])('who may pass a folder of mode %o', (mode, passes) => {
  const outer = join(folder, mode.toString(8))
  mkdirSync(join(outer, 'inner'), { recursive: true })
  chmodSync(outer, mode)
  for (const path of [outer, join(outer, 'not', 'there', 'yet')]) {
    expect({
      owner: closedAncestor(path, owner) === null,
      member: closedAncestor(path, member) === null,
      stranger: closedAncestor(path, stranger) === null,
    }).toEqual(passes)
  }
  chmodSync(outer, 0o700)
})

test('it is the folder behind a link that counts, and the outermost closed one that is named', () => {
  const closed = join(folder, 'closed')
  mkdirSync(join(closed, 'closed-too'), { recursive: true, mode: 0o700 })
  symlinkSync(join(closed, 'closed-too'), join(folder, 'link'))
  expect(closedAncestor(join(folder, 'link', 'data'), stranger)).toBe(closed)
})

test('root below a closed folder keeps its data elsewhere and says so; nobody else does', () => {
  const closed = join(folder, 'private')
  mkdirSync(closed, { mode: 0o700 })
  const asked = join(closed, 'data')
  const here = { folder: asked, notice: null }
  expect(resolveDataFolder(asked, false)).toEqual(here)
  if (!isRoot()) return expect(resolveDataFolder(asked, true)).toEqual(here)
  expect(resolveDataFolder(asked, true)).toEqual({
    folder: '/var/lib/drawdown',
    notice: `${closed} is closed to the user that runs Postgres, so the data is kept in /var/lib/drawdown instead of ${asked}.`,
  })
  expect(resolveDataFolder(join(folder, 'open'), true)).toEqual({
    folder: join(folder, 'open'),
    notice: null,
  })
})
