/**
 * The one process of this machine that runs the models, for every process that shares the data folder. Started by `inference-client.ts`; argv: socket path, idle milliseconds.
 *
 * `session.run` blocks its process and fills every core, so one run at a time is as fast as any arrangement and needs the least memory. Clients take turns: a client with a thousand masks to ask
 * for delays another's only one by a single run.
 *
 * Invariants
 *  1. One child per socket: it listens under a name of its own and becomes the child by linking that name to the socket's; the link fails when there is one already.
 *  2. A model is loaded only when the file's sha256 is the one the client names.
 *  3. It ends when it has had no client for the idle time, or when the socket's name leads to another child.
 *
 * It never reads a picture: clients send raw pixels of fixed sizes.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, link, rename, stat, unlink } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { availableParallelism } from 'node:os'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { decodeFaces, faceTileSide } from './faces.ts'
import {
  frameMessage,
  type InferenceAnswer,
  type InferenceRequest,
  messageReader,
} from './inference-messages.ts'
import type { FaceModel, SegmentationModel } from './models.ts'

type Work = { request: Exclude<InferenceRequest, { ask: 'forget' }>; bytes: Buffer }
type Client = { socket: Socket; queue: Work[] }

const [socketPath = '', idleText = '5000'] = process.argv.slice(2)
const idleMs = Number(idleText)
const clients: Client[] = []
let running = false
let idleTimer: NodeJS.Timeout | undefined
let ownInode = 0

const server = createServer((socket) => {
  const client: Client = { socket, queue: [] }
  clients.push(client)
  clearTimeout(idleTimer)
  socket.on('error', () => {})
  socket.on('close', () => {
    clients.splice(clients.indexOf(client), 1)
    if (clients.length === 0) waitForClients()
  })
  const read = messageReader<InferenceRequest>((request, bytes) => {
    if (request.ask === 'forget') client.queue = client.queue.filter((work) => work.request.id !== request.id)
    else client.queue.push({ request, bytes: Buffer.from(bytes) })
    void runQueues()
  })
  socket.on('data', (chunk) => {
    try {
      read(chunk)
    } catch {
      socket.destroy()
    }
  })
  tell(socket, { id: 0, tell: 'hello', pid: process.pid })
})

function waitForClients(): void {
  clearTimeout(idleTimer)
  idleTimer = setTimeout(async () => {
    if (clients.length > 0) return
    if (await isOwnSocket()) await unlink(socketPath).catch(() => {})
    process.exit(0)
  }, idleMs)
}

function tell(socket: Socket, answer: InferenceAnswer, bytes?: Uint8Array): void {
  if (socket.destroyed) return
  for (const part of frameMessage(answer, bytes)) socket.write(part)
}

/** Takes one piece of work from each client in turn until nobody wants anything. */
async function runQueues(): Promise<void> {
  if (running) return
  running = true
  for (;;) {
    const client = clients.find(({ queue }) => queue.length > 0)
    const work = client?.queue.shift()
    if (client === undefined || work === undefined) break
    clients.push(...clients.splice(clients.indexOf(client), 1))
    for (const { socket, queue } of clients) if (queue.length > 0) tell(socket, { id: 0, tell: 'working' })
    await new Promise(setImmediate)
    await runOne(client.socket, work)
    // Lets the sockets deliver what arrived during the run, above all cancellations.
    await new Promise(setImmediate)
  }
  running = false
}

async function runOne(socket: Socket, { request, bytes }: Work): Promise<void> {
  const start = performance.now()
  try {
    if (request.ask === 'mask') {
      const mask = await inferMask(request.model, bytes)
      tell(socket, { id: request.id, tell: 'mask', ms: performance.now() - start }, mask)
    } else if (request.ask === 'load') {
      for (const model of request.models) await load(model, threadsOf(model))
      tell(socket, { id: request.id, tell: 'loaded' })
    } else {
      const faces = []
      const session = await load(request.model, threadsOf(request.model))
      for (let tile = 0; tile < request.tiles; tile++) faces.push(await inferFaces(session, bytes, tile))
      tell(socket, { id: request.id, tell: 'faces', faces, ms: performance.now() - start })
    }
  } catch (error) {
    tell(socket, {
      id: request.id,
      tell: 'failed',
      message: error instanceof Error ? error.message : String(error),
    })
  }
}

async function inferMask(model: SegmentationModel, rgb: Buffer): Promise<Uint8Array> {
  const session = await load(model, threadsOf(model))
  const count = model.inputSize * model.inputSize
  if (rgb.length !== count * 3) throw new Error('the picture has not the size the model wants')
  const values = new Float32Array(count * 3)
  for (let c = 0; c < 3; c++) {
    const mean = model.mean[c]!
    const factor = 1 / model.scale[c]!
    for (let i = 0, from = c, to = c * count; i < count; i++, from += 3, to++)
      values[to] = (rgb[from]! - mean) * factor
  }
  const input = new Tensor('float32', values, [1, 3, model.inputSize, model.inputSize])
  const outputs = await session.run({ [model.inputName]: input }, [model.outputName])
  const raw = outputs[model.outputName]!.data as Float32Array
  const mask = new Uint8Array(count)
  for (let i = 0; i < count; i++) mask[i] = Math.max(0, Math.min(255, Math.round(raw[i]! * 255)))
  return mask
}

async function inferFaces(session: InferenceSession, tiles: Buffer, tile: number) {
  const count = faceTileSide * faceTileSide * 3
  const values = new Float32Array(count)
  for (let i = 0, from = tile * count; i < count; i++, from++) values[i] = tiles[from]! / 127.5 - 1
  const outputs = await session.run({
    'input:0': new Tensor('float32', values, [1, faceTileSide, faceTileSide, 3]),
  })
  const data = (name: string) => outputs[name]!.data as Float32Array
  return decodeFaces([
    { scores: data('Identity:0'), boxes: data('Identity_2:0') },
    { scores: data('Identity_1:0'), boxes: data('Identity_3:0') },
  ])
}

/** All cores for a mask; a face is found in 8 ms, and threads would only wait for each other. */
function threadsOf(model: SegmentationModel | FaceModel): number {
  return 'inputSize' in model ? availableParallelism() : 1
}

/** Sessions are made once and never released: making and releasing them leaks (microsoft/onnxruntime#25325). */
const sessions = new Map<string, Promise<InferenceSession>>()

function load(model: { path: string; hash: string }, threads: number): Promise<InferenceSession> {
  const key = `${model.hash} ${model.path}`
  const known = sessions.get(key)
  if (known) return known
  const loading = (async () => {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(model.path, { highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer)
    if (hash.digest('hex') !== model.hash)
      throw new Error(`${model.path} is not the model that was installed`)
    return InferenceSession.create(model.path, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Planning memory ahead costs 500 MB and gains nothing here.
      enableMemPattern: false,
      logSeverityLevel: 3,
      // A thread that is through with its share sleeps until the other is, instead of asking again and again: a decoder needs that core.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    })
  })()
  sessions.set(key, loading)
  loading.catch(() => sessions.delete(key))
  return loading
}

async function isOwnSocket(): Promise<boolean> {
  return (await stat(socketPath).catch(() => undefined))?.ino === ownInode
}

/** True when somebody answers at this path. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}

/** Becomes the child of this socket, or returns false because another one is. */
async function takeSocket(): Promise<boolean> {
  const own = `${socketPath}.${process.pid}`
  await unlink(own).catch(() => {})
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(own, resolve)
  })
  await chmod(own, 0o600)
  ownInode = (await stat(own)).ino
  for (;;) {
    const linked = await link(own, socketPath).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        throw error
      },
    )
    if (linked) break
    if (await answers(socketPath)) {
      await unlink(own)
      return false
    }
    await removeDead()
  }
  await unlink(own)
  return true
}

/** Takes a dead child's socket away. If a living one got the name in between, it gets it back. */
async function removeDead(): Promise<void> {
  const aside = `${socketPath}.${process.pid}.dead`
  const moved = await rename(socketPath, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  if (await answers(aside)) await link(aside, socketPath).catch(() => {})
  await unlink(aside).catch(() => {})
}

if (!(await takeSocket())) process.exit(0)
process.send?.('listening')
process.disconnect?.()
waitForClients()
// A child whose name leads elsewhere serves whom it has, then ends: no new client can find it.
setInterval(async () => {
  if (!(await isOwnSocket()) && clients.every(({ queue }) => queue.length === 0) && !running) process.exit(0)
}, 2_000).unref()
