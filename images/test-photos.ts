/**
 * Photographs and models for tests, of this room and of others. Real photos, none in the repository: they come out of two packages, once, into a folder that outlives the run.
 *
 *   const photos = await testPhotos()          // { coffee, chelsea, astronaut, motorcycle, people1 … people6 } → paths
 *   const path = await seededCrop(photos.coffee, { seed: 7, folder })   // a photo of its own, for identical work is never done twice
 *   const models = await testModels()          // the 320-pixel rewrite: 0.2 s instead of 1.9
 *
 * Environment: DRAWDOWN_TEST_PHOTOS and DRAWDOWN_MODELS name the two folders; both default to a place in the temporary folder.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { ensureModels, type Models } from './models.ts'
import { readTarball } from './read-tarball.ts'

const run = promisify(execFile)

const people = {
  name: '@vladmandic/face-api@1.7.15',
  sha256: '0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031',
}

const things = ['coffee', 'chelsea', 'astronaut', 'motorcycle'] as const
const groups = ['people1', 'people2', 'people3', 'people4', 'people5', 'people6'] as const

export type PhotoName = (typeof things)[number] | (typeof groups)[number]

/** Paths of the photos, fetched when they are not there. Throws with the line to run when Debian's package cannot be had. */
export async function testPhotos(): Promise<Record<PhotoName, string>> {
  const folder = process.env.DRAWDOWN_TEST_PHOTOS ?? join(tmpdir(), `drawdown-photos-${userInfo().uid}`)
  await mkdir(folder, { recursive: true })
  const paths = Object.fromEntries([
    ...things.map((name) => [name, join(folder, `${name}.png`)]),
    ...groups.map((name) => [name, join(folder, `${name}.jpg`)]),
  ]) as Record<PhotoName, string>
  const missing = async (names: readonly PhotoName[]) => {
    const found = await Promise.all(names.map((name) => stat(paths[name]).catch(() => undefined)))
    return found.includes(undefined)
  }
  if (await missing(groups)) await fetchPeople(folder, paths)
  if (await missing(things)) await fetchThings(folder, paths)
  return paths
}

async function fetchPeople(folder: string, paths: Record<PhotoName, string>): Promise<void> {
  const own = await mkdtemp(join(folder, '.fetch-'))
  await run('npm', ['pack', people.name, '--pack-destination', own, '--ignore-scripts', '--loglevel=error'], {
    cwd: own,
  })
  const [tarball = ''] = await readdir(own)
  const found = createHash('sha256')
    .update(await readFile(join(own, tarball)))
    .digest('hex')
  if (found !== people.sha256) throw new Error(`${people.name} has sha256 ${found}`)
  for await (const { name, content } of readTarball(join(own, tarball), (path) =>
    /demo\/sample\d\.jpg$/.test(path),
  )) {
    const number = /sample(\d)/.exec(name)?.[1]
    const part = join(own, `people${number}.jpg`)
    await writeFile(part, content)
    await rename(part, paths[`people${number}` as PhotoName])
  }
  await rm(own, { recursive: true, force: true })
}

async function fetchThings(folder: string, paths: Record<PhotoName, string>): Promise<void> {
  const own = await mkdtemp(join(folder, '.fetch-'))
  try {
    await run('apt-get', ['download', 'python3-skimage'], { cwd: own })
    const [file = ''] = (await readdir(own)).filter((name) => name.endsWith('.deb'))
    await run('dpkg', ['-x', file, 'unpacked'], { cwd: own })
  } catch (error) {
    throw new Error(
      'the test photos come from Debian: run “apt-get update” once, so that “apt-get download python3-skimage” works',
      { cause: error },
    )
  }
  const data = join(own, 'unpacked/usr/lib/python3/dist-packages/skimage/data')
  for (const name of things) {
    const part = join(own, `${name}.png`)
    await copyFile(join(data, name === 'motorcycle' ? 'motorcycle_left.png' : `${name}.png`), part)
    await rename(part, paths[name])
  }
  await rm(own, { recursive: true, force: true })
}

/** A JPEG cut from a photo at a place and a size that the seed decides: at least 85 % of it each way, so that its subject stays. Returns the path; the same seed gives the same file. */
export async function seededCrop(
  photo: string,
  options: { seed: number; folder: string; longSide?: number },
): Promise<string> {
  const { seed, folder, longSide: side } = options
  await mkdir(folder, { recursive: true })
  const name = createHash('sha256').update(`${photo} ${seed} ${side}`).digest('hex').slice(0, 16)
  const path = join(folder, `${name}.jpg`)
  if (await isThere(path)) return path
  const digest = createHash('sha256').update(String(seed)).digest()
  const share = (at: number) => digest.readUInt32LE(at) / 2 ** 32
  const { width, height } = (await sharp(photo).metadata()).autoOrient
  const cut = {
    width: Math.round(width * (0.85 + 0.14 * share(0))),
    height: Math.round(height * (0.85 + 0.14 * share(4))),
  }
  const left = Math.floor((width - cut.width) * share(8))
  const top = Math.floor((height - cut.height) * share(12))
  const image = sharp(photo)
    .autoOrient()
    .extract({ left, top, ...cut })
    .flatten({ background: '#ffffff' })
  const sized = side === undefined ? image : image.resize(side, side, { fit: 'inside' })
  // Whole or absent: other test files may look for the same crop.
  const part = `${path}.${process.pid}`
  await sized.jpeg({ quality: 92 }).toFile(part)
  await rename(part, path)
  return path
}

/** The models for tests: 320-pixel input unless told otherwise. */
export function testModels(inputSize: 320 | 1024 = 320): Promise<Models> {
  return ensureModels({ folder: testModelsFolder(), inputSize, attempts: 3, onProgress() {} })
}

/** Where the tests of this place share one inference child, so that the models are loaded once for many files. A child that was changed is another. */
export function testInferenceFolder(): string {
  const { mtimeMs } = statSync(join(import.meta.dirname, 'inference-child.ts'))
  const place = createHash('sha256')
    .update(`${import.meta.dirname} ${mtimeMs}`)
    .digest('hex')
    .slice(0, 12)
  return join(tmpdir(), `drawdown-inference-${userInfo().uid}-${place}`)
}

export function testModelsFolder(): string {
  return process.env.DRAWDOWN_MODELS ?? join(tmpdir(), 'drawdown-models')
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
