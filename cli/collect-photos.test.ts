import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectPhotos } from './collect-photos.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drawdown-cli-'))
  for (const path of [
    '10.jpg',
    '2.JPG',
    'notes.txt',
    '.hidden/a.jpg',
    '.b.jpg',
    'sub/2.png',
    'sub/2.jpg',
    'odd',
  ]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), path)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a folder gives its photos in the order of a person, each with a name of its own', async () => {
  const photos = await collectPhotos([folder])
  expect(photos.map(({ name }) => name)).toEqual(['2.JPG', '10.jpg', 'sub/2.jpg', 'sub/2-2.png'])
  expect(photos[0]!.bytes).toBe(5)
})

test('a file named outright is sent whatever its ending, and once', async () => {
  const odd = join(folder, 'odd')
  expect((await collectPhotos([odd, odd])).map(({ path }) => path)).toEqual([odd])
})

test.each([[['nowhere']], [['.hidden']]])('what names no photo is refused: %j', async ([path]) => {
  const there = path === '.hidden' ? join(folder, 'sub', 'empty') : join(folder, path!)
  if (path === '.hidden') mkdirSync(there, { recursive: true })
  await expect(collectPhotos([there])).rejects.toMatchObject({ name: 'CommandRefused', exitCode: 1 })
})
