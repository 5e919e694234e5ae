import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PATCHES } from './patches.ts'
import { plant } from './plant.ts'

const ROOT = join(import.meta.dirname, '..', '..')

test('every planted bug has its one place', () => {
  const lost = PATCHES.filter(({ file, from }) => {
    return readFileSync(join(ROOT, file), 'utf8').split(from).length !== 2
  })
  expect(lost.map(({ name, file }) => `${file}: ${name}`)).toEqual([])
})

test('a bug that is planted is caught, and one that is none is not', async () => {
  const [bug] = PATCHES
  expect(await plant(bug!, 200)).toMatchObject({ caught: true })
  expect(await plant({ ...bug!, to: bug!.from }, 200)).toMatchObject({ caught: false })
}, 60_000)
