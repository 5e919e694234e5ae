/**
 * What the image benches stand on: real photos, the model that is sold, the product's own children, and beside them the bare model and the peers, each in a process of its own.
 *
 * 1. Every picture of a round is one that nobody has seen: identical work is never done twice.
 * 2. Nothing is left behind.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { checkSteps, type Step } from '../images/catalogue.ts'
import { type ImageDone, type ImageWork, startImageWork } from '../images/image-work.ts'
import type { Models } from '../images/models.ts'
import { type PhotoName, seededCrop, testModels, testPhotos } from '../images/test-photos.ts'
import type { PeerAnswer, PeerTask } from './peer-child.ts'

export const PEERS = join(import.meta.dirname, 'peers')

export type ImageStand = {
  work: ImageWork
  /** A photo of its own, longer side as asked; JPEG. */
  photo(longSide?: number): Promise<string>
  /** Runs steps on a file and throws when that fails. `reuse` keeps mask and faces of the file from an earlier run. */
  run(file: string, steps: Step[], reuse?: boolean): Promise<ImageDone>
  /** Milliseconds of so many bare runs of the model. */
  bareInference(times: number): Promise<number>
  /** Numbers of the processes whose time counts: the product's children, the bare model, the peer. */
  backends(): Promise<number[]>
  /** Undefined where the peers are not installed. */
  peer(task: Omit<PeerTask, 'into'>): Promise<PeerAnswer>
  close(): Promise<void>
}

/** Photos of things and of people, of 0.2 to 2 megapixels. */
const NAMES: PhotoName[] = ['coffee', 'motorcycle', 'people1', 'people2']

export const havePeers = () => existsSync(join(PEERS, 'node_modules'))

export async function openImageStand(options: {
  decoders: number
  inputSize: 320 | 1024
}): Promise<ImageStand> {
  const folder = await mkdtemp(join(tmpdir(), 'drawdown-bench-images-'))
  const [photos, models] = [await testPhotos(), await testModels(options.inputSize)]
  const log = () => {}
  const work = startImageWork({ folder, models: () => models, decoders: options.decoders, log })
  const children = new Map<string, Promise<ChildProcess>>()
  const child = (name: string, start: () => ChildProcess) => {
    const known = children.get(name) ?? ready(start())
    children.set(name, known)
    return known
  }
  let made = 0
  return {
    work,
    async photo(longSide) {
      const name = NAMES[made % NAMES.length]!
      const options = {
        seed: ++made,
        folder,
        ...(longSide === undefined ? {} : { longSide: Math.min(longSide, 1200) }),
      }
      const file = await seededCrop(photos[name], options)
      return longSide !== undefined && longSide > 1200 ? enlarged(file, longSide) : file
    },
    async run(file, steps, reuse = false) {
      const checked = checkSteps(steps)
      if (!checked.ok) throw new Error(checked.detail)
      const kept = reuse ? file : `${file}.${++made}`
      const done = await work.process({
        input: file,
        steps: checked.steps,
        maskFile: `${kept}.mask`,
        facesFile: `${kept}.faces`,
        output: `${file}.${++made}.out`,
      })
      if (!done.ok) throw new Error(done.message)
      await rm(done.output.path)
      return done
    },
    async bareInference(times) {
      return answerOf<number>(await child('bare', () => startBare(models)), times)
    },
    async peer(task) {
      const peer = await child('peer', () => start('peer-child.ts', []))
      const answer = await answerOf<PeerAnswer & { fault?: string }>(peer, {
        ...task,
        into: `${task.file}.peer`,
      })
      if (answer.fault) throw new Error(answer.fault)
      return answer
    },
    async backends() {
      const { decoders, inference } = work.childPids()
      const beside = await Promise.all(children.values())
      return [...decoders, inference, ...beside.map(({ pid }) => pid)].filter((pid) => pid !== undefined)
    },
    async close() {
      await work.close()
      for (const each of children.values()) (await each).disconnect()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** As a camera would have made it, but for the detail: decoding takes as long. */
async function enlarged(file: string, longSide: number): Promise<string> {
  const into = `${file}.${longSide}.jpg`
  await sharp(file)
    .resize(longSide, Math.round((longSide * 3) / 4), { fit: 'cover' })
    .jpeg({ quality: 92 })
    .toFile(into)
  return into
}

function startBare({ segmentation }: Models): ChildProcess {
  const { path, inputSize, inputName, outputName } = segmentation
  return start('bare-inference-child.ts', [path, String(inputSize), inputName, outputName])
}

function start(file: string, argv: string[]): ChildProcess {
  return fork(join(import.meta.dirname, file), argv, { execArgv: ['--import', 'tsx'] })
}

async function ready(child: ChildProcess): Promise<ChildProcess> {
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code) => reject(new Error(`a child of the bench ended with ${code}`)))
  })
  return child
}

function answerOf<Answer>(child: ChildProcess, question: object | number): Promise<Answer> {
  return new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as Answer))
    child.send(question)
  })
}
