import { execFileSync } from 'node:child_process'
import { copyFile, mkdtemp, open, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ensureModels, ModelAltered } from './models.ts'
import { halfToNumber } from './onnx-rewrite.ts'
import { testModels } from './test-photos.ts'

vi.setConfig({ testTimeout: 180_000 })

let folder: string
let full: string
let faces: string

beforeAll(async () => {
  const models = await testModels(1024)
  full = models.segmentation.path
  faces = models.faces.path
  folder = await mkdtemp(join(tmpdir(), 'drawdown-models-'))
  await symlink(full, join(folder, basename(full)))
  await symlink(faces, join(folder, basename(faces)))
}, 240_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

const quiet = { onProgress() {} }

test('two at once make the same small model from the full one, and leave nothing else', async () => {
  const both = await Promise.all([1, 2].map(() => ensureModels({ folder, inputSize: 320, ...quiet })))
  expect(both[0]).toEqual(both[1])
  expect(both[0]!.segmentation.inputSize).toBe(320)
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
  const again = await ensureModels({ folder, inputSize: 320, ...quiet })
  expect(again).toEqual(both[0])
})

test('an altered file is refused, not replaced', async () => {
  const own = await mkdtemp(join(tmpdir(), 'drawdown-altered-'))
  await copyFile(faces, join(own, basename(faces)))
  const file = await open(join(own, basename(faces)), 'r+')
  await file.write('x', 1000)
  await file.close()
  await expect(ensureModels({ folder: own, ...quiet })).rejects.toThrow(ModelAltered)
  await rm(own, { recursive: true, force: true })
})

test('remains of processes that are gone are removed', async () => {
  execFileSync('mkdir', ['-p', join(folder, '.fetch-999999-abc')])
  await ensureModels({ folder, inputSize: 320, ...quiet })
  expect(await readdir(folder)).not.toContain('.fetch-999999-abc')
})

test.each([
  [0x0000, 0],
  [0x3c00, 1],
  [0xc000, -2],
  [0x0001, 2 ** -24],
  [0x7bff, 65_504],
  [0x7c00, Number.POSITIVE_INFINITY],
])('the half %i is %d', (bits, value) => expect(halfToNumber(bits)).toBe(value))
